"""`ekesco seed`, from options to files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console

from bot.importing.screen import Screen
from bot.seeding.folder import seed
from bot.seeding.months import last_complete, month

#: As many as have a phone number of their own, and more than there are people in the country.
MOST = 3_000_000


def seed_folder(folder: Path, customers: int, number: int, until: str, today: date) -> str:
    """What was written, in a sentence; `until` is a month like 2026-10, or empty for the last complete one.

    Raises `ValueError` and `OSError`.
    """
    if not 1 <= customers <= MOST:
        raise ValueError(f"customers must be from 1 to {MOST}")
    last = month(until) if until else last_complete(today)
    with Screen(Console(stderr=True)) as screen:
        screen.begin("customers", customers)
        seed(folder, customers, number, last, screen.more)
    return f"{customers} invented customers with bills up to {last:%Y-%m} are in {folder}"
