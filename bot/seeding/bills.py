"""What a household uses month by month, the bills of it, and what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.seeding.homes import COMMERCIAL, ONE_RATE, Home
from bot.seeding.months import after
from bot.services.money import cents
from bot.services.ports import Invoice
from bot.services.tariffs import Tariff, TariffBook, bill

MONTHS = 14
#: January to December, against an average month: most heat with electricity, some cool with it.
_SEASON = (1.55, 1.42, 1.20, 0.95, 0.78, 0.72, 0.82, 0.85, 0.74, 0.86, 1.12, 1.45)
#: kWh of an average month, and the share of it in the high tariff.
_TYPICAL_KWH, _HIGH = 420, 0.66
_DUE_AFTER = timedelta(days=15)
ISSUED_WITHIN = 5  # days of the next month

#: Shares of households by how they pay.
_PAYERS = {"all": 0.70, "not yet": 0.16, "late": 0.08, "part": 0.04, "never": 0.02}


@dataclass(frozen=True, slots=True)
class Habit:
    """`kwh` of an average month, the share of it in the high tariff, and how the bills are paid.

    `pays`: `all`; `not yet` the newest; `late`, not the newest two; `part` of the newest; `never` in the
    last five months.
    """

    kwh: float
    high: float
    pays: str


def habit(rng: Random, home: Home) -> Habit:
    size = rng.lognormvariate(0, 0.45) * (3 if home.tariff_group == COMMERCIAL else 1)
    high = 1.0 if home.tariff_group == ONE_RATE else min(0.92, max(0.35, rng.gauss(_HIGH, 0.09)))
    return Habit(_TYPICAL_KWH * size, high, rng.choices(list(_PAYERS), list(_PAYERS.values()))[0])


def invoices(
    rng: Random, home: Home, has: Habit, months: Sequence[date], book: TariffBook, serial: int
) -> list[Invoice]:
    """A bill a month; readings go on from month to month.  Raises `NoPrices`."""
    high = rng.randint(3_000, 60_000)
    low = 0 if home.tariff_group == ONE_RATE else high * 2 // 5 + rng.randint(0, 900)
    made = []
    for n, month in enumerate(months):
        high_kwh, low_kwh = _used(rng, home, has, month)
        paid = _paid(has.pays, len(months) - 1 - n)
        made.append(_invoice(rng, home, month, (high, low), (high_kwh, low_kwh), book, serial, paid))
        high, low = high + high_kwh, low + low_kwh
    return made


def balance(made: Sequence[Invoice]) -> Decimal:
    """What is left to pay of all bills, in euros."""
    return sum((one.total - one.paid for one in made), Decimal("0.00"))


class NoPrices(ValueError):
    """A month is older than the oldest prices."""


def _used(rng: Random, home: Home, has: Habit, month: date) -> tuple[int, int]:
    """What the meter counted, high and low, before its constant."""
    season = 1.0 if home.tariff_group == COMMERCIAL else _SEASON[month.month - 1]
    counted = has.kwh * season * rng.uniform(0.85, 1.15) / home.constant
    high = round(counted * has.high)
    return high, max(0, round(counted) - high)


def _paid(pays: str, ago: int) -> Decimal:
    """The share that was paid of the bill so many months ago, 0 the newest."""
    unpaid = {"all": 0, "not yet": 1, "late": 2, "part": 0, "never": 5}[pays]
    if pays == "part" and ago == 0:
        return Decimal("0.4")
    return Decimal(ago >= unpaid)


def _invoice(
    rng: Random,
    home: Home,
    month: date,
    start: tuple[int, int],
    used: tuple[int, int],
    book: TariffBook,
    serial: int,
    paid: Decimal,
) -> Invoice:
    tariff = _tariff(book, home.tariff_group, month)
    made = bill(tariff, Decimal(used[0] * home.constant), Decimal(used[1] * home.constant))
    issued = after(month) + timedelta(days=rng.randrange(ISSUED_WITHIN))
    return Invoice(
        number=f"{month:%Y%m}{serial:010}",
        customer_code=home.customer_code,
        period=f"{month:%Y-%m}",
        issued_on=issued,
        due_on=issued + _DUE_AFTER,
        high_from=Decimal(start[0]),
        high_to=Decimal(start[0] + used[0]),
        low_from=Decimal(start[1]),
        low_to=Decimal(start[1] + used[1]),
        constant=Decimal(home.constant),
        net=made.net,
        vat=made.vat,
        total=made.total,
        paid=cents(made.total * paid),
    )


def _tariff(book: TariffBook, group: str, month: date) -> Tariff:
    tariff = book.on(group, month)
    if tariff is None:
        raise NoPrices(f"there are no prices for tariff group {group} in {month:%Y-%m}")
    return tariff
