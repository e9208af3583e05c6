"""A circuit breaker: a gateway that fails again and again is left alone, and tried by one at a time."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.channel import Later, Refused, Uncertain
from bot.gateways.carrier import NotYet
from bot.metrics import LEFT_ALONE
from bot.services.payment_port import BadOrder
from bot.services.ports import Away

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Failures one after the other, after which a gateway is left alone.
MOST_FAILURES = 5
#: Seconds until the first trial; each trial that fails doubles them, up to the longest.
FIRST_REST, LONGEST_REST = 5.0, 300.0


class Breaker:
    """Of one gateway.  The first who comes after it has rested is the trial; nobody else asks meanwhile.

    A letter goes `through` and waits for its turn; a customer who looks at a page is told `at_once`.
    """

    def __init__(
        self,
        name: str,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._pause, self._chance, self._passed = name, pause, chance, passed
        self._failures = 0
        self._rest = 0.0  # of the trial to come; 0: the gateway works
        self._until = 0.0
        self._trial = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether the gateway is left alone."""
        return self._rest > 0

    async def through(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, now or when the gateway works again.  Raises what `work` raises."""
        if self.is_open:
            async with self._trial:
                if self.is_open:
                    await self._pause(max(0.0, self._until - self._passed()))
                    return await self._tried(work, trial=True)
        return await self._tried(work, trial=False)

    async def at_once(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` now.  Raises what it raises, and `Away` without a try while the gateway rests."""
        if not self.is_open:
            return await self._tried(work, trial=False)
        if self._trial.locked() or self._passed() < self._until:
            raise Away(f"{self._name} is left alone")
        async with self._trial:
            return await self._tried(work, trial=True)

    async def _tried(self, work: Callable[[], Awaitable[T]], *, trial: bool) -> T:
        try:
            done = await work()
        except (NotYet, Refused, BadOrder):
            self._worked()
            raise
        except (Later, Uncertain, Away) as failure:
            self._failed(failure, trial)
            raise
        self._worked()
        return done

    def _worked(self) -> None:
        if self.is_open:
            log.warning("gateway works again: gateway=%s", self._name)
        self._failures, self._rest = 0, 0.0
        LEFT_ALONE.labels(self._name).set(0)

    def _failed(self, failure: Later | Uncertain | Away, trial: bool) -> None:
        self._failures += 1
        if self._failures < MOST_FAILURES or (self.is_open and not trial):
            return
        self._rest = min(self._rest * 2 or FIRST_REST, LONGEST_REST)
        asked = (failure.seconds or 0.0) if isinstance(failure, Later) else 0.0
        rest = max(self._rest * (0.5 + self._chance() / 2), asked)
        self._until = self._passed() + rest
        LEFT_ALONE.labels(self._name).set(1)
        log.error("gateway left alone: gateway=%s seconds=%.0f why=%s", self._name, rest, failure)
