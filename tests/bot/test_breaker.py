"""A gateway that fails is left alone, and one at a time finds out whether it works again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.breaker import FIRST_REST, LONGEST_REST, MOST_FAILURES, Breaker
from bot.channel import Later, Refused, Uncertain
from bot.gateways.carrier import NotYet
from bot.services.payment_port import BadOrder
from bot.services.ports import Away
from tests.gateways.house import SlowTime, UnderWay


class Gateway:
    def __init__(self) -> None:
        self.error: Exception | None = Later("down")
        self.tried = 0

    async def work(self) -> None:
        self.tried += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error


@pytest.fixture
def time() -> SlowTime:
    return SlowTime(UnderWay())


@pytest.fixture
def breaker(time: SlowTime) -> Breaker:
    return Breaker("sms", pause=time.pause, chance=lambda: 1.0, passed=lambda: time.passed)


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    yield Gateway()


async def fails(breaker: Breaker, gateway: Gateway, times: int) -> None:
    for _ in range(times):
        assert not breaker.is_open, "it would wait for ever"
        with pytest.raises((Later, Uncertain, Refused)):
            await breaker.through(gateway.work)


async def test_it_opens_at_the_fifth_failure_in_a_row(breaker: Breaker, gateway: Gateway) -> None:
    await fails(breaker, gateway, MOST_FAILURES - 1)
    gateway.error = None
    await breaker.through(gateway.work)
    for error in (Later("down"), Uncertain("slow")):
        gateway.error = error
        await fails(breaker, gateway, 2)
    assert not breaker.is_open
    await fails(breaker, gateway, 1)
    assert breaker.is_open


@pytest.mark.parametrize("answer", [Refused("no such number"), NotYet("greylisted")])
async def test_an_answer_about_one_recipient_is_a_gateway_that_works(
    breaker: Breaker, gateway: Gateway, answer: Exception
) -> None:
    gateway.error = answer
    await fails(breaker, gateway, 20)
    assert not breaker.is_open
    gateway.error = Later("down")
    await fails(breaker, gateway, MOST_FAILURES - 1)
    gateway.error = answer
    await fails(breaker, gateway, 1)
    gateway.error = Later("down")
    await fails(breaker, gateway, MOST_FAILURES - 1)
    assert not breaker.is_open


async def test_while_it_is_open_nothing_is_tried_but_one_at_a_time(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    await fails(breaker, gateway, MOST_FAILURES)
    waiting = [asyncio.ensure_future(breaker.through(gateway.work)) for _ in range(10)]
    await time.advance(FIRST_REST - 0.1)
    assert gateway.tried == MOST_FAILURES
    await time.advance(0.1)
    assert gateway.tried == MOST_FAILURES + 1
    await time.advance(2 * FIRST_REST - 0.1)
    assert gateway.tried == MOST_FAILURES + 1
    gateway.error = None
    await time.advance(0.1)
    assert gateway.tried == MOST_FAILURES + 10
    assert not breaker.is_open
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [Later] + [type(None)] * 9


async def test_the_rests_grow_to_five_minutes(breaker: Breaker, gateway: Gateway, time: SlowTime) -> None:
    await fails(breaker, gateway, MOST_FAILURES)
    rests = []
    for _ in range(8):
        began = time.passed
        trial = asyncio.ensure_future(breaker.through(gateway.work))
        while not trial.done():
            await time.advance(1)
        assert isinstance(trial.exception(), Later)
        rests.append(time.passed - began)
    assert rests == [5, 10, 20, 40, 80, 160, 300, 300]
    assert (FIRST_REST, LONGEST_REST) == (5, 300)


async def test_who_comes_long_after_need_not_wait(breaker: Breaker, gateway: Gateway, time: SlowTime) -> None:
    await fails(breaker, gateway, MOST_FAILURES)
    await time.advance(3600)
    gateway.error = None
    trial = asyncio.ensure_future(breaker.through(gateway.work))
    await time.advance(0)
    assert trial.done()


async def test_a_gateway_that_asks_for_time_is_left_alone_for_it(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    gateway.error = Later("too many", 120)
    await fails(breaker, gateway, MOST_FAILURES)
    gateway.error = None
    trial = asyncio.ensure_future(breaker.through(gateway.work))
    await time.advance(119)
    assert not trial.done()
    await time.advance(1)
    assert trial.done()


async def test_failures_that_were_under_way_do_not_lengthen_the_rest(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    under_way = [asyncio.ensure_future(breaker.through(gateway.work)) for _ in range(40)]
    await asyncio.gather(*under_way, return_exceptions=True)
    gateway.error = None
    trial = asyncio.ensure_future(breaker.through(gateway.work))
    await time.advance(FIRST_REST)
    assert trial.done()


async def test_a_trial_that_was_not_made_tells_nothing(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    await fails(breaker, gateway, MOST_FAILURES)
    gateway.error = LookupError("expired")
    trial = asyncio.ensure_future(breaker.through(gateway.work))
    await time.advance(FIRST_REST)
    assert isinstance(trial.exception(), LookupError)
    assert breaker.is_open
    gateway.error = None
    trial = asyncio.ensure_future(breaker.through(gateway.work))
    await time.advance(0)
    assert trial.done()
    assert not breaker.is_open


# -- those who do not wait ------------------------------------------------------------------------------


async def rests(breaker: Breaker, gateway: Gateway) -> None:
    gateway.error = Away("down")
    for _ in range(MOST_FAILURES):
        with pytest.raises(Away, match="down"):
            await breaker.at_once(gateway.work)
    assert breaker.is_open


async def test_who_does_not_wait_is_told_at_once_and_nothing_is_tried(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    await rests(breaker, gateway)
    await time.advance(FIRST_REST - 0.1)
    for _ in range(10):
        with pytest.raises(Away, match="left alone"):
            await breaker.at_once(gateway.work)
    assert gateway.tried == MOST_FAILURES


async def test_of_those_who_come_after_the_rest_one_tries_for_all(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    await rests(breaker, gateway)
    for rest in (FIRST_REST, 2 * FIRST_REST):
        await time.advance(rest)
        tried = gateway.tried
        outcomes = await asyncio.gather(
            *(breaker.at_once(gateway.work) for _ in range(10)), return_exceptions=True
        )
        assert sorted(map(str, outcomes)) == ["down"] + ["sms is left alone"] * 9
        assert gateway.tried == tried + 1
    gateway.error = None
    await time.advance(4 * FIRST_REST)
    await breaker.at_once(gateway.work)
    assert not breaker.is_open
    await asyncio.gather(*(breaker.at_once(gateway.work) for _ in range(10)))


async def test_a_trial_that_was_given_up_leaves_room_for_another(
    breaker: Breaker, gateway: Gateway, time: SlowTime
) -> None:
    await rests(breaker, gateway)
    await time.advance(FIRST_REST)
    trial = asyncio.ensure_future(breaker.at_once(asyncio.Event().wait))
    await asyncio.sleep(0)
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    gateway.error = None
    await breaker.at_once(gateway.work)
    assert not breaker.is_open


async def test_one_order_that_is_at_fault_is_a_provider_that_works(
    breaker: Breaker, gateway: Gateway
) -> None:
    gateway.error = BadOrder("refused")
    for _ in range(20):
        with pytest.raises(BadOrder):
            await breaker.at_once(gateway.work)
    assert not breaker.is_open


async def test_what_was_found_out_is_handed_on(breaker: Breaker) -> None:
    async def answer() -> int:
        return 7

    assert await breaker.at_once(answer) == await breaker.through(answer) == 7
