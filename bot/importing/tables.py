"""Takes rows into a table of the register: reads those it has, and writes only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.importing.taking import Refused, Taken
from bot.services.register.reading import GoodRow
from storage import register
from storage.base import Storage
from storage.register import Table

T = TypeVar("T")

#: Rows asked for at once, and rows a statement: a database finds named parameters by looking through all
#: of them, so that more at once is slower again (20 rows 18 µs each, 200 rows 62 µs each).
LOOK, PUT = 250, 20


class TableTaker:
    def __init__(self, storage: Storage, table: Table) -> None:
        self._storage, self._table = storage, table

    async def check(self, page: Sequence[GoodRow]) -> Sequence[Refused]:
        """Any well-formed row may be taken: files come in any order, and not always all of them."""
        return ()

    async def take(self, page: Sequence[GoodRow]) -> Taken:
        there = await self._there(page)
        taken, news = Taken(), []
        for row in page:
            old = there.get(self._key(row))
            taken.added += old is None
            taken.unchanged += old == row.values
            if old != row.values:
                news.append(row.values)
        taken.changed = len(page) - taken.added - taken.unchanged
        if news:
            await self._storage.commit([register.put(self._table, part) for part in parts(news, PUT)])
        return taken

    async def _there(self, page: Sequence[GoodRow]) -> dict[tuple[str, ...], dict[str, str]]:
        """What the table has under the keys of the page."""
        keys = [self._key(row) for row in page]
        rows = [
            row
            for part in parts(keys, LOOK)
            for row in await self._storage.read(register.found(self._table, part))
        ]
        return {tuple(str(row[c]) for c in self._table.key): {c: str(row[c]) for c in row} for row in rows}

    def _key(self, row: GoodRow) -> tuple[str, ...]:
        return tuple(row.values[column] for column in self._table.key)


def parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """All of them, `size` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))
