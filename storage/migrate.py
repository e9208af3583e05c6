"""Brings a database up to date.  The only module that imports Alembic: `open` needs none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from storage.base import Unavailable
from storage.open import sqlite_path


def migrate(url: str) -> None:
    """Create or upgrade the database; nothing when it is up to date.  Processes may do it at once.

    Raises `Unavailable` when the file is no database or cannot be written.
    """
    path = sqlite_path(url)
    engine = sqlite_engine(url)
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), "head")
    except DatabaseError as error:
        raise Unavailable(f"{path} cannot be used as the database: {error.orig}") from error


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions cover table definitions too, which Python's driver does not by itself."""
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)
    return engine


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")


def _begin(connection: Connection) -> None:
    # Taken at once, so that a second process waits and then finds nothing left to do.
    connection.exec_driver_sql("begin immediate")


def _config(connection: Connection) -> Config:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
