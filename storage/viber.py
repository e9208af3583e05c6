"""Statements on what the Viber bridge knows of its chats, and on what was sent to them."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE

#: A level below zero is one that the customer's Viber says it has, though it turned a message down.
_TAKES = "case when level < 0 then 1 else level end"
#: Which is remembered until their Viber is another one.
_SAYS = "case when viber_chat.level = -excluded.level then viber_chat.level else excluded.level end"
#: Who subscribed or left since then stands as that has it.
_STANDS = (
    "subscribed = case when viber_chat.standing_at > excluded.standing_at then viber_chat.subscribed"
    " else excluded.subscribed end,"
    " standing_at = case when viber_chat.standing_at > excluded.standing_at then viber_chat.standing_at"
    " else excluded.standing_at end"
)


def chat(chat: str) -> Query:
    """`subscribed`, the `level` of the customer's Viber, `heard_at` (ms, 0: never), `newest_at` and
    `standing_at` (by Viber's clock), and the `keyboard` that stands ("" for none); or no row.
    """
    return Query(
        f"select subscribed, {_TAKES} as level, heard_at, newest_at, standing_at, keyboard from viber_chat"
        " where chat = :chat",
        {"chat": chat},
    )


def welcome(chat: str, key: str) -> Query:
    """`welcome` that was given under that key, or no row."""
    return Query(
        "select welcome from viber_chat where chat = :chat and welcome_key = :key",
        {"chat": chat, "key": key},
    )


def met(chat: str, subscribed: bool, level: int) -> Write:
    """The chat was opened; who subscribed stays so."""
    return Write(
        "insert into viber_chat (chat, subscribed, level) values (:chat, :subscribed, :level)"
        f" on conflict (chat) do update set level = {_SAYS},"
        " subscribed = (viber_chat.subscribed or excluded.subscribed)",
        {"chat": chat, "subscribed": subscribed, "level": level},
    )


def heard(chat: str, at_ms: int, said_ms: int, level: int) -> Write:
    """The customer wrote at `said_ms` by Viber's clock, which subscribes them; at `at_ms` a session began."""
    return Write(
        "insert into viber_chat (chat, subscribed, level, heard_at, standing_at)"
        " values (:chat, true, :level, :at, :said)"
        f" on conflict (chat) do update set {_STANDS}, level = {_SAYS},"
        " heard_at = case when viber_chat.heard_at > :at then viber_chat.heard_at else :at end",
        {"chat": chat, "level": level, "at": at_ms, "said": said_ms},
    )


def joined(chat: str, at_ms: int, level: int) -> Write:
    """The customer subscribed without a word, at a moment of Viber's clock."""
    return Write(
        "insert into viber_chat (chat, subscribed, level, standing_at) values (:chat, true, :level, :at)"
        f" on conflict (chat) do update set {_STANDS}, level = {_SAYS}",
        {"chat": chat, "level": level, "at": at_ms},
    )


def left(chat: str, at_ms: int) -> Write:
    """The customer left, at a moment of Viber's clock."""
    return Write(
        "insert into viber_chat (chat, subscribed, level, standing_at) values (:chat, false, 1, :at)"
        f" on conflict (chat) do update set {_STANDS}",
        {"chat": chat, "at": at_ms},
    )


def kept(chat: str, newest_ms: int) -> Write:
    """A message of that moment, by Viber's clock, is in the inbox: what is older comes too late.

    Belongs to the commit that puts it there.
    """
    return Write(
        "update viber_chat set newest_at = :newest where chat = :chat and newest_at < :newest",
        {"chat": chat, "newest": newest_ms},
    )


def out_of_reach(chat: str) -> Write:
    """Viber does not reach the customer, until they are heard again."""
    return Write("update viber_chat set subscribed = false where chat = :chat", {"chat": chat})


def lowered(chat: str) -> Write:
    """The customer's Viber takes less than it says: only what every Viber takes, which is level 1."""
    return Write("update viber_chat set level = -level where chat = :chat and level > 0", {"chat": chat})


def welcomed(chat: str, key: str, body: str) -> Write:
    """What answered the opening of the chat, to be repeated when Viber asks again."""
    return Write(
        "update viber_chat set welcome_key = :key, welcome = :body where chat = :chat",
        {"chat": chat, "key": key, "body": body},
    )


def showed(chat: str, keyboard: str) -> Write:
    """The keyboard that stands beneath the chat now."""
    return Write(
        "update viber_chat set keyboard = :keyboard where chat = :chat", {"chat": chat, "keyboard": keyboard}
    )


def sent(token: str, chat: str, plain: str, billing: int, at_ms: int) -> Write:
    """A message is out; `plain` is what to say where the phone refuses it, "" for no second try.

    Returns `failed_at`, which is there already when the phone was faster than this.
    """
    return Write(
        "insert into viber_sent (token, chat, plain, billing, sent_at)"
        " values (:token, :chat, :plain, :billing, :at) on conflict (token) do update"
        " set chat = excluded.chat, plain = excluded.plain, billing = excluded.billing"
        " where viber_sent.failed_at is not null and viber_sent.sent_at = viber_sent.failed_at"
        " returning failed_at",
        {"token": token, "chat": chat, "plain": plain, "billing": billing, "at": at_ms},
    )


def count_sent(chat: str, since_ms: int) -> Query:
    """`n` messages that were sent to a chat since then."""
    return Query(
        "select count(*) as n from viber_sent where chat = :chat and sent_at >= :since",
        {"chat": chat, "since": since_ms},
    )


def arrived(token: str, seen: bool, at_ms: int) -> Write:
    """A device has it, or the customer has seen it; it need not be said again."""
    column = "seen_at" if seen else "delivered_at"
    return Write(
        f"update viber_sent set plain = '', {column} = coalesce({column}, :at) where token = :token",
        {"token": token, "at": at_ms},
    )


def failed(token: str, chat: str, at_ms: int) -> Write:
    """The phone refused it, perhaps before we have noted that it is out."""
    return Write(
        "insert into viber_sent (token, chat, plain, billing, sent_at, failed_at)"
        " values (:token, :chat, '', 0, :at, :at) on conflict (token) do update"
        " set failed_at = coalesce(viber_sent.failed_at, excluded.failed_at)",
        {"token": token, "chat": chat, "at": at_ms},
    )


def refused(token: str) -> Query:
    """`chat` and `plain` of a message that the phone refused, and that no device has."""
    return Query(
        "select chat, plain from viber_sent where token = :token and plain <> ''"
        " and delivered_at is null and failed_at is not null",
        {"token": token},
    )


def said_plainly(token: str) -> Write:
    """Guard `viber`: it was said again already, or has arrived after all."""
    return Write(
        "update viber_sent set plain = '' where token = :token and plain <> ''",
        {"token": token},
        rows=1,
        guard="viber",
    )


def over(token: str) -> Write:
    """What the message asks is answered: a phone that refuses it need not be told it any more."""
    return Write("update viber_sent set plain = '' where token = :token", {"token": token})


def forget(chat: str) -> list[Write]:
    """What was said to a chat, and the keyboard beneath it."""
    return [
        Write("delete from viber_sent where chat = :chat", {"chat": chat}),
        Write(
            "update viber_chat set keyboard = '', welcome = '', welcome_key = '' where chat = :chat",
            {"chat": chat},
        ),
    ]


def forget_old(before_ms: int) -> Write:
    """Messages whose receipts are no more waited for; returns the tokens that are gone."""
    return Write(
        "delete from viber_sent where token in"
        f" (select token from viber_sent where sent_at < :before limit {PAGE}) returning token",
        {"before": before_ms},
    )
