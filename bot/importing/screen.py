"""What an operator sees of an import: a bar on a terminal, bad rows as they are found, a summary."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.importing.run import Count
from bot.services.rows import BadRow

#: Bad rows of a file that are shown; a file that is all wrong should not fill the screen.
SHOWN = 100


class Screen:
    """A `Watcher` on a console; where that is no terminal, only bad rows are shown."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, int] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def bad(self, row: BadRow) -> None:
        shown = self._shown[row.file] = self._shown.get(row.file, 0) + 1
        if shown <= SHOWN:
            self._say(str(row))
        elif shown == SHOWN + 1:
            self._say(f"{row.file}: there are more bad rows; the summary counts them")

    def begin(self, what: str, rows: int) -> None:
        self._progress.reset(self._task, total=rows, description=what, visible=True)

    def more(self, rows: int) -> None:
        self._progress.advance(self._task, rows)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def summary(counts: Sequence[Count]) -> str:
    """A line for each file, in columns."""
    names = ("read", "added", "changed", "unchanged", "bad")
    lines = [f"{'':<16}" + "".join(f"{name:>11}" for name in names)]
    for count in counts:
        figures = (count.read, count.added, count.changed, count.unchanged, count.bad)
        left = "" if count.taken else "  nothing taken"
        lines.append(f"{count.file:<16}" + "".join(f"{figure:>11,}" for figure in figures) + left)
    return "\n".join(lines)
