"""Every table, for migrations and for tools that want objects; the program's turns do not import it.

Moments are UTC epoch milliseconds, documents JSON as text, prices decimals as text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
    true,
)
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
_FAILED = text("state = 'failed'")


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
        Index("inbox_failed", "seq", sqlite_where=_FAILED, postgresql_where=_FAILED),
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
_DEAD = text("state = 'dead'")


class Outbox(SQLModel, table=True):
    """What is to be said, in the order of ids within a chat and channel."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "channel", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("outbox_unsent", "chat", "id", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("outbox_dead", "id", sqlite_where=_DEAD, postgresql_where=_DEAD),
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


_MET = text("error <> ''")


class TurnLog(SQLModel, table=True):
    """One row a turn: what happened to which step, how long it took, and the error the customer was told."""

    __tablename__ = "turn_log"
    __table_args__ = (
        Index("turn_log_old", "at"),
        Index("turn_log_error", "error", sqlite_where=_MET, postgresql_where=_MET),
        _NUMBERED,
    )

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
    error: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})


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


class Customer(SQLModel, table=True):
    """A person in the utility's register, as it exported them."""

    __tablename__ = "customer"

    personal_number: str = _text(primary=True)
    first_name: str = _text()
    last_name: str = _text()
    id_valid_until: str = _text()  # a day


class Connection(SQLModel, table=True):
    """A place with its meter, in the name of a person; `balance` in euros is owed when above zero."""

    __tablename__ = "connection"
    __table_args__ = (Index("connection_person", "personal_number"),)

    customer_code: str = _text(primary=True)
    personal_number: str = _text()
    meter_number: str = _text()
    address: str = _text()
    tariff_group: str = _text()
    balance: str = _text()
    as_of: str = _text()


class Invoice(SQLModel, table=True):
    """A month's bill of a connection: readings in kWh, money in euros, `period` like 2026-01."""

    __tablename__ = "invoice"
    __table_args__ = (Index("invoice_connection", "customer_code", "period"),)

    number: str = _text(primary=True)
    customer_code: str = _text()
    period: str = _text()
    issued_on: str = _text()
    due_on: str = _text()
    high_from: str = _text()
    high_to: str = _text()
    low_from: str = _text()
    low_to: str = _text()
    constant: str = _text()
    net: str = _text()
    vat: str = _text()
    total: str = _text()
    paid: str = _text()


