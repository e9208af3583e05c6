"""Accounts whose week is over are erased, with all that their chats show and remember; and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - so that all tables are known
from bot.clock import millis
from bot.services import account_changes
from bot.services.codes import Right, Way
from bot.services.erasing import AT_ONCE, erase_due
from bot.services.my_account import Guest, mine
from bot.services.post import LetterName
from dialogs.engine.conversation import Conversation, Frame, Told
from dialogs.engine.memory import remember
from storage import accounts, conversations, files, phone, web_messages
from storage.base import Query, Row, Storage, Write
from tests.services.desk import ARTA, CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later

THIRD_CHAT = "web:third"


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    """Arta, with two chats, and Gëzim, with one."""
    await storage.commit(register())
    desk = Desk(storage)
    await desk.registered(later())
    await desk.registered(later(), GEZIM, THIRD_CHAT)
    return desk


async def leave(desk: Desk) -> None:
    me = await desk.me(later())
    proof = Right(Way.SMS, ARTA.phone)
    await desk.take(CHAT, later(), lambda turn: account_changes.delete_account(turn, me, proof))


async def stands(desk: Desk, words: str) -> list[str]:
    """The tables that hold some words."""
    found = []
    for table in SQLModel.metadata.tables:
        rows = await desk.rows(f"select * from {table}")
        if any(words in str(value) for row in rows for value in row.values()):
            found.append(table)
    return found


async def test_an_account_is_erased_when_its_week_is_over_and_not_a_moment_before(desk: Desk) -> None:
    await leave(desk)
    assert await erase_due(desk.means, later(days=7) - timedelta(milliseconds=1)) == 0
    assert await desk.account() is not None
    assert await erase_due(desk.means, later(days=7)) == 1
    assert await desk.account() is None
    assert await erase_due(desk.means, later(days=7)) == 0


async def test_who_did_not_leave_stays(desk: Desk) -> None:
    await leave(desk)
    await erase_due(desk.means, later(days=100))
    assert await desk.account(GEZIM) is not None
    assert await desk.signed_in(GEZIM) == [THIRD_CHAT]
    assert len(await desk.rows("select * from account_meter")) == 2


async def test_nothing_of_the_account_is_left_but_what_is_the_utilitys(desk: Desk) -> None:
    account = await desk.account()
    assert account is not None
    await leave(desk)
    await desk.storage.commit([Write("delete from outbox")])
    await erase_due(desk.means, later(days=7))
    await desk.storage.commit([Write("delete from outbox")])  # the letter that says so is sent
    assert await stands(desk, account.id) == []
    assert await stands(desk, ARTA.email) == []
    assert await stands(desk, ARTA.phone) == []
    assert await stands(desk, "DPR 6687") == ["connection", "invoice"]
    assert await stands(desk, ARTA.personal_number) == ["customer", "connection"]


async def test_what_its_chats_show_and_remember_is_forgotten_and_no_other_chats(desk: Desk) -> None:
    await desk.signs_in(later())
    told = Conversation(language="sr", frames=(Frame("Rename", {"name": Told("Arta Canary")}),))
    chats = (CHAT, OTHER_CHAT, THIRD_CHAT)
    for chat in chats:
        await desk.storage.commit(
            [
                conversations.save(chat, 0, "sr", remember(told), millis(later())),
                web_messages.add(chat, "bot", '"Arta Canary"', millis(later())),
                phone.add(chat, "sms", "x", "", "Arta Canary", millis(later())),
                files.keep(f"a document of {chat}", chat, b"sealed", millis(later(days=30))),
            ]
        )
        await desk.keeps_password(later(), chat=chat)
    await leave(desk)
    await desk.storage.commit([accounts.link(OTHER_CHAT, (await the_id(desk)), millis(later(days=1)))])
    await erase_due(desk.means, later(days=7))

    async def left(table: str) -> list[object]:
        return [row["chat"] for row in await desk.rows(f"select chat from {table}")]

    assert await left("web_message") == [THIRD_CHAT]
    assert await left("phone_message") == [THIRD_CHAT]
    assert await left("secret") == [THIRD_CHAT]
    assert await left("file") == [THIRD_CHAT]
    rows = await desk.rows("select chat, language, state, rev from conversation order by chat")
    assert [(row["chat"], row["rev"], "Canary" in str(row["state"])) for row in rows] == [
        (OTHER_CHAT, 2, False),
        (CHAT, 2, False),
        (THIRD_CHAT, 1, True),
    ]
    assert {row["language"] for row in rows} == {"sr"}


async def the_id(desk: Desk) -> str:
    account = await desk.account()
    assert account is not None
    return account.id


async def test_the_mailbox_hears_of_it_in_the_language_of_the_chat(desk: Desk) -> None:
    await desk.storage.commit([conversations.save(CHAT, 0, "sr_Cyrl", "{}", millis(later()))])
    await leave(desk)
    await erase_due(desk.means, later(days=7))
    (*_others, order) = await desk.orders()
    assert (order.to, order.letter, order.language) == (
        ARTA.email,
        LetterName.ACCOUNT_DELETED,
        "sr_Cyrl",
    )


@pytest.mark.parametrize("write", [Write("delete from chat_link"), conversations.save(CHAT, 0, "", "{}", 1)])
async def test_where_no_chat_speaks_any_language_the_letter_names_none(desk: Desk, write: Write) -> None:
    await leave(desk)
    await desk.storage.commit([write])
    assert await erase_due(desk.means, later(days=7)) == 1
    (*_others, order) = await desk.orders()
    assert (order.letter, order.language) == (LetterName.ACCOUNT_DELETED, None)


class KeptAtTheLastMoment:
    """A storage in which the customer takes it back between the look and the deed."""

    def __init__(self, inner: Storage) -> None:
        self._inner = inner

    async def read(self, query: Query) -> list[Row]:
        rows = list(await self._inner.read(query))
        if "delete_at <= :now" in query.sql:
            await self._inner.commit([Write("update account set delete_at = null, rev = rev + 1")])
        return rows

    async def commit(self, writes: list[Write]) -> object:
        return await self._inner.commit(writes)

    async def close(self) -> None: ...


async def test_who_takes_it_back_at_the_last_moment_keeps_everything(desk: Desk) -> None:
    await leave(desk)
    letters = await desk.letters()
    raced = replace(desk.means, storage=cast(Any, KeptAtTheLastMoment(desk.storage)))
    assert await erase_due(raced, later(days=7)) == 0
    assert await desk.account() is not None
    assert await desk.signed_in() == [CHAT]
    assert await desk.letters() == letters


async def test_an_erased_customer_is_a_guest_and_may_come_again(desk: Desk) -> None:
    await leave(desk)
    await erase_due(desk.means, later(days=7))
    assert await desk.take(CHAT, later(days=8), mine) == Guest()
    assert (await desk.registered(later(days=8))).name == "Arta"


async def test_the_longest_waiting_go_first_and_the_rest_next_time(desk: Desk) -> None:
    def somebody(n: int) -> Write:
        return Write(
            "insert into account (id, personal_number, first_name, last_name, display_name, email, phone,"
            " password, notices_off, created_at, delete_at)"
            " values (:id, :id, 'x', 'x', 'x', :id, :id, 'x', '', 1, :at)",
            {"id": f"n{n}", "at": n + 1},
        )

    await desk.storage.commit([somebody(n) for n in range(AT_ONCE + 3)])
    assert await erase_due(desk.means, later()) == AT_ONCE
    left = await desk.rows("select id from account where delete_at is not null order by delete_at")
    assert [row["id"] for row in left] == [f"n{n}" for n in range(AT_ONCE, AT_ONCE + 3)]
    assert await erase_due(desk.means, later()) == 3
