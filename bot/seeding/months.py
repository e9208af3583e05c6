"""Months as the register writes them."""

from __future__ import annotations

from datetime import date, timedelta


def month(text: str) -> date:
    """The first day of a month like 2026-10.  Raises ValueError."""
    if len(text) != 7:
        raise ValueError(f"{text!r} is not a month like 2026-10")
    return date.fromisoformat(f"{text}-01")


def last_complete(today: date) -> date:
    return before(today.replace(day=1))


def before(first: date) -> date:
    """The month before the one that begins on `first`."""
    return (first - timedelta(days=1)).replace(day=1)


def after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def ending(last: date, count: int) -> list[date]:
    """So many months up to and with `last`, oldest first."""
    months = [last]
    while len(months) < count:
        months.append(before(months[-1]))
    return months[::-1]
