"""The live prompt as a line: the question, its options, and the ways out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from dialogs.engine.book import Book
from dialogs.engine.conversation import Draft
from dialogs.engine.lines import PAGE, Line, Option, Tone
from dialogs.engine.settle import Live, Place, entries_of, told_so_far
from dialogs.engine.steps import (
    PLACEHOLDER,
    Aside,
    Ask,
    Await,
    Check,
    Choice,
    Choose,
    Do,
    Each,
    Entry,
    Form,
    Link,
    Pick,
    Prompt,
    Review,
    Select,
    Several,
    Speak,
    Step,
)
from dialogs.engine.text import Leaf, Phrase, Text, _, _l, _n, verbatim

HELP, BACK, CANCEL, KEEP, RETRY, YES, DONE = "help", "back", "cancel", "keep", "retry", "yes", "done"
CONTACT = "contact"
#: Back from a part of a `Review` to all of it.
WHOLE = "view:"

#: Lines that are said again in any case: what announces them would else announce nothing.
SHORT = 6
_PAGE = re.compile(r"p\d+")

FAILED = _("I cannot reach our records just now. Your answers are kept. Please try again in a minute.")
NOT_UNDERSTOOD = _("Sorry, I did not understand that.")


def fill(text: Text, live: Live, dialog_names: Any) -> Phrase:
    """A phrase of a dialog's text, with the values that hold."""
    return Phrase(text, {path: leaf(_look_up(path, live, dialog_names)) for path in placeholders(text)})


@cache
def placeholders(text: Text) -> tuple[str, ...]:
    """The full names of a text's placeholders, the counted one included."""
    names = dict.fromkeys(name for name, _spec in PLACEHOLDER.findall(text.msgid + text.plural))
    return tuple(names | ({text.by: None} if text.by else {}))


def _look_up(path: str, live: Live, names: Any) -> Any:
    root, *rest = path.split(".")
    value = live.value(names[root])
    for attribute in rest:
        value = getattr(value, attribute)
    return value


def leaf(value: Any) -> Leaf:
    """A value as it may travel in a line."""
    if isinstance(value, Choice):
        return value.label
    if value is None or (
        isinstance(value, str | int | Decimal | date | Text | Phrase) and not isinstance(value, Enum)
    ):
        return value
    raise TypeError(f"{type(value).__name__} cannot stand in a sentence")


def shown(step: Step[Any], live: Live) -> Phrase:
    """An answer as the customer should read it."""
    value = live.value(step)
    if isinstance(step, Ask):
        return step.reads.show(value)
    if isinstance(step, Form):
        return verbatim("••••••••")
    if isinstance(step, Select):
        phrase: Phrase = step.show(value)
        return phrase
    if isinstance(step, Choose):
        return next(entry.label for entry in step.among if entry.value == value)
    return Phrase(_n("{n:number} chosen", "{n:number} chosen", by="n"), {"n": len(value)})


def prompt_line(place: Place, number: int, *, root: bool, brief: bool = False) -> Line:
    """The line that asks what is to be asked at `place`.

    `root`: no dialog lies beneath this one.  `brief`: the customer has just read it all.
    """
    step = place.step
    body, own = _question(place)
    if brief and isinstance(step, Review) and step.body is not None and len(body) > SHORT:
        body = body[:1]
    extras = _extras(step, place.live) if isinstance(step, Prompt) and not _view(place) else ()
    return Line(
        body=body,
        prompt=number,
        asks=step.name if step else "",
        options=tuple(
            replace(o, payload=f"{number}:{o.payload}", number=typed)
            for o, typed in (
                *_numbered(step, (*own, *extras)),
                *((c, None) for c in _controls(place, root=root)),
            )
        ),
    )


def _question(place: Place) -> tuple[tuple[Phrase, ...], tuple[Option, ...]]:
    step, live = place.step, place.live
    if isinstance(step, Review):
        return _review(step, place)
    if isinstance(step, Do):
        return (Phrase(FAILED),), (Option(RETRY, Phrase(_l("Try again")), Tone.PRIMARY, "🔄"),)
    assert isinstance(step, Prompt)
    body = (fill(step.text, live, place.dialog.names),)
    if isinstance(step, Ask):
        return body, (*_contact(step), *_usual(step, place))
    if isinstance(step, Form):
        return body, (Option("page", Phrase(step.button), Tone.PRIMARY, "🔐", url=PAGE),)
    if isinstance(step, Check | Await):
        return body, ()
    if isinstance(step, Several):
        return body, _pick_options(step, place)
    if isinstance(step, Select):
        return body, tuple(Option(f"={step.key(one)}", step.show(one)) for one in live.value(step.among))
    assert isinstance(step, Choose)
    return body, tuple(Option(f"={e.key}", e.label, icon=e.icon) for e in step.among)


