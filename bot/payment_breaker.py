"""A payment provider that fails again and again is left alone: who comes meanwhile is told at once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from bot.breaker import Breaker
from bot.services.payment_port import Asked, Opened, PaymentProvider, Word


class Spared:
    """`bot.services.payment_port.PaymentProvider`: another one, behind a circuit breaker."""

    def __init__(
        self,
        provider: PaymentProvider,
        *,
        chance: Callable[[], float] = random.random,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._breaker = Breaker(provider.name, chance=chance, passed=passed)

    @property
    def name(self) -> str:
        return self._provider.name

    async def open(self, asked: Asked) -> Opened:
        return await self._breaker.at_once(lambda: self._provider.open(asked))

    async def ask(self, id: str) -> Word | None:
        return await self._breaker.at_once(lambda: self._provider.ask(id))

    def hinted(self, body: bytes) -> str:
        return self._provider.hinted(body)

    async def close(self) -> None:
        await self._provider.close()
