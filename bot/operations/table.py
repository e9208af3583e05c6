"""Lists as people read them on a terminal and as programs read them; moments in Kosovo, and in UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from bot.clock import moment
from bot.operations.use import Answer, Outcome
from bot.services.ports import ZONE
from storage.base import Value

#: A list that may be as long as it is.
ALL = 1_000_000_000
NONE = "-"


@dataclass(frozen=True, slots=True)
class Listing:
    """`rows` have what programs read; `cells` the same as words in the columns of `head`."""

    head: tuple[str, ...]
    cells: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[Mapping[str, object]] = field(default_factory=list)

    def add(self, cells: tuple[str, ...], **row: object) -> None:
        self.cells.append(cells)
        self.rows.append(row)

    def answer(self, total: int, one: str, many: str, *, nothing: str, after: Sequence[str] = ()) -> Answer:
        """`one` or `many` say what there is, `many` with a {n}; `after` are lines on what to do."""
        plain = {"count": total, "shown": len(self.rows), "rows": self.rows}
        if not total:
            return Answer("\n".join([nothing, *after]), Outcome.NOTHING, plain)
        title = one if total == 1 else many.format(n=total)
        if len(self.rows) < total:
            title += f" The newest {len(self.rows)} are shown; --all shows every one."
        lines = [f"{title} Times are Kosovo's.", "", table(self.head, self.cells)]
        return Answer("\n".join([*lines, *(["", *after] if after else [])]), Outcome.SHOWN, plain)


def table(head: Sequence[str], cells: Sequence[Sequence[str]], indent: str = "") -> str:
    """Columns two blanks apart, each as wide as the longest in it."""
    rows = [head, *cells]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows)
    return "\n".join(indent + line.rstrip() for line in padded)


def when(ms: Value) -> str:
    """2026-03-02 10:00:07, as clocks in Kosovo show it."""
    return NONE if ms is None else shown(moment(int(str(ms))))


def shown(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def iso(ms: Value) -> str | None:
    return None if ms is None else moment(int(str(ms))).isoformat()


def short(id: str) -> str:
    """Enough of an account's id to name it."""
    return id[:10]
