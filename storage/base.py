"""What the program asks of a database: read, and commit a turn.  Nothing here knows which one it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: What may stand in a column: datetimes are stored as UTC epoch milliseconds, documents as JSON text.
Value = str | int | float | bytes | None
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Query:
    """A reading statement in the SQL that SQLite and PostgreSQL share, with `:named` parameters."""

    sql: str
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Write:
    """A writing statement and its precondition.

    `rows` is how many rows it must touch, None for any number.  When it touches another number,
    or breaks a unique rule, nothing of its turn is written and `guard` names what spoke.
    """

    sql: str
    params: Mapping[str, Value] = field(default_factory=dict)
    rows: int | None = None
    guard: str = ""


class Conflict(Exception):
    """A precondition did not hold; nothing of this turn was written, and it may be walked again."""

    def __init__(self, guard: str) -> None:
        super().__init__(guard)
        self.guard = guard


class Unavailable(Exception):
    """The database cannot be reached or cannot write (full, read-only); nothing may be acknowledged."""


class Storage(Protocol):
    """One database.  All methods may raise `Unavailable`; they are safe to call from many tasks."""

    async def read(self, query: Query) -> Sequence[Row]: ...

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        """Write all or nothing, durably.  Returns the rows of each `RETURNING`, in order.

        Raises `Conflict` when a precondition of any write does not hold.
        """
        ...

    async def close(self) -> None: ...
