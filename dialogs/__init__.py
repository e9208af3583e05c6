"""What the assistant talks about: one file a dialog.  `book.py` says how to add one."""
