"""A simulated Viber for each test, which must find nothing to complain of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.viber import FakeViber
from tests.viber.program import Program, running


@pytest.fixture
async def fake() -> AsyncIterator[FakeViber]:
    async with FakeViber() as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def program(url: str, fake: FakeViber, tmp_path: Path) -> AsyncIterator[Program]:
    async with running(url, fake, tmp_path) as program:
        yield program
