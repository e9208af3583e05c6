"""One use of a command: what was asked, what came of it, and that it is kept who asked.

Nothing is shown before that is committed, and what is mended is committed with it, all or nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.clock import millis
from bot.logs import redacted
from bot.operations.veil import Veil
from bot.services.ports import Means, Turn
from storage import operator_log
from storage.base import Conflict, Query, Row, Write

log = logging.getLogger(__name__)

#: How often a command is begun anew when something comes between.
WALKS = 3
#: What somebody types instead of an id need not be kept in full.
LONGEST = 80


class Outcome(StrEnum):
    SHOWN = "shown"
    NOTHING = "nothing"  # there is nothing of the kind
    UNKNOWN = "unknown"  # there is none of that id
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Use:
    """What an operator asks for: a `command` like "dead retry", of a `subject` (an id), and why (`note`).

    `personal`: data of customers are to be shown.
    """

    command: str
    subject: str = ""
    note: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to people, and in `plain` to programs; `subject` is the full name of what it is about."""

    said: str
    outcome: Outcome
    plain: Mapping[str, object] | None = None
    subject: str = ""
    writes: Sequence[Write] = ()

    @property
    def good(self) -> bool:
        return self.outcome not in (Outcome.UNKNOWN, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with."""

    means: Means
    operator: str
    use: Use
    at: datetime

    @property
    def veil(self) -> Veil:
        return Veil(lifted=self.use.personal)

    @property
    def at_ms(self) -> int:
        return millis(self.at)

    async def read(self, query: Query) -> Sequence[Row]:
        return await self.means.storage.read(query)

    async def count(self, query: Query) -> int:
        """Of a statement that returns `n`."""
        rows = await self.read(query)
        return int(str(rows[0]["n"]))

    def turn(self) -> Turn:
        """For a service; what it adds to the turn goes into the `writes` of the answer."""
        return self.means.turn("", self.at, f"operator {self.use.command} {self.at_ms}")


Work = Callable[[Desk], Awaitable[Answer]]


async def carried_out(desk: Desk, work: Work) -> Answer:
    """Raises `Unavailable`: then nothing was done, and nothing may be shown."""
    for _walk in range(WALKS):
        answer = await work(desk)
        try:
            await _keep(desk, answer)
            return answer
        except Conflict:  # it is looked at anew
            continue
    answer = Answer("Somebody else is changing the same thing. Please try again.", Outcome.REFUSED)
    await _keep(desk, answer)
    return answer


async def _keep(desk: Desk, answer: Answer) -> None:
    use, subject = desk.use, answer.subject or redacted(desk.use.subject)[:LONGEST]
    row = operator_log.add(
        at_ms=desk.at_ms,
        operator=desk.operator,
        command=use.command,
        subject=subject,
        personal=use.personal,
        note=use.note,
        outcome=answer.outcome,
    )
    await desk.means.storage.commit([*answer.writes, row])
    # Without the note: nobody can see to it that it names no customer.
    log.info(
        "operator: who=%s command=%s subject=%s personal=%s outcome=%s",
        desk.operator, use.command, subject or "-", "yes" if use.personal else "no", answer.outcome,
    )  # fmt: skip
