"""The connections of an account that its customer may see: their own, and other people's as far as allowed.

Whoever moves out keeps the link until they take it away, but sees nothing of who lives there next; and what
one holder has allowed shows nothing of the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.services.accounts import Account, moment
from bot.services.ports import Connection, Turn, day_of
from bot.services.throttle import millis
from storage import accounts as statements
from storage.base import Row


class State(StrEnum):
    """Of a claim, as its row says."""

    CLAIMED = "claimed"
    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"


#: Those of which something may be shown.
SHOWN = (State.CLAIMED, State.AGREED)


@dataclass(frozen=True, slots=True)
class Claim:
    """A connection in another person's name: theirs is the personal number `holder`.

    `until` (epoch ms) is the end of the state, None where it has none; a claim of the utility's web site has
    no holder and no end, because nobody was told of it.
    """

    state: State
    holder: str
    until: int | None
    rev: int

    def stands(self, connection: Connection, at: datetime) -> bool:
        """Whether it is about who holds the connection now, and its state has not ended."""
        return connection.personal_number == self.holder and (self.until or 0) > millis(at)

    def shows(self, connection: Connection) -> bool:
        return connection.personal_number == self.holder and self.state in SHOWN

    def whole_on(self, at: datetime) -> date | None:
        """The day from which all is shown; None where it is already."""
        return day_of(moment(self.until)) if self.until is not None and self.until > millis(at) else None


@dataclass(frozen=True, slots=True)
class Linked:
    """A customer code in an account; `name` is the customer's for it ("" for none), `added_ms` epoch ms."""

    code: str
    name: str
    added_ms: int
    claim: Claim | None = None

    @property
    def is_there(self) -> bool:
        """Whether the account has it as far as its customer can tell."""
        return self.claim is None or self.claim.state in SHOWN


@dataclass(frozen=True, slots=True)
class Seen:
    """A connection that may be seen, whole, or until `whole_on` in part: see `claims`."""

    link: Linked
    connection: Connection
    whole_on: date | None = None


async def linked(turn: Turn, account: Account) -> tuple[Linked, ...]:
    """All that are linked to the account, in the order in which they were added."""
    known: tuple[Linked, ...] | None = turn.known.get(_key(account))
    if known is not None:
        return known
    return tuple(map(_linked, await turn.storage.read(statements.meters(account.id))))


def _linked(row: Row) -> Linked:
    code, name, added = str(row["customer_code"]), str(row["name"]), int(str(row["added_at"]))
    return Linked(code, name, added, None if row["state"] == "own" else claim_of(row))


def claim_of(row: Row) -> Claim:
    until = None if row["until"] is None else int(str(row["until"]))
    return Claim(State(str(row["state"])), str(row["holder"]), until, int(str(row["rev"])))


def keep(turn: Turn, account: Account, links: tuple[Linked, ...]) -> None:
    """What this turn makes of them, for whatever else it does."""
    turn.known[_key(account)] = tuple(sorted(links, key=lambda link: (link.added_ms, link.code)))


def kept_with(links: tuple[Linked, ...], link: Linked) -> tuple[Linked, ...]:
    return (*(other for other in links if other.code != link.code), link)


def _key(account: Account) -> str:
    return f"meters of {account.id}"


async def seen(turn: Turn, account: Account) -> tuple[Seen, ...]:
    """The links that still hold, with their connections, in the order they were added.  Raises `Away`."""
    links = await linked(turn, account)
    theirs = await _theirs(turn, account) if links else {}
    found = [await _seen(turn, link, theirs) for link in links]
    return tuple(each for each in found if each is not None)


async def _theirs(turn: Turn, account: Account) -> Mapping[str, Connection]:
    key = f"connections of {account.id}"
    if key not in turn.known:
        found = await turn.registry.connections(account.personal_number)
        turn.known[key] = {each.customer_code: each for each in found}
    theirs: Mapping[str, Connection] = turn.known[key]
    return theirs


async def _seen(turn: Turn, link: Linked, theirs: Mapping[str, Connection]) -> Seen | None:
    if link.code in theirs:
        return Seen(link, theirs[link.code])
    if link.claim is None or link.claim.state not in SHOWN or not link.claim.holder:
        return None
    connection = await turn.registry.connection(link.code)
    if connection is None or not link.claim.shows(connection):
        return None
    return Seen(link, connection, link.claim.whole_on(turn.at))


async def sees_whole(turn: Turn, account: Account, code: str) -> bool:
    """Whether all of that connection may be shown to the account now.  Raises `Away`."""
    link = next((link for link in await linked(turn, account) if link.code == code), None)
    connection = await turn.registry.connection(code) if link else None
    if link is None or connection is None:
        return False
    if connection.personal_number == account.personal_number:
        return True
    return link.claim is not None and link.claim.shows(connection) and link.claim.whole_on(turn.at) is None


async def spoken_of(turn: Turn, account: Account, *, in_part: bool = False) -> tuple[Connection, ...]:
    """The connections that are seen whole, or also `in_part`, the one that the customer chose first.

    Raises `Away`.
    """
    found = [each.connection for each in await seen(turn, account) if in_part or each.whole_on is None]
    return tuple(sorted(found, key=lambda each: each.customer_code != account.active_meter))
