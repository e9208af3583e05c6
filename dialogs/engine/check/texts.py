"""Placeholders that nothing will fill when the sentence is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from dialogs.engine.check.kinds import NO_SUCH, attribute, can_be_said, hint_name, type_of
from dialogs.engine.check.mentions import filled_texts, on_page, refusals
from dialogs.engine.check.paths import Paths, row_paths
from dialogs.engine.prompts import placeholders
from dialogs.engine.steps import (
    PLACEHOLDER,
    Case,
    Choose,
    Dialog,
    Each,
    Either,
    End,
    Form,
    Pick,
    Prompt,
    Review,
    Say,
    Step,
)
from dialogs.engine.text import Phrase, Text

SAYABLE = (str, int, Decimal, date, Text, Phrase)
Known = Callable[[Step[Any]], bool]


def text_problems(paths: Paths) -> Iterator[str]:
    """A sentence for every text of the dialog that could not be said as it stands."""
    dialog = paths.dialog
    for text in (*([dialog.title] if "title" in vars(dialog) else ()), *dialog.starts_on):
        yield from _unfilled(dialog.__name__, text)
    for step in paths.steps:
        for text in filled_texts(step):
            yield from _placeholders(step, text, dialog, _known_at(paths, step))
            yield from _unconfirmed(step, text, dialog)
        for kind, text in refusals(step):
            yield from _placeholders(step, text, dialog, _known_at(paths, step), kind)
        for kind, text in on_page(step):
            yield from _braces(step.name, text)
            for path in placeholders(text):
                yield from _value(step, path, path.split("."), kind)
        for text in _plain_texts(step):
            yield from _unfilled(step.name, text)
        for phrase in (e.label for e in step.among) if isinstance(step, Choose | Pick) else ():
            yield from _phrase(step, phrase)
        if isinstance(step, Each):
            inner = row_paths(step)
            known = _known_everywhere(inner)
            yield from _placeholders(step, step.about, step.dialog, known)


def _known_at(paths: Paths, step: Step[Any]) -> Known:
    return lambda known: all(paths.certain(known, spot) for spot in paths.spots(step))


def _known_everywhere(paths: Paths) -> Known:
    return lambda known: all(paths.certain(known, spot) for spot in paths.ends)


def _placeholders(
    step: Step[Any], text: Text, dialog: type[Dialog], known: Known, outcome: type | None = None
) -> Iterator[str]:
    """`outcome`: what the step has just turned out to be, of which the text may speak under its name."""
    yield from _braces(step.name, text)
    for path in placeholders(text):
        root, *rest = path.split(".")
        if outcome is not None and root == step.name:
            yield from _value(step, path, rest, outcome)
            continue
        source = dialog.names.get(root)
        if source is None:
            yield f"{step.name}: {{{path}}} names no step of {dialog.__name__}"
        elif not known(source):
            yield f"{step.name}: {{{path}}} is not certain to be known where “{text.msgid}” is said"
        else:
            yield from _value(step, path, rest, _narrowed(step, source))


def _narrowed(step: Step[Any], source: Step[Any]) -> Any:
    """The type of `source` on the branches where `step` is met."""
    kinds = [type_of(g) for g in _transitive(step) if isinstance(g, Case) and g.of is source]
    return kinds[0] if kinds else type_of(source)


def _transitive(step: Step[Any]) -> Iterator[Step[Any]]:
    for given in step.given:
        yield given
        yield from _transitive(given)


def _value(step: Step[Any], path: str, attributes: list[str], hint: Any) -> Iterator[str]:
    for name in attributes:
        inner = attribute(hint, name)
        if inner is NO_SUCH:
            yield f"{step.name}: {{{path}}} names nothing, since {hint_name(hint)} has no {name}"
            return
        hint = inner
    if not can_be_said(hint, SAYABLE):
        yield f"{step.name}: {{{path}}} is {hint_name(hint)}, which cannot stand in a sentence"


def _unconfirmed(step: Step[Any], text: Text, dialog: type[Dialog]) -> Iterator[str]:
    """What is said or confirmed once must be said again when the values in it change."""
    if not isinstance(step, Say | Review):
        return
    shown = step.shows if isinstance(step, Review) else ()
    rests = _closure((*step.given, *shown))
    for path in placeholders(text):
        source = dialog.names.get(path.partition(".")[0])
        if source is not None and not _covered(source, rests):
            yield (
                f"{step.name}: it speaks of {{{path}}} without being given it, "
                "so it would stand unchanged when that changes"
            )


def _closure(steps: Iterable[Step[Any]]) -> set[Step[Any]]:
    return {inner for step in steps for inner in (step, *_transitive(step))}


def _covered(source: Step[Any], rests: set[Step[Any]]) -> bool:
    """Whether `source` cannot change unless something in `rests` does."""
    if source in rests:
        return True
    parts = source.among if isinstance(source, Either) else getattr(source, "args", ()) or ()
    if isinstance(source, Case):
        parts = (source.of,)
    return bool(parts) and all(_covered(part, rests) for part in parts)


def _plain_texts(step: Step[Any]) -> Iterator[Text]:
    """Texts that are shown as they are: nothing is ever filled in."""
    own = (getattr(step, name, None) for name in ("label", "too_few", "confirm"))
    yield from (text for text in own if text is not None)
    if isinstance(step, Prompt):
        yield from (redo.label for redo in step.extras.redo)
        yield from (aside.label for aside in step.extras.asides)
        yield from (link.label for aside in step.extras.asides for link in aside.links)
        yield from (switch.label for switch in step.extras.switches)
        yield from (link.label for link in step.extras.links)
    if isinstance(step, Form):
        page = step.page
        yield from (step.button, page.title, page.lead, page.submit, page.done)
        yield from (text for f in page.fields for text in (f.label, *(rule.text for rule in f.rules)))
    if isinstance(step, End):
        yield from (link.label for link in step.links)
    if isinstance(step, Pick):
        yield from (group for group, _entries in step.pages if group)


def _unfilled(name: str, text: Text) -> Iterator[str]:
    yield from _braces(name, text)
    for path in placeholders(text):
        yield f"{name}: nothing fills {{{path}}} in “{text.msgid}”"


def _phrase(step: Step[Any], phrase: Phrase) -> Iterator[str]:
    yield from _braces(step.name, phrase.text)
    for path in placeholders(phrase.text):
        if path not in phrase.values:
            yield f"{step.name}: nothing fills {{{path}}} in “{phrase.text.msgid}”"


def _braces(name: str, text: Text) -> Iterator[str]:
    for words in (text.msgid, text.plural):
        rest = PLACEHOLDER.sub("", words)
        if "{" in rest or "}" in rest:
            yield f"{name}: “{words}” has a brace that belongs to no placeholder"
