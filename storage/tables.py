"""Every table, for migrations and for tools that want objects; the program's turns do not import it.

Moments are UTC epoch milliseconds, documents JSON as text, prices decimals as text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint, text, true
from sqlmodel import Field, SQLModel


def _serial() -> Any:
    """A number the database gives, never twice.  SQLite numbers only a column of exactly this type."""
    number = BigInteger().with_variant(Integer(), "sqlite")
    return Field(default=None, sa_column=Column(number, primary_key=True, autoincrement=True))


def _moment(primary: bool = False) -> Any:
    return Field(sa_type=BigInteger, primary_key=primary)


def _text(primary: bool = False) -> Any:
    return Field(sa_type=Text, primary_key=primary)


_NUMBERED = {"sqlite_autoincrement": True}


class Inbox(SQLModel, table=True):
    """What has reached us.  The body is blanked when it is done; the key stays, against duplicates."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "key", name="inbox_key"),
        Index(
            "inbox_new",
            "state",
            "seq",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
        Index("inbox_old", "received_at"),
        _NUMBERED,
    )

    seq: int = _serial()
    channel: str = _text()
    key: str = _text()
    chat: str = _text()
    received_at: int = _moment()
    body: bytes | None = Field(sa_type=LargeBinary)
    state: str = _text()  # new, done, failed
    tries: int = Field(sa_column_kwargs={"server_default": "0"})
    error: str | None = _text()


class Conversation(SQLModel, table=True):
    """What a chat has told us, as of its `rev`."""

    __tablename__ = "conversation"

    chat: str = _text(primary=True)
    rev: int = Field()
    language: str = _text()
    state: str = _text()
    touched_at: int = _moment()
    reachable: bool = Field(sa_column_kwargs={"server_default": true()})


_WAITING = text("state = 'waiting'")
_UNSENT = text("state in ('waiting', 'sending')")


class Outbox(SQLModel, table=True):
    """What is to be said, in the order of ids within a chat and channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "channel", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("outbox_unsent", "chat", "id", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("outbox_old", "created_at"),
        _NUMBERED,
    )

    id: int = _serial()
    chat: str = _text()
    channel: str = _text()
    kind: str = _text()  # line, edit, strip, sms, email
    body: str = _text()
    prompt: int = Field(sa_column_kwargs={"server_default": "0"})
    careful: bool  # to be marked before it is sent, because it must not go out twice
    state: str = _text()  # waiting, sending, sent, dead, dropped
    tries: int = Field(sa_column_kwargs={"server_default": "0"})
    created_at: int = _moment()
    due_at: int = _moment()
    error: str | None = _text()


class SentPrompt(SQLModel, table=True):
    """Which message of a chat carries which prompt."""

    __tablename__ = "sent_prompt"

    chat: str = _text(primary=True)
    prompt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    message_id: str = _text()


class Timer(SQLModel, table=True):
    """When a conversation is to be woken."""

    __tablename__ = "timer"
    __table_args__ = (Index("timer_due", "due_at"),)

    chat: str = _text(primary=True)
    kind: str = _text(primary=True)
    due_at: int = _moment()


class TurnLog(SQLModel, table=True):
    """One row a turn: what happened to which step, and how long it took."""

    __tablename__ = "turn_log"
    __table_args__ = (Index("turn_log_old", "at"), _NUMBERED)

    id: int = _serial()
    chat: str = _text()
    channel: str = _text()
    key: str = _text()
    at: int = _moment()
    event: str = _text()
    dialog: str = _text()
    step: str = _text()
    prompt: int
    walks: int
    millis: float


class Tariff(SQLModel, table=True):
    """A tariff group's prices from a day on: c€/kWh in two blocks, the fixed charge in euros a month."""

    __tablename__ = "tariff"

    tariff_group: str = _text(primary=True)
    valid_from: str = _text(primary=True)
    block_kwh: str = _text()
    high_1: str = _text()
    low_1: str = _text()
    high_2: str = _text()
    low_2: str = _text()
    fixed: str = _text()
    vat: str = _text()


class WebMessage(SQLModel, table=True):
    """What a browser shows of its chat."""

    __tablename__ = "web_message"
    __table_args__ = (
        Index("web_message_chat", "chat", "id"),
        Index("web_message_old", "created_at"),
        _NUMBERED,
    )

    id: int = _serial()
    chat: str = _text()
    author: str = _text()  # me, bot
    body: str = _text()
    prompt: int
    live: bool
    created_at: int = _moment()
    changed_at: int = _moment()


class PhoneMessage(SQLModel, table=True):
    """What the demo's phone shows."""

    __tablename__ = "phone_message"
    __table_args__ = (Index("phone_message_chat", "chat", "id"), _NUMBERED)

    id: int = _serial()
    chat: str = _text()
    kind: str = _text()  # sms, email
    recipient: str = _text()
    subject: str = _text()
    body: str = _text()
    created_at: int = _moment()


class Note(SQLModel, table=True):
    """Small facts of a process that outlive it, such as how far polling has come."""

    __tablename__ = "note"

    key: str = _text(primary=True)
    value: str = _text()
