"""A bot of a few lines: it asks and answers Viber as it is told to, and has pictures."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.viber import SIGNATURE_HEADER, TOKEN_HEADER, FakeViber, ViberUser

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n"
RECEIPTS = ("delivered", "seen", "failed")
PICTURES = {
    "a.png": (PNG, "image/png"),
    "page.png": (b"<html>", "text/html"),
    "big.png": (PNG + bytes(2**20), "image/png"),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A callback as it came in."""

    body: bytes
    header: str
    sig: str

    @property
    def fields(self) -> Json:
        told: Json = json.loads(self.body)
        return told


@dataclass(slots=True)
class Answer:
    status: int = 200
    body: bytes = b""


class Bot:
    """`answers` are given one after the other, then plain 200s; with a `gate` only once it is open.

    Receipts always get a plain 200.  `came` is set when a callback comes in.
    """

    def __init__(self, fake: FakeViber) -> None:
        self.fake = fake
        self.posts: list[Post] = []
        self.answers: deque[Answer] = deque()
        self.came = asyncio.Event()
        self.gate: asyncio.Event | None = None
        self._runner: web.AppRunner | None = None
        self._client = aiohttp.ClientSession(json_serialize=partial(json.dumps, ensure_ascii=False))
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/viber", self._hook)
        app.router.add_get("/file/{name}", self._picture)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await self.away()

    async def away(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def call(self, method: str, params: Json, token: str = "") -> Json:
        headers = {TOKEN_HEADER: token or self.fake.token}
        url = f"{self.fake.url}/pa/{method}"
        async with self._client.post(url, json=params, headers=headers) as answer:
            told: Json = await answer.json() if answer.status == 200 else {"http": answer.status}
            return told

    async def register(self, **more: Any) -> Json:
        return await self.call("set_webhook", {"url": f"{self.url}/viber"} | more)

    async def send(self, user: ViberUser, **fields: Any) -> Json:
        """A message, a text with a keyboard unless the fields say otherwise; None takes a field away."""
        return await self.call("send_message", {"receiver": user.id} | message(**fields))

    def events(self, event: str) -> list[Json]:
        return [post.fields for post in self.posts if post.fields["event"] == event]

    async def _hook(self, request: web.Request) -> web.Response:
        header = request.headers[SIGNATURE_HEADER]
        post = Post(await request.read(), header, request.query["sig"])
        self.posts.append(post)
        self.came.set()
        takes = self.answers and post.fields.get("event") not in RECEIPTS
        answer = self.answers.popleft() if takes else Answer()
        if self.gate is not None:
            await self.gate.wait()
        return web.Response(status=answer.status, body=answer.body)

    async def _picture(self, request: web.Request) -> web.Response:
        body, kind = PICTURES.get(request.match_info["name"], (b"", ""))
        return web.Response(body=body, content_type=kind) if kind else web.Response(status=404)


def button(**fields: Any) -> Json:
    return _kept({"ActionType": "reply", "ActionBody": "1:yes", "Text": "Po"} | fields)


def keyboard(*buttons: Json, **fields: Any) -> Json:
    return _kept({"Type": "keyboard", "Buttons": list(buttons or [button()])} | fields)


def message(**fields: Any) -> Json:
    text = {"type": "text", "text": "Sigurt?", "sender": {"name": "eKESCO"}, "keyboard": keyboard()}
    return _kept(text | fields)


def _kept(fields: Json) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
