"""Another language in the middle of anything: typed, by button, by command; no answer is lost."""

from __future__ import annotations

import pytest

from dialogs.engine.prompts import YES
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.home import Home
from dialogs.tongue import Tongue
from dialogs.welcome import Welcome
from tests.talk.customer import Customer
from tests.talk.words import SPEAKERS

LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")


async def in_mid_question(customer: Customer) -> None:
    await customer.estimates("sq")
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize("word", ["gjuha", "jezik", "/language"])
async def test_the_language_is_changed_by_word_and_button(
    customer: Customer, language: str, word: str
) -> None:
    await in_mid_question(customer)
    frames = (await customer.conversation()).frames
    await customer.say(word)
    assert customer.reads(Tongue.language.text)
    await customer.tap(f"={language}")
    assert customer.language == language
    assert customer.hears(Tongue.done.text)
    assert customer.reads(ApplianceUse.hours.text)
    assert (await customer.conversation()).frames == frames
    await customer.tap("=2")
    assert customer.reads(EstimateBill.result.text)


@pytest.mark.parametrize("language", LANGUAGES[1:])
async def test_the_live_question_is_shown_in_its_place_in_the_new_language(
    customer: Customer, language: str
) -> None:
    await in_mid_question(customer)
    before, messages = await customer.conversation(), len(customer.sees)
    await customer.forge(f"lang:{language}")
    after = await customer.conversation()
    assert customer.reads(ApplianceUse.hours.text)
    assert (after.frames, after.asked) == (before.frames, before.asked)
    in_place = customer.world.channel.capabilities.edits
    assert len(customer.sees) == messages + (not in_place)


@pytest.mark.parametrize(("word", "language"), [("Srpski", "sr"), ("српски", "sr_Cyrl"), ("english", "en")])
async def test_a_language_is_chosen_by_typing_its_name(customer: Customer, word: str, language: str) -> None:
    await customer.comes_in("sq")
    await customer.say("gjuha")
    await customer.say(word)
    assert customer.language == language


async def test_the_first_question_of_all_is_asked_again_in_the_language_of_a_command(
    customer: Customer,
) -> None:
    await customer.open("sq")
    await customer.forge("lang:en")
    assert customer.language == "en"
    assert customer.hears(Welcome.what.text)


async def test_outside_any_dialog_the_menu_comes_in_the_new_language(customer: Customer) -> None:
    await customer.comes_in("sq")
    await customer.forge("lang:sr_Cyrl")
    assert customer.hears(Home.menu.text)


async def test_the_result_is_the_same_in_every_language(customer: Customer) -> None:
    await customer.estimates("sq")
    first = customer.last
    for language in (*LANGUAGES[1:], "sq"):
        await customer.forge(f"lang:{language}")
        assert customer.reads(EstimateBill.result.text)
    assert customer.last == first
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)


@pytest.mark.parametrize("code", ["xx", "", "SQ", "sr-Cyrl", "en\0"])
async def test_a_language_that_is_none_changes_nothing(customer: Customer, code: str) -> None:
    await in_mid_question(customer)
    before = await customer.conversation()
    await customer.forge(f"lang:{code}")
    after = await customer.conversation()
    assert (after.language, after.frames, after.asked) == (before.language, before.frames, before.asked)
    assert customer.reads(ApplianceUse.hours.text)


async def test_what_waits_to_be_said_is_said_in_the_language_of_the_moment(customer: Customer) -> None:
    await customer.comes_in("sq")
    assert SPEAKERS["sq"].language == "sq"
    await customer.tap("start:EstimateBill")
    await customer.forge("lang:en")
    await customer.restart()
    await customer.say("help")
    assert customer.hears(EstimateBill.appliances.extras.help[0])


async def test_words_of_every_language_are_understood_in_each(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.say("vlerëso faturën time")
    await customer.say("gotovo")
    assert customer.reads(EstimateBill.result.text)
    await customer.say("откажи")
    assert customer.hears(Home.menu.text)
