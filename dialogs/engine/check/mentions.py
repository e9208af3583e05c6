"""What a step looks at: the steps it needs, those that decide whether it holds, and those it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dialogs.engine.prompts import placeholders
from dialogs.engine.steps import (
    Ask,
    Case,
    Check,
    Choose,
    Dialog,
    Do,
    Either,
    End,
    Form,
    Let,
    Link,
    Prompt,
    Review,
    Step,
    Tries,
)
from dialogs.engine.text import Text

#: The mention of a source that asks only whether it holds.
HELD: Any = object()
Mention = tuple[Step[Any], object]
#: Attributes under which a step may look at another without being given it.
ROLES = ("default", "usual", "among", "typical", "picture", "also")


def mentions(step: Step[Any]) -> Iterator[Mention]:
    """The sources that decide whether a step holds, each with the kind it is asked for."""
    match step:
        case Case():
            yield from ((source, step.kind) for source in _deciding(step.of))
            yield from mentions(step.of)
        case Let():
            for arg in step.args:
                yield from mentions(arg)
        case Either():
            for one in step.among:
                yield from mentions(one)
        case _:
            yield step, HELD


def _deciding(step: Step[Any]) -> Iterator[Step[Any]]:
    match step:
        case Case():
            yield from _deciding(step.of)
        case Either():
            for one in step.among:
                yield from _deciding(one)
        case _:
            yield step


def uses(step: Step[Any]) -> tuple[Step[Any], ...]:
    """All that a step looks at when it is met: what it is given, shows, assumes, offers, and speaks of."""
    others = [getattr(step, name, None) for name in ROLES]
    shows = (
        (*step.shows, *step.exact.values())
        if isinstance(step, Review)
        else step.args
        if isinstance(step, Tries)
        else ()
    )
    if isinstance(step, End) and step.undo:
        shows = tuple(step.undo.args.values())
    shows = (*shows, *(link.url for link in _links(step) if isinstance(link.url, Step)))
    texts = (*filled_texts(step), *(text for _kind, text in refusals(step)))
    spoken = [step.owner.names.get(root) for text in texts for root in roots(text) if root != step.name]
    return (*step.given, *shows, *(s for s in (*others, *spoken) if isinstance(s, Step)))


def _links(step: Step[Any]) -> tuple[Link, ...]:
    if isinstance(step, End):
        return step.links
    return step.extras.links if isinstance(step, Prompt) else ()


def filled_texts(step: Step[Any]) -> tuple[Text, ...]:
    """The texts of a step whose placeholders are filled with what holds where it is met."""
    own = getattr(step, "text", None)
    help = step.extras.help if isinstance(step, Prompt) else ()
    return (*((own,) if own else ()), *help)


def refusals(step: Step[Any]) -> tuple[tuple[type, Text], ...]:
    """The outcomes that are asked again, and why: these texts may speak of the outcome itself."""
    if isinstance(step, Do):
        return tuple((kind, why) for kind, (_answer, why) in step.rejects.items())
    return tuple(step.rejects.items()) if isinstance(step, Check) else ()


def on_page(step: Step[Any]) -> tuple[tuple[type, Text], ...]:
    """What a page says of an outcome that it does not take, in the outcome's own values alone."""
    refuses = step.refuses.items() if isinstance(step, Form) else ()
    return tuple((kind, no.text) for kind, no in refuses if isinstance(no.text, Text))


def roots(text: Text) -> tuple[str, ...]:
    """The steps a text speaks of, by name."""
    return tuple(dict.fromkeys(path.partition(".")[0] for path in placeholders(text)))


def fields_of(row: type[Dialog]) -> tuple[Ask[Any] | Choose[Any], ...]:
    """The answers of a row that can be changed from a `Review`."""
    return tuple(s for s in row.steps if isinstance(s, Ask | Choose) and s.label)
