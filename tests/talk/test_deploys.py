"""New dialogs under an open conversation: answers match by name, and what no longer fits is asked again."""

from __future__ import annotations

import pytest

from dialogs.engine.advance import STALE
from dialogs.engine.prompts import DONE, YES
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from tests.talk.books import (
    FLOOR,
    HOURS,
    NAME,
    ROOMS,
    SURE,
    visit,
    visit_of_other_types,
    visit_with_less,
    visit_with_more,
    visit_without_review,
    without,
)
from tests.talk.customer import Customer
from tests.talk.world import BOOK


async def visits(customer: Customer, *answers: str) -> None:
    await customer.comes_in("en")
    await customer.world.restart(visit())
    await customer.forge("start:Visit")
    for answer in answers:
        await customer.say(answer)


async def test_an_inserted_question_is_asked_and_nothing_else(customer: Customer) -> None:
    await visits(customer, "Ana", "3", "upper floor")
    assert customer.reads(SURE)
    await customer.world.restart(visit_with_more())
    sure = customer.button(YES)
    await customer.tap(YES)
    assert sure.payload not in customer.payloads
    assert customer.hears(STALE)
    assert customer.reads(HOURS)
    await customer.say("2")
    assert customer.reads(SURE)
    assert "Ana" in customer.last
    await customer.tap(YES)
    assert "Goodbye, Ana." in customer.news


async def test_what_was_said_to_one_question_is_no_answer_to_the_one_in_its_place(customer: Customer) -> None:
    await visits(customer, "Ana", "3")
    assert customer.reads(FLOOR)
    await customer.world.restart(visit_with_more())
    await customer.say("2")
    assert customer.reads(HOURS)
    assert "hours" not in (await customer.conversation()).top.told
    await customer.say("2")
    assert customer.reads(FLOOR)


async def test_a_dialog_that_has_nothing_left_to_ask_comes_to_its_end(customer: Customer) -> None:
    await visits(customer, "Ana", "3", "upper floor")
    await customer.world.restart(visit_without_review())
    await customer.say("hello?")
    assert "Goodbye, Ana." in customer.news
    assert (await customer.conversation()).frames == ()


async def test_a_question_that_is_gone_is_not_missed(customer: Customer) -> None:
    await visits(customer, "Ana")
    assert customer.reads(ROOMS)
    await customer.world.restart(visit_with_less())
    await customer.say("3")
    assert customer.reads(FLOOR)
    await customer.say("ground floor")
    await customer.tap(YES)
    assert "Goodbye, Ana." in customer.news


async def test_an_answer_of_another_type_is_asked_again_and_the_rest_stands(customer: Customer) -> None:
    await visits(customer, "Ana", "3", "upper floor")
    await customer.world.restart(visit_of_other_types())
    await customer.say("help")
    assert customer.reads(ROOMS)
    await customer.say("2")
    assert customer.reads(FLOOR)  # the upper floor is gone too
    await customer.say("attic")
    assert customer.reads(SURE)
    assert "Ana" in customer.last


async def test_a_dialog_that_is_gone_leaves_a_working_chat(customer: Customer) -> None:
    await visits(customer, "Ana")
    await customer.world.restart(BOOK)
    await customer.say("3")
    assert customer.news
    await customer.say("menu")
    assert customer.hears(Home.menu.text)
    await customer.tap("start:EstimateBill")
    assert customer.reads(EstimateBill.appliances.text)


async def test_the_button_of_a_dialog_that_is_gone_brings_the_menu(customer: Customer) -> None:
    await visits(customer, "Ana", "3")
    upper = customer.button("=UPPER")
    await customer.world.restart(BOOK)
    await customer.press(upper)
    assert customer.hears(STALE)
    assert customer.hears(Home.menu.text)


async def test_a_deploy_and_its_undoing_lose_nothing_that_was_not_touched(customer: Customer) -> None:
    await visits(customer, "Ana", "3")
    for book in (visit_with_more(), visit()):
        await customer.world.restart(book)
    await customer.tap("=UPPER")
    assert customer.reads(SURE)


@pytest.mark.parametrize("language", ["sq", "sr"])
async def test_an_appliance_that_left_the_catalogue_leaves_the_result(
    customer: Customer, language: str
) -> None:
    await customer.estimates(language)
    first = customer.last
    await customer.world.restart(without("oven"))
    await customer.tap("change:month")
    await customer.tap("=winter")
    assert customer.reads(EstimateBill.result.text)
    assert customer.last != first
    await customer.tap("change:appliances")
    assert not any(p.endswith("oven") and p.partition(":")[2][1:] == "oven" for p in customer.payloads)
    await customer.tap(DONE)
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)


async def test_an_appliance_opened_while_it_left_the_catalogue_is_let_go(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("view:uses")
    await customer.tap("view:uses.oven")
    await customer.tap("change:uses.oven.times")
    await customer.world.restart(without("oven"))
    await customer.say("4")
    assert customer.reads(EstimateBill.result.text)
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)


async def test_a_tick_on_an_appliance_that_left_the_catalogue_ticks_nothing(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    oven = customer.button("-oven")
    await customer.world.restart(without("oven"))
    await customer.press(oven)
    assert customer.reads(EstimateBill.appliances.text)
    await customer.tap(DONE)
    assert "oven" not in (await customer.conversation()).top.told["appliances"].value


async def test_drafts_outlive_a_deploy(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap("-freezer")
    await customer.world.restart(without("oven"))
    await customer.tap(DONE)
    chosen = (await customer.conversation()).top.told["appliances"].value
    assert "freezer" not in chosen
    assert "refrigerator" in chosen


async def test_the_name_is_asked_first(customer: Customer) -> None:
    await visits(customer)
    assert customer.reads(NAME)
