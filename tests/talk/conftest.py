from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.talk.channel import KINDS
from tests.talk.customer import Customer
from tests.talk.world import World


@pytest_asyncio.fixture(params=sorted(KINDS))
async def world(request: pytest.FixtureRequest, url: str) -> AsyncIterator[World]:
    world = World(url, request.param)
    yield world
    await world.close()


@pytest.fixture
def customer(world: World) -> Customer:
    return Customer(world)
