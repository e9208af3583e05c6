"""Accounts that some people of an invented register have on the web site."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from random import Random

from bot.seeding.hashes import HASHES
from bot.seeding.homes import Home
from bot.services.ports import Person
from bot.services.register.files import WebAccount

_PREFIXES = ("+38344", "+38349", "+38345")
#: Letters that are no Latin letter with a mark.
_LETTERS = str.maketrans({"đ": "dj", "Đ": "Dj", "ı": "i"})


def account(rng: Random, n: int, person: Person, own: Sequence[Home], others: Sequence[str]) -> WebAccount:
    """Of the n-th person: their own connections, and sometimes another's, such as their parents'."""
    codes = [home.customer_code for home in own]
    if others and rng.random() < 0.15:
        codes.append(rng.choice(others))
    return WebAccount(
        personal_number=person.personal_number,
        email=f"{_plain(person.first_name)}.{_plain(person.last_name)}{n}@example.com",
        phone=phone(n),
        password_hash=rng.choice(HASHES),
        customer_codes=tuple(codes),
    )


def phone(n: int) -> str:
    """The n-th mobile number, none twice among three million; they begin where hardly any are given out."""
    return f"{_PREFIXES[n % 3]}{n // 3:06}"


def _plain(name: str) -> str:
    """The name in the letters of e-mail addresses."""
    apart = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return apart.encode("ascii", "ignore").decode().lower().replace(" ", ".")
