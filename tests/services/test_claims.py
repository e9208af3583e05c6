"""Meters in another person's name: what is shown of them when, and who decides."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from bot.services.adding_meters import Found, There, add_meter, look_for
from bot.services.bills import Bills, LastAmount, bills_of
from bot.services.claims import (
    MADE,
    Added,
    Agreed,
    Asked,
    ClaimOf,
    Declined,
    Elsewhere,
    Enough,
    Over,
    Removed,
    agree_to_claim,
    claim_meter,
    masked_address,
    refuse_claim,
)
from bot.services.estimating_for import Connected, estimated_for
from bot.services.my_account import Mine
from bot.services.my_data import give_data
from bot.services.my_meters import Left, MyMeter, MyMeters, NotThere, my_meters, name_meter, unlink_meter
from bot.services.overview import Unpaid, overview
from storage import accounts, claims
from storage.base import Conflict, Storage, Write
from tests.services.desk import ARTA, BESA, CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later

CODE = "DPR 6687"


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def both(desk: Desk) -> tuple[Mine, Mine]:
    """The holder in `CHAT`, and in `OTHER_CHAT` who would like to see her meter."""
    return await desk.registered(later()), await desk.registered(later(), GEZIM, OTHER_CHAT)


async def claims_it(desk: Desk, me: Mine, at: datetime) -> object:
    found = await desk.take(OTHER_CHAT, at, lambda turn: look_for(turn, me, CODE))
    if not isinstance(found, Elsewhere):
        return found
    return await desk.take(OTHER_CHAT, at, lambda turn: claim_meter(turn, me, found))


async def agrees(desk: Desk, holder: Mine, me: Mine, at: datetime, chat: str = CHAT) -> object:
    return await desk.take(chat, at, lambda turn: agree_to_claim(turn, holder, ClaimOf(me.id, CODE)))


async def refuses(desk: Desk, holder: Mine, me: Mine, at: datetime, chat: str = CHAT) -> object:
    return await desk.take(chat, at, lambda turn: refuse_claim(turn, holder, ClaimOf(me.id, CODE)))


async def shown(desk: Desk, me: Mine, at: datetime, code: str = CODE) -> MyMeter | None:
    found = await desk.take(OTHER_CHAT, at, lambda turn: my_meters(turn, me))
    assert isinstance(found, MyMeters)
    return next((meter for meter in found.all if meter.code == code), None)


async def leaves(desk: Desk, me: Mine) -> object:
    meter = await shown(desk, me, later())
    assert meter is not None
    return await desk.take(OTHER_CHAT, later(), lambda turn: unlink_meter(turn, me, meter))


async def bills(desk: Desk, me: Mine, at: datetime) -> object:
    meter = MyMeter(CODE, "", "", "", "")  # as an older question may still hold it
    return await desk.take(OTHER_CHAT, at, lambda turn: bills_of(turn, me, meter))


async def moves_in(desk: Desk, number: str) -> None:
    sql = "update connection set personal_number = :number where customer_code = 'DPR 6687'"
    await desk.storage.commit([Write(sql, {"number": number})])


def asking(desk: Desk) -> None:
    desk.means = replace(desk.means, claims="approve")


async def test_for_a_week_only_a_masked_address_and_the_last_amount_are_shown(desk: Desk) -> None:
    _holder, me = await both(desk)
    assert await claims_it(desk, me, later()) == Added(CODE, later(days=7).date())
    for at in (later(), later(days=6, hours=23)):
        meter = await shown(desk, me, at)
        assert meter is not None
        assert (meter.address, meter.meter_number, meter.tariff_group) == ("R•••. L••• •", "", "")
        seen = await bills(desk, me, at)
        assert isinstance(seen, LastAmount)
        assert str(seen.total) == "30.42"


async def test_then_all_is_shown(desk: Desk) -> None:
    _holder, me = await both(desk)
    await claims_it(desk, me, later())
    meter = await shown(desk, me, later(days=7))
    assert meter is not None
    assert (meter.address, meter.whole_on) == ("Rr. Lipova 4", None)
    found = await bills(desk, me, later(days=7))
    assert isinstance(found, Bills)
    assert len(found.all) == 2


async def test_at_once_when_the_holder_agrees(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    for _ in range(2):
        assert await agrees(desk, holder, me, later(hours=1)) == Agreed("Gëzim H.")
    assert isinstance(await bills(desk, me, later(hours=1)), Bills)


async def test_what_is_refused_is_gone_and_cannot_be_asked_for_again_for_a_month(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    for _ in range(2):
        assert await refuses(desk, holder, me, later(hours=1)) == Removed("Gëzim H.")
    assert await shown(desk, me, later(days=8)) is None
    assert await bills(desk, me, later(days=8)) == NotThere()
    again_on = later(days=30, hours=1).date()
    untold = await desk.rows("select tell, rev from account_meter where state = 'refused'")
    assert await claims_it(desk, me, later(days=29)) == Declined(CODE, again_on)
    assert await desk.rows("select tell, rev from account_meter where state = 'refused'") == untold
    assert isinstance(await claims_it(desk, me, later(days=31)), Added)
    assert await bills(desk, me, later(days=31)) != NotThere()


async def test_a_refusal_is_not_taken_back_by_an_older_button(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await refuses(desk, holder, me, later())
    assert await agrees(desk, holder, me, later()) == Removed("Gëzim H.")
    assert await shown(desk, me, later()) is None


async def test_what_was_agreed_to_may_still_be_removed(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await agrees(desk, holder, me, later())
    assert await refuses(desk, holder, me, later(days=9)) == Removed("Gëzim H.")
    assert await shown(desk, me, later(days=9)) is None


async def test_a_refusal_cannot_be_shaken_off(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    meter = await shown(desk, me, later())
    assert meter is not None
    await refuses(desk, holder, me, later())
    for ask in (
        lambda turn: unlink_meter(turn, me, meter),
        lambda turn: name_meter(turn, me, meter, "Banesa"),
    ):
        assert await desk.take(OTHER_CHAT, later(), ask) == NotThere()
    assert isinstance(await claims_it(desk, me, later()), Declined)


async def test_a_refusal_at_the_moment_of_leaving_stays(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    meter = await shown(desk, me, later())
    assert meter is not None
    leaving = desk.begin(OTHER_CHAT, later())
    assert await unlink_meter(leaving, me, meter) == Left()
    await refuses(desk, holder, me, later())
    with pytest.raises(Conflict, match="claim"):
        await desk.storage.commit(leaving.writes)


async def test_nobody_else_decides(desk: Desk) -> None:
    _holder, me = await both(desk)
    await claims_it(desk, me, later())
    besa = await desk.registered(later(), BESA, "web:besa")
    for who, chat in ((besa, "web:besa"), (me, OTHER_CHAT)):
        assert await agrees(desk, who, me, later(), chat) == Over()
        assert await refuses(desk, who, me, later(), chat) == Over()
    assert isinstance(await bills(desk, me, later()), LastAmount)


async def test_what_one_holder_allows_shows_nothing_of_the_next(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await agrees(desk, holder, me, later())
    await moves_in(desk, BESA.personal_number)
    assert await shown(desk, me, later()) is None
    assert await bills(desk, me, later()) == NotThere()
    assert isinstance(await claims_it(desk, me, later()), Added)
    assert isinstance(await bills(desk, me, later()), LastAmount)


async def test_who_moves_in_sees_all_as_their_own(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await refuses(desk, holder, me, later())
    await moves_in(desk, GEZIM.personal_number)
    found = await desk.take(OTHER_CHAT, later(), lambda turn: look_for(turn, me, CODE))
    assert isinstance(found, Found)
    await desk.take(OTHER_CHAT, later(), lambda turn: add_meter(turn, me, found))
    assert isinstance(await bills(desk, me, later()), Bills)
    assert await desk.take(OTHER_CHAT, later(), lambda turn: look_for(turn, me, CODE)) == There(CODE)


async def test_with_approval_nothing_is_shown_until_the_holder_agrees(desk: Desk) -> None:
    asking(desk)
    holder, me = await both(desk)
    until = later(days=14).date()
    assert await claims_it(desk, me, later()) == Asked(CODE, until)
    assert await claims_it(desk, me, later(days=1)) == Asked(CODE, until)
    assert await shown(desk, me, later(days=8)) is None
    assert await bills(desk, me, later(days=8)) == NotThere()
    assert await agrees(desk, holder, me, later(days=8)) == Agreed("Gëzim H.")
    assert isinstance(await bills(desk, me, later(days=8)), Bills)


async def test_what_nobody_answered_can_be_asked_again(desk: Desk) -> None:
    asking(desk)
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await desk.storage.commit([claims.decide(me.id, CODE, 1, "expired", None, "expired")])
    assert await agrees(desk, holder, me, later(days=15)) == Over()
    assert isinstance(await claims_it(desk, me, later(days=15)), Asked)


async def test_a_holder_without_an_account_makes_no_difference(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM, OTHER_CHAT)
    await claims_it(desk, me, later())
    assert isinstance(await bills(desk, me, later(days=6)), LastAmount)
    assert isinstance(await bills(desk, me, later(days=7)), Bills)
    assert list(await desk.storage.read(claims.untold(9))) == []
    await desk.registered(later(days=8))
    (row,) = await desk.storage.read(claims.untold(9))
    assert row["tell"] == "claim"


async def test_a_claim_of_the_web_site_shows_nothing_and_can_be_made_here(desk: Desk) -> None:
    _holder, me = await both(desk)
    await desk.storage.commit([accounts.add_meter(me.id, CODE, "claimed", 1)])
    assert await shown(desk, me, later(days=20)) is None
    assert await bills(desk, me, later(days=20)) == NotThere()
    assert isinstance(await claims_it(desk, me, later()), Added)
    assert isinstance(await bills(desk, me, later()), LastAmount)


async def test_who_left_may_claim_again(desk: Desk) -> None:
    _holder, me = await both(desk)
    await claims_it(desk, me, later())
    assert await leaves(desk, me) == Left()
    assert await shown(desk, me, later()) is None
    assert isinstance(await claims_it(desk, me, later()), Added)


async def test_holders_cannot_be_bothered_without_end(desk: Desk) -> None:
    _holder, me = await both(desk)
    for _ in range(MADE.limits[0][0]):
        assert isinstance(await claims_it(desk, me, later()), Added)
        assert await leaves(desk, me) == Left()
    assert await claims_it(desk, me, later()) == Enough()
    assert isinstance(await claims_it(desk, me, later(days=1, minutes=1)), Added)


async def test_two_chats_that_claim_at_once_make_one_claim(desk: Desk) -> None:
    _holder, me = await both(desk)
    turns = [desk.begin(OTHER_CHAT, later()), desk.begin(OTHER_CHAT, later())]
    for turn in turns:
        assert isinstance(await claim_meter(turn, me, Elsewhere(CODE)), Added)
    await desk.storage.commit(turns[0].writes)
    with pytest.raises(Conflict):
        await desk.storage.commit(turns[1].writes)


async def test_an_estimate_rests_on_a_meter_only_when_all_of_it_is_shown(desk: Desk) -> None:
    _holder, me = await both(desk)
    await claims_it(desk, me, later())
    sql = "delete from account_meter where account = :id and state = 'own'"
    await desk.storage.commit([Write(sql, {"id": me.id})])
    assert not isinstance(await desk.take(OTHER_CHAT, later(), estimated_for), Connected)
    assert isinstance(await desk.take(OTHER_CHAT, later(days=7), estimated_for), Connected)


async def test_the_menu_speaks_of_the_last_amount_at_once(desk: Desk) -> None:
    _holder, me = await both(desk)
    await claims_it(desk, me, later())
    for code in ("DPZ 4471", "DPZ 4472"):
        await desk.storage.commit([accounts.remove_meter(me.id, code)])
    menu = await desk.take(OTHER_CHAT, later(), overview)
    assert isinstance(menu, Unpaid)
    assert (menu.code, str(menu.rest)) == (CODE, "20.42")


async def test_nothing_of_the_holder_is_in_what_who_claims_is_given(desk: Desk) -> None:
    holder, me = await both(desk)
    await claims_it(desk, me, later())
    await agrees(desk, holder, me, later())
    turn = desk.begin(OTHER_CHAT, later())
    await give_data(turn, {}, me)
    data = turn.saved[-1].decode()
    for secret in (ARTA.personal_number, "Arta", "Krasniqi", ARTA.email, ARTA.phone):
        assert secret not in data
    (claimed,) = (meter for meter in json.loads(data)["meters"] if meter["state"] == "agreed")
    assert (claimed["connection"], claimed["bills"]) == (None, [])


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("Rr. Nënë Tereza 27/4, 10000 Prishtinë", "R•••. N••• T••• •/•, • P•••"),
        ("Ul. Đorđa Živkovića 4A", "U•••. Đ••• Ž••• •"),
        ("", ""),
    ],
)
def test_of_an_address_the_first_letters_are_shown(address: str, masked: str) -> None:
    assert masked_address(address) == masked
