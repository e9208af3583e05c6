"""What answers the opening of a chat: once, the same whenever Viber asks, and nothing else is lost by it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.channel import Arrival
from bot.noticing import NOTICES
from dialogs.home import Home
from dialogs.linking import NOT_GOOD
from dialogs.register import Register
from tests.fakes.viber import TOKEN, FakeViber, signature
from tests.viber.door import answered
from tests.viber.gated import Gated, turns
from tests.viber.program import Program, running
from tests.viber.test_conversations import asked_for_the_phone, greeted, text_of

PAID = json.dumps({"kind": "paid", "amount": "38.43", "reference": "KESCO-1"}).encode()

#: What a stranger is asked first, in three languages at once.
TRILINGUAL = "Në cilën gjuhë të flas?"


async def test_who_opens_the_chat_is_greeted_in_the_answer_itself(program: Program) -> None:
    arta = program.visitor("en")
    opened = arta.phone.open()
    await program.settle()
    (welcome,) = opened.told
    assert "receiver" not in json.loads(welcome)
    assert [shown.text for shown in arta.phone.heard] == [json.loads(welcome)["text"]]
    assert "English" in " ".join(arta.phone.labels)
    assert program.fake.called("send_message") == []
    assert not arta.phone.subscribed
    (row,) = await program.rows("select subscribed, heard_at from viber_chat")
    assert (bool(row["subscribed"]), row["heard_at"]) == (False, 0)


async def test_a_repetition_is_given_the_same_welcome(program: Program) -> None:
    arta = program.visitor("en")
    program.fake.drop("conversation_started", after=True, times=3)
    opened = arta.phone.open()
    await program.settle()
    await program.fake.advance(400)
    await program.settle()
    assert opened.attempts == 4
    assert len(set(opened.told)) == 1
    assert len(arta.phone.heard) == 1
    rows = await program.rows("select event from turn_log")
    assert [row["event"] for row in rows] == ["Arrived"]


async def test_a_program_started_since_gives_the_same_welcome(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    fake.drop("conversation_started", after=True)
    async with running(url, fake, tmp_path) as program:
        opened = fake.user("arta", language="en").open()
        await program.settle()
    async with running(url, fake, tmp_path) as program:
        await fake.advance(10)
        await program.settle()
    assert opened.taken
    assert len(opened.told) == 2
    assert opened.told[0] == opened.told[1] != b""


async def test_repetitions_that_come_at_once_are_given_the_same_welcome(
    gated: tuple[Program, Gated],
) -> None:
    program, database = gated
    program.fake.callbacks.hold()
    opened = program.fake.user("arta", language="en").open()
    gate = database.holds(turns())
    sig = signature(TOKEN, opened.body)
    asked = [asyncio.create_task(answered(program, opened.body, sig)) for _ in range(5)]
    await database.reached.wait()
    asked += [asyncio.create_task(answered(program, opened.body, sig)) for _ in range(5)]
    await program.rows("select 1 as one")
    gate.set()
    answers = await asyncio.gather(*asked)
    program.fake.callbacks.release()
    await program.settle()
    assert opened.taken
    assert set(answers) == {(200, opened.told[0])}
    assert opened.told[0]


async def test_the_repetition_of_an_older_opening_takes_nothing_from_a_newer_one(
    gated: tuple[Program, Gated],
) -> None:
    """The first answer is lost on the way, and comes to be asked for while the second is being made."""
    program, database = gated
    arta = program.visitor("en")
    first = arta.phone.open()
    await program.settle()
    gate = database.holds(turns())
    second = arta.phone.open()
    await database.reached.wait()
    again = await answered(program, first.body, signature(TOKEN, first.body))
    assert again == (200, first.told[0])
    gate.set()
    await program.settle()
    assert second.taken
    assert second.told[0]
    third = await answered(program, first.body, signature(TOKEN, first.body))
    assert third == (200, b"")
    assert len(arta.phone.heard) == 2


async def test_what_else_is_said_waits_for_the_first_message_and_comes_before_its_answer(
    gated: tuple[Program, Gated],
) -> None:
    program, database = gated
    arta = program.visitor("en")
    gate = database.holds(turns())
    arta.phone.open()
    await database.reached.wait()
    for key in ("one", "two"):
        body = PAID.replace(b"KESCO-1", key.encode())
        await program.app.inbox.receive([Arrival(NOTICES, key, f"viber:{arta.phone.id}", body)])
    gate.set()
    await program.settle()
    (welcome,) = arta.phone.texts
    assert program.fake.called("send_message") == []
    await arta.says("English", text_of(program.app.book.welcome.names["what"]))
    one, two, _answer = arta.news
    assert "Receipt one" in one
    assert "Receipt two" in two
    assert arta.phone.texts[0] == welcome


async def test_a_slow_turn_is_not_waited_for_and_loses_nothing(gated: tuple[Program, Gated]) -> None:
    program, database = gated
    arta = program.visitor("en")
    gate = database.holds(turns())
    opened = arta.phone.open()
    await program.fake.settled()
    assert opened.taken
    assert opened.told == [b""]
    gate.set()
    await program.settle()
    assert arta.phone.heard == []
    await arta.says("English", text_of(program.app.book.welcome.names["what"]))
    held, _answer = arta.phone.texts
    assert TRILINGUAL in held


async def test_a_slow_database_is_not_waited_for_either(gated: tuple[Program, Gated]) -> None:
    program, database = gated
    arta = program.visitor("en")
    gate = database.holds(turns())
    opened = arta.phone.open()
    await database.reached.wait()
    database.stuck = asyncio.Event()
    gate.set()
    await program.fake.settled()
    assert opened.told == [b""]
    database.stuck.set()
    database.stuck = None
    await program.fake.advance(10)
    await program.settle()
    await arta.says("English", text_of(program.app.book.welcome.names["what"]))
    assert len(arta.phone.heard) == 2


async def test_opening_the_chat_again_resets_nothing(program: Program) -> None:
    arta = await greeted(program, "en")
    await asked_for_the_phone(arta)
    opened = arta.phone.open()
    arta.listens()
    await program.settle()
    assert opened.told[0], "a subscriber is answered as well"
    assert arta.hears(text_of(Home.menu)), arta.news
    await arta.presses(arta.key_with("Continue"), text_of(Register.phone))
    await arta.says("044 123 456", text_of(Register.password))


async def test_a_known_customer_is_answered_in_their_own_language(program: Program) -> None:
    arta = await greeted(program, "sr")
    arta.phone.language = "en"
    await arta.opens()
    assert arta.hears(text_of(Home.menu)), arta.news


@pytest.mark.parametrize("context", ["x" * 65, "a b", "<b>", "~1|menu", "ë", "\0", "'; drop table inbox"])
async def test_a_context_that_is_none_of_ours_is_no_more_than_an_opening(
    program: Program, context: str
) -> None:
    arta = program.visitor("en")
    opened = arta.phone.open(context)
    await program.settle()
    assert opened.taken
    assert "English" in " ".join(arta.phone.labels)


async def test_a_context_begins_what_it_names(program: Program) -> None:
    arta = await greeted(program, "en")
    await arta.opens("7KM4A9TR")
    assert arta.hears(NOT_GOOD), arta.news
