"""Every dialog is walked along routes that take every outcome of every step; the engine must follow them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.services.prices import NoPrices
from bot.services.tariffs import HOUSEHOLD, Tariff, shipped
from dialogs.engine.advance import advance
from dialogs.engine.check.paths import Route, routes
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Event, Ran, Tapped
from dialogs.engine.going import Outcome, place_of
from dialogs.engine.steps import Choose, Dialog, Do, Each, End, Pick, Review
from tests.talk.world import BOOK

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
#: What services answer, by the outcome that a route takes.
ANSWERS: dict[object, object] = {
    date: DAY,
    Tariff: shipped().on(HOUSEHOLD, DAY),
    NoPrices: NoPrices(),
}
ROUTES = [(dialog, route) for dialog in BOOK.dialogs.values() for route in routes(dialog)]


@pytest.mark.parametrize(("dialog", "route"), ROUTES, ids=[f"{d.__name__}: {r}" for d, r in ROUTES])
def test_the_engine_goes_where_the_route_goes(dialog: type[Dialog], route: Route) -> None:
    walk = Walk(dialog)
    for name, outcome in route.taken:
        walk.take(name, outcome)
    assert walk.outcome.conversation.frames == ()
    assert walk.outcome.lines


class Walk:
    """One conversation that does what a route says, and looks whether it is asked for it."""

    def __init__(self, dialog: type[Dialog]) -> None:
        self.dialog = dialog
        self.outcome = Outcome(Conversation(language="en"))
        self.happens(Tapped(f"start:{dialog.__name__}", AT))

    def happens(self, event: Event) -> None:
        self.outcome = advance(self.outcome.conversation, event, BOOK)

    def take(self, name: str, outcome: object) -> None:
        step = self.dialog.names[name]
        match step:
            case Do():
                assert self.outcome.run is not None
                assert self.outcome.run.step == name
                self.happens(Ran(name, ANSWERS[outcome], AT))
            case Choose() | Pick() | Review():
                if self.stands_at(step):
                    self.happens(Tapped(f"{self.outcome.conversation.asked}:{option(step, outcome)}", AT))
            case Each():
                pass  # the rows are typical until somebody opens one
            case End():
                assert step.text is None or any(
                    phrase.text == step.text for line in self.outcome.lines for phrase in line.body
                )

    def stands_at(self, step: Any) -> bool:
        """Whether this is asked now; what is assumed is not asked unless it is opened."""
        live = place_of(self.outcome.conversation, BOOK).step
        if live is not step:
            assert isinstance(step, Choose)
            assert step.default
        return live is step


def option(step: Choose[Any] | Pick[Any] | Review, outcome: object) -> str:
    if isinstance(step, Choose):
        chosen = [entry.key for entry in step.among if entry.value == outcome]
        return f"={(chosen or list(step.by_key))[0]}"
    return "done" if isinstance(step, Pick) else "yes"
