"""Yes confirms where there is something to confirm, and a name ticks but never unticks."""

from __future__ import annotations

import pytest

from dialogs.estimate import TYPICAL, EstimateBill
from dialogs.home import Home
from tests.talk.customer import Customer


@pytest.mark.parametrize("yes", ["po", "da", "Да", "yes", "OK", "në rregull"])
async def test_yes_confirms_a_result(customer: Customer, yes: str) -> None:
    await customer.estimates("sq")
    await customer.say(yes)
    assert customer.reads(Home.menu.text), customer.news


async def test_yes_answers_no_question_that_asks_for_something_else(customer: Customer) -> None:
    await customer.estimates("sq")
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")
    await customer.say("po")
    assert (await customer.conversation()).top.rows["uses"]["television"].opened == ("hours",)


@pytest.mark.parametrize("named", ["Televizor", "televizor, bojler", "TV"])
async def test_naming_what_is_ticked_never_unticks_it(customer: Customer, named: str) -> None:
    await customer.comes_in("sq")
    await customer.tap("start:EstimateBill")
    await customer.say(named)
    assert customer.reads(EstimateBill.appliances.text), customer.news
    await customer.say("gati")
    told = (await customer.conversation()).top.told["appliances"].value
    assert set(told) == set(TYPICAL)
