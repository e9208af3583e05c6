"""The code that proves a phone or a mailbox: sent, sent again, by another way, mistyped, too late."""

from __future__ import annotations

import pytest

from bot.services.codes import Expired, Locked, Wrong
from bot.undelivered import NO_EMAIL, NO_SMS
from dialogs import codes
from dialogs.engine.prompts import KEEP, RETRY, YES
from dialogs.register import Register
from tests.talk.customer import ARTA, Customer
from tests.talk.people import NOBODY, e164, in_every_language, kept, places_of, told
from tests.talk.world import World

WRONG, EXPIRED, LOCKED = codes.REJECTED[Wrong], codes.REJECTED[Expired], codes.REJECTED[Locked]
AGAIN, OTHER_NUMBER, BY_EMAIL, BY_SMS = "redo:0", "redo:1", "switch:0", "switch:1"
PHONE, MAILBOX = e164(ARTA), ARTA["email"]


def wrong(code: str, n: int = 1) -> str:
    """A code that it is not."""
    return f"{(int(code) + n) % 1_000_000:06}"


async def errs(customer: Customer, times: int) -> None:
    for n in range(1, times + 1):
        await customer.say(wrong(customer.world.post.code(customer.chat), n))


async def asks_again(customer: Customer, times: int, **pause: float) -> None:
    for _ in range(times):
        await customer.wait(**pause)
        await customer.tap(AGAIN)


# -- how a code is typed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["{0}", "{0:.3} {1}", "{0:.3}-{1}", "KESCO: kodi juaj është {0}. Vlen 5 minuta.", " {0}\n"],
)
async def test_a_code_is_read_however_it_is_written(customer: Customer, written: str) -> None:
    await customer.world.fill()
    await customer.gets_code()
    code = customer.world.post.code(customer.chat)
    await customer.say(written.format(code, code[3:]))
    assert customer.hears(Register.done.text)


