"""What a step's value can be, as far as the type hints of a dialog tell; nothing is run."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cache, cached_property
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from dialogs.engine.memory import stored_type
from dialogs.engine.steps import (
    Answered,
    Ask,
    Case,
    Choice,
    Choose,
    Dialog,
    Do,
    Each,
    Either,
    Let,
    Param,
    Pick,
    Select,
    SelectMany,
    Step,
    Tries,
)


class Other:
    """The outcome that no case mentions, of a step whose hints tell nothing."""


@cache
def type_of(step: Step[Any]) -> Any:
    """The type hint of a step's value; Any where the hints tell nothing."""
    match step:
        case Case():
            return step.kind if isinstance(step.kind, type) else type(step.kind)
        case Let():
            return returned(step.fn)
        case Param():
            return next(iter(get_args(getattr(step, "__orig_class__", None))), Any)
        case Either():
            return _union(type_of(one) for one in step.among)
        case Choose():
            return item_type(step)
        case Select():
            return next(iter(get_args(type_of(step.among))), Any)
        case SelectMany():
            return type_of(step.among)
        case Pick():
            return tuple[item_type(step), ...]  # type: ignore[misc]
        case Each():
            return tuple[type_of(step.row), ...]  # type: ignore[misc]
    fn = source_of(step)
    return Any if fn is not None and silent(fn) else stored_type(step)


def item_type(step: Choose[Any] | Pick[Any]) -> Any:
    """The type of one of the things that can be chosen or picked."""
    return _union(type(entry.value) for entry in step.among)


def returned(fn: Any) -> Any:
    """What a function says it returns; a class makes itself."""
    return fn if isinstance(fn, type) else _hints(fn).get("return", Any)


def _union(hints: Iterable[Any]) -> Any:
    return Union[tuple(dict.fromkeys(hints)) or (Any,)]  # noqa: UP007


def flat(hint: Any) -> Iterator[Any]:
    """The members of a union, or the hint alone."""
    if get_origin(hint) in (Union, types.UnionType):
        for arg in get_args(hint):
            yield from flat(arg)
    else:
        yield Any if isinstance(hint, TypeVar) else hint


def outcomes(step: Step[Any], kinds: tuple[object, ...] = ()) -> tuple[object, ...]:
    """What a step can turn out to be, told apart as finely as the cases that mention `kinds` need it."""
    own = step.outcomes()
    if not kinds:
        return own
    if isinstance(step, Choose):
        return tuple(entry.value for entry in step.among)
    if own != (Answered,):
        return tuple(value for kind in own for value in _values(kind))
    hints = tuple(flat(type_of(step)))
    return (*kinds, Other) if Any in hints else tuple(value for hint in hints for value in _values(hint))


def _values(hint: Any) -> tuple[object, ...]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(hint)
    return (True, False) if hint is bool else (get_origin(hint) or hint,)


def matches(outcome: object, kind: object) -> bool:
    """Whether a step that turned out to be `outcome` is the case `kind`."""
    if isinstance(kind, type):
        return issubclass(outcome if isinstance(outcome, type) else type(outcome), kind)
    return outcome is kind


def label(outcome: object) -> str:
    """An outcome in a word: `Taken`, `NEXT`; nothing for the one outcome that decides nothing."""
    if outcome is Answered:
        return ""
    if isinstance(outcome, Enum):
        return outcome.name
    return outcome.__name__ if isinstance(outcome, type) else str(outcome)


def name_of(step: Step[Any]) -> str:
    """What a step is called in sentences; what has no name of its own goes by its function's."""
    if isinstance(step, Case):
        return f"{name_of(step.of)}={label(step.kind)}"
    return step.name or getattr(getattr(step, "fn", None), "__name__", type(step).__name__)


def is_row(dialog: type[Dialog]) -> bool:
    """Whether a dialog is made to be the row of another: it waits to be handed something."""
    return any(isinstance(step, Param) for step in dialog.names.values())


def hint_name(hint: Any) -> str:
    """A type as a programmer would write it."""
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(hint))


NO_SUCH: Any = object()


def attribute(hint: Any, name: str) -> Any:
    """The type of a value's attribute; NO_SUCH when a value of type `hint` need not have it."""
    found = [_attribute(kind, name) for kind in flat(hint)]
    return NO_SUCH if NO_SUCH in found else _union(found)


def _attribute(kind: Any, name: str) -> Any:
    kind = get_origin(kind) or kind
    if kind is Any:
        return Any
    if kind is None or not isinstance(kind, type):
        return NO_SUCH
    own = getattr(kind, name, None)
    if isinstance(own, property | cached_property):
        return returned(own.fget if isinstance(own, property) else own.func)
    return get_type_hints(kind).get(name, type(own) if hasattr(kind, name) else NO_SUCH)


def fits(hint: Any, into: Any) -> bool:
    """Whether every value of one type is also one of the other, as far as can be told."""
    takes = [get_origin(kind) or kind for kind in flat(into)]
    gives = [get_origin(kind) or kind for kind in flat(hint)]
    return Any in takes or all(kind is Any or issubclass(kind, tuple(takes)) for kind in gives)


def can_be_said(hint: Any, sayable: tuple[type, ...]) -> bool:
    """Whether every value of this type can stand in a sentence."""
    return all(_can_be_said(kind, sayable) for kind in flat(hint))


def _can_be_said(kind: Any, sayable: tuple[type, ...]) -> bool:
    if kind is Any or kind is None or kind is type(None):
        return True
    if not isinstance(kind, type) or get_origin(kind):
        return False
    return issubclass(kind, Choice) if issubclass(kind, Enum) else issubclass(kind, sayable)


def source_of(step: Step[Any]) -> Any:
    """The service or reader whose hints tell what a step is worth, or None."""
    if isinstance(step, Do):
        return step.fn
    if isinstance(step, Tries):
        return step.takes
    return step.reads.read if isinstance(step, Ask) else None


def silent(fn: Any) -> bool:
    """Whether a function does not say what it returns."""
    return "return" not in _hints(fn)


def _hints(fn: Any) -> dict[str, Any]:
    try:
        return get_type_hints(fn)
    except (TypeError, NameError):
        return {}
