"""Whole conversations written out, for people to read: golden/<name>.<channel>.txt.

When a change is meant, `EKESCO_GOLDEN=write python -m pytest tests/talk/test_golden.py` writes them.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.gateways.payments.sandbox import Card
from dialogs.linking import SignThatChatOut
from tests.talk.customer import PASSWORD, Customer
from tests.talk.test_linking import jobs as told_of_chats
from tests.talk.test_linking import link_in
from tests.talk.test_paying import asks_for_a_link, called_back, pays
from tests.talk.transcript import letters, transcript

GOLDEN = Path(__file__).with_name("golden")
Story = Callable[[Customer], Awaitable[None]]


async def an_estimate_in_albanian(customer: Customer) -> None:
    await customer.open("sq")
    await customer.tap("=sq")
    for _ in range(3):
        await customer.tap("=NEXT")
    await customer.say("vlereso faturen time")
    await customer.tap("-oven")
    await customer.tap("done")
    await customer.say("televizori")
    await customer.tap("change:uses.television.hours")
    await customer.say("varet")
    await customer.say("gjysmë ore")
    await customer.tap("view:")
    await customer.tap("more:0")
    await customer.tap("yes")


async def corrections_and_a_digression_in_serbian(customer: Customer) -> None:
    await customer.comes_in("sr")
    await customer.tap("start:EstimateBill")
    await customer.say("pomoć")
    await customer.say("pegla")
    await customer.say("gotovo")
    await customer.tap("change:month")
    await customer.say("aplikacija")
    await customer.say("jul")
    await customer.tap("view:uses")
    await customer.tap("view:uses.washing_machine")
    await customer.tap("change:uses.washing_machine.times")
    await customer.say("svaki dan")
    await customer.say("ne znam")
    await customer.say("nazad")
    await customer.say("otkaži")


async def silence_and_a_reminder_in_cyrillic(customer: Customer) -> None:
    await customer.comes_in("sr_Cyrl")
    await customer.say("процени мој рачун")
    await customer.wait(hours=2, minutes=1)
    await customer.tap("done")
    await customer.send("sticker")
    await customer.tap("yes")


async def old_buttons_and_another_language_in_english(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.say("why is my bill so high")
    await customer.tap("done")
    await customer.tap_old("-oven")
    await customer.say("language")
    await customer.say("Shqip")
    await customer.forge("lang:en")
    await customer.say("menu")
    await customer.tap("resume")
    customer.world.storage.registry_away = True
    await customer.tap("redo:0")
    customer.world.storage.registry_away = False
    await customer.tap("retry")
    await customer.say("cancel")


async def an_account_is_opened_in_albanian(customer: Customer) -> None:
    await customer.world.fill()
    await customer.comes_in("sq")
    await customer.say("hap llogari")
    await customer.tap("=YES")
    await customer.say("12345")
    await customer.say("1234567893")
    await customer.tap("redo:0")
    await customer.say("1234 567 892")
    await customer.say("arta")
    await customer.say("KRASNIQI")
    await customer.say("6687")
    await customer.say("prishtina")
    await customer.say("arta@gmial.com")
    await customer.tap("=YES")
    await customer.say("038 123 456")
    await customer.say("044 123 456")
    await customer.say("Lule7deti")
    await customer.types(password="Krasniqi2026", again="Krasniqi2026")
    await customer.types(password=PASSWORD, again="Lule7detit")
    await customer.chooses_password()
    await customer.tap("yes")
    await customer.say("000000")
    await customer.tap("redo:0")
    await customer.wait(minutes=1)
    await customer.tap("redo:0")
    await customer.enters_code()


async def a_registration_is_refused_and_put_right_in_serbian(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("sr", first_name="Vesna", email="demo1@example.com", code="DPE 1290")
    await customer.tap("change:first_name")
    await customer.say("Arta")
    await customer.tap("yes")
    await customer.say("arta@example.com")
    await customer.tap("yes")


async def a_forgotten_password_in_cyrillic(customer: Customer) -> None:
    await customer.world.fill()
    await customer.names_account("demo1@example.com", "sr_Cyrl")
    for _ in range(6):
        await customer.types(password="Pogodak1")
    await customer.say("заборавио сам лозинку")
    await customer.say("044 000 001")
    await customer.tap("switch:0")
    await customer.enters_code()
    await customer.chooses_password()
    await customer.tap("start:SignOut")


async def an_account_is_changed_and_left_in_english(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en")
    await customer.wait(minutes=5)
    await customer.say("my account")
    await customer.tap("start:ChangePhone")
    await customer.say("049 654 321")
    await customer.types(password=PASSWORD)
    await customer.enters_code()
    await customer.enters_code()
    await customer.say("my data")
    await customer.types()
    await customer.wait(minutes=2)
    await customer.say("delete my account")
    await customer.tap("yes")
    await customer.types(password=PASSWORD)
    await customer.enters_code()
    await customer.wait(days=3)
    await customer.say("menu")
    await customer.tap("start:KeepAccount")


async def a_bill_is_paid(customer: Customer, language: str) -> None:
    """Declined at first, then paid; nothing is left, and the menu says so."""
    world = customer.world
    token = await asks_for_a_link(customer, language)
    await called_back(world, await pays(world, token, Card.DECLINED))
    await called_back(world, await pays(world, token))
    await customer.forge("start:Pay")


async def a_bill_is_paid_in_albanian(customer: Customer) -> None:
    await a_bill_is_paid(customer, "sq")


async def a_bill_is_paid_in_serbian(customer: Customer) -> None:
    await a_bill_is_paid(customer, "sr")


async def a_bill_is_paid_in_english(customer: Customer) -> None:
    await a_bill_is_paid(customer, "en")


async def a_second_chat(customer: Customer, language: str) -> None:
    """The account's owner brings a code to another chat, is told of it, and signs it out again."""
    world = customer.world
    other = Customer(world, "9", world.second_channel())
    await world.fill()
    await customer.registers(language)
    await customer.wait(minutes=5)
    await customer.say("/menu")
    await customer.tap("start:Account")
    await customer.tap("start:LinkChat")
    await other.open(language, link_in(customer).rpartition("=")[2])
    await other.tap(f"={language}")
    await other.tap("=YES")
    await told_of_chats(world)
    await customer.tap(SignThatChatOut.title)
    await other.forge("start:Account")
    customer.screen.history += [("does", "-- in the other chat --"), *other.screen.history]


