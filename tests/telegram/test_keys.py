"""Keys beneath the chat say their labels: each does what a tap on a button would, in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channel import Button
from dialogs.engine.advance import advance
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Event, Said, Tapped
from dialogs.engine.going import Outcome
from dialogs.engine.lines import Line
from dialogs.engine.prompts import BACK, CANCEL, HELP, KEEP
from dialogs.engine.steps import Ask, Dialog, End, Reader, Redo, Review
from dialogs.engine.text import _, _l
from dialogs.identifiers import phone
from handlers.render import render
from handlers.telegram.capabilities import TELEGRAM
from handlers.telegram.render import keyboard
from locales.languages import LANGUAGES
from locales.speaker import Speaker
from tests.talk.books import with_dialog

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NAME: Reader[str] = Reader(str)


class Reach(Dialog):
    """Everything that can stand beside the key that shares a phone number."""

    title = _l("Phone")
    name = Ask(NAME, _("What is your first name, as on your identity card?"), label=_l("First name"))
    phone = Ask(
        phone,
        _("What is your new mobile number?"),
        label=_l("Phone"),
        usual=("+38344123456",),
        contact=True,
        redo=(Redo(_l("Type it again"), (name,), "✏️"),),
        help=(_("For example 044 123 456, or with the country code: +383 44 123 456."),),
    )
    right = Review(_("Is everything right?"), name, phone)
    done = End(given=right)


BOOK = with_dialog(Reach)


def told(language: str, *events: Event) -> Outcome:
    """Where a conversation is after all this."""
    outcome = Outcome(replace(Conversation(), language=language))
    for event in events:
        outcome = advance(outcome.conversation, event, BOOK)
    return outcome


def asked(language: str) -> Outcome:
    return told(language, Tapped("start:Reach", AT), Said("Arta", AT))


def opened(language: str) -> Outcome:
    """The question once more, out of the summary."""
    summary = advance(asked(language).conversation, Said("044 123 456", AT), BOOK)
    change = next(o.payload for o in summary.lines[-1].options if o.payload.endswith("change:phone"))
    return advance(summary.conversation, Tapped(change, AT), BOOK)


def keys(line: Line, language: str) -> Iterator[Button]:
    """The buttons that become keys which are said."""
    message = render(line, Speaker(language), TELEGRAM)
    shown = keyboard(message)
    assert shown is not None
    said = {key["text"] for row in shown["keyboard"] for key in row if "request_contact" not in key}
    yield from (button for row in message.rows for button in row if button.label in said)


def come_of(before: Outcome, event: Event) -> tuple[object, ...]:
    """What an event leads to; how it was told makes no difference."""
    after = advance(before.conversation, event, BOOK)
    return after.conversation.frames, after.conversation.asked, [replace(x, edits=False) for x in after.lines]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("reach", "controls"), [(asked, {BACK, HELP, CANCEL}), (opened, {KEEP, HELP})], ids=["asked", "opened"]
)
def test_a_key_that_is_said_does_what_its_button_would(
    language: str, reach: Callable[[str], Outcome], controls: set[str]
) -> None:
    before = reach(language)
    pressed = list(keys(before.lines[-1], language))
    assert {button.payload.partition(":")[2] for button in pressed} >= controls
    assert len(pressed) == len(controls) + 2
    for button in pressed:
        later = AT + timedelta(minutes=1)
        assert come_of(before, Said(button.label, later)) == come_of(before, Tapped(button.payload, later))
