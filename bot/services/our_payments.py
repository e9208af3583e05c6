"""The register, with what was paid through us taken off until its own figures contain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from bot.services.ports import ZONE, Connection, Invoice, Person, Registry
from bot.services.throttle import millis
from storage import payments
from storage.base import Row, Storage

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class WithPayments:
    """A `Registry`.  A payment of the very day of the register's figures counts as not yet in them."""

    registry: Registry
    storage: Storage

    async def person(self, personal_number: str) -> Person | None:
        return await self.registry.person(personal_number)

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        found = await self.registry.connections(personal_number)
        return tuple([await self._less(connection) for connection in found])

    async def connection(self, customer_code: str) -> Connection | None:
        found = await self.registry.connection(customer_code)
        return await self._less(found) if found else None

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        found = await self.registry.invoices(customer_code, most)
        rows = await self.storage.read(payments.paid_for(customer_code, 0))
        if not rows or not found:
            return found
        connection = await self.registry.connection(customer_code)
        new = [row for row in rows if connection and _int(row["paid_at"]) >= _begins(connection.as_of)]
        return tuple(replace(bill, paid=bill.paid + _sum(new, bill.number)) for bill in found)

    async def _less(self, connection: Connection) -> Connection:
        rows = await self.storage.read(payments.paid_for(connection.customer_code, _begins(connection.as_of)))
        return replace(connection, balance=connection.balance - _sum(rows)) if rows else connection


def _begins(day: date) -> int:
    return millis(datetime.combine(day, time(), ZONE))


def _sum(rows: Sequence[Row], invoice: str | None = None) -> Decimal:
    amounts = (Decimal(str(row["amount"])) for row in rows if invoice in (None, row["invoice"]))
    return sum(amounts, NOTHING)


def _int(value: object) -> int:
    return int(str(value))
