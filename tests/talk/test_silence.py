"""Customers who fall silent: one reminder by day, digressions and dialogs that end, clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.engine.advance import UNFINISHED
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from tests.talk.customer import Customer
from tests.talk.world import MORNING, World

KOSOVO = ZoneInfo("Europe/Belgrade")


def local(*moment: int) -> datetime:
    year, month, day, hour, minute = moment
    return datetime(year, month, day, hour, minute, tzinfo=KOSOVO).astimezone(UTC)


async def falls_silent(customer: Customer, at: datetime) -> None:
    customer.world.at = at - timedelta(minutes=1)
    await customer.estimates()
    customer.world.at = at
    await customer.say("muaji")
    assert customer.reads(EstimateBill.month.text)


async def test_an_open_question_is_reminded_of_once_after_two_hours(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.wait(hours=1, minutes=59)
    assert not customer.news
    await customer.wait(minutes=2)
    assert customer.hears(UNFINISHED)
    assert customer.reads(EstimateBill.month.text)
    await customer.wait(days=3)
    assert not customer.news
    await customer.tap("=7")
    assert customer.reads(EstimateBill.result.text)


async def test_who_answers_is_not_reminded_and_who_stops_again_is(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.wait(hours=1)
    await customer.tap("=7")
    await customer.wait(hours=1, minutes=30)
    assert not customer.news
    await customer.wait(minutes=31)
    assert customer.hears(UNFINISHED)


async def test_a_reminder_waits_for_the_morning(customer: Customer) -> None:
    await falls_silent(customer, local(2026, 3, 2, 20, 0))
    customer.screen.news.clear()
    await customer.world.wait(hours=11, minutes=59)
    assert not customer.news
    await customer.wait(minutes=2)
    assert customer.hears(UNFINISHED)
    assert customer.world.at - local(2026, 3, 3, 8, 0) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("silent_from", "reminded_at"),
    [
        (local(2026, 3, 2, 18, 58), local(2026, 3, 2, 20, 58)),
        (local(2026, 3, 2, 19, 0), local(2026, 3, 3, 8, 0)),
        (local(2026, 3, 2, 23, 30), local(2026, 3, 3, 8, 0)),
        (local(2026, 3, 3, 4, 0), local(2026, 3, 3, 8, 0)),
        (local(2026, 3, 3, 6, 30), local(2026, 3, 3, 8, 30)),
        (local(2026, 3, 28, 20, 0), local(2026, 3, 29, 8, 0)),  # summer time begins in this night
        (local(2026, 10, 24, 20, 0), local(2026, 10, 25, 8, 0)),  # and here it ends
        (local(2026, 3, 29, 1, 30), local(2026, 3, 29, 8, 0)),
        (local(2026, 10, 25, 2, 30), local(2026, 10, 25, 8, 0)),
    ],
)
async def test_reminders_keep_to_the_daytime_of_kosovo(
    customer: Customer, silent_from: datetime, reminded_at: datetime
) -> None:
    await falls_silent(customer, silent_from)
    due = await customer.world.next_timer()
    assert due is not None
    assert timedelta(0) <= due - reminded_at <= timedelta(seconds=10)
    customer.world.at = due
    customer.screen.news.clear()
    await customer.world.look()
    assert customer.hears(UNFINISHED)


async def test_a_program_that_was_away_in_the_evening_does_not_remind_in_the_night(
    customer: Customer,
) -> None:
    await falls_silent(customer, local(2026, 3, 2, 17, 0))
    customer.world.at = local(2026, 3, 3, 2, 0)
    await customer.restart()
    await customer.wait(minutes=5)
    assert not customer.news
    await customer.wait(hours=6)
    assert customer.hears(UNFINISHED)


async def test_a_dialog_is_forgotten_after_a_week(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.wait(days=6, hours=23)
    assert (await customer.conversation()).frames
    await customer.wait(hours=2)
    assert (await customer.conversation()).frames == ()
    assert not any(p.partition(":")[0].isdecimal() for p in customer.payloads) or not in_place(customer)
    await customer.say("7")
    assert customer.hears(Home.menu.text)


async def test_a_button_of_a_forgotten_dialog_brings_the_menu(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    july = customer.button("=7")
    await customer.wait(days=8)
    await customer.forge(july.payload)
    assert customer.hears(Home.menu.text)


async def test_a_digression_is_forgotten_after_an_hour_and_the_question_stays(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.say("gjuha")
    assert len((await customer.conversation()).frames) == 2
    await customer.wait(minutes=61)
    assert len((await customer.conversation()).frames) == 1
    await customer.say("korrik")
    assert customer.reads(EstimateBill.result.text) or customer.reads(EstimateBill.month.text)
    assert (await customer.conversation()).top.dialog == "EstimateBill"


async def test_a_digression_left_alone_leads_back_to_its_question_when_it_is_spoken_to(
    customer: Customer,
) -> None:
    await falls_silent(customer, MORNING)
    await customer.say("gjuha")
    english = customer.button("=en")
    customer.world.at += timedelta(hours=2)  # no timer has been looked at
    await customer.forge(english.payload)
    assert customer.language == "sq"
    assert customer.reads(EstimateBill.month.text)


async def test_the_prompt_after_a_forgotten_digression_can_be_answered(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.say("gjuha")
    await customer.wait(hours=3)
    assert customer.hears(UNFINISHED)
    assert customer.reads(EstimateBill.month.text)
    await customer.tap("=7")
    assert customer.reads(EstimateBill.result.text)


async def test_a_reminder_is_neither_lost_nor_doubled_when_the_clock_jumps(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.wait(hours=2, minutes=1)
    assert customer.hears(UNFINISHED)
    customer.world.at -= timedelta(hours=1)
    customer.screen.news.clear()
    await customer.wait(hours=3)
    assert not customer.news


async def test_a_clock_that_jumps_ahead_reminds_once(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    customer.world.at += timedelta(hours=3)
    customer.screen.news.clear()
    await customer.world.look()
    await customer.world.look()
    assert len([n for n in customer.screen.news if n]) == 1


async def test_nothing_open_is_nothing_to_be_reminded_of(customer: Customer) -> None:
    await customer.comes_in()
    await customer.wait(days=8)
    assert not customer.news
    assert await customer.world.next_timer() is None


async def test_a_reminder_outlives_a_restart(customer: Customer) -> None:
    await falls_silent(customer, MORNING)
    await customer.restart()
    await customer.wait(hours=2, minutes=1)
    assert customer.hears(UNFINISHED)


async def test_each_chat_is_reminded_by_itself(world: World) -> None:
    one, two = Customer(world, "1"), Customer(world, "2")
    await falls_silent(one, MORNING)
    await falls_silent(two, MORNING + timedelta(hours=1))
    one.screen.news.clear()
    two.screen.news.clear()
    await world.wait(hours=1, minutes=1)
    assert one.hears(UNFINISHED)
    assert not two.news
    await world.wait(hours=1)
    assert two.hears(UNFINISHED)


def in_place(customer: Customer) -> bool:
    return customer.world.channel.capabilities.edits
