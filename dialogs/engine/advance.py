"""One turn of a conversation, as a pure function.

`advance` takes what was remembered and what just happened, and returns what to remember next, what to
say, and at most one service to run.  It never waits, never reads a clock, and never talks to anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation, Draft, Frame, Told
from dialogs.engine.events import Arrived, Event, Failed, Leaked, Ran, Said, Shared, Tapped, Unreadable, Woke
from dialogs.engine.hearing import Answer, Chosen, Command, Lost, Picked, Start, understand
from dialogs.engine.lines import Line, Option, Tone
from dialogs.engine.prompts import (
    BACK,
    CANCEL,
    DONE,
    HELP,
    KEEP,
    NOT_UNDERSTOOD,
    RETRY,
    YES,
    aside_line,
    draft_of,
    fill,
    menu_options,
    page_of,
    prompt_line,
)
from dialogs.engine.settle import Place, at_path, settle, told_so_far
from dialogs.engine.steps import (
    Ask,
    Bad,
    Choose,
    Dialog,
    Do,
    End,
    GaveUp,
    Pick,
    Prompt,
    Review,
    Say,
    Speak,
    Step,
)
from dialogs.engine.text import Phrase, Text, _, _l
from dialogs.engine.timing import expire, reminder_due

STALE = _("That button belongs to an earlier question. This is where we are:")
OUTDATED = _("That button is no longer in use.")
SECRET = _(
    "That looks like a card number. I have not kept it. Please never send one in a chat: "
    "cards are asked for only on the bank's own page."
)
STOPPED = _("Stopped. Nothing was changed.")
WORDS_ONLY = _("I only understand written messages and buttons.")
PRIVATE_ONLY = _("I only talk with customers in private. Please write to me directly, not in a group.")
ONCE_MORE = _("Please press one of the buttons, or type what it says.")
BACK_WHERE_WE_WERE = _("Back to where we were.")
UNFINISHED = _("“{title}” is still open. Shall we go on?")
RESUME = "resume"

#: No button of ours brings back more characters; what is longer is not remembered.
LONGEST_PAYLOAD = 64
#: The same button again within this time is one tap of a nervous finger.
DOUBLE_TAP = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Run:
    """A service to call; its result comes back as `Ran(step, …)`, a failure as `Failed(step)`."""

    step: str
    fn: Callable[..., Any]
    args: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an event.  `retired` is the prompt whose buttons are dead now, or 0."""

    conversation: Conversation
    lines: tuple[Line, ...] = ()
    run: Run | None = None
    retired: int = 0


def advance(conversation: Conversation, event: Event, book: Book) -> Outcome:
    """The one step from one turn to the next."""
    if isinstance(event, Unreadable) and event.kind == "group":
        return _declined(conversation, event)
    now = expire(conversation, event.at)
    if not isinstance(event, Woke | Ran | Failed):
        now = replace(now, heard_at=event.at, reminded=False)
    outcome = _greeted(now, event, book) if not now.language else _answered(now, event, book)
    return replace(
        outcome, lines=_bundled(outcome.lines), retired=_retired(conversation, outcome.conversation)
    )


def _declined(conversation: Conversation, event: Unreadable) -> Outcome:
    """A group is told once a day that we speak in private only, and not at every word."""
    before = conversation.heard_at
    if before is not None and event.at - before < timedelta(days=1):
        return Outcome(conversation)
    return Outcome(replace(conversation, heard_at=event.at), (Line((Phrase(PRIVATE_ONLY),)),))


def _answered(now: Conversation, event: Event, book: Book) -> Outcome:
    match event:
        case Said():
            return _said(replace(now, tapped=""), event.text, book)
        case Tapped():
            return _tapped(now, event, book)
        case Shared():
            return _said(replace(now, tapped=""), event.phone, book)
        case Leaked():
            return _here(replace(now, tapped=""), book, SECRET)
        case Unreadable():
            return _here(now, book, WORDS_ONLY)
        case Arrived():
            return _home(now, book)
        case Woke():
            return _woke(now, event, book)
        case Ran():
            return _ran(now, event, book)
        case Failed():
            return _ask(now, book)


