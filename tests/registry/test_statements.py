"""What the statements on the register find and write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.gateways.registry.open import open_registry
from storage import register
from storage.base import Storage, Write
from tests import databases


@pytest.fixture(params=databases.KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with databases.database(request.param) as url:
        yield url


def customer(number: str, first_name: str = "Arta") -> dict[str, str]:
    return {
        "personal_number": number,
        "first_name": first_name,
        "last_name": "Krasniqi",
        "id_valid_until": "2031-05-01",
    }


def connection(code: str, number: str = "1234567892") -> dict[str, str]:
    return {
        "customer_code": code,
        "personal_number": number,
        "meter_number": "10234567",
        "address": "Rr. Nënë Tereza 5, Prishtinë",
        "tariff_group": "4/02",
        "balance": "-0.50",
        "as_of": "2026-11-01",
    }


async def test_rows_are_added_and_updated_by_their_key(storage: Storage) -> None:
    await storage.commit([register.put(register.CUSTOMERS, [customer("1234567892"), customer("9000000001")])])
    await storage.commit([register.put(register.CUSTOMERS, [customer("1234567892", "Drita")])])
    registry = open_registry("local:", storage)
    changed, other = await registry.person("1234567892"), await registry.person("9000000001")
    assert changed is not None
    assert other is not None
    assert (changed.first_name, other.first_name) == ("Drita", "Arta")


async def test_only_rows_with_one_of_the_keys_are_found(storage: Storage) -> None:
    await storage.commit([register.put(register.CUSTOMERS, [customer(f"{n:010}") for n in range(5)])])
    rows = await storage.read(register.found(register.CUSTOMERS, ["0000000001", "0000000003", "7"]))
    assert sorted(str(row["personal_number"]) for row in rows) == ["0000000001", "0000000003"]


async def test_what_was_new_and_what_was_different_is_told(storage: Storage) -> None:
    prices = dict.fromkeys(register.TARIFFS.columns, "1")
    rows = [prices | {"tariff_group": g, "valid_from": d} for g in ("4/01", "4/02") for d in ("a", "b")]

    async def told(*writes: Write) -> list[list[tuple[object, ...]]]:
        return [sorted(tuple(row.values()) for row in rows) for rows in await storage.commit(writes)]

    assert await told(register.add(register.TARIFFS, rows[:2])) == [[("4/01", "a"), ("4/01", "b")]]
    rows[1]["fixed"] = "2"
    assert await told(register.add(register.TARIFFS, rows)) == [[("4/02", "a"), ("4/02", "b")]]
    assert await told(register.put(register.TARIFFS, rows)) == [[("4/01", "b")]]
    assert await told(register.put(register.TARIFFS, rows)) == [[]]


async def test_connections_come_by_district_and_then_by_their_number(storage: Storage) -> None:
    codes = ["DPZ 3", "DPR 1000", "DPR 99"]
    await storage.commit([register.put(register.CONNECTIONS, [connection(code) for code in codes])])
    found = await open_registry("local:", storage).connections("1234567892")
    assert [c.customer_code for c in found] == ["DPR 99", "DPR 1000", "DPZ 3"]
