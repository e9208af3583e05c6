"""Statements on the sandbox provider's own orders."""

from __future__ import annotations

from storage.base import Query, Write


def add(
    *,
    id: str,
    reference: str,
    amount: str,
    description: str,
    language: str,
    back_url: str,
    notify_url: str,
    at_ms: int,
) -> Write:
    return Write(
        "insert into sandbox_order (id, reference, amount, description, language, back_url, notify_url,"
        " state, created_at, word_at)"
        " values (:id, :reference, :amount, :description, :language, :back, :notify, 'open', :at, :at)",
        {
            "id": id,
            "reference": reference,
            "amount": amount,
            "description": description,
            "language": language,
            "back": back_url,
            "notify": notify_url,
            "at": at_ms,
        },
    )


def one(id: str) -> Query:
    return Query(
        "select id, reference, amount, description, language, back_url, notify_url, state, created_at,"
        " word_at from sandbox_order where id = :id",
        {"id": id},
    )


def settle(id: str, before: str, state: str, word_ms: int) -> Write:
    """Guard `sandbox`: the card was used meanwhile."""
    return Write(
        "update sandbox_order set state = :state, word_at = :word where id = :id and state = :before",
        {"id": id, "before": before, "state": state, "word": word_ms},
        rows=1,
        guard="sandbox",
    )