def _greeted(now: Conversation, event: Event, book: Book) -> Outcome:
    """The first turn of all: a welcome, unless the customer says at once what they want."""
    guess = event.language if isinstance(event, Arrived) else ""
    now = replace(now, language=guess if guess in book.languages else book.languages[0])
    if isinstance(event, Said):
        meaning = understand(event.text, None, None, book)
        if isinstance(meaning, Start):
            return _start(now, meaning.dialog, book)
    return _start(now, book.welcome, book)


# -- what was said or tapped ---------------------------------------------------------------------------


def _said(now: Conversation, text: str, book: Book) -> Outcome:
    place = _place(now, book) if now.frames else None
    prompt = _prompt(now, place) if place else None
    match understand(text, place, prompt, book):
        case Command(name="menu"):
            return _home(now, book)
        case Command(name="language"):
            return _start(now, book.tongue, book)
        case Command(name=name):
            return _chose(now, place, name, book) if place else _helped(now, name, book)
        case Start(dialog=dialog):
            return _start(now, dialog, book)
        case Chosen(payload=payload):
            option = payload.partition(":")[2]
            return _chose(now, place, option, book) if place else _here(now, book)
        case Answer(value=value) if place:
            return _told(now, place, value, book)
        case Picked(keys=keys) if place:
            return _ticked(
                now, place, {**dict.fromkeys(draft_of(place).chosen or ()), **dict.fromkeys(keys)}, book
            )
        case Lost(why=why) if place:
            return _tried(now, place, book, why)
    return _home(now, book, Line((Phrase(NOT_UNDERSTOOD),)))


def _tapped(now: Conversation, tap: Tapped, book: Book) -> Outcome:
    head, _colon, option = tap.payload.partition(":")
    again = tap.payload == now.tapped
    quick = again and now.tapped_at is not None and tap.at - now.tapped_at < DOUBLE_TAP
    numbered = head.isdecimal() and head.isascii()
    live = numbered and bool(now.frames) and int(head[:18]) == now.asked
    if quick or (again and numbered and not live):
        return Outcome(now)
    if numbered and not live:
        return _here(now, book, STALE)
    if len(tap.payload) > LONGEST_PAYLOAD or not tap.payload.isprintable():
        return _here(now, book, OUTDATED)
    now = replace(now, tapped=tap.payload, tapped_at=tap.at)
    if live:
        return _chose(now, _place(now, book), option, book)
    return _controlled(now, head, option, book)


def _controlled(now: Conversation, head: str, option: str, book: Book) -> Outcome:
    """A button that stands outside any prompt and never goes stale."""
    if head == "start" and option in book.dialogs:
        return _start(now, book.dialogs[option], book)
    if head == "lang" and option in book.languages:
        return _switched(now, option, book)
    if head == RESUME:
        return _here(now, book)
    return _here(now, book, OUTDATED)


def _switched(now: Conversation, language: str, book: Book) -> Outcome:
    """Speak another language: the live prompt is shown again, in place where the channel can."""
    now = replace(now, language=language)
    if not now.frames:
        return _home(now, book)
    place = _place(now, book)
    if isinstance(place.step, Speak):
        return _told(now, place, language, book)
    line = _prompt(now, place)
    return Outcome(now, (replace(line, edits=True),))


# -- what one option of the live prompt does -----------------------------------------------------------


