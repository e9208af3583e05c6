"""The webhook: who may knock, what is taken, and when it is acknowledged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from handlers.raw import LIMIT
from handlers.telegram.api import ApiError, BotApi
from handlers.telegram.ingress import SECRET_HEADER, Clicks, Webhook
from handlers.telegram.webhook import WebhookInfo, delete_webhook, set_webhook, webhook_info
from storage.base import Unavailable
from tests.fakes.telegram import FakeTelegram
from tests.telegram.intake import Kept

SECRET = "a-secret-of-the-test"


class Door:
    """Our side of the webhook, listening."""

    def __init__(self, api: BotApi) -> None:
        self.kept = Kept()
        self.clicks = Clicks(api)
        self.url = ""
        self._webhook = Webhook(self.kept, self.clicks, ["old-secret", SECRET], patience=0.2)

    async def open(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/telegram", self._webhook.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def knock(self, body: bytes, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/telegram", data=body, headers=headers) as answer,
        ):
            return answer.status


@pytest.fixture
async def door(api: BotApi) -> AsyncIterator[Door]:
    ours = Door(api)
    runner = await ours.open()
    yield ours
    await ours.clicks.close()
    await runner.cleanup()


BODY = json.dumps({"update_id": 5, "message": {"chat": {"id": 7}}}).encode()


async def test_updates_arrive_through_the_webhook_and_are_confirmed(
    fake: FakeTelegram, api: BotApi, door: Door
) -> None:
    before = fake.user(7).say("before")
    assert await set_webhook(api, f"{door.url}/", SECRET) == f"{door.url}/telegram"
    after = [fake.user(7 + number % 5).say(str(number)) for number in range(50)]
    await door.kept.until(51)
    assert sorted(door.kept.keys) == [before, *after]
    await fake.until(lambda: set(fake.updates.confirmed) == {before, *after})


async def test_the_order_of_a_chat_is_kept(fake: FakeTelegram, api: BotApi, door: Door) -> None:
    await set_webhook(api, door.url, SECRET)
    sent = [fake.user(7).say(str(number)) for number in range(30)]
    await door.kept.until(30)
    assert door.kept.keys == sent


async def test_an_update_that_could_not_be_kept_is_tried_again_by_telegram(
    fake: FakeTelegram, api: BotApi, door: Door
) -> None:
    door.kept.failures = [Unavailable("disk full")] * 3
    sent = fake.user(7).say("Mirëdita")
    await set_webhook(api, door.url, SECRET)
    await door.kept.until(1)
    assert door.kept.keys == [sent]
    assert fake.updates.hook is not None
    assert fake.updates.hook.attempts == 4
    assert (await webhook_info(api)).last_error.startswith("Wrong response from the webhook: 503")


async def test_a_tap_is_answered(fake: FakeTelegram, api: BotApi, door: Door) -> None:
    arta = fake.user(7)
    arta.say("a")
    arta.tap_payload("1:yes", arta.chat[0])
    await set_webhook(api, door.url, SECRET)
    await fake.until(lambda: len(fake.world.answered) == 1)


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "ë"])
async def test_without_the_secret_nothing_is_read(door: Door, secret: str | None) -> None:
    assert await door.knock(BODY, secret) == 403
    assert door.kept.arrivals == []


async def test_both_secrets_open_while_one_replaces_the_other(door: Door) -> None:
    assert await door.knock(BODY, "old-secret") == 200
    assert await door.knock(BODY) == 200


async def test_a_body_is_taken_up_to_the_limit(door: Door) -> None:
    assert await door.knock(BODY + b" " * (LIMIT - len(BODY))) == 200
    assert await door.knock(BODY + b" " * (LIMIT - len(BODY) + 1)) == 413
    assert len(door.kept.arrivals) == 1


async def test_a_body_that_hides_its_length_is_measured(door: Door) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 50_000

    async with (
        aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session,
        session.post(f"{door.url}/telegram", data=drip()) as answer,
    ):
        assert answer.status == 413
    assert door.kept.arrivals == []


@pytest.mark.parametrize("body", [b"", b"?", b"[]", b"{}", b'{"update_id": "x"}'])
async def test_what_is_no_update_is_kept_aside_and_acknowledged(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 200
    assert [(arrival.chat, arrival.body) for arrival in door.kept.arrivals] == [("telegram:?", body)]


async def test_a_slow_database_is_told_quickly(door: Door) -> None:
    door.kept.delay = 30
    assert await door.knock(BODY) == 503


def test_a_webhook_without_a_secret_cannot_be_built(fake: FakeTelegram, api: BotApi) -> None:
    for secrets in ([], [""], [SECRET, ""]):
        with pytest.raises(ValueError, match="EKESCO_TELEGRAM_SECRET"):
            Webhook(Kept(), Clicks(api), secrets)


async def test_the_webhook_is_set_told_and_removed(fake: FakeTelegram, api: BotApi) -> None:
    assert await webhook_info(api) == WebhookInfo("", 0)
    await set_webhook(api, "http://127.0.0.1:9", SECRET)
    fake.user(7).say("a")
    told = await webhook_info(api)
    assert (told.url, told.pending) == ("http://127.0.0.1:9/telegram", 1)
    await delete_webhook(api)
    assert await webhook_info(api) == WebhookInfo("", 1)


async def test_an_address_without_https_is_refused(fake: FakeTelegram, api: BotApi) -> None:
    with pytest.raises(ApiError, match="HTTPS URL must be provided"):
        await set_webhook(api, "http://kesco.example", SECRET)
    with pytest.raises(ValueError, match="EKESCO_TELEGRAM_SECRET"):
        await set_webhook(api, "https://kesco.example", "")
