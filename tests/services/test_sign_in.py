"""Signing in to an account: with its password and a code, or with a code and a new password."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.seeding.hashes import ARGON2ID, SAMPLE_PASSWORD
from bot.services import registration, sign_in
from bot.services.accounts import session
from bot.services.codes import Expired, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.ports import Turn
from bot.services.post import LetterName
from bot.services.secrets_typed import Kept, Weak
from bot.services.sign_in import Entered, Gone, Name, SignedIn, Waits, WrongPassword
from bot.services.throttle import millis
from storage import accounts
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

BY_EMAIL = Name("email", ARTA.email)
NOBODY = Name("email", "nobody@example.com")
THIRD_CHAT = "web:third"


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    """Arta has an account, opened yesterday in a chat of hers."""
    await storage.commit(register())
    desk = Desk(storage)
    await desk.registered(later(days=-1))
    await storage.commit([Write("delete from outbox")])
    return desk


async def enter(
    desk: Desk, at: datetime, password: str = PASSWORD, name: Name = BY_EMAIL, chat: str = OTHER_CHAT
) -> Entered | WrongPassword | Waits:
    return await desk.types(
        at, lambda turn, typed: sign_in.enter_password(turn, typed, name), chat, password=password
    )


async def entered(desk: Desk, at: datetime, chat: str = OTHER_CHAT) -> Entered:
    told = await enter(desk, at, chat=chat)
    assert isinstance(told, Entered)
    return told


# -- the password --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [BY_EMAIL, Name("phone", ARTA.phone), Name("personal_number", ARTA.personal_number)],
    ids=["email", "phone", "personal number"],
)
async def test_the_right_password_is_taken_by_whatever_name(desk: Desk, name: Name) -> None:
    account = await desk.account()
    assert account is not None
    assert await enter(desk, later(), name=name) == Entered(account.id)


async def test_a_wrong_password_and_a_wrong_name_are_told_alike(desk: Desk) -> None:
    assert await enter(desk, later(), "Wrong1234") == WrongPassword()
    assert await enter(desk, later(), name=NOBODY) == WrongPassword()


async def test_the_password_alone_signs_nobody_in(desk: Desk) -> None:
    await entered(desk, later())
    assert await desk.signed_in() == [CHAT]


@pytest.mark.parametrize("name", [BY_EMAIL, NOBODY], ids=["an account", "no account"])
async def test_after_five_wrong_ones_the_right_one_waits_longer_and_longer(desk: Desk, name: Name) -> None:
    for _n in range(5):
        assert await enter(desk, later(), "Wrong1234", name) == WrongPassword()
    assert await enter(desk, later(), PASSWORD, name) == Waits(30)
    assert await enter(desk, later(seconds=29), "Wrong1234", name) == Waits(1)
    assert await enter(desk, later(seconds=30), "Wrong1234", name) == WrongPassword()
    assert await enter(desk, later(seconds=31), PASSWORD, name) == Waits(59)


async def test_the_right_one_counts_again_after_the_wait_and_forgives_all_before_it(desk: Desk) -> None:
    for _n in range(5):
        await enter(desk, later(), "Wrong1234")
    await entered(desk, later(seconds=30))
    for _n in range(4):
        assert await enter(desk, later(minutes=1), "Wrong1234") == WrongPassword()
    await entered(desk, later(minutes=1))


async def test_another_chat_and_another_name_of_the_account_give_no_more_tries(desk: Desk) -> None:
    for _n in range(5):
        await enter(desk, later(), "Wrong1234")
    assert isinstance(await enter(desk, later(), PASSWORD, chat=THIRD_CHAT), Waits)
    # Under another name nothing tells that they are one: the right one is as wrong as any.
    phone = Name("phone", ARTA.phone)
    assert await enter(desk, later(), PASSWORD, phone, THIRD_CHAT) == WrongPassword()
    assert isinstance(await enter(desk, later(seconds=31), PASSWORD, phone, THIRD_CHAT), Entered)


async def test_a_chat_that_tries_one_account_after_the_other_waits_too(desk: Desk) -> None:
    for n in range(5):
        await enter(desk, later(), name=Name("email", f"{n}@example.com"))
    assert isinstance(await enter(desk, later()), Waits)
    await entered(desk, later(), THIRD_CHAT)


async def test_strangers_lock_nobody_out_of_a_chat_that_is_signed_in(desk: Desk) -> None:
    for _n in range(5):
        await enter(desk, later(), "Wrong1234")
    assert isinstance(await enter(desk, later(), chat=THIRD_CHAT), Waits)
    await entered(desk, later(), CHAT)


async def test_who_has_the_chat_may_not_guess_there_without_end(desk: Desk) -> None:
    for _n in range(5):
        assert await enter(desk, later(), "Wrong1234", chat=CHAT) == WrongPassword()
    assert await enter(desk, later(), PASSWORD, chat=CHAT) == Waits(30)


async def test_guesses_at_once_are_counted_one_by_one(desk: Desk) -> None:
    chats = [f"web:guess{n}" for n in range(8)]
    told = await asyncio.gather(*(enter(desk, later(), "Wrong1234", chat=chat) for chat in chats))
    assert [type(one) for one in told].count(WrongPassword) == 5
    assert [type(one) for one in told].count(Waits) == 3


async def test_a_password_of_the_web_site_is_hashed_anew_when_it_is_known(desk: Desk) -> None:
    old = Write("update account set password = :old", {"old": ARGON2ID[0]})
    await desk.storage.commit([old])
    account = await desk.account()
    assert account is not None
    assert await enter(desk, later(), SAMPLE_PASSWORD) == Entered(account.id)
    after = await desk.account()
    assert after is not None
    assert after.password.startswith("pepper:")
    assert after.rev == account.rev + 1
    assert await enter(desk, later(minutes=1), SAMPLE_PASSWORD) == Entered(account.id)
    again = await desk.account()
    assert again == after


# -- the code ------------------------------------------------------------------------------------------


async def ordered(desk: Desk, at: datetime, way: Way = Way.SMS, chat: str = OTHER_CHAT) -> Sent:
    password = await entered(desk, at, chat)
    send = sign_in.send_by_sms if way is Way.SMS else sign_in.send_by_email
    sent = await desk.take(chat, at, lambda turn: send(turn, password))
    assert isinstance(sent, Sent)
    return sent


async def proved(desk: Desk, at: datetime, way: Way = Way.SMS, chat: str = OTHER_CHAT) -> object:
    sent = await ordered(desk, at, way, chat)
    account = await desk.account()
    assert account is not None
    code = desk.vault.code(sent.challenge)
    return await desk.take(
        chat, at, lambda turn: sign_in.check_code(turn, code, sent.challenge, Entered(account.id))
    )


@pytest.mark.parametrize(
    ("way", "masked", "right"),
    [
        (Way.SMS, "+383•••456", Right(Way.SMS, ARTA.phone)),
        (Way.EMAIL, "a•••@example.com", Right(Way.EMAIL, ARTA.email)),
    ],
)
async def test_the_code_goes_to_what_the_account_has(desk: Desk, way: Way, masked: str, right: Right) -> None:
    assert (await ordered(desk, later(), way)).to_masked == masked
    assert await proved(desk, later(minutes=2), way) == right


async def test_a_code_of_another_chat_is_none(desk: Desk) -> None:
    sent = await ordered(desk, later())
    account = await desk.account()
    assert account is not None
    code = desk.vault.code(sent.challenge)
    told = await desk.take(
        THIRD_CHAT, later(), lambda turn: sign_in.check_code(turn, code, sent.challenge, Entered(account.id))
    )
    assert isinstance(told, Expired)


async def test_both_together_sign_the_chat_in_and_the_mailbox_hears_of_it(desk: Desk) -> None:
    account = await desk.account()
    assert account is not None
    proof = await proved(desk, later())
    assert isinstance(proof, Right)
    told = await desk.take(
        OTHER_CHAT, later(), lambda turn: sign_in.sign_in(turn, Entered(account.id), proof)
    )
    assert told == SignedIn("Arta")
    assert await desk.signed_in() == sorted([CHAT, OTHER_CHAT])
    assert (await desk.letters())[-1] == ("email", ARTA.email, LetterName.SIGNED_IN_ELSEWHERE.value)


async def test_a_code_that_went_to_a_phone_the_account_has_given_up_signs_nobody_in(desk: Desk) -> None:
    sent = await ordered(desk, later())
    account = await desk.account()
    assert account is not None
    changed = accounts.change(account.id, account.rev, phone="+38344999999", phone_proved_at=None)
    await desk.storage.commit([changed])
    code, me = desk.vault.code(sent.challenge), Entered(account.id)
    proof = await desk.take(
        OTHER_CHAT, later(), lambda turn: sign_in.check_code(turn, code, sent.challenge, me)
    )
    assert isinstance(proof, Right)
    assert await desk.take(OTHER_CHAT, later(), lambda turn: sign_in.sign_in(turn, me, proof)) == Gone()
    after = await desk.account()
    assert after is not None
    assert not after.phone_proved
    assert await desk.signed_in() == [CHAT]


async def test_the_turn_that_signs_in_knows_whose_chat_it_is(desk: Desk) -> None:
    account = await desk.account()
    assert account is not None
    turn = desk.begin(OTHER_CHAT, later())
    await sign_in.sign_in(turn, Entered(account.id), Right(Way.SMS, ARTA.phone))
    here = await session(turn)
    assert here is not None
    assert (here.account, here.proved_at) == (account, later())


async def test_a_chat_belongs_to_one_account_the_last(desk: Desk) -> None:
    await desk.registered(later(), GEZIM, OTHER_CHAT)
    await desk.signs_in(later(minutes=1), ARTA, OTHER_CHAT)
    assert await desk.signed_in(ARTA) == sorted([CHAT, OTHER_CHAT])
    assert await desk.signed_in(GEZIM) == []


async def test_a_code_by_e_mail_proves_the_address(desk: Desk) -> None:
    account = await desk.account()
    assert account is not None
    assert not account.email_proved
    proof = Right(Way.EMAIL, ARTA.email)
    await desk.take(OTHER_CHAT, later(), lambda turn: sign_in.sign_in(turn, Entered(account.id), proof))
    (row,) = await desk.rows("select phone_proved_at, email_proved_at, rev from account")
    assert dict(row) == {
        "phone_proved_at": millis(later(days=-1)),
        "email_proved_at": millis(later()),
        "rev": 1,
    }


async def test_an_account_that_was_erased_meanwhile_is_gone(desk: Desk) -> None:
    proof = Right(Way.SMS, ARTA.phone)
    nobody = Entered("of yesterday")
    assert await desk.take(OTHER_CHAT, later(), lambda turn: sign_in.sign_in(turn, nobody, proof)) == Gone()
    sent = await desk.take(OTHER_CHAT, later(), lambda turn: sign_in.send_by_sms(turn, nobody))
    assert isinstance(sent, Sent)
    assert await desk.letters() == []
    assert await desk.signed_in() == [CHAT]


# -- a forgotten password ------------------------------------------------------------------------------


async def ask_reset(
    desk: Desk, at: datetime, name: Name, way: Way = Way.SMS, chat: str = OTHER_CHAT
) -> Sent | TooSoon | TooMany:
    send = sign_in.send_reset_by_sms if way is Way.SMS else sign_in.send_reset_by_email
    return await desk.take(chat, at, lambda turn: send(turn, name))


async def test_asking_for_a_code_tells_nothing_of_an_account(desk: Desk) -> None:
    told = {}
    for name in (BY_EMAIL, NOBODY):
        chat = f"web:{name.value}"
        steps = [
            await ask_reset(desk, later(), name, Way.SMS, chat),
            await ask_reset(desk, later(seconds=5), name, Way.EMAIL, chat),
            await ask_reset(desk, later(seconds=10), name, Way.SMS, chat),
            await ask_reset(desk, later(seconds=15), name, Way.EMAIL, chat),
            await ask_reset(desk, later(minutes=2), name, Way.SMS, chat),
            await ask_reset(desk, later(minutes=4), name, Way.SMS, chat),
            await ask_reset(desk, later(minutes=6), name, Way.SMS, chat),
        ]
        told[name] = [(type(step).__name__, getattr(step, "seconds", 0)) for step in steps]
        sent = [step for step in steps if isinstance(step, Sent)]
        assert {one.to_masked for one in sent} == {""}
    assert told[BY_EMAIL] == told[NOBODY]
    assert told[BY_EMAIL][:3] == [("Sent", 0), ("Sent", 0), ("TooSoon", 50)]


async def test_a_phone_gets_no_more_codes_by_being_asked_for_under_more_names(desk: Desk) -> None:
    """One a minute and three an hour go out, whatever they are asked by; all askers are told alike."""
    names = (BY_EMAIL, Name("phone", ARTA.phone), Name("personal_number", ARTA.personal_number))
    sent_by = []
    for quarter in range(4):
        at = later(minutes=14 * quarter)
        for n, name in enumerate(names):
            told = await ask_reset(desk, at, name, Way.SMS, f"web:{n}")
            assert isinstance(told, Sent) is (quarter < 3)
        await desk.take("web:stranger", at, lambda turn: registration.send_by_sms(turn, ARTA.phone))
        sent = [order.to for order in await desk.orders() if order.letter is LetterName.CODE]
        sent_by.append(sent.count(ARTA.phone))
    assert sent_by == [1, 2, 3, 3]


async def test_wrong_codes_tell_nothing_of_an_account_either(desk: Desk) -> None:
    async def guess_six_times(name: Name) -> list[object]:
        chat = f"web:{name.value}"
        sent = await ask_reset(desk, later(), name, chat=chat)
        assert isinstance(sent, Sent)
        id, wrong = sent.challenge, f"{(int(desk.vault.code(sent.challenge)) + 1) % 1_000_000:06}"

        async def guess(turn: Turn) -> object:
            return await sign_in.check_reset_code(turn, wrong, id, name)

        return [await desk.take(chat, later(seconds=n), guess) for n in range(6)]

    expected = [*map(Wrong, (4, 3, 2, 1, 0)), Expired()]
    assert await guess_six_times(BY_EMAIL) == await guess_six_times(NOBODY) == expected


async def test_no_code_is_right_for_who_has_no_account(desk: Desk) -> None:
    sent = await ask_reset(desk, later(), NOBODY)
    assert isinstance(sent, Sent)
    code = desk.vault.code(sent.challenge)
    told = await desk.take(
        OTHER_CHAT, later(), lambda turn: sign_in.check_reset_code(turn, code, sent.challenge, NOBODY)
    )
    assert told == Wrong(4)
    assert await desk.letters() == []


async def new_kept(desk: Desk, at: datetime, chat: str = OTHER_CHAT) -> Kept:
    return await desk.keeps_password(at, NEW_PASSWORD, chat)


async def reset(desk: Desk, at: datetime, proof: Right, kept: Kept) -> SignedIn | Gone:
    return await desk.take(OTHER_CHAT, at, lambda turn: sign_in.reset_password(turn, BY_EMAIL, proof, kept))


async def test_a_new_password_counts_from_now_on_and_every_other_chat_is_signed_out(desk: Desk) -> None:
    await desk.signs_in(later(), ARTA, THIRD_CHAT)
    sent = await ask_reset(desk, later(minutes=1), BY_EMAIL)
    assert isinstance(sent, Sent)
    code = desk.vault.code(sent.challenge)
    proof = await desk.take(
        OTHER_CHAT,
        later(minutes=1),
        lambda turn: sign_in.check_reset_code(turn, code, sent.challenge, BY_EMAIL),
    )
    assert proof == Right(Way.SMS, ARTA.phone)
    assert isinstance(proof, Right)
    told = await reset(desk, later(minutes=2), proof, await new_kept(desk, later(minutes=1)))
    assert told == SignedIn("Arta")
    assert await desk.signed_in() == [OTHER_CHAT]
    account = await desk.account()
    assert account is not None
    assert (await PASSWORDS.verify(account.password, NEW_PASSWORD)).ok
    assert not (await PASSWORDS.verify(account.password, PASSWORD)).ok
    assert await desk.rows("select * from secret") == []
    assert (await desk.letters())[-2:] == [
        ("email", ARTA.email, LetterName.PASSWORD_CHANGED.value),
        ("sms", ARTA.phone, LetterName.PASSWORD_CHANGED.value),
    ]


async def test_a_new_password_forgives_the_wrong_ones_before_it(desk: Desk) -> None:
    for _n in range(5):
        await enter(desk, later(), "Wrong1234", chat=THIRD_CHAT)
    kept = await new_kept(desk, later())
    await reset(desk, later(), Right(Way.SMS, ARTA.phone), kept)
    told = await enter(desk, later(), NEW_PASSWORD, chat="web:fourth")
    assert isinstance(told, Entered)


async def test_what_was_proved_of_a_phone_that_is_no_longer_the_accounts_is_worth_nothing(
    desk: Desk,
) -> None:
    kept = await new_kept(desk, later())
    assert await reset(desk, later(), Right(Way.SMS, "+38344999999"), kept) == Gone()
    account = await desk.account()
    assert account is not None
    assert (await PASSWORDS.verify(account.password, PASSWORD)).ok
    assert await desk.signed_in() == [CHAT]


async def test_a_new_password_is_used_once_and_waits_a_week(desk: Desk) -> None:
    proof = Right(Way.SMS, ARTA.phone)
    kept = await new_kept(desk, later())
    assert await reset(desk, later(days=7), proof, kept) == Gone()
    assert await reset(desk, later(days=6), proof, kept) == SignedIn("Arta")
    assert await reset(desk, later(days=6), proof, kept) == Gone()


async def test_a_new_password_does_not_tell_of_its_owner(desk: Desk) -> None:
    for password in ("Krasniqi7", "Arta1234567892", "x38344123456X"):
        told = await desk.types(
            later(),
            lambda turn, typed: sign_in.new_password(turn, typed, BY_EMAIL),
            OTHER_CHAT,
            password=password,
        )
        assert isinstance(told, Weak), password


async def test_a_change_of_password_wins_over_one_that_was_begun_before_it(desk: Desk) -> None:
    """Two chats reset at once: both hold in the end, one after the other, and nothing is lost between."""
    first, second = await new_kept(desk, later()), await new_kept(desk, later(), THIRD_CHAT)
    proof = Right(Way.SMS, ARTA.phone)
    told = await asyncio.gather(
        reset(desk, later(), proof, first),
        desk.take(THIRD_CHAT, later(), lambda turn: sign_in.reset_password(turn, BY_EMAIL, proof, second)),
    )
    assert set(told) == {SignedIn("Arta")}
    assert len(await desk.signed_in()) == 1
    account = await desk.account()
    assert account is not None
    assert account.rev == 3
