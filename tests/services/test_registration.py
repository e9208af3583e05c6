"""Opening an account: once a person, and nobody learns anything of anybody by trying."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.services import codes, registration
from bot.services.codes import Expired, Right, Sent, Way, Wrong
from bot.services.own_meters import linked
from bot.services.ports import ZONE, Away
from bot.services.post import LetterName
from bot.services.registration import (
    Application,
    Code,
    Elsewhere,
    EmailTaken,
    IdExpired,
    NoMatch,
    Opened,
    PasswordGone,
    PersonTaken,
    PhoneTaken,
    Reachable,
    TooOften,
)
from bot.services.throttle import millis
from storage.base import Storage
from tests.services.desk import ARTA, BESA, CHAT, GEZIM, OTHER_CHAT, PASSWORD, PASSWORDS, Desk, register
from tests.services.turns import later

NOBODY = replace(ARTA, personal_number="9999999999")
STRANGER = replace(ARTA, first_name="Blerta")


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


# -- how it goes well ----------------------------------------------------------------------------------


async def test_an_account_is_opened_as_the_register_knows_the_person(desk: Desk) -> None:
    typed = replace(ARTA, first_name="ARTA", last_name="krasniqi")
    assert await desk.applies(later(), typed) == Opened("Arta", Code.OWN, 1)
    account = await desk.account()
    assert account is not None
    assert (account.first_name, account.last_name, account.display_name) == ("Arta", "Krasniqi", "Arta")
    assert (account.email, account.phone, account.rev) == (ARTA.email, ARTA.phone, 1)
    assert (account.notices_off, account.delete_at, account.created_at) == ((), None, later())


async def test_the_chat_is_signed_in_and_may_see_what_needs_a_recent_code(desk: Desk) -> None:
    await desk.registered(later())
    assert await desk.signed_in() == [CHAT]
    (link,) = await desk.rows("select signed_in_at, used_at, proved_at from chat_link")
    assert set(link.values()) == {millis(later())}


async def test_the_password_goes_from_where_it_waited_into_the_account(desk: Desk) -> None:
    await desk.registered(later())
    account = await desk.account()
    assert account is not None
    assert (await PASSWORDS.verify(account.password, PASSWORD)).ok
    assert await desk.rows("select * from secret") == []


@pytest.mark.parametrize(("way", "to"), [(Way.SMS, ARTA.phone), (Way.EMAIL, ARTA.email)])
async def test_what_was_proved_is_noted_and_the_other_is_not(desk: Desk, way: Way, to: str) -> None:
    await desk.applies(later(), proof=Right(way, to))
    account = await desk.account()
    assert account is not None
    assert (account.phone_proved, account.email_proved) == (way is Way.SMS, way is Way.EMAIL)


async def test_an_account_is_named_by_its_turn_so_that_a_second_walk_makes_the_same(desk: Desk) -> None:
    kept = await desk.keeps_password(later())
    ids = []
    for _walk in range(2):
        turn = desk.begin(CHAT, later(), "web 1")
        await registration.open_account(turn, ARTA, kept, Right(Way.SMS, ARTA.phone))
        (add,) = (write for write in turn.writes if write.guard == "account")
        ids.append(add.params["id"])
    assert ids[0] == ids[1]
    assert len(str(ids[0])) == 32


# -- the customer code ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "own"),
    [
        ("", Code.NONE, ["DPZ 4471", "DPZ 4472"]),
        ("DPZ 4472", Code.OWN, ["DPZ 4472", "DPZ 4471"]),
        ("DPZ 4471", Code.OWN, ["DPZ 4471", "DPZ 4472"]),
        ("DPR 6687", Code.CLAIMED, ["DPZ 4471", "DPZ 4472"]),
        ("DPR 1", Code.UNKNOWN, ["DPZ 4471", "DPZ 4472"]),
    ],
)
async def test_all_meters_of_the_person_are_in_the_account_the_given_one_first(
    desk: Desk, given: str, code: Code, own: list[str]
) -> None:
    assert await desk.applies(later(), replace(GEZIM, customer_code=given)) == Opened("Gëzim", code, 2)
    account = await desk.account(GEZIM)
    assert account is not None
    links = await linked(desk.begin(CHAT, later()), account)
    assert [link.code for link in links if link.claim is None] == own


async def test_another_persons_meter_is_claimed_and_not_owned(desk: Desk) -> None:
    await desk.applies(later(), replace(GEZIM, customer_code="DPR 6687"))
    rows = await desk.rows("select customer_code, state from account_meter order by added_at")
    assert [(row["customer_code"], row["state"]) for row in rows] == [
        ("DPZ 4471", "own"),
        ("DPZ 4472", "own"),
        ("DPR 6687", "claimed"),
    ]


async def test_the_turn_knows_the_meters_before_they_are_committed(desk: Desk) -> None:
    kept = await desk.keeps_password(later())
    turn = desk.begin(CHAT, later())
    await registration.open_account(
        turn, replace(GEZIM, customer_code="DPR 6687"), kept, Right(Way.SMS, GEZIM.phone)
    )
    here = turn.known["account of this chat"].account
    assert [link.code for link in await linked(turn, here)] == ["DPZ 4471", "DPZ 4472", "DPR 6687"]


async def test_a_person_without_a_meter_may_have_an_account(desk: Desk) -> None:
    assert await desk.applies(later(), BESA) == Opened("Besa", Code.NONE, 0)


# -- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [NOBODY, STRANGER, replace(ARTA, last_name="Hoxha")])
async def test_which_of_number_and_name_is_wrong_is_not_told(desk: Desk, who: Application) -> None:
    assert await desk.applies(later(), who) == NoMatch()
    assert await desk.account() is None
    assert await desk.letters() == []


async def test_the_holder_of_an_account_hears_that_somebody_tried_to_open_another(desk: Desk) -> None:
    await desk.registered(later())
    again = replace(ARTA, email="thief@example.com", phone="+38344999999")
    assert await desk.applies(later(hours=1), again, OTHER_CHAT) == PersonTaken()
    assert await desk.letters() == [("email", ARTA.email, LetterName.REGISTRATION_ATTEMPT.value)]
    assert await desk.signed_in() == [CHAT]


async def test_who_does_not_know_the_name_is_not_told_that_there_is_an_account(desk: Desk) -> None:
    await desk.registered(later())
    assert await desk.applies(later(hours=1), STRANGER, OTHER_CHAT) == NoMatch()
    assert await desk.letters() == []


async def test_an_identity_card_is_good_until_the_end_of_its_day_in_kosovo(desk: Desk) -> None:
    midnight = datetime(2026, 3, 3, tzinfo=ZONE).astimezone(UTC)
    assert await desk.applies(midnight, BESA) == IdExpired()
    assert await desk.account(BESA) is None
    assert isinstance(await desk.applies(midnight - timedelta(minutes=1), BESA), Opened)


async def test_a_phone_and_an_address_belong_to_one_account(desk: Desk) -> None:
    await desk.registered(later())
    same_phone = replace(GEZIM, phone=ARTA.phone)
    same_email = replace(GEZIM, email=ARTA.email)
    both = replace(GEZIM, email=ARTA.email, phone=ARTA.phone)
    assert await desk.applies(later(), same_phone, OTHER_CHAT) == PhoneTaken()
    assert await desk.applies(later(), same_email, OTHER_CHAT) == EmailTaken()
    assert await desk.applies(later(), both, OTHER_CHAT) == PhoneTaken()
    assert await desk.account(GEZIM) is None


async def test_a_refusal_leaves_the_password_for_the_next_try(desk: Desk) -> None:
    kept = await desk.keeps_password(later())
    assert await desk.applies(later(), STRANGER, password=kept) == NoMatch()
    assert isinstance(await desk.applies(later(), password=kept), Opened)


async def test_a_password_waits_for_a_week(desk: Desk) -> None:
    kept = await desk.keeps_password(later())
    assert await desk.applies(later(days=7), password=kept) == PasswordGone()
    assert await desk.account() is None
    assert isinstance(await desk.applies(later(days=6, hours=23), password=kept), Opened)


async def test_a_password_of_another_chat_is_none(desk: Desk) -> None:
    kept = await desk.keeps_password(later(), chat=OTHER_CHAT)
    assert await desk.applies(later(), password=kept) == PasswordGone()


# -- trying on -----------------------------------------------------------------------------------------


async def test_six_tries_a_day_and_then_not_even_the_truth_is_looked_at(desk: Desk) -> None:
    for n in range(6):
        assert await desk.applies(later(minutes=n), STRANGER) == NoMatch()
    assert await desk.applies(later(minutes=6)) == TooOften(24)
    assert await desk.applies(later(hours=23)) == TooOften(1)
    assert isinstance(await desk.applies(later(hours=24)), Opened)


@pytest.mark.parametrize(
    ("chat", "phone"), [(OTHER_CHAT, ARTA.phone), (CHAT, "+38344999999")], ids=["phone", "chat"]
)
async def test_neither_another_chat_nor_another_phone_gives_more_tries(
    desk: Desk, chat: str, phone: str
) -> None:
    for n in range(6):
        await desk.applies(later(minutes=n), STRANGER)
    assert isinstance(await desk.applies(later(hours=1), replace(ARTA, phone=phone), chat), TooOften)


async def test_another_chat_with_another_phone_is_another_customer(desk: Desk) -> None:
    for n in range(6):
        await desk.applies(later(minutes=n), STRANGER)
    assert isinstance(await desk.applies(later(hours=1), GEZIM, OTHER_CHAT), Opened)


async def test_what_goes_well_is_not_counted(desk: Desk) -> None:
    for _n in range(5):
        await desk.applies(later(), STRANGER)
    assert isinstance(await desk.applies(later()), Opened)
    assert await desk.applies(later(), replace(GEZIM, phone=ARTA.phone)) == PhoneTaken()


async def test_every_refusal_is_counted(desk: Desk) -> None:
    await desk.registered(later())
    thief = replace(ARTA, phone="+38344999999")
    taken = replace(GEZIM, phone="+38344999999", email=ARTA.email)
    expired = replace(BESA, phone="+38344999999")
    at = later(days=2)
    for who in (thief, taken, expired, thief, taken, expired):
        assert not isinstance(await desk.applies(at, who, OTHER_CHAT), Opened | TooOften)
    assert isinstance(await desk.applies(at, replace(GEZIM, phone="+38344999999"), OTHER_CHAT), TooOften)


# -- races and faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rival", "told"),
    [
        (replace(ARTA, email="other@example.com", phone="+38344999999"), PersonTaken()),
        (replace(GEZIM, phone=ARTA.phone), PhoneTaken()),
        (replace(GEZIM, email=ARTA.email), EmailTaken()),
    ],
    ids=["person", "phone", "email"],
)
async def test_of_two_at_once_one_is_opened_and_the_other_learns_why_not(
    desk: Desk, rival: Application, told: object
) -> None:
    kept = await asyncio.gather(desk.keeps_password(later()), desk.keeps_password(later(), chat=OTHER_CHAT))
    rival_proof = Right(Way.EMAIL, "other@example.com")
    outcomes = await asyncio.gather(
        desk.applies(later(), ARTA, CHAT, password=kept[0]),
        desk.applies(later(), rival, OTHER_CHAT, rival_proof, password=kept[1]),
    )
    opened = [outcome for outcome in outcomes if isinstance(outcome, Opened)]
    assert len(opened) == 1
    assert len(await desk.rows("select id from account")) == 1
    assert told in outcomes


@pytest.mark.parametrize("answers", [0, 1])
async def test_while_the_register_is_away_nothing_is_used_up(desk: Desk, answers: int) -> None:
    kept = await desk.keeps_password(later())
    desk.register.answers = answers
    with pytest.raises(Away):
        await desk.applies(later(), password=kept)
    desk.register.answers = None
    assert isinstance(await desk.applies(later(), password=kept), Opened)


# -- codes ---------------------------------------------------------------------------------------------


async def test_a_code_goes_to_the_phone_or_the_mailbox_and_proves_it(desk: Desk) -> None:
    assert await desk.proves(later()) == Right(Way.SMS, ARTA.phone)
    assert await desk.proves(later(minutes=2), way=Way.EMAIL) == Right(Way.EMAIL, ARTA.email)
    assert [(kind, to) for kind, to, _letter in await desk.letters()] == [
        ("sms", ARTA.phone),
        ("email", ARTA.email),
    ]


async def test_a_code_for_something_else_proves_nothing_here(desk: Desk) -> None:
    sent = await desk.take(CHAT, later(), lambda t: codes.send(t, "else", Way.SMS, ARTA.phone, ARTA.phone))
    assert isinstance(sent, Sent)
    code = desk.vault.code(sent.challenge)
    told = await desk.take(
        CHAT, later(), lambda t: registration.check_code(t, code, sent.challenge, ARTA.phone)
    )
    assert isinstance(told, Expired)


async def test_a_wrong_code_proves_nothing(desk: Desk) -> None:
    sent = await desk.take(CHAT, later(), lambda t: registration.send_by_sms(t, ARTA.phone))
    assert isinstance(sent, Sent)
    wrong = f"{(int(desk.vault.code(sent.challenge)) + 1) % 1_000_000:06}"
    told = await desk.take(
        CHAT, later(), lambda t: registration.check_code(t, wrong, sent.challenge, ARTA.phone)
    )
    assert told == Wrong(4)


@pytest.mark.parametrize(
    ("regions", "phone", "told"),
    [
        (("XK",), ARTA.phone, Reachable()),
        (("XK",), "+41791234567", Elsewhere()),
        (("XK", "CH"), "+41791234567", Reachable()),
        (("CH",), ARTA.phone, Elsewhere()),
    ],
)
async def test_an_sms_goes_where_the_operator_lets_it_go(
    desk: Desk, regions: tuple[str, ...], phone: str, told: object
) -> None:
    turn = replace(desk.begin(CHAT, later()), regions=regions)
    assert await registration.reachable(turn, phone) == told
