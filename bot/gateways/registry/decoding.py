"""Reads what a register answers, strictly: what `openapi.yaml` says, or nothing.

Every field is read by the rules of the export's files, and so both ways to a register can be trusted alike.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, TypeVar

from bot.services.ports import Connection, Invoice, Person
from bot.services.register.files import CONNECTIONS, CUSTOMERS, INVOICES, File
from bot.services.rows import Row, Wrong

T = TypeVar("T", Person, Connection, Invoice)

_FILES: dict[type[Any], File] = {Person: CUSTOMERS, Connection: CONNECTIONS, Invoice: INVOICES}


def one(body: bytes, kind: type[T], **expected: str) -> T:
    """What the JSON of a body says, if it has the `expected` values.  Raises `Wrong`."""
    return _made(_json(body), kind, expected)


def many(body: bytes, kind: type[T], **expected: str) -> tuple[T, ...]:
    """The same for a list, each of which has them."""
    found = _json(body)
    if not isinstance(found, list):
        raise Wrong("no list")
    return tuple(_made(item, kind, expected) for item in found)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Wrong("no JSON") from None


def _made(value: Any, kind: type[T], expected: dict[str, str]) -> T:
    if not isinstance(value, dict):
        raise Wrong("no object")
    made: T = _FILES[kind].make(Row({field.name: _text(value, field.name) for field in fields(kind)}))
    for name, wanted in expected.items():
        if getattr(made, name) != wanted:
            raise Wrong(f"another {name} than was asked for")
    return made


def _text(value: dict[str, Any], name: str) -> str:
    if not isinstance(text := value.get(name), str):
        raise Wrong(f"{name} is no string")
    return text
