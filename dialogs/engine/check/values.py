"""Values that could not be remembered between two turns, or compared with what was remembered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from dialogs.engine.check.kinds import hint_name, returned, silent, source_of, type_of
from dialogs.engine.codec import decoder, pack
from dialogs.engine.memory import stored_type
from dialogs.engine.steps import (
    Await,
    Case,
    Choose,
    Dialog,
    Do,
    Each,
    Either,
    Let,
    Pick,
    Prompt,
    Review,
    Say,
    Step,
    Tries,
)


def unread(dialog: type[Dialog]) -> Iterator[str]:
    """Steps without outcomes, most often because a function does not say plainly what it returns."""
    for step in dialog.steps:
        fn = source_of(step)
        name = getattr(fn, "__name__", repr(fn))
        if fn is not None and silent(fn):
            yield f"{step.name}: {name} must be annotated with what it returns"
        elif get_origin(returned(fn)) not in (None, Union, UnionType):
            yield f"{step.name}: {name} must return a class or a union of them, not {hint_name(returned(fn))}"
        elif isinstance(step, Tries | Await) and not step.outcomes():
            yield f"{step.name}: it takes nothing that could come, so nobody would ever get past it"


def value_problems(dialog: type[Dialog]) -> Iterator[str]:
    """A sentence for every value that is kept and cannot be."""
    for step in dialog.steps:
        if isinstance(step, Prompt | Do):
            yield from _kept(step)
        if isinstance(step, Prompt | Do | Say):
            yield from _compared(step)


def _kept(step: Step[Any]) -> Iterator[str]:
    for hint in _strange(_stored(step), set(), kept=True):
        yield f"{step.name}: {hint} cannot be remembered; use a frozen dataclass of plain values"


def _stored(step: Step[Any]) -> Any:
    try:
        return stored_type(step)
    except TypeError:
        return type_of(step)


def _strange(hint: Any, seen: set[Any], *, kept: bool) -> Iterator[str]:
    """The parts of a type that can be neither written nor, if they are `kept`, read again."""
    if hint in seen or hint is Ellipsis or (hint is Any and not kept):
        return
    seen.add(hint)
    if (get_origin(hint) is not Mapping or kept) and not _known(hint):
        yield hint_name(hint)
        return
    inner = get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        inner = tuple(get_type_hints(hint).values())
    for part in inner:
        yield from _strange(part, seen, kept=kept)


def _known(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType, tuple):
        return True  # its parts are looked at one by one
    try:
        decoder(hint)
    except TypeError:
        return False
    return True


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
        strange = tuple(_strange(type_of(source), set(), kept=False))
        name = source.name or getattr(getattr(source, "fn", None), "__name__", "a Let")
        yield from (f"{name}, but {part} cannot be compared with what was" for part in strange)
