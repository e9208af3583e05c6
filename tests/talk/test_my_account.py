"""My account: what it shows, each change, what it tells whoever had it before, and leaving."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.forms_port import FormFile, Taken
from bot.housekeeping import tidy_up
from bot.services.account_changes import WAY_BACK
from bot.services.erasing import erase_due
from bot.services.my_account import SignedOut
from bot.services.ports import day_of
from bot.services.post import LetterName
from bot.services.sign_in import WrongPassword
from bot.services.weaknesses import Weakness
from dialogs.account import Account, KeepAccount, Notices, Rename
from dialogs.changes import (
    NEW_REJECTED,
    NOT_MINE,
    OUT,
    ChangeEmail,
    ChangePassword,
    ChangePhone,
    DeleteAccount,
    MyData,
)
from dialogs.engine.prompts import CANCEL, DONE, YES
from dialogs.engine.steps import Dialog
from dialogs.home import Home
from dialogs.identifiers import WEAK
from dialogs.passwords import NOT_RIGHT
from dialogs.register import Register
from dialogs.sign_in import SignIn
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import (
    DRITA,
    LANGUAGES,
    account_of,
    e164,
    in_every_language,
    is_open,
    kept,
    letters,
    places_of,
    refused,
)
from tests.talk.world import World

PHONE, MAILBOX = e164(ARTA), ARTA["email"]
NEW_PASSWORD = "Tjeter8fjale"
#: Tables of the utility's register, which is not the account's.
REGISTER = ("customer", "connection", "invoice")


async def owner_in(world: World, language: str = "sq") -> Customer:
    """Arta, some minutes after her account was opened."""
    await world.fill()
    owner = Customer(world)
    await owner.registers(language)
    await owner.wait(minutes=5)
    world.post.parcels.clear()
    return owner


async def proves(owner: Customer) -> None:
    """Password and code once more."""
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    await owner.enters_code()


async def begins(owner: Customer, dialog: type[Dialog]) -> None:
    """To the page that asks for the password."""
    await owner.forge(f"start:{dialog.__name__}")
    if dialog is ChangeEmail:
        await owner.say("arta.e.re@example.com")
    if dialog is ChangePhone:
        await owner.say("049 654 321")
    if dialog is DeleteAccount:
        await owner.tap(YES)


CHANGES = (ChangeEmail, ChangePhone, ChangePassword, DeleteAccount)


# -- the card ------------------------------------------------------------------------------------------------


@in_every_language
async def test_the_card_shows_who_it_is_and_phone_and_mailbox_only_in_part(
    world: World, language: str
) -> None:
    owner = await owner_in(world, language)
    await owner.say("/menu")
    await owner.tap("start:Account")
    assert owner.hears(Account.card.text)
    assert "Arta Krasniqi" in owner.last
    assert "a•••@example.com" in owner.last
    assert "+383•••456" in owner.last
    for dialog in CHANGES:
        assert owner.has(f"start:{dialog.__name__}")


@in_every_language
async def test_a_guest_is_shown_the_way_in(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    for dialog in (Account, Rename, Notices, *CHANGES, MyData, KeepAccount):
        await customer.forge(f"start:{dialog.__name__}")
        assert customer.hears(Account.guest.text)
        assert customer.has("start:SignIn")
        assert customer.has("start:Register")


@in_every_language
async def test_the_customer_is_called_as_they_wish(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await owner.forge("start:Rename")
    await owner.say("tina")
    assert owner.hears(Rename.done.text)
    assert "Tina" in owner.news
    await owner.say("/menu")
    assert "Tina" in owner.last
    assert await kept(owner, "first_name") == "Arta"


@in_every_language
async def test_notices_are_switched_off_one_by_one_and_stay_so(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await owner.forge("start:Notices")
    await owner.tap("-due")
    await owner.tap("-meter")
    await owner.tap(DONE)
    assert owner.hears(Notices.done.text)
    assert await kept(owner, "notices_off") == "due;meter"
    await owner.forge("start:Notices")
    assert owner.has("+due")
    assert owner.has("-bill")
    await owner.tap("+due")
    await owner.tap(DONE)
    assert await kept(owner, "notices_off") == "meter"


# -- changes that are proved ---------------------------------------------------------------------------------


@in_every_language
async def test_another_address_is_told_to_the_old_one_and_to_the_phone(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await begins(owner, ChangeEmail)
    await proves(owner)
    assert owner.reads(ChangeEmail.new.text)
    first = world.post.code(owner.chat)
    await owner.say(f"{(int(first) + 1) % 1_000_000:06}")
    assert any(map(owner.hears, NEW_REJECTED.values()))
    assert await kept(owner, "email") == MAILBOX
    await owner.enters_code()
    assert owner.hears(ChangeEmail.done.text)
    assert await kept(owner, "email") == "arta.e.re@example.com"
    assert await kept(owner, "email_proved_at") is not None
    assert letters(world, MAILBOX) == [LetterName.EMAIL_CHANGED]
    assert letters(world, PHONE) == [LetterName.CODE, LetterName.EMAIL_CHANGED]
    assert letters(world, "arta.e.re@example.com") == [LetterName.CODE]


@in_every_language
async def test_another_phone_proves_itself_and_the_old_one_is_told(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await begins(owner, ChangePhone)
    await proves(owner)
    assert owner.reads(ChangePhone.new.text)
    first = world.post.code(owner.chat)
    await owner.say(f"{(int(first) + 1) % 1_000_000:06}")
    assert any(map(owner.hears, NEW_REJECTED.values()))
    await owner.enters_code()
    assert owner.hears(ChangePhone.done.text)
    assert await kept(owner, "phone") == "+38349654321"
    assert letters(world, "+38349654321") == [LetterName.CODE]
    assert letters(world, PHONE) == [LetterName.CODE, LetterName.PHONE_CHANGED]
    assert letters(world, MAILBOX) == [LetterName.PHONE_CHANGED]


@pytest.mark.parametrize(
    ("dialog", "again", "column", "value"),
    [
        (ChangeEmail, "arta.k@example.com", "email", "arta.k@example.com"),
        (ChangePhone, "049 111 222", "phone", "+38349111222"),
    ],
)
async def test_the_new_mailbox_or_phone_is_corrected_at_its_code(
    world: World, dialog: type[ChangeEmail | ChangePhone], again: str, column: str, value: str
) -> None:
    owner = await owner_in(world, "en")
    asked = ChangeEmail.email if dialog is ChangeEmail else ChangePhone.phone
    await begins(owner, dialog)
    await proves(owner)
    await owner.tap("redo:1")
    assert owner.reads(asked.text)
    await owner.say(again)
    assert owner.reads(dialog.new.text)
    await owner.enters_code()
    assert owner.hears(dialog.done.text)
    assert await kept(owner, column) == value


@in_every_language
async def test_another_password_signs_every_other_chat_out_and_both_ways_are_told(
    world: World, language: str
) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.wait(minutes=2)
    world.post.parcels.clear()
    await begins(owner, ChangePassword)
    await proves(owner)
    assert owner.reads(ChangePassword.password.text)
    for weak in ("Krasniqi7x9", "X7arta1yQ9"):
        assert await refused(owner, password=weak, again=weak) == {"password": WEAK[Weakness.PERSONAL]}
    await owner.chooses_password(NEW_PASSWORD)
    assert owner.hears(ChangePassword.done.text)
    assert letters(world, MAILBOX) == [LetterName.PASSWORD_CHANGED]
    assert letters(world, PHONE) == [LetterName.CODE, LetterName.PASSWORD_CHANGED]
    await other.forge("start:Account")
    assert other.hears(Account.guest.text)
    await owner.forge("start:Account")
    assert owner.hears(Account.card.text)
    verdict = await world.means.passwords.verify(str(await kept(owner, "password")), NEW_PASSWORD)
    assert verdict.ok


@pytest.mark.parametrize(("dialog", "language"), [*zip(CHANGES, LANGUAGES, strict=True)])
async def test_a_wrong_password_changes_nothing_and_sends_no_code(
    world: World, dialog: type[Dialog], language: str
) -> None:
    owner = await owner_in(world, language)
    before = await account_of(owner)
    await begins(owner, dialog)
    said = await refused(owner, password="Gabim123")
    assert said == {"password": NOT_RIGHT[WrongPassword].text}
    await owner.tap(CANCEL)
    assert await account_of(owner) == before
    assert not world.post.parcels


@in_every_language
async def test_a_mailbox_of_another_account_is_told_once_it_is_proved(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    (_step, taken), *_ = ChangeEmail.changed.rejects.values()
    await owner.forge("start:ChangeEmail")
    await owner.say(DRITA["email"])
    await proves(owner)
    assert not owner.hears(taken)
    await owner.enters_code()
    assert owner.hears(taken)
    assert owner.reads(ChangeEmail.email.text)
    await owner.say("arta.e.re@example.com")
    await owner.enters_code()
    assert owner.hears(ChangeEmail.done.text)
    assert letters(world, PHONE) == [LetterName.CODE, LetterName.EMAIL_CHANGED]


@in_every_language
async def test_after_three_addresses_of_others_the_old_one_stays(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await owner.forge("start:ChangeEmail")
    await owner.say(DRITA["email"])
    await proves(owner)
    await owner.enters_code()
    await owner.say("demo2@example.com")
    await owner.enters_code()
    await owner.wait(minutes=2)
    await owner.say(DRITA["email"])
    await owner.enters_code()
    assert owner.hears(ChangeEmail.stopped.text)
    assert await kept(owner, "email") == MAILBOX
    assert not await is_open(owner)


@in_every_language
async def test_a_phone_of_another_account_is_told_only_once_it_is_proved(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    (_step, taken), *_ = ChangePhone.changed.rejects.values()
    await owner.forge("start:ChangePhone")
    await owner.say(DRITA["phone"])
    await proves(owner)
    assert not owner.hears(taken)
    await owner.enters_code()
    assert owner.hears(taken)
    assert owner.reads(ChangePhone.phone.text)
    await owner.say("049 654 321")
    await owner.enters_code()
    assert owner.hears(ChangePhone.done.text)


# -- signed out in the middle of it --------------------------------------------------------------------------


@pytest.mark.parametrize(("dialog", "language"), [*zip(CHANGES, LANGUAGES, strict=True)])
async def test_who_is_signed_out_in_mid_change_changes_nothing(
    world: World, dialog: type[Dialog], language: str
) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.wait(minutes=2)
    before = await account_of(owner)
    await begins(owner, dialog)
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    code = world.post.code(owner.chat)
    await other.forge("start:SignOutEverywhere")
    await owner.say(code)
    if dialog in (ChangeEmail, ChangePhone):
        await owner.enters_code()
    if dialog is ChangePassword:
        await owner.chooses_password(NEW_PASSWORD)
    assert owner.hears(OUT)
    assert owner.has("start:SignIn")
    assert await account_of(owner) == before


@pytest.mark.parametrize("dialog", CHANGES)
async def test_the_page_of_a_chat_that_was_signed_out_takes_no_password(
    world: World, dialog: type[Dialog]
) -> None:
    owner, other = await owner_in(world), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await begins(owner, dialog)
    await other.forge("start:SignOutEverywhere")
    world.post.parcels.clear()
    assert await refused(owner, password=PASSWORD) == {"": NOT_MINE[SignedOut].text}
    assert not world.post.parcels


@in_every_language
async def test_what_needs_no_proof_is_not_changed_from_outside_either(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    before = await account_of(owner)
    await owner.forge("start:Notices")
    await owner.tap("-due")
    await other.forge("start:SignOutEverywhere")
    await owner.tap(DONE)
    assert owner.hears(Notices.guest.text)
    assert not owner.hears(Notices.done.text)
    assert await account_of(owner) == before


async def test_a_name_is_not_changed_by_a_chat_that_was_signed_out(world: World) -> None:
    owner, other = await owner_in(world), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.forge("start:Rename")
    await other.forge("start:SignOutEverywhere")
    await owner.say("Tina")
    assert owner.hears(Rename.guest.text)
    assert await kept(owner, "display_name") == "Arta"


async def test_two_chats_that_change_the_account_at_once_do_not_lose_either_change(world: World) -> None:
    owner, other = await owner_in(world), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.forge("start:Rename")
    await other.forge("start:Notices")
    await other.tap("-due")
    await world.both(owner.say("Tina"), other.tap(DONE))
    assert await kept(owner, "display_name") == "Tina"
    assert await kept(owner, "notices_off") == "due"


# -- my data -------------------------------------------------------------------------------------------------


async def saved(owner: Customer) -> dict[str, Any]:
    """The file that the page gives."""
    outcome = await owner.types()
    assert isinstance(outcome, Taken)
    assert isinstance(outcome.file, FormFile)
    assert outcome.file.name == "kesco-my-data.json"
    data: dict[str, Any] = json.loads(outcome.file.body)
    return data


@in_every_language
async def test_all_that_is_known_is_given_as_a_file_without_the_password(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await owner.forge("start:MyData")
    assert owner.reads(MyData.file.text)
    data = await saved(owner)
    assert owner.hears(MyData.done.text)
    assert data["account"]["email"] == MAILBOX
    assert data["account"]["phone"] == PHONE
    assert data["person"]["last_name"] == "Krasniqi"
    assert [meter["customer_code"] for meter in data["meters"]] == ["DPR 6687"]
    assert len(data["meters"][0]["bills"]) > 1
    assert [chat["chat"] for chat in data["chats"]] == [owner.chat]
    written = json.dumps(data)
    assert not any(secret in written for secret in ("argon2", "pepper", PASSWORD, "password"))
    assert await places_of(owner, "10482215", except_in=REGISTER) == []


async def test_of_a_place_that_is_anothers_the_file_tells_the_claim_alone(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers(code="DPE 1290")
    await customer.forge("start:MyData")
    data = await saved(customer)
    claimed = next(meter for meter in data["meters"] if meter["customer_code"] == "DPE 1290")
    assert (claimed["state"], claimed["connection"], claimed["bills"]) == ("claimed", None, [])
    assert "Çeku" not in json.dumps(data, ensure_ascii=False)


@in_every_language
async def test_a_day_after_the_last_code_the_file_asks_for_a_new_one(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await owner.wait(hours=24)
    await owner.forge("start:MyData")
    assert owner.reads(MyData.proof.text)
    assert letters(world, PHONE) == [LetterName.CODE]
    await owner.enters_code()
    assert owner.reads(MyData.file.text)
    assert (await saved(owner))["account"]["email"] == MAILBOX
    await owner.wait(hours=23)
    await owner.forge("start:MyData")
    assert owner.reads(MyData.file.text)


@in_every_language
async def test_a_chat_that_was_signed_out_is_given_no_file(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.forge("start:MyData")
    await other.forge("start:SignOutEverywhere")
    assert await refused(owner) == {"": next(iter(MyData.file.refuses.values())).text}


# -- leaving -------------------------------------------------------------------------------------------------


async def leaves(owner: Customer) -> None:
    await begins(owner, DeleteAccount)
    await proves(owner)


async def one_hours_tidying(world: World) -> None:
    """What the program does once an hour."""

    async def enough(_seconds: float) -> None:
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await tidy_up(world.means, clock=world.clock, pause=enough)
    await world.sweep()


@in_every_language
async def test_who_leaves_is_told_the_day_and_signed_out_elsewhere(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.wait(minutes=2)
    world.post.parcels.clear()
    await leaves(owner)
    assert owner.hears(DeleteAccount.done.text)
    assert owner.has("start:KeepAccount")
    day = day_of(world.at + WAY_BACK)
    assert letters(world, MAILBOX, day=day) == [LetterName.ACCOUNT_TO_BE_DELETED]
    assert letters(world, PHONE, day=day) == [LetterName.CODE, LetterName.ACCOUNT_TO_BE_DELETED]
    await owner.say("/menu")
    assert owner.reads(Home.leaves.text)
    await other.forge("start:Account")
    assert other.hears(Account.guest.text)


async def test_who_does_not_confirm_does_not_leave(world: World) -> None:
    owner = await owner_in(world, "en")
    await owner.forge("start:DeleteAccount")
    assert owner.reads(DeleteAccount.sure.text)
    await owner.tap(CANCEL)
    assert await kept(owner, "delete_at") is None


@in_every_language
async def test_until_the_week_is_over_the_account_is_kept_with_one_tap(world: World, language: str) -> None:
    owner = await owner_in(world, language)
    await leaves(owner)
    await owner.wait(days=6)
    await owner.say("/menu")
    await owner.tap("start:KeepAccount")
    assert owner.hears(KeepAccount.done.text)
    assert "DPR 6687" in owner.last
    await owner.wait(days=2)
    assert await erase_due(world.means, world.at) == 0
    assert await account_of(owner) is not None


async def test_a_week_later_and_not_before_the_account_is_erased(world: World) -> None:
    owner = await owner_in(world)
    await leaves(owner)
    world.at += WAY_BACK - timedelta(seconds=1)
    assert await erase_due(world.means, world.at) == 0
    world.at += timedelta(seconds=1)
    assert await erase_due(world.means, world.at) == 1
    assert await erase_due(world.means, world.at) == 0
    await world.sweep()


@in_every_language
async def test_nothing_of_the_person_is_left_but_what_the_utility_knows(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), Customer(world, "2")
    await other.signs_in(ARTA["number"], language=language)
    await begins(other, ChangeEmail)
    await owner.wait(minutes=2)
    id = str(await kept(owner, "id"))
    await leaves(owner)
    await owner.wait(days=7)
    world.post.parcels.clear()
    await one_hours_tidying(world)
    assert letters(world, MAILBOX) == [LetterName.ACCOUNT_DELETED]
    assert world.post.parcels[0].language == language
    for word in (
        id,
        "Arta",
        "Krasniqi",
        ARTA["number"],
        MAILBOX,
        "a•••@",
        PHONE,
        "123 456",
        "•••456",
        "DPR 6687",
    ):
        assert await places_of(owner, word, except_in=REGISTER) == [], word


async def test_what_the_customer_was_about_to_say_is_erased_with_the_account(world: World) -> None:
    owner = await owner_in(world)
    await leaves(owner)
    await owner.wait(days=6)
    await begins(owner, ChangeEmail)
    assert await places_of(owner, "arta.e.re@example.com") == ["conversation.state"]
    await owner.wait(days=1)
    await one_hours_tidying(world)
    for word in ("arta.e.re", "Krasniqi", "a•••@"):
        assert await places_of(owner, word, except_in=REGISTER) == [], word


@in_every_language
async def test_the_chat_of_an_erased_account_speaks_its_language_and_is_a_guest(
    world: World, language: str
) -> None:
    owner = await owner_in(world, language)
    await leaves(owner)
    await owner.wait(days=7)
    await one_hours_tidying(world)
    await owner.say("/menu")
    assert owner.language == language
    assert owner.reads(Home.menu.text)
    await owner.applies_again()
    await owner.chooses_password()
    await owner.tap(YES)
    await owner.enters_code()
    assert owner.hears(Register.done.text)


async def test_who_signs_in_to_an_account_that_leaves_is_asked_whether_to_keep_it(world: World) -> None:
    owner, other = await owner_in(world), Customer(world, "2")
    await leaves(owner)
    await owner.wait(minutes=2)
    await other.signs_in(MAILBOX)
    assert other.hears(SignIn.done.text)
    assert other.reads(Home.leaves.text)
    await other.tap("start:KeepAccount")
    assert other.hears(KeepAccount.done.text)
    assert await kept(other, "delete_at") is None
