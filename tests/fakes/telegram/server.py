"""A Bot API server on loopback: strict by default, fast when `lean`, and it survives the bot."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram import models
from tests.fakes.telegram.chats import Customer, Json, World
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.telegram.methods import Methods
from tests.fakes.telegram.rules import Refusal, decoded
from tests.fakes.telegram.updates import Updates

TOKEN = "424242:AAFakeFakeFakeFakeFakeFakeFakeFake01"


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot, and how it was answered (200, a refusal's code, or 0: the line was cut)."""

    method: str
    params: Json
    code: int


class FakeTelegram:
    """Telegram, for one bot.  `violations` lists what a library found wrong: a test expects none."""

    def __init__(
        self,
        token: str = TOKEN,
        lean: bool = False,
        port: int = 0,
        first_update: int = 1000,
        hook_pause: float = 0.02,
    ) -> None:
        self.token = token
        self.lean = lean
        self.port = port
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.faults = Faults()
        self._changed = asyncio.Event()
        self.updates = Updates(first_update, self._changed.set)
        bot = {"id": int(token.split(":")[0]), "is_bot": True, "first_name": "eKESCO"}
        self.world = World(bot | {"username": "ekesco_test_bot"}, self.push)
        self.methods = Methods(self.world, self.updates, hook_pause)
        self._runner: web.AppRunner | None = None

    # The server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.updates.set_hook(None)
        await self.down()

    async def up(self) -> None:
        """Listen, on the same port as before."""
        models.load()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        if self.port == 0:
            self.port = self._runner.addresses[0][1]

    async def down(self) -> None:
        """Be away: what waits is kept."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _app(self) -> web.Application:
        from tests.fakes.telegram.control import routes

        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_routes(routes(self))
        return app

    # Customers and what happens to them

    def user(self, number: int, language_code: str | None = None, first_name: str = "Arta") -> Customer:
        return self.world.user(number, language_code, first_name)

    def push(self, kind: str, content: Json) -> int:
        number = self.updates.add(kind, content)
        if not self.lean:
            update = {"update_id": number, kind: content}
            self.violations += [f"update {kind}: {fault}" for fault in models.faults_of_update(update)]
        return number

    def push_raw(self, update: Json) -> int:
        """Any JSON at all; it gets the next update_id when it has none."""
        return self.updates.put(update)

    # Faults

    def refuse(self, method: str, code: int, description: str, **more: Any) -> None:
        self.faults.add(Fault(method, code=code, description=description, **more))

    def flood(self, method: str, retry_after: int, **more: Any) -> None:
        words = f"Too Many Requests: retry after {retry_after}"
        self.refuse(method, 429, words, retry_after=retry_after, **more)

    def delay(self, method: str, seconds: float, **more: Any) -> None:
        self.faults.add(Fault(method, delay=seconds, **more))

    def drop(self, method: str, after: bool = False, **more: Any) -> None:
        """Cut the line, before the call took effect or after it."""
        self.faults.add(Fault(method, drop="after" if after else "before", **more))

    # What was asked of the server

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def until(self, true: Callable[[], object], seconds: float = 5) -> None:
        """Wait for something to become true; looked at again after every request."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await _params(request)
        fault = self.faults.take(method, params.get("chat_id"))
        try:
            if fault is not None:
                await fault.before()
            if fault is not None and fault.drop == "before":
                return self._cut(request, method, params)
            result = await self._answer(request.match_info["token"], method, params)
        except Refusal as refusal:
            self._note(method, params, refusal.code)
            return _refused(refusal)
        if fault is not None and fault.drop == "after":
            return self._cut(request, method, params)
        self._note(method, params, 200)
        return _json({"ok": True, "result": result}, 200)

    async def _answer(self, token: str, method: str, params: Json) -> Any:
        if token != self.token:
            raise Refusal(401, "Unauthorized")
        if not self.methods.knows(method):
            raise Refusal(404, "Not Found")
        if not self.lean:
            self._check(method, params)
        try:
            return await self.methods.call(method, params)
        except KeyError as missing:
            raise Refusal(400, f"Bad Request: {missing.args[0]} is required") from missing
        except (TypeError, ValueError, AttributeError) as odd:
            self.violations.append(f"{method}: {odd!r}")
            raise Refusal(400, "Bad Request: invalid parameters") from odd

    def _check(self, method: str, params: Json) -> None:
        named = {name: f"attach://{name}" if isinstance(v, bytes) else v for name, v in params.items()}
        self.violations += models.faults_of_request(method, named)

    def _cut(self, request: web.Request, method: str, params: Json) -> web.StreamResponse:
        self._note(method, params, 0)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _note(self, method: str, params: Json, code: int) -> None:
        self.counts[method] += 1
        if method != "getUpdates" or not self.lean:
            self.calls.append(Call(method, params, code))
        self._changed.set()


async def _params(request: web.Request) -> Json:
    query = {name: decoded(name, value) for name, value in request.query.items()}
    if request.content_type == "application/json":
        body: Json = json.loads(await request.read() or b"{}")
        return query | body
    form = await request.post()
    for name, value in form.items():
        query[name] = value.file.read() if isinstance(value, web.FileField) else decoded(name, str(value))
    return query


def _refused(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
    return _json(body, refusal.code)


def _json(body: Json, status: int) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")
