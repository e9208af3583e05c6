"""The server: strict with who asks and how, and held to the same document in what it answers."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections import deque
from collections.abc import Sequence
from typing import Any, Self

from aiohttp import web

from bot.services.ports import Connection, Invoice, Person
from bot.services.register.files import CONNECTIONS, CUSTOMERS, INVOICES, File, texts
from tests.fakes.registry.contract import Contract, Question

TOKEN = "a-registry-token"


class FakeRegistry:
    """Knows these people, connections and bills.

    `faults` are of the requests to come, one each: `hang`, `drop`, `half` (of a body), a status, or the
    bytes of a body; a redirect leads `elsewhere`.  `wrong` is what was not as the document says, on either
    side: a test expects nothing.
    """

    def __init__(
        self,
        people: Sequence[Person] = (),
        connections: Sequence[Connection] = (),
        invoices: Sequence[Invoice] = (),
        *,
        token: str = TOKEN,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.people, self.connections, self.invoices = people, connections, invoices
        self.token = token
        self.faults: deque[str | int | bytes] = deque()
        self.asked: list[Question] = []
        self.requests = 0
        self.wrong: list[str] = []
        self.url = self.elsewhere = ""
        self.port = 0
        self._tls = tls
        self._contract = Contract()
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/v1/{rest:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        fault = self.faults.popleft() if self.faults else None
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        try:
            path = request.rel_url.raw_path.removeprefix("/v1")
            question = self._contract.question(request.method, path, request.query)
        except ValueError as error:
            self.wrong.append(str(error))
            return web.Response(status=400)
        self.asked.append(question)
        return await self._faulty(request, fault) if fault is not None else self._answered(question)

    def _answered(self, question: Question) -> web.Response:
        status, body = self._answer(question)
        self.wrong += self._contract.faults(question.path, status, body)
        return web.json_response(body, status=status)

    def _answer(self, question: Question) -> tuple[int, Any]:
        asked = question.arguments
        match question.path:
            case "/people/{personal_number}":
                return _first(CUSTOMERS, self._person(asked["personal_number"]))
            case "/people/{personal_number}/connections":
                # A person who is not there has no page, not an empty one.
                if not self._person(asked["personal_number"]):
                    return 404, {"error": "unknown"}
                own = [c for c in self.connections if c.personal_number == asked["personal_number"]]
                return 200, [dict(texts(CONNECTIONS, one)) for one in own]
            case "/connections/{customer_code}":
                places = [c for c in self.connections if c.customer_code == asked["customer_code"]]
                return _first(CONNECTIONS, places)
            case _:
                bills = [i for i in self.invoices if i.customer_code == asked["customer_code"]]
                newest = sorted(bills, key=lambda one: (one.period, one.issued_on, one.number), reverse=True)
                return 200, [dict(texts(INVOICES, one)) for one in newest[: int(asked["most"])]]

    def _person(self, personal_number: str) -> list[Person]:
        return [person for person in self.people if person.personal_number == personal_number]

    async def _faulty(self, request: web.Request, fault: str | int | bytes) -> web.StreamResponse:
        if isinstance(fault, int):
            headers = {"Location": self.elsewhere} if 300 <= fault < 400 else {}
            return web.Response(status=fault, headers=headers)
        if isinstance(fault, bytes):
            return web.Response(body=fault, content_type="application/json")
        if fault == "half":
            answer = web.StreamResponse(headers={"Content-Length": "100"})
            await answer.prepare(request)
            await answer.write(json.dumps({"personal_number": "1"})[:9].encode())
        if fault == "hang":
            await self._over.wait()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


def _first(file: File, found: Sequence[object]) -> tuple[int, Any]:
    return (200, dict(texts(file, found[0]))) if found else (404, {"error": "unknown"})
