"""The program with RaiAccept as its bank: our pages over HTTP on one side, its servers on the other."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

from aiohttp.test_utils import TestClient, TestServer, unused_port
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from bot.gateways.payments.raiaccept import RaiAccept
from bot.gateways.payments.raiaccept_http import RaiAcceptHttp
from bot.payment_breaker import Spared
from bot.payments import PaymentDesk
from dialogs.engine.text import Phrase, Text
from handlers.web.listeners import Listeners
from handlers.web.pay import PayDesk
from handlers.web.server import build_web
from storage import payments
from tests.fakes.raiaccept import PASSWORD, USER, Book, FakeRaiAccept
from tests.talk.words import SPEAKERS
from tests.talk.world import SECRET, World

Client = TestClient[Request, Application]


class Bank:
    """`client` is the browser of whoever has a link."""

    def __init__(self, world: World, fake: FakeRaiAccept, client: Client) -> None:
        self.world, self.fake, self.client = world, fake, client

    async def presses(self, token: str, does: str = "pay") -> str:
        """What stands on the page after its button was pressed."""
        shown = await (await self.client.get(f"/pay/{token}")).text()
        found = re.search(r'name="csrf" value="([^"]+)"', shown)
        assert found, shown
        answer = await self.client.post(f"/pay/{token}", data={"csrf": found[1], "does": does})
        return await answer.text()

    async def leaves_for(self, token: str) -> Book:
        """The order of the card page to which the customer is sent."""
        page = await self.presses(token)
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
        assert found, page
        return self.fake.at(unescape(found[1]))

    async def turns(self, book: Book, status: str) -> int:
        """Something happens there, and the bank calls: how it was answered."""
        answered = await self.fake.post(self.fake.turn(book, status))
        await self.world.settle()
        return answered

    async def troubles(self) -> list[object]:
        return [row["kind"] for row in await self.world.storage.read(payments.troubles(100))]

    async def states(self) -> list[object]:
        rows = await self.world.rows("select state from payment_order order by created_at, id")
        return [row["state"] for row in rows]


@asynccontextmanager
async def at_the_bank(world: World, *, whole: float = 10.0, calls_a_minute: int = 600) -> AsyncIterator[Bank]:
    """`whole` is how many seconds, by the real clock, an answer of the bank is waited for.

    `calls_a_minute` is of that clock, too.
    """

    def say(language: str, phrase: Phrase) -> str:
        return SPEAKERS[language].plain(phrase)

    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    async with FakeRaiAccept() as fake:
        http = RaiAcceptHttp(fake.api, fake.auth, USER, PASSWORD, whole=whole)
        provider = Spared(RaiAccept(http), chance=lambda: 1.0, passed=lambda: world.at.timestamp())
        world.payments = PaymentDesk(
            world.means, provider, world.inbox, world.turns.language, url, clock=world.clock
        )
        app = build_web(
            storage=world.storage,
            intake=world.inbox,
            listeners=Listeners(),
            speak=lambda language, msgid: say(language, Phrase(Text(msgid))),
            secret_key=SECRET.encode(),
            registry=CollectorRegistry(),
            payments=PayDesk(world.payments, say, url, calls_a_minute=calls_a_minute),
            clock=world.clock,
        )
        server: TestServer = TestServer(app, port=port)
        async with TestClient(server) as client:
            try:
                yield Bank(world, fake, client)
                await world.settle()
            finally:
                await provider.close()
        assert fake.violations == []
