"""Viber's client: what it posts, and what each answer means for the message on its way."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.channel import Later, Refused, Uncertain, Unreachable
from handlers.viber.api import Account, Sent, ViberApi
from handlers.viber.errors import Incompatible, Malformed, NoBroadcast, Stopped, Unpaid
from handlers.viber.models import Sender, TextMessage

TOKEN = "4453b6ac12345678-e02c5f12174805f9-daec9cbb5448c51f"
RECEIVER = "01234567890A="
HELLO = TextMessage(sender=Sender(name="KESCO"), text="Përshëndetje")
ABOVE_2_53 = 4912661846655238145

Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every method with `answers`, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.raw: list[bytes] = []
        self.tokens: list[str] = []
        self.answers: Answers = json_of({"status": 0})
        self.url = ""

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.raw.append(await request.read())
        self.asked.append((request.path, json.loads(self.raw[-1])))
        self.tokens.append(request.headers["X-Viber-Auth-Token"])
        return await self.answers(request)


def json_of(answer: Any) -> Answers:
    return text_of(json.dumps(answer))


def text_of(text: str, status: int = 200, **headers: str) -> Answers:
    async def answers(_request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(text=text, status=status, headers=named)

    return answers


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/pa/{method}", server.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    server.url = f"http://{host}:{port}"
    yield
    await runner.cleanup()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = Server()
    async with served(running):
        yield running


@pytest.fixture
async def api(server: Server) -> AsyncIterator[ViberApi]:
    client = ViberApi(TOKEN, server.url + "/")
    yield client
    await client.close()


async def test_a_message_is_sent_and_its_long_token_kept_digit_for_digit(
    server: Server, api: ViberApi
) -> None:
    server.answers = text_of(f'{{"status":0,"message_token":{ABOVE_2_53},"billing_status":2}}')

    assert await api.send(RECEIVER, HELLO) == Sent(str(ABOVE_2_53), 2)
    assert server.asked == [
        (
            "/pa/send_message",
            {
                "receiver": RECEIVER,
                "sender": {"name": "KESCO"},
                "min_api_version": 1,
                "type": "text",
                "text": "Përshëndetje",
            },
        )
    ]
    assert server.tokens == [TOKEN]
    assert "Përshëndetje".encode() in server.raw[0]


@pytest.mark.parametrize("more", [{}, {"message_token": None, "billing_status": "x"}, {"message_token": 1.5}])
async def test_what_was_taken_without_a_name_was_sent_all_the_same(
    server: Server, api: ViberApi, more: dict[str, Any]
) -> None:
    server.answers = json_of({"status": 0, **more})

    assert await api.send(RECEIVER, HELLO) == Sent("", None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (1, Refused),
        (2, Stopped),
        (3, Malformed),
        (4, Malformed),
        (5, Unreachable),
        (6, Unreachable),
        (7, Stopped),
        (8, Stopped),
        (9, Stopped),
        (10, Stopped),
        (11, Unreachable),
        (12, Later),
        (13, Incompatible),
        (14, Incompatible),
        (15, Stopped),
        (19, NoBroadcast),
        (20, NoBroadcast),
        (21, Unreachable),
        (23, Unpaid),
        (24, Unpaid),
        (99, Malformed),
    ],
)
async def test_what_each_status_means(
    server: Server, api: ViberApi, status: int, kind: type[Exception]
) -> None:
    server.answers = json_of({"status": status, "status_message": "because"})

    with pytest.raises(kind) as raised:
        await api.send(RECEIVER, HELLO)

    assert type(raised.value) is kind
    assert number_and_reason(raised.value) == f"{status} because"


def number_and_reason(error: BaseException) -> str:
    """The number and the reason, without the status's name between them."""
    head, _colon, why = str(error).partition(": ")
    return f"{head.split()[0]} {why}"


def test_what_a_channel_that_knows_none_of_these_does_with_them() -> None:
    assert issubclass(Stopped, Later)
    assert issubclass(Unpaid, Later)
    assert all(issubclass(kind, Refused) for kind in (Malformed, Incompatible, NoBroadcast))


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {}, None),
        (429, {"Retry_After": "7"}, 7.0),
        (429, {"Retry_After": "86400"}, 300.0),
        (429, {"Retry_After": "soon"}, None),
        (500, {}, None),
        (503, {"Retry_After": "7"}, None),
        (404, {}, None),
    ],
)
async def test_what_viber_did_not_do_is_tried_again_later(
    server: Server, api: ViberApi, status: int, headers: dict[str, str], seconds: float | None
) -> None:
    server.answers = text_of("<html>", status, **headers)

    with pytest.raises(Later) as raised:
        await api.send(RECEIVER, HELLO)

    assert (type(raised.value), raised.value.seconds) == (Later, seconds)


async def test_the_token_is_not_taken_to_where_a_redirect_points(server: Server, api: ViberApi) -> None:
    elsewhere = Server()
    async with served(elsewhere):
        server.answers = text_of("", 307, Location=f"{elsewhere.url}/pa/send_message")

        with pytest.raises(Later, match="HTTP 307"):
            await api.send(RECEIVER, HELLO)

    assert elsewhere.tokens == []


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '{"status":"0"}', '{"status":true}', "[" * 100_000]
)
async def test_an_answer_that_is_not_vibers_leaves_it_open(server: Server, api: ViberApi, body: str) -> None:
    server.answers = text_of(body)

    with pytest.raises(Uncertain):
        await api.send(RECEIVER, HELLO)


