"""A database that fails when it is told to, around one that works."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.services.payment_port import Asked, Opened, PaymentProvider, Word
from bot.services.ports import Away
from storage.base import Conflict, Query, Row, Storage, Unavailable, Write

_REGISTER = ("customer", "connection", "invoice")


class FaultyStorage:
    """`away`: operations that fail before they do anything; `unsure`: commits whose answer is lost.

    `stuck_at`: the operation, counted from now, that never returns, as when the process is killed in it;
    `stuck_after` tells whether it has had its effect.  `registry_away`: prices cannot be read;
    `register_away`: neither can people, places and bills.
    `before_read`: what happens first whenever something is read.
    `overtaken`: turns that find another came between.  `meeting`: where two commits wait for each other.
    """

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.away = self.unsure = 0
        self.registry_away = self.register_away = False
        self.overtaken = 0
        self.meeting: asyncio.Barrier | None = None
        self.stuck_at: int | None = None
        self.stuck_after = False
        self.is_stuck = asyncio.Event()
        self.before_read: Callable[[], Awaitable[None]] | None = None
        self.fails_at: int | None = None
        self.fails_after = False

    async def read(self, query: Query) -> Sequence[Row]:
        if self.before_read is not None:
            await self.before_read()
        self._fail()
        if self._is_the_one():
            raise Unavailable("away for a moment")
        if self.registry_away and "from tariff" in " ".join(query.sql.split()):
            raise Away("the registry")
        if self.register_away and any(f"from {table} " in query.sql for table in _REGISTER):
            raise Away("the register")
        if self._is_last():
            await self._stop()
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        self._fail()
        fails = self._is_the_one()
        if fails and not self.fails_after:
            raise Unavailable("away for a moment")
        if self.overtaken and any(write.guard == "rev" for write in writes):
            self.overtaken -= 1
            raise Conflict("rev")
        await self._meet(writes)
        last = self._is_last()
        if last and not self.stuck_after:
            await self._stop()
        written = await self._inner.commit(writes)
        if last:
            await self._stop()
        if fails:
            raise Unavailable("the answer was lost on the way")
        if self.unsure:
            self.unsure -= 1
            raise Unavailable("the answer was lost on the way")
        return written

    async def close(self) -> None:
        await self._inner.close()

    async def _meet(self, writes: Sequence[Write]) -> None:
        if self.meeting is not None and any(write.guard == "rev" for write in writes):
            meeting = self.meeting
            if await meeting.wait() == 0:
                self.meeting = None

    def _fail(self) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("away")

    def _is_last(self) -> bool:
        if self.stuck_at is None:
            return False
        self.stuck_at -= 1
        return self.stuck_at < 0

    def _is_the_one(self) -> bool:
        if self.fails_at is None:
            return False
        self.fails_at -= 1
        if self.fails_at >= 0:
            return False
        self.fails_at = None
        return True

    async def _stop(self) -> None:
        self.is_stuck.set()
        await asyncio.get_running_loop().create_future()


async def _nothing(_: object) -> None:
    return


class WatchedBank:
    """A provider around one that works; `asked` is done before it is asked, `opened` before it answers."""

    def __init__(self, inner: PaymentProvider) -> None:
        self._inner, self.name = inner, inner.name
        self.asked: Callable[[str], Awaitable[None]] = _nothing
        self.opened: Callable[[Opened], Awaitable[None]] = _nothing

    async def open(self, asked: Asked) -> Opened:
        made = await self._inner.open(asked)
        await self.opened(made)
        return made

    async def ask(self, id: str) -> Word | None:
        await self.asked(id)
        return await self._inner.ask(id)

    def hinted(self, body: bytes) -> str:
        return self._inner.hinted(body)

    async def close(self) -> None:
        await self._inner.close()
