"""What a trial needs of a simulated messenger: settings for the program, phones, what came to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, Self

from dialogs.engine.lines import Line
from tests.kill.program import Program


class Deed(Enum):
    OPEN = "opens the chat"
    TAP = "presses a button"
    SAY = "writes"


@dataclass(frozen=True, slots=True)
class Move:
    """Something a customer does; `what` is the payload of the button, or their words.

    `hurried`: customers who wait for nobody do it before they know that the last thing has arrived.
    """

    deed: Deed
    what: str = ""
    hurried: bool = False


#: Reads the program's database.
Read = Callable[..., list[Any]]
#: What a customer has done so far, by the key of the update that it was.
Moves = Mapping[str, Move]


class Phone(Protocol):
    """In one customer's hand; `chat` is what the program calls it."""

    chat: str

    def may(self, move: Move, moves: Moves) -> bool:
        """Whether this customer would do it now, after those `moves`."""
        ...

    def do(self, move: Move) -> str:
        """The key of the update that comes of it."""
        ...

    def is_ordered(self, move: Move) -> bool:
        """Whether it may be overtaken, and then counts as late."""
        ...

    def got(self) -> Sequence[str]:
        """How every message looked that came, in order."""
        ...

    def shows(self, prompt: int, payloads: frozenset[str]) -> bool:
        """Whether the newest marks of that prompt on the screen are those that `payloads` would take off."""
        ...


class Messenger(Protocol):
    """`arrives` are the kinds of outbox rows that come as messages of their own."""

    @property
    def arrives(self) -> tuple[str, ...]: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    def settings(self, at: str) -> dict[str, str]:
        """Those of a program that listens at the address `at`."""
        ...

    async def meet(self, program: Program) -> None:
        """Learn where the program is found."""
        ...

    def phone(self, number: int, *, hasty: bool) -> Phone: ...

    def is_there(self, yes: bool) -> None:
        """Be told whether the program listens."""
        ...

    def hurry(self) -> None:
        """Be told that no more will happen but what has to."""
        ...

    def waiting(self) -> int:
        """Updates of customers that the program has not confirmed."""
        ...

    def is_quiet(self) -> bool:
        """Whether the program has been told all there is."""
        ...

    def spoken(self) -> int:
        """How often the program has said something."""
        ...

    def look(self, line: Line) -> str:
        """How a line looks when it comes as a message."""
        ...

    def promised(self, chat: str, read: Read) -> list[str]:
        """How that looks which the program has kept to answer this chat with."""
        ...

    def faults(self) -> list[str]:
        """What was wrong in the eyes of the messenger."""
        ...
