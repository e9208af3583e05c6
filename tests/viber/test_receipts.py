"""Delivered, seen, failed; and messages that come twice, late, or in another order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialogs.engine.advance import BELATED
from dialogs.home import Home
from dialogs.register import Consent, Register
from storage.base import Row
from tests.fakes.viber import Callback, Shown
from tests.viber.gated import Gated, notes
from tests.viber.program import Program, Visitor
from tests.viber.test_conversations import asked_for_the_phone, greeted, text_of

Json = dict[str, Any]


async def sent(program: Program, shown: Shown) -> Row:
    (row,) = await program.rows("select * from viber_sent where token = :token", token=shown.token)
    return row


def reports(program: Program, who: Visitor, shown: Shown, event: str) -> Callback:
    """A report of one of the customer's devices on a message, whatever the others say."""
    fields: Json = {"user_id": who.phone.id} | ({"desc": "no"} if event == "failed" else {})
    return program.fake.world.tell(event, who.phone, fields, int(shown.token))


@pytest.fixture
async def arta(program: Program) -> Visitor:
    """Who is asked what she would like to do."""
    return await greeted(program, "en")


async def test_receipts_are_noted_and_wait_in_no_line(program: Program, arta: Visitor) -> None:
    last = arta.phone.last
    assert (await sent(program, last))["delivered_at"]
    assert (await sent(program, last))["seen_at"] is None
    arta.phone.look()
    await program.settle()
    assert (await sent(program, last))["seen_at"]
    rows = await program.rows("select key from inbox where channel = 'viber'")
    assert {str(row["key"]).partition(":")[0] for row in rows} == {"conversation_started", "message"}


async def test_the_first_receipt_of_a_kind_counts(program: Program, arta: Visitor) -> None:
    last = arta.phone.last
    arta.phone.look()
    await program.settle()
    before = dict(await sent(program, last))
    for event in ("seen", "delivered", "seen"):
        reports(program, arta, last, event)
    await program.settle()
    assert dict(await sent(program, last)) == before


async def test_what_a_phone_refuses_comes_once_more_in_plain_words(program: Program, arta: Visitor) -> None:
    arta.phone.refuse("keyboards are beyond me")
    refused = await arta.presses(Register.title)
    assert arta.phone.failures == ["keyboards are beyond me"]
    (plain,) = arta.news
    assert refused.text == plain
    assert arta.hears(text_of(Register.consent))
    assert refused.keyboard is None
    options = [line for line in plain.splitlines() if line[:3] in ("1. ", "2. ")]
    assert len(options) == 2, plain
    await arta.says("1", text_of(Register.number))
    assert arta.phone.last.keyboard is not None


async def test_it_comes_once_however_often_it_is_refused(program: Program, arta: Visitor) -> None:
    program.fake.callbacks.copies = 2
    arta.phone.refuse("never", times=5)
    arta.listens()
    arta.phone.say("menu")
    await program.settle()
    assert arta.news == []
    assert arta.phone.failures == ["never", "never"]
    assert len(program.fake.called("send_message")) >= 2
    said = program.fake.called("send_message")[-2:]
    assert [("keyboard" in call.params) for call in said] == [True, False]


async def test_reports_that_come_again_repeat_nothing(program: Program, arta: Visitor) -> None:
    arta.phone.refuse("no")
    await arta.presses(Register.title)
    failed = [each for each in program.fake.callbacks.log if each.event == "failed"]
    calls = len(program.fake.called("send_message"))
    for callback in failed * 3:
        program.fake.callbacks.repeat(callback)
    await program.settle()
    assert len(program.fake.called("send_message")) == calls


async def test_a_question_that_is_answered_is_not_asked_again_for_a_late_refusal(
    timed: Program,
) -> None:
    """Its numbers would be taken for answers to the question that is live by then."""
    arta = await greeted(timed, "en")
    timed.fake.drop("failed", times=1)
    arta.phone.refuse("no")
    await arta.presses(Register.title)
    assert arta.news == []
    await arta.says("I agree", text_of(Register.number))
    arta.listens()
    await timed.fake.advance(10)
    await timed.settle()
    assert timed.fake.callbacks.log[-1].event == "delivered"
    assert arta.news == []


async def test_what_one_device_has_is_not_repeated_for_another(program: Program, arta: Visitor) -> None:
    calls = len(program.fake.called("send_message"))
    reports(program, arta, arta.phone.last, "failed")
    await program.settle()
    assert len(program.fake.called("send_message")) == calls


async def test_a_report_on_a_message_of_nobody_changes_nothing(program: Program, arta: Visitor) -> None:
    calls = len(program.fake.called("send_message"))
    for event in ("delivered", "seen", "failed"):
        told = program.fake.tell(event, {"user_id": arta.phone.id})
        odd = program.fake.tell(event, {})
        await program.settle()
        assert told.taken
        assert odd.taken
    assert len(program.fake.called("send_message")) == calls


