"""A gateway in the test's memory."""

from __future__ import annotations

import asyncio
from collections import deque

from bot.gateways.carrier import Parcel


class Pigeon:
    """`faults` are raised one by one before a parcel is taken, `lost_answers` after it.

    `stuck`: it never answers, and `is_stuck` tells when it has taken one.
    """

    def __init__(self, *, keyed: bool = False) -> None:
        self.keyed = keyed
        self.faults: deque[Exception] = deque()
        self.lost_answers: deque[Exception] = deque()
        self.taken: list[Parcel] = []
        self.stuck = False
        self.is_stuck = asyncio.Event()

    async def carry(self, parcel: Parcel) -> None:
        if self.faults:
            raise self.faults.popleft()
        if not (self.keyed and parcel.key in {other.key for other in self.taken}):
            self.taken.append(parcel)
        if self.stuck:
            self.is_stuck.set()
            await asyncio.get_running_loop().create_future()
        if self.lost_answers:
            raise self.lost_answers.popleft()

    async def close(self) -> None:
        """Nothing to close."""
