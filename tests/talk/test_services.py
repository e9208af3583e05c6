"""Dialogs that ask a service: what was answered on the strength of an old answer does not stand."""

from __future__ import annotations

from dialogs.engine.prompts import CANCEL, YES
from tests.talk.books import CODE, FIRST, FLOOR, NO_SUCH_CODE, SECOND, lookup
from tests.talk.customer import Customer


async def begins(customer: Customer, *answers: str) -> None:
    await customer.comes_in("en")
    await customer.world.restart(lookup())
    await customer.forge("start:Lookup")
    for answer in answers:
        await customer.say(answer)


async def test_a_service_is_asked_and_its_answer_shown(customer: Customer) -> None:
    await begins(customer, "1", "ground floor")
    assert customer.reads(FIRST)
    assert "Lipova 4" in customer.last
    await customer.tap(YES)
    assert customer.reads(SECOND)
    await customer.tap(YES)
    assert "Lipova 4 it is." in customer.news


async def test_another_code_is_looked_up_anew_and_what_rested_on_the_house_is_asked_again(
    customer: Customer,
) -> None:
    await begins(customer, "1", "ground floor")
    await customer.tap("change:code")
    await customer.say("2")
    assert customer.reads(FLOOR)
    await customer.say("upper floor")
    assert "Dardania 7" in customer.last


async def test_the_same_code_again_asks_nothing_again(customer: Customer) -> None:
    await begins(customer, "1", "ground floor")
    await customer.tap("change:code")
    await customer.say("1")
    assert customer.reads(FIRST)


async def test_what_was_confirmed_before_a_change_and_its_undoing_is_confirmed_again(
    customer: Customer,
) -> None:
    await begins(customer, "1", "ground floor")
    await customer.tap(YES)
    assert customer.reads(SECOND)
    for code in ("2", "1"):
        await customer.tap("change:code")
        await customer.say(code)
        assert customer.reads(FLOOR)
        await customer.say("ground floor")
        assert customer.reads(FIRST)
    await customer.tap(YES)
    assert customer.reads(SECOND)


async def test_a_code_that_is_unknown_is_asked_again_with_the_reason(customer: Customer) -> None:
    await begins(customer, "7")
    assert customer.hears(NO_SUCH_CODE)
    assert customer.reads(CODE)
    await customer.say("2")
    assert customer.reads(FLOOR)


async def test_after_three_unknown_codes_the_dialog_gives_up(customer: Customer) -> None:
    await begins(customer, "7", "8", "9")
    assert "Perhaps another day." in customer.news
    assert (await customer.conversation()).frames == ()


async def test_a_code_that_was_opened_and_left_brings_the_review_back(customer: Customer) -> None:
    await begins(customer, "1", "ground floor")
    first = customer.last
    await customer.tap("change:code")
    await customer.say("cancel")
    assert customer.last == first
    await customer.tap(CANCEL)
    assert (await customer.conversation()).frames == ()
