"""A process's claim to a PostgreSQL database: an advisory lock, held by a connection of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from storage.base import Unavailable
from storage.outages import is_outage
from storage.sessions import closed, connect

log = logging.getLogger(__name__)

#: "eKesco" in a number; locks are the database's own, so another database's are not in the way.
_LOCK = 0x654B6573636F
_LOOK_EVERY = 1.0
_FORMER_ENDS_MS = 5000


class Claim:
    """`take` it, hold it until it is `lost`, and `close` it."""

    def __init__(self, url: str, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._url, self._pause = url, pause
        self._connection: Any = None
        self._session: Any = None

    async def take(self) -> bool:
        """Whether it is ours now.  Raises `Unavailable`."""
        is_new = self._connection is None
        if is_new:
            self._connection = await connect(self._url)
        try:
            if is_new:
                await self._end_former_session()
            return bool(await self._connection.fetchval(f"select pg_try_advisory_lock({_LOCK})"))
        except Exception as error:  # asyncpg raises bare OSErrors, too, when the server goes
            self._drop(error)
            raise Unavailable(str(error)) from error

    async def lost(self) -> None:
        """Until another process has it: our connection was lost, and theirs came first.

        While the server is away nobody can work, and so the claim stands.
        """
        while await self._holds() or await self._regained():
            await self._pause(_LOOK_EVERY)

    async def close(self) -> None:
        if self._connection is not None:
            await closed(self._connection)
            self._connection = None

    async def _holds(self) -> bool:
        try:
            await self._connection.fetchval("select 1")
        except Exception as error:  # whatever it is, this connection holds nothing any more
            self._drop(error)
            return False
        return True

    async def _regained(self) -> bool:
        while True:
            try:
                return await self.take()
            except Unavailable as error:
                log.warning("the database is away: why=%s", error)
                await self._pause(_LOOK_EVERY)

    async def _end_former_session(self) -> None:
        """A connection that broke on our side alone would hold the lock against ourselves."""
        if self._session is not None:
            await self._connection.fetchval(
                "select pg_terminate_backend(pid, $3) from pg_stat_activity"
                " where pid = $1 and backend_start = $2",
                *self._session,
                _FORMER_ENDS_MS,
            )
        self._session = await self._connection.fetchrow(
            "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()"
        )

    def _drop(self, error: Exception) -> None:
        self._connection.terminate()
        self._connection = None
        if not is_outage(error):
            raise error