class Account(SQLModel, table=True):
    """A customer's account; one a person, an e-mail address and a phone number."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("personal_number", name="account_personal_number"),
        UniqueConstraint("email", name="account_email"),
        UniqueConstraint("phone", name="account_phone"),
    )

    id: str = _text(primary=True)
    rev: int = Field(sa_column_kwargs={"server_default": "1"})
    personal_number: str = _text()
    first_name: str = _text()
    last_name: str = _text()
    display_name: str = _text()
    email: str = _text()  # normalised, lower case
    phone: str = _text()  # E.164
    password: str = _text()  # argon2id or, imported, bcrypt
    notices_off: str = _text()  # kinds that are switched off, separated by ;
    phone_proved_at: int | None = _moment()
    email_proved_at: int | None = _moment()
    created_at: int = _moment()
    delete_at: int | None = _moment()  # when it is to be erased
    #: The customer code that is spoken of unless another is named.
    active_meter: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    #: The channel that notices go to, empty for every chat.
    notices_to: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})


_UNTOLD = text("tell <> ''")
_ASKED = text("state = 'asked'")


class AccountMeter(SQLModel, table=True):
    """A connection in an account: its person's own, or claimed although it is in another name."""

    __tablename__ = "account_meter"
    __table_args__ = (
        Index("account_meter_code", "customer_code"),
        Index("account_meter_untold", "added_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
        Index("account_meter_asked", "until", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    account: str = _text(primary=True)
    customer_code: str = _text(primary=True)
    state: str = _text()  # own, or as storage.claims has it
    name: str = _text()
    added_at: int = _moment()
    rev: int = Field(default=1, sa_type=BigInteger, sa_column_kwargs={"server_default": text("1")})
    holder: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    until: int | None = Field(sa_type=BigInteger)
    reminded_at: int | None = Field(sa_type=BigInteger)
    tell: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})


class ChatLink(SQLModel, table=True):
    """A chat that is signed in; `proved_at` is when a code was last entered there."""

    __tablename__ = "chat_link"
    __table_args__ = (Index("chat_link_account", "account"),)

    chat: str = _text(primary=True)
    account: str = _text()
    signed_in_at: int = _moment()
    used_at: int = _moment()
    proved_at: int = _moment()


class Challenge(SQLModel, table=True):
    """A one-time code that is out.  The code itself is nowhere: it follows from the id and the secret key."""

    __tablename__ = "challenge"
    __table_args__ = (Index("challenge_old", "expires_at"),)

    id: str = _text(primary=True)
    chat: str = _text()
    purpose: str = _text()
    recipient: str = _text()
    way: str = _text()  # sms, email; chat, of which the id is the code's HMAC
    rev: int = Field(sa_column_kwargs={"server_default": "1"})
    tries: int = Field(sa_column_kwargs={"server_default": "0"})
    expires_at: int = _moment()
    used_at: int | None = _moment()


class Throttle(SQLModel, table=True):
    """What was tried how often, under a key that names nobody; changed by compare and set on `rev`."""

    __tablename__ = "throttle"
    __table_args__ = (Index("throttle_old", "until"),)

    key: str = _text(primary=True)
    rev: int = Field()
    state: str = _text()
    until: int = _moment()  # of no more use afterwards


class Form(SQLModel, table=True):
    """A one-time page that may be opened: the hash of its token, and the question it answers."""

    __tablename__ = "form"
    __table_args__ = (Index("form_old", "expires_at"),)

    token_hash: str = _text(primary=True)
    chat: str = _text()
    question: str = _text()
    expires_at: int = _moment()
    used_at: int | None = _moment()


class File(SQLModel, table=True):
    """A document that may be opened: the hash of its token, and what it says, which the token unseals."""

    __tablename__ = "file"
    __table_args__ = (Index("file_chat", "chat"), Index("file_old", "expires_at"))

    token_hash: str = _text(primary=True)
    chat: str = _text()
    body: bytes = Field(sa_type=LargeBinary)
    expires_at: int = _moment()


class Secret(SQLModel, table=True):
    """What was typed on a one-time page, hashed or sealed, until its dialog has used it."""

    __tablename__ = "secret"
    __table_args__ = (Index("secret_old", "expires_at"),)

    ref: str = _text(primary=True)
    chat: str = _text()
    body: str = _text()
    expires_at: int = _moment()


class Offer(SQLModel, table=True):
    """A button that may be pressed once: the dialog it starts, and what that is told beforehand."""

    __tablename__ = "offer"
    __table_args__ = (Index("offer_old", "expires_at"),)

    id: str = _text(primary=True)
    chat: str = _text()
    account: str = _text()  # "" for anybody's
    dialog: str = _text()
    args: str = _text()
    expires_at: int = _moment()
    used_at: int | None = _moment()


class Notice(SQLModel, table=True):
    """Something that an account is told once; the key stays, so that it is not told again."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_waiting", "state", "created_at"),
        Index("notice_account", "account"),
    )

    key: str = _text(primary=True)
    account: str = _text()
    kind: str = _text()
    customer_code: str = _text()
    invoice: str = _text()
    state: str = _text()  # waiting, told, dropped
    created_at: int = _moment()


class PaymentOrder(SQLModel, table=True):
    """What a customer wanted to pay: open, paid or refunded.  Kept when its account is erased."""

    __tablename__ = "payment_order"
    __table_args__ = (
        UniqueConstraint("token_hash", name="payment_order_token"),
        UniqueConstraint("reference", name="payment_order_reference"),
        Index("payment_order_account", "account", "created_at"),
    )

    id: str = _text(primary=True)
    token_hash: str = _text()
    account: str = _text()
    chat: str = _text()
    reference: str = _text()
    amount: str = _text()
    state: str = _text()
    created_at: int = _moment()
    expires_at: int = _moment()
    paid_at: int | None = _moment()


class PaymentItem(SQLModel, table=True):
    """What of an order goes to which bill ("": to the balance).

    `rest` was left of the bill then, and `ours` had been paid for it through us by then, in euros.
    """

    __tablename__ = "payment_item"
    __table_args__ = (Index("payment_item_code", "customer_code", "paid_at"),)

    order_id: str = _text(primary=True)
    customer_code: str = _text(primary=True)
    invoice: str = _text(primary=True)
    amount: str = _text()
    rest: str = _text()
    ours: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("'0.00'")})
    paid_at: int | None = _moment()


class PaymentTry(SQLModel, table=True):
    """One order at a provider: opening until it is known there, then a `Fate`; asked about at `check_at`."""

    __tablename__ = "payment_try"
    __table_args__ = (
        UniqueConstraint("order_id", "n", name="payment_try_number"),
        UniqueConstraint("provider", "provider_order", name="payment_try_provider"),
        Index("payment_try_check", "check_at"),
    )

    reference: str = _text(primary=True)
    order_id: str = _text()
    n: int
    provider: str = _text()
    provider_order: str | None = _text()
    page: str = _text()
    state: str = _text()
    checks: int
    created_at: int = _moment()
    check_at: int | None = _moment()


class PaymentTrouble(SQLModel, table=True):
    """Money that an operator has to look at, or has looked at: then by whom, and what they say of it."""

    __tablename__ = "payment_trouble"
    __table_args__ = (Index("payment_trouble_open", "settled_at", "created_at"),)

    key: str = _text(primary=True)
    kind: str = _text()
    order_id: str = _text()
    detail: str = _text()
    amount: str = _text()
    created_at: int = _moment()
    settled_at: int | None = _moment()
    settled_by: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    settled_note: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})


class SandboxOrder(SQLModel, table=True):
    """An order of the sandbox provider; from `word_at` on it tells of its state."""

    __tablename__ = "sandbox_order"

    id: str = _text(primary=True)
    reference: str = _text()
    amount: str = _text()
    description: str = _text()
    language: str = _text()
    back_url: str = _text()
    notify_url: str = _text()
    state: str = _text()
    created_at: int = _moment()
    word_at: int = _moment()


class ViberChat(SQLModel, table=True):
    """What the Viber bridge knows of a chat; moments are 0 where there was none."""

    __tablename__ = "viber_chat"

    chat: str = _text(primary=True)
    subscribed: bool
    level: int  # of the API that the customer's Viber speaks
    heard_at: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    newest_at: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    standing_at: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})
    keyboard: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    welcome_key: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    welcome: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})


class ViberSent(SQLModel, table=True):
    """A message that Viber took, by its token, and what became of it."""

    __tablename__ = "viber_sent"
    __table_args__ = (Index("viber_sent_chat", "chat"), Index("viber_sent_old", "sent_at"))

    token: str = _text(primary=True)
    chat: str = _text()
    plain: str = _text()  # to be said where a phone refuses it; blanked when it need not be
    billing: int
    sent_at: int = _moment()
    delivered_at: int | None = Field(sa_type=BigInteger)
    seen_at: int | None = Field(sa_type=BigInteger)
    failed_at: int | None = Field(sa_type=BigInteger)


class OperatorLog(SQLModel, table=True):
    """Who of the operators did what to which subject, whether personal data was shown, and why."""

    __tablename__ = "operator_log"
    __table_args__ = (Index("operator_log_old", "at"), _NUMBERED)

    id: int = _serial()
    at: int = _moment()
    operator: str = _text()
    command: str = _text()
    subject: str = _text()
    personal: bool
    note: str = _text()
    outcome: str = _text()  # shown, nothing, unknown, done, refused
