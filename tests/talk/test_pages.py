"""One-time pages seen from the chat: used, too late, moved on, and whatever happens while one is open."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.forms import OUT_OF_REACH
from bot.forms_port import Closed, Opened, Taken, Why
from bot.pages import OPEN_FOR
from dialogs.changes import MyData
from dialogs.engine.advance import TOO_LATE, TYPED_SECRET
from dialogs.engine.going import RESUME
from dialogs.engine.prompts import BACK, CANCEL, FAILED, KEEP, RETRY, YES
from dialogs.home import Home
from dialogs.register import Register
from dialogs.sign_in import SignIn
from dialogs.tongue import Tongue
from tests.talk.books import revised, with_dialog
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import DRITA, in_every_language, is_open, places_of, refused
from tests.talk.world import World

OTHER_PASSWORD = "Tjeter8fjale"


def why(outcome: object) -> Why:
    assert isinstance(outcome, Closed), outcome
    return outcome.why


async def types_twice(customer: Customer, token: str, *passwords: str) -> list[object]:
    """The page is sent several times at the same moment."""
    pages = customer.world.pages
    sent = (pages.submit(token, {"password": typed, "again": typed}) for typed in passwords)
    outcomes: list[object] = list(await asyncio.gather(*sent))
    await customer.world.settle()
    return outcomes


# -- when a page can be used -----------------------------------------------------------------------------


@in_every_language
async def test_a_page_speaks_the_language_of_its_chat_and_knows_where_it_leads_back(
    customer: Customer, language: str
) -> None:
    await customer.applies_for(language)
    opened = await customer.world.pages.open(customer.page())
    assert isinstance(opened, Opened)
    assert (opened.language, opened.channel) == (language, customer.world.channel.name)
    assert opened.expires_at == customer.world.at + OPEN_FOR


async def test_looking_at_a_page_uses_nothing_up(customer: Customer) -> None:
    await customer.applies_for()
    for _ in range(3):  # a messenger looks before its customer does
        assert isinstance(await customer.world.pages.open(customer.page()), Opened)
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


async def test_a_page_is_good_once(customer: Customer) -> None:
    await customer.applies_for()
    token = customer.page()
    await customer.chooses_password()
    again = await customer.types_at(token, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    assert why(again) is Why.USED
    assert why(await customer.world.pages.open(token)) is Why.USED
    assert customer.reads(Register.summary.text)


@pytest.mark.parametrize("passwords", [(PASSWORD,) * 2, (PASSWORD, OTHER_PASSWORD), (PASSWORD,) * 5])
async def test_a_page_that_is_sent_twice_at_once_takes_one_effect(
    customer: Customer, passwords: tuple[str, ...]
) -> None:
    await customer.applies_for()
    outcomes = await types_twice(customer, customer.page(), *passwords)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        *["Closed"] * (len(passwords) - 1),
        "Taken",
    ]
    assert len(await customer.world.rows("select ref from secret")) == 1
    assert len(await customer.world.rows("select key from inbox where channel = 'form'")) == 1
    assert customer.sees.count(customer.last) == 1


@in_every_language
async def test_after_ten_minutes_a_page_is_closed_and_any_word_brings_a_new_one(
    customer: Customer, language: str
) -> None:
    await customer.applies_for(language)
    token = customer.page()
    await customer.wait(minutes=10)
    late = await customer.types_at(token, password=PASSWORD, again=PASSWORD)
    assert late == Closed(Why.EXPIRED, language)
    assert await is_open(customer)
    await customer.say("?")
    assert customer.page() != token
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


async def test_in_its_last_second_a_page_is_still_good(customer: Customer) -> None:
    await customer.applies_for()
    await customer.wait(minutes=9, seconds=59)
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


@pytest.mark.parametrize("token", ["", "0" * 64, "../../etc", "é"])
async def test_a_page_that_never_was_is_unknown(customer: Customer, token: str) -> None:
    await customer.comes_in()
    assert await customer.world.pages.submit(token, {"password": PASSWORD}) == Closed(Why.UNKNOWN)


async def test_a_page_is_no_use_to_who_is_known_to_be_somebody_else(customer: Customer) -> None:
    await customer.applies_for("sr")
    token, stranger = customer.page(), f"{customer.world.channel.name}:stranger"
    typed = {"password": PASSWORD, "again": PASSWORD}
    assert await customer.world.pages.submit(token, typed, stranger) == Closed(Why.FOREIGN, "sr")
    assert isinstance(await customer.world.pages.submit(token, typed, customer.chat), Taken)
    await customer.world.settle()
    assert customer.reads(Register.summary.text)


@pytest.mark.parametrize("move", [CANCEL, BACK])
async def test_a_page_whose_question_is_gone_says_so(customer: Customer, move: str) -> None:
    await customer.applies_for("en")
    token = customer.page()
    await customer.tap(move)
    assert await customer.types_at(token, password=PASSWORD, again=PASSWORD) == Closed(Why.MOVED_ON, "en")
    assert not await customer.world.rows("select ref from secret")


async def test_the_page_of_an_opened_answer_is_closed_when_it_is_left_as_it_is(customer: Customer) -> None:
    await customer.applies_for("en")
    await customer.chooses_password()
    await customer.tap("change:password")
    token = customer.page()
    await customer.tap(KEEP)
    late = await customer.types_at(token, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
    assert why(late) is Why.MOVED_ON
    assert customer.reads(Register.summary.text)


async def test_every_page_of_a_question_is_good_until_one_of_them_is_sent(customer: Customer) -> None:
    await customer.applies_for("sq")
    tokens = [customer.page()]
    for _ in range(3):
        await customer.say("hm?")
        tokens.append(customer.page())
    assert len(set(tokens)) == len(tokens)
    assert isinstance(await customer.types_at(tokens[0], password=PASSWORD, again=PASSWORD), Taken)
    for token in tokens[1:]:
        other = await customer.types_at(token, password=OTHER_PASSWORD, again=OTHER_PASSWORD)
        assert why(other) is Why.MOVED_ON


# -- what is typed in the chat instead -------------------------------------------------------------------


@in_every_language
async def test_a_password_typed_in_the_chat_is_taken_off_it_and_kept_nowhere(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.applies_for(language)
    await customer.say("Sekret99fjale")
    assert customer.hears(TYPED_SECRET)
    assert customer.reads(Register.password.text)
    assert customer.screen.erased == ["own"]
    assert await places_of(customer, "Sekret99fjale") == []
    await customer.chooses_password()
    await customer.tap(YES)
    await customer.enters_code()
    assert customer.hears(Register.done.text)
    assert await places_of(customer, "Sekret99fjale") == []


@in_every_language
async def test_a_password_typed_on_the_page_is_kept_nowhere_as_it_is(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.registers(language)
    assert await places_of(customer, PASSWORD) == []
    await customer.forge("start:SignOut")
    await customer.wait(minutes=2)
    await customer.forge("start:SignIn")
    await customer.say(ARTA["email"])
    await customer.types(password="Gabim123")
    await customer.types(password=PASSWORD)
    assert await places_of(customer, PASSWORD) == []
    assert await places_of(customer, "Gabim123") == []


@pytest.mark.parametrize("word", ["ndihmë", "/help", "/language", "gjuha", "/menu"])
async def test_control_words_are_no_secrets(customer: Customer, word: str) -> None:
    await customer.applies_for("sq")
    await customer.say(word)
    assert not customer.hears(TYPED_SECRET)
    assert customer.screen.erased == []


async def test_a_password_typed_at_the_sign_in_is_a_secret_too(customer: Customer) -> None:
    await customer.world.fill()
    await customer.names_account(DRITA["email"], "sr")
    await customer.say("Drita2026")
    assert customer.hears(TYPED_SECRET)
    assert customer.reads(SignIn.entered.text)
    assert await places_of(customer, "Drita2026") == []


# -- what else happens while a page is open --------------------------------------------------------------


@in_every_language
async def test_a_page_is_sent_while_something_else_is_asked_and_the_dialog_goes_on(
    customer: Customer, language: str
) -> None:
    await customer.applies_for(language)
    token = customer.page()
    await customer.say("/language")
    assert customer.reads(Tongue.language.text)
    await customer.types_at(token, password=PASSWORD, again=PASSWORD)
    assert customer.reads(Register.summary.text)


async def test_a_page_is_sent_from_beneath_the_menu(customer: Customer) -> None:
    await customer.applies_for("sr")
    token = customer.page()
    await customer.say("/menu")
    assert customer.has(RESUME)
    await customer.types_at(token, password=PASSWORD, again=PASSWORD)
    assert customer.reads(Register.summary.text)


@in_every_language
async def test_another_language_while_the_page_is_open_is_that_of_its_answer(
    customer: Customer, language: str
) -> None:
    await customer.applies_for("sq" if language != "sq" else "en")
    token = customer.page()
    await customer.forge(f"lang:{language}")
    opened = await customer.world.pages.open(token)
    assert isinstance(opened, Opened)
    assert opened.language == language
    assert isinstance(await customer.types_at(token, password=PASSWORD, again=PASSWORD), Taken)
    assert customer.reads(Register.summary.text)


async def test_the_button_that_a_language_brings_again_opens_the_page(customer: Customer) -> None:
    await customer.applies_for("sq")
    await customer.forge("lang:sr_Cyrl")
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


async def test_a_restart_between_button_and_page_changes_nothing(customer: Customer) -> None:
    await customer.applies_for()
    await customer.restart()
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


@pytest.mark.parametrize("committed", [False, True], ids=["before", "after"])
async def test_killed_while_a_page_is_taken_nothing_is_lost_and_nothing_doubled(
    customer: Customer, committed: bool
) -> None:
    world = customer.world
    await customer.applies_for()
    token, typed = customer.page(), {"password": PASSWORD, "again": PASSWORD}
    await killed_while_sending(world, token, typed, committed=committed)
    await world.restart()
    again = await customer.types_at(token, **typed)
    assert isinstance(again, Closed if committed else Taken)
    assert customer.reads(Register.summary.text)
    assert len(await world.rows("select ref from secret")) == 1


async def test_what_was_typed_for_a_question_that_a_deploy_took_away_is_not_used(customer: Customer) -> None:
    await customer.applies_for("en")
    typed = {"password": PASSWORD, "again": PASSWORD}
    await killed_while_sending(customer.world, customer.page(), typed, committed=True)
    await customer.world.restart(with_dialog(revised(Register, renamed)))
    assert customer.hears(TOO_LATE)
    assert customer.reads(Register.password.text)
    await customer.types(**typed)
    assert customer.reads(Register.summary.text)


async def killed_while_sending(world: World, token: str, typed: dict[str, str], *, committed: bool) -> None:
    """The program ends in the commit that takes the page up: the second statement, after the page's own."""
    world.storage.stuck_at, world.storage.stuck_after = 1, committed
    sending = asyncio.create_task(world.pages.submit(token, typed))
    await world.storage.is_stuck.wait()
    sending.cancel()


def renamed(steps: dict[str, Any]) -> None:
    """The password goes by another name."""
    before = list(steps.items())
    steps.clear()
    steps.update({"secret_word" if name == "password" else name: step for name, step in before})


# -- when the register is away ---------------------------------------------------------------------------


@in_every_language
async def test_a_page_whose_service_cannot_be_reached_stays_open(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language)
    await customer.forge("start:MyData")
    customer.world.storage.register_away = True
    assert await refused(customer) == {"": OUT_OF_REACH}
    customer.world.storage.register_away = False
    assert isinstance(await customer.types(), Taken)
    assert customer.hears(MyData.done.text)


@in_every_language
async def test_an_account_that_cannot_be_opened_just_now_is_opened_with_one_tap_later(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    customer.world.storage.register_away = True
    await customer.enters_code()
    assert customer.reads(FAILED)
    await customer.wait(minutes=20)
    customer.world.storage.register_away = False
    await customer.tap(RETRY)
    assert customer.hears(Register.done.text)


@in_every_language
async def test_the_menu_stands_without_its_headline(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language)
    customer.world.storage.register_away = True
    await customer.say("/menu")
    assert customer.reads(Home.no_bill.text)
    assert customer.has("start:Account")
