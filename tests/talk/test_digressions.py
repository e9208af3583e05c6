"""Something else in mid-question, and back again with every answer."""

from __future__ import annotations

import pytest

from dialogs.engine.going import BACK_WHERE_WE_WERE, RESUME
from dialogs.engine.prompts import CANCEL
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.get_app import GetApp
from dialogs.helpdesk import Helpdesk
from dialogs.home import Home
from dialogs.tongue import Tongue
from tests.talk.customer import Customer


async def in_mid_question(customer: Customer, language: str = "sq") -> None:
    await customer.estimates(language)
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")


@pytest.mark.parametrize(
    ("language", "word"),
    [("sq", "aplikacioni"), ("sr", "aplikacija"), ("en", "app"), ("sq", "start:GetApp")],
)
async def test_the_app_is_shown_and_the_question_comes_back(
    customer: Customer, language: str, word: str
) -> None:
    await in_mid_question(customer, language)
    frames = (await customer.conversation()).frames
    await (customer.forge(word) if word.startswith("start:") else customer.say(word))
    assert customer.hears(GetApp.stores.text)
    assert customer.hears(BACK_WHERE_WE_WERE)
    assert customer.reads(ApplianceUse.hours.text)
    assert (await customer.conversation()).frames == frames
    await customer.tap("=2")
    assert customer.reads(EstimateBill.result.text)


@pytest.mark.parametrize("word", ["meny", "meni", "мени", "menu", "/menu", "/start"])
async def test_the_menu_offers_to_go_on(customer: Customer, word: str) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.say(word)
    assert customer.hears(Home.menu.text)
    assert (await customer.conversation()).frames == frames
    await customer.tap(RESUME)
    assert customer.reads(ApplianceUse.hours.text)
    await customer.tap("=2")
    assert customer.reads(EstimateBill.result.text)


async def test_the_chat_opened_once_more_offers_to_go_on(customer: Customer) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.open()
    assert customer.has(RESUME)
    assert (await customer.conversation()).frames == frames


async def test_the_question_is_still_answered_beneath_the_menu(customer: Customer) -> None:
    await in_mid_question(customer)
    await customer.say("menu")
    await customer.say("2")
    assert customer.news


async def test_the_helpdesk_from_an_old_menu_returns_to_the_question(customer: Customer) -> None:
    await in_mid_question(customer)
    await customer.forge("start:Helpdesk")
    assert customer.hears(Helpdesk.said.text)
    assert customer.reads(ApplianceUse.hours.text)


async def test_a_dialog_that_is_open_is_not_opened_twice(customer: Customer) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.forge("start:EstimateBill")
    assert (await customer.conversation()).frames == frames
    assert customer.reads(ApplianceUse.hours.text)


async def test_a_digression_that_asks_can_be_cancelled(customer: Customer) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.say("gjuha")
    assert customer.reads(Tongue.language.text)
    await customer.tap(CANCEL)
    assert customer.hears(BACK_WHERE_WE_WERE)
    assert (await customer.conversation()).frames == frames


async def test_a_parked_dialog_that_is_asked_for_again_is_taken_up(customer: Customer) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.say("gjuha")
    await customer.forge("start:EstimateBill")
    assert customer.reads(ApplianceUse.hours.text)
    assert (await customer.conversation()).frames == frames


async def test_old_menu_buttons_keep_working(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.forge("start:GetApp")
    assert customer.hears(GetApp.stores.text)
    assert customer.reads(EstimateBill.appliances.text)
