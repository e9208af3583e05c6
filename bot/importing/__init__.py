"""`ekesco import`: takes the utility's export into our tables, file by file, all of a file or nothing.

`run.py` goes through the files, `tables.py` and `accounts.py` know how a page of rows is taken,
`command.py` and `screen.py` are what an operator sees of it.

Where do I add a file?  In `bot/services/register/files.py`, and a taker in `run.py`.
"""
