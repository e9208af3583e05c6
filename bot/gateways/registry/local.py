"""The register in our own tables, as `ekesco import` filled them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.services.ports import Connection, Invoice, Person
from storage import register
from storage.base import Row, Storage


class LocalRegistry:
    """Raises `Unavailable` as every reading of the database does, and never `Away`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def person(self, personal_number: str) -> Person | None:
        rows = await self._storage.read(register.person(personal_number))
        return _person(rows[0]) if rows else None

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        rows = await self._storage.read(register.connections(personal_number))
        return tuple(_connection(row) for row in rows)

    async def connection(self, customer_code: str) -> Connection | None:
        rows = await self._storage.read(register.connection(customer_code))
        return _connection(rows[0]) if rows else None

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        rows = await self._storage.read(register.invoices(customer_code, most))
        return tuple(_invoice(row) for row in rows)

    async def close(self) -> None:
        """Nothing is held open."""


def _person(row: Row) -> Person:
    return Person(
        personal_number=str(row["personal_number"]),
        first_name=str(row["first_name"]),
        last_name=str(row["last_name"]),
        id_valid_until=_day(row, "id_valid_until"),
    )


def _connection(row: Row) -> Connection:
    return Connection(
        customer_code=str(row["customer_code"]),
        personal_number=str(row["personal_number"]),
        meter_number=str(row["meter_number"]),
        address=str(row["address"]),
        tariff_group=str(row["tariff_group"]),
        balance=_number(row, "balance"),
        as_of=_day(row, "as_of"),
    )


def _invoice(row: Row) -> Invoice:
    return Invoice(
        number=str(row["number"]),
        customer_code=str(row["customer_code"]),
        period=str(row["period"]),
        issued_on=_day(row, "issued_on"),
        due_on=_day(row, "due_on"),
        high_from=_number(row, "high_from"),
        high_to=_number(row, "high_to"),
        low_from=_number(row, "low_from"),
        low_to=_number(row, "low_to"),
        constant=_number(row, "constant"),
        net=_number(row, "net"),
        vat=_number(row, "vat"),
        total=_number(row, "total"),
        paid=_number(row, "paid"),
    )


def _number(row: Row, column: str) -> Decimal:
    return Decimal(str(row[column]))


def _day(row: Row, column: str) -> date:
    return date.fromisoformat(str(row[column]))
