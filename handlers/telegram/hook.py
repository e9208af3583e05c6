"""`ekesco webhook … telegram`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from handlers.hooks import HookError
from handlers.telegram.api import ApiError, BotApi, NoAnswer
from handlers.telegram.webhook import delete_webhook, set_webhook, webhook_info


class TelegramHook:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def set(self) -> str:
        settings = self._settings
        async with self._api() as api:
            secret = settings.telegram_secret.get_secret_value()
            return await set_webhook(api, settings.public_url, secret)

    async def delete(self) -> str:
        async with self._api() as api:
            await delete_webhook(api)
        return "Telegram waits to be polled"

    async def info(self) -> str:
        async with self._api() as api:
            found = await webhook_info(api)
        told = f"url: {found.url or '(none: polling)'}\nwaiting updates: {found.pending}"
        return f"{told}\nlast error: {found.last_error}" if found.last_error else told

    @asynccontextmanager
    async def _api(self) -> AsyncIterator[BotApi]:
        api = BotApi(self._settings.telegram_token.get_secret_value(), self._settings.telegram_api)
        try:
            yield api
        except (ApiError, NoAnswer) as error:
            raise HookError(str(error)) from None
        finally:
            await api.close()
