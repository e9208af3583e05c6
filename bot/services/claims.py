"""Meters in another person's name: claimed by one customer, allowed or refused by another, their holder.

Until the holder has agreed, or for a week has not objected, who claims sees a masked address and the last
amount; the holder's own data never.  With `approve` they see nothing until the holder agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from bot.services import own_meters, throttle
from bot.services.accounts import Account, moment
from bot.services.my_account import Mine, SignedOut, my_account
from bot.services.own_meters import Claim, Linked, State, claim_of
from bot.services.ports import Connection, Turn, day_of
from bot.services.throttle import Window, millis
from storage import accounts as meters
from storage import claims as statements
from storage.base import Row

#: Without objection all is shown after so long.
RIPENS = timedelta(days=7)
#: A holder who must agree is reminded once and has so long.
REMINDED, EXPIRES = timedelta(days=3), timedelta(days=14)
#: For so long after a refusal the holder is not asked again.
REFUSED_FOR = timedelta(days=30)
#: Holders that one account may bother.
MADE = Window(((5, timedelta(days=1)),))
_KIND = "claim"
#: Words, to leave of each its first letter; what begins with a digit shows nothing.
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A connection in another person's name, which may be claimed."""

    code: str


@dataclass(frozen=True, slots=True)
class Added:
    """It is in the account, shown in part until that day."""

    code: str
    whole_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """The holder is asked, and has time until that day."""

    code: str
    until: date


@dataclass(frozen=True, slots=True)
class Declined:
    """The holder has refused, and is not asked again before that day."""

    code: str
    again_on: date


@dataclass(frozen=True, slots=True)
class Enough:
    """So many were claimed today that the next must wait until tomorrow."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The register does not know the connection any more."""


@dataclass(frozen=True, slots=True)
class ClaimOf:
    """Whose claim of which connection; `account` is an id."""

    account: str
    code: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """All is shown from now on."""

    who: str


@dataclass(frozen=True, slots=True)
class Removed:
    """Nothing is shown any more, and nothing may be asked for a month."""

    who: str


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who sees a meter of this customer's since that day.

    `meter` is its code where more than one meter is seen, else "".
    """

    who: str
    since: date
    meter: str
    claim: ClaimOf


@dataclass(frozen=True, slots=True)
class Seers:
    """Everybody who sees any, the newest last."""

    all: tuple[Seer, ...]


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody else sees a meter of this customer's."""


@dataclass(frozen=True, slots=True)
class Over:
    """There is no such claim any more, or it is not this customer's to decide."""


class Standing(Enum):
    """What an account has of a connection in another person's name."""

    FREE = "free"
    SHOWN = "shown"
    ASKED = "asked"
    REFUSED = "refused"


def standing(claim: Claim | None, connection: Connection, at: datetime) -> Standing:
    if claim is None:
        return Standing.FREE
    if claim.shows(connection):
        return Standing.SHOWN
    if not claim.stands(connection, at):
        return Standing.FREE
    return Standing.REFUSED if claim.state is State.REFUSED else Standing.ASKED


def as_it_stands(
    link: Linked | None, connection: Connection, at: datetime
) -> Asked | Declined | Elsewhere | None:
    """What can be said to somebody who would like to see the connection; None when they see it."""
    code, claim = connection.customer_code, link.claim if link else None
    found = standing(claim, connection, at)
    if found is Standing.SHOWN:
        return None
    if found is Standing.FREE or claim is None or claim.until is None:
        return Elsewhere(code)
    until = day_of(moment(claim.until))
    return Declined(code, until) if found is Standing.REFUSED else Asked(code, until)


async def claim_meter(
    turn: Turn, me: Mine, elsewhere: Elsewhere
) -> Added | Asked | Declined | Enough | Lost | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    connection = await turn.registry.connection(elsewhere.code)
    if connection is None:
        return Lost()
    links = await own_meters.linked(turn, account)
    link = next((link for link in links if link.code == elsewhere.code), None)
    # Asked once more, because another chat may have claimed it since.
    stands = as_it_stands(link, connection, turn.at)
    if isinstance(stands, Asked | Declined):
        return stands
    if stands is None:
        return Added(elsewhere.code, (link and link.claim and link.claim.whole_on(turn.at)) or turn.today)
    if not (await throttle.look(turn, _KIND, account.id, MADE)).allowed:
        return Enough()
    await throttle.hit(turn, _KIND, account.id, MADE)
    if link is not None and link.claim is None:  # it was their own until they moved out
        turn.write(meters.remove_meter(account.id, elsewhere.code))
    made = begin(turn, account, connection, millis(turn.at), link.claim.rev if link and link.claim else 0)
    own_meters.keep(turn, account, own_meters.kept_with(links, made))
    assert made.claim is not None
    assert made.claim.until is not None
    until = day_of(moment(made.claim.until))
    return (Added if made.claim.state is State.CLAIMED else Asked)(elsewhere.code, until)


