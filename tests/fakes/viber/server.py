"""The server: it answers the bot, and it survives it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Self

from aiohttp import web

from tests.fakes.viber.callbacks import DEADLOCK, Callback, Callbacks
from tests.fakes.viber.clock import Clock
from tests.fakes.viber.exchange import Call, Exchange
from tests.fakes.viber.faults import Fault
from tests.fakes.viber.methods import Methods
from tests.fakes.viber.rules import Refusal
from tests.fakes.viber.schema import EVENTS
from tests.fakes.viber.shown import PHONE, Device
from tests.fakes.viber.users import ViberUser
from tests.fakes.viber.watch import Watch
from tests.fakes.viber.world import World

Json = dict[str, Any]
TOKEN = "50c1a0e1f2b3c4d5-66778899aabbccdd-eeff001122334455"


class FakeViber:
    """Viber, for one bot.  `violations` lists what a good client never does: a test expects none."""

    def __init__(
        self, token: str = TOKEN, port: int = 0, loopback: bool = True, now: float | None = None
    ) -> None:
        self.token = token
        self.port = port
        self.violations: list[str] = []
        self.clock = Clock(time.time() if now is None else now)
        self.callbacks = Callbacks(self.clock, token, self.violations, self._notice)
        self.world = World(self.clock, self.callbacks, self._welcome)
        self.watch = Watch(self.clock, self.violations)
        self.methods = Methods(self.world, self.callbacks, self.watch, loopback)
        self.exchange = Exchange(token, self.methods, self.watch, self._notice)
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # The server

    @property
    def url(self) -> str:
        """Its methods are at `{url}/pa/{method}`."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.callbacks.close()
        await self.down()

    async def up(self) -> None:
        """Listen, on the same port as before."""
        self._runner = web.AppRunner(
            self._app(), access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        if self.port == 0:
            self.port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Take no requests; callbacks go on."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        from tests.fakes.viber.control import routes

        app = web.Application()
        app.router.add_post("/pa/{method}", self.exchange.handle)
        app.router.add_routes(routes(self))
        return app

    # Users and what happens to them

    def user(
        self,
        key: str = "arta",
        name: str = "Arta",
        language: str = "sq",
        country: str = "XK",
        devices: Sequence[Device] = (PHONE,),
    ) -> ViberUser:
        """The user of that key, made when there is none yet; the id is Viber's way of saying it."""
        return self.world.user(key, name, language, country, devices)

    def tell(self, event: str, fields: Json, user: str = "") -> Callback:
        """Any event with any fields, also one that nobody knows."""
        return self.callbacks.post(event, user, fields, self.world.next_token(), asked=True)

    async def post_raw(self, body: bytes, signed: str | None = None) -> int:
        """Post bytes to the webhook, once, with the true signature or another; the answer's HTTP code."""
        assert self.callbacks.hook is not None, "no webhook is set"
        status, _ = await self.callbacks.send_raw(body, self.callbacks.hook.url, signed)
        return status

    # Time

    async def settled(self) -> None:
        await self.callbacks.settled()

    async def advance(self, seconds: float, settle: bool = True) -> None:
        """Let time pass, with every retry that is due in it, each ended before the next begins.

        Without `settle`, answers that the bot still owes are not waited for, and get late after 5 s.
        """
        end = self.clock.time + seconds
        pause = self.settled if settle else _breathe
        await pause()
        while timer := self.clock.due(end):
            timer.action()
            await pause()
        self.clock.time = end

    async def until(self, true: Callable[[], object], seconds: float = DEADLOCK) -> None:
        """Wait for something to become true; looked at again after every request and callback."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    # Faults

    def refuse(self, method: str, status: int, **more: Any) -> None:
        self.exchange.faults.add(Fault(method, status=status, **more))

    def fail(self, method: str, http: int = 500, **more: Any) -> None:
        self.exchange.faults.add(Fault(method, http=http, **more))

    def drop(self, method: str, after: bool = False, **more: Any) -> None:
        """Cut the line before a request (or a callback, by its event) took effect, or after it."""
        faults = self.callbacks.faults if method in EVENTS else self.exchange.faults
        faults.add(Fault(method, drop="after" if after else "before", **more))

    def stall(self, method: str, after: bool = False, **more: Any) -> asyncio.Event:
        """Let a request wait until the event is set, or until the client has enough of it."""
        gate = asyncio.Event()
        self.exchange.faults.add(Fault(method, gate=gate, drop="after" if after else "", **more))
        return gate

    # What was asked of the server

    @property
    def calls(self) -> list[Call]:
        return self.exchange.calls

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def _notice(self) -> None:
        self._changed.set()

    def _welcome(self, user: ViberUser, token: str, body: bytes) -> None:
        if body.strip():
            self.callbacks.spawn(self._greet(user, token, body))

    async def _greet(self, user: ViberUser, token: str, body: bytes) -> None:
        try:
            receipts = await self.methods.greet(user, body, int(token))
        except Refusal as refusal:
            self.watch.note(user, f"the welcome is not shown: {refusal}")
        else:
            for receipt in receipts:
                receipt()
        self._notice()


async def _breathe() -> None:
    """Let what can go on without anybody's answer go on."""
    for _ in range(20):
        await asyncio.sleep(0)
