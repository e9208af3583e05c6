"""Why a chat failed, found by the number the customer saw; and nothing of what was said in it."""

from __future__ import annotations

import json

from dialogs.estimate import EstimateBill
from tests.operations.conftest import Operator
from tests.operations.test_dead import is_not_answered, meets_an_error
from tests.talk.customer import ARTA, Customer
from tests.talk.test_faults import kept, picks
from tests.talk.world import World


async def test_an_error_is_found_by_the_number_that_the_customer_saw(
    customer: Customer, operator: Operator
) -> None:
    number = await meets_an_error(customer)
    said = await operator.reads("chat", number.lower())
    assert said.startswith(f"Chat {customer.chat}.")
    assert f"error={number}" in said
    (id,) = await operator.ids("dead")
    assert f"ekesco ops dead retry {id}" in said
    failed = [line for line in said.splitlines() if line.endswith(number)]
    assert any("pressed a button  failed" in line for line in failed)
    found = json.loads(await operator.reads("chat", number, "--json"))
    assert found["chat"] == customer.chat
    assert found["turns"][0]["error"] == number
    assert found["error"]["at"] == found["turns"][0]["at"]
    customer.world.set_aside = 1


async def test_it_is_found_though_it_was_handled_meanwhile(customer: Customer, operator: Operator) -> None:
    number = await meets_an_error(customer)
    await operator.does("dead", "retry", "all")
    await customer.world.sweep()
    assert customer.reads(EstimateBill.result.text)
    said = await operator.reads("chat", number)
    assert f"error={number}" in said
    assert "ekesco ops dead retry" not in said


async def test_where_a_chat_stands_is_told_without_its_answers(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    await world.fill()
    await customer.registers("sr")
    await customer.forge("start:EstimateBill")
    await customer.say("nesto sasvim privatno")
    said = await operator.reads("chat", customer.chat)
    (account,) = await world.rows("select id from account where email = :email", email=ARTA["email"])
    assert f"A••• K•••, account {str(account['id'])[:10]}" in said
    assert "EstimateBill, asked for appliances" in said
    assert "language    sr" in said
    for word in ("privatno", *ARTA.values(), "38344123456"):
        assert word not in said
    assert "What waits or was given up:\n  nothing" in said


async def test_what_waits_in_a_chat_is_shown_with_why(customer: Customer, operator: Operator) -> None:
    await picks(customer)
    await is_not_answered(customer, "help")
    found = json.loads(await operator.reads("chat", customer.chat, "--json"))
    (row,) = found["unfinished"]
    assert (row["state"], row["why"]) == ("dead", "refused: can't parse entities")
    assert [row["id"]] == await operator.ids("dead")
    customer.world.given_up = 1


async def test_what_was_begun_too_often_has_its_number_too(customer: Customer, operator: Operator) -> None:
    await picks(customer)
    update = await kept(customer, "again and again", {"say": "gati"})
    customer.screen.news.clear()
    await customer.world.turns.give_up(update)
    await customer.world.settle()
    found = json.loads(await operator.reads("chat", customer.chat, "--json", "--limit", "1"))
    (turn,) = found["turns"]
    assert (turn["event"], turn["outcome"]) == ("GivenUp", "failed")
    assert str(turn["error"]) in customer.news
    assert "(given up)" in await operator.reads("chat", str(turn["error"]))
    customer.world.set_aside = 1


async def test_what_is_not_there_is_said_with_a_way_on(world: World, operator: Operator) -> None:
    assert "error=ABCDEF" in await operator.is_refused("chat", "abcdef")
    assert "Errors have six signs" in await operator.is_refused("chat", "hello")
    assert "written like telegram:42" in await operator.is_refused("chat", "telegram:42")
