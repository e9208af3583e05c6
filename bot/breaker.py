"""A circuit breaker: a gateway that fails again and again is left alone, and tried by one at a time."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable

from bot.channel import Later, Refused, Uncertain
from bot.gateways.carrier import NotYet
from bot.metrics import LEFT_ALONE

log = logging.getLogger(__name__)

#: Failures one after the other, after which a gateway is left alone.
MOST_FAILURES = 5
#: Seconds until the first trial; each trial that fails doubles them, up to the longest.
FIRST_REST, LONGEST_REST = 5.0, 300.0


class Breaker:
    """Of one gateway.  Those who come while it rests wait, in order; the first of them is the trial."""

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

    async def through(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, now or when the gateway works again.  Raises what `work` raises."""
        if self.is_open:
            async with self._trial:
                if self.is_open:
                    await self._pause(max(0.0, self._until - self._passed()))
                    await self._tried(work, trial=True)
                    return
        await self._tried(work, trial=False)

    async def _tried(self, work: Callable[[], Awaitable[None]], *, trial: bool) -> None:
        try:
            await work()
        except (NotYet, Refused):
            self._worked()
            raise
        except (Later, Uncertain) as failure:
            self._failed(failure, trial)
            raise
        self._worked()

    def _worked(self) -> None:
        if self.is_open:
            log.warning("gateway works again: gateway=%s", self._name)
        self._failures, self._rest = 0, 0.0
        LEFT_ALONE.labels(self._name).set(0)

    def _failed(self, failure: Later | Uncertain, trial: bool) -> None:
        self._failures += 1
        if self._failures < MOST_FAILURES or (self.is_open and not trial):
            return
        self._rest = min(self._rest * 2 or FIRST_REST, LONGEST_REST)
        asked = (failure.seconds or 0.0) if isinstance(failure, Later) else 0.0
        rest = max(self._rest * (0.5 + self._chance() / 2), asked)
        self._until = self._passed() + rest
        LEFT_ALONE.labels(self._name).set(1)
        log.error("gateway left alone: gateway=%s seconds=%.0f why=%s", self._name, rest, failure)