@in_every_language
async def test_what_is_no_code_counts_as_no_try(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    for word in ("12345", "1234567", "kod"):
        await customer.say(word)
        assert not customer.hears(WRONG)
        assert customer.reads(Register.proof.text)
    await errs(customer, 1)
    assert told(customer, WRONG, proof__left=4)


@in_every_language
async def test_a_wrong_code_is_told_with_the_tries_that_are_left(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    code = customer.world.post.code(customer.chat)
    for left in (4, 3, 2, 1, 0):
        await customer.say(wrong(code, left + 1))
        assert told(customer, WRONG, proof__left=left)
        assert customer.reads(Register.proof.text)
    await customer.say(code)
    assert customer.hears(EXPIRED)
    await customer.wait(seconds=60)
    await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_the_code_of_another_chat_is_wrong_here(world: World) -> None:
    await world.fill()
    one, other = Customer(world, "1"), Customer(world, "2")
    await one.gets_code("sq")
    await other.gets_code("sq", **NOBODY)
    await one.say(world.post.code(other.chat))
    assert one.hears(WRONG)
    await one.enters_code()
    assert one.hears(Register.done.text)


async def test_no_code_is_kept_anywhere_before_or_after_it_is_typed(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code()
    code = customer.world.post.code(customer.chat)
    assert await places_of(customer, code) == []
    await customer.say(wrong(code))
    await customer.say(code)
    assert await places_of(customer, code) == []
    assert await places_of(customer, wrong(code)) == []


# -- when it is too late, or too soon ------------------------------------------------------------------------


@in_every_language
async def test_after_five_minutes_a_code_is_no_good_and_a_new_one_is(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await customer.wait(minutes=5)
    await customer.enters_code()
    assert customer.hears(EXPIRED)
    assert customer.reads(Register.proof.text)
    await customer.tap(AGAIN)
    assert len(customer.world.post.to(PHONE)) == 2
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_a_code_is_good_until_its_last_seconds(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code()
    await customer.wait(minutes=4, seconds=50)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


@in_every_language
async def test_before_a_minute_has_passed_the_code_that_was_sent_still_counts(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await customer.wait(seconds=20)
    await customer.tap(AGAIN)
    assert told(customer, codes.SOON, sending__seconds=35)
    assert len(customer.world.post.parcels) == 1
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_after_a_minute_a_new_code_comes_and_only_the_new_one_counts(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("en")
    first = customer.world.post.code(customer.chat)
    await customer.wait(minutes=1)
    await customer.tap(AGAIN)
    assert len(customer.world.post.to(PHONE)) == 2
    await customer.say(first)
    assert customer.hears(WRONG)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_a_code_is_good_after_the_program_was_restarted(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code()
    await customer.restart()
    await customer.enters_code()
    assert customer.hears(Register.done.text)


# -- another way, another number -----------------------------------------------------------------------------


@in_every_language
async def test_no_sms_comes_so_the_code_is_sent_by_email(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await customer.tap(BY_EMAIL)
    assert customer.reads(Register.proof.text)
    assert MAILBOX in customer.last
    assert [parcel.kind for parcel in customer.world.post.to(MAILBOX)] == ["email"]
    assert not customer.has(BY_EMAIL)
    await customer.enters_code()
    assert customer.hears(Register.done.text)
    assert await kept(customer, "email_proved_at") is not None
    assert await kept(customer, "phone_proved_at") is None


async def test_back_to_the_sms_its_code_still_counts(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("sr")
    by_sms = customer.world.post.code(customer.chat)
    await customer.tap(BY_EMAIL)
    await customer.tap(BY_SMS)
    assert ARTA["phone"] in customer.last.replace("\u00a0", " ")
    assert len(customer.world.post.to(PHONE)) == 1
    await customer.say(by_sms)
    assert customer.hears(Register.done.text)
    assert await kept(customer, "phone_proved_at") is not None


async def test_after_a_while_back_to_the_sms_sends_a_new_one(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("sr")
    await customer.tap(BY_EMAIL)
    await customer.wait(minutes=1)
    await customer.tap(BY_SMS)
    assert len(customer.world.post.to(PHONE)) == 2
    await customer.enters_code()
    assert customer.hears(Register.done.text)


@in_every_language
async def test_the_number_is_changed_at_the_code_and_all_other_answers_are_kept(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    first = customer.world.post.code(customer.chat)
    await customer.tap(OTHER_NUMBER)
    assert customer.reads(Register.phone.text)
    await customer.say("049 654 321")
    assert customer.reads(Register.summary.text)
    for name in ("number", "first_name", "last_name", "code", "email"):
        assert ARTA[name] in customer.last
    await customer.tap(YES)
    assert len(customer.world.post.to("+38349654321")) == 1
    await customer.say(first)
    assert customer.hears(WRONG)
    await customer.enters_code()
    assert customer.hears(Register.done.text)
    assert await kept(customer, "phone") == "+38349654321"


async def test_the_number_is_looked_at_and_left_and_no_second_code_is_sent(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("en")
    await customer.tap(OTHER_NUMBER)
    await customer.tap(KEEP)
    assert customer.reads(Register.proof.text)
    assert len(customer.world.post.parcels) == 1
    await customer.enters_code()
    assert customer.hears(Register.done.text)


# -- what does not arrive ------------------------------------------------------------------------------------


@in_every_language
async def test_an_sms_that_cannot_be_delivered_is_told_and_the_mailbox_helps(
    customer: Customer, language: str
) -> None:
    world = customer.world
    await world.fill()
    world.post.unknown.add(PHONE)
    world.given_up = 1
    await customer.gets_code(language)
    await world.settle()
    assert customer.hears(NO_SMS)
    assert customer.reads(Register.proof.text)
    await customer.tap(BY_EMAIL)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


@in_every_language
async def test_a_mailbox_that_does_not_exist_is_told_and_the_sms_still_counts(
    customer: Customer, language: str
) -> None:
    world = customer.world
    await world.fill()
    world.post.unknown.add(MAILBOX)
    world.given_up = 1
    await customer.gets_code(language)
    await customer.tap(BY_EMAIL)
    await world.settle()
    assert customer.hears(NO_EMAIL)
    await customer.tap(BY_SMS)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


# -- how many, and how often ---------------------------------------------------------------------------------


@in_every_language
async def test_a_phone_gets_three_codes_an_hour_and_the_next_one_when_it_is_over(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await asks_again(customer, 2, minutes=10)
    assert len(customer.world.post.to(PHONE)) == 3
    await asks_again(customer, 1, minutes=9, seconds=45)
    assert told(customer, codes.MANY, sending__minutes=30)
    assert len(customer.world.post.to(PHONE)) == 3
    await customer.wait(minutes=30)
    await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


@in_every_language
async def test_who_asks_for_one_code_too_many_can_still_use_the_last(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await asks_again(customer, 2, minutes=2)
    await customer.tap(AGAIN)
    assert customer.hears(codes.MANY)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_a_phone_gets_ten_codes_a_day(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("en")
    await asks_again(customer, 9, minutes=21)
    assert len(customer.world.post.to(PHONE)) == 10
    await asks_again(customer, 1, minutes=61)
    assert customer.hears(codes.MANY)
    assert len(customer.world.post.to(PHONE)) == 10
    await customer.wait(hours=24)
    await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_a_chat_gets_five_codes_an_hour_wherever_they_go(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("sr")
    for n in range(4):
        await customer.wait(minutes=1)
        await customer.tap(OTHER_NUMBER)
        await customer.say(f"044 500 10{n}")
        await customer.tap(YES)
    assert len(customer.world.post.parcels) == 5
    await customer.tap(BY_EMAIL)
    assert customer.hears(codes.MANY)
    assert len(customer.world.post.parcels) == 5


async def test_another_chat_gets_no_more_codes_for_a_phone_than_it_may_have(world: World) -> None:
    await world.fill()
    one, other = Customer(world, "1"), Customer(world, "2")
    await one.gets_code("en")
    await asks_again(one, 2, minutes=2)
    await other.gets_code("en", **NOBODY | {"phone": ARTA["phone"]})
    assert other.hears(codes.MANY)
    assert len(world.post.to(PHONE)) == 3


@in_every_language
async def test_ten_wrong_codes_lock_for_a_quarter_of_an_hour_and_a_new_code_forgives_none(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    await errs(customer, 5)
    await customer.wait(minutes=1)
    await customer.tap(AGAIN)
    await errs(customer, 5)
    assert told(customer, LOCKED, proof__minutes=15)
    await customer.enters_code()
    assert customer.hears(LOCKED)
    await customer.tap(AGAIN)
    assert customer.hears(codes.MANY)
    await customer.wait(minutes=15)
    await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_a_code_of_an_hour_ago_proves_nothing_and_a_new_one_goes_on_from_there(
    customer: Customer,
) -> None:
    await customer.world.fill()
    await customer.gets_code("en")
    customer.world.storage.register_away = True
    await customer.enters_code()
    await customer.wait(hours=1)
    customer.world.storage.register_away = False
    await customer.tap(RETRY)
    assert customer.reads(Register.proof.text)
    assert len(customer.world.post.to(PHONE)) == 2
    await customer.enters_code()
    assert customer.hears(Register.done.text)


async def test_days_of_waiting_lose_no_answer(customer: Customer) -> None:
    await customer.world.fill()
    await customer.gets_code("sq")
    await customer.wait(days=6, hours=20)
    await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


@in_every_language
async def test_only_the_password_is_chosen_again_when_it_has_waited_too_long(
    customer: Customer, language: str
) -> None:
    await customer.world.fill()
    await customer.gets_code(language)
    for _ in range(2):
        await customer.wait(days=4)
        await customer.tap(AGAIN)
    await customer.enters_code()
    assert customer.reads(Register.password.text)
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)
    await customer.tap(YES)
    assert customer.hears(Register.done.text)
