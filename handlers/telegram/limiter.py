"""Telegram's flood control, obeyed: a pace for each chat, and one halt of everything when Telegram says so.

Order within a chat is kept: nothing overtakes a message that waits.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

# The library is moving its durations to timedelta and asks to be told that we know.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

Answer = bool | dict[str, Any] | list[dict[str, Any]]
Callback = Callable[..., Coroutine[Any, Any, Answer]]


class Clock(Protocol):
    """Time as the limiter sees it, in seconds."""

    def elapsed(self) -> float:
        """Never goes backwards."""
        ...

    def now(self) -> float:
        """Since 1970, as a later process will count too."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's own."""

    def elapsed(self) -> float:
        return time.monotonic()

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class HaltStore(Protocol):
    """Keeps the end of a halt, in seconds since 1970, over a restart."""

    async def load(self) -> float | None: ...

    async def save(self, until: float) -> None: ...


class Halt:
    """A time before which nothing is sent.  It can only be moved later."""

    def __init__(self, store: HaltStore, clock: Clock, chance: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._chance = chance
        self._until = 0.0
        self._saved = 0.0
        self._waiting = 0

    async def load(self) -> None:
        until = await self._store.load()
        if until is not None:
            self._saved = until
            self._until = max(self._until, self._clock.elapsed() + until - self._clock.now())

    async def extend(self, seconds: float) -> None:
        self._until = max(self._until, self._clock.elapsed() + seconds)
        until = self._clock.now() + self.left()
        if until < self._saved + 1:
            return
        self._saved = until
        log.warning("Telegram asks for silence for %.0f s", self.left())
        try:
            await self._store.save(until)
        except Exception:  # the silence is kept all the same; only a restart would not know
            log.exception("the end of the silence was not stored")

    def left(self) -> float:
        return max(self._until - self._clock.elapsed(), 0)

    async def over(self, patience: float) -> None:
        """Wait for the end, and a little more so that not all start at once.

        Raises `RetryAfter` at once when the end is further away than `patience` seconds.
        """
        while (left := self.left()) > 0:
            if left > patience:
                raise RetryAfter(timedelta(seconds=left))
            self._waiting += 1
            spread = max(self._waiting / 30, 0.25)
            try:
                await self._clock.sleep(left + self._chance() * spread)
            finally:
                self._waiting -= 1


@dataclass(slots=True)
class Pace:
    """One chat's place: who is next, and when the next message would be due at the steady rate."""

    due: float = 0.0
    users: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pacing(BaseRateLimiter[None]):
    """About `rate` messages a second in one chat, after a burst of `burst`; over all chats only the halt.

    A 429 that ends within `patience` seconds is waited for and asked again; a longer one is raised.
    """

    #: New messages and new contents are counted; taking buttons away is not.
    COUNTED = ("send", "editMessageText", "editMessageCaption", "editMessageMedia")
    #: Worth nothing when late.
    UNPACED = ("sendChatAction",)

    def __init__(
        self,
        store: HaltStore,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        rate: float = 1.0,
        burst: int = 5,
        patience: float = 5.0,
    ) -> None:
        self._clock = clock or SystemClock()
        self._halt = Halt(store, self._clock, chance)
        self._interval = 1 / rate
        self._slack = (burst - 1) / rate
        self._patience = patience
        self._paces: OrderedDict[object, Pace] = OrderedDict()

    async def initialize(self) -> None:
        await self._halt.load()

    async def shutdown(self) -> None:
        self._paces.clear()

    async def process_request(
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Answer:
        async def ask() -> Answer:
            return await callback(*args, **kwargs)

        chat = data.get("chat_id")
        if chat is None:  # names and commands have limits of their own, hours long, and concern no customer
            return await ask()
        if endpoint in self.UNPACED:
            await self._halt.over(0)
            return await ask()
        return await self._in_order(chat, endpoint, ask)

    async def _in_order(
        self, chat: object, endpoint: str, ask: Callable[[], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        pace = self._pace(chat)
        pace.users += 1
        try:
            async with pace.lock:
                await self._due(pace, endpoint)
                return await self._obeying(ask)
        finally:
            pace.users -= 1
            self._forget_idle()

    async def _obeying(self, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        for _ in range(3):
            await self._halt.over(self._patience)
            try:
                return await ask()
            except RetryAfter as flood:
                await self._halt.extend(seconds_of(flood))
        raise RetryAfter(timedelta(seconds=self._halt.left()))

    async def _due(self, pace: Pace, endpoint: str) -> None:
        if not endpoint.startswith(self.COUNTED):
            return
        early = pace.due - self._slack - self._clock.elapsed()
        if early > 0:
            await self._clock.sleep(early)
        pace.due = max(pace.due, self._clock.elapsed()) + self._interval

    def _pace(self, chat: object) -> Pace:
        pace = self._paces.setdefault(chat, Pace())
        self._paces.move_to_end(chat)
        return pace

    def _forget_idle(self) -> None:
        """Chats whose burst is whole again are as good as new; the least recent come first."""
        now = self._clock.elapsed()
        while self._paces:
            chat, pace = next(iter(self._paces.items()))
            if pace.users or pace.due > now:
                return
            del self._paces[chat]


def seconds_of(flood: RetryAfter) -> float:
    wait = flood.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
