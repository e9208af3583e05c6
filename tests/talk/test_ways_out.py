"""Back, cancel, and help that grows until a person is offered."""

from __future__ import annotations

import pytest

from dialogs.engine.choosing import STOPPED
from dialogs.engine.prompts import BACK, CANCEL, DONE, HELP, NOT_UNDERSTOOD
from dialogs.estimate import HOURS_HELP, ApplianceUse, EstimateBill
from dialogs.helpdesk import CALL_CENTRE
from dialogs.home import Home
from tests.talk.customer import Customer


@pytest.mark.parametrize(
    "word", ["anulo", "Ndërprit!", "otkaži", "otkazi", "откажи", "cancel", "STOP", "/cancel"]
)
async def test_cancel_stops_in_every_language(customer: Customer, word: str) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.say(word)
    assert customer.hears(STOPPED)
    assert customer.hears(Home.menu.text)
    assert (await customer.conversation()).frames == ()


async def test_back_at_the_result_asks_for_the_appliances_again(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap("-oven")
    await customer.tap(DONE)
    await customer.tap(BACK)
    assert customer.reads(EstimateBill.appliances.text)
    assert any(p.endswith(":+oven") for p in customer.payloads)
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)


async def test_back_takes_one_answer_at_a_time(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("change:month")
    await customer.tap("=7")
    await customer.tap(BACK)
    conversation = await customer.conversation()
    assert "month" not in conversation.top.told
    assert "appliances" in conversation.top.told
    await customer.tap(BACK)
    assert "appliances" not in (await customer.conversation()).top.told


async def test_back_past_the_first_question_leads_out(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.say("mbrapa")
    assert customer.hears(Home.menu.text)
    assert (await customer.conversation()).frames == ()


@pytest.mark.parametrize(("language", "word"), [("sq", "ndihmë"), ("sr", "pomoć"), ("en", "help")])
async def test_help_grows_and_ends_with_the_call_centre(customer: Customer, language: str, word: str) -> None:
    await customer.comes_in(language)
    await customer.tap("start:EstimateBill")
    for help in EstimateBill.appliances.extras.help:
        assert not customer.hears(CALL_CENTRE)
        await customer.say(word)
        assert customer.hears(help)
        assert customer.reads(EstimateBill.appliances.text)
    for _ in range(2):
        await customer.tap(HELP)
        assert customer.hears(CALL_CENTRE)
        assert customer.reads(EstimateBill.appliances.text)


async def test_what_is_not_understood_helps_a_little_more_each_time(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")
    await customer.say("shumë gjatë")
    assert customer.hears(HOURS_HELP[0])
    assert not customer.hears(CALL_CENTRE)
    for _ in range(2):
        await customer.say("shumë gjatë")
    assert customer.hears(CALL_CENTRE)
    await customer.say("2")
    assert customer.reads(EstimateBill.result.text)


async def test_help_starts_anew_at_the_next_question(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    for _ in range(3):
        await customer.tap(HELP)
    await customer.tap(DONE)
    await customer.tap(HELP)
    assert customer.hears(EstimateBill.result.extras.help[0])


async def test_words_outside_any_dialog_bring_the_menu(customer: Customer) -> None:
    await customer.comes_in()
    await customer.say("qwertz")
    assert customer.hears(NOT_UNDERSTOOD)
    assert customer.hears(Home.menu.text)


@pytest.mark.parametrize("word", ["mbrapa", "anulo", "meny"])
async def test_control_words_outside_any_dialog_bring_the_menu(customer: Customer, word: str) -> None:
    await customer.comes_in()
    await customer.say(word)
    assert customer.hears(Home.menu.text)


async def test_cancel_inside_a_row_leaves_its_answer_and_a_second_one_ends_all(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")
    assert customer.reads(ApplianceUse.hours.text)
    await customer.say("anulo")
    assert customer.reads(EstimateBill.result.text)
    await customer.tap(CANCEL)
    assert customer.hears(STOPPED)
    assert (await customer.conversation()).frames == ()
