"""Connections to a PostgreSQL server: opened when they are needed, and anew after they were dropped."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from storage.base import Row, Unavailable, Value
from storage.outages import STALE, is_outage
from storage.parameters import numbered

#: Seconds to reach the server, and to be answered by it, before it counts as away.
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
#: More statements than the program has, so that only SQL made up as it goes is forgotten.
_MOST_PREPARED = 500

#: What holds for each of our connections, whatever the server's own defaults are.
_SETTINGS = {
    "application_name": "ekesco",
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    # A plan made while a table was empty would be kept while it grows: to look through a table of 10 rows is
    # right, through one of a million it takes a second.  Planning anew costs no turn anything that shows.
    "plan_cache_mode": "force_custom_plan",
    # The locks of a process whose machine is gone are let go of within half a minute.
    "idle_in_transaction_session_timeout": "30000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


async def connect(
    url: str, settings: Mapping[str, str] | None = None, answer_seconds: float | None = ANSWER_SECONDS
) -> asyncpg.Connection:
    """A connection of one's own.  Raises `Unavailable`, or ValueError for a URL that cannot be."""
    try:
        return await asyncpg.connect(
            url,
            timeout=min(CONNECT_SECONDS, answer_seconds or CONNECT_SECONDS),
            command_timeout=answer_seconds,
            server_settings={**_SETTINGS, **(settings or {})},
        )
    except Exception as error:
        if is_outage(error):
            raise Unavailable(_told(error)) from error
        raise


async def closed(connection: asyncpg.Connection) -> None:
    """Take leave of the server, which may have gone."""
    with contextlib.suppress(Exception):  # what cannot be closed well is gone all the same
        await connection.close(timeout=CONNECT_SECONDS)


class Sessions:
    """At most `size` connections to one server; who finds none free waits for one."""

    def __init__(self, url: str, size: int, answer_seconds: float, **settings: str) -> None:
        self._url, self._answer_seconds, self._settings = url, answer_seconds, settings
        self._places = asyncio.Semaphore(size)
        self._free: list[Session] = []
        self._outages = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Session]:
        """A connection for one turn or one question.  Raises `Unavailable` for every outage within."""
        outages = self._outages
        async with self._places:
            if self._outages != outages:
                # Each would wait in vain for as long as the one before, and those behind it the longer.
                raise Unavailable("the server did not answer those before")
            session = await self._take()
            try:
                yield session
            except BaseException as error:
                self._give_back(session, error)
                if isinstance(error, Exception) and is_outage(error):
                    raise Unavailable(_told(error)) from error
                raise
            self._free.append(session)

    async def close(self) -> None:
        """Close what is free; nothing else may be in use any more."""
        free, self._free = self._free, []
        await asyncio.gather(*(session.close() for session in free))

    async def _take(self) -> Session:
        while self._free:
            session = self._free.pop()
            if session.is_usable():
                return session
            session.drop()
        try:
            return Session(await connect(self._url, self._settings, self._answer_seconds))
        except Unavailable:
            self._outages += 1
            raise

    def _give_back(self, session: Session, error: BaseException) -> None:
        """Keep it after a mistake or a conflict; after an outage or in mid-transaction, drop it.

        Dropping is the cure for every outage: it ends whatever was left, and a server that could
        only be read stays so for a connection that was opened then.
        """
        if isinstance(error, TimeoutError):
            self._outages += 1
        if is_outage(error) or isinstance(error, (asyncio.CancelledError, *STALE)) or not session.is_usable():
            session.drop()
        else:
            self._free.append(session)


class Session:
    """A connection with the statements it has prepared."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._prepared: dict[str, _Statement] = {}

    async def execute(self, command: str) -> None:
        """Something without parameters and rows, such as `begin`."""
        await self._connection.execute(command)

    async def run(self, sql: str, params: Mapping[str, Value]) -> tuple[Sequence[Row], int]:
        """The rows of a statement with `:named` parameters, and how many it touched or returned."""
        statement = self._prepared.get(sql) or await self._prepare(sql)
        records = await statement.prepared.fetch(*[params[name] for name in statement.names])
        rows = [statement.row(record) for record in records]
        return rows, statement.touched()

    def is_usable(self) -> bool:
        return not self._connection.is_closed() and not self._connection.is_in_transaction()

    def drop(self) -> None:
        self._connection.terminate()

    async def close(self) -> None:
        await closed(self._connection)

    async def _prepare(self, sql: str) -> _Statement:
        if len(self._prepared) >= _MOST_PREPARED:
            self._prepared.clear()
        text, names = numbered(sql)
        prepared = await self._connection.prepare(text)
        kinds = [(column.name, column.type.name) for column in prepared.get_attributes()]
        made = {name: _MADE[kind] for name, kind in kinds if kind in _MADE}
        statement = self._prepared[sql] = _Statement(prepared, names, made)
        return statement


@dataclass(frozen=True, slots=True)
class _Statement:
    """`made`: columns whose values SQLite gives in another type, and what makes them the same."""

    prepared: PreparedStatement
    names: tuple[str, ...]
    made: Mapping[str, Callable[[Any], Value]]

    def row(self, record: asyncpg.Record) -> Row:
        row = dict(record)
        for name, make in self.made.items():
            if row[name] is not None:
                row[name] = make(row[name])
        return row

    def touched(self) -> int:
        """From the end of what the server reports: INSERT 0 3, UPDATE 3, SELECT 3; 0 for other commands."""
        last = self.prepared.get_statusmsg().rpartition(" ")[2]
        return int(last) if last.isdigit() else 0


def _number(value: Decimal) -> Value:
    """The sum of a column of large numbers; money is text and never comes here."""
    return int(value) if value == value.to_integral_value() else float(value)


_MADE: Mapping[str, Callable[[Any], Value]] = {"bool": int, "numeric": _number}


def _told(error: Exception) -> str:
    return str(error) or type(error).__name__
