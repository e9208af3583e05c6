"""Who the people of an invented register are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bot.seeding import names
from bot.seeding.places import DISTRICTS, District, Town
from bot.services.identity import doubtful
from bot.services.ports import Person

#: Steps through all numbers of nine digits that are given out here, so that none comes twice.
_NUMBERS, _STEP, _START = 300_000_000, 122_949_823, 41_803_377
_FOREIGN, _EXPIRED = 0.015, 0.05


@dataclass(frozen=True, slots=True)
class Resident:
    """A person and where they live."""

    person: Person
    district: District
    town: Town
    serbian: bool


def check_digit(first_nine: str) -> str:
    """The tenth digit of a citizen's personal number."""
    return next(digit for digit in "0123456789" if not doubtful(first_nine + digit))


def citizen_number(n: int) -> str:
    """The n-th personal number of a citizen; it begins with 1, 2 or 3."""
    first = f"{100_000_000 + (_START + n * _STEP) % _NUMBERS}"
    return first + check_digit(first)


def foreign_number(n: int) -> str:
    """The n-th of a foreigner: it begins with 9 and has no check digit."""
    return f"9{(_START + n * _STEP) % 1_000_000_000:09}"


def resident(rng: Random, n: int, today: date) -> Resident:
    """The n-th person."""
    district = rng.choices(DISTRICTS, [one.weight for one in DISTRICTS])[0]
    town = rng.choices(district.towns, [one.weight for one in district.towns])[0]
    foreign, serbian = rng.random() < _FOREIGN, rng.random() < town.serbian
    some = names.FOREIGN if foreign else names.SERBIAN if serbian else names.ALBANIAN
    person = Person(
        personal_number=foreign_number(n) if foreign else citizen_number(n),
        first_name=rng.choice(some.first),
        last_name=rng.choice(some.last),
        id_valid_until=_valid_until(rng, today),
    )
    return Resident(person, district, town, serbian)


def _valid_until(rng: Random, today: date) -> date:
    expired = rng.random() < _EXPIRED
    days = -rng.randint(1, 900) if expired else rng.randint(30, 3650)
    return today + timedelta(days=days)