async def a_second_chat_in_albanian(customer: Customer) -> None:
    await a_second_chat(customer, "sq")


async def a_second_chat_in_serbian(customer: Customer) -> None:
    await a_second_chat(customer, "sr")


async def a_second_chat_in_english(customer: Customer) -> None:
    await a_second_chat(customer, "en")


STORIES: tuple[Story, ...] = (
    a_second_chat_in_albanian,
    a_second_chat_in_serbian,
    a_second_chat_in_english,
    an_estimate_in_albanian,
    corrections_and_a_digression_in_serbian,
    silence_and_a_reminder_in_cyrillic,
    old_buttons_and_another_language_in_english,
    an_account_is_opened_in_albanian,
    a_registration_is_refused_and_put_right_in_serbian,
    a_forgotten_password_in_cyrillic,
    an_account_is_changed_and_left_in_english,
    a_bill_is_paid_in_albanian,
    a_bill_is_paid_in_serbian,
    a_bill_is_paid_in_english,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_conversation_reads_as_it_was_written_down(customer: Customer, story: Story) -> None:
    await story(customer)
    name = f"{story.__name__}.{customer.world.channel.name}.txt"
    found = transcript(customer.screen) + letters(customer.world.post.parcels)
    if os.environ.get("EKESCO_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(found, encoding="utf-8")
    assert found == (GOLDEN / name).read_text(encoding="utf-8")
