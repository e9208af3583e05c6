"""The databases that the contract tests run on; one entry here, and a database is held to all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storage.base import Storage
from storage.migrate import migrate
from storage.open import open_storage


def sqlite(folder: Path) -> Storage:
    url = f"sqlite:///{folder / 'ekesco.db'}"
    migrate(url)
    return open_storage(url)


BACKENDS: dict[str, Callable[[Path], Storage]] = {"sqlite": sqlite}
