"""How often Viber lets something be done: so many times in so many seconds."""

from __future__ import annotations

from collections import defaultdict, deque

from tests.fakes.viber.clock import Clock

HOUR = 3600.0


class Quota:
    """At most `most` times in any `seconds`, for each key by itself."""

    def __init__(self, clock: Clock, most: int, seconds: float) -> None:
        self._clock = clock
        self._most = most
        self._seconds = seconds
        self._used: dict[str, deque[float]] = defaultdict(deque)

    def take(self, key: str = "") -> bool:
        """Whether it may be done once more; if so it counts."""
        used = self._used[key]
        while used and used[0] <= self._clock.time - self._seconds:
            used.popleft()
        if len(used) >= self._most:
            return False
        used.append(self._clock.time)
        return True

    def renew(self, key: str) -> None:
        self._used.pop(key, None)
