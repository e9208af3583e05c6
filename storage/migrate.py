"""Brings a database up to date.  The only module that imports Alembic: `open` needs none of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.base import Unavailable
from storage.open import is_postgres, shown, sqlite_path

Result = TypeVar("Result")

#: "eKESCO" in a number: whoever migrates holds it until the end of the transaction.
_LOCK = 0x654B4553434F


def migrate(url: str) -> None:
    """Create or upgrade the database; nothing when it is up to date.  Processes may do it at once.

    Raises `Unavailable` when there is no database or it cannot be written.
    """
    in_transaction(url, _upgrade)


def in_transaction(url: str, work: Callable[[Connection], Result]) -> Result:
    """Do `work` with the database to itself, table definitions and all, or not at all."""
    try:
        return _on_postgres(url, work) if is_postgres(url) else _on_sqlite(url, work)
    except DBAPIError as error:
        raise Unavailable(f"{shown(url)} cannot be used as the database: {error.orig}") from error


def _upgrade(connection: Connection) -> None:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _on_postgres(url: str, work: Callable[[Connection], Result]) -> Result:
    # Our one driver is asynchronous and callers may be in a loop already: it gets a loop of its own.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _in_own_loop(url, work)).result()


async def _in_own_loop(url: str, work: Callable[[Connection], Result]) -> Result:
    from storage.sessions import connect

    def connection() -> Any:
        # A table may take minutes to change: the server may answer as late as it likes.
        return connect(url, answer_seconds=None)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connection, poolclass=NullPool)
    async with engine.begin() as opened:
        await opened.exec_driver_sql(f"select pg_advisory_xact_lock({_LOCK})")
        return await opened.run_sync(work)


def _on_sqlite(url: str, work: Callable[[Connection], Result]) -> Result:
    sqlite_path(url)
    with sqlite_engine(url).begin() as connection:
        return work(connection)


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions cover table definitions too, which Python's driver does not by itself."""
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    # Another process that makes the same new file has set it, and will not be waited for here.
    with suppress(sqlite3.OperationalError):
        connection.execute("pragma journal_mode = wal")


def _begin(connection: Connection) -> None:
    # Taken at once, so that a second process waits and then finds nothing left to do.
    connection.exec_driver_sql("begin immediate")
