from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from storage.base import Storage
from storage.open import open_storage
from tests import databases


@pytest.fixture
def url() -> Iterator[str]:
    """A database of one's own, up to date and without rows."""
    with databases.database() as url:
        yield url


@pytest_asyncio.fixture
async def storage(url: str) -> AsyncIterator[Storage]:
    opened = open_storage(url)
    yield opened
    await opened.close()


def pytest_unconfigure() -> None:
    databases.close()
