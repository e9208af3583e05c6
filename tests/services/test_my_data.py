"""Everything that is known of a customer: all of it, for nobody else, and only after a recent code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import millis
from bot.services.accounts import PROVED_FOR
from bot.services.my_account import Mine
from bot.services.my_data import Given, NotYours, Recent, Stale, give_data, recently_proved
from bot.services.ports import Away
from bot.services.sign_in import Entered
from dialogs.engine.conversation import Conversation, Frame, Told
from dialogs.engine.memory import remember
from storage import accounts, conversations
from storage.base import Storage
from tests.services.desk import ARTA, CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


async def file(desk: Desk, me: Mine, at: datetime, chat: str = CHAT) -> dict[str, Any]:
    turn = desk.begin(chat, at)
    assert await give_data(turn, {}, me) == Given()
    (body,) = turn.saved
    found: dict[str, Any] = json.loads(body)
    return found


async def test_everything_is_in_the_file(desk: Desk) -> None:
    me = await desk.registered(later())
    state = remember(Conversation(language="sr", frames=(Frame("Rename", {"name": Told("Artë")}),)))
    await desk.storage.commit([conversations.save(CHAT, 0, "sr", state, millis(later()))])
    data = await file(desk, me, later(minutes=1))
    account = data["account"]
    assert data["made_at"] == later(minutes=1).isoformat()
    assert (account["email"], account["phone"]) == (ARTA.email, ARTA.phone)
    assert (account["first_name"], account["personal_number"]) == ("Arta", ARTA.personal_number)
    assert data["person"]["id_valid_until"] == "2031-05-01"
    (meter,) = data["meters"]
    assert (meter["customer_code"], meter["state"]) == ("DPR 6687", "own")
    assert meter["connection"]["address"] == "Rr. Lipova 4"
    assert [bill["period"] for bill in meter["bills"]] == ["2026-02", "2026-01"]
    assert meter["bills"][0]["total"] == "30.42"
    (chat,) = data["chats"]
    assert (chat["chat"], chat["language"]) == (CHAT, "sr")
    assert chat["answers"]["frames"][0]["told"]["name"][0] == "Artë"
    assert chat["signed_in_at"] == later().isoformat()


async def test_the_password_is_not_in_it_not_even_hashed(desk: Desk) -> None:
    me = await desk.registered(later())
    account = await desk.account()
    assert account is not None
    text = json.dumps(await file(desk, me, later()))
    assert "password" not in text
    assert account.password not in text
    assert "argon2" not in text


async def test_of_a_claimed_meter_only_the_claim_is_the_customers(desk: Desk) -> None:
    me = await desk.registered(later(), replace(GEZIM, customer_code="DPR 6687"))
    data = await file(desk, me, later())
    (claimed,) = (meter for meter in data["meters"] if meter["state"] == "claimed")
    assert (claimed["customer_code"], claimed["connection"], claimed["bills"]) == ("DPR 6687", None, [])
    assert ARTA.personal_number not in json.dumps(data)
    assert "30.42" not in json.dumps(data)


async def test_letters_of_any_alphabet_are_readable_in_it(desk: Desk) -> None:
    me = await desk.registered(later(), GEZIM)
    turn = desk.begin(CHAT, later())
    await give_data(turn, {}, me)
    assert "Gëzim" in turn.saved[0].decode()


async def test_every_chat_of_the_account_is_in_it_and_nobody_elses(desk: Desk) -> None:
    me = await desk.registered(later())
    await desk.signs_in(later(hours=1))
    await desk.registered(later(), GEZIM, "web:gezim")
    data = await file(desk, me, later(hours=2))
    assert {chat["chat"] for chat in data["chats"]} == {CHAT, OTHER_CHAT}


@pytest.mark.parametrize("chat", [OTHER_CHAT, "web:gezim"], ids=["a guest", "another customer"])
async def test_nobody_else_is_given_it(desk: Desk, chat: str) -> None:
    me = await desk.registered(later())
    await desk.registered(later(), GEZIM, "web:gezim")
    turn = desk.begin(chat, later())
    assert await give_data(turn, {}, me) == NotYours()
    assert turn.saved == []


async def test_a_page_that_waited_for_days_gives_nothing_until_a_new_code(desk: Desk) -> None:
    me = await desk.registered(later())
    turn = desk.begin(CHAT, later() + PROVED_FOR)
    assert await give_data(turn, {}, me) == Stale()
    assert turn.saved == []
    await desk.storage.commit([accounts.proved_again(CHAT, millis(later() + PROVED_FOR))])
    assert await file(desk, me, later() + PROVED_FOR)


async def test_without_the_register_there_is_no_half_of_it(desk: Desk) -> None:
    me = await desk.registered(later())
    desk.register.answers = 1
    turn = desk.begin(CHAT, later())
    with pytest.raises(Away):
        await give_data(turn, {}, me)
    assert turn.saved == []


async def test_a_code_of_the_last_day_is_recent(desk: Desk) -> None:
    me = await desk.registered(later())
    moment_before = later() + PROVED_FOR - timedelta(milliseconds=1)
    assert await recently_proved(desk.begin(CHAT, moment_before), me) == Recent()
    assert await recently_proved(desk.begin(CHAT, later() + PROVED_FOR), me) == Entered(me.id)


async def test_in_another_chat_no_code_is_recent(desk: Desk) -> None:
    me = await desk.registered(later())
    await desk.registered(later(), GEZIM, "web:gezim")
    assert await recently_proved(desk.begin("web:gezim", later()), me) == Entered(me.id)
    assert await recently_proved(desk.begin(OTHER_CHAT, later()), me) == Entered(me.id)
