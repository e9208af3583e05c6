"""A message as Telegram shows it: HTML and inline keyboards.  Pure."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channel import Button, Message, Span
from dialogs.engine.lines import Tone

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
#: In the order in which a text is best cut.
_BORDERS = ("\n\n", "\n", " ")
_STYLES = {Tone.PRIMARY: "primary", Tone.DANGER: "danger"}


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of Telegram's: at most one of a rendered line's pieces has a keyboard, the last."""

    html: str
    keyboard: dict[str, Any] | None = None


def pieces(message: Message) -> tuple[Piece, ...]:
    """The line as messages that fit, none when it has no text."""
    texts = [markup(spans) for spans in split(message.text, TEXT_LIMIT)]
    buttons = keyboard(message.rows)
    last = len(texts) - 1
    return tuple(Piece(text, buttons if number == last else None) for number, text in enumerate(texts))


def caption(message: Message) -> str | None:
    """The whole text as one caption, None when it is too long for that."""
    parts = split(message.text, CAPTION_LIMIT)
    return markup(parts[0] if parts else ()) if len(parts) < 2 else None


def markup(spans: Sequence[Span]) -> str:
    escaped = ((html.escape(span.text, quote=False), span.bold) for span in spans)
    return "".join(f"<b>{text}</b>" if bold else text for text, bold in escaped)


def keyboard(rows: Sequence[Sequence[Button]]) -> dict[str, Any] | None:
    if not rows:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": button.label}
    if button.url:
        shown["url"] = button.url
    else:
        shown["callback_data"] = button.payload
    style = "success" if button.marked else _STYLES.get(button.tone)
    return shown | ({"style": style} if style else {})


def split(spans: Sequence[Span], limit: int) -> list[tuple[Span, ...]]:
    """Spans cut into texts of at most `limit` UTF-16 units, where a paragraph, a line or a word ends."""
    text = "".join(span.text for span in spans)
    if not text.strip():
        return []
    return [_within(spans, start, end) for start, end in _ranges(text, limit)]


def _ranges(text: str, limit: int) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        fits = _reach(text, start, limit)
        end = fits if fits == len(text) else _border(text, start, fits)
        if text[start:end].strip():
            yield _trimmed(text, start, end)
        start = end


def _reach(text: str, start: int, limit: int) -> int:
    """How far `limit` UTF-16 units go."""
    end = min(start + limit, len(text))
    while (over := len(text[start:end].encode("utf-16-le", "surrogatepass")) // 2 - limit) > 0:
        end -= (over + 1) // 2
    return end


def _border(text: str, start: int, end: int) -> int:
    half = start + (end - start) // 2  # an earlier border would leave crumbs
    for border in _BORDERS:
        found = text.rfind(border, half, end + len(border))
        if found > 0:
            return found
    return end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _within(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    cut: list[Span] = []
    position = 0
    for span in spans:
        part = span.text[max(start - position, 0) : max(end - position, 0)]
        position += len(span.text)
        if part:
            cut.append(Span(part, span.bold))
    return tuple(cut)
