"""How wide words are, generously, in whatever sans-serif font the reader has."""

from __future__ import annotations

NARROW = frozenset("iljtfIr.,:;|!'()[]{}/ ·‘’“”")
WIDE = frozenset("mwMW@%—…")


def text_width(words: str, size: float) -> float:
    """Pixels, at a font size in pixels."""
    return size * sum(map(_em, words))


def _em(mark: str) -> float:
    if mark in NARROW:
        return 0.36
    if mark in WIDE or ord(mark) >= 0x2190:
        return 1.05
    return 0.72 if mark.isupper() else 0.59


def wrapped(words: str, size: float, width: float, most: int) -> tuple[str, ...]:
    """The words in lines of at most `width` pixels; what is beyond `most` lines is left out."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + " " + lines[most], size, width)]
    return tuple(_cut(line, size, width, "") if text_width(line, size) > width else line for line in lines)


def _cut(line: str, size: float, width: float, end: str = "…") -> str:
    while text_width(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip(" ,.;:") + (end or "…")
