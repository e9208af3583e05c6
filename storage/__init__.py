"""Where everything is kept.  `base.py` is all that the program knows of a database.

Where do I add a table?
1. In `tables.py`.
2. A revision in `migrations/versions`.
3. A module of statements, named by its subject.
4. Its tests in `tests/storage`.

Where do I add a database?  A module beside `sqlite.py`, a line in `open.py`, and a factory in
`tests/storage/backends.py`: the contract test says the rest.
"""
