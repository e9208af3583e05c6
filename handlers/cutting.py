"""Cuts a long text into messages that fit, without losing a word or what is bold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channel import Span

#: In the order in which a text is best cut.
_BORDERS = ("\n\n", "\n", " ")


def units(text: str) -> int:
    """How long messengers take a text to be, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


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
    while (over := units(text[start:end]) - limit) > 0:
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
