"""Wakes conversations whose time has come, in the order of their chats."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.clock import Clock, millis, now
from bot.inbox import Inbox
from bot.turn import Turns
from storage import timers
from storage.base import Storage, Unavailable

log = logging.getLogger(__name__)

SECONDS = 5.0
PAGE = 100


class Timers:
    """Looks every few seconds.  What fell due while the program was away is woken when it is back."""

    def __init__(
        self,
        storage: Storage,
        inbox: Inbox,
        turns: Turns,
        *,
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage, self._inbox, self._turns, self._clock, self._pause = (
            storage,
            inbox,
            turns,
            clock,
            pause,
        )
        self._under_way: set[tuple[str, int]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.warning("timers wait for the database: why=%s", error)
            await self._pause(SECONDS)

    async def look(self) -> None:
        """Wake what is due now."""
        for row in await self._storage.read(timers.due(millis(self._clock()), PAGE)):
            chat, due_ms = str(row["chat"]), int(str(row["due_at"]))
            if (chat, due_ms) not in self._under_way:
                self._under_way.add((chat, due_ms))
                self._inbox.in_turn(chat, partial(self._wake, chat, due_ms))

    async def _wake(self, chat: str, due_ms: int) -> None:
        try:
            await self._turns.wake(chat, due_ms, self._clock())
        finally:
            self._under_way.discard((chat, due_ms))
