"""A message as Telegram shows it: HTML and keyboards.  Pure.

Buttons belong to their message.  Only the one that shares a phone number cannot: Telegram has it on the
keyboard beneath the chat alone, so its whole message has the buttons there, and pressing one says its label.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channel import Button, Message, Span
from dialogs.engine.lines import Tone
from handlers.cutting import split
from handlers.telegram.addresses import fits_app, fits_button
from handlers.telegram.capabilities import CAPTION_LIMIT, TEXT_LIMIT

#: Shown where one types, while a phone number is asked for: the same in every language.
_PHONE_HINT = "+383 44 123 456"
_STYLES = {Tone.PRIMARY: "primary", Tone.DANGER: "danger"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of Telegram's: at most one of a rendered line's pieces has a keyboard, the last."""

    html: str
    keyboard: dict[str, Any] | None = None


def pieces(message: Message) -> tuple[Piece, ...]:
    """The line as messages that fit, none when it has no text."""
    message = _with_fitting_buttons(message)
    texts = [markup(spans) for spans in split(message.text, TEXT_LIMIT)]
    buttons = _keyboard(message)
    last = len(texts) - 1
    return tuple(Piece(text, buttons if number == last else None) for number, text in enumerate(texts))


def caption(message: Message) -> str | None:
    """The whole text as one caption, None when it is too long for that."""
    parts = split(_with_fitting_buttons(message).text, CAPTION_LIMIT)
    return markup(parts[0] if parts else ()) if len(parts) < 2 else None


def markup(spans: Sequence[Span]) -> str:
    escaped = ((html.escape(span.text, quote=False), span.bold) for span in spans)
    return "".join(f"<b>{text}</b>" if bold else text for text, bold in escaped)


def keyboard(message: Message) -> dict[str, Any] | None:
    """The buttons of a message as Telegram wants them described."""
    return _keyboard(_with_fitting_buttons(message))


def is_beneath(message: Message) -> bool:
    """Whether a message has its buttons on the keyboard beneath the chat."""
    return any(button.contact for row in message.rows for button in row)


def in_words(message: Message, which: Callable[[Button], bool] = lambda _button: True) -> Message:
    """The message with the addresses of such buttons in its text, each on a line of its own."""
    moved = [button for row in message.rows for button in row if button.url and which(button)]
    if not moved:
        return message
    rows = (tuple(button for button in row if button not in moved) for row in message.rows)
    words = (Span(f"\n\n{button.label}\n{button.url}") for button in moved)
    return replace(message, text=(*message.text, *words), rows=tuple(row for row in rows if row))


def _with_fitting_buttons(message: Message) -> Message:
    if is_beneath(message):
        return in_words(message)
    return in_words(message, lambda button: not fits_button(button.url))


def _keyboard(message: Message) -> dict[str, Any] | None:
    if not message.rows:
        return None
    if not is_beneath(message):
        return {"inline_keyboard": [[_button(button) for button in row] for row in message.rows]}
    return {
        "keyboard": [[_key(button) for button in row] for row in message.rows],
        "resize_keyboard": True,
        "one_time_keyboard": True,
        "input_field_placeholder": _PHONE_HINT,
    }


def _button(button: Button) -> dict[str, Any]:
    if button.app and fits_app(button.url):
        does: dict[str, Any] = {"web_app": {"url": button.url}}
    elif button.url:
        does = {"url": button.url}
    else:
        does = {"callback_data": button.payload}
    return {"text": button.label, **does, **_style(button)}


def _key(button: Button) -> dict[str, Any]:
    shares = {"request_contact": True} if button.contact else {}
    return {"text": button.label, **shares, **_style(button)}


def _style(button: Button) -> dict[str, str]:
    style = "success" if button.marked else _STYLES.get(button.tone)
    return {"style": style} if style else {}
