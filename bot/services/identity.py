"""Numbers by which the utility knows people and places: their one spelling, and whether they seem right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: The prefixes of customer codes and where they are.
DISTRICTS = {
    "DPR": "Prishtina",
    "DMI": "Mitrovica",
    "DPE": "Peja",
    "DPZ": "Prizren",
    "DFE": "Ferizaj",
    "DGL": "Gjilan",
    "DGJ": "Gjakova",
}

_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2)
#: A number however it is grouped; what belongs to a longer one or to a word is none.
_DIGITS = re.compile(r"(?<![\w+])\d(?:[ .\-/]{0,2}\d)*(?!\w)")
_CYRILLIC = str.maketrans("дпризмефглј", "dprizmefglj")
_PREFIX = re.compile(r"(?<!\w)(d) ?([a-z]) ?([a-z])(?:[ \-./:,_]|nr|no|br)*(\d(?:[ .]?\d)*)(?!\w)")


def personal_number(text: str) -> str | None:
    """The ten digits of the one number in a text, however they are grouped; None for anything else."""
    found = _numbers(_folded(text))
    return found[0] if len(found) == 1 and len(found[0]) == 10 else None


def doubtful(number: str) -> bool:
    """Whether the check digit of a personal number is not what it should be.

    The rule (weights 4 3 2 7 6 5 4 3 2, then 11 minus the rest of 11) is known from one library alone, so
    it is a reason to ask once more and none to refuse.  Numbers of foreigners, with a 9 in front, have none.
    """
    if number.startswith("9"):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return int(number[9]) != (11 - total % 11) % 11 % 10


@dataclass(frozen=True, slots=True)
class CustomerCode:
    """A place's number within its district; without a district it may be any of seven places."""

    number: str
    district: str | None = None

    def __str__(self) -> str:
        return f"{self.district} {self.number}" if self.district else self.number


def customer_code(text: str) -> CustomerCode | None:
    """`DPR 6687`, however it is spelled and in either script, or its bare number; None for anything else."""
    plain = _folded(text)
    if prefixed := _PREFIX.findall(plain):
        district = "".join(prefixed[0][:3]).upper()
        return _code(prefixed[0][3], district) if district in DISTRICTS and len(prefixed) == 1 else None
    found = _numbers(plain)
    return _code(found[0], None) if len(found) == 1 else None


def _code(digits: str, district: str | None) -> CustomerCode | None:
    number = re.sub(r"\D", "", digits).lstrip("0")
    return CustomerCode(number, district) if 1 <= len(number) <= 8 else None


def _numbers(text: str) -> list[str]:
    return [re.sub(r"\D", "", run) for run in _DIGITS.findall(text)]


def _folded(text: str) -> str:
    """Lower-case Latin letters, digits from 0 to 9, plain hyphens."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_CYRILLIC)
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
