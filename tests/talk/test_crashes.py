"""Killed in the middle of each statement of a turn: the next process finds all of it, once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from bot.channel import Arrival
from bot.forms_port import Closed, Taken, Why
from bot.inbox import Update
from bot.seeding.people import citizen_number
from bot.services.ports import Away, Connection, Invoice, Person, Registry
from dialogs.engine.prompts import FAILED, RETRY
from dialogs.estimate import EstimateBill
from storage.base import Unavailable, Write
from tests.talk.customer import PASSWORD, Customer
from tests.talk.people import e164
from tests.talk.world import World

Result = TypeVar("Result")
#: More statements than a turn and its delivery have, and than all of a registration from its page on.
MOST, MOST_OF_ALL = 30, 200


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


# -- opening an account --------------------------------------------------------------------------------


async def stranger(world: World, n: int) -> tuple[Customer, dict[str, str]]:
    """Somebody whom the register knows, at the page for the password."""
    answers = {
        "number": citizen_number(10_000 + n),
        "first_name": "Vjosa",
        "last_name": "Shala",
        "code": "skip",
        "email": f"vjosa{n}@example.com",
        "phone": f"+383 44 {300 + n // 1000} {n % 1000:03}",
    }
    add = "insert into customer values (:number, 'Vjosa', 'Shala', '2036-01-01')"
    await world.storage.commit([Write(add, {"number": answers["number"]})])
    customer = Customer(world, f"r{n}")
    await customer.applies_for("en", **answers)
    return customer, answers


async def registers_in_spite_of_it(customer: Customer) -> None:
    """From the page to the end, doing again whatever was not answered."""
    await sends_page(customer)
    await does(customer, lambda: {"tap": customer.button("yes").payload})
    await does(customer, lambda: {"say": customer.world.post.code(customer.chat)})


async def sends_page(customer: Customer) -> None:
    token = customer.page()
    outcome = await until_stuck(
        customer, customer.world.pages.submit(token, {"password": PASSWORD, "again": PASSWORD})
    )
    if outcome is None:  # the browser sends it again
        outcome = await customer.world.pages.submit(token, {"password": PASSWORD, "again": PASSWORD})
    assert isinstance(outcome, Taken) or outcome in (Closed(Why.USED, "en"), Closed(Why.MOVED_ON, "en"))
    await customer.world.settle()


async def does(customer: Customer, what: Callable[[], dict[str, str]]) -> None:
    customer.moves += 1
    customer.world.at += timedelta(seconds=5)
    body = json.dumps(what()).encode()
    if await until_stuck(customer, _arrives(customer, body)) is None:
        await _arrives(customer, body)  # the channel brings again what was not confirmed
        await customer.world.sweep()


async def _arrives(customer: Customer, body: bytes) -> bool:
    await customer.arrive(body)
    await customer.world.settle()
    return True


async def until_stuck(customer: Customer, work: Coroutine[Any, Any, Result]) -> Result | None:
    """What came of it, all that it led to included; None when it failed or the process was killed in it."""
    world = customer.world
    task = asyncio.create_task(_to_the_end(world, work))
    stuck = asyncio.create_task(world.storage.is_stuck.wait())
    await asyncio.wait((task, stuck), return_when=asyncio.FIRST_COMPLETED)
    if world.storage.is_stuck.is_set():
        await world.restart()
        return None
    stuck.cancel()
    try:
        return await task
    except Unavailable:
        await world.sweep()
        return None


async def _to_the_end(world: World, work: Coroutine[Any, Any, Result]) -> Result:
    result = await work
    await world.settle()
    await world.sweep()  # a commit of unknown outcome is found by it
    return result


async def expect_one_account(customer: Customer, answers: dict[str, str]) -> None:
    """What an undisturbed registration leaves behind, and nothing else."""
    world, chat = customer.world, customer.chat
    own = {"chat": chat}
    (account,) = await world.rows("select * from account where email = :email", email=answers["email"])
    assert account["personal_number"] == answers["number"]
    assert account["phone"] == e164(answers)
    assert account["rev"] == 1
    (link,) = await world.rows("select account from chat_link where chat = :chat", **own)
    assert link["account"] == account["id"]
    (challenge,) = await world.rows("select tries, used_at from challenge where chat = :chat", **own)
    assert challenge["tries"] == 0
    assert challenge["used_at"] is not None
    used = await world.rows("select 1 from form where chat = :chat and used_at is not null", **own)
    assert len(used) == 1
    assert await world.rows("select 1 from secret where chat = :chat", **own) == []
    letters = await world.rows("select 1 from outbox where chat = :chat and kind in ('sms', 'email')", **own)
    assert len(letters) == 1
    assert [parcel.kind for parcel in world.post.parcels if parcel.chat == chat] == ["sms"]
    turns = await world.rows("select key from turn_log where chat = :chat", **own)
    assert len({str(turn["key"]) for turn in turns}) == len(turns)
    said = sum(
        "Your account is open." in str(shown) for what, shown in customer.screen.history if what != "does"
    )
    assert said in (1, 2), "at worst one message is repeated"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_registration_killed_anywhere_opens_one_account(url: str, after: bool) -> None:
    world = World(url, "telegram")
    await world.fill()
    for n in range(MOST_OF_ALL):
        customer, answers = await stranger(world, n)
        world.storage.stuck_at, world.storage.stuck_after = n, after
        await registers_in_spite_of_it(customer)
        over, world.storage.stuck_at = world.storage.stuck_at is not None, None
        await expect_one_account(customer, answers)
        if over:
            break
    else:
        raise AssertionError("it never ended")
    assert n > 20
    await world.close()


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done, but the answer is lost"])
async def test_a_registration_with_a_failure_anywhere_opens_one_account(url: str, after: bool) -> None:
    world = World(url, "telegram")
    await world.fill()
    for n in range(MOST_OF_ALL):
        customer, answers = await stranger(world, n)
        world.storage.fails_at, world.storage.fails_after = n, after
        await registers_in_spite_of_it(customer)
        over, world.storage.fails_at = world.storage.fails_at is not None, None
        await world.sweep()
        await expect_one_account(customer, answers)
        if over:
            break
    else:
        raise AssertionError("it never ended")
    assert n > 20
    await world.close()


class Flickering:
    """A register whose `fails_at`-th answer from now does not come."""

    def __init__(self, inner: Registry, fails_at: int) -> None:
        self._inner, self.fails_at = inner, fails_at

    async def person(self, personal_number: str) -> Person | None:
        self._count()
        return await self._inner.person(personal_number)

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        self._count()
        return await self._inner.connections(personal_number)

    async def connection(self, customer_code: str) -> Connection | None:
        self._count()
        return await self._inner.connection(customer_code)

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        self._count()
        return await self._inner.invoices(customer_code, most)

    def _count(self) -> None:
        self.fails_at -= 1
        if self.fails_at == -1:
            raise Away("the register")


async def test_a_register_that_fails_anywhere_in_a_registration_is_asked_again(world: World) -> None:
    await world.fill()
    inner, retried = world.registry, 0
    for n in range(MOST):
        customer, answers = await stranger(world, n)
        world.registry = Flickering(inner, n)  # type: ignore[assignment]
        world.turns = world.more_turns()
        await customer.chooses_password()
        await customer.tap("yes")
        code = await kept(customer, world.post.code(customer.chat))
        await world.turns.take(code)
        await world.settle()
        if customer.hears(FAILED):
            assert await world.rows("select 1 from chat_link where chat = :chat", chat=customer.chat) == []
            retried += 1
            again = await kept(customer, "", tap=customer.button(RETRY).payload)
            await world.turns.take(again)
            await world.settle()
        await expect_one_account(customer, answers)
        if world.registry.fails_at >= 0:  # type: ignore[attr-defined]
            break
    else:
        raise AssertionError("it never ended")
    assert retried >= 2


async def kept(customer: Customer, text: str, tap: str = "") -> Update:
    customer.moves += 1
    customer.screen.news.clear()
    body = json.dumps({"tap": tap} if tap else {"say": text}).encode()
    arrival = Arrival(customer.world.channel.name, f"{customer.chat}-{customer.moves}", customer.chat, body)
    await customer.world.keep_update(arrival)
    return Update(arrival, customer.world.at)