def _chose(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    step = place.step
    if option in (HELP, BACK, CANCEL, KEEP):
        return _control(now, place, option, book)
    if option == RETRY or isinstance(step, Do):
        return _go(now, book)
    kind, _colon, rest = option.partition(":")
    if isinstance(step, Prompt) and rest.isdecimal():
        if kind == "redo" and int(rest) < len(step.extras.redo):
            return _redone(now, place, step.extras.redo[int(rest)].steps, book)
        if kind == "more" and int(rest) < len(step.extras.asides):
            line = _prompt(now, place)
            return Outcome(now, (aside_line(step.extras.asides[int(rest)], place, line),))
    if isinstance(step, Pick):
        return _picking(now, place, step, option, book)
    if isinstance(step, Review):
        return _reviewing(now, place, step, kind, rest, book)
    return _option_as_answer(now, place, option, book)


def _control(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    if option == HELP:
        return _tried(now, place, book)
    if place.opened:
        return _go(_changed(now, place, lambda frame: frame.keep(_name(place))), book)
    if option == KEEP:
        return _here(now, book, ONCE_MORE)
    if option == CANCEL:
        return _left(now, book, Line((Phrase(STOPPED),)))
    return _back(now, place, book)


def _option_as_answer(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    step = place.step
    answer = option[1:] if option.startswith("=") else None
    if answer is not None and isinstance(step, Choose) and answer in step.by_key:
        return _told(now, place, answer, book)
    if answer is not None and isinstance(step, Ask):
        value = step.reads.read(answer)
        if not isinstance(value, Bad):
            return _told(now, place, value, book)
    return _here(now, book, ONCE_MORE)


def _picking(now: Conversation, place: Place, step: Pick[Any], option: str, book: Book) -> Outcome:
    draft = draft_of(place)
    chosen = draft.chosen or ()
    if option == DONE:
        if len(chosen) < step.at_least:
            return _tried(now, place, book, step.too_few or ONCE_MORE)
        in_order = tuple(entry.key for entry in step.among if entry.key in chosen)
        return _told(now, place, in_order, book)
    sign, key = option[:1], option[1:]
    if sign == "p" and key.isdecimal() and int(key[:3]) < len(step.pages):
        return _redrawn(now, place, replace(draft, view=str(int(key))), book)
    if sign in "+-" and key in step.by_key:
        ticked = {**dict.fromkeys(chosen), key: None}
        if sign == "-":
            del ticked[key]
        return _ticked(now, place, ticked, book)
    return _here(now, book, ONCE_MORE)


def _ticked(now: Conversation, place: Place, keys: Iterable[str], book: Book) -> Outcome:
    return _redrawn(now, place, replace(draft_of(place), chosen=tuple(keys)), book)


def _redrawn(now: Conversation, place: Place, draft: Draft, book: Book) -> Outcome:
    """The same prompt with other marks, page or part: what is already so is not said again."""
    before = draft_of(place)
    same_page = isinstance(place.step, Pick) and page_of(place.step, before) == page_of(place.step, draft)
    if set(before.chosen or ()) == set(draft.chosen or ()) and (before.view == draft.view or same_page):
        return Outcome(now)
    now = _changed(now, place, lambda frame: frame.draft(_name(place), draft))
    line = _prompt(now, _place(now, book))
    return Outcome(now, (replace(line, edits=True),))


def _reviewing(now: Conversation, place: Place, step: Review, kind: str, rest: str, book: Book) -> Outcome:
    if kind == YES:
        return _told(now, place, True, book)
    if kind == "view":
        return _redrawn(now, place, Draft(view=rest), book)
    if kind == "change":
        opened = _opened(now, place, step, rest)
        if opened is not None:
            return _go(opened, book)
    return _here(now, book, ONCE_MORE)


def _opened(now: Conversation, place: Place, step: Review, target: str) -> Conversation | None:
    """The conversation with the answer `target` opened: `name`, or `each.item.name`; None: no such."""
    parts = target.split(".")
    now = _changed(now, place, lambda frame: frame.keep(_name(place)))
    if len(parts) == 1 and any(s.name == target and isinstance(s, Prompt) for s in step.shows):
        return _changed(now, place, lambda frame: frame.open(target))
    if len(parts) != 3:
        return None
    each, key, name = parts
    rows = {entry.key: row for entry, row in place.live.rows.get(each, ())}
    if not any(s.name == each for s in step.shows) or key not in rows:
        return None
    field = rows[key].dialog.names.get(name)
    if not isinstance(field, Ask | Choose) or not rows[key].live.holds(field):
        return None
    row = replace(rows[key], path=(*place.path, (each, key)))
    return _changed(now, row, lambda frame: frame.open(name))


def _redone(now: Conversation, place: Place, steps: tuple[Step[Any], ...], book: Book) -> Outcome:
    if not steps:
        return _go(now.with_top(Frame(now.top.dialog)), book)
    return _go(_changed(now, place, lambda frame: frame.forget(*(s.name for s in steps))), book)


# -- telling, forgetting, leaving ----------------------------------------------------------------------


def _told(now: Conversation, place: Place, value: Any, book: Book) -> Outcome:
    """Remember an answer, and go on from there."""
    step = place.step
    assert step is not None
    if isinstance(step, Speak):
        now = replace(now, language=step.by_key[value].value)
    return _go(_remembered(now, place, step, value), book)


def _remembered(now: Conversation, place: Place, step: Step[Any], value: Any) -> Conversation:
    told = Told(value, place.live.basis(step), now.asked if step.told else 0)
    before = place.frame.told.get(step.name)
    if before is not None and before.value == value and before.basis == told.basis:
        return _changed(now, place, lambda frame: frame.put(step.name, told))
    return _changed(now, place, lambda frame: frame.put(step.name, told).forget(*dependents(step)))


@cache
def dependents(step: Step[Any]) -> tuple[str, ...]:
    """The names of what was done, said or confirmed on the strength of this step."""
    reached = {step}
    for other in step.owner.steps:
        if reached.intersection(_all_given(other)):
            reached.add(other)
    return tuple(s.name for s in reached if isinstance(s, Do | Say | Review) and s is not step)


def _all_given(step: Step[Any]) -> set[Step[Any]]:
    direct = set(step.given)
    if isinstance(step, Review):
        direct.update(step.shows)
    return direct.union(*(_all_given(g) for g in direct))


def _tried(now: Conversation, place: Place, book: Book, why: Text | None = None) -> Outcome:
    """Say why, help a little more each time, and ask the same again."""
    step = place.step
    help = step.extras.help if isinstance(step, Prompt) else ()
    tries = place.frame.tries.get(_name(place), 0)
    said = [Phrase(why)] if why else []
    if tries < len(help):
        said.append(fill(help[tries], place.live, place.dialog.names))
    elif why is None or tries > len(help):
        said.append(Phrase(book.callcentre))
    now = _changed(now, place, lambda frame: frame.tried(_name(place)))
    return Outcome(now, (Line(tuple(said)), _prompt(now, place, brief=True)))


def _back(now: Conversation, place: Place, book: Book) -> Outcome:
    """Close what is open in the prompt, or forget the last thing that was told."""
    draft = place.frame.drafts.get(_name(place), Draft())
    if isinstance(place.step, Review) and draft.view:
        return _redrawn(now, place, replace(draft, view=draft.view.rpartition(".")[0]), book)
    told = told_so_far(place)
    if not told:
        return _left(now, book)
    _number, path, name = max(told)
    return _go(now.with_top(at_path(now.top, path, lambda frame: frame.asked_again(name))), book)


def _left(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Leave the live dialog, to the one it interrupted or to the menu."""
    now = now.without_top()
    if not now.frames:
        return _home(now, book, *lines)
    return _go(now, book, *lines, Line((Phrase(BACK_WHERE_WE_WERE),)))


def _start(now: Conversation, dialog: type[Dialog], book: Book) -> Outcome:
    """Open a dialog, or come back to it when it is open already; what is live is parked."""
    name = dialog.__name__
    if now.frames and now.top.dialog == name:
        return _here(now, book)
    mine = [frame for frame in now.frames if frame.dialog == name]
    others = [frame for frame in now.frames if frame.dialog != name]
    if others and others[-1].untouched:
        others.pop()
    return _go(replace(now, frames=(*others, *(mine or [Frame(name)]))), book)


# -- going on -----------------------------------------------------------------------------------------


def _go(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Walk on until something must be asked or done, or everything is over."""
    said = list(lines)
    while now.frames:
        place = _place(now, book)
        step = place.step
        if isinstance(step, Do):
            args = tuple(place.live.value(arg) for arg in step.args)
            return Outcome(now, tuple(said), Run(_run_name(place), step.fn, args))
        if isinstance(step, Say):
            said.append(Line((fill(step.text, place.live, place.dialog.names),)))
            now = _remembered(now, place, step, None)
        elif isinstance(step, End):
            body = (fill(step.text, place.live, place.dialog.names),) if step.text else ()
            now = now.without_top()
            if step.menu:
                said.append(_menu_line(body, now, book))
                return Outcome(now, tuple(said))
            said.append(
                Line(body, options=tuple(Option("", Phrase(link.label), url=link.url) for link in step.links))
            )
            if now.frames:
                said.append(Line((Phrase(BACK_WHERE_WE_WERE),)))
        else:
            return _ask(now, book, *said)
    return _home(now, book, *said)


def _ask(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """Ask what is to be asked, under a new number: every button before it is dead."""
    if not now.frames:
        return _home(now, book, *lines)
    now = replace(now, asked=now.asked + 1)
    line = _prompt(now, _place(now, book))
    return Outcome(now, (*lines, line))


def _here(now: Conversation, book: Book, why: Text | None = None) -> Outcome:
    """The live question again, under its own number; or the menu, when nothing is open."""
    said = [Line((Phrase(why),))] if why else []
    if not now.frames:
        return _home(now, book, *said)
    return Outcome(now, (*said, _prompt(now, _place(now, book))))


def _home(now: Conversation, book: Book, *lines: Line) -> Outcome:
    """The main menu; an open dialog stays open beneath it."""
    return _go(replace(now, frames=(*now.frames, Frame(book.home.__name__))), book, *lines)


def _helped(now: Conversation, command: str, book: Book) -> Outcome:
    """A control word outside any dialog."""
    return _start(now, book.helpdesk, book) if command == HELP else _home(now, book)


def _menu_line(body: tuple[Phrase, ...], now: Conversation, book: Book) -> Line:
    options = menu_options(book)
    if now.frames:
        # A number that is typed answers the open question, so none is offered here.
        options = tuple(replace(option, number=None) for option in options)
        title = {"title": book.dialogs[now.top.dialog].title}
        go_on = Option(RESUME, Phrase(_l("Continue: {title}"), title), Tone.PRIMARY, "▶️")
        options = (go_on, *options)
    return Line(body, options=options)


def _ran(now: Conversation, ran: Ran, book: Book) -> Outcome:
    """A service has answered: believe it, or ask the rejected answer again."""
    place = _place(now, book) if now.frames else None
    if place is None or not isinstance(place.step, Do) or _run_name(place) != ran.step:
        return _go(now, book)
    step = place.step
    refusal = step.rejects.get(type(ran.value))
    if refusal is None:
        return _go(_remembered(now, place, step, ran.value), book)
    answer, why = refusal
    said = Line((fill(why, place.live, place.dialog.names),))
    now = _changed(now, place, lambda frame: frame.tried(step.name))
    if _place(now, book).frame.tries[step.name] >= step.attempts:
        return _go(_remembered(now, place, step, GaveUp()), book)
    return _go(_changed(now, place, lambda frame: frame.forget(answer.name)), book, said)


def _woke(now: Conversation, woke: Woke, book: Book) -> Outcome:
    if not now.frames or not reminder_due(now, woke.at, book.zone):
        return Outcome(now)
    title = {"title": book.dialogs[now.top.dialog].title}
    now = replace(now, reminded=True)
    line = _prompt(now, _place(now, book))
    return Outcome(now, (Line((Phrase(UNFINISHED, title),)), line))


# -- small things -------------------------------------------------------------------------------------


def _place(now: Conversation, book: Book) -> Place:
    return settle(book.dialogs[now.top.dialog], now.top)


def _prompt(now: Conversation, place: Place, *, brief: bool = False) -> Line:
    return prompt_line(place, now.asked, root=len(now.frames) == 1, brief=brief)


def _changed(now: Conversation, place: Place, change: Callable[[Frame], Frame]) -> Conversation:
    """The conversation with the frame at `place` changed."""
    return now.with_top(at_path(now.top, place.path, change))


def _name(place: Place) -> str:
    assert place.step is not None
    return place.step.name


def _run_name(place: Place) -> str:
    return "/".join([*(f"{each}.{key}" for each, key in place.path), _name(place)])


def _retired(before: Conversation, after: Conversation) -> int:
    alive = bool(after.frames) and after.asked == before.asked
    return before.asked if before.frames and not alive else 0


def _bundled(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Words that lead up to a line become its first paragraphs: one message rather than three."""
    out: list[Line] = []
    for line in lines:
        if out and not out[-1].options and not out[-1].picture and not line.picture:
            line = replace(line, body=(*out.pop().body, *line.body))
        if line.body or line.options or line.picture:
            out.append(line)
    return tuple(out)