async def test_an_answer_that_is_cut_off_leaves_it_open(server: Server, api: ViberApi) -> None:
    async def hangs_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server.answers = hangs_up

    with pytest.raises(Uncertain):
        await api.send(RECEIVER, HELLO)


async def test_an_answer_that_does_not_come_leaves_it_open(server: Server) -> None:
    async def waits(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    server.answers = waits
    api = ViberApi(TOKEN, server.url, whole=0.2)

    with pytest.raises(Uncertain):
        await api.send(RECEIVER, HELLO)
    await api.close()


async def test_where_nobody_listens_nothing_was_sent(server: Server) -> None:
    gone = Server()
    async with served(gone):
        pass
    api = ViberApi(TOKEN, gone.url)

    with pytest.raises(Later, match="not reached"):
        await api.send(RECEIVER, HELLO)
    await api.close()


async def test_a_request_of_more_bytes_than_viber_takes_is_not_made(server: Server, api: ViberApi) -> None:
    def of(size: int) -> TextMessage:
        return TextMessage(sender=Sender(name="KESCO"), text="ë" * size)

    await api.send("", of(10))
    envelope = len(server.raw[0]) - 20

    await api.send("", of((30_000 - envelope) // 2))
    with pytest.raises(Malformed):
        await api.send("", of((30_000 - envelope) // 2 + 1))

    assert 29_998 <= len(server.raw[1]) <= 30_000
    assert len(server.raw) == 2


async def test_half_a_character_stops_no_message(server: Server, api: ViberApi) -> None:
    await api.send(RECEIVER, TextMessage(sender=Sender(name="KESCO"), text="a\ud83db"))

    assert server.asked[0][1]["text"] == "a?b"


async def test_a_webhook_is_set_for_some_events(server: Server, api: ViberApi) -> None:
    server.answers = json_of({"status": 0, "event_types": ["delivered", "failed"]})

    assert await api.set_webhook("https://kesco.example/viber", ["failed"]) == ("delivered", "failed")
    assert server.asked == [
        (
            "/pa/set_webhook",
            {
                "url": "https://kesco.example/viber",
                "event_types": ["failed"],
                "send_name": True,
                "send_photo": False,
            },
        )
    ]


async def test_an_address_that_viber_cannot_call_is_refused_without_naming_it(
    server: Server, api: ViberApi
) -> None:
    why = "Result Url: https://kesco.example/viber. HTTP response code is 404"
    server.answers = json_of({"status": 1, "status_message": why})

    with pytest.raises(Refused) as raised:
        await api.set_webhook("https://kesco.example/viber", [])

    assert str(raised.value) == "1 invalidUrl: Result Url: … HTTP response code is 404"


async def test_the_bot_is_asked_for(server: Server, api: ViberApi) -> None:
    server.answers = json_of(
        {"status": 0, "id": "pa:5", "name": "KESCO", "uri": "kesco", "webhook": None, "members": []}
    )

    assert await api.account() == Account("pa:5", "KESCO", "kesco", "")


async def test_a_broadcast_tells_who_did_not_get_it(server: Server, api: ViberApi) -> None:
    server.answers = text_of(
        f'{{"status":0,"message_token":{ABOVE_2_53},"failed_list":['
        '{"receiver":"A=","status":6,"status_message":"notSubscribed"},'
        '{"receiver":"B=","status":13,"status_message":"tooOld"}, 7]}'
    )

    told = await api.broadcast(["A=", "B=", "C="], HELLO)

    assert server.asked[0][0] == "/pa/broadcast_message"
    assert server.asked[0][1]["broadcast_list"] == ["A=", "B=", "C="]
    assert "receiver" not in server.asked[0][1]
    assert told.token == str(ABOVE_2_53)
    assert [(one.receiver, type(one.why)) for one in told.failed] == [
        ("A=", Unreachable),
        ("B=", Incompatible),
        ("", Malformed),
    ]


@pytest.mark.parametrize("count", [0, 301])
async def test_a_broadcast_to_nobody_or_to_more_than_viber_takes_is_a_mistake(
    server: Server, api: ViberApi, count: int
) -> None:
    with pytest.raises(ValueError, match=f"{count} receivers"):
        await api.broadcast(["A="] * count, HELLO)
    assert server.asked == []


@pytest.mark.parametrize(
    "answers",
    [
        json_of({"status": 2, "status_message": f"invalidAuthToken {TOKEN}"}),
        json_of(
            {"status": 3, "status_message": f'badData "Artan Berisha" is not {RECEIVER * 2} +38344123456'}
        ),
        text_of(TOKEN, 500),
        text_of(TOKEN),
    ],
)
async def test_neither_the_token_nor_what_viber_quotes_is_in_errors_and_logs(
    server: Server, api: ViberApi, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = answers

    with pytest.raises((Later, Refused, Uncertain)) as raised:
        await api.send(RECEIVER, HELLO)

    told = f"{raised.value!r} {raised.value.__cause__!r} {caplog.text}"
    assert not any(secret in told for secret in (TOKEN, "Artan", RECEIVER, "44123456"))


@pytest.mark.parametrize("token", ["", "two words", "a\nb", "ë"])
def test_what_is_no_token_is_said_without_saying_it(token: str) -> None:
    with pytest.raises(ValueError, match=r"^EKESCO_VIBER_TOKEN is not a token$"):
        ViberApi(token)
