"""A small model of how a Viber client reads marks in a text, and in what the real one may differ from it."""

from __future__ import annotations

from dataclasses import dataclass

JOINER = "\u2060"


@dataclass(frozen=True)
class Shown:
    """What stands on the screen: the words, and of each character whether it is bold."""

    words: str
    bold: tuple[bool, ...]

    @property
    def bold_words(self) -> str:
        """What is bold, each run between bars."""
        marked = (char if bold else "|" for char, bold in zip(self.words, self.bold, strict=True))
        return "|".join(filter(None, "".join(marked).split("|")))


def read(text: str, spaces: str = "", *, far: bool = True) -> Shown:
    """Runs between two marks of a kind: no space after the first and before the last, one after the last.

    `spaces` are the characters that count as such, all of Unicode's when empty.  `far`: a run may go over
    the end of a line.  What opens a run may stand anywhere; a mark may also end a run when only other marks
    are between it and the space.
    """

    def is_space(position: int) -> bool:
        if position >= len(text):
            return True
        return text[position] in spaces if spaces else text[position].isspace()

    def closes(position: int, mark: str) -> bool:
        after = position + 1
        while after < len(text) and text[after] in "*_~`":
            after += 1
        return text[position] == mark and not is_space(position - 1) and is_space(after)

    gone, bold = set[int](), set[int]()
    for mark in "*_~":
        start = 0
        while (start := text.find(mark, start)) >= 0:
            line = len(text) if far else (text.find("\n", start) + 1 or len(text) + 1) - 1
            ends = (p for p in range(start + 2, line) if closes(p, mark))
            end = None if is_space(start + 1) else next(ends, None)
            if end is None:
                start += 1
                continue
            gone |= {start, end}
            if mark == "*":
                bold |= set(range(start, end))
            start = end + 1
    if text.count("```") > 1:
        first, last = text.find("```"), text.rfind("```")
        gone |= {*range(first, first + 3), *range(last, last + 3)}
    kept = [p for p in range(len(text)) if p not in gone and text[p] != JOINER]
    return Shown("".join(text[p] for p in kept), tuple(p in bold for p in kept))
