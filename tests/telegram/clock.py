"""A clock that stands still until it is told to go on."""

from __future__ import annotations

import asyncio
import heapq
import itertools


class HandClock:
    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self._passed = 0.0
        self._start = now
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def elapsed(self) -> float:
        return self._passed

    def now(self) -> float:
        return self._start + self._passed

    async def sleep(self, seconds: float) -> None:
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._passed + seconds, next(self._order), wake))
        await wake

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due in it."""
        end = self._passed + seconds
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, wake = heapq.heappop(self._sleepers)
            self._passed = max(self._passed, at)
            if not wake.done():
                wake.set_result(None)
            await _settle()
        self._passed = end


async def _settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
