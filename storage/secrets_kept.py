"""Statements on what was typed on a one-time page, hashed or sealed, until its dialog has used it."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE

GUARD = "secret"


def keep(ref: str, chat: str, body: str, expires_ms: int) -> Write:
    """Guard `secret`: something is kept under that name already."""
    return Write(
        "insert into secret (ref, chat, body, expires_at) values (:ref, :chat, :body, :expires)",
        {"ref": ref, "chat": chat, "body": body, "expires": expires_ms},
        rows=1,
        guard=GUARD,
    )


def get(ref: str, chat: str, now_ms: int) -> Query:
    """`body`, or no row: never kept for that chat, used up, or too old."""
    return Query(
        "select body from secret where ref = :ref and chat = :chat and expires_at > :now",
        {"ref": ref, "chat": chat, "now": now_ms},
    )


def use_up(ref: str, chat: str) -> Write:
    """Take it out in the turn that uses it.  Guard `secret`: another turn has used it."""
    return Write(
        "delete from secret where ref = :ref and chat = :chat",
        {"ref": ref, "chat": chat},
        rows=1,
        guard=GUARD,
    )


def forget_of(chat: str) -> Write:
    """All that is kept for a chat, when its dialog is over or it signs out."""
    return Write("delete from secret where chat = :chat", {"chat": chat})


def forget_old(before_ms: int) -> Write:
    """What nobody has used in time, a page of it; returns the references that are gone."""
    return Write(
        f"delete from secret where ref in (select ref from secret where expires_at < :before limit {PAGE})"
        " returning ref",
        {"before": before_ms},
    )
