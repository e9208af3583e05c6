"""Where the rows of a file wait until all of it is known to be good: on disk, unseen, in order of keys."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from bot.services.register.files import File
from bot.services.register.reading import GoodRow
from bot.services.rows import Wrong


class Staging:
    """A temporary database of SQLite's own: it is in no folder, and gone with the process."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("pragma journal_mode = off")
        self._db.execute(
            "create table staged (key text primary key, line integer not null, row text not null)"
            " without rowid"
        )
        self._db.execute(
            "create table taken (what text, value text, line integer not null, primary key (what, value))"
            " without rowid"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._db.close()

    def add(self, row: GoodRow) -> None:
        """Raises `Wrong` when an earlier row has its key, or what may not be there twice."""
        key = self._key(row)
        try:
            self._db.execute(
                "insert into staged values (?, ?, ?)", (key, row.line, json.dumps([*row.values.values()]))
            )
        except sqlite3.IntegrityError:
            raise self._twice("select line from staged where key = ?", "key", key) from None
        if self._file.unique:
            self._claim(row)

    def remove(self, row: GoodRow) -> None:
        """Leave out a row that turned out to be bad, and free what it took."""
        self._db.execute("delete from staged where key = ?", (self._key(row),))
        for column in self._file.unique:
            self._db.execute(
                "delete from taken where what = ? and value = ? and line = ?",
                (column, row.values[column], row.line),
            )

    def pages(self, rows: int) -> Iterator[Sequence[GoodRow]]:
        """All of them in order of their keys.  A page that was given may be removed from."""
        last = ""
        while found := self._db.execute(
            "select key, line, row from staged where key > ? order by key limit ?", (last, rows)
        ).fetchall():
            last = found[-1][0]
            yield [
                GoodRow(line, dict(zip(self._file.columns, json.loads(row), strict=True)))
                for _key, line, row in found
            ]

    def _key(self, row: GoodRow) -> str:
        return json.dumps([row.values[column] for column in self._file.key])

    def _claim(self, row: GoodRow) -> None:
        try:
            for column in self._file.unique:
                self._take(column, row)
        except Wrong:
            self.remove(row)
            raise

    def _take(self, column: str, row: GoodRow) -> None:
        value = row.values[column]
        try:
            self._db.execute("insert into taken values (?, ?, ?)", (column, value, row.line))
        except sqlite3.IntegrityError:
            find = "select line from taken where what = ? and value = ?"
            raise self._twice(find, column, column, value) from None

    def _twice(self, find: str, what: str, *values: str) -> Wrong:
        (line,) = self._db.execute(find, values).fetchone()
        return Wrong(f"the same {what} as line {line}")
