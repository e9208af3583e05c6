"""Finds what must not stay in a chat: the number of a payment card."""

from __future__ import annotations

import re

#: 13 to 19 digits, as they are embossed: in one piece, or in groups by spaces or dashes.
_CANDIDATE = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")


def holds_card_number(text: str) -> bool:
    """Whether a run of digits in `text` passes the check of ISO/IEC 7812 (Luhn)."""
    return any(_passes(re.sub(r"\D", "", found)) for found in _CANDIDATE.findall(text))


def without_card_numbers(text: str) -> str:
    return _CANDIDATE.sub(lambda m: "••••" if holds_card_number(m[0]) else m[0], text)


def _passes(digits: str) -> bool:
    doubled = (int(d) * 2 if n % 2 else int(d) for n, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
