"""`ekesco webhook … viber`: where Viber calls, and the link by which customers find us."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import segno

from bot.channel import Later, Refused, Uncertain, Unreachable
from bot.settings import Settings
from handlers.hooks import HookError
from handlers.viber.addresses import deep_link, fits
from handlers.viber.api import ViberApi
from handlers.viber.ingress import EVENTS, PATH


class ViberHook:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def set(self) -> str:
        """Viber calls while we wait for its answer, so the program must listen already."""
        public_url = self._settings.public_url.rstrip("/")
        if not fits(public_url):
            raise ValueError("Viber calls https addresses alone: set EKESCO_PUBLIC_URL")
        async with self._api() as api:
            try:
                await api.set_webhook(public_url + PATH, EVENTS)
            except Refused as error:
                raise HookError(
                    f"Viber finds nobody at {public_url}{PATH}: does `ekesco run`? ({error})"
                ) from None
        return await self.info()

    async def delete(self) -> str:
        async with self._api() as api:
            await api.set_webhook("", ())
        return "Viber calls nobody"

    async def info(self) -> str:
        async with self._api() as api:
            found = await api.account()
        link = deep_link(found.uri)
        code = io.StringIO()
        segno.make(link, error="m").terminal(out=code, compact=True)
        told = f"bot: {found.name}\nurl: {found.webhook or '(none: nothing reaches us)'}\nlink: {link}"
        return f"{told}\n{code.getvalue()}"

    @asynccontextmanager
    async def _api(self) -> AsyncIterator[ViberApi]:
        api = ViberApi(self._settings.viber_token.get_secret_value(), self._settings.viber_api)
        try:
            yield api
        except (Later, Uncertain, Refused, Unreachable) as error:
            raise HookError(str(error)) from None
        finally:
            await api.close()
