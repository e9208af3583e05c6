"""Payment providers behind `bot.services.payment_port`: RaiAccept, and a sandbox without a bank.

Where do I add another?  A module beside `raiaccept.py`, its setting in `open.py`, and in `tests/fakes` a
server as strict as the bank; `tests/talk/test_bank_sequences.py` says what must hold.
"""
