"""Telegram as a running part of the program: hearing by polling or webhook, speaking, and its face."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiohttp import web

from bot.settings import Settings
from handlers.telegram.addresses import fits_app
from handlers.telegram.api import BotApi
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.faces import Face
from handlers.telegram.ingress import Clicks, Intake, Polling, Webhook
from handlers.telegram.limiter import Pacing
from handlers.telegram.webhook import PATH
from storage import notes
from storage.base import Storage

log = logging.getLogger(__name__)

HALT = "telegram:halt"


class StoredHalt:
    """Keeps the end of Telegram's flood halt in the database, so that a restart obeys it."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def load(self) -> float | None:
        rows = await self._storage.read(notes.get(HALT))
        return float(str(rows[0]["value"])) if rows else None

    async def save(self, until: float) -> None:
        await self._storage.commit([notes.put(HALT, str(until))])


class Telegram:
    """Enter it to be able to speak; `poll` hears, unless a webhook does."""

    def __init__(
        self, settings: Settings, storage: Storage, intake: Intake, faces: Mapping[str, Face]
    ) -> None:
        token = settings.telegram_token.get_secret_value()
        self._settings, self._intake, self._faces = settings, intake, faces
        self._api = BotApi(token, settings.telegram_api)
        self._clicks = Clicks(self._api)
        self.channel = TelegramChannel(token, Pacing(StoredHalt(storage)), settings.telegram_api)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """In webhook mode, the address that Telegram posts to."""
        if self._settings.telegram_mode == "webhook":
            router.add_post(PATH, Webhook(self._intake, self._clicks, self._settings.hook_secrets()).handle)

    async def poll(self) -> None:
        """Until cancelled."""
        await Polling(self._api, self._intake, self._clicks).run()

    async def __aenter__(self) -> Telegram:
        if not fits_app(self._settings.public_url):
            log.warning(
                "pages open as plain links, not inside Telegram: EKESCO_PUBLIC_URL is no https address"
            )
        await self.channel.open()
        self._presented = asyncio.get_running_loop().create_task(self._present())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._presented.cancel()
        await asyncio.gather(self._presented, return_exceptions=True)
        await self._clicks.close()
        await self._api.close()
        await self.channel.close()

    async def _present(self) -> None:
        await self.channel.setup(self._faces)
