"""The register, with what was paid through us taken off until its own figures contain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.services.ports import ZONE, Connection, Invoice, Person, Registry, Turn
from bot.services.throttle import millis
from storage import payments
from storage.base import Row, Storage

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class WithPayments:
    """A `Registry`.  A payment of the very day of the register's figures counts as not yet in them.

    Money may come at any moment.  In a turn it has come or not, for balance and bills alike: otherwise a bill
    is paid and its balance owed, or one order asks for both.  `known` is the turn's.
    """

    registry: Registry
    storage: Storage
    known: dict[str, Any] | None = None

    def of_turn(self, known: dict[str, Any]) -> WithPayments:
        return replace(self, known=known)

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
        rows = await _paid(self.storage, self.known, customer_code)
        if not rows or not found:
            return found
        connection = await self.registry.connection(customer_code)
        new = _since(rows, connection.as_of) if connection else ()
        return tuple(replace(bill, paid=bill.paid + _sum(new, bill.number)) for bill in found)

    async def _less(self, connection: Connection) -> Connection:
        rows = await _paid(self.storage, self.known, connection.customer_code)
        new = _since(rows, connection.as_of)
        return replace(connection, balance=connection.balance - _sum(new)) if new else connection


async def paid_so_far(turn: Turn, customer_code: str, invoice: str) -> Decimal:
    """What was ever paid through us for a bill, or with "" for the balance, as the turn knows it."""
    return _sum(await _paid(turn.storage, turn.known, customer_code), invoice)


async def _paid(storage: Storage, known: dict[str, Any] | None, customer_code: str) -> Sequence[Row]:
    if known is None:
        return await storage.read(payments.paid_for(customer_code))
    key = f"paid for {customer_code}"
    if key not in known:
        known[key] = await storage.read(payments.paid_for(customer_code))
    rows: Sequence[Row] = known[key]
    return rows


def _since(rows: Sequence[Row], as_of: date) -> Sequence[Row]:
    """Those that the register's figures of that day do not contain."""
    return [row for row in rows if _int(row["paid_at"]) >= _begins(as_of)]


def _begins(day: date) -> int:
    return millis(datetime.combine(day, time(), ZONE))


def _sum(rows: Sequence[Row], invoice: str | None = None) -> Decimal:
    amounts = (Decimal(str(row["amount"])) for row in rows if invoice in (None, row["invoice"]))
    return sum(amounts, NOTHING)


def _int(value: object) -> int:
    return int(str(value))
