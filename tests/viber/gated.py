"""A database that is away, stuck or slow when it is told to, around one that works."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from storage.base import Query, Row, Storage, Unavailable, Write


class Gated:
    """`away`: nothing can be done.  `stuck`: nothing ends before it is set.  `lost`: commits without answer.

    `turn`: no turn of the chat `slow` ("": of any) is committed before it is set; `reached` tells of one.
    """

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.away = False
        self.stuck: asyncio.Event | None = None
        self.lost = 0
        self.turn: asyncio.Event | None = None
        self.slow = ""
        self.reached = asyncio.Event()

    async def read(self, query: Query) -> Sequence[Row]:
        await self._meet()
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        await self._meet()
        if self.turn is not None and any(self._is_turn(write) for write in writes):
            self.reached.set()
            await self.turn.wait()
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

    def _is_turn(self, write: Write) -> bool:
        return write.guard == "rev" and self.slow in ("", write.params["chat"])