def _contact(step: Ask[Any]) -> tuple[Option, ...]:
    label = Phrase(_l("Share my number"))
    return (Option(CONTACT, label, Tone.PRIMARY, "📱", contact=True),) if step.contact else ()


def _usual(step: Ask[Any], place: Place) -> tuple[Option, ...]:
    values = place.live.value(step.usual) if isinstance(step.usual, Step) else step.usual
    return tuple(Option(f"={step.reads.write(v)}", step.reads.show(v)) for v in values)


def draft_of(place: Place) -> Draft:
    """What a prompt shows so far: of `Several`, what was told before, or what is typical."""
    step = place.step
    assert step is not None
    draft = place.frame.drafts.get(step.name, Draft())
    if not isinstance(step, Several):
        return draft
    chosen = draft.chosen
    if chosen is None:
        told = place.frame.told.get(step.name)
        chosen = told.value if told else _typical(step, place.live)
    entries = entries_of(step, place.live)
    return replace(draft, chosen=tuple(key for key in chosen if key in entries))


def _typical(step: Several[Any], live: Live) -> tuple[str, ...]:
    if not isinstance(step, Pick):
        return ()
    keys: tuple[str, ...] = live.value(step.typical) if isinstance(step.typical, Step) else step.typical
    return keys


def redraws(payload: str) -> bool:
    """Whether a tap only changes what its own prompt shows: a tick, another page, another part."""
    option = payload.partition(":")[2]
    return option[:1] in ("+", "-") or option.startswith("view:") or _PAGE.fullmatch(option) is not None


def pages_of(step: Several[Any], live: Live) -> tuple[tuple[Text | None, tuple[Entry[Any], ...]], ...]:
    """What can be ticked, a page a group; at least one page."""
    return step.pages if isinstance(step, Pick) else ((None, tuple(entries_of(step, live).values())),)


def page_of(place: Place, draft: Draft) -> int:
    """The page that is open, from 0; whatever was asked for, it exists."""
    assert isinstance(place.step, Several)
    page = int(draft.view) if draft.view.isdecimal() else 0
    return min(page, len(pages_of(place.step, place.live)) - 1)


def _pick_options(step: Several[Any], place: Place) -> tuple[Option, ...]:
    draft, pages = draft_of(place), pages_of(step, place.live)
    chosen, page = draft.chosen or (), page_of(place, draft)
    ticked = [
        Option(f"{'-' if e.key in chosen else '+'}{e.key}", e.label, icon=e.icon, marked=e.key in chosen)
        for e in pages[page][1]
    ]
    others = [
        Option(f"p{n}", Phrase(_l("{group}…"), {"group": group}))
        for n, (group, _entries) in enumerate(pages)
        if n != page
    ]
    done = Phrase(_n("Done ({n:number})", "Done ({n:number})", by="n"), {"n": len(chosen)})
    return (*ticked, Option(DONE, done, Tone.PRIMARY, "✅"), *others)


def _review(step: Review, place: Place) -> tuple[tuple[Phrase, ...], tuple[Option, ...]]:
    view = _view(place)
    if view:
        return _review_part(step, place, view)
    live = place.live
    head = fill(step.text, live, place.dialog.names)
    confirm = Option(YES, Phrase(step.confirm or _l("Yes, that is right")), Tone.PRIMARY, "✅")
    held = [s for s in step.shows if live.holds(s)]
    changes = tuple(_change(s) for s in held if _has_others(s, live))
    if step.body is not None:
        return (head, *live.value(step.body)), (confirm, *changes)
    listed = (_labelled(s, live, step.exact.get(s)) for s in held if not isinstance(s, Each) and s.label)
    return (head, *listed), (confirm, *changes)


def beside(place: Place) -> tuple[Option, ...]:
    """What can be named at a `Review` though it has no button yet: the rows that can be opened."""
    if not isinstance(place.step, Review):
        return ()
    shown = [step for step in place.step.shows if isinstance(step, Each) and place.live.holds(step)]
    return tuple(
        Option(f":view:{each.name}.{entry.key}", entry.label)
        for each in shown
        for entry, _row in place.live.rows[each.name]
    )


def _has_others(step: Step[Any], live: Live) -> bool:
    """Whether there is anything else that could be chosen instead."""
    return not isinstance(step, Select) or len(live.value(step.among)) > 1


def _change(step: Any) -> Option:
    if isinstance(step, Each):
        return Option(f"view:{step.name}", Phrase(step.label), icon="✏️")
    return Option(f"change:{step.name}", Phrase(step.label), icon="✏️")


