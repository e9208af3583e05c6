"""Rows of the tables made ready for the page: what a bubble shows, and a note on the demo's phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.channel import Button, Span
from handlers.render import TICKED, UNTICKED
from handlers.web.bodies import decode_message
from handlers.web.languages import PageLanguage, clock_time, day_key, page_language
from storage.base import Row


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the conversation; `client` is the id that the customer's browser gave it."""

    id: int
    changed: int
    mine: bool
    text: tuple[Span, ...]
    rows: tuple[tuple[Button, ...], ...]
    lang: PageLanguage | None  # None: in the customer's own words
    at: datetime
    time: str
    day: str
    day_key: str
    client: str = ""
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One SMS or e-mail on the demo's phone."""

    id: int
    kind: str
    title: str
    to: str
    subject: str
    text: str
    at: datetime
    time: str


def bubble(row: Row, language: PageLanguage, picture: Callable[[int], str]) -> Bubble:
    """A row of web_message; `language` is the page's, `picture` gives the address of a message's picture."""
    document = json.loads(str(row["body"]))
    message = decode_message(document)
    said_in = page_language(document["lang"]) if "lang" in document else None
    number, at = whole(row["id"]), moment(row["created_at"])
    return Bubble(
        id=number,
        changed=whole(row["changed_at"]),
        mine=row["author"] == "me",
        text=message.text,
        rows=tuple(tuple(map(_unmarked, keys)) for keys in message.rows) if row["live"] else (),
        lang=said_in,
        at=at,
        time=clock_time(at),
        day=(said_in or language).day(at),
        day_key=day_key(at),
        client=document.get("client", ""),
        picture=picture(number) if message.image else "",
        alt=message.image.alt if message.image else "",
    )


def note(row: Row, t: Callable[[str], str]) -> Note:
    """A row of phone_message."""
    at, kind = moment(row["created_at"]), str(row["kind"])
    return Note(
        id=whole(row["id"]),
        kind=kind,
        title=t("SMS") if kind == "sms" else t("E-mail"),
        to=str(row["recipient"]),
        subject=str(row["subject"] or ""),
        text=str(row["body"]),
        at=at,
        time=clock_time(at),
    )


def _unmarked(button: Button) -> Button:
    """The button without the sign of its tick: the page draws a box of its own."""
    if button.marked is None:
        return button
    label = button.label.removeprefix(TICKED).removeprefix(UNTICKED).lstrip()
    return replace(button, label=label)


def language_of(row: Row) -> str:
    """The language code that a row was said in, or "" for the customer's own words."""
    return str(json.loads(str(row["body"])).get("lang", ""))


def moment(value: object) -> datetime:
    """The moment in a column of epoch milliseconds."""
    return datetime.fromtimestamp(whole(value) / 1000, UTC)


def whole(value: object) -> int:
    return int(str(value))
