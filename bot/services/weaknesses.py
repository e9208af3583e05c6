"""What is wrong with a new password.

What it must contain are the app's rules; the rest follows NIST SP 800-63B-4: length, common passwords, and
what is known of their owner, whatever the case, marks, script and the usual disguises.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from functools import cache
from itertools import groupby, product
from pathlib import Path

from bot.services.names import spellings

SHORTEST, LONGEST = 8, 128

_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
#: What may stand around a common word and leave it as common as it was: a year and a mark.
_AROUND = 5
_NO_LETTERS = string.digits + string.punctuation + " "
#: Fewer different characters are a pattern.
_DIFFERENT = 4
#: Parts of what is known of the owner; what is shorter may be chance.
_LETTERS, _DIGITS = 4, 6
_PART = re.compile(r"[^\W\d_]+|\d+")
#: Signs that stand for letters, and the two that a 1 may stand for.
_DISGUISES = tuple(str.maketrans("@4031$5!7", f"aaoe{one}ssit") for one in "il")
_US = ("kesco", "kesko")


class Weakness(Enum):
    """What a password may not be, in the order in which it is told."""

    TOO_SHORT = auto()
    TOO_LONG = auto()
    NO_DIGIT = auto()
    NO_CAPITAL = auto()
    COMMON = auto()
    PERSONAL = auto()
    KESCO = auto()


def _capitals() -> str:
    """The capital letters of Latin, Greek and Cyrillic, as the inside of a class of characters."""
    codes = [code for code in range(0x530) if chr(code).isupper()]
    runs = [
        [code for _n, code in run] for _gap, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])
    ]
    return "".join(chr(run[0]) if len(run) == 1 else f"{chr(run[0])}-{chr(run[-1])}" for run in runs)


#: Rules that can be seen to hold while one types: found in the password by Python, and by browsers (flag u).
PATTERNS: Mapping[Weakness, str] = {
    Weakness.TOO_SHORT: f"^.{{{SHORTEST},}}$",
    Weakness.NO_DIGIT: "[0-9]",
    Weakness.NO_CAPITAL: f"[{_capitals()}]",
}


def weaknesses(password: str, about: Sequence[str]) -> tuple[Weakness, ...]:
    """All that is wrong.  `about` is what is known of the owner: names, e-mail, phone, personal number."""
    password = unicodedata.normalize("NFKC", password)
    if len(password) > LONGEST:
        return (Weakness.TOO_LONG,)
    looks = _looks(password)
    found = {
        Weakness.TOO_SHORT: len(password) < SHORTEST,
        Weakness.NO_DIGIT: not re.search(PATTERNS[Weakness.NO_DIGIT], password),
        Weakness.NO_CAPITAL: not any(c.isupper() for c in password),
        Weakness.COMMON: _is_pattern(password) or any(map(_is_common, spellings(password))),
        Weakness.PERSONAL: any(_tells(looks, known) for known in about),
        Weakness.KESCO: any(us in look for us in _US for look in looks),
    }
    return tuple(weakness for weakness in Weakness if found.get(weakness))


def _looks(password: str) -> frozenset[str]:
    """The password in lower-case Latin letters, as it is and with its disguises taken off."""
    return frozenset(plain for look in spellings(password) for plain in _plain(look))


def _plain(look: str) -> tuple[str, ...]:
    return (look, *(look.translate(signs) for signs in _DISGUISES))


def _is_pattern(password: str) -> bool:
    return len(set(password.casefold())) < _DIFFERENT


def _is_common(look: str) -> bool:
    """Whether it is one of the commonest, or one of them with little more than a year around it."""
    common = _common()
    return any(plain in common for core in _cores(look) for plain in _plain(core)) or _is_two_of(common, look)


def _cores(look: str) -> Iterator[str]:
    """What is left when a few digits and signs are taken off the ends."""
    before = min(len(look) - len(look.lstrip(_NO_LETTERS)), _AROUND)
    after = min(len(look) - len(look.rstrip(_NO_LETTERS)), _AROUND)
    for start, end in product(range(before + 1), range(after + 1)):
        if start + end <= _AROUND:
            yield look[start : len(look) - end]


def _is_two_of(common: frozenset[str], look: str) -> bool:
    """A common word and common digits."""
    core = look.strip(_NO_LETTERS)
    return core in common and look.replace(core, "", 1) in common


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").split("\n")
    return frozenset().union(*(spellings(line) for line in lines if line))


def _tells(looks: frozenset[str], known: str) -> bool:
    """Whether a part of what is known stands in the password; of an address, what is before the @."""
    before, at, _domain = known.rpartition("@")
    return any(
        part in look
        for part in _parts(before if at else known)
        for look in looks | {re.sub(r"\D", "", look) for look in looks}
    )


def _parts(known: str) -> Iterator[str]:
    """Words with all their spellings, and every six digits of a number."""
    for part in _PART.findall(unicodedata.normalize("NFKC", known)):
        if not part.isdigit():
            yield from (spelled for spelled in spellings(part) if len(spelled) >= _LETTERS)
        elif len(part) >= _DIGITS:
            yield from (part[n : n + _DIGITS] for n in range(len(part) - _DIGITS + 1))
        elif len(part) >= _LETTERS:
            yield part
