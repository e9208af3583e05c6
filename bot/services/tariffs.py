"""Prices by date, and the bill they make of a month's kWh.  Knows no customer and no language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path

from bot.services.money import apportion, cents
from bot.services.rows import Row, read

HOUSEHOLD = "4/02"
COLUMNS = ("tariff_group", "valid_from", "block_kwh", "high_1", "low_1", "high_2", "low_2", "fixed", "vat")

SHIPPED = Path(__file__).parent / "data" / "tariffs.csv"
#: Energy is reckoned to the milliwatt-hour, so that shares of it add up without a rest.
FINEST = Decimal("0.000001")


def fine(kwh: Decimal) -> Decimal:
    """kWh to the milliwatt-hour, the finest that is reckoned with."""
    return kwh.quantize(FINEST, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices of one tariff group from a day on, without VAT.

    `block_kwh` a month are priced `high_1` and `low_1` (c€/kWh), what is beyond `high_2` and `low_2`.
    `fixed` is in euros a month, `vat` a share (0.08).
    """

    tariff_group: str
    valid_from: date
    block_kwh: Decimal
    high_1: Decimal
    low_1: Decimal
    high_2: Decimal
    low_2: Decimal
    fixed: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class BillLine:
    """`code` as on the bill: rate A1 high or A2 low, block B1 or B2; `price` in c€/kWh, `amount` in euros."""

    code: str
    kwh: Decimal
    price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's bill in euros; `vat_rate` is a share, `valid_from` the day the prices are valid from.

    Lines and fixed tariff add up to `net`, and `net` and `vat` to `total`, exactly.
    """

    tariff_group: str
    valid_from: date
    high_kwh: Decimal
    low_kwh: Decimal
    lines: tuple[BillLine, ...]
    fixed: Decimal
    net: Decimal
    vat_rate: Decimal
    vat: Decimal
    total: Decimal

    @property
    def kwh(self) -> Decimal:
        return self.high_kwh + self.low_kwh

    @property
    def fixed_with_vat(self) -> Decimal:
        """What is paid without using anything: the total of a bill over 0 kWh."""
        return self.fixed + cents(self.fixed * self.vat_rate)


@dataclass(frozen=True, slots=True)
class TariffBook:
    tariffs: tuple[Tariff, ...]

    def on(self, group: str, day: date) -> Tariff | None:
        """The newest prices of the group that are valid on that day; None when none are known."""
        valid = (t for t in self.tariffs if t.tariff_group == group and t.valid_from <= day)
        return max(valid, key=lambda t: t.valid_from, default=None)

    def with_newer(self, tariffs: Iterable[Tariff]) -> TariffBook:
        """The book with these added; of two for the same group and day the newcomer stays."""
        merged = {(t.tariff_group, t.valid_from): t for t in (*self.tariffs, *tariffs)}
        return TariffBook(tuple(merged.values()))


def read_tariffs(path: Path) -> tuple[Tariff, ...]:
    """Tariffs of a CSV file with the header `COLUMNS`, in any order of rows.  Raises `BadFile`."""
    return read(path, COLUMNS, read_tariff, key=lambda t: (t.tariff_group, t.valid_from))


@cache
def shipped() -> TariffBook:
    """The prices that come with the program (data/README.md says from where)."""
    return TariffBook(read_tariffs(SHIPPED))


def read_tariff(row: Row) -> Tariff:
    """One row of such a file.  Raises `Wrong`."""
    return Tariff(
        tariff_group=row.text("tariff_group"),
        valid_from=row.day("valid_from"),
        block_kwh=row.number("block_kwh", least="1"),
        high_1=row.number("high_1"),
        low_1=row.number("low_1"),
        high_2=row.number("high_2"),
        low_2=row.number("low_2"),
        fixed=row.number("fixed"),
        vat=row.number("vat", most="1"),
    )


def bill(tariff: Tariff, high_kwh: Decimal, low_kwh: Decimal) -> Bill:
    """The bill of one month, as the regulator (ERO) reckons its published examples.

    The first block is shared between high and low in the month's own proportion.  Net is rounded to the
    cent once, half-even; VAT is the share of that net, rounded to the cent.
    A line's amount is for reading: the energy part of net, apportioned by what each line costs exactly,
    so that the lines, as they are shown, add up to the net that is shown.
    Raises `ValueError` for negative kWh.
    """
    if high_kwh < 0 or low_kwh < 0:
        raise ValueError("kWh cannot be negative")
    parts = _blocks(tariff, fine(high_kwh), fine(low_kwh))
    exact = [kwh * price / 100 for _, kwh, price in parts]
    fixed, net = cents(tariff.fixed), cents(sum(exact, tariff.fixed))
    vat = cents(net * tariff.vat)
    amounts = apportion(net - fixed, exact)
    lines = tuple(BillLine(*part, amount) for part, amount in zip(parts, amounts, strict=True))
    return Bill(
        tariff.tariff_group,
        tariff.valid_from,
        fine(high_kwh),
        fine(low_kwh),
        lines,
        fixed=fixed,
        net=net,
        vat_rate=tariff.vat,
        vat=vat,
        total=net + vat,
    )


def _blocks(tariff: Tariff, high: Decimal, low: Decimal) -> tuple[tuple[str, Decimal, Decimal], ...]:
    first_high, first_low = high, low
    if high + low > tariff.block_kwh:
        first_high = fine(tariff.block_kwh * high / (high + low))
        first_low = tariff.block_kwh - first_high
    return (
        ("A1B1", first_high, tariff.high_1),
        ("A2B1", first_low, tariff.low_1),
        ("A1B2", high - first_high, tariff.high_2),
        ("A2B2", low - first_low, tariff.low_2),
    )


def bill_json(made: Bill) -> str:
    """The bill as `ekesco bill --json` prints it: money and prices as strings, kWh as numbers."""
    shape = {
        "tariff_group": made.tariff_group,
        "valid_from": made.valid_from.isoformat(),
        "kwh": {"high": _plain(made.high_kwh), "low": _plain(made.low_kwh)},
        "lines": [
            {"code": x.code, "kwh": _plain(x.kwh), "price": _price(x.price), "amount": str(x.amount)}
            for x in made.lines
        ],
        "fixed": str(made.fixed),
        "net": str(made.net),
        "vat": str(made.vat),
        "total": str(made.total),
    }
    return json.dumps(shape, indent=2)


def _plain(kwh: Decimal) -> int | float:
    return int(kwh) if kwh == kwh.to_integral_value() else float(kwh)


def _price(price: Decimal) -> str:
    """Two decimals, and more only where the price has more: a price is never rounded."""
    two = cents(price)
    return str(two) if two == price else str(price.normalize())
