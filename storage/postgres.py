"""PostgreSQL as the program's database: a turn is one transaction on one of a few connections.

Statements run at READ COMMITTED: nothing is locked beforehand, but each carries its precondition, which the
server looks at again once it holds the row.  So a turn never reads what it then writes; that is its guards'.
A commit has reached the server's disk before anyone is told of it.

Turns that wait together are not put into one transaction, as SQLite's are: the server flushes those that
commit at the same time together by itself, and none holds rows that another of its group is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from storage.base import Conflict, Query, Row, Unavailable, Write
from storage.outages import PASSING, RULES, is_outage
from storage.sessions import ANSWER_SECONDS, Session, Sessions

Turn = Sequence[Write]
Rows = Sequence[Row]
Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

#: Connections for turns and for questions, eight in all.
WRITERS, READERS = 6, 2
#: How often something is begun that others were in the way of.
_TRIES = 5


class PostgresStorage:
    """`storage.base.Storage` on a migrated database.  Serves one event loop."""

    def __init__(self, url: str, answer_seconds: float = ANSWER_SECONDS) -> None:
        """`answer_seconds`: how long a statement may take before the server counts as away."""
        self._writers = Sessions(url, WRITERS, answer_seconds)
        self._readers = Sessions(url, READERS, answer_seconds, default_transaction_read_only="on")
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def read(self, query: Query) -> Rows:
        return await self._ask(self._readers, _read, query)

    async def commit(self, writes: Turn) -> Sequence[Rows]:
        return await self._ask(self._writers, _turn, writes)

    async def close(self) -> None:
        """Finish what is under way."""
        self._closed = True
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._writers.close()
        await self._readers.close()

    async def _ask(
        self, sessions: Sessions, work: Callable[[Session, Asked], Awaitable[Answer]], asked: Asked
    ) -> Answer:
        """Whoever stops waiting does not stop the work: half a turn would cost its connection."""
        if self._closed:
            raise Unavailable("closed")
        task = asyncio.ensure_future(_done(sessions, work, asked))
        self._under_way.add(task)
        task.add_done_callback(self._over)
        return await asyncio.shield(task)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, though nobody may be waiting for it any more


async def _done(
    sessions: Sessions, work: Callable[[Session, Asked], Awaitable[Answer]], asked: Asked
) -> Answer:
    tries = 0
    while True:
        try:
            async with sessions.one() as session:
                return await work(session, asked)
        except PASSING as error:
            tries += 1
            if tries == _TRIES:
                raise Unavailable(f"given up after {tries} tries: {error}") from error


async def _read(session: Session, query: Query) -> Rows:
    rows, _ = await session.run(query.sql, query.params)
    return rows


async def _turn(session: Session, writes: Turn) -> Sequence[Rows]:
    if len(writes) == 1 and writes[0].rows is None:
        # The server makes a transaction of a single statement by itself.
        return [await _write(session, writes[0])]
    await session.execute("begin")
    try:
        rows = [await _write(session, write) for write in writes]
    except Exception as error:  # raised again: only what the server still hears is rolled back
        if not is_outage(error):
            await session.execute("rollback")
        raise
    await session.execute("commit")
    return rows


async def _write(session: Session, write: Write) -> Rows:
    try:
        rows, touched = await session.run(write.sql, write.params)
    except RULES as error:
        raise Conflict(write.guard) from error
    if write.rows is not None and write.rows != touched:
        raise Conflict(write.guard)
    return rows
