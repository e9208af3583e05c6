"""Bills as they are read, from what the register has: amounts to the cent, and never a float."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import signed_in_chats
from bot.services.bills import Bill, Bills, NoParts, NotBilled, Parts, bills_of, parts, parts_of
from bot.services.my_account import Changed, Mine, SignedOut
from bot.services.my_meters import (
    MyMeters,
    NoMeter,
    NotThere,
    Unlinked,
    choose_meter,
    link_again,
    my_meters,
    name_meter,
    unlink_meter,
)
from bot.services.ports import Away
from bot.services.tariffs import bill as reckoned
from bot.services.tariffs import shipped
from dialogs.bills import bill_picture, consumption
from storage.base import Storage
from tests.services.desk import CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later

DAY = date(2026, 2, 1)
TARIFF = shipped().on("4/02", DAY)
assert TARIFF is not None
KWH = st.integers(0, 3000).map(Decimal)


def of(high: Decimal, low: Decimal, constant: Decimal = Decimal(1)) -> Bill:
    """The bill that the utility makes of this."""
    assert TARIFF is not None
    made = reckoned(TARIFF, high * constant, low * constant)
    return Bill(
        number="1",
        month=DAY,
        issued_on=DAY,
        due_on=DAY,
        high_from=Decimal(100),
        high_to=Decimal(100) + high,
        low_from=Decimal(50),
        low_to=Decimal(50) + low,
        constant=constant,
        net=made.net,
        vat=made.vat,
        total=made.total,
        rest=made.total,
    )


@given(KWH, KWH, st.sampled_from([Decimal(1), Decimal(40)]))
def test_what_a_bill_is_made_of_adds_up_to_its_net(high: Decimal, low: Decimal, constant: Decimal) -> None:
    assert TARIFF is not None
    bill = of(high, low, constant)
    made = parts(TARIFF, bill)
    assert isinstance(made, Parts)
    assert sum((line.amount for line in made.lines), made.fixed) == bill.net
    assert sum(line.kwh for line in made.lines) == bill.kwh
    assert bill.net + bill.vat == bill.total


@given(KWH, KWH, st.sampled_from(["net", "vat", "total"]))
def test_a_cent_off_is_never_explained(high: Decimal, low: Decimal, name: str) -> None:
    assert TARIFF is not None
    bill = of(high, low)
    wrong = replace(bill, **{name: getattr(bill, name) + Decimal("0.01")})
    assert parts(TARIFF, wrong) == NoParts()


def test_readings_that_run_backwards_are_not_explained() -> None:
    assert TARIFF is not None
    assert parts(TARIFF, replace(of(Decimal(9), Decimal(9)), high_to=Decimal(1))) == NoParts()


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def meters(desk: Desk, me: Mine) -> MyMeters:
    found = await desk.take(CHAT, later(), lambda turn: my_meters(turn, me))
    assert isinstance(found, MyMeters), found
    return found


async def bills(desk: Desk, me: Mine, code: str = "") -> object:
    found = await meters(desk, me)
    meter = next(m for m in found.all if m.code == (code or found.active))
    return await desk.take(CHAT, later(), lambda turn: bills_of(turn, me, meter))


async def test_the_newest_comes_first_with_what_is_left_of_it(desk: Desk) -> None:
    me = await desk.registered(later())
    found = await bills(desk, me)
    assert isinstance(found, Bills)
    assert [(b.month, b.total, b.rest) for b in found.all] == [
        (date(2026, 2, 1), Decimal("30.42"), Decimal("20.42")),
        (date(2026, 1, 1), Decimal("28.10"), Decimal("0.00")),
    ]
    assert (found.balance, found.older) == (Decimal("30.42"), Decimal("10.00"))
    values = [getattr(found.newest, field.name) for field in fields(Bill)]
    assert not any(isinstance(value, float) for value in values)


async def test_a_connection_without_a_bill_has_none_yet(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM)
    assert await bills(desk, me, "DPZ 4471") == NotBilled("DPZ 4471")


async def test_nobody_sees_bills_after_signing_out(desk: Desk) -> None:
    me = await desk.registered(later())
    found = await meters(desk, me)
    await desk.take(CHAT, later(), lambda turn: signed_in_chats.sign_out_here(turn, me))
    meter = found.all[0]
    assert await desk.take(CHAT, later(), lambda turn: bills_of(turn, me, meter)) == SignedOut()
    assert await desk.take(CHAT, later(), lambda turn: my_meters(turn, me)) == SignedOut()
    assert await desk.take(CHAT, later(), lambda turn: unlink_meter(turn, me, meter)) == SignedOut()
    assert await desk.take(CHAT, later(), lambda turn: name_meter(turn, me, meter, "x")) == SignedOut()
    assert await desk.take(CHAT, later(), lambda turn: choose_meter(turn, me, meter)) == SignedOut()


async def test_a_register_that_is_away_is_said_to_be(desk: Desk) -> None:
    me = await desk.registered(later())
    desk.register.answers = 0
    with pytest.raises(Away):
        await desk.take(CHAT, later(), lambda turn: my_meters(turn, me))


async def test_the_register_s_bill_of_the_desk_is_explained_by_no_prices(desk: Desk) -> None:
    me = await desk.registered(later())
    found = await bills(desk, me)
    assert isinstance(found, Bills)
    meter = (await meters(desk, me)).all[0]
    assert await desk.take(CHAT, later(), lambda turn: parts_of(turn, meter, found.newest)) == NoParts()


async def test_the_first_meter_is_spoken_of_until_another_is_chosen(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM)
    found = await meters(desk, me)
    assert (found.active, found.count) == ("DPZ 4472", 2)
    other = next(m for m in found.all if m.code == "DPZ 4471")
    assert await desk.take(CHAT, later(), lambda turn: choose_meter(turn, me, other)) == Changed()
    assert (await meters(desk, me)).active == "DPZ 4471"
    await desk.take(CHAT, later(), lambda turn: unlink_meter(turn, me, other))
    assert (await meters(desk, me)).active == "DPZ 4472"


async def test_what_was_taken_out_comes_back_under_its_name_and_at_its_place(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM)
    first = (await meters(desk, me)).all[0]
    await desk.take(CHAT, later(), lambda turn: name_meter(turn, me, first, "Dyqani"))
    before = await meters(desk, me)
    out = await desk.take(CHAT, later(), lambda turn: unlink_meter(turn, me, first))
    assert isinstance(out, Unlinked)
    assert (await meters(desk, me)).count == 1
    assert await desk.take(CHAT, later(), lambda turn: link_again(turn, me, out)) == Changed()
    assert await meters(desk, me) == before


async def test_a_name_for_a_meter_that_another_chat_has_taken_out_is_not_kept(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM)
    first = (await meters(desk, me)).all[0]
    there = await desk.signs_in(later(), GEZIM)
    await desk.take(OTHER_CHAT, later(), lambda turn: unlink_meter(turn, there, first))
    assert await desk.take(CHAT, later(), lambda turn: name_meter(turn, me, first, "x")) == NotThere()
    assert [m.name for m in (await meters(desk, me)).all] == [""]


async def test_the_last_meter_taken_out_leaves_none(desk: Desk) -> None:
    me = await desk.registered(later())
    only = (await meters(desk, me)).all[0]
    await desk.take(CHAT, later(), lambda turn: unlink_meter(turn, me, only))
    assert await desk.take(CHAT, later(), lambda turn: my_meters(turn, me)) == NoMeter()


async def test_pictures_tell_of_months_and_of_one_bill(desk: Desk) -> None:
    me = await desk.registered(later())
    found = await bills(desk, me)
    assert isinstance(found, Bills)
    before = replace(found.newest, number="0", month=date(2025, 2, 1), high_to=Decimal(7))
    chart = consumption(replace(found, all=(*found.all, before)))
    assert [(row["month"], row["before"]) for row in chart.rows][:2] == [
        (date(2026, 2, 1), before.kwh),
        (date(2026, 1, 1), None),
    ]
    meter = (await meters(desk, me)).all[0]
    sheet = bill_picture(found, meter, found.newest, NoParts())
    assert [row["amount"] for row in sheet.rows if row.get("strong")] == [
        found.newest.net,
        found.newest.total,
    ]
