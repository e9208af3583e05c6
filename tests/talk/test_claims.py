"""A meter in another person's name as two conversations: of who would like to see it, and of its holder."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from bot.bill_watch import BillWatch
from bot.claiming import Claiming
from bot.services.notices import Kind
from bot.services.post import LetterName
from dialogs.account import NOT_SIGNED_IN
from dialogs.add_meter import AddMeter
from dialogs.bills import LastBill
from dialogs.claims import (
    AGREED,
    ASKED,
    CLAIMED,
    DECLINED,
    EXPIRED,
    REMINDER,
    AgreeToClaim,
    RefuseClaim,
    WhoSees,
)
from dialogs.engine.advance import REFUSED_OFFERS
from dialogs.engine.offers import Refused
from dialogs.engine.text import _l
from dialogs.meters import UnlinkMeter
from dialogs.notices import WORDS
from dialogs.register import Register
from storage.base import Unavailable, Write
from tests.talk.customer import ARTA, Customer
from tests.talk.people import in_every_language, letters
from tests.talk.test_notices import change, looks, tells
from tests.talk.words import SPEAKERS
from tests.talk.world import World

GEZIM = {
    "number": "3425437231",
    "first_name": "Gezim",
    "last_name": "Hoxha",
    "code": "DPZ 4471",
    "email": "gezim@example.com",
    "phone": "+383 44 555 666",
}
CODE = ARTA["code"]
FINE, REMOVE, AGREE, NO = _l("It is fine"), _l("Remove this access"), _l("I agree"), _l("I do not agree")
#: What nobody but Arta may read: her name, mailbox, phone, street, meter.
OF_ARTA = ("Arta", "Krasniqi", ARTA["email"], "123 456", "Tereza", "10482215", ARTA["number"])
OF_GEZIM = ("Hoxha", GEZIM["email"], "555 666", "Prizren", GEZIM["number"])


async def jobs(world: World) -> None:
    """A round of the job that tells, and what it led to."""
    claiming = Claiming(world.means, world.inbox, clock=world.clock)
    await claiming.look()
    await claiming.tell()
    await world.sweep()


async def both(customer: Customer, language: str = "en") -> tuple[Customer, Customer]:
    """The holder, and who would like to see her meter."""
    await customer.world.fill()
    await customer.registers(language)
    other = Customer(customer.world, "2")
    await other.registers(language, **GEZIM)
    return customer, other


async def asking(customer: Customer) -> None:
    customer.world.claims = "approve"
    await customer.world.restart()


async def claims_it(other: Customer) -> None:
    await other.forge("start:AddMeter")
    await other.say(CODE)
    assert other.reads(AddMeter.aware.text)
    await other.tap("yes")


def silent(*customers: Customer) -> None:
    for customer in customers:
        customer.screen.news.clear()


async def told(holder: Customer, other: Customer, language: str = "en") -> None:
    """The meter is claimed, and its holder knows."""
    await claims_it(other)
    silent(holder, other)
    await jobs(holder.world)


def keeps_to_itself(other: Customer, *secrets: str) -> None:
    everything = "\n".join(other.sees) + "\n".join(other.buttons)
    for secret in secrets:
        assert secret not in everything, secret


async def state(world: World) -> object:
    rows = await world.rows("select state from account_meter where state <> 'own'")
    return rows[0]["state"] if rows else None


@in_every_language
async def test_the_holder_is_told_at_once_and_both_see_no_more_than_they_may(
    customer: Customer, language: str
) -> None:
    holder, other = await both(customer, language)
    await claims_it(other)
    assert other.reads(AddMeter.claimed.text)
    await other.tap("start:LastBill")
    await other.tap("change:meter")
    await other.tap(f"={CODE}")
    assert other.hears(LastBill.in_part.text)
    await other.tap("yes")
    await other.tap("start:LastBill")
    await other.forge("start:Meters")
    assert "R•••. N••• T•••" in other.news
    keeps_to_itself(other, *OF_ARTA)
    silent(holder)
    await jobs(holder.world)
    assert holder.reads(CLAIMED)
    assert re.search(r"Gëzim H\.|Гëзим Х\.", holder.news)
    keeps_to_itself(holder, *OF_GEZIM)
    assert letters(holder.world, ARTA["email"])[-1:] == [LetterName.METER_CLAIMED]


@in_every_language
async def test_it_is_fine(customer: Customer, language: str) -> None:
    holder, other = await both(customer, language)
    await told(holder, other)
    await holder.tap(FINE)
    assert holder.hears(AgreeToClaim.done.text)
    await jobs(holder.world)
    assert other.reads(AGREED)
    await other.forge("start:Meters")
    assert "Nënë Tereza" in other.news
    keeps_to_itself(other, "Krasniqi", ARTA["email"], ARTA["number"])
    silent(other)
    await holder.tap(REMOVE)  # beneath the answer
    assert holder.hears(RefuseClaim.done.text)
    await jobs(holder.world)
    assert other.reads(DECLINED)


@in_every_language
async def test_remove_this_access(customer: Customer, language: str) -> None:
    holder, other = await both(customer, language)
    await told(holder, other)
    await holder.tap(REMOVE)
    assert holder.hears(RefuseClaim.done.text)
    await jobs(holder.world)
    assert other.reads(DECLINED)
    await other.forge("start:Meters")
    assert CODE not in other.news
    await other.forge("start:AddMeter")
    await other.say(CODE)
    assert other.reads(AddMeter.no.text)
    silent(holder)
    await jobs(holder.world)
    assert not holder.news, "nobody is bothered again"


@in_every_language
async def test_with_approval_the_holder_is_asked_first(customer: Customer, language: str) -> None:
    holder, other = await both(customer, language)
    await asking(customer)
    await claims_it(other)
    assert other.reads(AddMeter.waiting.text)
    await other.forge("start:Meters")
    assert CODE not in other.news
    silent(holder)
    await jobs(holder.world)
    assert holder.reads(ASKED)
    assert letters(holder.world, ARTA["email"])[-1:] == [LetterName.METER_ASKED_FOR]
    await holder.tap(AGREE)
    assert holder.hears(AgreeToClaim.done.text)
    await jobs(holder.world)
    assert other.reads(AGREED)


@in_every_language
async def test_one_reminder_after_three_days_and_the_end_after_fourteen(
    customer: Customer, language: str
) -> None:
    holder, other = await both(customer, language)
    await asking(customer)
    await told(holder, other)
    silent(holder)
    await customer.wait(days=2, hours=23)
    await jobs(holder.world)
    assert not holder.hears(REMINDER)
    for heard in (True, False):
        await customer.wait(hours=2)
        silent(holder)
        await jobs(holder.world)
        assert holder.hears(REMINDER) is heard
    assert holder.has(NO)
    await customer.wait(days=11)
    silent(holder, other)
    await jobs(holder.world)
    assert other.reads(EXPIRED)
    assert await state(holder.world) == "expired"
    await holder.tap(AGREE)
    assert holder.hears(AgreeToClaim.over.text)
    assert await state(holder.world) == "expired"


async def test_by_night_it_is_told_but_nobody_is_reminded(customer: Customer) -> None:
    holder, other = await both(customer)
    await asking(customer)
    customer.world.at = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    await told(holder, other)
    assert holder.hears(ASKED)
    silent(holder)
    customer.world.at = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    await jobs(holder.world)
    assert not holder.hears(REMINDER)
    customer.world.at = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    await jobs(holder.world)
    assert holder.hears(REMINDER)


async def test_after_a_week_without_objection_all_is_shown(customer: Customer) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    await customer.wait(days=7, minutes=1)
    await other.forge("start:Meters")
    assert "Rr. Nënë Tereza 27/4" in other.news
    await holder.tap(REMOVE)
    await other.forge("start:Meters")
    assert CODE not in other.news


async def test_bills_of_it_are_told_from_the_day_all_is_shown(customer: Customer) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    world = customer.world
    issued, due = (world.at.date() + timedelta(days=days) for days in (-9, 9))
    await change(world, issued_on=issued.isoformat(), due_on=due.isoformat(), paid="0.00")
    await customer.wait(days=6)
    await looks(world)
    assert not other.hears(WORDS[Kind.DUE])
    assert holder.hears(WORDS[Kind.DUE])
    await customer.wait(days=1, minutes=1)
    await looks(world)
    assert other.hears(WORDS[Kind.DUE])


async def test_a_bill_is_not_told_to_whom_the_holder_has_refused_since_it_was_noted(
    customer: Customer,
) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    world = customer.world
    await customer.wait(days=7, minutes=1)
    issued, due = (world.at.date() + timedelta(days=days) for days in (-9, 2))
    await change(world, issued_on=issued.isoformat(), due_on=due.isoformat(), paid="0.00")
    await BillWatch(world.means, clock=world.clock).look()
    await holder.tap(REMOVE)
    silent(holder, other)
    await tells(world)
    assert holder.hears(WORDS[Kind.DUE])
    assert not other.hears(WORDS[Kind.DUE])


@pytest.mark.parametrize("first", [FINE, REMOVE])
async def test_of_two_chats_that_press_both_buttons_the_refusal_stands(
    customer: Customer, first: object
) -> None:
    holder, other = await both(customer)
    second = Customer(customer.world, "3")
    await second.signs_in(ARTA["email"], language="en")
    await told(holder, other)
    assert holder.reads(CLAIMED)
    assert second.reads(CLAIMED)
    fine, remove = holder.button(FINE).payload, second.button(REMOVE).payload
    if first is FINE:
        await holder.forge(fine)
        await second.forge(remove)
    else:
        await second.forge(remove)
        await holder.forge(fine)
        assert holder.hears(AgreeToClaim.removed.text)
    assert await state(customer.world) == "refused"


async def test_two_chats_that_press_at_the_same_moment_agree_on_one(customer: Customer) -> None:
    holder, other = await both(customer)
    second = Customer(customer.world, "3")
    await second.signs_in(ARTA["email"], language="en")
    await told(holder, other)
    await customer.world.both(
        holder.forge(holder.button(FINE).payload), second.forge(second.button(REMOVE).payload)
    )
    assert await state(customer.world) == "refused"


async def test_a_button_works_once(customer: Customer) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    button = holder.button(FINE).payload
    await holder.forge(button)
    await customer.wait(minutes=1)
    await holder.forge(button)
    assert holder.reads(REFUSED_OFFERS[Refused.USED])


async def test_who_signed_out_decides_nothing(customer: Customer) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    button = holder.button(FINE).payload
    await holder.say("sign out")
    await holder.forge(button)
    assert holder.reads(REFUSED_OFFERS[Refused.FOREIGN])
    assert await state(customer.world) == "claimed"


async def test_the_switch_silences_the_chats_and_not_the_e_mail(customer: Customer) -> None:
    holder, other = await both(customer)
    await holder.say("notifications")
    await holder.tap("-meter")
    await holder.tap("done")
    await told(holder, other)
    assert not holder.hears(CLAIMED)
    assert letters(holder.world, ARTA["email"])[-1:] == [LetterName.METER_CLAIMED]


async def test_a_holder_without_an_account_is_told_when_there_is_one(customer: Customer) -> None:
    await customer.world.fill()
    other = Customer(customer.world, "2")
    await other.registers("en", **GEZIM)
    await claims_it(other)
    await jobs(customer.world)
    await customer.registers("en")
    await jobs(customer.world)
    assert customer.hears(CLAIMED)


async def test_one_that_is_named_at_registration_is_claimed_too(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en")
    other = Customer(customer.world, "2")
    await other.registers("en", **(GEZIM | {"code": CODE}))
    assert other.hears(Register.claimed.text)
    await jobs(customer.world)
    assert customer.hears(CLAIMED)


async def test_who_takes_it_out_again_is_offered_no_way_back_but_to_claim_it(customer: Customer) -> None:
    _holder, other = await both(customer)
    await claims_it(other)
    await other.forge("start:UnlinkMeter")
    await other.tap(f"={CODE}")
    assert other.reads(UnlinkMeter.left.text)
    assert await state(customer.world) is None


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("statement", range(5))
async def test_a_round_that_is_cut_off_is_made_up_for_once(
    customer: Customer, statement: int, after: bool
) -> None:
    holder, other = await both(customer)
    await claims_it(other)
    storage = customer.world.storage
    storage.fails_at, storage.fails_after = statement, after
    with suppress(Unavailable):
        await jobs(customer.world)
    storage.fails_at = None
    await customer.world.restart()
    for _ in range(2):
        await jobs(customer.world)
    assert len(await customer.world.rows("select key from inbox where channel = 'claims'")) == 1
    assert letters(holder.world, ARTA["email"]).count(LetterName.METER_CLAIMED) == 1


@pytest.mark.parametrize("dialog", ["AgreeToClaim", "RefuseClaim"])
async def test_a_forged_start_decides_nothing(customer: Customer, dialog: str) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    await holder.forge(f"start:{dialog}")
    assert not holder.hears(NOT_SIGNED_IN)
    assert await state(customer.world) == "claimed"


# -- who sees a meter --------------------------------------------------------------------------------------


@in_every_language
async def test_a_holder_sees_who_sees_a_meter_and_ends_it(customer: Customer, language: str) -> None:
    holder, other = await both(customer, language)
    await claims_it(other)
    await holder.forge("start:Meters")
    await holder.tap("yes")
    await holder.tap("start:WhoSees")
    assert holder.reads(WhoSees.who.text)
    names = [b.label for b in holder.pressable if re.search(r"Gëzim H\.|Гëзим Х\.", b.label)]
    assert len(names) == 1, "as in the notice of the claim"
    keeps_to_itself(holder, *OF_GEZIM)
    await holder.tap(names[0])
    assert holder.reads(WhoSees.access.text)
    await holder.tap(REMOVE)
    assert holder.hears(WhoSees.done.text)
    assert await state(customer.world) == "refused"
    silent(other)
    await jobs(customer.world)
    assert other.reads(DECLINED)
    await holder.forge("start:WhoSees")
    assert holder.hears(WhoSees.nobody.text)


async def test_who_may_go_on_seeing_it_does(customer: Customer) -> None:
    holder, other = await both(customer)
    await told(holder, other)
    await holder.tap(FINE)
    await holder.forge("start:WhoSees")
    await holder.tap(holder.screen.shown[-1].buttons[0].label)
    await holder.tap("=NO")
    assert holder.hears(WhoSees.stays.text)
    assert await state(customer.world) == "agreed"


async def test_who_only_asked_sees_nothing_and_is_not_shown(customer: Customer) -> None:
    holder, other = await both(customer)
    await asking(customer)
    await told(holder, other)
    agree = holder.button(AGREE).payload
    await holder.forge("start:WhoSees")
    assert holder.hears(WhoSees.nobody.text)
    await holder.wait(days=2)
    await holder.forge(agree)
    await holder.forge("start:WhoSees")
    today = SPEAKERS["en"].show(customer.world.at, "date")
    assert any(b.label.endswith(f"Gëzim H. since {today}") for b in holder.pressable)


async def test_nobody_is_shown_who_sees_the_meters_of_others(customer: Customer) -> None:
    _holder, other = await both(customer)
    await claims_it(other)
    await other.forge("start:WhoSees")
    assert other.hears(WhoSees.nobody.text)


async def test_of_a_meter_that_is_somebody_elses_now_nobody_is_shown(customer: Customer) -> None:
    holder, other = await both(customer)
    await claims_it(other)
    moved = Write(
        "update connection set personal_number = '1111111111' where customer_code = :code", {"code": CODE}
    )
    await customer.world.storage.commit([moved])
    await holder.forge("start:WhoSees")
    assert holder.hears(WhoSees.nobody.text)


async def test_a_register_that_is_away_is_asked_again(customer: Customer) -> None:
    holder, other = await both(customer)
    await claims_it(other)
    customer.world.storage.register_away = True
    await holder.forge("start:WhoSees")
    assert holder.has("retry")
    customer.world.storage.register_away = False
    await holder.tap("retry")
    assert holder.reads(WhoSees.who.text)


async def test_a_claim_that_was_left_meanwhile_is_over(customer: Customer) -> None:
    holder, other = await both(customer)
    await claims_it(other)
    await holder.forge("start:WhoSees")
    await holder.tap(holder.screen.shown[-1].buttons[0].label)
    await other.forge("start:UnlinkMeter")
    await other.tap(f"={CODE}")
    await holder.tap(REMOVE)
    assert holder.hears(WhoSees.over.text)
