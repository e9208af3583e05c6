"""Statements that forget what is over: nothing is kept longer than it is of use.

Each takes at most `PAGE` rows, so that no turn waits long for it; they return the ids that are gone.
"""

from __future__ import annotations

from storage.base import Write

PAGE = 1000


def forget_answered(before_ms: int) -> list[Write]:
    """Updates and messages that are done.  A key outlives every redelivery: Telegram's end in a day."""
    return [
        _forget("inbox", "seq", "state = 'done' and received_at < :before", before_ms),
        _forget("outbox", "id", "state in ('sent', 'dropped') and created_at < :before", before_ms),
    ]


def forget_logged(before_ms: int) -> list[Write]:
    """Turns, what no operator has looked at, and what was shown in browsers."""
    return [
        _forget("turn_log", "id", "at < :before", before_ms),
        _forget("inbox", "seq", "state = 'failed' and received_at < :before", before_ms),
        _forget("outbox", "id", "state = 'dead' and created_at < :before", before_ms),
        _forget("web_message", "id", "created_at < :before", before_ms),
        _forget("phone_message", "id", "created_at < :before", before_ms),
    ]


def forget_operators(before_ms: int) -> Write:
    """What operators did so long ago that nobody has to answer for it any more."""
    return _forget("operator_log", "id", "at < :before", before_ms)


def _forget(table: str, key: str, over: str, before_ms: int) -> Write:
    return Write(
        f"delete from {table} where {key} in (select {key} from {table} where {over} limit {PAGE})"
        f" returning {key}",
        {"before": before_ms},
    )
