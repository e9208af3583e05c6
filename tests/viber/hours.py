"""One clock for Viber and for the program, which stands still until the test lets time pass."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.fakes.viber import FakeViber
from tests.fakes.viber.callbacks import DEADLOCK


class Hours:
    """`rests` are the pauses that the program has made, in seconds; they end when the fake's time passes."""

    def __init__(self, fake: FakeViber) -> None:
        self._fake = fake
        self.rests: list[float] = []
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._fake.clock.time, UTC)

    async def pause(self, seconds: float) -> None:
        over = asyncio.Event()
        timer = self._fake.clock.at(self._fake.clock.time + seconds, over.set)
        async with self._changed:
            self.rests.append(seconds)
            self._changed.notify_all()
        try:
            await over.wait()
        finally:
            timer.cancel()

    async def rested(self, times: int = 1) -> float:
        """Until so many pauses were begun since the start; how long the last of them is, in seconds."""
        async with asyncio.timeout(DEADLOCK), self._changed:
            await self._changed.wait_for(lambda: len(self.rests) >= times)
            return self.rests[times - 1]
