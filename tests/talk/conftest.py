from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from storage.migrate import migrate
from tests.talk.channel import KINDS
from tests.talk.customer import Customer
from tests.talk.world import World


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows: a copy takes a millisecond, a migration half a second."""
    path = tmp_path_factory.mktemp("template") / "ekesco.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "ekesco.db"))


@pytest_asyncio.fixture(params=sorted(KINDS))
async def world(request: pytest.FixtureRequest, database: Path) -> AsyncIterator[World]:
    world = World(database, request.param)
    yield world
    await world.close()


@pytest.fixture
def customer(world: World) -> Customer:
    return Customer(world)