async def test_a_report_that_is_faster_than_our_own_note_is_heard(
    gated: tuple[Program, Gated],
) -> None:
    program, database = gated
    arta = await greeted(program, "en")
    arta.phone.refuse("no")
    gate = database.holds(notes)
    arta.listens()
    arta.phone.say("menu")
    await database.reached.wait()
    await program.fake.settled()
    failed = program.fake.callbacks.log[-1]
    assert (failed.event, failed.taken) == ("failed", False)
    gate.set()
    await program.fake.advance(10)
    await program.settle()
    (plain,) = arta.news
    assert arta.phone.last.keyboard is None, plain


async def test_receipts_in_any_order_and_late_ones_are_harmless(program: Program, arta: Visitor) -> None:
    program.fake.callbacks.hold()
    arta.phone.say("menu")
    program.fake.callbacks.release()
    await program.settle()
    program.fake.callbacks.hold()
    seen = arta.phone.look()
    delivered = reports(program, arta, arta.phone.last, "delivered")
    failed = reports(program, arta, arta.phone.last, "failed")
    program.fake.drop("failed", times=4)
    program.fake.callbacks.release([failed, *seen, delivered])
    calls = len(program.fake.called("send_message"))
    await program.settle()
    await program.fake.advance(700)
    await program.settle()
    assert failed.taken
    assert failed.attempts == 5
    assert len(program.fake.called("send_message")) == calls


# -- what the customer says --------------------------------------------------------------------------------


async def test_a_message_that_a_newer_one_has_overtaken_says_so_and_shows_the_live_question(
    program: Program, arta: Visitor
) -> None:
    await asked_for_the_phone(arta)
    program.fake.callbacks.hold()
    older, newer = arta.phone.say("044 999 888"), arta.phone.say("044 123 456")
    arta.listens()
    program.fake.callbacks.release([newer, older])
    await program.settle()
    assert arta.hears(text_of(Register.password))
    assert arta.hears(BELATED), arta.news
    assert "Now choose a password" in arta.news[-1], "the question that is live stands last"
    (row,) = await program.rows(
        "select state from conversation where chat = :chat", chat=f"viber:{arta.phone.id}"
    )
    assert "123456" in str(row["state"])
    assert "999888" not in str(row["state"])


async def test_a_late_retry_is_one_that_was_overtaken(program: Program, arta: Visitor) -> None:
    await asked_for_the_phone(arta)
    program.fake.drop("message", times=1)
    late = arta.phone.say("044 999 888")
    await arta.says("044 123 456", text_of(Register.password))
    arta.listens()
    await program.fake.advance(10)
    await program.settle()
    assert late.taken
    assert arta.hears(BELATED), arta.news
    program.fake.callbacks.repeat(late)
    arta.listens()
    await program.settle()
    assert arta.news == []


@pytest.mark.parametrize("stamp", [2**52, 2**70, -5, 0, None, "x"])
async def test_a_clock_that_cannot_be_right_makes_no_later_message_late(
    timed: Program, stamp: object
) -> None:
    arta = await greeted(timed, "en")
    arta.listens()
    message = {"type": "text", "text": "menu"}
    told = {"event": "message", "timestamp": stamp, "message_token": 77, "message": message}
    body = json.dumps(told | {"sender": arta.phone.profile})
    assert await timed.fake.post_raw(body.encode()) == 200
    await timed.settle()
    assert arta.hears(text_of(Home.menu)), arta.news
    await timed.fake.advance(1)
    await arta.says("menu")
    assert not arta.hears(BELATED), arta.news


async def test_a_late_press_of_a_button_does_nothing(program: Program, arta: Visitor) -> None:
    await arta.presses(Register.title, text_of(Register.consent))
    program.fake.callbacks.hold()
    press = arta.phone.press(arta.key(Consent.YES.label))
    newer = arta.phone.say("menu")
    assert press is not None
    arta.listens()
    program.fake.callbacks.release([newer, press])
    await program.settle()
    assert arta.hears(BELATED), arta.news
    assert not arta.hears(text_of(Register.number))


async def test_customers_are_served_side_by_side_and_each_in_order(program: Program) -> None:
    everyone = [program.visitor("en", key) for key in ("a", "b", "c", "d", "e", "f")]
    program.fake.callbacks.copies = 2
    for words in ("English", "Skip", "menu"):
        for each in everyone:
            each.phone.say(words)
    await program.settle()
    said = {tuple(each.phone.texts) for each in everyone}
    assert len(said) == 1
    assert len(next(iter(said))) == 3
