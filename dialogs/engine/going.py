"""Going on: walk until something must be asked or done, or everything is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from dialogs.engine.book import Book, end_name
from dialogs.engine.conversation import Conversation, Frame, Told
from dialogs.engine.lines import Line, Option, Picture, Tone
from dialogs.engine.offers import OFFER, undo_of
from dialogs.engine.prompts import (
    fill,
    menu_options,
    prompt_line,
    url_of,
)
from dialogs.engine.settle import Place, at_path, settle
from dialogs.engine.steps import (
    Check,
    Dialog,
    Do,
    End,
    Prompt,
    Review,
    Say,
    Speak,
    Step,
)
from dialogs.engine.text import Phrase, Text, _, _l

BACK_WHERE_WE_WERE = _("Back to where we were.")
HELLO = _("Hello!")
RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Run:
    """A service to call; its result comes back as `Ran(step, …)`, a failure as `Failed(step)`."""

    step: str
    fn: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Take:
    """An offer to take; `Ran(step, …)` brings an `offers.Taken` or why it cannot be taken."""

    id: str

    @property
    def step(self) -> str:
        return f"{OFFER} {self.id}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an event: what to remember, what to say, and what to run before going on.

    `secret`: what the customer wrote belongs on a page; it is to be taken off the chat.
    """

    conversation: Conversation
    lines: tuple[Line, ...] = ()
    run: Run | Take | None = None
    secret: bool = False


