"""Conversations as they were read and found good: golden/<name>.txt.

When a change is meant, `EKESCO_GOLDEN=write` before the tests' command writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.viber.customer import Customer

_FOLDER = Path(__file__).with_name("golden")


def reads_as_written(customer: Customer, name: str) -> None:
    file = _FOLDER / f"{name}.{customer.language}.txt"
    found = customer.transcript
    if os.environ.get("EKESCO_GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    assert found == file.read_text(encoding="utf-8")
