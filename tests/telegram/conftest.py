from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from handlers.telegram.api import BotApi
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.limiter import Pacing
from tests.fakes.telegram import FakeTelegram


class NoHalt:
    """A store without memory."""

    async def load(self) -> float | None:
        return None

    async def save(self, until: float) -> None:
        return None


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server
    assert server.violations == []


@pytest.fixture
async def api(fake: FakeTelegram) -> AsyncIterator[BotApi]:
    client = BotApi(fake.token, fake.url)
    yield client
    await client.close()


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    speaking = TelegramChannel(fake.token, Pacing(NoHalt(), patience=0), fake.url)
    await speaking.open()
    yield speaking
    await speaking.close()
