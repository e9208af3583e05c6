"""`ekesco ops`: what needs a hand is shown to an operator, and mended as far as it can be.

It works on the database beside the program that runs, in commits of its own; what the program must do then
(send a message, take up an update, tell of a claim) its own sweeps find there.  Nothing here speaks to a
customer.

Where do I add a command?
1. Its statements in `storage`, by subject.
2. A module here with a function of a `Desk` that returns an `Answer`: it writes nothing itself.
3. A few lines in `bot.cli_ops`.
4. Its tests in `tests/operations`: on what a conversation has left, and in the conversation afterwards.
"""