def begin(turn: Turn, account: Account, connection: Connection, at_ms: int, rev: int = 0) -> Linked:
    """Claim a connection with this turn; its holder is told at once.  `rev` is that of an earlier claim."""
    state, lasts = (State.CLAIMED, RIPENS) if turn.claims == "notify" else (State.ASKED, EXPIRES)
    code, holder, until = connection.customer_code, connection.personal_number, millis(turn.at + lasts)
    turn.write(statements.begin(account.id, code, holder, state, until, at_ms, rev))
    return Linked(code, "", at_ms, Claim(state, holder, until, rev + 1))


async def agree_to_claim(turn: Turn, me: Mine, claim: ClaimOf) -> Agreed | Removed | Over | SignedOut:
    """Let the other account see all; a refusal, perhaps in another chat, is not taken back by that."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    row = await _claim(turn, account, claim)
    if row is None:
        return Over()
    now = claim_of(row)
    if now.state is State.REFUSED:
        return Removed(short_name(row))
    if now.state is not State.AGREED:
        added = millis(turn.at) if now.state is State.ASKED else None
        turn.write(statements.decide(claim.account, claim.code, now.rev, State.AGREED, None, "agreed", added))
    return Agreed(short_name(row))


async def refuse_claim(turn: Turn, me: Mine, claim: ClaimOf) -> Removed | Over | SignedOut:
    """Show nothing to the other account, whatever was agreed to before."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    row = await _claim(turn, account, claim)
    return Over() if row is None else _refused(turn, claim, row)


async def refuse_for_holder(turn: Turn, claim: ClaimOf) -> Removed | Over:
    """The same, by an operator whom the holder has called."""
    row = await _standing_claim(turn, claim)
    return Over() if row is None or row["state"] == State.REFUSED else _refused(turn, claim, row)


def _refused(turn: Turn, claim: ClaimOf, row: Row) -> Removed:
    now = claim_of(row)
    if now.state is not State.REFUSED:
        until = millis(turn.at + REFUSED_FOR)
        turn.write(statements.decide(claim.account, claim.code, now.rev, State.REFUSED, until, "refused"))
    return Removed(short_name(row))


async def who_sees(turn: Turn, me: Mine) -> Seers | Nobody | SignedOut:
    """Who sees meters that are in this customer's name now.  Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    rows = await turn.storage.read(statements.shown(account.personal_number))
    found = await turn.registry.connections(account.personal_number) if rows else ()
    own = {each.customer_code for each in found}
    shown = [row for row in rows if row["customer_code"] in own]
    several = len({row["customer_code"] for row in shown}) > 1
    return Seers(tuple(_seer(row, several) for row in shown)) if shown else Nobody()


def _seer(row: Row, several: bool) -> Seer:
    claim = ClaimOf(str(row["account"]), str(row["customer_code"]))
    since = day_of(moment(int(str(row["added_at"]))))
    return Seer(short_name(row), since, claim.code if several else "", claim)


async def _claim(turn: Turn, account: Account, claim: ClaimOf) -> Row | None:
    """The claim, if it is of this account's holder and still to be decided or decided."""
    row = await _standing_claim(turn, claim)
    return row if row is not None and row["holder"] == account.personal_number else None


async def _standing_claim(turn: Turn, claim: ClaimOf) -> Row | None:
    rows = await turn.storage.read(statements.find(claim.account, claim.code))
    return rows[0] if rows and rows[0]["state"] != State.EXPIRED else None


def short_name(row: Row) -> str:
    """What a holder may know of who claims: Gëzim H."""
    return f"{row['first_name']!s} {str(row['last_name'])[:1]}."


def masked_address(address: str) -> str:
    """The first letter of each word, so that those who know the place know it again."""
    return _WORD.sub(lambda word: "•" if word[0][0].isdigit() else f"{word[0][0]}•••", address)
