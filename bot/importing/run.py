"""Goes through the files of an export.  A file with a bad row is not taken, unless told to keep going."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.clock import millis
from bot.importing.accounts import AccountTaker
from bot.importing.tables import TableTaker
from bot.importing.taking import Taker
from bot.services.register import files
from bot.services.register.files import FILES, File
from bot.services.register.reading import GoodRow, read
from bot.services.register.staging import Staging
from bot.services.rows import BadRow, Wrong
from bot.services.vault import Vault
from storage import register
from storage.base import Storage

#: Rows a commit: long enough to spread its cost, short enough that no turn waits for it.
PAGE = 2000


class NothingHere(Exception):
    """The folder has none of the files."""


@dataclass(slots=True)
class Count:
    """What became of a file's rows; `taken` is False when nothing of it was."""

    file: str
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    taken: bool = True


class Watcher(Protocol):
    """Whoever watches an import."""

    def bad(self, row: BadRow) -> None: ...

    def begin(self, what: str, rows: int) -> None:
        """Something starts that goes over about so many rows."""
        ...

    def more(self, rows: int) -> None:
        """So many of them are done."""
        ...


class Import:
    """`at` is now.  Raises `NothingHere`, `OSError` and `Unavailable`."""

    def __init__(
        self, storage: Storage, vault: Vault, watcher: Watcher, at: datetime, *, keep_going: bool = False
    ) -> None:
        self._watcher, self._keep_going = watcher, keep_going
        self._takers: dict[str, Taker] = {
            files.TARIFFS.name: TableTaker(storage, register.TARIFFS),
            files.CUSTOMERS.name: TableTaker(storage, register.CUSTOMERS),
            files.CONNECTIONS.name: TableTaker(storage, register.CONNECTIONS),
            files.INVOICES.name: TableTaker(storage, register.INVOICES),
            files.ACCOUNTS.name: AccountTaker(storage, vault, millis(at)),
        }

    async def folder(self, folder: Path) -> tuple[Count, ...]:
        """Take every file that is there; what a later one names may stand in an earlier one."""
        there = [file for file in FILES if (folder / file.name).is_file()]
        if not there:
            raise NothingHere(f"{folder} has none of {', '.join(file.name for file in FILES)}")
        return tuple([await self.file(folder / file.name, file) for file in there])

    async def file(self, path: Path, file: File) -> Count:
        count = Count(file.name)
        with Staging(file) as staging:
            self._read(path, file, staging, count)
            await self._check(staging, count)
            count.taken = not count.bad or self._keep_going
            if count.taken:
                await self._take(staging, count)
        return count

    def _read(self, path: Path, file: File, staging: Staging, count: Count) -> None:
        self._watcher.begin(f"{file.name}: checking", _lines(path))
        for row in self._counted(read(path, file), count):
            if isinstance(row, BadRow):
                self._bad(row, count)
                continue
            try:
                staging.add(row)
            except Wrong as wrong:
                self._bad(BadRow(file.name, row.line, str(wrong)), count)

    def _counted(self, rows: Iterable[GoodRow | BadRow], count: Count) -> Iterator[GoodRow | BadRow]:
        for row in rows:
            count.read += 1
            if count.read % PAGE == 0:
                self._watcher.more(PAGE)
            yield row

    async def _check(self, staging: Staging, count: Count) -> None:
        """What only the tables can say against a row."""
        taker = self._takers[count.file]
        for page in staging.pages(PAGE):
            for one in await taker.check(page):
                staging.remove(one.row)
                self._bad(BadRow(count.file, one.row.line, one.reason), count)

    async def _take(self, staging: Staging, count: Count) -> None:
        taker = self._takers[count.file]
        self._watcher.begin(f"{count.file}: taking", count.read - count.bad)
        for page in staging.pages(PAGE):
            taken = await taker.take(page)
            count.added += taken.added
            count.changed += taken.changed
            count.unchanged += taken.unchanged
            for one in taken.refused:
                self._bad(BadRow(count.file, one.row.line, one.reason), count)
            self._watcher.more(len(page))

    def _bad(self, row: BadRow, count: Count) -> None:
        count.bad += 1
        self._watcher.bad(row)


def _lines(path: Path) -> int:
    """About how many rows there are: fields may hold line breaks."""
    with path.open("rb") as file:
        chunks: Callable[[], bytes] = lambda: file.read(1 << 20)  # noqa: E731
        return sum(chunk.count(b"\n") for chunk in iter(chunks, b""))
