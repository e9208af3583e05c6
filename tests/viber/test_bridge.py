"""Each rule of the bridge, over HTTP: what is taken, what is answered, what waits, and what is said again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from viberbot import Api, BotConfiguration

from bot.metrics import LEFT_ALONE, VIBER_EUROS
from bot.posts import Post, enqueued
from dialogs.engine.advance import BELATED, WORDS_ONLY
from dialogs.engine.lines import Line
from dialogs.engine.text import _l, verbatim
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from handlers.raw import LIMIT
from handlers.viber.channel import ViberChannel
from storage import viber
from storage.base import Query, Row, Write
from tests.fakes.viber import Device, FakeViber, Status
from tests.talk.faults import FaultyStorage
from tests.viber.program import Program, Visitor, running
from tests.viber.test_conversations import greeted, registered, text_of

#: Operations that fail until the test says otherwise.
FOR_LONG = 10**6


@pytest.fixture
async def timed(url: str, fake: FakeViber, tmp_path: Path) -> AsyncIterator[Program]:
    """A program that goes by the clock of its Viber."""
    async with running(
        url, fake, tmp_path, lambda: at(fake), viber_paid=True, viber_price=Decimal("0.02")
    ) as program:
        yield program


@pytest.fixture
async def free(url: str, fake: FakeViber, tmp_path: Path) -> AsyncIterator[Program]:
    """The same, and nothing may cost anything."""
    async with running(url, fake, tmp_path, lambda: at(fake)) as program:
        yield program


def at(fake: FakeViber) -> datetime:
    return datetime.fromtimestamp(fake.clock.time, UTC)


async def rows(program: Program, sql: str) -> Sequence[Row]:
    return await program.app.storage.read(Query(sql))


async def tells(program: Program, visitor: Visitor, words: str) -> None:
    """Something is to be said that nobody has asked for."""
    chat = f"viber:{visitor.phone.id}"
    post = Post(chat, "viber", "line", Line((verbatim(words),)))
    await program.app.storage.commit([enqueued(post, int(program.fake.clock.time * 1000))])
    await program.app.delivery.sweep()
    await program.settle()


# -- what is taken -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("signed", ["", "0" * 64, "\u00ff" * 64, "true but upper"])
async def test_what_is_not_signed_is_not_taken(program: Program, fake: FakeViber, signed: str) -> None:
    body = b'{"event":"message","timestamp":1,"message_token":5}'
    if signed == "true but upper":
        signed = hmac.new(fake.token.encode(), body, hashlib.sha256).hexdigest().upper()
    assert await fake.post_raw(body, signed) == 403
    assert await rows(program, "select key from inbox") == []


async def test_our_check_of_signatures_is_viber_s_own(program: Program, fake: FakeViber) -> None:
    body = b'{"event":"webhook","timestamp":1}'
    theirs = Api(BotConfiguration(auth_token=fake.token, name="KESCO", avatar=""))
    signed = hmac.new(fake.token.encode(), body, hashlib.sha256).hexdigest()
    assert theirs.verify_signature(body, signed)
    assert await fake.post_raw(body, signed) == 200


async def test_more_than_a_callback_can_be_is_not_read(program: Program, fake: FakeViber) -> None:
    whole = b'{"event":"webhook","x":"' + b"x" * LIMIT
    assert await fake.post_raw(whole) == 413


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"event":7}', b'{"event":"message","message":[]}'])
async def test_garbage_that_is_signed_is_taken_and_forgotten(
    program: Program, fake: FakeViber, body: bytes
) -> None:
    assert await fake.post_raw(body) == 200
    assert await rows(program, "select key from inbox") == []


async def test_events_and_messages_that_are_new_to_us_do_no_harm(program: Program, fake: FakeViber) -> None:
    visitor = await greeted(program, "en")
    fake.tell("client_status", {"anything": [1]})
    fake.tell("of_tomorrow", {"user": {"id": visitor.phone.id}})
    await program.settle()
    for send in (visitor.phone.send_sticker, visitor.phone.send_location, visitor.phone.send_file):
        await visitor.does(send, WORDS_ONLY)


async def test_a_database_that_is_away_leaves_the_message_with_viber(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    async with running(url, fake, tmp_path, around=FaultyStorage) as program:
        storage = program.app.storage
        assert isinstance(storage, FaultyStorage)
        visitor = await greeted(program, "en")
        storage.away = FOR_LONG
        said = visitor.phone.say("menu")
        await fake.settled()
        assert not said.taken
        storage.away = 0
        before = len(visitor.phone.heard)
        await fake.advance(10)
        await program.settle()
        assert said.taken
        assert len(visitor.phone.heard) == before + 1


async def test_a_message_that_comes_again_is_answered_once(program: Program, fake: FakeViber) -> None:
    visitor = await greeted(program, "en")
    fake.callbacks.copies = 3
    await visitor.says("menu", text_of(Home.menu))
    assert len(visitor.news) == 1


async def test_a_message_that_others_have_overtaken_changes_nothing(
    program: Program, fake: FakeViber
) -> None:
    visitor = await greeted(program, "en")
    await visitor.says("estimate my bill", text_of(EstimateBill.appliances))
    fake.callbacks.hold()
    first = visitor.phone.say("done")
    await fake.advance(1)
    second = visitor.phone.say("iron")
    visitor._seen = len(visitor.phone.heard)
    fake.callbacks.release([second, first])
    await program.settle()
    assert visitor.hears(BELATED)
    assert visitor.hears(text_of(EstimateBill.appliances))


# -- the opening of a chat ----------------------------------------------------------------------------------


async def test_the_welcome_answers_and_is_the_same_when_it_is_asked_for_again(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    async with running(url, fake, tmp_path) as program:
        arta = fake.user("arta")
        opened = arta.open()
        await program.settle()
        assert [shown.billing_status for shown in arta.heard] == [0]
        assert fake.called("send_message") == []
        fake.callbacks.repeat(opened)
        await program.settle()
    async with running(url, fake, tmp_path) as program:
        fake.callbacks.repeat(opened)
        await program.settle()
    assert len(set(arta.texts)) == 1  # the fake complains of another welcome under the same token


async def test_what_else_is_said_waits_for_the_first_message_and_comes_before_its_answer(
    program: Program, fake: FakeViber
) -> None:
    visitor = program.visitor("en")
    await visitor.opens()
    await tells(program, visitor, "one more thing")
    assert "one more thing" not in visitor.phone.texts
    await visitor.says("English")
    assert visitor.news[0] == "one more thing"
    assert len(visitor.news) == 2


async def test_to_open_a_chat_again_resets_nothing(program: Program) -> None:
    visitor = await greeted(program, "en")
    await visitor.says("estimate my bill", text_of(EstimateBill.appliances))
    await visitor.opens()
    assert visitor.hears(text_of(Home.menu))
    await visitor.says("done", text_of(EstimateBill.result))


async def test_a_turn_that_takes_too_long_is_told_with_the_first_message(
    program: Program, fake: FakeViber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.viber.ingress.WELCOMING", 0.05)
    gate, send = asyncio.Event(), ViberChannel.send

    async def late(*args: Any) -> str:
        await gate.wait()
        return await send(*args)

    monkeypatch.setattr(ViberChannel, "send", late)
    arta = program.visitor("en")
    opened = arta.phone.open()
    await fake.settled()
    assert opened.taken
    gate.set()
    await program.settle()
    assert arta.phone.heard == []
    await arta.says("hello")
    assert len(arta.news) == 2


async def test_who_leaves_hears_nothing_until_they_are_back(program: Program) -> None:
    visitor = await greeted(program, "en")
    visitor.phone.unsubscribe()
    await program.settle()
    before = len(visitor.phone.heard)
    await tells(program, visitor, "are you there?")
    assert len(visitor.phone.heard) == before
    await visitor.says("menu", text_of(Home.menu))


@pytest.mark.parametrize("status", [5, 6, 11])
async def test_whom_viber_does_not_reach_is_left_alone(
    program: Program, fake: FakeViber, status: int
) -> None:
    visitor = await greeted(program, "en")
    fake.refuse("send_message", status)
    await visitor.says("menu")
    chats = await rows(program, "select reachable from conversation")
    assert [bool(row["reachable"]) for row in chats] == [False]
    await visitor.says("menu", text_of(Home.menu))


# -- saying it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "order", [("delivered",), ("failed",), ("failed", "failed"), ("delivered", "failed")]
)
async def test_what_a_phone_refuses_is_said_once_more_in_plain_words(
    program: Program, fake: FakeViber, order: tuple[str, ...]
) -> None:
    visitor = await greeted(program, "en")
    await visitor.says("menu")
    token, before = int(visitor.phone.last.token), len(visitor.phone.heard)
    kept = "update viber_sent set delivered_at = null, seen_at = null, plain = 'in words' where token = "
    await program.app.storage.commit([Write(f"{kept}'{token}'")])
    for event in order:
        body = {"event": event, "timestamp": 1, "message_token": token, "user_id": visitor.phone.id}
        assert await fake.post_raw(json.dumps(body | {"desc": "no"}).encode()) == 200
    await program.app.delivery.sweep()
    await program.settle()
    fake.violations.clear()  # a message without a keyboard, which this phone did not show
    assert visitor.phone.texts[before:] == (["in words"] if order[0] == "failed" else [])


async def test_a_phone_that_refuses_keyboards_gets_its_options_in_words(
    program: Program, fake: FakeViber
) -> None:
    visitor = await greeted(program, "en")
    visitor.phone.refuse("keyboard not supported")
    await visitor.says("menu")
    await program.app.delivery.sweep()
    await program.settle()
    assert "1. 🧮 Estimate my bill" in visitor.phone.last.text
    await visitor.says("1", text_of(EstimateBill.appliances))


@pytest.mark.parametrize("status", [Status.API_VERSION_NOT_SUPPORTED, Status.INCOMPATIBLE_WITH_VERSION])
async def test_an_old_viber_gets_the_same_without_what_is_new(
    program: Program, fake: FakeViber, status: Status
) -> None:
    visitor = await greeted(program, "en")
    fake.refuse("send_message", status)
    await visitor.says("menu", text_of(Home.menu))
    (chat,) = await program.app.storage.read(viber.chat(f"viber:{visitor.phone.id}"))
    assert chat["level"] == 1


async def test_who_has_an_old_viber_is_asked_for_a_typed_number(program: Program, fake: FakeViber) -> None:
    visitor = await greeted(program, "en")
    visitor.phone.devices = [Device(api_version=2)]
    await visitor.says("menu", text_of(Home.menu))


@pytest.mark.parametrize("status", [3, 4])
async def test_what_viber_cannot_read_is_said_in_plain_words(
    program: Program, fake: FakeViber, status: int
) -> None:
    visitor = await greeted(program, "en")
    fake.refuse("send_message", status)
    await visitor.says("menu")
    assert "1. 🧮 Estimate my bill" in visitor.phone.last.text
    fake.violations.clear()


async def test_when_viber_does_not_serve_the_bot_all_waits_and_an_operator_is_told(
    program: Program, fake: FakeViber, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = asyncio.Event()
    monkeypatch.setattr("handlers.viber.channel.STOPPED", timedelta(milliseconds=300))
    monkeypatch.setattr("handlers.viber.channel.log.critical", lambda *_: alarm.set())
    visitor = await greeted(program, "en")
    fake.refuse("send_message", 2)
    visitor.phone.say("menu")
    async with asyncio.timeout(5):
        await alarm.wait()
    assert LEFT_ALONE.labels("viber")._value.get() == 1
    await program.settle()
    assert visitor.hears(text_of(Home.menu))
    assert LEFT_ALONE.labels("viber")._value.get() == 0


@pytest.mark.parametrize("fault", ["busy", "down", "cut before", "cut after"])
async def test_a_message_survives_what_happens_on_its_way(
    program: Program, fake: FakeViber, fault: str
) -> None:
    visitor = await greeted(program, "en")
    match fault:
        case "busy":
            fake.refuse("send_message", 12)
        case "down":
            fake.fail("send_message", 502)
        case _:
            fake.drop("send_message", after=fault == "cut after")
    await visitor.says("menu", text_of(Home.menu))
    assert len(visitor.news) == (2 if fault == "cut after" else 1)


# -- speaking first -----------------------------------------------------------------------------------------


async def test_after_a_day_what_would_cost_waits_for_the_customer(free: Program, fake: FakeViber) -> None:
    visitor = await greeted(free, "en")
    await fake.advance(24 * 3600 + 1)
    await tells(free, visitor, "a receipt")
    assert "a receipt" not in visitor.phone.texts
    assert not await free.app.may_push(f"viber:{visitor.phone.id}")
    await visitor.says("menu", text_of(Home.menu))
    assert visitor.news[0] == "a receipt"
    assert all(shown.billing_status != 5 for shown in visitor.phone.heard)


async def test_within_a_day_it_is_free(free: Program, fake: FakeViber) -> None:
    visitor = await greeted(free, "en")
    await fake.advance(23 * 3600)
    await tells(free, visitor, "a receipt")
    assert visitor.phone.texts[-1] == "a receipt"


async def test_where_operator_and_customer_allow_it_is_sent_and_counted(
    timed: Program, fake: FakeViber
) -> None:
    visitor = await registered(timed, "en")
    before = VIBER_EUROS._value.get()
    await fake.advance(25 * 3600)
    await tells(timed, visitor, "a receipt")
    assert visitor.phone.texts[-1] == "a receipt"
    assert VIBER_EUROS._value.get() == pytest.approx(before + 0.02)
    bills = await rows(timed, "select billing from viber_sent order by sent_at desc limit 1")
    assert [row["billing"] for row in bills] == [5]


async def test_who_is_no_customer_is_never_written_to_at_a_price(timed: Program, fake: FakeViber) -> None:
    visitor = await greeted(timed, "en")
    await fake.advance(25 * 3600)
    await tells(timed, visitor, "come back!")
    assert "come back!" not in visitor.phone.texts


@pytest.mark.parametrize("status", [23, 24])
async def test_without_money_at_viber_what_costs_waits_and_the_rest_goes_on(
    timed: Program, fake: FakeViber, status: int
) -> None:
    visitor = await registered(timed, "en")
    await fake.advance(25 * 3600)
    fake.refuse("send_message", status)
    await tells(timed, visitor, "a receipt")
    assert "a receipt" not in visitor.phone.texts
    await visitor.says("menu")
    assert visitor.news[0] == "a receipt"


# -- keyboards ----------------------------------------------------------------------------------------------


async def test_what_pressing_a_link_says_is_not_taken_for_words(program: Program) -> None:
    visitor = await greeted(program, "en")
    await visitor.presses(_l("The eKESCO app"))
    before = len(visitor.phone.heard)
    visitor.phone.tells_silent_openings = True
    visitor.phone.press(visitor.key("Google Play"))
    visitor.phone.say("https://kesco.example/form/abc")
    await program.settle()
    assert len(visitor.phone.heard) == before


async def test_every_message_has_a_keyboard_and_the_last_one_stands(program: Program) -> None:
    visitor = await greeted(program, "en")
    await visitor.says("estimate my bill")
    labels = visitor.phone.labels
    await tells(program, visitor, "by the way")
    assert visitor.phone.texts[-1] == "by the way"
    assert visitor.phone.labels == labels