def _labelled(step: Any, live: Live, exact: Step[str] | None = None) -> Phrase:
    text = _l("{label}: {value} (typical)") if step.name in live.assumed else _l("{label}: {value}")
    value = live.value(exact) if exact is not None and live.holds(exact) else ""
    return Phrase(text, {"label": step.label, "value": value or shown(step, live)})


def _view(place: Place) -> str:
    """The part of a `Review` that is open: an `Each`, or one of its rows; empty for the whole."""
    step = place.step
    if not isinstance(step, Review):
        return ""
    view = place.frame.drafts.get(step.name, Draft()).view
    each, _dot, key = view.partition(".")
    rows = place.live.rows.get(each, ())
    return view if rows and (not key or any(entry.key == key for entry, _place in rows)) else ""


def _review_part(step: Review, place: Place, view: str) -> tuple[tuple[Phrase, ...], tuple[Option, ...]]:
    each_name, _dot, key = view.partition(".")
    each = place.dialog.names[each_name]
    assert isinstance(each, Each)
    rows = place.live.rows[each_name]
    if not key:
        listed = (Option(f"view:{each_name}.{e.key}", e.label, icon=e.icon) for e, _row in rows)
        return (Phrase(_("Which one is different in your home?")),), tuple(listed)
    row = next(row for entry, row in rows if entry.key == key)
    fields = [s for s in row.dialog.steps if isinstance(s, Ask | Choose) and s.label and row.live.holds(s)]
    options = [Option(f"change:{view}.{s.name}", _labelled(s, row.live), icon="✏️") for s in fields]
    options.append(Option(f"view:{each_name}", Phrase(each.label), icon="✏️"))
    options.append(Option(WHOLE, Phrase(_l("Show the whole result")), Tone.PRIMARY, "✅"))
    head = fill(step.text, place.live, place.dialog.names)
    return (head, fill(each.about, row.live, row.dialog.names)), tuple(options)


def _extras(step: Prompt[Any], live: Live) -> Iterable[Option]:
    yield from _link_options(step.extras.links, live)
    for n, switch in enumerate(step.extras.switches):
        if live.holds(switch.step) and live.value(switch.step) != switch.step.by_key[switch.key].value:
            yield Option(f"switch:{n}", Phrase(switch.label), icon=switch.icon)
    for n, aside in enumerate(step.extras.asides):
        yield Option(f"more:{n}", Phrase(aside.label), icon=aside.icon)
    for n, redo in enumerate(step.extras.redo):
        yield Option(f"redo:{n}", Phrase(redo.label), icon=redo.icon)


def _numbered(step: Step[Any] | None, options: tuple[Option, ...]) -> Iterable[tuple[Option, int | None]]:
    """Options with what may be typed instead of each."""
    takes_digits = isinstance(step, Ask | Check) and step.reads.digits
    count = 0
    for option in options:
        typed = not takes_digits and not option.url and not option.contact
        count += typed
        yield option, count if typed else None


def _controls(place: Place, *, root: bool) -> Iterable[Option]:
    if place.dialog.quiet or (isinstance(place.step, Speak) and root):
        return
    if place.opened:
        yield Option(KEEP, Phrase(_l("Leave as it is")), Tone.CONTROL, "↩️")
        yield Option(HELP, Phrase(_l("Help")), Tone.CONTROL, "❔")
        return
    if not root or _view(place) or told_so_far(place):
        yield Option(BACK, Phrase(_l("Back")), Tone.CONTROL, "◀️")
    yield Option(HELP, Phrase(_l("Help")), Tone.CONTROL, "❔")
    yield Option(CANCEL, Phrase(_l("Cancel")), Tone.CONTROL, "✖️")


def _link_options(links: Iterable[Link], live: Live) -> Iterable[Option]:
    for link in links:
        yield Option("link", Phrase(link.label), icon=link.icon or "📄", url=url_of(link, live))


def url_of(link: Link, live: Live) -> str:
    return live.value(link.url) if isinstance(link.url, Step) else link.url


def aside_line(aside: Aside, place: Place, prompt: Line) -> Line:
    """Something more, which takes over the live prompt's buttons so that the way on stays in sight."""
    picture = place.live.value(aside.shows)
    body = (picture.alt,) if picture.alt else ()
    links = _link_options(aside.links, place.live)
    return Line(body, prompt.prompt, (*links, *prompt.options), picture)


def menu_options(book: Book, name: str) -> tuple[Option, ...]:
    """A menu's entries; they never go stale."""
    return tuple(
        Option(e.payload, Phrase(e.dialog.title), icon=e.icon, number=n)
        for n, e in enumerate(book.menu(name), 1)
    )
