"""Killed in the middle of each statement of a turn: the next process finds all of it, once."""

from __future__ import annotations

import asyncio
import json

import pytest

from dialogs.estimate import EstimateBill
from tests.talk.customer import Customer
from tests.talk.world import World

#: More statements than a turn and its delivery have.
MOST = 30


async def killed_in(customer: Customer, payload: str, statement: int, *, after: bool) -> bool:
    """The process ends in that statement of a tap's turn; False when the turn ended before."""
    world = customer.world
    world.storage.stuck_at, world.storage.stuck_after = statement, after
    body = json.dumps({"tap": payload}).encode()
    work = asyncio.create_task(_reach(customer, body))
    stuck = asyncio.create_task(world.storage.is_stuck.wait())
    await asyncio.wait((work, stuck), return_when=asyncio.FIRST_COMPLETED)
    killed = not work.done()
    await world.restart()
    await _reach(customer, body)  # the channel brings again what was not confirmed
    await world.sweep()
    return killed


async def _reach(customer: Customer, body: bytes) -> None:
    await customer.arrive(body, f"{customer.chat}-crash")
    await customer.world.settle()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_turn_killed_anywhere_is_done_once(world: World, after: bool) -> None:
    for statement in range(MOST):
        customer = Customer(world, f"c{statement}")
        await customer.comes_in()
        await customer.tap("start:EstimateBill")
        await customer.tap("-oven")
        customer.screen.news.clear()
        killed = await killed_in(customer, customer.button("done").payload, statement, after=after)
        conversation = await customer.conversation()
        assert conversation.asked == 4
        assert "oven" not in conversation.top.told["appliances"].value
        assert customer.reads(EstimateBill.result.text)
        assert len(customer.screen.news) in (1, 2), "at worst one message is repeated"
        turns = await world.rows("select 1 from turn_log where chat = :chat", chat=customer.chat)
        assert len(turns) == 6
        await customer.tap("change:month")
        await customer.tap("=7")
        assert customer.reads(EstimateBill.result.text)
        if not killed:
            break
    else:
        raise AssertionError("the turn never ended")
    assert statement > 2


async def test_a_delivery_killed_on_its_way_is_repeated(world: World) -> None:
    customer = Customer(world)
    await customer.comes_in()
    world.channel.stuck = True
    await customer.arrive(json.dumps({"tap": "start:EstimateBill"}).encode(), "stuck")
    assert await world.inbox.drain(5)
    await world.restart()
    assert customer.reads(EstimateBill.appliances.text)
    await customer.tap("done")
    assert customer.reads(EstimateBill.result.text)
