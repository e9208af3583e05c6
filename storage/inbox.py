"""Statements on what has reached us: kept before anything is confirmed, and done in its turn's own commit."""

from __future__ import annotations

from storage.base import Query, Write


def receive(channel: str, key: str, chat: str, body: bytes, at_ms: int) -> Write:
    """Keep an update; returns its `seq`, or no row when this update was kept before."""
    return Write(
        "insert into inbox (channel, key, chat, received_at, body, state)"
        " values (:channel, :key, :chat, :at, :body, 'new')"
        " on conflict (channel, key) do nothing returning seq",
        {"channel": channel, "key": key, "chat": chat, "body": body, "at": at_ms},
    )


def finish(channel: str, key: str) -> Write:
    """The update is answered, and its body forgotten.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set state = 'done', body = null, error = null"
        " where channel = :channel and key = :key and state = 'new'",
        {"channel": channel, "key": key},
        rows=1,
        guard="inbox",
    )


def tried(channel: str, key: str) -> Write:
    """Count a try, and return `tries`.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set tries = tries + 1"
        " where channel = :channel and key = :key and state = 'new' returning tries",
        {"channel": channel, "key": key},
        rows=1,
        guard="inbox",
    )


def fail(channel: str, key: str, error: str) -> Write:
    """Set the update aside for an operator, body and all.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set state = 'failed', error = :error"
        " where channel = :channel and key = :key and state = 'new'",
        {"channel": channel, "key": key, "error": error},
        rows=1,
        guard="inbox",
    )


def waiting(limit: int, after_seq: int = 0) -> Query:
    """Updates without an answer, in the order they came."""
    return Query(
        "select seq, channel, key, chat, received_at, body, tries from inbox"
        " where state = 'new' and seq > :after order by seq limit :limit",
        {"after": after_seq, "limit": limit},
    )
