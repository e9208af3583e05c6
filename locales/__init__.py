"""The languages: what is said in them, how values look in them, and what is heard in them.

English sentences are the message ids; Serbian Cyrillic is made from Latin (`cyrillic.py`).

Where do I add a text?  Write it in English with `_()` (`_l()` on a button, `_n()` with a count), then run
`python -m locales.extract` and translate it in `<language>/LC_MESSAGES/ekesco.po`; `make check` tells what
is missing.

Where do I add a language?
1. A line in `languages.py`, and its own name in `dialogs/tongue.py`.
2. Its control words in `commands.csv`, other names of appliances and entries of the menu in `synonyms.csv`,
   what is said around them in `courtesies.csv`, and what a sentence is about in `gists.csv`.
3. A folder with a catalogue: `python -m locales.extract` fills it with what is to be said.
"""
