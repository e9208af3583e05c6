"""Statements on one-time pages: opened with a turn, used up by what was sent on them."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE


def open_page(token_hash: str, chat: str, question: str, expires_ms: int) -> Write:
    """Let a page be opened until `expires_ms`, to answer `question` of a chat."""
    return Write(
        "insert into form (token_hash, chat, question, expires_at)"
        " values (:token_hash, :chat, :question, :expires) on conflict (token_hash) do nothing",
        {"token_hash": token_hash, "chat": chat, "question": question, "expires": expires_ms},
    )


def one(token_hash: str) -> Query:
    return Query(
        "select token_hash, chat, question, expires_at, used_at from form where token_hash = :token_hash",
        {"token_hash": token_hash},
    )


def use(token_hash: str, at_ms: int) -> Write:
    """Use the page up.  Guard `form`: it was used, or is too old."""
    return Write(
        "update form set used_at = :at where token_hash = :token_hash and used_at is null"
        " and expires_at > :at",
        {"token_hash": token_hash, "at": at_ms},
        rows=1,
        guard="form",
    )


def forget_old(before_ms: int) -> Write:
    """Pages that ended before then, a page of them; returns the hashes that are gone."""
    return Write(
        "delete from form where token_hash in"
        f" (select token_hash from form where expires_at < :before limit {PAGE}) returning token_hash",
        {"before": before_ms},
    )
