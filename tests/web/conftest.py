from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.clock import Clock, now
from bot.gateways.demo_phone import DemoPhone
from handlers.web.channel import WebChannel
from handlers.web.forms import FormDesk
from handlers.web.listeners import Listeners
from handlers.web.pages import Speak
from handlers.web.server import build_web
from storage.base import Storage
from tests.web.desk import Desk

SECRET = b"a secret of thirty-two bytes or so"


def in_english(language: str, msgid: str) -> str:
    return msgid


@dataclass
class Site:
    """The whole web chat on a database of its own."""

    storage: Storage
    listeners: Listeners
    channel: WebChannel
    desk: Desk
    phone: DemoPhone

    def build(
        self,
        *,
        public_url: str = "",
        demo: bool = True,
        speak: Speak = in_english,
        forms: FormDesk | None = None,
        clock: Clock = now,
    ) -> web.Application:
        return build_web(
            storage=self.storage,
            intake=self.desk,
            listeners=self.listeners,
            speak=speak,
            secret_key=SECRET,
            public_url=public_url,
            demo=demo,
            registry=CollectorRegistry(),
            poll_seconds=0.2,
            forms=forms,
            clock=clock,
        )


@pytest_asyncio.fixture
async def site(storage: Storage) -> AsyncIterator[Site]:
    listeners = Listeners()
    channel = WebChannel(storage, listeners)
    yield Site(storage, listeners, channel, Desk(storage, channel), DemoPhone(storage, listeners.notify))
