"""The fake's remote control, for tests that kill the bot and keep Telegram alive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.telegram.chats import Shown
from tests.fakes.telegram.faults import Fault

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

Handler = Callable[[web.Request], Awaitable[web.Response]]


def routes(fake: FakeTelegram) -> list[web.RouteDef]:
    control = _Control(fake)
    return [
        web.post("/control/say", control.say),
        web.post("/control/tap", control.tap),
        web.post("/control/update", control.update),
        web.post("/control/fault", control.fault),
        web.get("/control/chat/{chat}", control.chat),
        web.get("/control/log", control.log),
        web.get("/control/counts", control.counts),
    ]


class _Control:
    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake

    async def say(self, request: web.Request) -> web.Response:
        """`{user, text, language}`, or a list of them; answers with the update ids."""
        said = await _listed(request)
        return web.json_response(
            [self.fake.user(each["user"], each.get("language")).say(each["text"]) for each in said]
        )

    async def tap(self, request: web.Request) -> web.Response:
        """`{user, button}` or `{user, payload}`, or a list of them."""
        return web.json_response([self._tap(each) for each in await _listed(request)])

    def _tap(self, each: dict[str, Any]) -> int:
        user = self.fake.user(each["user"])
        return user.tap_payload(each["payload"]) if "payload" in each else user.tap(each["button"])

    async def update(self, request: web.Request) -> web.Response:
        """Raw updates, as they are."""
        return web.json_response([self.fake.push_raw(each) for each in await _listed(request)])

    async def fault(self, request: web.Request) -> web.Response:
        for each in await _listed(request):
            self.fake.faults.add(Fault(**each))
        return web.json_response(True)

    async def chat(self, request: web.Request) -> web.Response:
        room = self.fake.world.rooms.get(int(request.match_info["chat"]))
        return web.json_response([_shown(message) for message in room.messages.values()] if room else [])

    async def log(self, request: web.Request) -> web.Response:
        """The calls from number `since` on; photos as their length."""
        since = int(request.query.get("since", "0"))
        calls = self.fake.calls[since:]
        return web.json_response(
            [{"method": call.method, "params": _printable(call.params), "code": call.code} for call in calls]
        )

    async def counts(self, request: web.Request) -> web.Response:
        updates = self.fake.updates
        totals: dict[str, Any] = {"calls": self.fake.counts, "answered": len(self.fake.world.answered)}
        totals |= {"pending": len(updates.pending), "confirmed": len(updates.confirmed)}
        return web.json_response(totals | {"violations": self.fake.violations})


async def _listed(request: web.Request) -> list[dict[str, Any]]:
    body = await request.json()
    return body if isinstance(body, list) else [body]


def _shown(message: Shown) -> dict[str, Any]:
    seen = {"id": message.id, "text": message.text, "rows": message.rows, "mine": message.mine}
    return seen | {"photo": len(message.photo), "edits": message.edits}


def _printable(params: dict[str, Any]) -> dict[str, Any]:
    return {name: len(value) if isinstance(value, bytes) else value for name, value in params.items()}
