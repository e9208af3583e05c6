"""Whose bill is estimated: anybody's home, or the customer's connection and what it was billed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.services import prices
from bot.services.accounts import session
from bot.services.own_meters import spoken_of
from bot.services.ports import Turn
from bot.services.prices import NoPrices
from bot.services.tariffs import HOUSEHOLD, Tariff

#: Bills that are looked at: a year, for the same month a year ago.
MOST = 13


@dataclass(frozen=True, slots=True)
class Billed:
    """What a month came to, in euros."""

    month: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Anybody:
    """A home of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The customer's connection, and its bills of a year, the newest first."""

    code: str
    tariff_group: str
    bills: tuple[Billed, ...]


async def estimated_for(turn: Turn) -> Anybody | Connected:
    """The connection that is spoken of, where somebody is signed in.  Raises `Away`."""
    here = await session(turn)
    if here is None:
        return Anybody()
    theirs = await spoken_of(turn, here.account)
    if not theirs:
        return Anybody()
    found = await turn.registry.invoices(theirs[0].customer_code, MOST)
    billed = tuple(Billed(date.fromisoformat(f"{bill.period}-01"), bill.total) for bill in found)
    return Connected(theirs[0].customer_code, theirs[0].tariff_group, billed)


async def prices_for(turn: Turn, day: date, whose: Anybody | Connected) -> Tariff | NoPrices:
    """The prices of the connection's tariff group, or of a household."""
    group = whose.tariff_group if isinstance(whose, Connected) else HOUSEHOLD
    return await prices.prices(turn, group, day)
