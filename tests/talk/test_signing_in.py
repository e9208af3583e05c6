"""Signing in by password and code, the forgotten password, and signing out again."""

from __future__ import annotations

import pytest

from bot.forms_port import Refused, Taken
from bot.seeding.hashes import SAMPLE_PASSWORD
from bot.seeding.picked import WITH_ACCOUNT
from bot.services.codes import Wrong
from bot.services.post import LetterName
from bot.services.sign_in import Waits, WrongPassword
from bot.services.weaknesses import Weakness
from dialogs import codes
from dialogs.account import Account, SignedInChats, SignOut, SignOutEverywhere
from dialogs.engine.prompts import KEEP
from dialogs.home import Home
from dialogs.identifiers import WEAK
from dialogs.passwords import NOT_RIGHT
from dialogs.register import Register
from dialogs.sign_in import ForgotPassword, SignIn
from storage.base import Write
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import DRITA, NOBODY, e164, in_every_language, is_open, letters, refused, without
from tests.talk.world import World

NOT_HERS, LOCKED = NOT_RIGHT[WrongPassword].text, NOT_RIGHT[Waits].text
PHONE, MAILBOX = e164(ARTA), ARTA["email"]
NEW_PASSWORD = "Tjeter8fjale"


async def with_account(world: World, language: str = "sq") -> Customer:
    """The owner's first chat, some minutes after the account was opened."""
    await world.fill()
    owner = Customer(world, "1")
    await owner.registers(language)
    await owner.wait(minutes=5)
    return owner


async def locks(customer: Customer) -> None:
    """Five wrong passwords in a row."""
    for _ in range(5):
        assert await refused(customer, password="Gabim123") == {"password": NOT_HERS}


async def forgets(customer: Customer, who: str, language: str = "sq") -> None:
    """To the code with which a new password is chosen."""
    await customer.comes_in(language)
    await customer.forge("start:ForgotPassword")
    await customer.say(who)


async def is_signed_in(customer: Customer) -> bool:
    await customer.forge("start:Account")
    return customer.hears(Account.card.text)


# -- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "language"),
    [
        (MAILBOX, "sq"),
        (ARTA["phone"], "sr"),
        (ARTA["number"], "sr_Cyrl"),
        ("044 123 456", "en"),
        ("ARTA@Example.com ", "sq"),
    ],
)
async def test_a_second_chat_signs_in_to_the_same_account_and_its_owner_is_told(
    world: World, who: str, language: str
) -> None:
    await with_account(world)
    other = Customer(world, "2")
    await other.signs_in(who, language=language)
    assert other.hears(SignIn.done.text)
    assert "DPR 6687" in other.last
    assert letters(world, MAILBOX) == [LetterName.SIGNED_IN_ELSEWHERE]
    assert await is_signed_in(other)


async def test_the_code_may_come_by_email(world: World) -> None:
    await with_account(world)
    other = Customer(world, "2")
    await other.names_account(PHONE, "sr")
    await other.types(password=PASSWORD)
    await other.tap("switch:0")
    await other.enters_code()
    assert other.hears(SignIn.done.text)
    assert [parcel.kind for parcel in world.post.to(MAILBOX)] == ["email", "email"]


@in_every_language
@pytest.mark.parametrize("n", [1, 2], ids=["argon2id", "bcrypt"])
async def test_an_account_from_the_web_site_signs_in_and_its_password_is_hashed_anew(
    customer: Customer, language: str, n: int
) -> None:
    await customer.world.fill()
    await customer.signs_in(f"demo{n}@example.com", SAMPLE_PASSWORD, language)
    assert customer.hears(SignIn.done.text)
    stored = "select password from account where email = :email"
    rows = await customer.world.rows(stored, email=f"demo{n}@example.com")
    assert str(rows[0]["password"]).startswith("pepper:")
    await customer.forge("start:SignOut")
    await customer.wait(minutes=2)
    await customer.forge("start:SignIn")
    await customer.say(f"04400000{n}")
    await customer.types(password=SAMPLE_PASSWORD)
    await customer.enters_code()
    assert customer.hears(SignIn.done.text)


