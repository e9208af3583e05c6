"""Whether a name that was typed is the name in the register, however either is spelled.

Albanian, Serbian (both scripts) and Turkish spellings of one name are one; so is what is left of them on a
keyboard without marks.  A different name is a different person: no typing error is forgiven but one letter
doubled, or doubled letters written once.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

#: First and last name.
Name = tuple[str, str]
Words = tuple[str, ...]

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдђежзијклмнопрстћуфхцчшѓќѐѝ", "abvgdđežzijklmnoprstćufhcčšđćei", strict=True)),
        "љ": "lj",
        "њ": "nj",
        "џ": "dž",
        "ѕ": "dz",
    }
)
#: Letters that are no letter with a mark, though they look like one, and a second spelling of š.
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "æ": "ae", "ş": "š", "ș": "š"})
#: Sounds of which there are several spellings: the Albanian or the written-out one, and what is left
#: without marks.
_SOUNDS = {"dž": ("xh", "dz"), "đ": ("dj", "d"), "š": ("sh", "s"), "ž": ("zh", "z"), "gj": ("dj",)}
_SOUND = re.compile("|".join(_SOUNDS))
_BETWEEN = re.compile(r"[\s\-‐‑–—_]+")
_INSIDE = re.compile(r"[’'ʼ‘`´.,]")


def same_name(given: Name, registered: Name) -> bool:
    """Whether both are one person's name.

    First and last name may have changed places, and double names may be written with a hyphen, apart or
    as one.  One middle name may be added; of several first names one is enough.  Of a last name, every
    part is needed.
    """
    first, last = _words(given[0]), _words(given[1])
    firsts, lasts = _words(registered[0]), _words(registered[1])
    return _fits(first, last, firsts, lasts) or _fits(last, first, firsts, lasts)


def spellings(text: str) -> frozenset[str]:
    """How a text may look in lower-case Latin letters without marks."""
    latin = _latin(text)
    sounds = sorted(set(_SOUND.findall(latin)))
    ways = product(*(_SOUNDS[sound] for sound in sounds))
    return frozenset(_spelled(latin, dict(zip(sounds, way, strict=True))) for way in ways)


def _latin(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_CYRILLIC)
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def _spelled(latin: str, way: dict[str, str]) -> str:
    plain = unicodedata.normalize("NFKD", _SOUND.sub(lambda found: way[found[0]], latin))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _words(text: str) -> Words:
    return tuple(word for word in _BETWEEN.split(_INSIDE.sub("", text)) if word)


def _fits(first: Words, last: Words, firsts: Words, lasts: Words) -> bool:
    if not (first and last and firsts and lasts):
        return False
    # A middle name stands behind the first name or before the last one.
    return any(_one(last[n:], lasts) and _is_first((*first, *last[:n]), firsts) for n in (0, 1))


def _is_first(given: Words, registered: Words) -> bool:
    if len(given) > len(registered):
        added = len(given) - len(registered)
        return _one(given, registered) or (added == 1 and _within(registered, given))
    return _one(given, registered) or _within(given, registered)


def _within(few: Words, many: Words) -> bool:
    """Whether all of the few are among the many, in their order."""
    rest = iter(many)
    return all(any(_alike(word, other) for other in rest) for word in few)


def _one(some: Words, others: Words) -> bool:
    """The same words, however they are joined."""
    if len(some) == len(others) and all(map(_alike, some, others)):
        return True
    return _alike("".join(some), "".join(others))


def _alike(word: str, other: str) -> bool:
    return any(a == b or _doubled(a, b) for a, b in product(spellings(word), spellings(other)))


def _doubled(a: str, b: str) -> bool:
    """Whether one of them is the other with a single letter doubled."""
    short, long = sorted((a, b), key=len)
    if len(long) != len(short) + 1:
        return False
    return any(long[n] == long[n + 1] and long[:n] + long[n + 1 :] == short for n in range(len(short)))
