"""Talks with small dialogs through `advance` alone: no storage, no channel, services answered on the spot.

After every move the conversation is written down and read again, as between two turns of the real program.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.engine.advance import advance
from dialogs.engine.book import Book, Entrance
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Came, Event, Failed, Noted, Ran, Said, Shared, Tapped, Woke
from dialogs.engine.going import Outcome, Run
from dialogs.engine.lines import Line, Option
from dialogs.engine.memory import recall, remember
from dialogs.engine.steps import Dialog, End
from dialogs.engine.text import Phrase, Text, _, _l
from tests.talk.words import EAR, SPEAKERS

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALL_US = _("Please call us.")
#: More services in one turn than any of these dialogs asks.
MOST_RUNS = 20


class Gone(Exception):
    """A service cannot be reached."""


class Menu(Dialog):
    title = _l("The menu of the tests")
    shown = End(_("What now?"), menu="main")


class Hello(Dialog):
    title = _l("The welcome of the tests")
    shown = End(_("Hello there."))


class Aid(Dialog):
    title = _l("The help of the tests")
    shown = End(_("We help."))


class Weather(Dialog):
    """Something else that can be asked for in the middle of anything."""

    title = _l("Weather report")
    shown = End(_("It rains."))


def book_of(*dialogs: type[Dialog], menus: Mapping[str, tuple[type[Dialog], ...]] | None = None) -> Book:
    """A book of these dialogs, all of them in its menu `main`, beside what every book has."""
    every: tuple[type[Dialog], ...] = (Menu, Hello, Aid, Weather, *dialogs)
    shown = menus or {"main": (*dialogs, Weather)}
    return Book(
        dialogs={dialog.__name__: dialog for dialog in every},
        menus={name: tuple(map(Entrance, entries)) for name, entries in shown.items()},
        said=(),
        welcome=Hello,
        home=Menu,
        tongue=Weather,
        helpdesk=Aid,
        languages=("en", "sq"),
        callcentre=CALL_US,
        ear=EAR,
        zone=ZoneInfo("Europe/Belgrade"),
    )


class Talk:
    """One conversation.  `away`: services cannot be reached; `asked` are those that were called."""

    def __init__(self, book: Book) -> None:
        self.book, self.at = book, START
        self.now = Conversation(language="en")
        self.lines: tuple[Line, ...] = ()
        self.secret = self.away = False
        self.asked: list[str] = []
        self.kept: list[str] = []  # everything that was ever remembered

    # -- moves -----------------------------------------------------------------------------------------

    def opens(self, dialog: type[Dialog]) -> None:
        self.tap(f"start:{dialog.__name__}")

    def say(self, *texts: str) -> None:
        for text in texts:
            self.at += timedelta(seconds=5)
            self.hear(Said(text, self.at))

    def tap(self, payload: str) -> None:
        self.at += timedelta(seconds=5)
        self.hear(Tapped(payload, self.at))

    def press(self, option: str) -> None:
        """A button of the live prompt, by what stands behind its number."""
        assert option in self.options, (option, self.options)
        self.tap(f"{self.now.asked}:{option}")

    def share(self, phone: str, *, own: bool = True) -> None:
        self.at += timedelta(seconds=5)
        self.hear(Shared(phone, own, self.at))

    def comes(self, value: object, question: str = "") -> None:
        """From outside, for the question that is asked or another."""
        self.at += timedelta(seconds=5)
        self.hear(Came(question or self.now.question, value, self.at))

    def note(self, words: Text) -> None:
        self.at += timedelta(seconds=5)
        self.hear(Noted(Phrase(words), self.at))

    def wake(self) -> None:
        self.hear(Woke(self.at))

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)

    def deploy(self, *dialogs: type[Dialog]) -> None:
        """Tomorrow's dialogs; what was remembered is read by them."""
        self.book = book_of(*dialogs)
        self.now = recall(remember(self.now), self.book.dialogs)

    def hear(self, event: Event) -> None:
        """The whole turn, with every service that it leads to."""
        outcome = advance(self.now, event, self.book)
        self.lines, self.secret = outcome.lines, outcome.secret
        for _run in range(MOST_RUNS):
            self._keep(outcome)
            if outcome.run is None:
                return
            assert isinstance(outcome.run, Run), "an offer is taken by the program"
            outcome = advance(self.now, self._answer(outcome.run), self.book)
            self.lines += outcome.lines
        raise AssertionError(f"round in circles: {self.asked}")

    def _keep(self, outcome: Outcome) -> None:
        text = remember(outcome.conversation)
        self.kept.append(text)
        self.now = recall(text, self.book.dialogs)
        assert self.now == outcome.conversation

    def _answer(self, run: Run) -> Ran | Failed:
        self.asked.append(run.step)
        try:
            return Ran(run.step, result(run.fn(None, *run.args)), self.at)
        except Gone:
            return Failed(run.step, self.at)

    # -- what the customer sees ------------------------------------------------------------------------

    @property
    def words(self) -> list[str]:
        """What was said in the last turn, in English."""
        return [SPEAKERS["en"].plain(phrase) for line in self.lines for phrase in line.body]

    def hears(self, words: str) -> bool:
        return words in self.words

    @property
    def prompt(self) -> Line:
        return self.lines[-1]

    @property
    def asks(self) -> str:
        """The question that stands at the end of the last turn; "" when it is none."""
        return self.prompt.asks if self.lines else ""

    @property
    def buttons(self) -> tuple[Option, ...]:
        return self.prompt.options

    @property
    def options(self) -> list[str]:
        """What stands behind the prompt's number on its buttons."""
        return [option.payload.partition(":")[2] for option in self.buttons]

    @property
    def dialogs(self) -> list[str]:
        """The open dialogs, the live one last."""
        return [frame.dialog for frame in self.now.frames]

    def told(self, name: str) -> Any:
        """What the live dialog remembers of a step."""
        return self.now.top.told[name].value

    def change(self, **fields: Any) -> None:
        """Put the conversation where a test wants it."""
        self.now = replace(self.now, **fields)


def result(work: Coroutine[Any, Any, Any]) -> Any:
    """What a service says that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as stopped:
        return stopped.value
    raise AssertionError("this service waits")
