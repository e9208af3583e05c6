"""Conversations and lines as JSON: by name, so that old rows meet new code gently.

Every value is read by the type its step declares today.  What no longer fits is forgotten: the question
is asked again.  Types are found from the dialogs themselves.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, Union, get_args, get_origin, get_type_hints


class Undecodable(Exception):
    """A stored value does not fit its type any more."""


def pack(value: Any) -> Any:
    """A value as plain JSON; dataclasses carry their class name, enums their member's name."""
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple):
        return [pack(v) for v in value]
    if isinstance(value, Mapping):  # a phrase's values: they are rested on, never remembered
        return {str(k): pack(v) for k, v in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        packed = {f: pack(getattr(value, f)) for f in _field_names(type(value))}
        return {"$": type(value).__name__, **packed}
    raise TypeError(f"{type(value).__name__} cannot be remembered: use a frozen dataclass of plain values")


def fingerprint(values: tuple[Any, ...]) -> str:
    """A short name for some values: equal values have equal fingerprints, also after a restart."""
    text = _text(values)
    return text if len(text) <= 16 else blake2b(text.encode(), digest_size=9).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{','.join(map(_text, value))}]"
    if is_dataclass(value):
        return _text_of(_Same(value))
    return json.dumps(pack(value), separators=(",", ":"), ensure_ascii=False)


class _Same:
    """An object, equal to itself alone: two equal ones may be written differently, like 0.5 and 0.50."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=4096)
def _text_of(one: _Same) -> str:
    """What a dialog offers is rested on again and again; it is frozen, so it is written once."""
    return json.dumps(pack(one.value), separators=(",", ":"), ensure_ascii=False)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


Decoder = Callable[[Any], Any]


@cache
def decoder(hint: Any) -> Decoder:
    """What reads a packed value of type `hint`; it raises `Undecodable` when the value does not fit."""
    origin = get_origin(hint)
    if origin is tuple:
        return _tuple_decoder(get_args(hint))
    if origin in (Union, types.UnionType):
        return _union_decoder(get_args(hint))
    if hint is type(None) or hint is None:
        return _exactly(type(None))
    if hint in (str, int, bool):
        return _exactly(hint)
    if hint is Decimal:
        return _decimal
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_decoder(hint)
    if hint in (date, datetime):
        return _date_decoder(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_decoder(hint)
    raise TypeError(f"{hint} cannot be remembered: use a frozen dataclass of plain values")


def _exactly(kind: type) -> Decoder:
    def decode(raw: Any) -> Any:
        if type(raw) is not kind:
            raise Undecodable(f"{raw!r} is no {kind.__name__}")
        return raw

    return decode


def _decimal(raw: Any) -> Decimal:
    try:
        return Decimal(_exactly(str)(raw))
    except InvalidOperation as error:
        raise Undecodable(f"{raw!r} is no number") from error


def _enum_decoder(kind: type[Enum]) -> Decoder:
    members = kind.__members__

    def decode(raw: Any) -> Any:
        if not isinstance(raw, str) or raw not in members:
            raise Undecodable(f"{raw!r} is no {kind.__name__}")
        return members[raw]

    return decode


def _date_decoder(kind: type[date]) -> Decoder:
    def decode(raw: Any) -> Any:
        try:
            return kind.fromisoformat(raw)
        except (TypeError, ValueError) as error:
            raise Undecodable(f"{raw!r} is no {kind.__name__}") from error

    return decode


def _tuple_decoder(args: tuple[Any, ...]) -> Decoder:
    if len(args) == 2 and args[1] is Ellipsis:
        each = decoder(args[0])

        def decode_many(raw: Any) -> Any:
            return tuple(each(v) for v in _exactly(list)(raw))

        return decode_many
    kinds = [decoder(a) for a in args]

    def decode_fixed(raw: Any) -> Any:
        if len(_exactly(list)(raw)) != len(kinds):
            raise Undecodable("a tuple of another length")
        return tuple(read(v) for read, v in zip(kinds, raw, strict=True))

    return decode_fixed


def _union_decoder(args: tuple[Any, ...]) -> Decoder:
    named = {a.__name__: decoder(a) for a in args if isinstance(a, type) and is_dataclass(a)}
    plain = [decoder(a) for a in args if not is_dataclass(a)]

    def decode(raw: Any) -> Any:
        if isinstance(raw, dict) and raw.get("$") in named:
            return named[raw["$"]](raw)
        for read in plain:
            try:
                return read(raw)
            except Undecodable:
                continue
        raise Undecodable(f"{raw!r} is none of {args}")

    return decode


def _dataclass_decoder(kind: type) -> Decoder:
    # Looked up at the first use: dataclasses may refer to themselves.
    hints: dict[str, Any] = {}

    def decode(raw: Any) -> Any:
        if not isinstance(raw, dict) or raw.get("$") != kind.__name__:
            raise Undecodable(f"{raw!r} is no {kind.__name__}")
        if not hints:
            hints.update({k: v for k, v in get_type_hints(kind).items() if k in _field_names(kind)})
        if raw.keys() - {"$"} != hints.keys():
            raise Undecodable(f"the fields of {kind.__name__} have changed")
        return kind(**{name: decoder(hint)(raw[name]) for name, hint in hints.items()})

    return decode


def dumps(value: Mapping[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
