"""What every way to the register must answer: our own tables and a server of the utility, on equal data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import pytest_asyncio

from bot.gateways.registry.open import open_registry
from bot.seeding.picked import FOLDER, TWO_METERS, UNPAID
from bot.services.ports import Connection, Invoice, Person, Registry
from bot.services.register.files import CONNECTIONS, CUSTOMERS, INVOICES, File, texts
from storage import register
from storage.base import Storage
from storage.register import Table
from tests.fakes.registry import TOKEN, FakeRegistry
from tests.registry.exports import things

PEOPLE: list[Person] = list(things(FOLDER, CUSTOMERS))
#: One more than the demo has: as text its code comes first, and by its number last.
PLACES: list[Connection] = [
    Connection(
        "DPZ 10000",
        TWO_METERS.person.personal_number,
        "12345",
        "Rr. e Re 1",
        "4/02",
        Decimal("-3.10"),
        date(2026, 11, 6),
    ),
    *things(FOLDER, CONNECTIONS),
]
BILLS: list[Invoice] = list(things(FOLDER, INVOICES))
#: Two bills of one month: a correction that was issued later.
CORRECTED = replace(BILLS[-1], number="correction", issued_on=date(2026, 11, 20))


async def fill(storage: Storage) -> None:
    tables: tuple[tuple[Table, File, list[Person] | list[Connection] | list[Invoice]], ...] = (
        (register.CUSTOMERS, CUSTOMERS, PEOPLE),
        (register.CONNECTIONS, CONNECTIONS, PLACES),
        (register.INVOICES, INVOICES, [*BILLS, CORRECTED]),
    )
    for table, file, rows in tables:
        await storage.commit([register.put(table, [texts(file, one)]) for one in rows])


@pytest_asyncio.fixture(params=["local", "http"])
async def registry(request: pytest.FixtureRequest, storage: Storage) -> AsyncIterator[Registry]:
    async with FakeRegistry(PEOPLE, PLACES, [*BILLS, CORRECTED]) as fake:
        url = "local:" if request.param == "local" else fake.url
        if request.param == "local":
            await fill(storage)
        opened = open_registry(url, storage, TOKEN)
        yield opened
        await opened.close()
        assert fake.wrong == []
        assert bool(fake.requests) is (request.param == "http")


async def test_a_person_is_found_by_their_number(registry: Registry) -> None:
    assert [await registry.person(one.personal_number) for one in PEOPLE] == PEOPLE


async def test_who_is_not_registered_is_nobody(registry: Registry) -> None:
    assert await registry.person("1999999999") is None
    assert await registry.connections("1999999999") == ()


async def test_a_persons_connections_come_in_the_order_of_their_codes(registry: Registry) -> None:
    found = await registry.connections(TWO_METERS.person.personal_number)
    assert [one.customer_code for one in found] == ["DPZ 4471", "DPZ 4472", "DPZ 10000"]
    assert set(found) <= set(PLACES)
    assert (found[2].balance, found[2].as_of) == (Decimal("-3.10"), date(2026, 11, 6))


async def test_a_connection_is_found_by_its_code(registry: Registry) -> None:
    assert [await registry.connection(one.customer_code) for one in PLACES] == PLACES
    assert await registry.connection("DPR 1") is None


async def test_the_newest_bills_come_first_and_no_more_than_asked_for(registry: Registry) -> None:
    code = UNPAID.lives[0][0].customer_code
    newest = [one for one in reversed(BILLS) if one.customer_code == code]
    assert await registry.invoices(code) == (newest[0],)
    assert await registry.invoices(code, most=3) == tuple(newest[:3])
    assert await registry.invoices(code, most=100) == tuple(newest)


async def test_of_two_bills_for_a_month_the_later_one_is_newer(registry: Registry) -> None:
    assert await registry.invoices(CORRECTED.customer_code, most=2) == (CORRECTED, BILLS[-1])


async def test_a_connection_without_bills_or_that_is_not_there_has_none(registry: Registry) -> None:
    assert await registry.invoices("DPZ 10000") == ()
    assert await registry.invoices("DPR 1") == ()
