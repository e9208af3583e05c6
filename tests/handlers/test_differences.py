"""The page of what differs between the channels says what their data says."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.channel import Capabilities
from handlers.differences import _ROWS, PAGE, page
from handlers.telegram.capabilities import TELEGRAM


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m handlers.differences"


@pytest.mark.parametrize("name", [field.name for field in fields(Capabilities)])
def test_every_capability_is_on_the_page(name: str) -> None:
    """Each is asked for by some row."""
    asked: set[str] = set()

    class Asked:
        def __getattr__(self, of: str) -> object:
            asked.add(of)
            return getattr(TELEGRAM, of)

    for _what, tell in _ROWS:
        tell(Asked())  # type: ignore[arg-type]
    assert name in asked
