"""The connections of an account that are its customer's own: linked to it, and still in their name.

Whoever moves out keeps the link until they take it away, but sees nothing of who lives there next.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.accounts import Account
from bot.services.ports import Connection, Turn
from storage import accounts as statements


@dataclass(frozen=True, slots=True)
class Linked:
    """A customer code in an account; `name` is the customer's for it ("" for none), `added_ms` epoch ms."""

    code: str
    name: str
    added_ms: int


async def linked(turn: Turn, account: Account) -> tuple[Linked, ...]:
    """Those that were the customer's own when they were added, in that order."""
    known: tuple[Linked, ...] | None = turn.known.get(_key(account))
    if known is not None:
        return known
    rows = await turn.storage.read(statements.meters(account.id))
    return tuple(
        Linked(str(row["customer_code"]), str(row["name"]), int(str(row["added_at"])))
        for row in rows
        if row["state"] == "own"
    )


def keep(turn: Turn, account: Account, links: tuple[Linked, ...]) -> None:
    """What this turn makes of them, for whatever else it does."""
    turn.known[_key(account)] = tuple(sorted(links, key=lambda link: (link.added_ms, link.code)))


def _key(account: Account) -> str:
    return f"meters of {account.id}"


async def own(turn: Turn, account: Account) -> tuple[tuple[Linked, Connection], ...]:
    """The links that still hold, with their connections, in the order they were added.  Raises `Away`."""
    links = await linked(turn, account)
    if not links:
        return ()
    theirs = {each.customer_code: each for each in await turn.registry.connections(account.personal_number)}
    return tuple((link, theirs[link.code]) for link in links if link.code in theirs)


async def spoken_of(turn: Turn, account: Account) -> tuple[Connection, ...]:
    """The same connections, the one that the customer chose first.  Raises `Away`."""
    found = [connection for _link, connection in await own(turn, account)]
    return tuple(sorted(found, key=lambda each: each.customer_code != account.active_meter))
