"""Programs that some tests drive: where one is absent its tests are skipped, in CI they fail."""

import os
import shutil
from typing import NoReturn

import pytest

from storage.open import shown
from tests.servers import server

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL = "postgresql://127.0.0.1:5432/postgres"


def needs_chromium() -> str:
    """The path of an installed Chromium, for Playwright's `executable_path`."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None) or _absent(
        "chromium", "chromium is not installed"
    )


def needs_postgresql() -> str:
    """The URL of a server whose databases the tests may make and drop."""
    url = everywhere() or os.environ.get("EKESCO_TEST_POSTGRES_URL") or POSTGRESQL
    return url if server(url).answers() else _absent("postgresql", f"no PostgreSQL at {shown(url)}")


def everywhere() -> str:
    """The URL of the server that all tests are to use, "" for SQLite."""
    return os.environ.get("EKESCO_TEST_DATABASE_URL", "")


def _absent(name: str, why: str) -> NoReturn:
    if _is_required(name):
        pytest.fail(f"{why}, and it is required here (CI, EKESCO_REQUIRE)", pytrace=False)
    pytest.skip(why)


def _is_required(name: str) -> bool:
    named = os.environ.get("EKESCO_REQUIRE", "").replace(",", " ").split()
    wanted = name in named or os.environ.get("CI") == "true"
    return wanted or (name == "postgresql" and bool(everywhere()))
