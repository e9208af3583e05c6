from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.viber import FakeViber
from tests.viber.bot import Bot


@pytest.fixture
async def fake() -> AsyncIterator[FakeViber]:
    async with FakeViber() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def bot(fake: FakeViber) -> AsyncIterator[Bot]:
    """Registered, with its webhook."""
    async with Bot(fake) as speaking:
        await speaking.register()
        yield speaking
        await fake.settled()
