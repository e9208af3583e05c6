"""An invented register looks like the utility's: every figure in it agrees with every other."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import bcrypt
import pytest
from argon2 import PasswordHasher

from bot.seeding.bills import MONTHS, NoPrices
from bot.seeding.command import seed_folder
from bot.seeding.hashes import ARGON2ID, BCRYPT, HASHES, SAMPLE_PASSWORD
from bot.seeding.homes import meter_number
from bot.seeding.months import ending, last_complete, month
from bot.seeding.people import citizen_number, foreign_number
from bot.seeding.web import phone
from bot.services.identity import DISTRICTS, doubtful
from bot.services.ports import Connection, Invoice, Person
from bot.services.register.files import (
    ACCOUNTS,
    CONNECTIONS,
    CUSTOMERS,
    FILES,
    INVOICES,
    TARIFFS,
    WebAccount,
)
from bot.services.tariffs import TariffBook, bill
from storage.base import Storage
from tests.registry.exports import content, imported, things

TODAY = date(2026, 11, 22)
CUSTOMERS_COUNT = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed")
    seed_folder(path, CUSTOMERS_COUNT, 7, "2026-10", TODAY)
    return path


@pytest.fixture(scope="module")
def people(folder: Path) -> Sequence[Person]:
    return things(folder, CUSTOMERS)


@pytest.fixture(scope="module")
def places(folder: Path) -> Sequence[Connection]:
    return things(folder, CONNECTIONS)


@pytest.fixture(scope="module")
def bills(folder: Path) -> dict[str, list[Invoice]]:
    found = defaultdict(list)
    for one in things(folder, INVOICES):
        found[one.customer_code].append(one)
    return found


def test_the_same_seed_makes_the_same_files_and_another_makes_others(folder: Path, tmp_path: Path) -> None:
    names = [file.name for file in FILES]
    seed_folder(tmp_path / "same", CUSTOMERS_COUNT, 7, "2026-10", date(2031, 1, 1))
    seed_folder(tmp_path / "other", CUSTOMERS_COUNT, 8, "2026-10", TODAY)
    assert filecmp.cmpfiles(folder, tmp_path / "same", names, shallow=False)[0] == names
    assert filecmp.cmpfiles(folder, tmp_path / "other", names, shallow=False)[0] == ["tariffs.csv"]


def test_another_process_makes_the_same_files(folder: Path, tmp_path: Path) -> None:
    words = ["seed", "--customers", str(CUSTOMERS_COUNT), "--seed", "7", "--until", "2026-10", str(tmp_path)]
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "bot", *words], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    names = [file.name for file in FILES]
    assert filecmp.cmpfiles(folder, tmp_path, names, shallow=False)[0] == names


def test_without_a_month_the_bills_end_with_the_last_complete_one(tmp_path: Path) -> None:
    seed_folder(tmp_path, 2, 1, "", date(2026, 1, 5))
    periods = {one.period for one in things(tmp_path, INVOICES)}
    assert (min(periods), max(periods), len(periods)) == ("2024-11", "2025-12", MONTHS)


async def test_all_of_it_can_be_imported(folder: Path, storage: Storage) -> None:
    counts, bad = await imported(storage, folder)
    assert bad == []
    before = await content(storage)
    again, _bad = await imported(storage, folder)
    assert sum(count.added + count.changed for count in again.values()) == 0
    assert await content(storage) == before
    assert {name: count.added for name, count in counts.items()} == {
        name: count.unchanged for name, count in again.items()
    }


def test_every_bill_is_what_its_readings_cost(
    folder: Path, places: Sequence[Connection], bills: dict[str, list[Invoice]]
) -> None:
    book = TariffBook(tuple(things(folder, TARIFFS)))
    for place in places:
        for one in bills[place.customer_code]:
            tariff = book.on(place.tariff_group, month(one.period))
            assert tariff is not None
            high, low = one.high_to - one.high_from, one.low_to - one.low_from
            made = bill(tariff, high * one.constant, low * one.constant)
            assert (one.net, one.vat, one.total) == (made.net, made.vat, made.total)


def test_readings_go_on_where_the_month_before_ended(bills: dict[str, list[Invoice]]) -> None:
    for chain in bills.values():
        assert [one.period for one in chain] == [f"{m:%Y-%m}" for m in ending(date(2026, 10, 1), MONTHS)]
        for before, after in pairwise(chain):
            assert (after.high_from, after.low_from) == (before.high_to, before.low_to)
            assert before.due_on > before.issued_on >= month(after.period)


def test_what_is_owed_is_what_was_not_paid(
    places: Sequence[Connection], bills: dict[str, list[Invoice]]
) -> None:
    for place in places:
        chain = bills[place.customer_code]
        assert place.balance == sum((one.total - one.paid for one in chain), Decimal(0))
        assert place.as_of >= max(one.issued_on for one in chain)
    every = [one for chain in bills.values() for one in chain]
    unpaid, part = [o for o in every if not o.paid], [o for o in every if 0 < o.paid < o.total]
    assert 0 < len(part) < len(unpaid) < len(every) / 10


def test_winter_costs_more_than_summer(bills: dict[str, list[Invoice]]) -> None:
    total: Counter[str] = Counter()
    for one in (one for chain in bills.values() for one in chain):
        total[one.period] += int(one.total)
    assert total["2026-01"] > 1.4 * total["2026-06"]


def test_people_have_valid_numbers_and_some_are_foreigners(people: Sequence[Person]) -> None:
    assert not any(doubtful(one.personal_number) for one in people)
    foreign = [one for one in people if one.personal_number.startswith("9")]
    assert 0 < len(foreign) < len(people) / 20
    expired = [one for one in people if one.id_valid_until < TODAY]
    assert 0 < len(expired) < len(people) / 8


def test_all_districts_both_communities_and_landlords_are_there(
    people: Sequence[Person], places: Sequence[Connection]
) -> None:
    assert {one.customer_code[:3] for one in places} == set(DISTRICTS)
    serbian = [one for one in people if one.last_name.endswith("ić")]
    assert 0 < len(serbian) < len(people) / 4
    names = "".join(one.first_name + one.last_name for one in people).lower()
    assert set("ëçšć") < set(names)
    held = Counter(Counter(one.personal_number for one in places).values())
    assert held[1] > held[2] > held[3] > 0
    assert max(held) >= 5
    groups = Counter(one.tariff_group for one in places)
    assert groups["4/02"] > len(places) * 0.85
    assert {"4/01", "7/02"} < set(groups)


def test_numbers_are_given_out_once() -> None:
    for number in (citizen_number, foreign_number, meter_number, phone):
        assert len({number(n) for n in range(20_000)}) == 20_000


def test_web_accounts_have_hashes_of_the_sample_password(folder: Path) -> None:
    accounts: Sequence[WebAccount] = things(folder, ACCOUNTS)
    assert 0 < len(accounts) < CUSTOMERS_COUNT / 8
    assert {one.password_hash for one in accounts} <= set(HASHES)
    assert all(PasswordHasher().verify(one, SAMPLE_PASSWORD) for one in ARGON2ID)
    assert all(bcrypt.checkpw(SAMPLE_PASSWORD.encode(), one.encode()) for one in BCRYPT)
    owned: dict[str, str] = {one.customer_code: one.personal_number for one in things(folder, CONNECTIONS)}
    claims = [c for one in accounts for c in one.customer_codes if owned[c] != one.personal_number]
    assert claims


@pytest.mark.parametrize("until", ["2026-13", "10/2026", "2026-10-01", "soon"])
def test_what_is_no_month_is_refused(tmp_path: Path, until: str) -> None:
    with pytest.raises(ValueError, match=r"\d{4}-\d\d|month|Invalid"):
        seed_folder(tmp_path, 1, 1, until, TODAY)


def test_months_before_all_prices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPrices, match="2022-02"):
        seed_folder(tmp_path, 1, 1, "2023-03", TODAY)


def test_the_last_complete_month_is_the_one_before_this() -> None:
    assert last_complete(date(2026, 1, 31)) == date(2025, 12, 1)
    assert last_complete(date(2026, 3, 1)) == date(2026, 2, 1)
