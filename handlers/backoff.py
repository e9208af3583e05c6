"""Growing pauses between tries."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Growing pauses, each somewhere between half and the whole of its length, in seconds."""

    def __init__(self, first: float = 0.5, longest: float = 30, chance: Callable[[], float] = random.random):
        self._first = first
        self._longest = longest
        self._chance = chance
        self._next = first

    def reset(self) -> None:
        self._next = self._first

    def pause(self) -> float:
        length, self._next = self._next, min(self._next * 2, self._longest)
        return length * (0.5 + self._chance() / 2)
