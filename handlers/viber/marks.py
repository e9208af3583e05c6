"""Words as Viber shows them: `*bold*`, `_italic_`, `~struck~`, and no way to say that a mark is meant.

A mark ends a run only where no space stands before it and a space, or nothing, after it
(https://developers.viber.com/docs/tools/text-formatting).  So bold goes where that is so, and the words' own
marks are kept from ending anything by a word joiner, which is no space and cannot be seen.  In an address,
which must stay one when it is copied, they are percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.channel import Span

#: Takes no room, is no space, and no line breaks there.
JOINER = "\u2060"

_MARKS = "*_~`"
#: Marks that would end a run, and backticks beside each other: three are a mark, too.
_CLOSING = re.compile(r"(?<=[^ ])[*_~`](?=[*_~`]*(?:\s|$))|`(?=`)")
_ADDRESS = re.compile(r"\bhttps?://\S+", re.IGNORECASE)
#: After these a bold word may begin, as after a space; before those it may end, taking them along.
_OPENERS, _ENDERS = "([„“\"'«", ".,:;!?…"
#: What is a space to every reader; a no-break space may be none.
_SPACES = " \n"


def marked(spans: Sequence[Span]) -> str:
    """The words with bold marks where they are safe.  Where the words have an asterisk, nothing is bold."""
    words = "".join(span.text for span in spans)
    if "*" in words:
        return literal(words)
    parts, done = [], 0
    for start, end in _bold(spans, words):
        if start < done:
            continue
        # The end of a line counts as a space, we think; a space before it is certain, and not seen.
        closing = "* " if words[end : end + 1] == "\n" else "*"
        parts += [literal(words[done:start]), "*", words[start:end], closing]
        done = end
    return "".join((*parts, literal(words[done:])))


def literal(words: str) -> str:
    """The words so that no character of theirs is taken for a mark."""
    parts, done = [], 0
    for address in _ADDRESS.finditer(words):
        parts += [_joined(words[done : address.start()], more=True), _encoded(address[0])]
        done = address.end()
    return "".join((*parts, _joined(words[done:])))


def _joined(words: str, *, more: bool = False) -> str:
    """`more` follows these words, and is no space."""
    joined = _CLOSING.sub(lambda found: found[0] + JOINER, words + "h" if more else words)
    return joined[:-1] if more else joined


def _encoded(address: str) -> str:
    safe = _CLOSING.sub(lambda found: f"%{ord(found[0]):02X}", address)
    return safe.replace("*", "%2A")


def _bold(spans: Sequence[Span], words: str) -> Iterator[tuple[int, int]]:
    """The runs to be bold, each within a line."""
    position = 0
    for span in spans:
        start = position
        position += len(span.text)
        if not span.bold:
            continue
        for line in re.finditer(r"\S(?:[^\n]*\S)?", span.text):
            end = _end(words, start + line.end())
            if _may_be_bold(words, start + line.start(), end):
                yield start + line.start(), end


def _end(words: str, end: int) -> int:
    """Where a run ends that takes a full stop along."""
    after = end
    while after < len(words) and words[after] in _ENDERS:
        after += 1
    return after if _is_space(words, after) else end


def _may_be_bold(words: str, start: int, end: int) -> bool:
    begins = start == 0 or words[start - 1] in _SPACES + _OPENERS
    return begins and _is_space(words, end) and not set(words[start:end]) & set(_MARKS)


def _is_space(words: str, position: int) -> bool:
    return position == len(words) or words[position] in _SPACES