def go(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Walk on until something must be asked or done, or everything is over."""
    said = list(lines)
    now = _refreshed(now, book)
    while now.frames:
        place = place_of(now, book)
        step = place.step
        if isinstance(step, Do):
            return Outcome(now, tuple(said), run_of(place))
        if isinstance(step, Say):
            words = fill(step.text, place.live, place.dialog.names)
            said.append(Line((words,), picture=_picture(step, place)))
            now = remembered(now, place, step, None)
        elif isinstance(step, End):
            body: tuple[Phrase, ...] = (fill(step.text, place.live, place.dialog.names),) if step.text else ()
            now = now.without_top()
            picture = _picture(step, place)
            if step.menu or step.starts:
                now = replace(now, menu=step.menu or end_name(step), offers=())
                said.append(_menu_line(body, step, place, now, book, picture))
                return Outcome(now, tuple(said))
            options = (*_links(step, place), *undo_of(step, place.live, None))
            said.append(Line(body, options=options, picture=picture))
            now = _refreshed(now, book)  # what lies beneath may have waited for long
            if now.frames:
                said.append(Line((Phrase(BACK_WHERE_WE_WERE),)))
                place = place_of(now, book)
                if isinstance(place.step, Prompt) and not moved(now, place):
                    # Nothing was asked in between, so its buttons are as good as they were.
                    return Outcome(now, (*said, prompt_of(now, place)))
        else:
            return _asked(now, place, *said)
    return home(now, book, *said)


def _refreshed(now: Conversation, book: Book) -> Conversation:
    """The conversation with old facts opened and old proofs forgotten: both are asked anew."""
    at = now.heard_at
    if not now.frames or at is None:
        return now
    names = book.dialogs[now.top.dialog].names
    for name, told in now.top.told.items():
        step = names.get(name)
        if isinstance(step, Do) and _is_old(step, told, at):
            now = now.with_top(now.top.open(name))
        elif isinstance(step, Check) and _is_old(step, told, at):
            now = now.with_top(now.top.forget(*asked_anew(step)))
    return now


def asked_anew(step: Step[Any]) -> tuple[str, ...]:
    """What is forgotten when this step is: itself, and what a check cannot be made again without."""
    renews = step.renews if isinstance(step, Check) else ()
    return (step.name, *(other.name for other in renews))


def _is_old(step: Do[Any] | Check[Any], told: Told, now: datetime) -> bool:
    if step.fresh_for is None or told.at is None:
        return False
    return abs(now - told.at) > step.fresh_for


def _links(step: End, place: Place) -> tuple[Option, ...]:
    fixed = (Option("", Phrase(x.label), icon=x.icon, url=url_of(x, place.live)) for x in step.links)
    return (*fixed, *(place.live.value(step.also) if step.also else ()))


def _picture(step: Say | End, place: Place) -> Picture | None:
    return place.live.value(step.picture) if step.picture else None


def run_of(place: Place, *typed: Any) -> Run:
    """The call of the service at a place, with what the customer typed for it."""
    step = place.step
    assert isinstance(step, Do | Check)
    fn = step.fn if isinstance(step, Do) else step.takes
    return Run(run_name(place), fn, (*typed, *(place.live.value(arg) for arg in step.args)))


def ask(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Ask what is to be asked, under a new number: every button before it is dead."""
    if not now.frames:
        return home(now, book, *lines)
    return _asked(now, place_of(now, book), *lines)


def _asked(now: Conversation, place: Place, *lines: Line) -> Outcome:
    now = changed(now, place, lambda frame: frame.understood(step_name(place)))
    now = replace(now, asked=now.asked + 1, question=question_of(now, place))
    return Outcome(now, (*lines, prompt_of(now, place)))


def here(now: Conversation, book: Book, why: Text | None = None) -> Outcome:
    """The live question again, under its own number; or the menu, when nothing is open."""
    said = [Line((Phrase(why),))] if why else []
    if not now.frames:
        return home(now, book, *said)
    place = place_of(now, book)
    if moved(now, place):
        return go(now, book, *said)
    return Outcome(now, (*said, prompt_of(now, place, brief=bool(why))))


def home(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """The main menu; an open dialog stays open beneath it."""
    return go(replace(now, frames=(*lasting(now, book), Frame(book.home.__name__))), book, *lines)


def lasting(now: Conversation, book: Book) -> tuple[Frame, ...]:
    """The open dialogs that something would be lost with."""
    return tuple(frame for frame in now.frames if not book.dialogs[frame.dialog].fleeting)


def _menu_line(
    body: tuple[Phrase, ...],
    step: End,
    place: Place,
    now: Conversation,
    book: Book,
    picture: Picture | None,
) -> Line:
    options = menu_options(book, now.menu)
    options = (*options, *undo_of(step, place.live, len(options) + 1))
    if now.frames:
        # A number that is typed answers the open question, so none is offered here.
        options = tuple(replace(option, number=None) for option in options)
        title = {"title": book.dialogs[now.top.dialog].title}
        go_on = Option(RESUME, Phrase(_l("Continue: {title}"), title), Tone.PRIMARY, "▶️")
        options = (go_on, *options)
    return Line(body, options=(*_links(step, place), *options), picture=picture)


def start(now: Conversation, dialog: type[Dialog], book: Book) -> Outcome:
    """Open a dialog, or come back to it when it is open already; what is live is parked."""
    name = dialog.__name__
    if now.frames and now.top.dialog == name:
        return here(now, book) if _refreshed(now, book) == now else go(now, book)
    mine = [frame for frame in now.frames if frame.dialog == name]
    # Who wants something of their own has been welcomed enough: the introduction is not come back to.
    others = [frame for frame in lasting(now, book) if frame.dialog not in (name, book.welcome.__name__)]
    if others and others[-1].untouched:
        others.pop()
    return go(replace(now, frames=(*others, *(mine or [Frame(name)]))), book)


def leave(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Leave the live dialog, to the one it interrupted or to the menu."""
    now = now.without_top()
    if not now.frames:
        return home(now, book, *lines)
    return go(now, book, *lines, Line((Phrase(BACK_WHERE_WE_WERE),)))


def tell(now: Conversation, place: Place, value: Any, book: Book) -> Outcome:
    """Remember an answer, and go on from there."""
    step = place.step
    assert step is not None
    if isinstance(step, Speak):
        now = replace(now, language=step.by_key[value].value)
        if now.top.dialog == book.welcome.__name__ and len(now.frames) > 1:
            # Who came for something is greeted, and needs no introduction first.
            return go(now.without_top(), book, Line((Phrase(HELLO),)))
    return go(remembered(now, place, step, value), book)


def remembered(now: Conversation, place: Place, step: Step[Any], value: Any) -> Conversation:
    ages = isinstance(step, Do | Check) and step.fresh_for is not None
    learnt = now.heard_at if ages else None
    told = Told(value, place.live.basis(step), now.asked if step.told else 0, learnt)
    before = place.frame.told.get(step.name)
    if before is not None and before.value == value and before.basis == told.basis:
        return changed(now, place, lambda frame: frame.put(step.name, told))
    return changed(now, place, lambda frame: frame.put(step.name, told).forget(*dependents(step)))


@cache
def dependents(step: Step[Any]) -> tuple[str, ...]:
    """The names of what was done, said or confirmed on the strength of this step."""
    reached = {step}
    for other in step.owner.steps:
        if reached.intersection(_all_given(other)):
            reached.add(other)
    return tuple(s.name for s in reached if isinstance(s, Do | Say | Review | Check) and s is not step)


def _all_given(step: Step[Any]) -> set[Step[Any]]:
    direct = set(step.given)
    if isinstance(step, Review):
        direct.update(step.shows)
    return direct.union(*(_all_given(g) for g in direct))


def changed(now: Conversation, place: Place, change: Callable[[Frame], Frame]) -> Conversation:
    """The conversation with the frame at `place` changed."""
    return now.with_top(at_path(now.top, place.path, change))


def place_of(now: Conversation, book: Book) -> Place:
    return settle(book.dialogs[now.top.dialog], now.top)


def prompt_of(now: Conversation, place: Place, *, brief: bool = False) -> Line:
    return prompt_line(place, now.asked, root=len(now.frames) == 1, brief=brief)


def step_name(place: Place) -> str:
    assert place.step is not None
    return place.step.name


def question_of(now: Conversation, place: Place) -> str:
    return f"{now.top.dialog}/{run_name(place)}" if place.step else now.top.dialog


def moved(now: Conversation, place: Place) -> bool:
    """Whether another question than the one last asked is live, after a deploy or an expired digression.

    What the customer says or presses then was meant for a question that is gone.
    """
    return now.question != question_of(now, place)


def run_name(place: Place) -> str:
    return "/".join([*(f"{each}.{key}" for each, key in place.path), step_name(place)])


def retired(before: Conversation, after: Conversation) -> int:
    """The prompt whose buttons are dead now, or 0."""
    alive = bool(after.frames) and after.asked == before.asked
    return before.asked if before.frames and not alive else 0


def bundled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Words that lead up to a line become its first paragraphs: one message rather than three."""
    out: list[Line] = []
    for line in lines:
        if out and not out[-1].options and not out[-1].picture and not line.picture:
            line = replace(line, body=(*out.pop().body, *line.body))
        if line.body or line.options or line.picture:
            out.append(line)
    return tuple(out)
