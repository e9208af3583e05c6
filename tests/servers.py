"""Databases on a PostgreSQL server: made when they are needed, emptied and used again, dropped at the end.

To make one takes a quarter of a second, to empty one a millisecond.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from storage.migrate import migrate

Result = TypeVar("Result")

#: Databases of tests begin with this; those that nobody is connected to were left behind.
_PREFIX = "ekesco_test_"
#: Held while a database is made and not yet connected to.
_LOCK = "select pg_advisory_lock(25963)"

_LEFT = f"""
    select datname from pg_database
    where datname ~ '^{_PREFIX}' and oid not in (select datid from pg_stat_activity where datid is not null)
"""
_OTHERS = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
_EMPTY = """
    select string_agg(command, '; ') from (
        select format('delete from %I', tablename) from pg_tables
        where schemaname = 'public' and tablename <> 'alembic_version'
        union all
        select format('select setval(%L, 1, false)', quote_ident(sequencename)) from pg_sequences
    ) as each (command)
"""

_servers: dict[str, Server] = {}


class Server:
    """One server, asked from a thread of its own: who needs a database may be in a loop already."""

    def __init__(self, url: str) -> None:
        """`url`: any database of the server, as a user who may make others."""
        self._url = url
        self._answers: bool | None = None
        self._numbers = count(1)
        self._databases: list[_Database] = []
        self._idle: list[_Database] = []
        self._loop = asyncio.new_event_loop()
        Thread(target=self._loop.run_forever, name="tests-server", daemon=True).start()

    def answers(self) -> bool:
        """Whether there is one; looked at once."""
        if self._answers is None:
            try:
                self._ask(self._command("select 1"))
                self._answers = True
            except (OSError, asyncpg.PostgresError):
                self._answers = False
        return self._answers

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of one that is up to date and without rows, for as long as it is needed."""
        database = self._idle.pop() if self._idle else self._migrated()
        self._ask(database.clear())
        yield database.url
        self._idle.append(database)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of one that has no tables."""
        database = self._made()
        yield database.url
        self._dropped(database)

    def command(self, sql: str) -> None:
        """Something that is done to the server, or to a database from outside."""
        self._ask(self._command(sql))

    def rows(self, url: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a database holds."""
        return self._ask(self._rows(url, sql, values))

    def close(self) -> None:
        """Drop what was made."""
        for database in self._databases:
            self._dropped(database)
        self._databases.clear()
        self._idle.clear()

    def _migrated(self) -> _Database:
        database = self._made()
        migrate(database.url)
        self._databases.append(database)
        return database

    def _made(self) -> _Database:
        name = f"{_PREFIX}{os.getpid()}_{next(self._numbers)}"
        database = _Database(name, at(self._url, name))
        self._ask(self._make(database))
        return database

    def _dropped(self, database: _Database) -> None:
        self._ask(database.close())
        self.command(f'drop database if exists "{database.name}" with (force)')

    async def _make(self, database: _Database) -> None:
        async with _connected(self._url) as connection:
            await connection.execute(_LOCK)
            for row in await connection.fetch(_LEFT):
                with suppress(asyncpg.PostgresError):  # somebody else is at it
                    await connection.execute(f'drop database "{row["datname"]}"')
            await connection.execute(f'create database "{database.name}" template template0')
            await database.open()

    async def _command(self, sql: str) -> None:
        async with _connected(self._url) as connection:
            await connection.execute(sql)

    async def _rows(self, url: str, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        async with _connected(url) as connection:
            return [tuple(row) for row in await connection.fetch(sql, *values)]

    def _ask(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


class _Database:
    """Our connection to it says that it is in use."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self._empty = ""

    async def open(self) -> None:
        self._connection = await asyncpg.connect(self.url)

    async def clear(self) -> None:
        """End what an earlier test left open, and forget all rows and numbers."""
        self._empty = self._empty or await self._connection.fetchval(_EMPTY)
        await self._connection.execute(_OTHERS)
        await self._connection.execute(self._empty)

    async def close(self) -> None:
        await self._connection.close()


def server(url: str) -> Server:
    if url not in _servers:
        _servers[url] = Server(url)
    return _servers[url]


def close_all() -> None:
    for each in _servers.values():
        each.close()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        yield connection
    finally:
        await connection.close()


def at(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
