"""What the menu says to the customer in front of it, whatever is known and whoever is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.services import account_changes
from bot.services.codes import Right, Way
from bot.services.my_account import Guest
from bot.services.overview import Leaves, NoBill, Overdue, Paid, Unpaid, overview
from bot.services.ports import ZONE
from bot.services.registration import open_account
from storage.base import Storage, Write
from tests.services.desk import ARTA, BESA, CHAT, GEZIM, Desk, bill, register
from tests.services.turns import later

FEBRUARY = date(2026, 2, 1)


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def seen(desk: Desk, at: datetime | None = None) -> object:
    return await desk.take(CHAT, at or later(), overview)


async def test_a_guest_is_a_guest(desk: Desk) -> None:
    assert await seen(desk) == Guest()


async def test_what_is_left_of_the_last_bill_is_to_be_paid(desk: Desk) -> None:
    await desk.registered(later())
    assert await seen(desk) == Unpaid("Arta", "DPR 6687", FEBRUARY, Decimal("20.42"), date(2026, 3, 20))


async def test_a_bill_is_overdue_from_the_day_after_as_days_are_counted_in_kosovo(desk: Desk) -> None:
    await desk.registered(later())
    midnight = datetime(2026, 3, 21, 0, 0, tzinfo=ZONE).astimezone(UTC)
    last = midnight - timedelta(seconds=1)
    assert isinstance(await seen(desk, last), Unpaid)
    assert await seen(desk, midnight) == Overdue(
        "Arta", "DPR 6687", FEBRUARY, Decimal("20.42"), date(2026, 3, 20)
    )


@pytest.mark.parametrize("paid", ["30.42", "40.00"])
async def test_a_bill_is_paid_when_nothing_is_left_of_it(desk: Desk, paid: str) -> None:
    await desk.registered(later())
    await desk.storage.commit([Write("update invoice set paid = :paid where number = '2'", {"paid": paid})])
    assert await seen(desk) == Paid("Arta", "DPR 6687", FEBRUARY, Decimal("30.42"))


async def test_the_newest_bill_counts(desk: Desk) -> None:
    await desk.registered(later())
    await desk.storage.commit([bill("9", "DPR 6687", "2026-03", "2026-04-20", "5.00", "0.00")])
    told = await seen(desk)
    assert isinstance(told, Unpaid)
    assert (told.month, told.rest) == (date(2026, 3, 1), Decimal("5.00"))


async def test_the_meter_that_the_customer_gave_comes_first_today_and_tomorrow(desk: Desk) -> None:
    await desk.storage.commit([bill("9", "DPZ 4471", "2026-02", "2026-03-20", "7.00", "0.00")])
    await desk.registered(later(), GEZIM)
    for at in (later(), later(days=1)):
        told = await seen(desk, at)
        assert isinstance(told, Paid)
        assert told.code == "DPZ 4472"


async def test_a_meter_without_bills_does_not_stand_before_one_with_them(desk: Desk) -> None:
    await desk.registered(later(), replace(GEZIM, customer_code="DPZ 4471"))
    told = await seen(desk)
    assert isinstance(told, Paid)
    assert told.code == "DPZ 4472"


async def test_another_persons_bill_is_not_shown_before_they_agree(desk: Desk) -> None:
    desk.means = replace(desk.means, claims="approve")
    await desk.registered(later(), replace(BESA, customer_code="DPR 6687"))
    assert await seen(desk) == NoBill("Besa")


async def test_who_has_no_bill_is_greeted_all_the_same(desk: Desk) -> None:
    await desk.registered(later(), BESA)
    assert await seen(desk) == NoBill("Besa")


async def test_while_the_register_is_away_the_menu_stands_without_its_headline(desk: Desk) -> None:
    await desk.registered(later())
    desk.register.answers = 0
    assert await seen(desk) == NoBill("Arta")


async def test_who_leaves_is_told_when_whatever_they_owe(desk: Desk) -> None:
    me = await desk.registered(later())
    proof = Right(Way.SMS, ARTA.phone)
    await desk.take(CHAT, later(), lambda turn: account_changes.delete_account(turn, me, proof))
    assert await seen(desk) == Leaves("Arta", date(2026, 3, 9))


async def test_the_turn_that_opens_an_account_sees_its_bill(desk: Desk) -> None:
    kept = await desk.keeps_password(later())
    turn = desk.begin(CHAT, later())
    await open_account(turn, ARTA, kept, Right(Way.SMS, ARTA.phone))
    assert isinstance(await overview(turn), Unpaid)
