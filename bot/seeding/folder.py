"""Writes the five files of an invented register, a household at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

from bot.seeding.bills import ISSUED_WITHIN, MONTHS, Habit, balance, habit, invoices
from bot.seeding.homes import Home, homes
from bot.seeding.months import after, ending
from bot.seeding.people import resident
from bot.seeding.prices import invented
from bot.seeding.web import account
from bot.services.ports import Connection, Person
from bot.services.register.files import (
    ACCOUNTS,
    CONNECTIONS,
    CUSTOMERS,
    FILES,
    INVOICES,
    TARIFFS,
    File,
    texts,
)
from bot.services.tariffs import TariffBook

#: How many people have an account on the web site.
_ACCOUNTS = 0.05


class Folder:
    """The files, open for writing.  Raises `OSError`."""

    def __init__(self, folder: Path, files: Sequence[File] = FILES) -> None:
        self._folder, self._files = folder, files
        self._writers: dict[str, Any] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._files:
            lines = self._stack.enter_context(
                (self._folder / file.name).open("w", encoding="utf-8", newline="")
            )
            self._writers[file.name] = csv.writer(lines, lineterminator="\n")
            self._writers[file.name].writerow(file.columns)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def put(self, file: File, thing: object) -> None:
        self._writers[file.name].writerow(texts(file, thing).values())


class Household:
    """Puts people and their connections into a folder, with bills up to and with the month `until`.

    Raises `NoPrices` when a month is older than the prices of `book`.
    """

    def __init__(self, folder: Folder, until: date, book: TariffBook) -> None:
        self._folder, self._book = folder, book
        self._months = ending(until, MONTHS)
        self.as_of = after(until) + timedelta(days=ISSUED_WITHIN)
        self.connections = 0

    def put(self, rng: Random, person: Person, lives: Sequence[tuple[Home, Habit]]) -> None:
        self._folder.put(CUSTOMERS, person)
        for home, has in lives:
            self._connection(rng, person, home, has)

    def _connection(self, rng: Random, person: Person, home: Home, has: Habit) -> None:
        made = invoices(rng, home, has, self._months, self._book, self.connections)
        self.connections += 1
        self._folder.put(
            CONNECTIONS,
            Connection(
                customer_code=home.customer_code,
                personal_number=person.personal_number,
                meter_number=home.meter_number,
                address=home.address,
                tariff_group=home.tariff_group,
                balance=balance(made),
                as_of=self.as_of,
            ),
        )
        for one in made:
            self._folder.put(INVOICES, one)


def seed(path: Path, customers: int, number: int, until: date, more: Callable[[int], None]) -> None:
    """Write a register of so many customers; `more` is told how many were written.

    Each customer has a random stream of their own.  Raises `OSError` and `NoPrices`.
    """
    book = invented()
    with Folder(path) as folder:
        for tariff in book.tariffs:
            folder.put(TARIFFS, tariff)
        household = Household(folder, until, book)
        neighbours: list[str] = []
        for n in range(customers):
            _customer(Random(f"{number}/{n}"), n, folder, household, neighbours)
            more(1)


def _customer(rng: Random, n: int, folder: Folder, household: Household, neighbours: list[str]) -> None:
    lives = resident(rng, n, household.as_of)
    own = homes(rng, lives, household.connections)
    household.put(rng, lives.person, [(home, habit(rng, home)) for home in own])
    if n == 0 or rng.random() < _ACCOUNTS:
        folder.put(ACCOUNTS, account(rng, n, lives.person, own, neighbours))
    neighbours[:] = [home.customer_code for home in own]
