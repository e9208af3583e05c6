"""Looking for what was left, while the work goes on: nothing is done twice, and nothing stops."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.channel import Arrival
from bot.inbox import Inbox, Update
from bot.seal import Seal
from storage import inbox
from storage.base import Query, Row, Storage, Write


class Slow:
    """A storage whose answers to reading come late: what they tell may be over by then."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.answers = asyncio.Event()

    async def read(self, query: Query) -> Sequence[Row]:
        rows = await self._storage.read(query)
        await self.answers.wait()
        return rows

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        return await self._storage.commit(writes)

    async def close(self) -> None:
        await self._storage.close()


async def test_an_update_that_ends_while_somebody_looks_is_not_begun_again(storage: Storage) -> None:
    slow = Slow(storage)
    begun: list[str] = []
    may_end = asyncio.Event()

    async def work(update: Update) -> None:
        begun.append(update.arrival.key)
        await may_end.wait()
        await slow.commit([inbox.finish(update.arrival.channel, update.arrival.key)])

    kept = Inbox(slow, Seal("a key"), work, work)
    await kept.receive([Arrival("web", "1", "web:ana", b"{}")])
    looking = asyncio.ensure_future(kept.recover())
    await asyncio.sleep(0.05)
    may_end.set()
    assert await kept.drain(5)
    slow.answers.set()
    assert await looking == 0
    assert await kept.drain(5)
    assert begun == ["1"]
