"""Claims of meters: seen as they stand, and ended for a holder who has called; nothing is ever granted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dialogs.claims import DECLINED
from dialogs.engine.text import _l
from tests.operations.conftest import Operator
from tests.talk.customer import ARTA, Customer
from tests.talk.test_claims import CODE, GEZIM, asking, both, claims_it, jobs, silent, state, told
from tests.talk.world import World

_NOTHING = "no claim of a meter is open"


async def test_a_claim_is_listed_with_how_its_holder_was_told(customer: Customer, operator: Operator) -> None:
    holder, other = await both(customer)
    assert _NOTHING in await operator.reads("claims")
    await claims_it(other)
    (row,) = json.loads(await operator.reads("claims", "--json"))["rows"]
    assert (row["meter"], row["by"], row["holder"]) == (CODE, "G••• H•••", "A••• K•••")
    assert (row["state"], row["told"]) == ("claimed", "being told")
    await jobs(holder.world)
    listed = await operator.reads("claims")
    assert listed.startswith("One claim of a meter is open.")
    assert "by e-mail and in the chat" in listed
    assert "shown in part; all from" in listed


async def test_a_holder_without_an_account_is_not_told_yet(customer: Customer, operator: Operator) -> None:
    await customer.world.fill()
    other = Customer(customer.world, "2")
    await other.registers("en", **GEZIM)
    await claims_it(other)
    listed = await operator.reads("claims")
    assert "not yet: has no account" in listed
    assert "••••••••92" in listed
    assert ARTA["number"] not in listed


@pytest.mark.parametrize("asked", [False, True], ids=["notify", "approve"])
async def test_what_an_operator_ends_is_as_if_the_holder_had_pressed_the_button(
    customer: Customer, operator: Operator, asked: bool
) -> None:
    if asked:
        await asking(customer)
    holder, other = await both(customer)
    await told(holder, other)
    (id,) = await operator.ids("claims")
    assert id.startswith("DPR6687-")
    silent(holder, other)
    assert "is ended" in await operator.reads("claims", "end", id.lower(), "--note", "the holder called")
    assert await state(customer.world) == "refused"
    await jobs(customer.world)
    assert other.reads(DECLINED)
    assert _NOTHING in await operator.reads("claims")
    await other.forge("start:LastBill")
    assert CODE not in other.news
    await other.forge("start:AddMeter")
    await other.say(CODE)
    assert not other.has("yes")
    assert "has ended already" in await operator.is_refused("claims", "end", id)


async def test_a_holder_may_have_what_they_agreed_to_ended(customer: Customer, operator: Operator) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    await holder.tap(_l("It is fine"))
    assert _NOTHING in await operator.reads("claims")
    listed = await operator.reads("claims", "--meter", "dpr 6687")
    assert "the holder has agreed" in listed
    (id,) = await operator.ids("claims", "--meter", CODE)
    await operator.does("claims", "end", id)
    await jobs(customer.world)
    assert other.reads(DECLINED)
    assert "may be asked again on" in await operator.reads("claims", "--meter", CODE)


async def test_what_has_ripened_is_no_longer_open_and_can_be_ended(
    customer: Customer, operator: Operator
) -> None:
    customer.world.at -= timedelta(days=8)
    holder, other = await both(customer)
    await told(holder, other)
    assert _NOTHING in await operator.reads("claims")
    assert "the holder did not object" in await operator.reads("claims", "--meter", CODE)
    (id,) = await operator.ids("claims", "--meter", CODE)
    await operator.does("claims", "end", id)
    assert await state(customer.world) == "refused"


async def test_what_is_not_there_is_said_with_a_way_on(world: World, operator: Operator) -> None:
    for id in ("DPR6687-0123ABCD", "DPR 6687", "x"):
        assert "`ekesco ops claims` lists" in await operator.is_refused("claims", "end", id)
    assert "There is no claim for DPR 6687." in await operator.reads("claims", "--meter", "6687 DPR DPR6687")
    assert "no customer code" in await operator.is_refused("claims", "--meter", "Arta")
