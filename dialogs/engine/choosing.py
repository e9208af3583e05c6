"""What one option of the live prompt does: an answer, a tick, a change, a step back, help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation, Draft
from dialogs.engine.going import (
    Outcome,
    asked_anew,
    changed,
    go,
    here,
    leave,
    place_of,
    prompt_of,
    remembered,
    step_name,
    tell,
)
from dialogs.engine.lines import Line
from dialogs.engine.offers import fresh
from dialogs.engine.prompts import (
    BACK,
    CANCEL,
    CONTACT,
    DONE,
    HELP,
    KEEP,
    RETRY,
    YES,
    aside_line,
    draft_of,
    fill,
    page_of,
    pages_of,
)
from dialogs.engine.settle import Place, at_path, entries_of, told_so_far
from dialogs.engine.steps import (
    Ask,
    Bad,
    Check,
    Choose,
    Do,
    Prompt,
    Redo,
    Review,
    Select,
    Several,
)
from dialogs.engine.text import Phrase, Text, _

STOPPED = _("Stopped. Nothing was changed.")
ONCE_MORE = _("Please press one of the buttons, or type what it says.")
NO_NUMBER = _("Your number did not come: a computer cannot share it. Please type it here.")


def choose(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    step = place.step
    if option in (HELP, BACK, CANCEL, KEEP):
        return _control(now, place, option, book)
    if option == RETRY or isinstance(step, Do):
        return go(now, book)
    kind, _colon, rest = option.partition(":")
    if isinstance(step, Prompt) and rest.isdecimal():
        if kind == "redo" and int(rest) < len(step.extras.redo):
            return _redone(now, place, step.extras.redo[int(rest)], book)
        if kind == "switch" and int(rest) < len(step.extras.switches):
            switch = step.extras.switches[int(rest)]
            return go(remembered(now, place, switch.step, switch.key), book)
        if kind == "more" and int(rest) < len(step.extras.asides):
            line = prompt_of(now, place)
            return Outcome(now, (aside_line(step.extras.asides[int(rest)], place, line),))
    if isinstance(step, Several):
        return _picking(now, place, step, option, book)
    if isinstance(step, Review):
        return _reviewing(now, place, step, kind, rest, book)
    return _option_as_answer(now, place, option, book)


def _control(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    if option == HELP:
        return try_again(now, place, book)
    if place.opened:
        return go(changed(now, place, lambda frame: frame.keep(step_name(place))), book)
    if option == KEEP:
        return here(now, book, ONCE_MORE)
    if option == CANCEL:
        return leave(now, book, Line((Phrase(STOPPED),)))
    return _back(now, place, book)


def _option_as_answer(now: Conversation, place: Place, option: str, book: Book) -> Outcome:
    step = place.step
    if option == CONTACT and isinstance(step, Ask) and step.contact:
        return here(now, book, NO_NUMBER)
    answer = option[1:] if option.startswith("=") else None
    if answer is not None and isinstance(step, Choose) and answer in step.by_key:
        return tell(now, place, answer, book)
    if answer is not None and isinstance(step, Select):
        known = (step.key(one) for one in place.live.value(step.among))
        return tell(now, place, answer, book) if answer in known else here(now, book, ONCE_MORE)
    if answer is not None and isinstance(step, Ask):
        value = step.reads.read(answer)
        if not isinstance(value, Bad):
            return tell(now, place, value, book)
    return here(now, book, ONCE_MORE)


def _picking(now: Conversation, place: Place, step: Several[Any], option: str, book: Book) -> Outcome:
    draft, entries = draft_of(place), entries_of(step, place.live)
    chosen = draft.chosen or ()
    if option == DONE:
        if len(chosen) < step.at_least:
            return try_again(now, place, book, step.too_few or ONCE_MORE)
        in_order = tuple(key for key in entries if key in chosen)
        return tell(now, place, in_order, book)
    sign, key = option[:1], option[1:]
    if sign == "p" and key.isdecimal() and int(key[:3]) < len(pages_of(step, place.live)):
        return _redrawn(now, place, replace(draft, view=str(int(key))), book)
    if sign in "+-" and key in entries:
        ticked = {**dict.fromkeys(chosen), key: None}
        if sign == "-":
            del ticked[key]
        return tick(now, place, ticked, book)
    return here(now, book, ONCE_MORE)


def tick(now: Conversation, place: Place, keys: Iterable[str], book: Book) -> Outcome:
    return _redrawn(now, place, replace(draft_of(place), chosen=tuple(keys)), book)


def _redrawn(now: Conversation, place: Place, draft: Draft, book: Book) -> Outcome:
    """The same prompt with other marks, page or part: what is already so is not said again."""
    before = draft_of(place)
    same_page = isinstance(place.step, Several) and page_of(place, before) == page_of(place, draft)
    if set(before.chosen or ()) == set(draft.chosen or ()) and (before.view == draft.view or same_page):
        return Outcome(now)
    now = changed(now, place, lambda frame: frame.understood(step_name(place)).draft(step_name(place), draft))
    line = prompt_of(now, place_of(now, book))
    return Outcome(now, (replace(line, edits=True),))


def _reviewing(now: Conversation, place: Place, step: Review, kind: str, rest: str, book: Book) -> Outcome:
    if kind == YES:
        return tell(now, place, True, book)
    if kind == "view":
        return _redrawn(now, place, Draft(view=rest), book)
    if kind == "change":
        opened = _opened(now, place, step, rest)
        if opened is not None:
            return go(opened, book)
    return here(now, book, ONCE_MORE)


def _opened(now: Conversation, place: Place, step: Review, target: str) -> Conversation | None:
    """The conversation with the answer `target` opened: `name`, or `each.item.name`; None: no such.

    Who changes one thing of a row comes back to that row: there may be another.
    """
    parts = target.split(".")
    if len(parts) == 1 and any(s.name == target and isinstance(s, Prompt) for s in step.shows):
        return changed(now, place, lambda frame: frame.keep(step_name(place)).open(target))
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
    return changed(now, row, lambda frame: frame.open(name))


def _redone(now: Conversation, place: Place, redo: Redo, book: Book) -> Outcome:
    names = tuple(step.name for step in redo.steps)
    if not names:
        return go(now.with_top(fresh(now.top, place.dialog)), book)
    if redo.opens:
        return go(changed(now, place, lambda frame: frame.open(*names)), book)
    return go(changed(now, place, lambda frame: frame.forget(*names)), book)


def try_again(now: Conversation, place: Place, book: Book, why: Text | None = None) -> Outcome:
    """Say why, help a little more each time, and ask the same again."""
    step = place.step
    help = step.extras.help if isinstance(step, Prompt) else ()
    tries = place.frame.tries.get(step_name(place), 0)
    said = [Phrase(why)] if why else []
    if tries < len(help):
        said.append(fill(help[tries], place.live, place.dialog.names))
    elif why is None or tries > len(help):
        said.append(Phrase(book.callcentre))
    now = changed(now, place, lambda frame: frame.tried(step_name(place)))
    return Outcome(now, (Line(tuple(said)), prompt_of(now, place, brief=True)))


def _back(now: Conversation, place: Place, book: Book) -> Outcome:
    """Close what is open in the prompt, or forget the last thing that was told."""
    draft = place.frame.drafts.get(step_name(place), Draft())
    if isinstance(place.step, Review) and draft.view:
        return _redrawn(now, place, replace(draft, view=draft.view.rpartition(".")[0]), book)
    if isinstance(place.step, Do):  # a fact that could not be had anew: what was told after it counts, too
        place = place_of(changed(now, place, lambda frame: frame.keep(step_name(place))), book)
    told = told_so_far(place)
    if not told:
        return leave(now, book)
    _number, path, name = max(told)
    now = now.with_top(at_path(now.top, path, lambda frame: frame.asked_again(name)))
    step = place.dialog.names.get(name)
    if isinstance(step, Check):
        now = now.with_top(at_path(now.top, path, lambda frame: frame.forget(*asked_anew(step))))
    return go(now, book)
