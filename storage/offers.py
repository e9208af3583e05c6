"""Statements on offers: buttons that work once."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE


def make(id: str, chat: str, account: str, dialog: str, args: str, expires_ms: int) -> Write:
    """`account` is "" for an offer to whoever is in the chat."""
    return Write(
        "insert into offer (id, chat, account, dialog, args, expires_at)"
        " values (:id, :chat, :account, :dialog, :args, :expires)",
        {
            "id": id,
            "chat": chat,
            "account": account,
            "dialog": dialog,
            "args": args,
            "expires": expires_ms,
        },
    )


def find(id: str) -> Query:
    return Query(
        "select chat, account, dialog, args, expires_at, used_at from offer where id = :id", {"id": id}
    )


def use(id: str, at_ms: int) -> Write:
    """Guard `offer`: it was used meanwhile."""
    return Write(
        "update offer set used_at = :at where id = :id and used_at is null",
        {"id": id, "at": at_ms},
        rows=1,
        guard="offer",
    )


def forget_of(account: str) -> Write:
    """What was offered to an account that is erased."""
    return Write("delete from offer where account = :account", {"account": account})


def forget_old(before_ms: int) -> Write:
    """What nobody can take any more, a page of it; returns the ids that are gone."""
    return Write(
        f"delete from offer where id in (select id from offer where expires_at < :before limit {PAGE})"
        " returning id",
        {"before": before_ms},
    )
