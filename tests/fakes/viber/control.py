"""The fake's remote control, for trying it by hand and for tests that kill the bot and keep Viber alive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.viber.callbacks import Callback
from tests.fakes.viber.faults import Fault
from tests.fakes.viber.schema import EVENTS
from tests.fakes.viber.shown import Shown
from tests.fakes.viber.users import ViberUser

if TYPE_CHECKING:
    from tests.fakes.viber.server import FakeViber

Json = dict[str, Any]
Deed = Callable[[ViberUser, Json], Callback | None]
#: What a user can be told to do, and which fields of the order it takes.
DEEDS: dict[str, Deed] = {
    "open": lambda user, order: user.open(order.get("context", "")),
    "say": lambda user, order: user.say(order["text"]),
    "press": lambda user, order: user.press(order["label"]),
    "subscribe": lambda user, _: user.subscribe(),
    "unsubscribe": lambda user, _: user.unsubscribe(),
    "picture": lambda user, _: user.send_picture(),
    "sticker": lambda user, _: user.send_sticker(),
    "location": lambda user, _: user.send_location(),
    "contact": lambda user, _: user.send_contact(),
    "file": lambda user, _: user.send_file(),
}


def routes(fake: FakeViber) -> list[web.RouteDef]:
    control = _Control(fake)
    return [
        *(web.post(f"/control/{name}", control.deed(deed)) for name, deed in DEEDS.items()),
        web.post("/control/look", control.look),
        web.post("/control/event", control.event),
        web.post("/control/fault", control.fault),
        web.post("/control/advance", control.advance),
        web.post("/control/settled", control.settled),
        web.get("/control/chat/{user}", control.chat),
        web.get("/control/log", control.log),
        web.get("/control/counts", control.counts),
    ]


class _Control:
    """Orders are objects, or lists of them; `user` is the key that `FakeViber.user` takes."""

    def __init__(self, fake: FakeViber) -> None:
        self.fake = fake

    def deed(self, deed: Deed) -> Callable[[web.Request], Awaitable[web.Response]]:
        """`{user, name?, language?, …}`; answers with the message tokens."""

        async def handle(request: web.Request) -> web.Response:
            done = [deed(self._user(order), order) for order in await _listed(request)]
            return web.json_response([callback and callback.token for callback in done])

        return handle

    async def look(self, request: web.Request) -> web.Response:
        receipts = [each for order in await _listed(request) for each in self._user(order).look()]
        return web.json_response([receipt.token for receipt in receipts])

    async def event(self, request: web.Request) -> web.Response:
        """`{event, fields}`: anything at all."""
        orders = await _listed(request)
        return web.json_response([self.fake.tell(each["event"], each["fields"]).token for each in orders])

    async def fault(self, request: web.Request) -> web.Response:
        """The fields of `Fault`, but for its gate."""
        for each in await _listed(request):
            faults = self.fake.callbacks.faults if each["method"] in EVENTS else self.fake.exchange.faults
            faults.add(Fault(**each))
        return web.json_response(True)

    async def advance(self, request: web.Request) -> web.Response:
        """`{seconds}`: let Viber's time pass, without waiting for a bot that may be dead."""
        await self.fake.advance((await request.json())["seconds"], settle=False)
        return web.json_response(self.fake.clock.time)

    async def settled(self, _: web.Request) -> web.Response:
        """Answers when every callback that is on its way has been answered."""
        await self.fake.settled()
        return web.json_response(True)

    async def chat(self, request: web.Request) -> web.Response:
        user = self.fake.user(request.match_info["user"])
        seen: Json = {"messages": [_shown(message) for message in user.chat], "keyboard": user.rows}
        return web.json_response(seen | {"subscribed": user.subscribed, "opened": user.opened})

    async def log(self, request: web.Request) -> web.Response:
        """The calls from number `since` on."""
        calls = self.fake.calls[int(request.query.get("since", "0")) :]
        return web.json_response(
            [
                {"method": call.method, "params": call.params, "status": call.status, "http": call.http}
                for call in calls
            ]
        )

    async def counts(self, _: web.Request) -> web.Response:
        told = self.fake.callbacks.log
        return web.json_response(
            {
                "calls": len(self.fake.calls),
                "callbacks": len(told),
                "taken": sum(callback.taken for callback in told),
                "lost": sum(callback.lost for callback in told),
                "charges": self.fake.methods.billing.charges,
                "violations": self.fake.violations,
            }
        )

    def _user(self, order: Json) -> ViberUser:
        known = {name: order[name] for name in ("name", "language", "country") if name in order}
        return self.fake.user(order["user"], **known)


async def _listed(request: web.Request) -> list[Json]:
    body = await request.json()
    return body if isinstance(body, list) else [body]


def _shown(message: Shown) -> Json:
    said = {"token": message.token, "type": message.type, "text": message.text, "mine": message.mine}
    return said | {"media": message.media, "keyboard": message.rows, "billing": message.billing_status}
