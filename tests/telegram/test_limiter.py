"""Pacing and obedience, on a clock moved by hand."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter

from handlers.telegram.limiter import Pacing, seconds_of
from tests.telegram.clock import HandClock


class Note:
    """A halt as a restart finds it."""

    def __init__(self, until: float | None = None) -> None:
        self.until = until
        self.saves = 0

    async def load(self) -> float | None:
        return self.until

    async def save(self, until: float) -> None:
        self.until = until
        self.saves += 1


class Broken(Note):
    async def save(self, until: float) -> None:
        raise OSError("disk full")


class Line:
    """Telegram behind the limiter: notes when each request came, and refuses as ordered."""

    def __init__(self, clock: HandClock, store: Note | None = None, **options: Any) -> None:
        self.clock = clock
        self.store = store or Note()
        self.limiter = Pacing(self.store, clock, chance=lambda: 0.0, **options)
        self.sent: list[tuple[float, object, str]] = []
        self.tries = 0
        self.floods: list[int] = []
        self.tasks: list[asyncio.Task[Any]] = []

    def ask(self, chat: object, words: str, endpoint: str = "sendMessage") -> asyncio.Task[Any]:
        data = {"chat_id": chat} if chat is not None else {}
        request = self.limiter.process_request(self._send, (chat, words), {}, endpoint, data, None)
        task = asyncio.get_running_loop().create_task(request)
        self.tasks.append(task)
        return task

    async def _send(self, chat: object, words: str) -> bool:
        self.tries += 1
        await asyncio.sleep(0)  # so that requests of several chats are on their way together
        if self.floods:
            raise RetryAfter(timedelta(seconds=self.floods.pop(0)))
        self.sent.append((self.clock.elapsed(), chat, words))
        return True

    def times(self, chat: object) -> list[float]:
        return [at for at, to, _ in self.sent if to == chat]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def test_a_burst_goes_out_at_once_and_the_rest_one_a_second(clock: HandClock) -> None:
    line = Line(clock)
    for number in range(8):
        line.ask(7, str(number))
    await clock.advance(10)
    assert line.times(7) == [0, 0, 0, 0, 0, 1, 2, 3]


async def test_a_rested_chat_has_its_burst_again(clock: HandClock) -> None:
    line = Line(clock)
    for number in range(5):
        line.ask(7, str(number))
    await clock.advance(2)
    for number in range(4):
        line.ask(7, str(number))
    await clock.advance(10)
    assert line.times(7) == [0, 0, 0, 0, 0, 2, 2, 3, 4]


async def test_a_slow_chat_delays_no_other(clock: HandClock) -> None:
    line = Line(clock)
    for number in range(20):
        line.ask(7, str(number))
    line.ask(8, "Mirëdita")
    await clock.advance(0)
    assert line.times(8) == [0]


async def test_order_within_a_chat_is_kept_even_through_a_flood(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [3]
    for number in range(12):
        line.ask(7, str(number), "sendMessage" if number % 3 else "editMessageReplyMarkup")
    await clock.advance(60)
    assert [words for _, _, words in line.sent] == [str(number) for number in range(12)]


async def test_taking_buttons_away_costs_nothing_of_the_pace(clock: HandClock) -> None:
    line = Line(clock)
    for number in range(9):
        line.ask(7, str(number), "editMessageReplyMarkup")
    await clock.advance(0)
    assert len(line.sent) == 9


async def test_a_flood_halts_every_chat_until_it_is_over(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [4]
    line.ask(7, "first")
    await clock.advance(0)
    line.ask(8, "second")
    await clock.advance(3.9)
    assert line.tries == 1
    await clock.advance(0.2)
    assert [(at, chat) for at, chat, _ in line.sent] == [(4, 7), (4, 8)]


async def test_a_shorter_flood_does_not_end_a_longer_one(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [5, 1]
    line.ask(7, "first")
    line.ask(8, "second")
    await clock.advance(4.9)
    assert line.sent == []
    await clock.advance(0.2)
    assert line.times(7) == line.times(8) == [5]


async def test_a_success_on_its_way_does_not_end_the_halt(clock: HandClock) -> None:
    line = Line(clock)
    slow = line.limiter.process_request(_after_two_seconds, (clock,), {}, "sendMessage", {"chat_id": 9}, None)
    asyncio.get_running_loop().create_task(slow)
    await clock.advance(0)
    line.floods = [5]
    line.ask(7, "first")
    await clock.advance(2.5)
    line.ask(8, "second")
    await clock.advance(0)
    assert line.sent == []


async def test_the_release_is_spread_over_time(clock: HandClock) -> None:
    line = Line(clock)
    line.limiter = Pacing(line.store, clock, chance=iter([0.0, 0.5, 1.0, 0.25] * 10).__next__)
    line.floods = [2] * 4
    for chat in range(4):
        line.ask(chat, "Mirëdita")
    await clock.advance(10)
    assert sorted({at for at, _, _ in line.sent}) == [2.0, 2.0625, 2.125, 2.25]


async def test_a_long_halt_is_told_instead_of_waited_for(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [600]
    first = line.ask(7, "first")
    second = line.ask(7, "second")
    await clock.advance(0)
    for task in (first, second):
        with pytest.raises(RetryAfter) as told:
            await task
        assert seconds_of(told.value) == 600
    assert line.tries == 1


async def test_an_endless_flood_is_told_after_three_tries(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [1] * 9
    task = line.ask(7, "first")
    await clock.advance(9)
    with pytest.raises(RetryAfter):
        await task
    assert line.tries == 3


async def test_a_restart_obeys_the_halt_it_finds(clock: HandClock) -> None:
    before = Line(clock)
    before.floods = [600]
    task = before.ask(7, "first")
    await clock.advance(0)
    with pytest.raises(RetryAfter):
        await task

    after = Line(clock, before.store)
    await after.limiter.initialize()
    await clock.advance(596)
    after.ask(8, "second")
    await clock.advance(3)
    assert after.sent == []
    await clock.advance(2)
    assert after.times(8) == [600]


async def test_a_halt_that_is_over_at_the_restart_is_forgotten(clock: HandClock) -> None:
    line = Line(clock, Note(clock.now() - 1))
    await line.limiter.initialize()
    line.ask(7, "first")
    await clock.advance(0)
    assert line.times(7) == [0]


async def test_many_refusals_at_once_are_stored_once(clock: HandClock) -> None:
    line = Line(clock, patience=0)
    line.floods = [3] * 50
    tasks = [line.ask(chat, "Mirëdita") for chat in range(50)]
    await clock.advance(0)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert line.store.saves == 1


async def test_a_store_that_fails_stops_no_message(clock: HandClock) -> None:
    line = Line(clock, Broken())
    line.floods = [1]
    line.ask(7, "first")
    await clock.advance(2)
    assert line.times(7) == [1]


async def test_other_errors_pass_through_and_leave_the_chat_free(clock: HandClock) -> None:
    line = Line(clock)

    async def refuse() -> bool:
        raise BadRequest("Bad Request: message text is empty")

    with pytest.raises(BadRequest):
        await line.limiter.process_request(refuse, (), {}, "sendMessage", {"chat_id": 7}, None)
    line.ask(7, "next")
    await clock.advance(0)
    assert line.times(7) == [0]


async def test_a_sign_of_typing_waits_for_nobody(clock: HandClock) -> None:
    line = Line(clock)
    for number in range(7):
        line.ask(7, str(number))
    line.ask(7, "typing", "sendChatAction")
    await clock.advance(0)
    assert (0, 7, "typing") in line.sent


async def test_a_refused_name_change_halts_no_customer(clock: HandClock) -> None:
    line = Line(clock)
    line.floods = [80_000]
    task = line.ask(None, "eKESCO", "setMyName")
    await clock.advance(0)
    with pytest.raises(RetryAfter):
        await task
    line.ask(7, "first")
    await clock.advance(0)
    assert line.times(7) == [0]


async def test_chats_at_rest_take_no_memory(clock: HandClock) -> None:
    line = Line(clock)
    for chat in range(1000):
        line.ask(chat, "Mirëdita")
    await clock.advance(2)
    line.ask(1, "again")
    await clock.advance(0)
    assert len(line.limiter._paces) == 1


async def _after_two_seconds(clock: HandClock) -> bool:
    await clock.sleep(2)
    return True
