"""Polling: nothing is confirmed that is not kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from handlers.backoff import Backoff
from handlers.telegram.api import BotApi
from handlers.telegram.ingress import Clicks, Polling
from handlers.telegram.webhook import set_webhook
from storage.base import Unavailable
from tests.fakes.telegram import FakeTelegram
from tests.telegram.intake import Kept


class Loop:
    """A polling process that can be killed and started again."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.kept = Kept()
        self.pauses: list[float] = []
        self._paused = asyncio.Event()
        self.clicks = Clicks(api)
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        polling = Polling(self.api, self.kept, self.clicks, wait=5, sleep=self._rest)
        self.task = asyncio.get_running_loop().create_task(polling.run())

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.clicks.close()

    async def _rest(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._paused.set()
        await asyncio.sleep(0)

    async def paused(self, times: int) -> None:
        async with asyncio.timeout(5):
            while len(self.pauses) < times:
                self._paused.clear()
                await self._paused.wait()


@pytest.fixture
async def loop(api: BotApi) -> AsyncIterator[Loop]:
    process = Loop(api)
    yield process
    if process.task is not None:
        await process.stop()


async def test_updates_are_kept_once_and_in_order_and_then_confirmed(fake: FakeTelegram, loop: Loop) -> None:
    loop.start()
    sent = [fake.user(7).say(str(number)) for number in range(250)]
    await loop.kept.until(250)
    await fake.until(lambda: not fake.updates.pending)
    assert loop.kept.keys == sent == fake.updates.confirmed


async def test_a_message_ends_the_waiting(fake: FakeTelegram, loop: Loop) -> None:
    loop.start()
    await fake.until(lambda: fake.updates.polls == 1, 1)
    fake.user(7).say("Mirëdita")
    async with asyncio.timeout(1):
        await loop.kept.until(1)


async def test_an_update_that_could_not_be_kept_comes_again(fake: FakeTelegram, loop: Loop) -> None:
    loop.kept.failures = [Unavailable("disk full"), RuntimeError("anything"), Unavailable("disk full")]
    sent = fake.user(7).say("Mirëdita")
    loop.start()
    await loop.kept.until(1)
    assert loop.kept.keys == [sent]
    assert len(loop.pauses) == 3


async def test_nothing_is_confirmed_while_nothing_can_be_kept(fake: FakeTelegram, loop: Loop) -> None:
    loop.kept.failures = [Unavailable("disk full")] * 100_000
    fake.user(7).say("Mirëdita")
    loop.start()
    await fake.until(lambda: fake.counts["getUpdates"] >= 3)
    assert fake.updates.confirmed == []
    assert len(fake.updates.pending) == 1


async def test_a_process_killed_between_keeping_and_confirming_loses_and_doubles_nothing(
    fake: FakeTelegram, loop: Loop
) -> None:
    sent = fake.user(7).say("Mirëdita")
    loop.kept.delay = 0.05
    loop.start()
    await fake.until(lambda: fake.counts["getUpdates"] == 1)
    await loop.stop()
    assert (loop.kept.keys, fake.updates.confirmed) == ([], [])
    loop.start()
    await loop.kept.until(1)
    await loop.stop()
    loop.start()
    await fake.until(lambda: fake.updates.polls >= 3)
    assert loop.kept.keys == [sent]


async def test_one_odd_update_blocks_nobody(fake: FakeTelegram, loop: Loop) -> None:
    fake.push_raw({"update_id": 1000, "message": {"chat": "?", "text": [1]}})
    sent = fake.user(7).say("Mirëdita")
    loop.start()
    await loop.kept.until(2)
    assert [arrival.chat for arrival in loop.kept.arrivals] == ["telegram:?", "telegram:7"]
    await fake.until(lambda: fake.updates.confirmed == [1000, sent])


async def test_updates_delivered_twice_are_kept_once(fake: FakeTelegram, loop: Loop) -> None:
    fake.updates.copies = 3
    sent = [fake.user(7).say("a"), fake.user(8).say("b")]
    loop.start()
    await fake.until(lambda: not fake.updates.pending)
    assert set(loop.kept.keys) == set(sent)


async def test_a_tap_is_answered_without_being_asked(fake: FakeTelegram, loop: Loop) -> None:
    arta = fake.user(7)
    arta.say("a")
    arta.tap_payload("1:yes", arta.chat[0])
    loop.start()
    await fake.until(lambda: len(fake.world.answered) == 1)


async def test_a_tap_that_is_not_kept_is_not_answered(fake: FakeTelegram, loop: Loop) -> None:
    arta = fake.user(7)
    arta.say("a")
    arta.tap_payload("1:yes", arta.chat[0])
    loop.kept.failures = [Unavailable("disk full")]
    loop.start()
    await loop.kept.until(2)
    await fake.until(lambda: fake.world.answered)
    assert fake.counts["answerCallbackQuery"] == 1


async def test_a_tap_too_old_to_be_answered_disturbs_nobody(fake: FakeTelegram, loop: Loop) -> None:
    arta = fake.user(7)
    arta.say("a")
    arta.tap_payload("1:yes", arta.chat[0])
    fake.world.age_clicks()
    loop.start()
    await fake.until(lambda: fake.called("answerCallbackQuery"))
    arta.say("b")
    await loop.kept.until(3)


async def test_it_starts_while_telegram_is_away(fake: FakeTelegram, loop: Loop) -> None:
    await fake.down()
    sent = fake.user(7).say("Mirëdita")
    loop.start()
    await loop.paused(3)
    await fake.up()
    await loop.kept.until(1)
    assert loop.kept.keys == [sent]
    assert loop.pauses[0] < loop.pauses[2]


@pytest.mark.parametrize(
    ("code", "words"), [(401, "EKESCO_TELEGRAM_TOKEN"), (409, "ekesco webhook delete"), (500, "500 sick")]
)
async def test_what_telegram_refuses_is_said_clearly(
    code: int, words: str, fake: FakeTelegram, loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse("getUpdates", code, "sick")
    fake.user(7).say("Mirëdita")
    with caplog.at_level(logging.DEBUG):
        loop.start()
        await loop.kept.until(1)
    assert words in caplog.text
    assert fake.token not in caplog.text


async def test_a_webhook_in_the_way_is_said_clearly(
    fake: FakeTelegram, api: BotApi, loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    await set_webhook(api, "http://127.0.0.1:9", "secret")
    loop.start()
    await fake.until(lambda: fake.called("getUpdates"))
    await loop.paused(1)
    assert "ekesco webhook delete" in caplog.text


async def test_a_429_is_obeyed(fake: FakeTelegram, loop: Loop) -> None:
    fake.flood("getUpdates", 40)
    fake.user(7).say("Mirëdita")
    loop.start()
    await loop.kept.until(1)
    assert loop.pauses == [40]


async def test_it_stops_at_once(fake: FakeTelegram, loop: Loop) -> None:
    loop.start()
    await fake.until(lambda: fake.updates.polls == 1, 1)
    async with asyncio.timeout(0.5):
        await loop.stop()


async def test_of_two_processes_telegram_serves_the_newer(fake: FakeTelegram, api: BotApi) -> None:
    older, newer = Loop(api), Loop(api)
    older.start()
    await fake.until(lambda: fake.updates.polls == 1, 1)
    newer.start()
    await fake.until(lambda: any(call.code == 409 for call in fake.calls))
    await older.stop()
    await newer.stop()


def test_pauses_double_up_to_the_longest_and_start_again() -> None:
    backoff = Backoff(first=1, longest=8, chance=lambda: 1.0)
    assert [backoff.pause() for _ in range(5)] == [1, 2, 4, 8, 8]
    backoff.reset()
    assert backoff.pause() == 1
    assert Backoff(first=1, chance=lambda: 0.0).pause() == 0.5
