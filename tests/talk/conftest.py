from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests import databases
from tests.talk.channel import KINDS
from tests.talk.customer import Customer
from tests.talk.world import World

#: Which channel it is makes no difference to a database: all of them on one, one of them on the other.
HERE = sorted(KINDS) if databases.default() == "sqlite" else ["telegram"]


@pytest_asyncio.fixture(params=HERE)
async def world(request: pytest.FixtureRequest, url: str) -> AsyncIterator[World]:
    world = World(url, request.param)
    yield world
    await world.close()


@pytest.fixture
def customer(world: World) -> Customer:
    return Customer(world)
