from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.clock import now
from tests.talk.customer import Customer
from tests.talk.world import SECRET, World

WHO = "ana@night"


@pytest_asyncio.fixture
async def world(url: str) -> AsyncIterator[World]:
    """A program that runs; its clock is ahead of the operator's, so that nothing is over meanwhile."""
    world = World(url, "telegram", at=now() + timedelta(hours=1))
    yield world
    await world.close()


@pytest.fixture
def customer(world: World) -> Customer:
    return Customer(world)


class Operator:
    """Somebody at a terminal on the machine of the program."""

    async def does(self, *words: str, code: int = 0) -> Result:
        """`ekesco ops` and these words, beside the program that runs in this test."""
        result = await asyncio.to_thread(CliRunner().invoke, app, ["ops", *words])
        assert result.exit_code == code, (result.output, result.exception)
        return result

    async def reads(self, *words: str) -> str:
        return (await self.does(*words)).stdout

    async def is_refused(self, *words: str) -> str:
        """Why it could not be done."""
        return (await self.does(*words, code=1)).stderr

    async def ids(self, *words: str) -> list[str]:
        """The first column of a list, the newest first."""
        lines = (await self.reads(*words)).splitlines()
        (head,) = (n for n, line in enumerate(lines) if line.startswith("ID "))
        end = lines.index("", head)
        return [re.split(r"  +", line)[0] for line in lines[head + 1 : end]]


@pytest.fixture
def operator(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EKESCO_DATABASE_URL", url)
    monkeypatch.setenv("EKESCO_SECRET_KEY", SECRET)
    monkeypatch.setenv("EKESCO_OPERATOR", WHO)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield Operator()
    root.handlers[:], root.level = handlers, level
