"""What most customers do, with nothing in the way."""

from __future__ import annotations

import pytest

from dialogs.account import NOT_SIGNED_IN
from dialogs.engine.prompts import DONE, YES
from dialogs.engine.text import Text
from dialogs.estimate import EstimateBill
from dialogs.get_app import APP_STORE, GOOGLE_PLAY, GetApp
from dialogs.helpdesk import CALL_CENTRE, PowerCut
from dialogs.home import Home
from dialogs.welcome import Onward, Welcome
from handlers.painters import PAINTERS
from tests.talk.customer import Customer
from tests.talk.world import World

LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_estimate_takes_two_taps(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    assert customer.language == language
    await customer.tap(EstimateBill.title)
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    assert customer.has(EstimateBill.result.confirm)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_estimate_with_another_appliance_takes_three(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    await customer.tap(EstimateBill.title)
    await customer.tap("-dishwasher")
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    made = (await customer.conversation()).top.told["appliances"].value
    assert "dishwasher" not in made
    assert len(made) > 5


async def test_who_is_done_comes_back_to_the_menu(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)
    assert customer.hears(Home.menu.text)
    assert (await customer.conversation()).frames == ()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_introduction_can_be_read_to_its_end(customer: Customer, language: str) -> None:
    await customer.open(language)
    await customer.tap(f"={language}")
    for step in (Welcome.what, Welcome.how, Welcome.trust):
        assert customer.hears(step.text)
        await customer.tap(Onward.NEXT.label)
    assert customer.hears(Welcome.ready.text)
    assert customer.hears(Home.menu.text)


@pytest.mark.parametrize("guess", ["sr", "en"])
async def test_the_welcome_speaks_what_the_client_speaks(customer: Customer, guess: str) -> None:
    await customer.open(guess)
    assert customer.language == guess


async def test_who_knows_what_they_want_is_not_kept_by_a_welcome(customer: Customer) -> None:
    await customer.say("Vlerëso faturën time")
    assert customer.reads(EstimateBill.appliances.text)


async def test_the_app_is_found_in_both_stores(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap(GetApp.title)
    # Where one keyboard serves all messages, they stand in the text and on the keyboard.
    links = dict.fromkeys(button.url for row in customer.pressable_rows for button in row if button.url)
    assert list(links) == [GOOGLE_PLAY, APP_STORE]


async def test_help_outside_any_question_names_the_call_centre(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.tap("start:Helpdesk")
    assert "0800 791 00" in customer.news
    assert "0800 791 00" in CALL_CENTRE.msgid


async def test_the_result_can_be_seen_as_a_picture(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("more:0")
    picture = customer.screen.shown[-1].message.image
    assert picture is not None
    assert picture.png == b"bars sq"
    assert "€" in picture.alt
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)


async def test_the_picture_is_really_drawn(world: World) -> None:
    world.draw_with(PAINTERS)
    customer = Customer(world)
    await customer.estimates("sr_Cyrl")
    await customer.tap("more:0")
    picture = customer.screen.shown[-1].message.image
    assert picture is not None
    assert picture.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("word", "language"),
    [("shqip", "sq"), ("Srpski", "sr"), ("Српски", "sr_Cyrl"), ("english", "en"), ("ћирилица", "sr_Cyrl")],
)
async def test_a_language_is_spoken_as_soon_as_it_is_named(
    customer: Customer, word: str, language: str
) -> None:
    """At the main menu, in the middle of a question, and where the question is which language."""
    await customer.comes_in("en")
    await customer.say(word)
    assert (customer.language, customer.reads(Home.menu.text)) == (language, True)
    await customer.say("english")
    await customer.forge("start:EstimateBill")
    await customer.say(word)
    assert (customer.language, customer.reads(EstimateBill.appliances.text)) == (language, True)
    await customer.say("english")
    await customer.forge("start:Tongue")
    await customer.say(word)
    assert customer.language == language
    assert customer.reads(EstimateBill.appliances.text)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Mirëdita, a mund ta paguaj faturën me kartelë?", NOT_SIGNED_IN),
        ("sa po shpenzon bojleri im?", EstimateBill.appliances.text),
        ("na ka ndal rryma", PowerCut.said.text),
    ],
)
async def test_the_first_sentence_of_all_may_be_what_it_is_about(
    customer: Customer, said: str, answer: Text
) -> None:
    await customer.open("sq")
    await customer.say(said)
    assert customer.hears(answer)
