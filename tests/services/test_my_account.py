"""An account as its customer sees and changes it: in a chat that is signed in, and in no other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.services import account_changes, accounts, my_account, signed_in_chats
from bot.services.account_changes import Leaving, Taken
from bot.services.codes import Right, Sent, Way
from bot.services.my_account import Changed, Guest, Mine, SignedOut
from bot.services.ports import Turn
from bot.services.post import LetterName
from bot.services.secrets_typed import Weak
from bot.services.sign_in import Entered, WrongPassword
from bot.services.throttle import millis
from storage.base import Storage, Write
from tests.services.desk import (
    ARTA,
    CHAT,
    GEZIM,
    NEW_PASSWORD,
    OTHER_CHAT,
    PASSWORD,
    PASSWORDS,
    Desk,
    register,
)
from tests.services.turns import later

THIRD_CHAT = "web:third"
BY_PHONE = Right(Way.SMS, ARTA.phone)
NEW_PHONE = "+38344777888"
NEW_EMAIL = "new@example.com"


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    """Arta has an account, opened yesterday in a chat of hers."""
    await storage.commit(register())
    desk = Desk(storage)
    await desk.registered(later(days=-1))
    await storage.commit([Write("delete from outbox")])
    return desk


async def kept(desk: Desk) -> accounts.Account:
    account = await desk.account()
    assert account is not None
    return account


# -- who is signed in ----------------------------------------------------------------------------------


async def test_a_customer_sees_their_account_and_of_phone_and_address_only_a_part(desk: Desk) -> None:
    account = await kept(desk)
    assert await desk.me(later()) == Mine(
        account.id, "Arta", "Arta Krasniqi", "a•••@example.com", "+383•••456", (), None
    )


async def test_any_other_chat_is_a_guests(desk: Desk) -> None:
    assert await desk.take(OTHER_CHAT, later(), my_account.mine) == Guest()
    assert await desk.take("", later(), my_account.mine) == Guest()


async def test_a_chat_that_was_not_used_for_a_month_is_a_guests(desk: Desk) -> None:
    used = later(days=-1)
    last = used + timedelta(days=30) - timedelta(milliseconds=1)
    assert isinstance(await my_account.mine(desk.begin(CHAT, last)), Mine)
    assert await my_account.mine(desk.begin(CHAT, used + timedelta(days=30))) == Guest()


async def test_who_uses_the_chat_stays_signed_in(desk: Desk) -> None:
    for days in (20, 40, 60, 80):
        await desk.me(later(days=days))
    assert await desk.take(CHAT, later(days=111), my_account.mine) == Guest()


async def test_the_last_use_is_noted_once_an_hour(desk: Desk) -> None:
    async def used() -> object:
        (row,) = await desk.rows("select used_at from chat_link")
        return row["used_at"]

    await desk.me(later())
    assert await used() == millis(later())
    await desk.me(later(minutes=60))
    assert await used() == millis(later())
    await desk.me(later(minutes=60, milliseconds=1))
    assert await used() == millis(later(minutes=60, milliseconds=1))


async def test_a_turn_asks_once_whose_chat_it_is(desk: Desk) -> None:
    turn = desk.begin(CHAT, later())
    await my_account.mine(turn)
    await desk.storage.commit([Write("delete from chat_link")])
    assert isinstance(await my_account.mine(turn), Mine)


# -- what needs no further proof -----------------------------------------------------------------------


async def test_the_customer_is_called_as_they_wish(desk: Desk) -> None:
    me = await desk.me(later())
    assert await desk.take(CHAT, later(), lambda turn: my_account.rename(turn, me, "Artë")) == Changed()
    assert (await desk.me(later())).name == "Artë"
    assert (await desk.me(later())).full_name == "Arta Krasniqi"


async def test_notices_are_switched_off_and_on(desk: Desk) -> None:
    me = await desk.me(later())
    for off in (("paid", "due"), ("meter",), ()):
        await desk.take(CHAT, later(), lambda turn, o=off: my_account.set_notices(turn, me, o))  # type: ignore[misc]
        assert (await desk.me(later())).notices_off == off


async def test_a_turn_sees_what_it_has_changed(desk: Desk) -> None:
    turn = desk.begin(CHAT, later())
    me = await my_account.mine(turn)
    assert isinstance(me, Mine)
    await my_account.rename(turn, me, "Artë")
    after = await my_account.mine(turn)
    assert isinstance(after, Mine)
    assert after.name == "Artë"
    await my_account.set_notices(turn, me, ("paid",))
    await desk.storage.commit(turn.writes)
    account = await kept(desk)
    assert (account.display_name, account.notices_off, account.rev) == ("Artë", ("paid",), 3)


async def test_two_changes_at_once_both_hold(desk: Desk) -> None:
    me = await desk.me(later())
    await desk.signs_in(later())
    await asyncio.gather(
        desk.take(CHAT, later(), lambda turn: my_account.rename(turn, me, "Artë")),
        desk.take(OTHER_CHAT, later(), lambda turn: my_account.set_notices(turn, me, ("paid",))),
    )
    account = await kept(desk)
    assert (account.display_name, account.notices_off) == ("Artë", ("paid",))


# -- chats ---------------------------------------------------------------------------------------------


async def test_the_chats_of_an_account_are_named_without_telling_them_this_one_first(desk: Desk) -> None:
    me = await desk.me(later())
    await desk.signs_in(later(days=2), ARTA, OTHER_CHAT)
    await desk.registered(later(), GEZIM, THIRD_CHAT)
    found = await desk.take(CHAT, later(days=3), lambda turn: signed_in_chats.chats(turn, me))
    assert [(one.channel, one.used_on, one.here) for one in found.all] == [
        ("web", date(2026, 3, 2), True),
        ("telegram", date(2026, 3, 4), False),
    ]
    assert len({one.name for one in found.all}) == 2
    assert not any(one.name in (CHAT, OTHER_CHAT) or len(one.name) != 8 for one in found.all)


async def test_the_day_of_last_use_is_the_day_in_kosovo(desk: Desk) -> None:
    me = await desk.signs_in(later(hours=14, minutes=30))
    found = await desk.take(OTHER_CHAT, later(hours=15), lambda turn: signed_in_chats.chats(turn, me))
    assert found.all[0].used_on == date(2026, 3, 3)


async def test_a_chat_that_was_left_for_a_month_is_not_among_them(desk: Desk) -> None:
    me = await desk.signs_in(later())
    found = await desk.take(OTHER_CHAT, later(days=29), lambda turn: signed_in_chats.chats(turn, me))
    assert found.count == 1


async def test_another_chat_is_signed_out(desk: Desk) -> None:
    me = await desk.signs_in(later())
    await desk.signs_in(later(), ARTA, THIRD_CHAT)
    found = await desk.take(OTHER_CHAT, later(), lambda turn: signed_in_chats.chats(turn, me))
    (third,) = (one for one in found.all if one.channel == "web" and one.used_on == date(2026, 3, 2))
    await desk.take(OTHER_CHAT, later(), lambda turn: signed_in_chats.sign_out_chat(turn, me, third))
    assert await desk.signed_in() == sorted([CHAT, OTHER_CHAT])


async def test_a_chat_of_another_account_cannot_be_signed_out(desk: Desk) -> None:
    me = await desk.me(later())
    other = await desk.registered(later(), GEZIM, THIRD_CHAT)
    found = await desk.take(THIRD_CHAT, later(), lambda turn: signed_in_chats.chats(turn, other))
    told = await desk.take(CHAT, later(), lambda turn: signed_in_chats.sign_out_chat(turn, me, found.all[0]))
    assert told == Changed()
    assert await desk.signed_in(GEZIM) == [THIRD_CHAT]


async def test_this_chat_is_signed_out_and_no_other(desk: Desk) -> None:
    me = await desk.signs_in(later())
    turn = desk.begin(OTHER_CHAT, later())
    assert await signed_in_chats.sign_out_here(turn, me) == Changed()
    assert await my_account.mine(turn) == Guest()
    await desk.storage.commit(turn.writes)
    assert await desk.signed_in() == [CHAT]


async def test_every_chat_is_signed_out(desk: Desk) -> None:
    me = await desk.signs_in(later())
    await desk.registered(later(), GEZIM, THIRD_CHAT)
    turn = desk.begin(OTHER_CHAT, later())
    assert await signed_in_chats.sign_out_everywhere(turn, me) == Changed()
    assert await my_account.mine(turn) == Guest()
    await desk.storage.commit(turn.writes)
    assert await desk.signed_in() == []
    assert await desk.signed_in(GEZIM) == [THIRD_CHAT]


# -- the password once more ----------------------------------------------------------------------------


async def confirm(desk: Desk, me: Mine, password: str = PASSWORD, chat: str = CHAT) -> object:
    return await desk.types(
        later(),
        lambda turn, typed: account_changes.confirm_password(turn, typed, me),
        chat,
        password=password,
    )


async def test_the_password_of_this_account_is_asked_for_and_no_other(desk: Desk) -> None:
    me = await desk.me(later())
    assert await confirm(desk, me) == Entered(me.id)
    assert await confirm(desk, me, "Wrong1234") == WrongPassword()


async def test_in_a_chat_that_was_signed_out_no_password_is_looked_at(desk: Desk) -> None:
    me = await desk.me(later())
    assert await confirm(desk, me, chat=OTHER_CHAT) == SignedOut()
    await desk.take(CHAT, later(), lambda turn: signed_in_chats.sign_out_here(turn, me))
    assert await confirm(desk, me) == SignedOut()


async def test_a_code_makes_the_chat_one_that_was_proved_just_now(desk: Desk) -> None:
    me = await desk.me(later())
    sent = await desk.take(CHAT, later(), lambda turn: account_changes.send_by_sms(turn, Entered(me.id)))
    assert isinstance(sent, Sent)
    assert (await desk.letters())[-1] == ("sms", ARTA.phone, LetterName.CODE.value)

    async def check(code: str) -> object:
        return await desk.take(
            CHAT,
            later(minutes=1),
            lambda turn: account_changes.check_code(turn, code, sent.challenge, Entered(me.id)),
        )

    async def proved() -> object:
        (row,) = await desk.rows("select proved_at from chat_link")
        return row["proved_at"]

    code = desk.vault.code(sent.challenge)
    await check(f"{(int(code) + 1) % 1_000_000:06}")
    assert await proved() == millis(later(days=-1))
    assert await check(code) == BY_PHONE
    assert await proved() == millis(later(minutes=1))


# -- changes -------------------------------------------------------------------------------------------


async def test_the_old_mailbox_and_the_phone_hear_of_a_new_address(desk: Desk) -> None:
    me = await desk.me(later())
    new = Right(Way.EMAIL, NEW_EMAIL)
    told = await desk.take(CHAT, later(), lambda turn: account_changes.change_reach(turn, me, BY_PHONE, new))
    assert told == Changed()
    account = await kept(desk)
    assert (account.email, account.email_proved, account.rev) == (NEW_EMAIL, True, 2)
    assert await desk.letters() == [
        ("email", ARTA.email, LetterName.EMAIL_CHANGED.value),
        ("sms", ARTA.phone, LetterName.EMAIL_CHANGED.value),
    ]


async def test_the_old_phone_and_the_mailbox_hear_of_a_new_number(desk: Desk) -> None:
    me = await desk.me(later())
    new = Right(Way.SMS, NEW_PHONE)
    told = await desk.take(CHAT, later(), lambda turn: account_changes.change_reach(turn, me, BY_PHONE, new))
    assert told == Changed()
    account = await kept(desk)
    assert (account.phone, account.phone_proved) == (NEW_PHONE, True)
    assert await desk.letters() == [
        ("sms", ARTA.phone, LetterName.PHONE_CHANGED.value),
        ("email", ARTA.email, LetterName.PHONE_CHANGED.value),
    ]


async def test_a_new_phone_shows_that_it_gets_our_sms(desk: Desk) -> None:
    me = await desk.me(later())
    sent = await desk.take(CHAT, later(), lambda turn: account_changes.send_to_new_phone(turn, me, NEW_PHONE))
    assert isinstance(sent, Sent)
    code = desk.vault.code(sent.challenge)
    for_old = await desk.take(
        CHAT, later(), lambda turn: account_changes.check_code(turn, code, sent.challenge, Entered(me.id))
    )
    assert not isinstance(for_old, Right)
    told = await desk.take(
        CHAT, later(), lambda turn: account_changes.check_new_phone(turn, code, sent.challenge, me)
    )
    assert told == Right(Way.SMS, NEW_PHONE)


async def test_a_new_mailbox_shows_that_it_gets_our_letters(desk: Desk) -> None:
    me = await desk.me(later())
    sent = await desk.take(CHAT, later(), lambda turn: account_changes.send_to_new_email(turn, me, NEW_EMAIL))
    assert isinstance(sent, Sent)
    code = desk.vault.code(sent.challenge)
    for_old = await desk.take(
        CHAT, later(), lambda turn: account_changes.check_code(turn, code, sent.challenge, Entered(me.id))
    )
    for_phone = await desk.take(
        CHAT, later(), lambda turn: account_changes.check_new_phone(turn, code, sent.challenge, me)
    )
    assert not isinstance(for_old, Right)
    assert not isinstance(for_phone, Right)
    told = await desk.take(
        CHAT, later(), lambda turn: account_changes.check_new_email(turn, code, sent.challenge, me)
    )
    assert told == Right(Way.EMAIL, NEW_EMAIL)


async def test_what_another_account_has_is_taken_and_ones_own_is_not(desk: Desk) -> None:
    await desk.registered(later(), GEZIM, THIRD_CHAT)
    me = await desk.me(later())

    async def email(address: str) -> object:
        new = Right(Way.EMAIL, address)
        return await desk.take(
            CHAT, later(), lambda turn: account_changes.change_reach(turn, me, BY_PHONE, new)
        )

    async def phone(number: str) -> object:
        new = Right(Way.SMS, number)
        return await desk.take(
            CHAT, later(), lambda turn: account_changes.change_reach(turn, me, BY_PHONE, new)
        )

    assert await email(GEZIM.email) == Taken()
    assert await phone(GEZIM.phone) == Taken()
    assert await desk.letters() == []
    assert await email(ARTA.email) == Changed()
    assert await phone(ARTA.phone) == Changed()


async def test_of_two_who_want_one_address_at_once_one_gets_it(desk: Desk) -> None:
    gezim = await desk.registered(later(), GEZIM, THIRD_CHAT)
    me = await desk.me(later())
    his, new = Right(Way.SMS, GEZIM.phone), Right(Way.EMAIL, NEW_EMAIL)
    told = await asyncio.gather(
        desk.take(CHAT, later(), lambda t: account_changes.change_reach(t, me, BY_PHONE, new)),
        desk.take(THIRD_CHAT, later(), lambda t: account_changes.change_reach(t, gezim, his, new)),
    )
    assert sorted(type(one).__name__ for one in told) == ["Changed", "Taken"]


async def test_a_new_password_signs_every_other_chat_out(desk: Desk) -> None:
    me = await desk.me(later())
    await desk.signs_in(later())
    new = await desk.keeps_password(later(), NEW_PASSWORD)
    told = await desk.take(
        CHAT, later(), lambda turn: account_changes.change_password(turn, me, new, BY_PHONE)
    )
    assert told == Changed()
    assert await desk.signed_in() == [CHAT]
    assert (await PASSWORDS.verify((await kept(desk)).password, NEW_PASSWORD)).ok
    assert await desk.rows("select * from secret") == []
    assert [letter for _kind, _to, letter in (await desk.letters())[-2:]] == ["password_changed"] * 2


async def test_a_new_password_that_tells_of_its_owner_is_weak(desk: Desk) -> None:
    me = await desk.me(later())
    for password in ("Krasniqi7", "Arta1234567892", "x38344123456X"):
        told = await desk.types(
            later(),
            lambda turn, typed: account_changes.new_password(turn, typed, me),
            CHAT,
            password=password,
        )
        assert isinstance(told, Weak), password


async def test_who_leaves_has_a_week_to_come_back_and_is_told_so_everywhere(desk: Desk) -> None:
    me = await desk.me(later())
    await desk.signs_in(later())
    told = await desk.take(CHAT, later(), lambda turn: account_changes.delete_account(turn, me, BY_PHONE))
    assert told == Leaving(date(2026, 3, 9))
    assert (await kept(desk)).delete_at == later(days=7)
    assert await desk.signed_in() == [CHAT]
    assert (await desk.me(later())).leaves_on == date(2026, 3, 9)
    assert [letter for _kind, _to, letter in (await desk.letters())[-2:]] == ["account_to_be_deleted"] * 2
    assert {order.values["day"] for order in (await desk.orders())[-2:]} == {date(2026, 3, 9)}


async def test_the_day_of_leaving_is_the_day_in_kosovo(desk: Desk) -> None:
    me = await desk.me(later())
    night = later(hours=14, minutes=30)
    told = await desk.take(CHAT, night, lambda turn: account_changes.delete_account(turn, me, BY_PHONE))
    assert told == Leaving(date(2026, 3, 10))


async def test_who_comes_back_stays(desk: Desk) -> None:
    me = await desk.me(later())
    await desk.take(CHAT, later(), lambda turn: account_changes.delete_account(turn, me, BY_PHONE))
    for _twice in range(2):
        told = await desk.take(CHAT, later(days=6), lambda turn: account_changes.keep_account(turn, me))
        assert told == Changed()
    account = await kept(desk)
    assert (account.delete_at, account.rev) == (None, 3)


# -- only who is signed in, and only with the right proof -----------------------------------------------

Change = Callable[[Desk, Turn, Mine, Right], Awaitable[object]]


async def _password(desk: Desk, turn: Turn, me: Mine, proof: Right) -> object:
    new = await desk.keeps_password(turn.at, NEW_PASSWORD, turn.chat)
    return await account_changes.change_password(turn, me, new, proof)


PROVED: dict[str, Change] = {
    "email": lambda _d, t, me, proof: account_changes.change_reach(t, me, proof, Right(Way.EMAIL, NEW_EMAIL)),
    "phone": lambda _d, t, me, proof: account_changes.change_reach(t, me, proof, Right(Way.SMS, NEW_PHONE)),
    "password": _password,
    "leaving": lambda _d, t, me, proof: account_changes.delete_account(t, me, proof),
}
FREE: dict[str, Change] = {
    "name": lambda _d, t, me, _proof: my_account.rename(t, me, "Thief"),
    "notices": lambda _d, t, me, _proof: my_account.set_notices(t, me, ("paid",)),
    "staying": lambda _d, t, me, _proof: account_changes.keep_account(t, me),
    "signing out": lambda _d, t, me, _proof: signed_in_chats.sign_out_here(t, me),
    "signing out everywhere": lambda _d, t, me, _proof: signed_in_chats.sign_out_everywhere(t, me),
    "signing out there": lambda _d, t, me, _proof: signed_in_chats.sign_out_chat(
        t, me, signed_in_chats.Chat(t.vault.derived("chat", CHAT)[:8], "web", t.today, False)
    ),
}


async def unchanged(desk: Desk) -> tuple[Any, ...]:
    return (await desk.account(), await desk.signed_in(), await desk.letters())


@pytest.mark.parametrize("change", [*PROVED.values(), *FREE.values()], ids=[*PROVED, *FREE])
@pytest.mark.parametrize("chat", [OTHER_CHAT, THIRD_CHAT], ids=["a guest", "another customer"])
async def test_a_chat_that_is_not_signed_in_to_the_account_changes_nothing_of_it(
    desk: Desk, change: Change, chat: str
) -> None:
    await desk.registered(later(), GEZIM, THIRD_CHAT)
    me = await desk.me(later())
    before = await unchanged(desk)
    assert await desk.take(chat, later(), lambda turn: change(desk, turn, me, BY_PHONE)) == SignedOut()
    assert await unchanged(desk) == before
    assert await desk.signed_in(GEZIM) == [THIRD_CHAT]


@pytest.mark.parametrize("change", PROVED.values(), ids=PROVED)
async def test_a_proof_of_another_phone_changes_nothing(desk: Desk, change: Change) -> None:
    me = await desk.me(later())
    before = await unchanged(desk)
    stolen = Right(Way.SMS, "+38344999999")
    assert await desk.take(CHAT, later(), lambda turn: change(desk, turn, me, stolen)) == SignedOut()
    assert await unchanged(desk) == before


@pytest.mark.parametrize("change", PROVED.values(), ids=PROVED)
async def test_a_proof_of_the_mailbox_is_as_good_as_one_of_the_phone(desk: Desk, change: Change) -> None:
    me = await desk.me(later())
    proof = Right(Way.EMAIL, ARTA.email)
    assert await desk.take(CHAT, later(), lambda turn: change(desk, turn, me, proof)) != SignedOut()
