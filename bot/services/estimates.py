"""What a month's bill might be, from the appliances in a home.  Approximate, and without any text.

Inside, kWh are exact to the milliwatt-hour and only what is shown is rounded; euros are whole cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.services.appliances import Appliance, Season, UseKind, find, low_share
from bot.services.money import apportion
from bot.services.tariffs import Bill, Tariff, bill, fine

AVERAGE_MONTH = 30
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A month to estimate: `month` is 1 to 12, or 0 for an average month of 30 days.

    `seasons` are those it is like: one, or both where the mean of the two halves of the year is meant.
    """

    month: int
    days: int
    seasons: tuple[Season, ...]


def average_month(*seasons: Season) -> Period:
    """An average month of these seasons; of the whole year when none is named."""
    return Period(0, AVERAGE_MONTH, seasons or tuple(Season))


def calendar_month(month: int) -> Period:
    """January (1) to December (12) of any year; February has 28 days."""
    return Period(month, DAYS[month - 1], (Season.of_month(month),))


@dataclass(frozen=True, slots=True)
class Use:
    """How an appliance is used: `count` of them, `amount` hours a day or times a week each.

    `low_share` is the share of its energy that is used in the low tariff's hours, 0 to 1.
    """

    appliance: str
    count: int
    amount: Decimal
    watts: int
    low_share: Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """What one line of an estimate uses in the period."""

    use: Use
    kwh: Decimal
    high_kwh: Decimal
    low_kwh: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """One appliance's energy and its part of the bill in euros, VAT included."""

    usage: Usage
    euros: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """`shares` stand in the order of the uses; with `bill.fixed_with_vat` they add up to the total."""

    period: Period
    shares: tuple[Share, ...]
    bill: Bill

    @property
    def kwh(self) -> Decimal:
        return self.bill.kwh

    @property
    def total(self) -> Decimal:
        return self.bill.total

    @property
    def valid_from(self) -> date:
        return self.bill.valid_from


def typical_amount(appliance: Appliance, period: Period) -> Decimal:
    """Hours a day or times a week; 0 for what is not used in that season."""
    return _mean([appliance.amount(season) for season in period.seasons])


def typical_low_share(appliance: Appliance, period: Period) -> Decimal:
    return _mean([low_share(appliance.windows, season) for season in period.seasons])


def typical_use(appliance: Appliance, period: Period) -> Use:
    return Use(
        appliance.key,
        appliance.count,
        typical_amount(appliance, period),
        appliance.watts,
        typical_low_share(appliance, period),
    )


def usage(use: Use, period: Period) -> Usage:
    """Raises `KeyError` for an appliance that the catalogue has no more."""
    appliance = find(use.appliance)
    if appliance is None:
        raise KeyError(use.appliance)
    hours = use.count * use.amount * _hours_per_unit(appliance, period.days)
    kwh = fine(use.watts * appliance.duty * hours / 1000)
    low = fine(kwh * use.low_share)
    return Usage(use, kwh, kwh - low, low)


def _hours_per_unit(appliance: Appliance, days: int) -> Decimal:
    if appliance.use is UseKind.TIMES_A_WEEK:
        return Decimal(appliance.minutes * days) / (60 * 7)
    return Decimal(days)


def estimate(uses: Sequence[Use], period: Period, tariff: Tariff) -> Estimate:
    """The bill of one month with these uses, and what each of them contributes.

    Euros of an appliance: the total less the fixed tariff with its VAT, apportioned by what its high and
    low kWh cost at the month's average price of each rate.  So night use is cheap for whom it saves, the
    dear second block is borne by all in proportion, and the cents add up.
    """
    usages = [usage(use, period) for use in uses]
    high = sum((u.high_kwh for u in usages), Decimal(0))
    low = sum((u.low_kwh for u in usages), Decimal(0))
    made = bill(tariff, high, low)
    high_price, low_price = _average_prices(made)
    costs = [u.high_kwh * high_price + u.low_kwh * low_price for u in usages]
    euros = apportion(made.total - made.fixed_with_vat, costs)
    return Estimate(period, tuple(Share(u, e) for u, e in zip(usages, euros, strict=True)), made)


def _average_prices(made: Bill) -> tuple[Decimal, Decimal]:
    """c€/kWh of the high and the low rate over both blocks; 0 for a rate that is not used."""
    high_1, low_1, high_2, low_2 = (line.kwh * line.price for line in made.lines)
    high = (high_1 + high_2) / made.high_kwh if made.high_kwh else Decimal(0)
    low = (low_1 + low_2) / made.low_kwh if made.low_kwh else Decimal(0)
    return high, low


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
