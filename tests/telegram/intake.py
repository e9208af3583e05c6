"""An inbox for tests: it keeps what it receives, or refuses it as often as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.channel import Arrival


class Kept:
    def __init__(self, failures: Sequence[Exception] = ()) -> None:
        self.arrivals: list[Arrival] = []
        self.failures = list(failures)
        self.delay = 0.0
        self._news = asyncio.Event()

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        await asyncio.sleep(self.delay)
        if self.failures:
            raise self.failures.pop(0)
        known = {arrival.key for arrival in self.arrivals}
        self.arrivals += [arrival for arrival in arrivals if arrival.key not in known]
        self._news.set()

    @property
    def keys(self) -> list[int]:
        return [int(arrival.key) for arrival in self.arrivals]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.arrivals) < count:
                self._news.clear()
                await self._news.wait()
