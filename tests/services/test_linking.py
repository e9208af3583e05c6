"""Codes that open an account in another chat: who gets one, what it is good for, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.housekeeping import tidy_up
from bot.services import link_codes
from bot.services.accounts import IDLE, session
from bot.services.linking import (
    MADE,
    TRIES,
    VALID,
    Already,
    Doorway,
    Instead,
    Invited,
    Joined,
    LinkCode,
    Made,
    MadeEnough,
    NoSuchCode,
    TriedEnough,
    enter_code,
    join,
    keep_code,
    make_code,
)
from bot.services.my_account import Mine, SignedOut
from bot.services.ports import Turn
from bot.services.signed_in_chats import sign_out_everywhere, sign_out_here
from bot.services.vault import Vault
from storage.base import Conflict, Storage
from tests.services.desk import CHAT, GEZIM, OTHER_CHAT, VAULT, Desk, register
from tests.services.turns import later

NEW_CHAT = "telegram:77"


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def made(desk: Desk, me: Mine, at: datetime, chat: str = CHAT) -> str:
    """A code, as the chat shows it."""
    told = await desk.take(chat, at, lambda turn: make_code(turn, me))
    assert isinstance(told, Made), told
    return link_codes.code_of(VAULT, told.seed)


async def enters(
    desk: Desk, code: str, at: datetime, chat: str = NEW_CHAT
) -> Invited | Instead | Already | NoSuchCode | TriedEnough:
    return await desk.take(chat, at, lambda turn: enter_code(turn, code))


async def joins(desk: Desk, code: str, at: datetime, chat: str = NEW_CHAT) -> Joined | NoSuchCode:
    async def with_code(turn: Turn) -> Joined | NoSuchCode:
        return await join(turn, await keep_code(turn, code))

    return await desk.take(chat, at, with_code)


async def test_a_code_opens_the_account_in_another_chat_once(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    invited = await enters(desk, code, later())
    assert isinstance(invited, Invited)
    assert invited.whose == "A•••"
    assert await joins(desk, code, later()) == Joined("Arta")
    assert await desk.signed_in() == sorted((CHAT, NEW_CHAT))
    assert await joins(desk, code, later(), "telegram:78") == NoSuchCode()
    assert isinstance(await enters(desk, code, later(), "telegram:78"), NoSuchCode)


async def test_only_what_follows_from_the_code_is_kept(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    (row,) = await desk.rows("select * from challenge where purpose = 'another chat'")
    assert row["id"] == link_codes.kept(VAULT, code)[0]
    assert (row["chat"], row["recipient"], row["way"]) == (CHAT, me.id, "chat")
    assert code not in str(dict(row))


async def test_it_is_over_after_ten_minutes_to_the_second(desk: Desk) -> None:
    me = await desk.registered(later())
    code, at = await made(desk, me, later()), later()
    assert isinstance(await enters(desk, code, at + VALID - timedelta(milliseconds=1)), Invited)
    assert isinstance(await enters(desk, code, at + VALID), NoSuchCode)
    assert await joins(desk, code, at + VALID) == NoSuchCode()


async def test_housekeeping_forgets_what_is_over(desk: Desk) -> None:
    me = await desk.registered(later())
    await made(desk, me, later())

    async def stop(_seconds: float) -> None:
        raise StopAsyncIteration

    with pytest.raises(StopAsyncIteration):
        await tidy_up(desk.means, clock=lambda: later() + VALID + timedelta(seconds=1), pause=stop)
    assert await desk.rows("select 1 from challenge where purpose = 'another chat'") == []


async def test_the_new_chat_is_as_fresh_as_the_one_that_let_it_in(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later(hours=30))
    await joins(desk, code, later(hours=30))
    there = await session(desk.begin(NEW_CHAT, later(hours=30)))
    assert there is not None
    assert there.proved_at == later()


async def test_the_turn_that_joins_speaks_of_the_account_already(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    turn = desk.begin(NEW_CHAT, later())
    await join(turn, await keep_code(turn, code))
    here = await session(turn)
    assert here is not None
    assert here.account.id == me.id


async def test_where_another_account_is_open_it_says_so_and_where_it_is_the_same_too(desk: Desk) -> None:
    me = await desk.registered(later())
    await desk.registered(later(), GEZIM, OTHER_CHAT)
    code = await made(desk, me, later())
    assert isinstance(await enters(desk, code, later(), OTHER_CHAT), Instead)
    assert isinstance(await enters(desk, code, later(), CHAT), Already)
    assert isinstance(await joins(desk, code, later(), OTHER_CHAT), Joined)
    assert await desk.signed_in(GEZIM) == []


async def test_a_chat_that_signs_out_between_the_look_and_the_commit_lets_nobody_in(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    turn = desk.begin(NEW_CHAT, later())
    assert isinstance(await join(turn, await keep_code(turn, code)), Joined)
    await desk.take(CHAT, later(), lambda other: sign_out_here(other, me))
    with pytest.raises(Conflict) as conflict:
        await desk.storage.commit(turn.writes)
    assert conflict.value.guard == "link"
    assert await joins(desk, code, later()) == NoSuchCode()
    assert await desk.signed_in() == []


async def test_of_two_chats_only_one_commits(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    turns = [desk.begin(chat, later(), chat) for chat in (NEW_CHAT, "telegram:78")]
    for turn in turns:
        assert isinstance(await join(turn, await keep_code(turn, code)), Joined)
    await desk.storage.commit(turns[0].writes)
    with pytest.raises(Conflict) as conflict:
        await desk.storage.commit(turns[1].writes)
    assert conflict.value.guard == "challenge"
    assert await desk.signed_in() == sorted((CHAT, NEW_CHAT))


async def test_sign_out_everywhere_takes_every_code_with_it(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    await desk.signs_in(later())
    await desk.take(OTHER_CHAT, later(), lambda turn: sign_out_everywhere(turn, me))
    assert isinstance(await enters(desk, code, later()), NoSuchCode)


async def test_a_chat_that_shows_another_account_by_now_lets_nobody_in(desk: Desk) -> None:
    me = await desk.registered(later())
    await desk.registered(later(), GEZIM, OTHER_CHAT)
    code = await made(desk, me, later())
    await desk.signs_in(later(), GEZIM, CHAT)
    assert isinstance(await enters(desk, code, later()), NoSuchCode)
    assert await joins(desk, code, later()) == NoSuchCode()


async def test_a_chat_that_idles_out_lets_nobody_in(desk: Desk) -> None:
    me = await desk.registered(later())
    late = later() + IDLE - timedelta(minutes=1)
    turn = desk.begin(CHAT, late)
    told = await make_code(turn, me)
    assert isinstance(told, Made)
    # The use of the chat is noted with the turn; without that it is signed out a minute later.
    await desk.storage.commit([write for write in turn.writes if "used_at = :at" not in write.sql])
    code = link_codes.code_of(VAULT, told.seed)
    assert isinstance(await enters(desk, code, late), Invited)
    assert isinstance(await enters(desk, code, late + timedelta(minutes=2)), NoSuchCode)


async def test_who_is_not_signed_in_gets_no_code(desk: Desk) -> None:
    me = await desk.registered(later())
    told = await desk.take(NEW_CHAT, later(), lambda turn: make_code(turn, me))
    assert told == SignedOut()


async def test_an_account_is_given_so_many_codes_an_hour_in_all_its_chats(desk: Desk) -> None:
    me = await desk.registered(later())
    await desk.signs_in(later())
    most = MADE.limits[0][0]
    codes = {await made(desk, me, later(), (CHAT, OTHER_CHAT)[n % 2]) for n in range(most)}
    assert len(codes) == most
    assert await desk.take(CHAT, later(), lambda t: make_code(t, me)) == MadeEnough(60)
    assert await made(desk, me, later(hours=1)) not in codes


async def test_a_chat_has_five_wrong_codes_an_hour_however_it_brings_them(desk: Desk) -> None:
    me = await desk.registered(later())
    for n in range(TRIES.limits[0][0]):
        assert isinstance(await enters(desk, f"7KM4A9T{n + 2}", later()), NoSuchCode)
    code = await made(desk, me, later())
    assert await enters(desk, code, later()) == TriedEnough(60)
    assert isinstance(await enters(desk, code, later(), "telegram:78"), Invited)
    code = await made(desk, me, later(hours=1))
    assert isinstance(await enters(desk, code, later(hours=1)), Invited)


async def test_right_codes_are_no_tries(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    for _ in range(10):
        assert isinstance(await enters(desk, code, later()), Invited)


async def test_a_code_counts_on_while_the_secret_key_is_changed(desk: Desk) -> None:
    me = await desk.registered(later())
    code = await made(desk, me, later())
    desk.means = replace(desk.means, vault=Vault("tomorrow's key", "today's key"))
    assert isinstance(await enters(desk, code, later()), Invited)
    assert isinstance(await joins(desk, code, later()), Joined)
    assert isinstance(await joins(desk, code, later()), NoSuchCode)


async def test_a_code_of_the_sms_is_none_of_these(desk: Desk) -> None:
    """Each challenge is good for its own purpose alone."""
    await desk.registered(later())
    ids = [str(row["id"]) for row in await desk.rows("select id from challenge")]
    code = LinkCode(tuple(ids))
    assert await desk.take(NEW_CHAT, later(), lambda turn: join(turn, code)) == NoSuchCode()


async def test_the_other_channels_are_offered_and_not_the_one_that_asks(desk: Desk) -> None:
    me = await desk.registered(later())
    opens = {"web": "https://w/?", "telegram": "https://t.me/kesco?start=", "viber": "viber://pa?context="}
    desk.means = replace(desk.means, invitations=lambda: opens)
    told = await desk.take(CHAT, later(), lambda turn: make_code(turn, me))
    assert isinstance(told, Made)
    assert CHAT.startswith("web:")
    assert told.doorways == (Doorway("telegram", opens["telegram"]), Doorway("viber", opens["viber"]))


# -- how codes look ----------------------------------------------------------------------------------------


def test_every_code_is_read_as_it_is_shown_and_typed() -> None:
    for n in range(500):
        code = link_codes.code_of(VAULT, f"seed {n}")
        shown = link_codes.shown(code)
        cyrillic = shown.translate(str.maketrans(link_codes.LETTERS, "АДЕФГЈКЛМНРТУВ"))
        for text in (code, shown, shown.lower(), shown.replace("-", " "), f"  {shown}\n", cyrillic.lower()):
            assert link_codes.read(text) == code


def test_codes_are_spread_over_all_their_places() -> None:
    codes = [link_codes.code_of(VAULT, f"seed {n}") for n in range(3000)]
    assert len(set(codes)) == len(codes)
    both = link_codes.DIGITS + link_codes.LETTERS
    for place in range(8):
        among = {0: link_codes.DIGITS, 4: link_codes.LETTERS}.get(place, both)
        assert {code[place] for code in codes} == set(among)


@pytest.mark.parametrize(
    "text",
    [
        *("", "DPR 6687", "DFE 2244", "DFE22445", "DMI-44712", "10482215", "044 123 456", "1234567892"),
        *("TELEVIZO", "2 fature", "7KM4", "7KM4-A9T", "7KM4-A9TRR", "7KM4--A9TR", "7KM4 - A9TR", "7KM4-49TR"),
        *("KKM4-A9TR", "7KM0-A9TR", "7KM1-A9TR", "7KMO-A9TR", "it is 7KM4-A9TR", "2345-6789", "Lule7deti"),
    ],
)
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert link_codes.read(text) is None
