"""The utility's register behind `bot.services.ports.Registry`: our own tables, or a server of the utility.

Where do I add another way to it?  A module beside `http.py` and a line in `open.py`; the contract test
in `tests/registry` says the rest.
"""
