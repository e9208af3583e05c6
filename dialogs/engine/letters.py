"""Lines as stored text and back: what waits in the outbox, in no language yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dialogs.engine.codec import dumps
from dialogs.engine.lines import Line, Option, Picture, Tone
from dialogs.engine.text import Hidden, Leaf, Phrase, Text


def write_picture(picture: Picture) -> str:
    """The picture as JSON text, for a document that is drawn when somebody opens it."""
    return dumps(_picture(picture))


def read_picture(text: str) -> Picture:
    """The picture that `write_picture` wrote.  Raises KeyError, TypeError or ValueError for anything else."""
    return _read_picture(json.loads(text))


def write_line(line: Line) -> str:
    """The line as JSON text; what is empty is left out."""
    packed: dict[str, Any] = {"body": [_phrase(p) for p in line.body]}
    if line.prompt:
        packed["prompt"] = line.prompt
    if line.options:
        packed["options"] = [_option(o) for o in line.options]
    if line.picture:
        packed["picture"] = _picture(line.picture)
    if line.edits:
        packed["edits"] = True
    if line.page:
        packed["page"] = line.page
    if line.plain:
        packed["plain"] = True
    return dumps(packed)


def read_line(text: str) -> Line:
    """The line that `write_line` wrote.  Raises KeyError, TypeError or ValueError for anything else."""
    raw = json.loads(text)
    return Line(
        body=tuple(_read_phrase(p) for p in raw["body"]),
        prompt=raw.get("prompt", 0),
        options=tuple(_read_option(o) for o in raw.get("options", ())),
        picture=_read_picture(raw["picture"]) if "picture" in raw else None,
        edits=raw.get("edits", False),
        page=raw.get("page", 0),
        plain=raw.get("plain", False),
    )


def _text(text: Text) -> Any:
    return [text.msgid, text.plural, text.by] if text.plural else text.msgid


def _read_text(raw: Any) -> Text:
    return Text(raw) if isinstance(raw, str) else Text(*raw)


def _phrase(phrase: Phrase) -> Any:
    text = _text(phrase.text)
    return [text, _values(phrase.values)] if phrase.values else [text]


def _read_phrase(raw: Any) -> Phrase:
    return Phrase(_read_text(raw[0]), _read_values(raw[1]) if len(raw) > 1 else {})


def _values(values: Mapping[str, Leaf]) -> dict[str, Any]:
    return {name: _leaf(value) for name, value in values.items()}


def _read_values(raw: Mapping[str, Any]) -> dict[str, Leaf]:
    return {name: _read_leaf(value) for name, value in raw.items()}


def _leaf(value: Leaf) -> Any:
    """Strings and whole numbers as they are; what JSON lacks in an object with one letter."""
    match value:
        case Decimal():
            return {"n": str(value)}
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case Text():
            return {"m": _text(value)}
        case Phrase():
            return {"p": _phrase(value)}
        case Hidden():
            return {"h": str(value)}
    return value


def _read_leaf(raw: Any) -> Leaf:
    match raw:
        case {"n": str(number)}:
            return Decimal(number)
        case {"t": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"d": str(day)}:
            return date.fromisoformat(day)
        case {"m": text}:
            return _read_text(text)
        case {"p": phrase}:
            return _read_phrase(phrase)
        case {"h": str(name)}:
            return Hidden(name)
        case str() | int() | None:
            return raw
    raise ValueError(f"{raw!r} cannot stand in a sentence")


def _option(option: Option) -> list[Any]:
    tail: list[Any] = [option.tone.value, option.icon, option.marked, option.number, option.url]
    if option.contact:
        return [option.payload, _phrase(option.label), *tail, True]
    while tail and tail[-1] in ("", None, "plain"):
        tail.pop()
    return [option.payload, _phrase(option.label), *tail]


def _read_option(raw: list[Any]) -> Option:
    payload, label, *tail = raw
    absent: list[Any] = ["plain", "", None, None, "", False]
    tone, icon, marked, number, url, contact = tail + absent[len(tail) :]
    return Option(payload, _read_phrase(label), Tone(tone), icon, marked, number, url, contact)


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "painter": picture.painter,
        "values": _values(picture.values),
        "rows": [_values(row) for row in picture.rows],
        "alt": _phrase(picture.alt) if picture.alt else None,
    }


def _read_picture(raw: dict[str, Any]) -> Picture:
    alt = _read_phrase(raw["alt"]) if raw["alt"] else None
    return Picture(raw["painter"], _read_values(raw["values"]), tuple(map(_read_values, raw["rows"])), alt)
