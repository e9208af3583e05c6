"""Statements on one-time codes that are out.  The codes themselves are nowhere: they follow from the ids."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE

GUARD = "challenge"


def add(id: str, chat: str, purpose: str, recipient: str, way: str, expires_ms: int) -> Write:
    """`way` is `sms`, `email`, or `chat` for a code that opens an account in another chat.

    Of such a one `id` is the code's HMAC, and `recipient` the account.
    """
    return Write(
        "insert into challenge (id, chat, purpose, recipient, way, expires_at)"
        " values (:id, :chat, :purpose, :recipient, :way, :expires)",
        {
            "id": id,
            "chat": chat,
            "purpose": purpose,
            "recipient": recipient,
            "way": way,
            "expires": expires_ms,
        },
        rows=1,
        guard=GUARD,
    )


def open_one(id: str, chat: str, purpose: str, now_ms: int, most: int) -> Query:
    """`recipient`, `way`, `rev` and `tries` of a code that may still be entered there for that, or no row."""
    return Query(
        "select recipient, way, rev, tries from challenge where id = :id and chat = :chat"
        " and purpose = :purpose and used_at is null and expires_at > :now and tries < :most",
        {"id": id, "chat": chat, "purpose": purpose, "now": now_ms, "most": most},
    )


def open_anywhere(id: str, purpose: str, now_ms: int) -> Query:
    """`chat`, `recipient` and `rev` of a code that may still be entered in any chat, or no row."""
    return Query(
        "select chat, recipient, rev from challenge where id = :id and purpose = :purpose"
        " and used_at is null and expires_at > :now",
        {"id": id, "purpose": purpose, "now": now_ms},
    )


def newest(chat: str, purpose: str, recipients: tuple[str, str], now_ms: int, most: int) -> Query:
    """`id` of the code that went last to one of these, if it may still be entered."""
    return Query(
        "select id from challenge where expires_at > :now and chat = :chat and purpose = :purpose"
        " and recipient in (:recipient, :other) and used_at is null and tries < :most"
        " order by expires_at desc, id limit 1",
        {
            "chat": chat,
            "purpose": purpose,
            "recipient": recipients[0],
            "other": recipients[1],
            "now": now_ms,
            "most": most,
        },
    )


def miss(id: str, rev: int) -> Write:
    """Count a wrong code.  Guard `challenge`: somebody else has tried it since `rev`."""
    return Write(
        "update challenge set tries = tries + 1, rev = rev + 1"
        " where id = :id and rev = :rev and used_at is null",
        {"id": id, "rev": rev},
        rows=1,
        guard=GUARD,
    )


def use(id: str, rev: int, at_ms: int) -> Write:
    """The right code, once.  Guard `challenge`: somebody else has tried it since `rev`."""
    return Write(
        "update challenge set used_at = :at, rev = rev + 1 where id = :id and rev = :rev and used_at is null",
        {"id": id, "rev": rev, "at": at_ms},
        rows=1,
        guard=GUARD,
    )


def forget_old(before_ms: int) -> Write:
    """Codes that have expired, a page of them; returns the ids that are gone."""
    return Write(
        "delete from challenge where id in"
        f" (select id from challenge where expires_at < :before limit {PAGE}) returning id",
        {"before": before_ms},
    )