async def test_who_is_signed_in_already_is_told_so(world: World) -> None:
    owner = await with_account(world)
    await owner.forge("start:SignIn")
    assert owner.hears(SignIn.already.text)
    assert not await is_open(owner)


@in_every_language
async def test_another_account_is_named_and_the_password_is_asked_for_that(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.names_account("demo2@example.com", language)
    await customer.tap("redo:0")
    assert customer.reads(SignIn.who.text)
    await customer.tap(KEEP)
    assert customer.reads(SignIn.entered.text)
    await customer.tap("redo:0")
    await customer.say(DRITA["email"])
    await customer.types(password=SAMPLE_PASSWORD)
    await customer.enters_code()
    assert customer.hears(SignIn.done.text)
    assert WITH_ACCOUNT.person.first_name in customer.news


@in_every_language
async def test_what_names_no_account_is_asked_again(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    await customer.tap("start:SignIn")
    for written in ("Arta Krasniqi", "12345", "arta@", "arta @ kesco"):
        await customer.say(written)
        assert customer.reads(SignIn.who.text)


# -- wrong passwords -----------------------------------------------------------------------------------------


@in_every_language
async def test_a_wrong_password_is_told_on_the_page_which_stays_open(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.names_account(DRITA["email"], language)
    before = customer.sees
    assert await refused(customer, password="Gabim123") == {"password": NOT_HERS}
    assert customer.sees == before
    assert isinstance(await customer.types(password=SAMPLE_PASSWORD), Taken)
    assert customer.reads(SignIn.proof.text)


@in_every_language
async def test_after_five_wrong_ones_even_the_right_one_waits(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.names_account(DRITA["email"], language)
    await locks(customer)
    outcome = await customer.types(password=SAMPLE_PASSWORD)
    assert isinstance(outcome, Refused)
    problem = outcome.problems["password"]
    assert problem.text == LOCKED
    assert problem.values == {"seconds": 30}
    await customer.wait(seconds=30)
    assert isinstance(await customer.types(password=SAMPLE_PASSWORD), Taken)


async def test_each_further_wrong_one_waits_twice_as_long(customer: Customer) -> None:
    await customer.world.fill()
    await customer.names_account(DRITA["email"])
    await locks(customer)
    for seconds in (30, 60, 120):
        outcome = await customer.types(password=SAMPLE_PASSWORD)
        assert isinstance(outcome, Refused)
        assert outcome.problems["password"].values == {"seconds": seconds}
        await customer.wait(seconds=seconds)
        assert await refused(customer, password="Gabim123") == {"password": NOT_HERS}


async def test_what_locks_an_account_in_one_chat_locks_it_in_all_new_ones(world: World) -> None:
    """Under another name no less, though nothing tells that it is the same account."""
    await world.fill()
    stranger, other, another = (Customer(world, name) for name in "123")
    await other.names_account(DRITA["email"])
    await another.names_account(DRITA["phone"])
    await stranger.names_account(DRITA["email"])
    await locks(stranger)
    assert await refused(other, password=SAMPLE_PASSWORD) == {"password": LOCKED}
    assert await refused(another, password=SAMPLE_PASSWORD) == {"password": NOT_HERS}


async def test_a_stranger_cannot_lock_the_owner_out_of_a_chat_that_was_never_signed_out(world: World) -> None:
    owner, stranger = await with_account(world), Customer(world, "2")
    await owner.wait(days=31)
    await stranger.names_account(MAILBOX)
    await locks(stranger)
    await owner.forge("start:SignIn")
    await owner.say(MAILBOX)
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    await owner.enters_code()
    assert owner.hears(SignIn.done.text)


async def test_who_holds_the_owners_phone_cannot_guess_on_either(world: World) -> None:
    owner = await with_account(world)
    await owner.forge("start:ChangePassword")
    await locks(owner)
    assert await refused(owner, password=PASSWORD) == {"password": LOCKED}


@in_every_language
async def test_an_account_that_is_none_meets_the_very_same(world: World, language: str) -> None:
    await world.fill()
    told = []
    for name, who in (("1", DRITA["email"]), ("2", NOBODY["email"])):
        customer = Customer(world, name)
        await customer.names_account(who, language)
        await locks(customer)
        locked = await customer.types(password="Gabim123")
        assert isinstance(locked, Refused)
        told.append((without({"who": who}, customer), locked.problems))
    assert told[0] == told[1]
    assert not world.post.parcels


# -- a forgotten password ------------------------------------------------------------------------------------


@in_every_language
async def test_a_forgotten_password_is_chosen_anew_and_every_other_chat_is_signed_out(
    world: World, language: str
) -> None:
    owner, other = await with_account(world), Customer(world, "2")
    await forgets(other, ARTA["number"], language)
    assert other.reads(ForgotPassword.proof.text)
    await other.enters_code()
    assert other.reads(ForgotPassword.password.text)
    await other.chooses_password(NEW_PASSWORD)
    assert other.hears(ForgotPassword.done.text)
    assert "DPR 6687" in other.last
    assert letters(world, MAILBOX) == [LetterName.PASSWORD_CHANGED]
    news = LetterName.PASSWORD_CHANGED
    assert letters(world, PHONE) == [LetterName.CODE, LetterName.CODE, news]
    assert not await is_signed_in(owner)
    await owner.wait(minutes=2)
    await owner.forge("start:SignIn")
    await owner.say(MAILBOX)
    assert await refused(owner, password=PASSWORD) == {"password": NOT_HERS}
    assert isinstance(await owner.types(password=NEW_PASSWORD), Taken)


@in_every_language
async def test_nobody_learns_here_who_has_an_account(world: World, language: str) -> None:
    await world.fill()
    told = []
    for name, who in (("1", DRITA["email"]), ("2", NOBODY["email"])):
        customer = Customer(world, name)
        await forgets(customer, who, language)
        for code in ("000000", "111111", "222222", "333333", "444444", "555555"):
            await customer.say(code)
        await customer.tap("redo:0")
        await customer.tap("switch:0")
        await customer.wait(minutes=1)
        await customer.tap("redo:0")
        await customer.say("666666")
        assert customer.hears(codes.REJECTED[Wrong])
        told.append(without({"who": who}, customer))
    assert told[0] == told[1]
    assert {parcel.chat for parcel in world.post.parcels} == {f"{world.channel.name}:1"}


@in_every_language
async def test_a_new_password_tells_nothing_of_its_owner(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await forgets(customer, DRITA["email"], language)
    await customer.enters_code()
    for password in ("Berisha7x9", "X7demo1yQ9", "Qz44000001"):
        said = await refused(customer, password=password, again=password)
        assert said == {"password": WEAK[Weakness.PERSONAL]}, password
    await customer.chooses_password()
    assert customer.hears(ForgotPassword.done.text)


@in_every_language
async def test_a_password_that_is_forgotten_while_signing_in_is_not_asked_for_any_more(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.names_account(DRITA["email"], language)
    await customer.forge("start:ForgotPassword")
    await customer.say(DRITA["email"])
    await customer.enters_code()
    await customer.chooses_password(NEW_PASSWORD)
    assert customer.hears(ForgotPassword.done.text)
    assert customer.hears(SignIn.already.text)
    assert not await is_open(customer)


async def test_who_finds_in_mid_registration_that_there_is_an_account_signs_in_to_it(
    customer: Customer,
) -> None:
    await customer.world.fill()
    await customer.applies_for("sr", **DRITA)
    await customer.say("/menu")
    await customer.tap("start:SignIn")
    await customer.say(DRITA["email"])
    await customer.types(password=SAMPLE_PASSWORD)
    await customer.enters_code()
    assert customer.hears(SignIn.done.text)
    assert customer.hears(Register.already.text)
    assert not await is_open(customer)


async def test_the_account_of_a_forgotten_password_can_be_named_anew(customer: Customer) -> None:
    await customer.world.fill()
    await forgets(customer, NOBODY["email"], "en")
    await customer.tap("redo:1")
    assert customer.reads(ForgotPassword.who.text)
    await customer.say(DRITA["email"])
    await customer.enters_code()
    await customer.chooses_password()
    assert customer.hears(ForgotPassword.done.text)


async def test_a_password_that_was_forgotten_unlocks_with_the_new_one(world: World) -> None:
    await world.fill()
    one, other = Customer(world, "1"), Customer(world, "2")
    await one.names_account(DRITA["email"])
    await locks(one)
    await forgets(other, DRITA["email"])
    await other.enters_code()
    await other.chooses_password(NEW_PASSWORD)
    third = Customer(world, "3")
    await third.names_account(DRITA["email"])
    assert isinstance(await third.types(password=NEW_PASSWORD), Taken)


# -- signing out ---------------------------------------------------------------------------------------------


@in_every_language
async def test_signing_out_here_leaves_the_other_chat_signed_in(world: World, language: str) -> None:
    owner, other = await with_account(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.forge("start:SignOut")
    assert owner.hears(SignOut.done.text)
    assert owner.has("start:SignIn")
    await owner.forge("start:Account")
    assert owner.hears(Account.guest.text)
    assert owner.has("start:SignIn")
    assert await is_signed_in(other)


@in_every_language
async def test_signing_out_everywhere_is_asked_for_in_words(world: World, language: str) -> None:
    owner, other = await with_account(world, language), Customer(world, "2")
    await other.signs_in(MAILBOX, language=language)
    await other.forge("start:SignOutEverywhere")
    assert other.hears(SignOutEverywhere.done.text)
    assert not await is_signed_in(other)
    assert not await is_signed_in(owner)


async def test_one_chat_is_signed_out_from_the_list_and_this_one_is_not(world: World) -> None:
    owner, other, third = await with_account(world, "en"), Customer(world, "2"), Customer(world, "3")
    await other.signs_in(MAILBOX)
    await owner.wait(days=1)
    await third.signs_in(MAILBOX)
    await owner.forge("start:SignedInChats")
    assert owner.reads(SignedInChats.chat.text)
    offered = [payload for payload in owner.payloads if ":=" in payload]
    assert len(offered) == 3
    await owner.tap(offered[-1])
    assert owner.hears(SignedInChats.done.text)
    assert await is_signed_in(owner)
    assert sorted([await is_signed_in(other), await is_signed_in(third)]) == [False, True]


async def test_the_list_speaks_of_this_chat_first_and_of_the_others_by_their_last_use(world: World) -> None:
    owner, other = await with_account(world, "en"), Customer(world, "2")
    await other.signs_in(MAILBOX)
    await owner.wait(days=1)
    await owner.forge("start:SignedInChats")
    here, there = (button.label for button in owner.pressable if ":=" in button.payload)
    assert "this chat" in here
    assert "2 Mar 2026" in there


async def test_a_chat_that_signs_itself_out_of_the_list_is_a_guest(world: World) -> None:
    owner = await with_account(world, "en")
    await owner.forge("start:SignedInChats")
    await owner.tap(next(payload for payload in owner.payloads if ":=" in payload))
    assert not await is_signed_in(owner)


@in_every_language
async def test_a_chat_that_nobody_used_for_thirty_days_is_signed_out(world: World, language: str) -> None:
    owner = await with_account(world, language)
    await owner.wait(days=29)
    await owner.say("/menu")
    assert "DPR 6687" in owner.last
    await owner.wait(days=29)
    assert await is_signed_in(owner)
    await owner.wait(days=30)
    assert not await is_signed_in(owner)
    await owner.say("/menu")
    assert owner.reads(Home.menu.text)
    assert "DPR 6687" not in owner.last


async def test_an_account_that_is_gone_between_password_and_code_is_said_to_be_gone(world: World) -> None:
    await world.fill()
    customer = Customer(world, "1")
    await customer.names_account(DRITA["email"], "en")
    await customer.types(password=SAMPLE_PASSWORD)
    gone = "delete from account where personal_number = :number"
    await world.storage.commit([Write(gone, {"number": DRITA["number"]})])
    await customer.enters_code()
    assert customer.hears(SignIn.gone.text)
