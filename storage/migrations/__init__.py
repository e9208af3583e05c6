"""How the tables came to be.

A change of `storage/tables.py` adds a module to `versions`; those already there stay as they are.
"""
