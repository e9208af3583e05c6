from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.talk.world import World


@pytest_asyncio.fixture
async def world(url: str) -> AsyncIterator[World]:
    """The program around one kind of channel, with the people of the demo; all others are tried elsewhere."""
    world = World(url, "telegram")
    await world.fill()
    yield world
    await world.close()
