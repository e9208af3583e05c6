"""One clock for Viber and for the program, which stands still until the test lets time pass."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.fakes.viber import FakeViber

#: Real seconds after which a test that waits for nothing fails.
DEADLOCK = 10.0


class Hours:
    """`rests` are the pauses that the program has made, in seconds; they end when the fake's time passes."""

    def __init__(self, fake: FakeViber) -> None:
        self._fake = fake
        self.rests: list[float] = []
        self._resting = 0
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._fake.clock.time, UTC)

    async def pause(self, seconds: float) -> None:
        over = asyncio.Event()
        timer = self._fake.clock.at(self._fake.clock.time + seconds, over.set)
        self.rests.append(seconds)
        await self._count(1)
        try:
            await over.wait()
        finally:
            timer.cancel()
            await self._count(-1)

    async def resting(self, pauses: int = 1) -> None:
        """Until so many pauses are being made at once."""
        async with asyncio.timeout(DEADLOCK), self._changed:
            await self._changed.wait_for(lambda: self._resting == pauses)

    async def _count(self, change: int) -> None:
        async with self._changed:
            self._resting += change
            self._changed.notify_all()
