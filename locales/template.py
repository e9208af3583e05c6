"""A message cut into pieces: words, placeholders, and what of it is bold.  Values are never looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

_TAG = re.compile(r"(</?b>)")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are shown as they are."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A placeholder: the full name of a value, and the way to show it."""

    name: str
    spec: str
    bold: bool


Piece = Words | Gap


@lru_cache(maxsize=8192)
def pieces(message: str) -> tuple[Piece, ...]:
    """The message's pieces.  Raises ValueError for a stray brace, a conversion or an unbalanced `<b>`."""
    found: list[Piece] = []
    bold = False
    for literal, name, spec, conversion in Formatter().parse(message):
        for part in _TAG.split(literal):
            if part in ("<b>", "</b>"):
                if bold is (part == "<b>"):
                    raise ValueError(f"{part} stands where it cannot in {message!r}")
                bold = not bold
            elif part:
                found.append(Words(part, bold))
        if name is not None:
            if not name or conversion:
                raise ValueError(f"a placeholder of {message!r} has no name, or a conversion")
            found.append(Gap(name, spec or "", bold))
    if bold:
        raise ValueError(f"<b> is not closed in {message!r}")
    return tuple(found)


def gaps(message: str) -> frozenset[tuple[str, str]]:
    """The placeholders of a message, by name and spec."""
    return frozenset((piece.name, piece.spec) for piece in pieces(message) if isinstance(piece, Gap))
