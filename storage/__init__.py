"""What is kept, and how: one small interface (`base`), one module of statements for each table.

To add a table: describe it in `tables`, write a revision in `migrations/versions` (a test compares the
two), and a module of functions that return `Query` and `Write` values.  To add a database: implement
`base.Storage`, let `open` and `migrate` know its URL, and add a factory to `tests/storage/backends.py`;
every contract test then runs on it.
"""
