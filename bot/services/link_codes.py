"""Codes that open an account in another chat: how they look, how they are read, and what is kept of one.

A code is eight characters such as 7KM4-A9TR.  Its letters look and sound alike in Latin and Cyrillic and none
is taken for a digit; the first is a digit and the fifth a letter, so that no customer code, number or word is
mistaken for one.  There are 1.3 · 10¹⁰ of them.
"""

from __future__ import annotations

import re
import unicodedata

from bot.services.vault import Vault

DIGITS = "23456789"
LETTERS = "ADEFGJKLMNRTUV"
_BOTH = DIGITS + LETTERS
#: What may stand at each of the eight places.
_PLACES = (DIGITS, _BOTH, _BOTH, _BOTH, LETTERS, _BOTH, _BOTH, _BOTH)
_SHAPE = re.compile(rf"([{DIGITS}][{_BOTH}]{{3}})[ \-]?([{LETTERS}][{_BOTH}]{{3}})")
_CYRILLIC = str.maketrans("АДЕФГЈКЛМНРТУВ", LETTERS)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def code_of(vault: Vault, seed: str) -> str:
    """The code of a seed, under today's key."""
    rest = int(vault.derived("link code", seed), 16)
    code = ""
    for among in _PLACES:
        rest, place = divmod(rest, len(among))
        code += among[place]
    return code


def shown(code: str) -> str:
    """The code as it is read out: 7KM4-A9TR."""
    return f"{code[:4]}-{code[4:]}"


def read(text: str) -> str | None:
    """The code that was written, and nothing else; None for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().translate(_CYRILLIC).translate(_DASHES)
    found = _SHAPE.fullmatch(plain)
    return found[1] + found[2] if found else None


def kept(vault: Vault, code: str) -> tuple[str, ...]:
    """What stands for a code wherever it is kept: its HMAC under each key, today's first."""
    return vault.all_derived("link code kept", code)
