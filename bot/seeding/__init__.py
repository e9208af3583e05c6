"""`ekesco seed`: an invented register of any size that looks like the utility's, for trying things out.

Nobody in it exists.  The same number of customers, seed and month make the same files, to the byte.
`people.py` and `homes.py` make up who lives where, `bills.py` what they use and pay, `folder.py` writes
the files; `picked.py` has the people of the demo.

Where do I add a name or a town?  In `names.py` and `places.py`; every seed then makes other files.
"""
