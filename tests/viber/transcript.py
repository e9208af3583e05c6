"""A chat on Viber as text that a person can read: what the customer did, and what they saw of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.fakes.viber import Shown
from tests.fakes.viber.keyboards import Button
from tests.viber.program import words_shown


def transcript(chat: Sequence[Shown], beside: Mapping[int, Sequence[str]]) -> str:
    """`>` marks the customer, each line of `|` a row of the keyboard that stands at the end of an answer.

    `beside` is what was done elsewhere, by the number of messages that the chat had then.
    """
    return "\n".join(_lines(chat, beside)).strip("\n") + "\n"


def _lines(chat: Sequence[Shown], beside: Mapping[int, Sequence[str]]) -> Iterator[str]:
    keys: dict[str, str] = {}
    for place, shown in enumerate(chat):
        for deed in beside.get(place, ()):
            yield f"\n> {deed}"
        if shown.mine:
            yield f"\n> {_deed(shown, keys)}"
            continue
        yield ""
        yield from _said(shown)
        if shown.keyboard is not None:
            keys |= {key.ActionBody: key.label for key in shown.keyboard.Buttons}
            if place + 1 == len(chat) or place + 1 in beside or chat[place + 1].mine:
                yield from map(_row, shown.keyboard.rows)
    for deed in beside.get(len(chat), ()):
        yield f"\n> {deed}"


def _deed(shown: Shown, keys: Mapping[str, str]) -> str:
    """What was pressed, typed, or else sent."""
    return f"[{keys[shown.text]}]" if shown.text in keys else shown.text or shown.type


def _said(shown: Shown) -> Iterator[str]:
    if shown.media:
        yield "  (picture)"
    for line in words_shown(shown.text).splitlines():
        yield f"  {line}".replace("\u00a0", " ").rstrip()


def _row(row: Sequence[Button]) -> str:
    return "  | " + " | ".join(key.label for key in row)
