"""The prices of today, as a dialog asks for them: dated data that an operator can load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.services.ports import Turn
from bot.services.tariffs import Tariff, shipped
from storage import tariffs
from storage.base import Row


@dataclass(frozen=True, slots=True)
class NoPrices:
    """No prices are loaded for this tariff group and day."""


async def today(turn: Turn) -> date:
    """The day in Kosovo."""
    return turn.today


async def prices(turn: Turn, tariff_group: str, day: date) -> Tariff | NoPrices:
    """The prices of a tariff group on a day: the operator's, or those shipped."""
    rows = await turn.storage.read(tariffs.all())
    book = shipped().with_newer(_tariff(row) for row in rows)
    return book.on(tariff_group, day) or NoPrices()


def _tariff(row: Row) -> Tariff:
    def number(column: str) -> Decimal:
        return Decimal(str(row[column]))

    return Tariff(
        tariff_group=str(row["tariff_group"]),
        valid_from=date.fromisoformat(str(row["valid_from"])),
        block_kwh=number("block_kwh"),
        high_1=number("high_1"),
        low_1=number("low_1"),
        high_2=number("high_2"),
        low_2=number("low_2"),
        fixed=number("fixed"),
        vat=number("vat"),
    )
