"""Everything that is known of a customer, as one JSON file that only they are given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.services import accounts
from bot.services.accounts import PROVED_FOR, Account, Session, session
from bot.services.my_account import Mine
from bot.services.ports import Turn
from bot.services.sign_in import Entered
from storage import accounts as statements
from storage import conversations, payments

#: More bills than any meter has.
ALL = 1000


@dataclass(frozen=True, slots=True)
class Recent:
    """A code was entered in this chat within a day."""


@dataclass(frozen=True, slots=True)
class Given:
    """The file was handed over."""


@dataclass(frozen=True, slots=True)
class NotYours:
    """The chat is no longer signed in to the account."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The last code was entered in this chat more than a day ago."""


async def recently_proved(turn: Turn, me: Mine) -> Recent | Entered:
    """Whether a code is needed first; `Entered` is who it is sent to."""
    here = await session(turn)
    fresh = here is not None and here.account.id == me.id and _is_fresh(turn, here)
    return Recent() if fresh else Entered(me.id)


def _is_fresh(turn: Turn, here: Session) -> bool:
    return turn.at - here.proved_at < PROVED_FOR


async def give_data(turn: Turn, _typed: Mapping[str, str], me: Mine) -> Given | NotYours | Stale:
    """Hand the file to the page.  Raises `Away` when the register cannot be asked.

    The question may have waited for days since a code was asked for, so it is looked at once more.
    """
    here = await session(turn)
    if here is None or here.account.id != me.id:
        return NotYours()
    if not _is_fresh(turn, here):
        return Stale()
    data = await _everything(turn, here.account)
    turn.saved.append(json.dumps(data, default=_plain, ensure_ascii=False, indent=2).encode())
    return Given()


async def _everything(turn: Turn, account: Account) -> dict[str, Any]:
    known = asdict(account)
    del known["password"], known["rev"]
    meters = await turn.storage.read(statements.meters(account.id))
    return {
        "made_at": turn.at,
        "account": known,
        "person": await turn.registry.person(account.personal_number),
        "meters": [await _meter(turn, row, account) for row in meters],
        "payments": await _payments(turn, account),
        "chats": await _chats(turn, account),
    }


async def _meter(turn: Turn, row: Mapping[str, Any], account: Account) -> dict[str, Any]:
    """A connection in another person's name is theirs: of it only the link is this customer's data."""
    code = str(row["customer_code"])
    connection = await turn.registry.connection(code) if row["state"] == "own" else None
    own = connection is not None and connection.personal_number == account.personal_number
    return {
        "customer_code": code,
        "state": row["state"],
        "name": row["name"],
        "added_at": _moment(row["added_at"]),
        "connection": connection if own else None,
        "bills": await turn.registry.invoices(code, ALL) if own else [],
    }


async def _payments(turn: Turn, account: Account) -> list[dict[str, Any]]:
    rows = await turn.storage.read(payments.orders_of(account.id))
    return [await _payment(turn, row) for row in rows]


async def _payment(turn: Turn, row: Mapping[str, Any]) -> dict[str, Any]:
    items = await turn.storage.read(payments.items(str(row["id"])))
    return {
        "reference": row["reference"],
        "amount": row["amount"],
        "state": row["state"],
        "made_at": _moment(row["created_at"]),
        "paid_at": None if row["paid_at"] is None else _moment(row["paid_at"]),
        "for": [{name: item[name] for name in ("customer_code", "invoice", "amount")} for item in items],
    }


async def _chats(turn: Turn, account: Account) -> list[dict[str, Any]]:
    rows = await turn.storage.read(statements.chats(account.id, 0))
    found = []
    for row in rows:
        kept = await turn.storage.read(conversations.load(str(row["chat"])))
        found.append(
            {
                "chat": row["chat"],
                "signed_in_at": _moment(row["signed_in_at"]),
                "used_at": _moment(row["used_at"]),
                "language": kept[0]["language"] if kept else "",
                "answers": json.loads(str(kept[0]["state"])) if kept else {},
            }
        )
    return found


def _moment(ms: object) -> datetime:
    return accounts.moment(int(str(ms)))


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return asdict(value)  # type: ignore[call-overload]  # a frozen dataclass: there is nothing else
