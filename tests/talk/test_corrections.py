"""Changes of mind: the result follows, and nothing else is lost."""

from __future__ import annotations

import pytest

from dialogs.engine.prompts import BACK, CANCEL, DONE, KEEP, WHOLE, YES
from dialogs.estimate import ApplianceUse, EstimateBill
from tests.talk.customer import Customer

TV_HOURS = "change:uses.television.hours"


async def opens_the_hours_of_the_tv(customer: Customer) -> None:
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap(TV_HOURS)
    assert customer.reads(ApplianceUse.hours.text)


@pytest.mark.parametrize("language", ["sq", "sr", "sr_Cyrl", "en"])
async def test_a_changed_line_changes_the_total_and_changed_back_it_returns(
    customer: Customer, language: str
) -> None:
    await customer.estimates(language)
    first = customer.last
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=12")
    await customer.tap(WHOLE)
    assert customer.reads(EstimateBill.result.text)
    assert customer.last != first
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=6")
    await customer.tap(WHOLE)
    assert customer.last == first


async def test_an_answer_that_was_opened_can_be_left_as_it_is(customer: Customer) -> None:
    await customer.estimates()
    first, told = customer.last, (await customer.conversation()).top.rows
    await opens_the_hours_of_the_tv(customer)
    await customer.tap(KEEP)
    await customer.tap(WHOLE)
    assert customer.last == first
    assert {k: r.told for k, r in (await customer.conversation()).top.rows["uses"].items()} == {
        "television": {}
    }
    assert told == {}


@pytest.mark.parametrize("way_out", [KEEP, BACK, CANCEL])
async def test_an_answer_of_ones_own_that_was_opened_is_left_as_it_is(
    customer: Customer, way_out: str
) -> None:
    await customer.estimates()
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=12")
    await customer.tap(WHOLE)
    await customer.tap("change:month")
    await customer.tap("=7")
    first = customer.last
    asked = (await customer.conversation()).asked
    await customer.tap("change:month")
    await customer.forge(f"{asked + 1}:{way_out}")
    assert customer.last == first
    await opens_the_hours_of_the_tv(customer)
    await customer.forge(f"{asked + 3}:{way_out}")
    await customer.tap(WHOLE)
    assert customer.last == first


async def test_a_month_that_was_chosen_stays_when_appliances_change(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("change:month")
    await customer.tap("=7")
    first = customer.last
    for change in ("-oven", "+oven"):
        await customer.tap("change:appliances")
        await customer.tap(change)
        await customer.tap(DONE)
        assert (await customer.conversation()).top.told["month"].value == "7"
    assert customer.last == first


@pytest.mark.parametrize("word", ["mbrapa", "anulo", "nazad", "otkaži", "back", "cancel"])
async def test_back_and_cancel_leave_an_opened_answer_as_it_is(customer: Customer, word: str) -> None:
    await customer.estimates()
    first = customer.last
    await opens_the_hours_of_the_tv(customer)
    await customer.say(word)
    await customer.tap(WHOLE)
    assert customer.last == first


async def test_opened_appliances_keep_their_ticks(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap("-oven")
    await customer.tap("p1")
    await customer.tap("+kettle")
    await customer.tap(DONE)
    await customer.tap("change:appliances")
    assert "+oven" in "".join(customer.payloads)
    assert "-refrigerator" in "".join(customer.payloads)
    await customer.tap("p1")
    assert "-kettle" in "".join(customer.payloads)


async def test_a_change_of_appliances_keeps_what_was_said_of_the_others(customer: Customer) -> None:
    await customer.estimates()
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=12")
    await customer.tap(WHOLE)
    await customer.tap("change:appliances")
    await customer.tap("-oven")
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    rows = (await customer.conversation()).top.rows["uses"]
    assert rows["television"].told["hours"].value == 12


async def test_an_appliance_that_comes_back_brings_what_was_said_of_it(customer: Customer) -> None:
    await customer.estimates()
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=12")
    await customer.tap(WHOLE)
    with_much_tv = customer.last
    for change in ("-television", "+television"):
        await customer.tap("change:appliances")
        await customer.tap(change)
        await customer.tap(DONE)
    assert customer.last == with_much_tv


async def test_the_month_changes_the_season_of_what_is_typical(customer: Customer) -> None:
    await customer.estimates()
    first = customer.last
    await customer.tap("change:month")
    assert customer.reads(EstimateBill.month.text)
    await customer.tap("=7")
    assert customer.reads(EstimateBill.result.text)
    assert customer.last != first
    await customer.tap("change:month")
    await customer.tap("=winter")
    assert customer.last == first


async def test_nothing_ticked_is_said_and_the_ticks_are_asked_again(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    while ticked := [p for p in customer.payloads if p.partition(":")[2].startswith("-")]:
        await customer.tap(ticked[0])
    await customer.tap(DONE)
    assert EstimateBill.appliances.too_few is not None
    assert customer.hears(EstimateBill.appliances.too_few)
    assert customer.reads(EstimateBill.appliances.text)


async def test_start_again_forgets_the_answers_and_asks_from_the_first(customer: Customer) -> None:
    await customer.estimates()
    await opens_the_hours_of_the_tv(customer)
    await customer.tap("=12")
    await customer.tap(WHOLE)
    await customer.tap("redo:0")
    assert customer.reads(EstimateBill.appliances.text)
    assert (await customer.conversation()).top.rows == {}


async def test_a_result_that_was_confirmed_is_over(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap(YES)
    await customer.tap_old("change:month")
    assert (await customer.conversation()).frames == ()


async def test_parts_of_the_result_close_one_after_the_other(customer: Customer) -> None:
    await customer.estimates()
    first = customer.last
    await customer.tap("view:uses")
    parts = customer.last
    await customer.tap("view:uses.oven")
    await customer.tap(BACK)
    assert customer.last == parts
    await customer.tap(BACK)
    assert customer.last == first


async def test_an_appliance_is_opened_by_its_name(customer: Customer) -> None:
    await customer.estimates("en")
    await customer.say("tv")
    assert customer.reads(ApplianceUse.hours.text) or customer.has(f"{TV_HOURS}")
