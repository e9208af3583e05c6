"""Whoever moves out sees nothing of who lives there next, though the link is still in the account."""

from __future__ import annotations

import json

import pytest

from bot.bill_watch import BillWatch
from bot.bulk import BulkLane
from bot.services.adding_meters import There, look_for
from bot.services.claims import Added, Elsewhere, claim_meter
from bot.services.estimating_for import Anybody, Connected, estimated_for
from bot.services.my_data import give_data
from bot.services.my_meters import MyMeters, NoMeter, my_meters
from bot.services.overview import NoBill, Unpaid, overview
from bot.services.own_meters import linked
from storage import notices
from storage.base import Storage, Write
from tests.services.desk import BESA, CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def moves_out(desk: Desk) -> None:
    """Somebody else has the connection from now on."""
    sql = "update connection set personal_number = :number where customer_code = 'DPR 6687'"
    await desk.storage.commit([Write(sql, {"number": BESA.personal_number})])


async def test_meters_menu_and_estimate_speak_of_it_until_then_and_not_after(desk: Desk) -> None:
    me = await desk.registered(later())

    async def seen() -> tuple[type, type, type]:
        meters = await desk.take(CHAT, later(), lambda turn: my_meters(turn, me))
        menu = await desk.take(CHAT, later(), overview)
        estimate = await desk.take(CHAT, later(), estimated_for)
        return type(meters), type(menu), type(estimate)

    assert await seen() == (MyMeters, Unpaid, Connected)
    await moves_out(desk)
    assert await seen() == (NoMeter, NoBill, Anybody)
    account = await desk.account()
    assert account is not None
    assert [link.code for link in await linked(desk.begin(CHAT, later()), account)] == ["DPR 6687"]


async def test_nobody_is_told_of_another_person_s_bills(desk: Desk) -> None:
    await desk.registered(later())
    assert await desk.storage.read(notices.billed("2026-01-01", 0, 9))
    await moves_out(desk)
    assert not await desk.storage.read(notices.billed("2026-01-01", 0, 9))


async def test_the_export_holds_nothing_of_it(desk: Desk) -> None:
    me = await desk.registered(later())
    for moved in (False, True):
        turn = desk.begin(CHAT, later())
        await give_data(turn, {}, me)
        (meter,) = json.loads(turn.saved[-1])["meters"]
        assert (meter["connection"] is None) is moved
        assert (meter["bills"] == []) is moved
        await moves_out(desk)


async def test_who_has_moved_out_may_ask_to_see_it_like_anybody(desk: Desk) -> None:
    """A landlord, say: it is in the account, and cannot be seen there, nor taken out."""
    me = await desk.registered(later())
    there = await desk.take(CHAT, later(), lambda turn: look_for(turn, me, "DPR 6687"))
    assert there == There("DPR 6687")
    await moves_out(desk)
    found = await desk.take(CHAT, later(), lambda turn: look_for(turn, me, "DPR 6687"))
    assert found == Elsewhere("DPR 6687")
    claimed = await desk.take(CHAT, later(), lambda turn: claim_meter(turn, me, Elsewhere("DPR 6687")))
    assert isinstance(claimed, Added)
    meters = await desk.take(CHAT, later(), lambda turn: my_meters(turn, me))
    assert isinstance(meters, MyMeters)
    assert [(meter.address, meter.whole_on) for meter in meters.all] == [("R•••. L••• •", claimed.whole_on)]


@pytest.mark.parametrize("outside", [False, True], ids=["our tables", "a register outside"])
async def test_who_takes_over_what_they_had_claimed_is_told_of_its_bills(desk: Desk, outside: bool) -> None:
    """It is shown as theirs from then on, so it is spoken of as theirs."""
    await desk.registered(later())
    me = await desk.registered(later(), GEZIM, OTHER_CHAT)
    claimed = Elsewhere("DPR 6687")
    await desk.take(OTHER_CHAT, later(), lambda turn: claim_meter(turn, me, claimed))
    sql = "update connection set personal_number = :number where customer_code = 'DPR 6687'"
    await desk.storage.commit([Write(sql, {"number": GEZIM.personal_number})])
    meters = await desk.take(OTHER_CHAT, later(), lambda turn: my_meters(turn, me))
    assert isinstance(meters, MyMeters)
    assert [meter.whole_on for meter in meters.all if meter.code == "DPR 6687"] == [None]
    lane = BulkLane(lambda: False, rate=1e9) if outside else None
    await BillWatch(desk.means, lane, clock=lambda: later(days=16)).look()
    rows = await desk.rows("select kind from notice where account = :me and invoice = '2'", me=me.id)
    assert [row["kind"] for row in rows] == ["due"]
