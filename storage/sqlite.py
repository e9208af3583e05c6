"""SQLite as the program's database: one thread writes, committing all waiting turns together; one reads.

Several processes may share the file.  A commit has reached the disk before anyone is told of it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from storage.base import Conflict, Query, Row, Unavailable, Write
from storage.batching import BatchingThread

Turn = Sequence[Write]
Rows = Sequence[Row]

#: What the machine did to us, by primary result code; anything else is a mistake in a statement.
_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
#: Rules that another turn can have come between; a missing or impossible value is our own mistake.
_RULES = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
        sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY,
    }
)


class SQLiteStorage:
    """`storage.base.Storage` on a migrated file.  Serves one event loop."""

    def __init__(self, path: Path, busy_seconds: float = 5.0) -> None:
        """`busy_seconds`: how long another process may hold the file before it counts as unavailable."""
        writing = _Writing(_Connection(path, busy_seconds))
        reading = _Reading(_Connection(path, busy_seconds, "pragma query_only = on"))
        self._writer = BatchingThread[Turn, Sequence[Rows]]("storage-writer", writing.work, writing.end)
        self._reader = BatchingThread[Query | None, Rows]("storage-reader", reading.work, reading.end)

    async def read(self, query: Query) -> Rows:
        return await self._reader.ask(query)

    async def commit(self, writes: Turn) -> Sequence[Rows]:
        try:
            return await self._writer.ask(writes)
        except _ReadOnly:
            # SQLite shares what it found of a file among a process's connections, "only readable"
            # included: the reader lets go as well, or the writer would find the same for ever.
            await self._reader.ask(None)
            raise

    async def close(self) -> None:
        await self._writer.close()
        await self._reader.close()


class _ReadOnly(Unavailable):
    """The file, or what holds it, takes no writing."""


class _Connection:
    """A connection that opens when it is needed, and again after it was dropped.

    Dropping is the cure for every outage: it ends whatever transaction was left, and a file that
    was opened while it could only be read stays so until it is opened anew.
    """

    def __init__(self, path: Path, busy_seconds: float, *settings: str) -> None:
        # mode=rw: a file that is gone is an outage, not a reason to start with an empty one.
        self._uri = f"{path.absolute().as_uri()}?mode=rw"
        self._busy_seconds = busy_seconds
        self._settings = (
            "pragma journal_mode = wal",
            "pragma synchronous = full",
            "pragma foreign_keys = on",
            *settings,
        )
        self._open: sqlite3.Connection | None = None

    def get(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = sqlite3.connect(
                self._uri, uri=True, timeout=self._busy_seconds, isolation_level=None, cached_statements=1024
            )
            for setting in self._settings:
                self._open.execute(setting)
        return self._open

    def drop(self) -> None:
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None


class _Writing:
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self.end = connection.drop

    def work(self, turns: Sequence[Turn]) -> Sequence[Sequence[Rows] | Exception]:
        """All turns in one commit; when that fails, none of them."""
        try:
            db = self._connection.get()
            db.execute("begin immediate")
            outcomes = [_turn(db, turn) for turn in turns]
            db.execute("commit")
        except Exception as error:  # nothing of this group may count as written
            self._connection.drop()
            return [_unavailable(error) for _ in turns]
        return outcomes


class _Reading:
    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self.end = connection.drop

    def work(self, queries: Sequence[Query | None]) -> Sequence[Rows | Exception]:
        """An answer to each; None asks to let go of the file."""
        return [self._one(query) for query in queries]

    def _one(self, query: Query | None) -> Rows | Exception:
        if query is None:
            self._connection.drop()
            return ()
        try:
            return _rows(self._connection.get().execute(query.sql, query.params))
        except Exception as error:
            if not _is_outage(error):
                return error
            self._connection.drop()
            return _unavailable(error)


def _turn(db: sqlite3.Connection, writes: Turn) -> Sequence[Rows] | Exception:
    """One turn in a savepoint of its own, so that its failure leaves the others alone."""
    db.execute("savepoint turn")
    try:
        outcome: Sequence[Rows] | Exception = [_write(db, write) for write in writes]
    except Exception as error:
        if _is_outage(error):
            raise
        db.execute("rollback to turn")
        outcome = error
    db.execute("release turn")
    return outcome


def _write(db: sqlite3.Connection, write: Write) -> Rows:
    try:
        cursor = db.execute(write.sql, write.params)
        rows = _rows(cursor)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode in _RULES:
            raise Conflict(write.guard) from error
        raise
    if write.rows is not None and write.rows != (len(rows) if cursor.description else cursor.rowcount):
        raise Conflict(write.guard)
    return rows


def _rows(cursor: sqlite3.Cursor) -> Rows:
    if cursor.description is None:
        return ()
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def _is_outage(error: Exception) -> bool:
    return _code(error) in _OUTAGES


def _unavailable(error: Exception) -> Unavailable:
    kind = _ReadOnly if _code(error) == sqlite3.SQLITE_READONLY else Unavailable
    return kind(str(error))


def _code(error: Exception) -> int:
    """SQLite's primary result code; the extended one holds it in its lowest byte."""
    extended = getattr(error, "sqlite_errorcode", 0)
    return int(extended) & 0xFF
