"""What the engine is told about this product: its dialogs, its menu, and an ear for words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dialogs.engine.steps import Context, Dialog, End
from dialogs.engine.text import Phrase, Text

#: What was last shown has no entries: a notice, with buttons of its own.
NO_MENU = "none"
#: One thing to say, or one that goes by several names.
Offered = Phrase | tuple[Phrase, ...]


class Ear(Protocol):
    """Compares what was written with what was offered, in every language at once."""

    def command(self, text: str) -> str | None:
        """The control word this is: `help`, `back`, `cancel`, `menu`, `language`, `done`, `keep`, `no`,
        `hello`, `thanks`, or the code of a language that was named.
        """
        ...

    def bare(self, text: str) -> str:
        """What is left without greetings and politeness; "" where that is all of it, or none of it."""
        ...

    def match(self, text: str, offered: Sequence[Offered]) -> int | None:
        """The one that this is, give or take case, accents and script."""
        ...

    def guess(self, text: str, offered: Sequence[Offered]) -> int | None:
        """The one that this is probably meant to be."""
        ...

    def gist(self, text: str, offered: Sequence[Text]) -> int | None:
        """The one that a whole sentence is about, by the words in it."""
        ...


@dataclass(frozen=True)
class Entrance:
    """An entry of the main menu: a dialog that can be started at any time."""

    dialog: type[Dialog]
    icon: str = ""

    @property
    def payload(self) -> str:
        return f"start:{self.dialog.__name__}"


@dataclass(frozen=True)
class DeepLink:
    """What is begun by a word that a link brings along (`Arrived.context`), or that is written as it is.

    `reads` is the word as it is meant, None for any other text.  `keeps` is the service that makes of it what
    may be remembered: the one `Param` of `dialog` is told that.
    """

    dialog: type[Dialog]
    reads: Callable[[str], str | None]
    keeps: Callable[[Context, str], Awaitable[Any]]


def end_name(step: End) -> str:
    """What the offers of an end are remembered by."""
    return f"{step.owner.__name__}.{step.name}"


@dataclass(frozen=True)
class Book:
    """Every dialog by name, and what stands around them.

    `menus` are the main menu as it stands for different customers, by name; the first is everybody's.
    `said` are dialogs that no menu shows, and that can be asked for in words all the same.
    `welcome` greets who comes for the first time, `home` is where every dialog ends, `tongue` changes
    the language, `helpdesk` helps outside any question.  `callcentre` is offered when help has run out.
    Reminders keep to the daytime of `zone`.  `deep_link` is begun by a word of its own, beside what is open.
    """

    dialogs: Mapping[str, type[Dialog]]
    menus: Mapping[str, tuple[Entrance, ...]]
    said: tuple[type[Dialog], ...]
    welcome: type[Dialog]
    home: type[Dialog]
    tongue: type[Dialog]
    helpdesk: type[Dialog]
    languages: tuple[str, ...]
    callcentre: Text
    ear: Ear
    zone: ZoneInfo
    deep_link: DeepLink | None = None

    def brought(self, text: str) -> str | None:
        """The word of the deep link in what was written or came with a link; None for anything else."""
        return self.deep_link.reads(text) if self.deep_link else None

    def menu(self, name: str) -> tuple[Entrance, ...]:
        """The menu of that name, or what the `End` of that name offers.

        One that a deploy took away is the first; beneath a notice there is none.
        """
        if name == NO_MENU:
            return ()
        return self.menus.get(name) or self._after(name) or next(iter(self.menus.values()))

    def _after(self, name: str) -> tuple[Entrance, ...]:
        """What can be started after an end, and the way to the main menu."""
        dialog, _dot, step = name.partition(".")
        end = self.dialogs[dialog].names.get(step) if dialog in self.dialogs else None
        if not isinstance(end, End):
            return ()
        starts = (Entrance(self.dialogs[start], self._icon(start)) for start in end.starts)
        return (*starts, Entrance(self.home, "🏠"))

    def _icon(self, name: str) -> str:
        return next((e.icon for e in self.entrances if e.dialog.__name__ == name), "")

    @cached_property
    def entrances(self) -> tuple[Entrance, ...]:
        """Every dialog that can be started in words, whichever menu shows it."""
        shown = {e.dialog: e for menu in self.menus.values() for e in menu}
        return (*shown.values(), *map(Entrance, self.said))
