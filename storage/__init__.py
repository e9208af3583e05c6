"""Where everything is kept.  `base.py` is all that the program knows of a database.

Where do I add a table?
1. In `tables.py`.
2. A revision in `migrations/versions`.
3. A module of statements, named by its subject.
4. Its tests in `tests/storage`.

Where do I add a database?  A module beside `sqlite.py` and `postgres.py`, a line in `open.py`, `migrate.py`
and `alone.py`, and a kind in `tests/databases.py`: the contract test says the rest.

Statements keep to what SQLite and PostgreSQL share, and to what holds when others write at the same time:
- A precondition stands in the statement that writes (`where rev = :rev`, `on conflict`), never in a reading
  before it, and `rows` and `guard` say so.
- A column that is worked out has a name (`count(*) as n`), and a parameter the type of its column.
- A list that may be empty is no `in (...)`.  Text has no NUL; `like` differs, and the order of text, but for
  days and months.
"""
