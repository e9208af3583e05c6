from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import databases


@pytest.fixture(params=databases.KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each kind of database in turn: every test here is a part of their contract."""
    with databases.database(request.param) as url:
        yield url
