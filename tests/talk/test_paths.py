"""Every dialog is walked along routes that take every outcome of every step; the engine must follow them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.services.my_account import Guest
from bot.services.my_meters import MyMeter
from bot.services.paying import Free, Several
from bot.services.registration import Code, Opened
from dialogs.engine.advance import advance
from dialogs.engine.check.paths import Route, routes
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Came, Event, Ran, Said, Tapped
from dialogs.engine.going import Outcome, Take, place_of
from dialogs.engine.lines import Opening
from dialogs.engine.memory import stored_type
from dialogs.engine.offers import Taken, written
from dialogs.engine.settle import Place, entries_of
from dialogs.engine.steps import (
    Ask,
    Await,
    Check,
    Choose,
    Dialog,
    Do,
    Each,
    End,
    Form,
    GaveUp,
    Pick,
    Review,
    Say,
    Select,
    SelectMany,
)
from dialogs.places import Bare, Skipped
from dialogs.register import Seems, Slip
from tests.talk.outcomes import METER, OTHER_AMOUNT, SOME_METERS, made, some
from tests.talk.world import BOOK

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: What is typed at a question, by its name.
TYPED = {
    "number": "1234567892",
    "first_name": "Arta",
    "last_name": "Krasniqi",
    "name": "Arta",
    "code": "DPR 6687",
    "email": "arta@example.com",
    "phone": "044 123 456",
    "who": "arta@example.com",
    "named": "20",
}
#: What is typed where it is checked at once, by the dialog, instead of six digits.
CHECKED = {"HaveCode": "7KM4-A9TR"}
#: What must be typed, or answered by a service, so that something which is worked out turns out so.
LEADS: dict[tuple[str, object], tuple[str, object]] = {
    ("look", Seems.DOUBTFUL): ("number", "1234567893"),
    ("kind", Bare): ("code", "6687"),
    ("named", MyMeter): ("code", METER.code),
    ("kind", Free): ("due", OTHER_AMOUNT),
    ("kind", Several): ("due", SOME_METERS),
    ("kind", Skipped): ("code", "skip"),
    ("slip", Slip): ("email", "arta@gmial.com"),
    **{("code_of", code): ("opened", Opened("Arta", code, 1)) for code in Code},
}
ROUTES = [(dialog, route) for dialog in BOOK.dialogs.values() for route in routes(dialog)]


@pytest.mark.parametrize(("dialog", "route"), ROUTES, ids=[f"{d.__name__}: {r}" for d, r in ROUTES])
def test_the_engine_goes_where_the_route_goes(dialog: type[Dialog], route: Route) -> None:
    walk = Walk(dialog, route)
    for name, outcome in route.taken:
        walk.take(name, outcome)
    walk.comes_home()
    assert walk.outcome.conversation.frames == ()
    assert walk.outcome.lines


def offer(dialog: type[Dialog], led: Mapping[str, object]) -> Taken:
    """What starts a dialog that has to be told something."""
    args = {step.name: led.get(step.name) or some(stored_type(step)) for step in dialog.params}
    return Taken(dialog.__name__, written(Opening(dialog.__name__, args, timedelta(1))))


class Walk:
    """One conversation that does what a route says, and looks whether it is asked for it."""

    def __init__(self, dialog: type[Dialog], route: Route) -> None:
        self.dialog = dialog
        self.led = dict(LEADS[taken] for taken in route.taken if taken in LEADS)
        self.outcome = Outcome(Conversation(language="en"))
        if dialog.params:
            self.happens(Ran(Take("1").step, offer(dialog, self.led), AT))
        else:
            self.happens(Tapped(f"start:{dialog.__name__}", AT))

    def happens(self, event: Event) -> None:
        self.outcome = advance(self.outcome.conversation, event, BOOK)

    def take(self, name: str, outcome: object) -> None:
        step = self.dialog.names.get(name)
        match step:
            case Do():
                assert self.outcome.run is not None
                assert self.outcome.run.step == name
                if outcome is GaveUp:
                    self.gives_up(step)
                else:
                    self.happens(Ran(name, self.led.get(name) or made(outcome), AT))
            case Check():
                self.happens(Said(CHECKED.get(self.dialog.__name__, "123456"), AT))
                assert self.outcome.run is not None
                self.happens(Ran(name, made(outcome), AT))
            case Await() | Form():
                assert self.place().step is step
                question = self.outcome.conversation.question
                self.happens(Came(question, made(outcome), AT))
            case Ask():
                if self.stands_at(step):
                    self.happens(Said(str(self.led.get(name, TYPED.get(name))), AT))
            case Select():
                first = self.place().live.value(step.among)[0]
                self.happens(Tapped(f"{self.outcome.conversation.asked}:={step.key(first)}", AT))
            case SelectMany():
                first = next(iter(entries_of(step, self.place().live)))
                for each in (f"+{first}", "done"):
                    self.happens(Tapped(f"{self.outcome.conversation.asked}:{each}", AT))
            case Choose() | Pick() | Review():
                if self.stands_at(step):
                    self.happens(Tapped(f"{self.outcome.conversation.asked}:{option(step, outcome)}", AT))
                elif isinstance(step, Choose) and self.is_other(step, outcome):
                    self.switches(step)
            case Each() | Say() | None:
                pass  # rows are typical until somebody opens one; what is said or worked out needs nobody
            case End():
                assert step.text is None or any(
                    phrase.text == step.text for line in self.outcome.lines for phrase in line.body
                )

    def is_other(self, step: Choose[Any], outcome: object) -> bool:
        return isinstance(step.default, str) and step.by_key[step.default].value is not outcome

    def switches(self, step: Choose[Any]) -> None:
        """Press the button that answers an assumed question otherwise, where it stands."""
        while self.outcome.run is not None:
            self.goes_on()
        at = self.place().step
        assert isinstance(at, Check)
        n = next(n for n, switch in enumerate(at.extras.switches) if switch.key != step.default)
        self.happens(Tapped(f"{self.outcome.conversation.asked}:switch:{n}", AT))

    def gives_up(self, step: Do[Any]) -> None:
        """Refused as often as it takes; the customer gives the same answers each time."""
        kind = next(iter(step.rejects))
        for left in reversed(range(step.attempts)):
            self.happens(Ran(step.name, made(kind), AT))
            while left and not (self.outcome.run and self.outcome.run.step == step.name):
                self.goes_on()

    def goes_on(self) -> None:
        """Whatever is asked, of the customer or of a service, is answered as the first outcome has it."""
        run = self.outcome.run
        waiting = self.dialog.names[run.step] if run else self.place().step
        assert waiting is not None
        self.take(waiting.name, waiting.outcomes()[0])

    def comes_home(self) -> None:
        """After a dialog's end the main menu asks who is there."""
        if self.outcome.run is not None and self.outcome.conversation.top.dialog == "Home":
            self.happens(Ran(self.outcome.run.step, Guest(), AT))

    def place(self) -> Place:
        return place_of(self.outcome.conversation, BOOK)

    def stands_at(self, step: Any) -> bool:
        """Whether this is asked now; what is assumed is not asked unless it is opened."""
        live = self.place().step
        if live is not step:
            assert isinstance(step, Ask | Choose)
            assert step.default
        return live is step


def option(step: Choose[Any] | Pick[Any] | Review, outcome: object) -> str:
    if isinstance(step, Choose):
        chosen = [entry.key for entry in step.among if entry.value == outcome]
        return f"={(chosen or list(step.by_key))[0]}"
    return "done" if isinstance(step, Pick) else "yes"
