from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.viber import FakeViber
from tests.viber.bot import Bot
from tests.viber.customer import Customer, talking
from tests.viber.program import Program, running


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


@pytest.fixture
async def program(url: str, fake: FakeViber, tmp_path: Path) -> AsyncIterator[Program]:
    async with running(url, fake, tmp_path) as program:
        yield program


@pytest.fixture
def language() -> str:
    """What the customer speaks, where a test has nothing else to say of it."""
    return "sq"


@pytest.fixture
async def customer(url: str, fake: FakeViber, tmp_path: Path, language: str) -> AsyncIterator[Customer]:
    async with talking(url, fake, tmp_path, language) as customer:
        yield customer
