"""Payments that do not fit: found, told apart, and settled by somebody who says what was done."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.gateways.payments.sandbox import Card, SandboxOrder
from bot.pay_port import Standing
from dialogs.receipts import WORDS
from storage.base import Write
from tests.operations.conftest import WHO, Operator
from tests.talk.customer import Customer
from tests.talk.test_paying import asks_for_a_link, at_the_bank, called_back, paid_twice, pays
from tests.talk.world import World


async def pays_another_amount(customer: Customer) -> SandboxOrder:
    """The bank takes a euro, whatever was asked for."""
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    await world.storage.commit([Write("update sandbox_order set amount = '1.00'")])
    assert await called_back(world, order)
    assert customer.reads(WORDS["odd"])
    return order


async def reference(world: World) -> str:
    (order,) = await world.rows("select reference from payment_order")
    return str(order["reference"])


async def test_without_trouble_nothing_waits_for_a_hand(customer: Customer, operator: Operator) -> None:
    await called_back(customer.world, await pays(customer.world, await asks_for_a_link(customer)))
    assert await operator.reads("payments") == "Nothing waits for a hand: every payment fits its order.\n"


async def test_another_amount_is_listed_with_what_to_do(customer: Customer, operator: Operator) -> None:
    order = await pays_another_amount(customer)
    listed = await operator.reads("payments")
    assert listed.startswith("One payment waits for a hand.")
    (line,) = (line for line in listed.splitlines() if line.startswith("T-"))
    for word in ("mismatch", "1.00 EUR", await reference(customer.world), order.id, "A••• K•••"):
        assert word in line
    assert "mismatch: The bank took another amount" in listed
    assert "twice:" not in listed


async def test_what_is_settled_leaves_the_list_and_stays_in_the_story_of_its_order(
    customer: Customer, operator: Operator
) -> None:
    await pays_another_amount(customer)
    (id,) = await operator.ids("payments")
    await operator.does("payments", "settle", id.lower(), "--note", "booked by hand")
    assert "Nothing waits" in await operator.reads("payments")
    story = await operator.reads("payments", "show", id)
    assert story.startswith(f"Order {await reference(customer.world)}")
    assert f"by {WHO}: booked by hand" in story
    again = await operator.is_refused("payments", "settle", id, "--note", "once more")
    assert "settled already" in again
    assert "booked by hand" in again
    assert f"by {WHO}: booked by hand" in await operator.reads("payments", "show", id)


async def test_nothing_is_settled_without_saying_what_was_done(
    customer: Customer, operator: Operator
) -> None:
    await pays_another_amount(customer)
    (id,) = await operator.ids("payments")
    assert "--note" in (await operator.does("payments", "settle", id, code=2)).output
    await operator.does("payments", "settle", id, "--note", "  ", code=2)
    assert await operator.ids("payments") == [id]


async def test_the_story_of_an_order_has_its_tries_and_what_the_chat_was_told(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer), Card.DECLINED))
    await called_back(world, await pays(world, await _link_again(world)))
    name = await reference(world)
    story = json.loads(await operator.reads("payments", "show", name.lower(), "--json"))
    assert story["order"]["state"] == "paid"
    assert story["order"]["customer"] == "A••• K•••"
    assert [each["state"] for each in story["tries"]] == ["paid", "failed"]
    assert [each["kind"] for each in story["told"]] == ["declined", "paid"]
    assert {each["state"] for each in story["told"]} == {"told"}
    assert story["troubles"] == []
    assert sum(float(each["amount"]) for each in story["items"]) == float(story["order"]["amount"])


async def _link_again(world: World) -> str:
    (order,) = await world.rows("select id from payment_order")
    return world.means.vault.derived("pay", str(order["id"]))


async def test_paid_twice_is_listed_once_newest_first_and_as_many_as_are_asked_for(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    _token, first, _second = await paid_twice(customer)
    await world.wait(minutes=1)
    await world.storage.commit(
        [Write("update sandbox_order set state = 'refunded' where id = :id", {"id": first.id})]
    )
    await called_back(world, first)
    rows = json.loads(await operator.reads("payments", "--json"))
    assert [row["kind"] for row in rows["rows"]] == ["refunded", "twice"]
    assert rows["count"] == 2
    one = json.loads(await operator.reads("payments", "--json", "--limit", "1"))
    assert (one["count"], one["shown"], one["rows"]) == (2, 1, rows["rows"][:1])
    assert "The newest 1 are shown; --all shows every one." in await operator.reads(
        "payments", "--limit", "1"
    )
    assert await operator.ids("payments", "--limit", "1", "--all") == [row["id"] for row in rows["rows"]]


async def test_money_for_no_order_of_ours_is_shown_by_the_banks_id(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    for table in ("payment_try", "payment_item", "payment_order"):
        await world.storage.commit([Write(f"delete from {table}")])
    await called_back(world, order)
    (id,) = await operator.ids("payments")
    assert order.id in await operator.reads("payments", "show", id)
    await operator.does("payments", "settle", id, "--note", "given back")
    assert "given back" in await operator.reads("payments", "show", id)


async def test_a_bank_that_has_said_nothing_for_a_day_is_listed_and_settles_by_itself(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    world.at -= timedelta(days=3)
    token = await asks_for_a_link(customer)
    order = await at_the_bank(world, token)
    listed = await operator.reads("payments")
    assert "no word: The bank's page was opened" in listed
    (id,) = await operator.ids("payments")
    assert id == await reference(world)
    assert "settles by itself" in await operator.is_refused("payments", "settle", id, "--note", "x")
    assert "open, no word yet" in await operator.reads("payments", "show", id)
    await world.bank.use(order, Card.GOOD)
    await called_back(world, order)
    assert (await world.payments.look(token)).standing is Standing.PAID
    assert "Nothing waits" in await operator.reads("payments")


async def test_what_is_not_there_is_said_with_a_way_on(world: World, operator: Operator) -> None:
    for words in (("show", "T-00000000"), ("show", "EK-1"), ("settle", "T-0", "--note", "x")):
        assert "`ekesco ops payments` lists" in await operator.is_refused("payments", *words)
