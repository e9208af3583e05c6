"""A further meter for an account: found by its customer code, and added when it is the customer's own.

One that is in another person's name is noted; nothing of it is shown, and nothing is told of its holder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.services import own_meters, throttle
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
class Elsewhere:
    """A connection in another person's name."""

    code: str


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
) -> Found | Elsewhere | There | Unknown | TooMany | TooOften | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    linked = [str(row["customer_code"]) for row in await turn.storage.read(statements.meters(account.id))]
    if code in linked:
        return There(code)
    if len(linked) >= MOST_METERS:
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
        return Elsewhere(code)
    return Found(code, found.address, found.meter_number, found.tariff_group)


async def add_meter(turn: Turn, me: Mine, found: Found) -> Changed | SignedOut:
    return await _add(turn, me, found.code, "own")


async def note_claim(turn: Turn, me: Mine, elsewhere: Elsewhere) -> Changed | SignedOut:
    """Remember that the customer would like to see a connection in another person's name."""
    return await _add(turn, me, elsewhere.code, "claimed")


async def _add(turn: Turn, me: Mine, code: str, state: str) -> Changed | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    turn.write(statements.add_meter(account.id, code, state, millis(turn.at)))
    if state == "own":
        own_meters.keep(
            turn, account, (*await own_meters.linked(turn, account), Linked(code, "", millis(turn.at)))
        )
    return Changed()
