"""A further meter for an account: found by its customer code, and added when it is the customer's own.

One that is in another person's name may be claimed (`claims`); nothing is told of its holder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.services import claims, own_meters, throttle
from bot.services.claims import Asked, Declined, Elsewhere
from bot.services.my_account import Changed, Mine, SignedOut, my_account
from bot.services.own_meters import Linked
from bot.services.ports import Turn
from bot.services.throttle import Window, millis
from storage import accounts as statements

#: Codes that may be looked up, by a chat and by an account: nobody learns by trying which there are.
LOOKED_UP = Window(((10, timedelta(hours=1)), (30, timedelta(days=1))))
_KIND = "meter"
#: More than anybody pays for; whoever has more is no household.
MOST_METERS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A connection in the customer's own name that is not in their account."""

    code: str
    address: str
    meter_number: str
    tariff_group: str


@dataclass(frozen=True, slots=True)
class There:
    """It is in the account already."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The register has no such connection."""

    code: str


@dataclass(frozen=True, slots=True)
class TooMany:
    """The account has as many meters as one may have."""

    most: int


@dataclass(frozen=True, slots=True)
class TooOften:
    """So many codes were looked up that the next may be only after so many minutes."""

    minutes: int


async def look_for(
    turn: Turn, me: Mine, code: str
) -> Found | Elsewhere | Asked | Declined | There | Unknown | TooMany | TooOften | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    links = await own_meters.linked(turn, account)
    link = next((link for link in links if link.code == code), None)
    if link is None and sum(link.is_there for link in links) >= MOST_METERS:
        return TooMany(MOST_METERS)
    for subject in (account.id, turn.chat):
        standing = await throttle.look(turn, _KIND, subject, LOOKED_UP)
        if not standing.allowed:
            return TooOften(-(-standing.wait_seconds // 60))
    found = await turn.registry.connection(code)
    for subject in (account.id, turn.chat):
        await throttle.hit(turn, _KIND, subject, LOOKED_UP)
    if found is None:
        return Unknown(code)
    if found.personal_number != account.personal_number:
        # Also what was theirs before they moved out: of that they see nothing any more.
        return claims.as_it_stands(link, found, turn.at) or There(code)
    if link is not None and link.claim is None:
        return There(code)
    return Found(code, found.address, found.meter_number, found.tariff_group)


async def add_meter(turn: Turn, me: Mine, found: Found) -> Changed | SignedOut:
    """Add what is the customer's own, even if they claimed it while it was not."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    turn.write(
        statements.add_meter(account.id, found.code, "own", millis(turn.at)),
        statements.own_meter(account.id, found.code),
    )
    links = await own_meters.linked(turn, account)
    own_meters.keep(turn, account, own_meters.kept_with(links, Linked(found.code, "", millis(turn.at))))
    return Changed()
