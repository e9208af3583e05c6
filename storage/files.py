"""Statements on documents behind a link: what they say, sealed, until they are of no more use."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE


def keep(token_hash: str, chat: str, body: bytes, expires_ms: int) -> Write:
    return Write(
        "insert into file (token_hash, chat, body, expires_at)"
        " values (:token_hash, :chat, :body, :expires) on conflict (token_hash) do nothing",
        {"token_hash": token_hash, "chat": chat, "body": body, "expires": expires_ms},
    )


def one(token_hash: str, now_ms: int) -> Query:
    """`chat` and `body`, or no row: never kept, forgotten, or too old."""
    return Query(
        "select chat, body from file where token_hash = :token_hash and expires_at > :now",
        {"token_hash": token_hash, "now": now_ms},
    )


def forget_of(chat: str) -> Write:
    """What a chat was offered, when its account is erased."""
    return Write("delete from file where chat = :chat", {"chat": chat})


def forget_old(before_ms: int) -> Write:
    """What nobody can open any more, a page of it; returns the hashes that are gone."""
    return Write(
        "delete from file where token_hash in"
        f" (select token_hash from file where expires_at < :before limit {PAGE}) returning token_hash",
        {"before": before_ms},
    )
