"""Prices for an invented register: the shipped ones, and invented ones for groups that have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot.seeding.homes import COMMERCIAL, ONE_RATE
from bot.services.money import cents
from bot.services.tariffs import HOUSEHOLD, Tariff, TariffBook, shipped


def invented() -> TariffBook:
    """Prices of every group that an invented connection may have."""
    return TariffBook(tuple(one for tariff in shipped().tariffs for one in _with_relatives(tariff)))


def _with_relatives(tariff: Tariff) -> Iterator[Tariff]:
    yield tariff
    if tariff.tariff_group == HOUSEHOLD:
        yield _one_rate(tariff)
        yield _commercial(tariff)


def _one_rate(tariff: Tariff) -> Tariff:
    """The same price at all hours, as a household pays on average."""
    first, second = _mixed(tariff.high_1, tariff.low_1), _mixed(tariff.high_2, tariff.low_2)
    return replace(tariff, tariff_group=ONE_RATE, high_1=first, low_1=first, high_2=second, low_2=second)


def _commercial(tariff: Tariff) -> Tariff:
    """One price for all kWh of a rate, half as much again as a household's first."""
    high, low = cents(tariff.high_1 * Decimal("1.5")), cents(tariff.low_1 * Decimal("1.5"))
    return replace(
        tariff,
        tariff_group=COMMERCIAL,
        high_1=high,
        low_1=low,
        high_2=high,
        low_2=low,
        fixed=tariff.fixed * 2,
    )


def _mixed(high: Decimal, low: Decimal) -> Decimal:
    return cents(high * Decimal("0.66") + low * Decimal("0.34"))
