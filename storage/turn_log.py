"""Statements on what happened, one row a turn."""

from __future__ import annotations

from storage.base import Write


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
) -> Write:
    """`walks`: how often the turn was walked until it held.  `millis`: from hearing to committing."""
    return Write(
        "insert into turn_log (chat, channel, key, at, event, dialog, step, prompt, walks, millis)"
        " values (:chat, :channel, :key, :at, :event, :dialog, :step, :prompt, :walks, :millis)",
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
        },
    )
