"""A JSON gateway over HTTP, as strict as one that bills every message, with faults on demand."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.gsm7 import ONE_MESSAGE, septets

_KEY = re.compile(r"ekesco-[1-9]\d*")
_PHONE = re.compile(r"\+[1-9]\d{7,14}")


@dataclass
class FakeGateway:
    """`faults`, one for each request to come: a status with its headers, `hang` or `drop`, the
    same after taking it (`take and drop`), or a `page` of somebody else's.

    `always` is the fault of every request while it is set.  `taken` is what went on to phones or mailboxes,
    `asked` every request that was well-formed.
    """

    token: str = "a token"
    email: bool = False
    unknown: set[str] = field(default_factory=set)
    faults: deque[str | tuple[int, dict[str, str]]] = field(default_factory=deque)
    always: str | tuple[int, dict[str, str]] | None = None
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    url: str = ""

    async def post(self, request: web.Request) -> web.StreamResponse:
        fault = self.always or (self.faults.popleft() if self.faults else None)
        match fault:
            case (int(status), dict(headers)):
                self.asked.append(request.headers.get("Idempotency-Key", ""))
                return web.Response(status=status, headers=headers)
            case "page":
                return web.Response(text="<html>Welcome to our network</html>", content_type="text/html")
        answer = await self._judged(request, fault)
        if fault in ("hang", "take and hang"):
            await asyncio.Event().wait()
        if fault in ("drop", "take and drop"):
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def _judged(self, request: web.Request, fault: object) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": "who are you"}, status=401)
        key, told = request.headers.get("Idempotency-Key", ""), await request.json()
        if wrong := self._wrong(request, key, told):
            self.wrong.append(wrong)
            return web.json_response({"error": wrong}, status=400)
        self.asked.append(key)
        if key in self.taken:
            return web.json_response({"error": "taken before"}, status=409)
        if told["to"] in self.unknown:
            return web.json_response({"error": "no such number"}, status=422)
        if fault not in ("hang", "drop"):
            self.taken[key] = told
        return web.json_response({"id": f"g-{len(self.taken)}"}, status=202)

    def _wrong(self, request: web.Request, key: str, told: Any) -> str:
        fields = {"to", "from", "text", "reference"} | ({"subject"} if self.email else set())
        if request.content_type != "application/json" or not isinstance(told, dict):
            return "not JSON"
        if told.keys() != fields or not all(isinstance(v, str) and v for v in told.values()):
            return f"fields {sorted(told)}"
        if not _KEY.fullmatch(key) or told["reference"] != key:
            return f"key {key!r}"
        if key in self.taken and self.taken[key] != told:
            return "another message under a used key"
        return "" if self.email else self._wrong_sms(told)

    def _wrong_sms(self, told: dict[str, str]) -> str:
        if not _PHONE.fullmatch(told["to"]):
            return "not E.164"
        if not 1 <= len(told["from"]) <= 11:
            return "sender"
        try:
            return "" if septets(told["text"]) <= ONE_MESSAGE else "two messages"
        except ValueError as error:
            return str(error)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FakeGateway]:
        app = web.Application()
        app.router.add_post("/v1/messages", self.post)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1/messages"
        yield self
        await runner.cleanup()
