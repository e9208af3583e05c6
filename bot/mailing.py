"""Sends SMS and e-mails: puts a letter into words at the last moment and gives it to the gateway.

A gateway that takes a key may get a letter again.  Any other gets it once: its row is marked before, and
given up when nobody knows what became of it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from bot.breaker import Breaker
from bot.clock import Clock, millis, now
from bot.gateways.carrier import Carrier, Kind, Parcel
from bot.letters import Code, Say, written
from bot.posts import Claim, Expired, Post
from bot.services.post import Ordered, read_order
from storage.base import Write

#: Parcels on their way to one gateway at a time.
MOST_AT_ONCE = 10


class Mailing:
    """`carriers` by kind: `sms` and `email`.  `say`, `code` and `language` are what letters are made with."""

    def __init__(
        self,
        carriers: Mapping[str, Carrier],
        say: Say,
        code: Code,
        language: Callable[[str], Awaitable[str]],
        *,
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.carriers = carriers
        self._say, self._code, self._language, self._clock = say, code, language, clock
        self._breakers = {kind: Breaker(kind, pause=pause, chance=chance, passed=passed) for kind in carriers}
        self._room = {kind: asyncio.Semaphore(MOST_AT_ONCE) for kind in carriers}

    def may_repeat(self, post: Post) -> bool:
        return self.carriers[post.channel].keyed

    async def hand_over(self, post: Post, claim: Claim) -> list[Write]:
        """Raises `Expired` besides what a carrier raises."""
        ordered = read_order(post.order)
        async with self._room[post.channel]:
            await self._breakers[post.channel].through(lambda: self._carry(post, ordered, claim))
        return []

    async def _carry(self, post: Post, ordered: Ordered, claim: Claim) -> None:
        if ordered.expires is not None and ordered.expires <= millis(self._clock()):
            raise Expired
        spoken = ordered.language or await self._language(post.chat)
        letter = written(post.kind, ordered, spoken, self._say, self._code)
        carrier = self.carriers[post.channel]
        if not carrier.keyed:
            await claim()
        await carrier.carry(
            Parcel(
                kind=cast(Kind, post.kind),
                chat=post.chat,
                to=letter.to,
                subject=letter.subject,
                text=letter.text,
                language=letter.language,
                key=f"ekesco-{post.id}",
            )
        )

    async def close(self) -> None:
        for carrier in self.carriers.values():
            await carrier.close()
