"""Opening an account: from nothing to the menu with the last bill, and every way in which it is refused."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from bot.seeding.picked import EXPIRED_ID
from bot.services.ports import ZONE
from bot.services.post import LetterName
from dialogs.engine.prompts import YES
from dialogs.register import Register
from dialogs.sign_in import SignIn
from tests.talk.customer import ARTA, Customer
from tests.talk.people import (
    BEKIM,
    DRITA,
    NOBODY,
    account_of,
    e164,
    in_every_language,
    is_open,
    kept,
    letters,
    without,
)
from tests.talk.words import SPEAKERS, pattern
from tests.talk.world import World

(NO_MATCH, EMAIL_TAKEN, PHONE_TAKEN, PASSWORD_GONE) = (why for _, why in Register.opened.rejects.values())
#: What stands in the account that is there already, and what stands in the register beside it.
DRITAS_SECRETS = ("demo1", "DFE 2044", "Dëshmorët", "17.89", "17,89", "10604431")


# -- how it goes well ----------------------------------------------------------------------------------


@in_every_language
async def test_a_customer_opens_an_account_and_sees_the_last_bill(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language)
    assert customer.hears(Register.done.text)
    assert "DPR 6687" in customer.last
    assert "30,42" in customer.last or "30.42" in customer.last
    assert await kept(customer, "phone") == e164(ARTA)


@pytest.mark.parametrize(
    ("number", "first_name", "last_name"),
    [
        ("2195939007", "Djordje", "Zivkovic"),
        ("2195939007", "ђорђе", "живковић"),
        ("2195939007", "ŽIVKOVIĆ", "ĐORĐE"),
        ("3425437231", "gezim", "hoxha"),
        ("3425437231", "Гезим", "Хоџа"),
        ("1654935463", "Shpresa", "Ceku"),
    ],
)
async def test_a_name_is_known_in_any_case_script_and_order_and_without_its_marks(
    customer: Customer, number: str, first_name: str, last_name: str
) -> None:
    await customer.world.fill()
    given = {"number": number, "first_name": first_name, "last_name": last_name}
    await customer.registers("sr", **given, code="skip")
    assert customer.hears(Register.done.text)
    name = await kept(customer, "last_name", given)
    assert name in ("Živković", "Hoxha", "Çeku")  # as the register has it


async def test_every_place_of_the_person_is_in_the_account_and_the_one_that_was_given_comes_first(
    customer: Customer,
) -> None:
    await customer.world.fill()
    await customer.registers(number="3425437231", first_name="Gëzim", last_name="Hoxha", code="DPZ 4472")
    assert "DPZ 4472" in customer.last
    account = await kept(customer, "id", {"number": "3425437231"})
    rows = await customer.world.rows("select * from account_meter where account = :id", id=account)
    assert {(row["customer_code"], row["state"]) for row in rows} == {
        ("DPZ 4471", "own"),
        ("DPZ 4472", "own"),
    }


@in_every_language
async def test_a_code_that_is_nowhere_does_not_stand_in_the_way(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language, code="DGJ 99999999")
    assert customer.hears(Register.unknown.text)
    assert customer.hears(Register.done.text)
    assert "DPR 6687" in customer.last


@in_every_language
async def test_another_persons_place_is_noted_and_nothing_of_it_is_told(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.registers(language, code="DPE 1290")
    assert customer.hears(Register.claimed.text)
    assert customer.hears(Register.done.text)
    assert "DPR 6687" in customer.last
    for secret in ("Shpresa", "Çeku", "Adem Jashari", "210,15", "210.15", "10518840"):
        assert secret not in "\n".join(customer.sees)
    claimed = await customer.world.rows("select customer_code from account_meter where state = 'claimed'")
    assert [row["customer_code"] for row in claimed] == ["DPE 1290"]


async def test_who_is_signed_in_already_is_not_asked_again(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers()
    await customer.forge("start:Register")
    assert customer.hears(Register.already.text)
    assert customer.has("start:SignOut")
    assert not await is_open(customer)


# -- a person that the register does not have so ---------------------------------------------------------


@in_every_language
async def test_a_wrong_name_and_an_unknown_person_are_refused_in_the_very_same_words(
    world: World, language: str
) -> None:
    await world.fill()
    told = []
    for name, given in (("1", {**NOBODY, "number": ARTA["number"]}), ("2", NOBODY)):
        customer = Customer(world, name)
        given = given | {"phone": f"+383 44 800 80{name}", "email": f"ymer{name}@example.com"}
        await customer.gets_code(language, **given)
        code = world.post.code(customer.chat)
        await customer.say(code)
        assert customer.hears(NO_MATCH)
        assert customer.reads(Register.summary.text)
        told.append(without({**given, "sent": code}, customer))
    assert told[0] == told[1]
    assert "Krasniqi" not in told[0]


async def test_a_name_that_was_mistyped_is_corrected_and_no_second_code_is_needed(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en", first_name="Berta")
    assert customer.hears(NO_MATCH)
    await customer.tap("change:first_name")
    await customer.say("Arta")
    await customer.tap(YES)
    assert customer.hears(Register.done.text)
    assert len(customer.world.post.to(e164(ARTA))) == 1


# -- somebody has it already -----------------------------------------------------------------------------


@in_every_language
async def test_a_person_with_an_account_is_shown_the_way_to_it_and_its_owner_is_told(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    before = await account_of(customer, DRITA)
    await customer.registers(
        language, **DRITA | {"phone": ARTA["phone"], "email": ARTA["email"], "code": "skip"}
    )
    assert customer.hears(Register.taken.text)
    assert customer.has("start:SignIn")
    assert customer.has("start:ForgotPassword")
    assert await account_of(customer, DRITA) == before
    assert shows_nothing_of_drita(customer)
    assert letters(customer.world, DRITA["email"]) == [LetterName.REGISTRATION_ATTEMPT]
    await customer.tap("start:SignIn")
    assert customer.reads(SignIn.who.text)


@in_every_language
async def test_a_taken_address_is_asked_for_again_and_the_code_still_counts(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.registers(language, email=DRITA["email"])
    assert customer.hears(EMAIL_TAKEN)
    assert customer.reads(Register.email.text)
    await customer.say(ARTA["email"])
    assert customer.reads(Register.summary.text)
    await customer.tap(YES)
    assert customer.hears(Register.done.text)
    assert shows_nothing_of_drita(customer, but="demo1")
    assert len(customer.world.post.to(e164(ARTA))) == 1


@in_every_language
async def test_a_taken_phone_is_asked_for_again_and_the_new_one_is_proved(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.registers(language, phone=DRITA["phone"])
    assert customer.hears(PHONE_TAKEN)
    assert customer.reads(Register.phone.text)
    assert shows_nothing_of_drita(customer)
    await customer.say(ARTA["phone"])
    await customer.tap(YES)
    assert customer.reads(Register.proof.text)
    await customer.enters_code()
    assert customer.hears(Register.done.text)
    assert await kept(customer, "phone") == e164(ARTA)


async def test_two_chats_that_register_one_person_at_once_open_one_account(world: World) -> None:
    await world.fill()
    chats = Customer(world, "1"), Customer(world, "2")
    for n, customer in enumerate(chats):
        await customer.gets_code("en", phone=f"+383 44 123 45{n}", email=f"arta{n}@example.com")
    codes = [world.post.code(customer.chat) for customer in chats]
    await world.both(*(customer.say(code) for customer, code in zip(chats, codes, strict=True)))
    assert sorted(customer.hears(Register.done.text) for customer in chats) == [False, True]
    assert sorted(customer.hears(Register.taken.text) for customer in chats) == [False, True]
    rows = await world.rows("select id from account where personal_number = :n", n=ARTA["number"])
    assert len(rows) == 1


def shows_nothing_of_drita(customer: Customer, but: str = "") -> bool:
    shown = "\n".join(customer.sees)
    return not any(secret in shown for secret in DRITAS_SECRETS if secret != but)


# -- an identity card that is no longer valid ------------------------------------------------------------


@in_every_language
async def test_an_expired_identity_card_is_told_of_only_to_who_gives_the_right_name_and_code(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    customer.world.at = datetime.combine(EXPIRED_ID.person.id_valid_until, time(23, 30), ZONE)
    customer.world.at += timedelta(hours=12)
    await customer.registers(language, **BEKIM)
    assert customer.hears(Register.expired.text)
    assert await account_of(customer, BEKIM) is None
    assert not await is_open(customer)


async def test_on_its_last_day_the_identity_card_is_still_good(customer: Customer) -> None:
    await customer.world.fill()
    customer.world.at = datetime.combine(EXPIRED_ID.person.id_valid_until, time(23, 30), ZONE)
    await customer.registers("sq", **BEKIM)
    assert customer.hears(Register.done.text)


# -- what a stranger can learn ---------------------------------------------------------------------------


@in_every_language
async def test_until_the_code_it_is_all_the_same_whether_the_data_are_known_or_not(
    world: World, language: str
) -> None:
    await world.fill()
    told = []
    for name, given in (("1", ARTA), ("2", DRITA), ("3", BEKIM), ("4", NOBODY)):
        customer = Customer(world, name)
        await customer.gets_code(language, **given)
        assert customer.reads(Register.proof.text)
        assert [parcel.kind for parcel in world.post.parcels if parcel.chat == customer.chat] == ["sms"]
        told.append(without(given, customer))
    assert set(told) == {told[0]}


@in_every_language
async def test_who_tries_too_often_is_stopped_until_the_next_day(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.gets_code(language, **ARTA | {"first_name": "Besa"})
    await customer.enters_code()
    for name in ("Blerta", "Dafina", "Era", "Fjolla", "Arberita"):
        assert customer.hears(NO_MATCH)
        await customer.tap("change:first_name")
        await customer.say(name)
        await customer.tap(YES)
    assert customer.hears(Register.stopped.text)
    assert not await is_open(customer)
    await customer.wait(hours=1)
    await customer.applies_again()
    await customer.chooses_password()
    await customer.tap(YES)
    await customer.enters_code()
    assert customer.hears(Register.stopped.text)
    assert await account_of(customer) is None
    await customer.wait(hours=23)
    await customer.applies_again()
    await customer.chooses_password()
    await customer.tap(YES)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_another_phone_in_the_same_chat_gives_no_further_tries(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en", **NOBODY)
    for n in range(5):
        assert customer.hears(NO_MATCH)
        await customer.tap("change:phone")
        await customer.say(f"+383 44 800 90{n}")
        await customer.wait(minutes=30)
        await customer.tap(YES)
        await customer.enters_code()
    assert customer.hears(Register.stopped.text)
    await customer.wait(minutes=30)
    await customer.applies_again()
    await customer.chooses_password()
    await customer.tap(YES)
    await customer.enters_code()
    assert customer.hears(Register.stopped.text)
    assert await account_of(customer) is None


async def test_another_chat_gives_a_phone_no_further_tries(world: World) -> None:
    await world.fill()
    one, other = Customer(world, "1"), Customer(world, "2")
    await one.registers("en", **NOBODY | {"phone": ARTA["phone"]})
    for name in ("Arben", "Besim", "Valon", "Driton", "Egzon"):
        await one.tap("change:first_name")
        await one.say(name)
        await one.tap(YES)
    assert one.hears(Register.stopped.text)
    await one.wait(minutes=2)
    await other.registers("en")
    assert other.hears(Register.stopped.text)
    assert await account_of(other) is None


def test_every_refusal_has_words_of_its_own() -> None:
    texts = [NO_MATCH, EMAIL_TAKEN, PHONE_TAKEN, PASSWORD_GONE, Register.taken.text, Register.expired.text]
    for language in SPEAKERS:
        assert len({pattern(text, language).pattern for text in texts if text}) == len(texts)
