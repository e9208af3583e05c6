"""`ekesco import DIR`, from settings to summary."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.console import Console

from bot.clock import now
from bot.importing.run import Count, Import
from bot.importing.screen import Screen, summary
from bot.services.vault import Vault
from bot.settings import Settings
from storage.migrate import migrate
from storage.open import open_storage


def import_folder(settings: Settings, folder: Path, *, keep_going: bool) -> bool:
    """Whether all was good.  Bad rows go to standard error, the summary to standard output.

    Raises `NothingHere`, `MissingKey`, `Unavailable`, `OSError` and `ValueError`.
    """
    with Screen(Console(stderr=True)) as screen:
        counts = asyncio.run(_import(settings, folder, screen, keep_going))
    print(summary(counts))
    return not any(count.bad for count in counts)


async def _import(settings: Settings, folder: Path, screen: Screen, keep_going: bool) -> tuple[Count, ...]:
    vault = Vault(*settings.keys())
    migrate(settings.database_url)
    storage = open_storage(settings.database_url)
    try:
        return await Import(storage, vault, screen, now(), keep_going=keep_going).folder(folder)
    finally:
        await storage.close()
