"""Viber as a running part of the program: it is called, it speaks, and it knows its own name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channel import Later, Refused, Uncertain, Unreachable
from bot.clock import Clock, now
from bot.metrics import LEFT_ALONE
from bot.settings import Settings
from handlers.backoff import Backoff
from handlers.viber.addresses import Offered, fits
from handlers.viber.api import ViberApi
from handlers.viber.callbacks import NAME
from handlers.viber.channel import Terms, ViberChannel
from handlers.viber.errors import Stopped
from handlers.viber.ingress import PATH, Receive, ViberWebhook
from handlers.viber.models import Sender
from handlers.viber.words import KeyWords
from storage.base import Storage

log = logging.getLogger(__name__)


class Viber:
    """Enter it to be able to speak.

    `sweep` takes up what waits to be said, `named` are addresses of others that buttons open; what is left
    is as `ViberChannel` has it.  Raises ValueError without an address that Viber can call.
    """

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        receive: Receive,
        sweep: Callable[[], Awaitable[None]],
        *,
        words: Callable[[str], KeyWords],
        host: Callable[[str, bytes], Awaitable[str]],
        wants: Callable[[str], Awaitable[bool]],
        named: frozenset[str],
        clock: Clock = now,
    ) -> None:
        if not fits(settings.public_url):
            raise ValueError("Viber needs an https address to call: set EKESCO_PUBLIC_URL")
        token = settings.viber_token.get_secret_value()
        self._token, self._storage, self._receive, self._sweep = token, storage, receive, sweep
        self._clock = clock
        self._here = settings.public_url.rstrip("/") + PATH
        self._api = ViberApi(token, settings.viber_api)
        self.channel = ViberChannel(
            self._api,
            storage,
            Sender(name=settings.viber_name),
            words=words,
            host=host,
            wants=wants,
            is_offered=Offered(settings.public_url, named),
            terms=Terms(settings.viber_paid, settings.viber_price),
            clock=clock,
        )

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """The address that Viber posts to."""
        hook = ViberWebhook(
            self._token, self._storage, self.channel, self._receive, self._sweep, clock=self._clock
        )
        router.add_post(PATH, hook.handle)

    async def __aenter__(self) -> Viber:
        self._introduced = asyncio.get_running_loop().create_task(self._introduce())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._introduced.cancel()
        await asyncio.gather(self._introduced, return_exceptions=True)
        await self._api.close()

    async def _introduce(self) -> None:
        """Learn the bot's name, however long Viber is away."""
        backoff = Backoff(first=1, longest=300)
        while True:
            try:
                account = await self._api.account()
            except Stopped as error:
                LEFT_ALONE.labels(NAME).set(1)
                log.critical("Viber does not serve the bot: why=%s", error)
                await asyncio.sleep(backoff.pause())
                continue
            except (Later, Uncertain, Refused, Unreachable) as error:
                log.warning("Viber does not know the bot yet: %s", error)
                await asyncio.sleep(backoff.pause())
                continue
            LEFT_ALONE.labels(NAME).set(0)
            self.channel.uri = account.uri
            self._look_at(account.webhook)
            return

    def _look_at(self, webhook: str) -> None:
        """Whether Viber calls us, as far as its address tells: another one may lead here as well."""
        if not webhook.endswith(PATH):
            log.error("Viber does not call us: run `ekesco webhook set viber`")
        elif webhook != self._here:
            log.warning(
                "Viber calls %s and not %s: if that does not lead here, run `ekesco webhook set viber`",
                webhook,
                self._here,
            )
