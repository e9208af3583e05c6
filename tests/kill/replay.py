"""The same updates walked by the engine alone, without a database, a network or a death: what should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.gateways.registry.local import LocalRegistry
from bot.services.passwords import Passwords
from bot.services.ports import Means, Turn
from bot.services.vault import Vault
from dialogs.book import book
from dialogs.engine.advance import advance
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Arrived, Event, Late, Ran, Said, Tapped
from dialogs.engine.going import Run, bundled
from dialogs.engine.lines import Line
from locales.ear import Ear
from storage.base import Query, Row, Write
from tests.kill.messenger import Deed, Move

BOOK = book(Ear())


@dataclass(frozen=True, slots=True)
class Moved:
    """A move, when its turn was, and whether it was `late`: overtaken on its way."""

    move: Move
    at: datetime
    late: bool = False


@dataclass
class Told:
    """A conversation, and all that was said in it, in order."""

    conversation: Conversation = field(default_factory=Conversation)
    lines: list[Line] = field(default_factory=list)


class Empty:
    """A database in which no operator has put anything."""

    async def read(self, query: Query) -> Sequence[Row]:
        return ()

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        return [()] * len(writes)

    async def close(self) -> None: ...


async def replay(chat: str, moves: Sequence[Moved]) -> Told:
    told = Told()
    empty = Empty()
    means = Means(empty, LocalRegistry(empty), Vault("replay"), Passwords("replay"))
    for moved in moves:
        await _walk(told, _event(moved), means.turn(chat, moved.at, "replay"))
    return told


def _event(moved: Moved) -> Event:
    if moved.late:
        return Late(moved.at)
    match moved.move.deed:
        case Deed.OPEN:
            return Arrived("en", moved.at)
        case Deed.TAP:
            return Tapped(moved.move.what, moved.at)
        case Deed.SAY:
            return Said(moved.move.what, moved.at)


async def _walk(told: Told, event: Event, turn: Turn) -> None:
    outcome = advance(told.conversation, event, BOOK)
    lines = list(outcome.lines)
    while outcome.run is not None:
        assert isinstance(outcome.run, Run), "these customers are offered nothing"
        value = await outcome.run.fn(turn, *outcome.run.args)
        outcome = advance(outcome.conversation, Ran(outcome.run.step, value, turn.at), BOOK)
        lines += outcome.lines
    told.conversation = outcome.conversation
    told.lines += bundled(lines)
