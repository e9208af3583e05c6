"""Values that could not be remembered between two turns, or compared with what was remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from dialogs.engine.codec import decoder, pack
from dialogs.engine.kinds import hint_name, silent_about, type_of
from dialogs.engine.memory import stored_type
from dialogs.engine.steps import Case, Choose, Dialog, Do, Each, Either, Let, Pick, Prompt, Review, Say, Step


def unread(dialog: type[Dialog]) -> Iterator[str]:
    """Functions that do not say what they return: without that there are no outcomes."""
    for step in dialog.steps:
        name = silent_about(step)
        if name:
            yield f"{step.name}: {name} must be annotated with what it returns"


def value_problems(dialog: type[Dialog]) -> Iterator[str]:
    """A sentence for every value that is kept and cannot be."""
    for step in dialog.steps:
        if isinstance(step, Prompt | Do):
            yield from _kept(step)
        if isinstance(step, Prompt | Do | Say):
            yield from _compared(step)


def _kept(step: Step[Any]) -> Iterator[str]:
    for hint in _strange(_stored(step), set()):
        yield f"{step.name}: {hint} cannot be remembered; use a frozen dataclass of plain values"


def _stored(step: Step[Any]) -> Any:
    try:
        return stored_type(step)
    except TypeError:
        return type_of(step)


def _strange(hint: Any, seen: set[Any]) -> Iterator[str]:
    """The parts of a type that the store does not know."""
    if hint in seen or hint is Ellipsis:
        return
    seen.add(hint)
    try:
        decoder(hint)
    except TypeError:
        yield hint_name(hint)
        return
    inner = get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        inner = tuple(get_type_hints(hint).values())
    for part in inner:
        yield from _strange(part, seen)


def _compared(step: Step[Any]) -> Iterator[str]:
    """What an answer rests on is packed as well, to tell later whether it has changed."""
    shows = step.shows if isinstance(step, Review) else ()
    for source in (*step.given, *shows):
        for what in _uncomparable(source):
            yield f"{step.name}: it rests on {what}"


def _uncomparable(source: Step[Any]) -> Iterator[str]:
    if isinstance(source, Choose | Pick):
        for entry in source.among:
            try:
                pack(entry.value)
            except TypeError as error:
                yield f"{source.name}, but {error}"
    elif isinstance(source, Either):
        for one in source.among:
            yield from _uncomparable(one)
    elif isinstance(source, Case):
        yield from _uncomparable(source.of)
    elif isinstance(source, Let | Each):
        hint = type_of(source)
        strange = () if Any in (hint, *get_args(hint)) else tuple(_strange(hint, set()))
        name = source.name or getattr(getattr(source, "fn", None), "__name__", "a Let")
        yield from (f"{name}, but {part} cannot be compared with what was" for part in strange)
