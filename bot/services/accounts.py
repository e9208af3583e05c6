"""Accounts as services see them, and which chat is signed in to which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.services.ports import Turn
from bot.services.throttle import millis
from storage import accounts
from storage.base import Row

#: A chat that was not used for so long is signed out.
IDLE = timedelta(days=30)
#: How exactly the last use of a chat is known: a write for every tap would be too much.
NOTED = timedelta(hours=1)
#: Contact data, payments and the export ask for a new code when the last is older.
PROVED_FOR = timedelta(hours=24)
_HERE = "account of this chat"


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's account, as of its `rev`; `email` in lower case, `phone` as E.164."""

    id: str
    rev: int
    personal_number: str
    first_name: str
    last_name: str
    display_name: str
    email: str
    phone: str
    password: str
    notices_off: tuple[str, ...]
    phone_proved: bool
    email_proved: bool
    created_at: datetime
    delete_at: datetime | None
    #: The customer code that is spoken of, "" for the first.
    active_meter: str = ""
    #: The channel that notices go to, "" for every chat.
    notices_to: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """What a password must not tell of its owner."""
        names = (self.first_name, self.last_name, self.display_name)
        return (*names, self.personal_number, self.email, self.phone)


@dataclass(frozen=True, slots=True)
class Session:
    """A chat that is signed in, and when a code was last entered there."""

    account: Account
    proved_at: datetime


async def session(turn: Turn) -> Session | None:
    """Who the chat of this turn belongs to; None when nobody is signed in there."""
    if _HERE not in turn.known:
        turn.known[_HERE] = await _session(turn)
    found: Session | None = turn.known[_HERE]
    return found


async def _session(turn: Turn) -> Session | None:
    rows = await turn.storage.read(accounts.of_chat(turn.chat, millis(turn.at - IDLE)))
    if not rows:
        return None
    if _number(rows[0], "used_at") < millis(turn.at - NOTED):
        turn.write(accounts.used(turn.chat, millis(turn.at)))
    return Session(account_of(rows[0]), moment(_number(rows[0], "proved_at")))


async def session_of(turn: Turn, chat: str) -> Session | None:
    """Who another chat belongs to."""
    rows = await turn.storage.read(accounts.of_chat(chat, millis(turn.at - IDLE)))
    return Session(account_of(rows[0]), moment(_number(rows[0], "proved_at"))) if rows else None


async def find(turn: Turn, by: str, value: str) -> Account | None:
    """The account with this `id`, `personal_number`, `email` or `phone`."""
    rows = await turn.storage.read(accounts.find(by, value))
    return account_of(rows[0]) if rows else None


def sign_in(turn: Turn, account: Account, *, proved_at: datetime | None = None) -> None:
    """The chat belongs to the account from now on, also for what this turn still does.

    `proved_at` is when a code was last entered for it, None for just now.
    """
    proved_at = proved_at or turn.at
    turn.write(accounts.link(turn.chat, account.id, millis(turn.at), millis(proved_at)))
    turn.known[_HERE] = Session(account, proved_at)


def sign_out(turn: Turn, account: Account, chat: str) -> None:
    turn.write(accounts.sign_out(account.id, chat))
    if chat == turn.chat:
        turn.known[_HERE] = None


def changed(turn: Turn, account: Account) -> None:
    """What this turn has made of the account, for whatever else it does."""
    here = turn.known.get(_HERE)
    if isinstance(here, Session) and here.account.id == account.id:
        turn.known[_HERE] = Session(account, here.proved_at)


def account_of(row: Row) -> Account:
    return Account(
        id=str(row["id"]),
        rev=_number(row, "rev"),
        personal_number=str(row["personal_number"]),
        first_name=str(row["first_name"]),
        last_name=str(row["last_name"]),
        display_name=str(row["display_name"]),
        email=str(row["email"]),
        phone=str(row["phone"]),
        password=str(row["password"]),
        notices_off=tuple(filter(None, str(row["notices_off"]).split(";"))),
        phone_proved=row["phone_proved_at"] is not None,
        email_proved=row["email_proved_at"] is not None,
        created_at=moment(_number(row, "created_at")),
        delete_at=None if row["delete_at"] is None else moment(_number(row, "delete_at")),
        active_meter=str(row["active_meter"]),
        notices_to=str(row["notices_to"]),
    )


def _number(row: Row, column: str) -> int:
    return int(str(row[column]))


def moment(ms: int) -> datetime:
    """A column's UTC epoch milliseconds as a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC)
