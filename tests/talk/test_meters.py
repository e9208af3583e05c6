"""Meters as conversations: which is spoken of, what each is called, taking one out and bringing it back."""

from __future__ import annotations

import pytest

from bot.services.adding_meters import MOST_METERS
from dialogs.account import NOT_SIGNED_IN
from dialogs.add_meter import AddMeter
from dialogs.engine.advance import OUTDATED, REFUSED_OFFERS
from dialogs.engine.offers import Refused
from dialogs.meters import ChooseMeter, NameMeter, UnlinkMeter
from storage import accounts
from storage.base import Row
from tests.talk.customer import Customer
from tests.talk.people import in_every_language

GEZIM = {"number": "3425437231", "first_name": "Gezim", "last_name": "Hoxha", "code": "DPZ 4471"}


async def is_in(customer: Customer, language: str = "en") -> None:
    """As the customer of the demo who has two meters."""
    await customer.world.fill()
    await customer.registers(language, **GEZIM)


async def rows(customer: Customer) -> list[Row]:
    return list(
        await customer.world.rows(
            "select customer_code, name, state, added_at from account_meter"
            " where account in (select account from chat_link where chat = :chat) order by added_at",
            chat=customer.chat,
        )
    )


def undo(customer: Customer) -> str:
    return next(payload for payload in customer.payloads if payload.startswith("o") and len(payload) == 33)


