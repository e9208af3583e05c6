"""Statements on what happened, one row a turn."""

from __future__ import annotations

from storage.base import Query, Write


def add(
    *,
    chat: str,
    channel: str,
    key: str,
    at_ms: int,
    event: str,
    dialog: str,
    step: str,
    prompt: int,
    walks: int,
    millis: float,
    error: str = "",
) -> Write:
    """`walks`: how often the turn was walked until it held.  `millis`: from hearing to committing.

    `error` is the number that the customer was told, where the turn failed.
    """
    return Write(
        "insert into turn_log (chat, channel, key, at, event, dialog, step, prompt, walks, millis, error)"
        " values (:chat, :channel, :key, :at, :event, :dialog, :step, :prompt, :walks, :millis, :error)",
        {
            "chat": chat,
            "channel": channel,
            "key": key,
            "at": at_ms,
            "event": event,
            "dialog": dialog,
            "step": step,
            "prompt": prompt,
            "walks": walks,
            "millis": millis,
            "error": error,
        },
    )


_ROW = "chat, channel, key, at, event, dialog, step, prompt, walks, millis, error"


def of_chat(chat: str, limit: int) -> Query:
    """The newest first."""
    return Query(
        f"select {_ROW} from turn_log where chat = :chat order by id desc limit :limit",
        {"chat": chat, "limit": limit},
    )


def met(error: str) -> Query:
    """The turn in which a customer was told the number of an error."""
    return Query(
        f"select {_ROW} from turn_log where error = :error and error <> '' order by id desc limit 1",
        {"error": error},
    )
