"""The time, as it is passed around: aware, in UTC, and as milliseconds in columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def millis(at: datetime) -> int:
    """A moment as columns hold it: UTC epoch milliseconds."""
    return int(at.timestamp() * 1000)


def moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
