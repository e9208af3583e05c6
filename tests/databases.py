"""The databases that tests run on: up to date, without rows, and one's own for as long as it is needed.

All that need a database, and do not say which, are given SQLite's, or PostgreSQL's where
EKESCO_TEST_DATABASE_URL names a server (`make test-postgres`).  The contract of storage is tested on both;
EKESCO_TEST_POSTGRES_URL names the server for that when it is not on this machine.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from storage.migrate import migrate
from tests.needs import everywhere, needs_postgresql
from tests.servers import Server, close_all, server

_SESSIONS = (
    "select count(*) from pg_stat_activity where application_name = 'ekesco' and datname = current_database()"
)
KINDS = ("postgresql", "sqlite")


def database(kind: str = "") -> AbstractContextManager[str]:
    """The URL of a database.  One of PostgreSQL's skips the test where there is no server."""
    if (kind or default()) == "sqlite":
        return _sqlite()
    return postgresql().database()


def empty(kind: str = "") -> AbstractContextManager[str]:
    """The URL of one that is not there yet, or has no tables."""
    if (kind or default()) == "sqlite":
        return _no_sqlite()
    return postgresql().empty()


def rows(url: str, sql: str, *values: object) -> list[Any]:
    """What a program's database holds, looked at from outside; parameters are `$1` and so on."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(_path(url))) as file:
            return file.execute(sql, values).fetchall()
    return postgresql().rows(url, sql, *values)


def settle(url: str) -> None:
    """Wait until nothing that a killed program had asked for is under way."""
    if not url.startswith("sqlite"):
        while rows(url, _SESSIONS) != [(0,)]:
            pass


def damages(url: str) -> list[str]:
    """What the database itself finds wrong with its file; a server looks after its own."""
    if not url.startswith("sqlite"):
        return []
    return [told for (told,) in rows(url, "pragma integrity_check") if told != "ok"]


def default() -> str:
    """What a test is given that does not say."""
    return "postgresql" if everywhere() else "sqlite"


def postgresql() -> Server:
    return server(needs_postgresql())


def close() -> None:
    """At the end of all tests."""
    close_all()
    if _template.cache_info().currsize:
        shutil.rmtree(_template().parent)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ekesco-") as folder:
        yield f"sqlite:///{shutil.copy(_template(), folder)}"


@contextmanager
def _no_sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ekesco-") as folder:
        yield f"sqlite:///{folder}/new/ekesco.db"


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


@cache
def _template() -> Path:
    """A copy takes a millisecond, a migration half a second."""
    path = Path(tempfile.mkdtemp(prefix="ekesco-")) / "ekesco.db"
    migrate(f"sqlite:///{path}")
    return path
