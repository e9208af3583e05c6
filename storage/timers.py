"""Statements on when a conversation is to be woken; a chat has at most one timer of a kind."""

from __future__ import annotations

from storage.base import Query, Write


def schedule(chat: str, kind: str, due_ms: int) -> Write:
    """Set the timer, or move it."""
    return Write(
        "insert into timer (chat, kind, due_at) values (:chat, :kind, :due)"
        " on conflict (chat, kind) do update set due_at = excluded.due_at",
        {"chat": chat, "kind": kind, "due": due_ms},
    )


def cancel(chat: str, kind: str) -> Write:
    return Write("delete from timer where chat = :chat and kind = :kind", {"chat": chat, "kind": kind})


def due(now_ms: int, limit: int = 100) -> Query:
    """What has gone off, except in chats that cannot be reached."""
    return Query(
        "select chat, kind, due_at from timer where due_at <= :now and not exists ("
        "select 1 from conversation where conversation.chat = timer.chat and not conversation.reachable)"
        " order by due_at limit :limit",
        {"now": now_ms, "limit": limit},
    )


def fire(chat: str, kind: str, due_ms: int) -> Write:
    """Take the timer off in the turn it woke.  Guard `timer`: it was moved, cancelled or fired meanwhile."""
    return Write(
        "delete from timer where chat = :chat and kind = :kind and due_at = :due",
        {"chat": chat, "kind": kind, "due": due_ms},
        rows=1,
        guard="timer",
    )
