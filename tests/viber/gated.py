"""A database that is away, stuck or slow when it is told to, around one that works."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from storage.base import Query, Row, Storage, Unavailable, Write

Which = Callable[[Write], bool]


def turns(chat: str = "") -> Which:
    """What a turn of that chat, or of any, writes."""
    return lambda write: write.guard == "rev" and chat in ("", write.params["chat"])


def notes(write: Write) -> bool:
    """What is noted of a message that is out."""
    return write.sql.startswith("insert into viber_sent")


class Gated:
    """`away`: nothing can be done.  `stuck`: nothing ends before it is set.  `lost`: commits without answer.

    `gate`: commits of the kind `held` wait until it is set; `reached` tells that one does.
    """

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.away = False
        self.stuck: asyncio.Event | None = None
        self.lost = 0
        self.gate: asyncio.Event | None = None
        self.held: Which = turns()
        self.reached = asyncio.Event()

    def holds(self, which: Which) -> asyncio.Event:
        """Close the gate for such commits, until the event is set."""
        self.gate, self.held = asyncio.Event(), which
        self.reached.clear()
        return self.gate

    async def read(self, query: Query) -> Sequence[Row]:
        await self._meet()
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        await self._meet()
        if self.gate is not None and any(map(self.held, writes)):
            self.reached.set()
            await self.gate.wait()
        written = await self._inner.commit(writes)
        if self.lost:
            self.lost -= 1
            raise Unavailable("the answer was lost on the way")
        return written

    async def close(self) -> None:
        await self._inner.close()

    async def _meet(self) -> None:
        if self.away:
            raise Unavailable("away")
        if self.stuck is not None:
            await self.stuck.wait()
