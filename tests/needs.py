"""Programs that some tests drive: where one is absent its tests are skipped, in CI they fail."""

import os
import shutil
from typing import NoReturn

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def needs_chromium() -> str:
    """The path of an installed Chromium, for Playwright's `executable_path`."""
    return next((path for path in map(shutil.which, CHROMIUM) if path), None) or _absent("chromium")


def _absent(name: str) -> NoReturn:
    if _is_required(name):
        pytest.fail(f"{name} is required here (CI or EKESCO_REQUIRE) and is not installed", pytrace=False)
    pytest.skip(f"{name} is not installed")


def _is_required(name: str) -> bool:
    named = os.environ.get("EKESCO_REQUIRE", "").replace(",", " ").split()
    return name in named or os.environ.get("CI") == "true"
