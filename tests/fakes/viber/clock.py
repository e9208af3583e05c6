"""Viber's clock.  It stands still until the test lets time pass."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class Timer:
    at: float
    number: int
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """Seconds since the epoch."""

    def __init__(self, start: float) -> None:
        self.time = start
        self._timers: list[Timer] = []
        self._numbers = itertools.count()
        self._stamp = 0

    def at(self, when: float, action: Callable[[], None]) -> Timer:
        timer = Timer(when, next(self._numbers), action)
        heapq.heappush(self._timers, timer)
        return timer

    def due(self, end: float) -> Timer | None:
        """The next timer that rings until `end`, with the time moved on to it."""
        while self._timers and self._timers[0].at <= end:
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                self.time = max(self.time, timer.at)
                return timer
        return None

    def stamp(self) -> int:
        """Milliseconds since the epoch, never the same twice, so that events have an order."""
        self._stamp = max(self._stamp + 1, int(self.time * 1000))
        return self._stamp
