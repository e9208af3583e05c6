"""What is said of a page of rows once it was taken, and who takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.services.register.reading import GoodRow


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is well formed and cannot be taken, because of what is there already."""

    row: GoodRow
    reason: str


@dataclass(slots=True)
class Taken:
    """How many rows were added, changed, and left as they were; and those refused after all."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)


class Taker(Protocol):
    """Both may raise `Unavailable`."""

    async def check(self, page: Sequence[GoodRow]) -> Sequence[Refused]:
        """The rows that cannot be taken, before any is."""
        ...

    async def take(self, page: Sequence[GoodRow]) -> Taken:
        """Write what is new or different."""
        ...
