"""Takes rows into a table of the register, and writes only those that are new or different."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from bot.importing.taking import Refused, Taken
from bot.services.register.reading import GoodRow
from storage import register
from storage.base import Storage, Write
from storage.register import Table

T = TypeVar("T")

#: Rows a statement: SQLite finds a named parameter by looking through all of them, so that more at once is
#: slower again (20 rows 18 µs each, 200 rows 62 µs each), and one by one PostgreSQL answers too often.
ROWS = 20


class TableTaker:
    """Asks for no row beforehand: what a server plans while a table is empty is slow when it is full."""

    def __init__(self, storage: Storage, table: Table) -> None:
        self._storage, self._table = storage, table

    async def check(self, page: Sequence[GoodRow]) -> Sequence[Refused]:
        """Any well-formed row may be taken: files come in any order, and not always all of them."""
        return ()

    async def take(self, page: Sequence[GoodRow]) -> Taken:
        """Two commits: what is new, and then what is different."""
        new = await self._write(register.add, [row.values for row in page])
        known = [row.values for row in page if self._key(row.values) not in new]
        changed = await self._write(register.put, known)
        return Taken(added=len(new), changed=len(changed), unchanged=len(known) - len(changed))

    async def _write(
        self,
        statement: Callable[[Table, Sequence[Mapping[str, str]]], Write],
        rows: Sequence[Mapping[str, str]],
    ) -> set[tuple[str, ...]]:
        """The keys of the rows that were written."""
        if not rows:
            return set()
        done = await self._storage.commit([statement(self._table, part) for part in parts(rows, ROWS)])
        return {self._key(row) for keys in done for row in keys}

    def _key(self, row: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(str(row[column]) for column in self._table.key)


def parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """All of them, `size` at a time."""
    return (things[start : start + size] for start in range(0, len(things), size))
