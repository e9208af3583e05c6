"""Statements that forget what is over: nothing is kept longer than it is of use."""

from __future__ import annotations

from storage.base import Write


def forget(answered_before_ms: int, logged_before_ms: int) -> list[Write]:
    """Updates answered and messages settled before the one moment, turns logged before the other.

    An update's key must outlive every redelivery of it: Telegram's end after a day.
    """
    return [
        Write(
            "delete from inbox where state = 'done' and received_at < :before", {"before": answered_before_ms}
        ),
        Write(
            "delete from outbox where state in ('sent', 'dropped') and created_at < :before",
            {"before": answered_before_ms},
        ),
        Write("delete from turn_log where at < :before", {"before": logged_before_ms}),
    ]
