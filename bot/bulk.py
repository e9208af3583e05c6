"""The slow lane: what nobody waits for goes out at a pace of its own, and only while nobody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

#: Messages a second.  Telegram takes some 30 over all chats; the rest is for those who wait for an answer.
RATE = 20.0
#: Chats that may be at work, or wait for a channel that is away, before bulk holds back.
MOST_BUSY, MOST_RESTING = 50, 500
#: Seconds until a busy program is looked at again.
GLANCE = 0.25


class BulkLane:
    """Lets a message through when its time has come and the program is free; one at a time.

    `busy` tells whether customers wait.  What is held back here is kept where it came from, so that nothing
    of it stands before an answer in any queue.
    """

    def __init__(
        self,
        busy: Callable[[], bool],
        *,
        rate: float = RATE,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._busy, self._interval, self._pause, self._passed = busy, 1 / rate, pause, passed
        self._due = 0.0

    async def place(self, messages: int = 1) -> None:
        """Wait until so many messages more may go out."""
        while (early := self._due - self._passed()) > 0 or self._busy():
            await self._pause(max(early, GLANCE) if early > 0 else GLANCE)
        self._due = max(self._due, self._passed()) + messages * self._interval
