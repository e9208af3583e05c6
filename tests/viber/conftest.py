from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.base import Storage
from tests.fakes.viber import FakeViber
from tests.viber.bot import Bot
from tests.viber.customer import Customer, talking
from tests.viber.gated import Gated
from tests.viber.hours import Hours
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


@pytest.fixture
async def gated(url: str, fake: FakeViber, tmp_path: Path) -> AsyncIterator[tuple[Program, Gated]]:
    """The program, and its database to be told what to do."""
    databases: list[Gated] = []

    def around(storage: Storage) -> Gated:
        databases.append(Gated(storage))
        return databases[0]

    async with running(url, fake, tmp_path, around=around) as program:
        yield program, databases[0]


@pytest.fixture
def hours(fake: FakeViber) -> Hours:
    return Hours(fake)


@pytest.fixture
async def timed(url: str, fake: FakeViber, tmp_path: Path, hours: Hours) -> AsyncIterator[Program]:
    """The program by Viber's clock, which the test lets go on."""
    async with running(url, fake, tmp_path, hours.now, pause=hours.pause) as program:
        yield program
