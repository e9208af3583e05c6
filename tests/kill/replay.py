"""The same updates walked by the engine alone, without a database, a network or a death: what should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.gateways.registry.local import LocalRegistry
from bot.services.passwords import Passwords
from bot.services.ports import Means, Turn
from bot.services.vault import Vault
from dialogs.book import book
from dialogs.engine.advance import advance
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Arrived, Event, Ran, Said, Tapped
from dialogs.engine.going import Run, bundled
from dialogs.engine.lines import Line
from locales.ear import Ear
from storage.base import Query, Row, Write

BOOK = book(Ear())


@dataclass
class Told:
    """A conversation, and all that was said in it: in new messages, and by changing one that stood there."""

    conversation: Conversation = field(default_factory=Conversation)
    lines: list[Line] = field(default_factory=list)
    edits: int = 0


class Empty:
    """A database in which no operator has put anything."""

    async def read(self, query: Query) -> Sequence[Row]:
        return ()

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        return [()] * len(writes)

    async def close(self) -> None: ...


async def replay(chat: str, moves: Sequence[tuple[bool, str]]) -> Told:
    """`moves` are taps (True) and words (False)."""
    told = Told()
    empty = Empty()
    turn = Means(empty, LocalRegistry(empty), Vault("replay"), Passwords("replay")).turn(
        chat, datetime.now(UTC), "replay"
    )
    for tap, what in moves:
        await _walk(told, _event(tap, what, turn.at), turn)
    return told


def _event(tap: bool, what: str, at: datetime) -> Event:
    if what == "/start":
        return Arrived("en", at)
    return Tapped(what, at) if tap else Said(what, at)


async def _walk(told: Told, event: Event, turn: Turn) -> None:
    outcome = advance(told.conversation, event, BOOK)
    lines = list(outcome.lines)
    while outcome.run is not None:
        assert isinstance(outcome.run, Run), "these customers are offered nothing"
        value = await outcome.run.fn(turn, *outcome.run.args)
        outcome = advance(outcome.conversation, Ran(outcome.run.step, value, turn.at), BOOK)
        lines += outcome.lines
    told.conversation = outcome.conversation
    said = bundled(lines)
    told.lines += [line for line in said if not line.edits]
    told.edits += sum(line.edits for line in said)