@in_every_language
async def test_every_meter_is_listed_with_its_place(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    await customer.tap("start:Meters")
    assert "DPZ 4471" in customer.news
    assert "DPZ 4472" in customer.news
    assert "Rr. Lidhja e Prizrenit 9/A" in customer.news
    assert "10260178" in customer.news


async def test_the_chosen_one_is_spoken_of_first(customer: Customer) -> None:
    await is_in(customer)
    await customer.say("choose the main meter")
    await customer.tap("=DPZ 4472")
    assert customer.reads(ChooseMeter.done.text)
    await customer.tap("start:LastBill")
    assert "(DPZ 4472)" in customer.news
    await customer.say("menu")
    assert "(DPZ 4472)" in customer.news


@in_every_language
async def test_a_meter_goes_by_its_customer_s_name(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    await customer.forge("start:NameMeter")
    await customer.tap("=DPZ 4472")
    await customer.say("  Dyqani   i ri ")
    assert customer.reads(NameMeter.done.text)
    await customer.tap("start:Meters")
    assert "Dyqani i ri" in customer.news


@pytest.mark.parametrize("name", ["<b>x</b>", "12", "x" * 31, "😀"])
async def test_what_is_no_name_is_asked_again(customer: Customer, name: str) -> None:
    await is_in(customer)
    await customer.forge("start:NameMeter")
    await customer.tap("=DPZ 4472")
    await customer.say(name)
    assert "Please write a short name" in customer.news
    assert [row["name"] for row in await rows(customer)] == ["", ""]


@in_every_language
async def test_a_meter_that_was_taken_out_can_be_brought_back_as_it_was(
    customer: Customer, language: str
) -> None:
    await is_in(customer, language)
    await customer.forge("start:NameMeter")
    await customer.tap("=DPZ 4471")
    await customer.say("Shtëpia")
    before = await rows(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    assert customer.reads(UnlinkMeter.done.text)
    assert [row["customer_code"] for row in await rows(customer)] == ["DPZ 4472"]
    button = undo(customer)
    await customer.forge(button)
    assert await rows(customer) == before
    await customer.wait(minutes=1)
    await customer.forge(button)
    assert customer.reads(REFUSED_OFFERS[Refused.USED])


async def test_the_menu_speaks_of_what_is_left(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    await customer.say("menu")
    assert "(DPZ 4472)" in customer.news


async def test_brought_back_it_is_spoken_of_at_once_as_before(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    await customer.forge(undo(customer))
    assert "(DPZ 4471)" in customer.news


async def test_after_ten_minutes_it_stays_out(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    button = undo(customer)
    await customer.wait(minutes=11)
    await customer.forge(button)
    assert customer.reads(REFUSED_OFFERS[Refused.OVER])
    assert [row["customer_code"] for row in await rows(customer)] == ["DPZ 4472"]


async def test_who_signed_out_cannot_bring_it_back(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    button = undo(customer)
    kept = "select customer_code from account_meter where customer_code = 'DPZ 4471'"
    await customer.say("sign out")
    await customer.forge(button)
    assert customer.reads(REFUSED_OFFERS[Refused.FOREIGN])
    assert await customer.world.rows(kept) == []


@pytest.mark.parametrize(
    "words", ["my meters", "choose the main meter", "rename a meter", "remove a meter", "add a meter"]
)
async def test_a_guest_is_told_to_sign_in(customer: Customer, words: str) -> None:
    await customer.comes_in("en")
    await customer.say(words)
    assert customer.reads(NOT_SIGNED_IN)


async def test_without_any_meter_it_says_so(customer: Customer) -> None:
    await is_in(customer)
    for code in ("DPZ 4471", "DPZ 4472"):
        await customer.forge("start:UnlinkMeter")
        await customer.tap(f"={code}")
    await customer.tap("start:Meters")
    assert "There is no meter in your account yet" in customer.news


# -- one more ------------------------------------------------------------------------------------------


async def adds(customer: Customer, code: str) -> None:
    await customer.say("add a meter")
    await customer.say(code)


@in_every_language
async def test_a_meter_of_one_s_own_is_added_after_a_look_at_its_place(
    customer: Customer, language: str
) -> None:
    await is_in(customer, language)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    await customer.forge("start:AddMeter")
    await customer.say("dpz-4471")
    assert customer.reads(AddMeter.sure.text)
    assert "Rr. Lidhja e Prizrenit 9," in customer.news
    assert "10260177" in customer.news
    await customer.tap("yes")
    assert customer.reads(AddMeter.done.text)
    assert [(row["customer_code"], row["state"]) for row in await rows(customer)] == [
        ("DPZ 4472", "own"),
        ("DPZ 4471", "own"),
    ]


async def test_a_bare_number_is_asked_for_its_district_by_buttons(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UnlinkMeter")
    await customer.tap("=DPZ 4471")
    await adds(customer, "4471")
    assert customer.reads(AddMeter.district.text)
    await customer.tap("=DPZ")
    assert customer.reads(AddMeter.sure.text)


async def test_the_wrong_code_can_be_changed_before_it_is_added(customer: Customer) -> None:
    await is_in(customer)
    for code in ("DPZ 4471", "DPZ 4472"):
        await customer.forge("start:UnlinkMeter")
        await customer.tap(f"={code}")
    await adds(customer, "DPZ 4471")
    await customer.tap("change:code")
    await customer.say("DPZ 4472")
    assert "10260178" in customer.news
    await customer.tap("yes")
    assert [row["customer_code"] for row in await rows(customer)] == ["DPZ 4472"]


@in_every_language
async def test_an_unknown_code_is_asked_again_and_at_last_given_up(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    await customer.forge("start:AddMeter")
    for n in range(4):
        await customer.say(f"DGJ 77{n}")
        assert customer.hears(AddMeter.code.text)
        assert f"DGJ 77{n}" in customer.news
    await customer.say("DGJ 774")
    assert customer.hears(AddMeter.stopped.text)


async def test_one_that_is_there_already_is_not_added_twice(customer: Customer) -> None:
    await is_in(customer)
    await adds(customer, "DPZ 4471")
    assert customer.reads(AddMeter.already.text)
    assert len(await rows(customer)) == 2


@in_every_language
async def test_codes_cannot_be_tried_without_end(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    for n in range(2):
        await customer.forge("start:AddMeter")
        for m in range(5):
            await customer.say(f"DGJ 8{n}{m}")
    await customer.forge("start:AddMeter")
    await customer.say("DPR 6687")
    assert customer.reads(AddMeter.paused.text)
    await customer.wait(minutes=61)
    await customer.forge("start:AddMeter")
    await customer.say("DPR 6687")
    assert customer.reads(AddMeter.aware.text)


async def test_an_account_holds_no_more_than_its_share(customer: Customer) -> None:
    await is_in(customer)
    account = str((await customer.world.rows("select account from chat_link"))[0]["account"])
    await customer.world.storage.commit(
        [accounts.add_meter(account, f"DGL {n}", "claimed", n) for n in range(1, MOST_METERS - 1)]
    )
    await adds(customer, "DPR 6687")
    assert customer.reads(AddMeter.most.text)


async def test_a_forged_start_of_what_must_be_told_something_starts_nothing(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:UndoUnlink")
    assert customer.reads(OUTDATED)
