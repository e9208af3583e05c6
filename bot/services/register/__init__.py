"""The utility's export: five CSV files, read strictly and one row at a time, whatever their size.

`files.py` says what stands in each; `reading.py` reads, `staging.py` holds what was read until all of a
file is known to be good.  Nothing here writes to the database.

Where do I add a column?  In `files.py`, and the table in `storage/register.py`.
"""
