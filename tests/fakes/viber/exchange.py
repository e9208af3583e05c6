"""One request of the bot and its answer, with the faults that were ordered for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.viber.faults import Fault, Faults
from tests.fakes.viber.methods import Methods, Receipts
from tests.fakes.viber.rules import OWN_FAULT, UNREADABLE, Refusal, Status
from tests.fakes.viber.schema import parsed
from tests.fakes.viber.watch import Watch

Json = dict[str, Any]
TOKEN_HEADER = "X-Viber-Auth-Token"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and how it was answered: Viber's `status`, None where `http` is not 200 (0: line cut)."""

    method: str
    params: Json
    status: int | None
    http: int = 200


@dataclass(slots=True)
class Request:
    http: web.Request
    method: str
    body: bytes
    params: Json

    @property
    def receivers(self) -> list[str]:
        named = self.params.get("broadcast_list", [self.params.get("receiver")])
        return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []


class Exchange:
    """`calls` is what was asked, in the order of the answers."""

    def __init__(self, token: str, methods: Methods, watch: Watch, noticed: Callable[[], None]) -> None:
        self.calls: list[Call] = []
        self.faults = Faults()
        self._token = token
        self._methods = methods
        self._watch = watch
        self._noticed = noticed

    async def handle(self, http: web.Request) -> web.StreamResponse:
        request = await _read(http)
        with self._watched(request):
            fault = self.faults.take(request.method, request.receivers) or Fault(request.method)
            self._noticed()
            return await self._meet(fault, request)

    async def _meet(self, fault: Fault, request: Request) -> web.StreamResponse:
        if fault.gate is not None and fault.drop != "after":
            await self._wait(fault.gate, request)
        if fault.drop == "before":
            return self._cut(request)
        if fault.http:
            return self._without_status(request, fault.http)
        if not self._methods.knows(request.method):
            self._watch.violations.append(f"{request.method}: no such method")
            return self._without_status(request, 404)
        receipts: Receipts = []
        told = await self._answer(fault, request, receipts)
        if fault.drop == "after":
            return await self._lose(fault, request, receipts)
        self._note(request, told["status"])
        answer = web.json_response(told)
        await answer.prepare(request.http)
        await answer.write_eof()
        _tell(receipts)
        return answer

    async def _answer(self, fault: Fault, request: Request, receipts: Receipts) -> Json:
        try:
            if fault.status:
                if fault.status in UNREADABLE:
                    self._methods.refuse(request.receivers)
                return _refused(Refusal(Status(fault.status), "as ordered"))
            return {"status": 0, "status_message": "ok"} | await self._result(request, receipts)
        except Refusal as refusal:
            if refusal.status in OWN_FAULT:
                self._watch.violations.append(f"{request.method}: {refusal}")
            return _refused(refusal)

    async def _result(self, request: Request, receipts: Receipts) -> Json:
        parsed(request.body)
        params = dict(request.params)
        in_body = params.pop("auth_token", None)
        if request.http.headers.get(TOKEN_HEADER, in_body) != self._token:
            raise Refusal(Status.INVALID_AUTH_TOKEN)
        return await self._methods.call(request.method, params, receipts)

    async def _lose(self, fault: Fault, request: Request, receipts: Receipts) -> web.StreamResponse:
        _tell(receipts)
        if fault.gate is not None:
            await self._wait(fault.gate, request)
        return self._cut(request)

    async def _wait(self, gate: asyncio.Event, request: Request) -> None:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            self._note(request, None, 0)
            raise

    def _cut(self, request: Request) -> web.StreamResponse:
        self._note(request, None, 0)
        assert request.http.transport is not None
        request.http.transport.abort()
        return web.Response()

    def _without_status(self, request: Request, http: int) -> web.Response:
        self._note(request, None, http)
        return web.Response(status=http)

    @contextlib.contextmanager
    def _watched(self, request: Request) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for receiver in request.receivers:
                stack.enter_context(self._watch.sending(receiver, request.params))
            yield

    def _note(self, request: Request, status: int | None, http: int = 200) -> None:
        """Write down the answer, just before it goes out."""
        self.calls.append(Call(request.method, request.params, status, http))
        again = http != 200 or status == Status.TOO_MANY_REQUESTS
        for receiver in request.receivers:
            self._watch.went(receiver, request.params, well=not again)
        self._noticed()


async def _read(http: web.Request) -> Request:
    """The request; one that is no JSON is refused later, and has no parameters until then."""
    body = await http.read()
    try:
        params = parsed(body)
    except Refusal:
        params = {}
    return Request(http, http.match_info["method"], body, params)


def _refused(refusal: Refusal) -> Json:
    return {"status": int(refusal.status), "status_message": str(refusal)}


def _tell(receipts: Receipts) -> None:
    for receipt in receipts:
        receipt()
