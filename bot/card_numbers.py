"""Finds what must not stay in a chat: the number of a payment card."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Groups of digits that stand so close together that they may be one number.
_RUN = re.compile(r"\d+(?:[ .\-\n\u00a0]{1,2}\d+)*")
_GROUP = re.compile(r"\d+")


def holds_card_number(text: str) -> bool:
    """Whether 13 to 19 digits, in one piece or in groups, pass the check of ISO/IEC 7812 (Luhn)."""
    return next(_found(text), None) is not None


def without_card_numbers(text: str) -> str:
    """The text with dots in place of card numbers."""
    while span := next(_found(text), None):
        text = text[: span[0]] + "••••" + text[span[1] :]
    return text


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Where card numbers begin and end; what follows one, such as its expiry, is no part of it."""
    for run in _RUN.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run[0])]
        for first, (start, _end) in enumerate(groups):
            for _start, end in groups[first:]:
                digits = re.sub(r"\D", "", text[start:end])
                if 13 <= len(digits) <= 19 and _passes(digits):
                    yield start, end


def _passes(digits: str) -> bool:
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
