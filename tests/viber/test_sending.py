"""Messages on their way: in order, each once, whatever Viber says to them, and never more than it takes."""

from __future__ import annotations

import logging

import pytest
from prometheus_client import REGISTRY

from bot.posts import Post, enqueued, numbered
from dialogs.bills import LastBill
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, Text, _l
from dialogs.register import Register
from handlers.viber.channel import MOST_UNANSWERED
from tests.fakes.viber import Call, Device
from tests.viber.hours import Hours
from tests.viber.program import Program, Visitor
from tests.viber.test_conversations import asked_for_the_phone, greeted, registered, text_of

TAKEN_BY_VIBER = 100
#: What may be said after an answer, which counts as well.
ROOM = MOST_UNANSWERED - 1
WORDS = Text("{words}")


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def sends(program: Program, who: Visitor | None = None) -> list[Call]:
    called = program.fake.called("send_message")
    return [call for call in called if who is None or call.params["receiver"] == who.phone.id]


async def pushes(program: Program, who: Visitor, *texts: str) -> None:
    """Say something that nobody has asked for."""
    chat = f"viber:{who.phone.id}"
    at = int(program.fake.clock.time * 1000)
    for words in texts:
        post = Post(chat, "viber", "line", Line((Phrase(WORDS, {"words": words}),)))
        await program.app.storage.commit([enqueued(post, at)])
    await program.app.delivery.sweep()


async def takes(program: Program, who: Visitor, words: str) -> None:
    """Say something as a turn does, which looks for nothing else that waits."""
    post = Post(f"viber:{who.phone.id}", "viber", "line", Line((Phrase(WORDS, {"words": words}),)))
    ((row,),) = await program.app.storage.commit([enqueued(post, int(program.fake.clock.time * 1000))])
    program.app.delivery.take([numbered(post, [row])])
    await program.settle()


@pytest.fixture
async def arta(timed: Program) -> Visitor:
    """Who is asked what she would like to do."""
    return await greeted(timed, "en")


# -- one after the other -----------------------------------------------------------------------------------


async def test_each_waits_for_the_one_before_and_for_nobody_elses(timed: Program, arta: Visitor) -> None:
    besa = timed.visitor("en", "besa")
    before = len(arta.phone.texts)
    gate = timed.fake.stall("send_message", user=arta.phone.id)
    await pushes(timed, arta, "one", "two", "three")
    besa.phone.say("hello")
    await timed.fake.until(lambda: besa.phone.texts)
    assert len(arta.phone.texts) == before
    gate.set()
    await timed.settle()
    assert arta.phone.texts[before:] == ["one", "two", "three"]


async def test_a_failure_holds_up_what_comes_after_it_and_nobody_else(
    timed: Program, hours: Hours, arta: Visitor
) -> None:
    besa = timed.visitor("en", "besa")
    timed.fake.refuse("send_message", 12, user=arta.phone.id, times=3)
    arta.listens()
    await pushes(timed, arta, "one", "two", "three")
    await hours.rested()
    besa.phone.say("hello")
    await timed.fake.until(lambda: besa.phone.texts)
    for times in (1, 2, 3):
        assert arta.news == []
        await timed.fake.advance(await hours.rested(times))
    await timed.settle()
    assert arta.news == ["one", "two", "three"]
    first, second, third = hours.rests
    assert first < second < third


@pytest.mark.parametrize("fault", ["12", "500", "502", "429", "before"])
async def test_what_did_not_go_out_is_tried_again_and_shown_once(
    timed: Program, hours: Hours, arta: Visitor, fault: str
) -> None:
    if fault == "12":
        timed.fake.refuse("send_message", 12)
    elif fault == "before":
        timed.fake.drop("send_message")
    else:
        timed.fake.fail("send_message", int(fault))
    arta.listens()
    arta.phone.press(arta.key(Register.title))
    await hours.rested()
    assert arta.news == []
    await timed.fake.advance(hours.rests[-1])
    await timed.settle()
    assert len(arta.news) == 1
    assert arta.hears(text_of(Register.consent))


async def test_a_picture_that_is_tried_again_is_kept_once(timed: Program, hours: Hours) -> None:
    """Half a day of tries would keep seven hundred of each."""
    arta = await registered(timed, "en")
    await arta.presses(LastBill.title)
    timed.fake.refuse("send_message", 12, user=arta.phone.id, times=4)
    kept, rests = await timed.rows("select token_hash from file"), len(hours.rests)
    arta.phone.press(arta.key(_l("Show the bill")))
    for number in range(1, 5):
        await timed.fake.advance(await hours.rested(rests + number))
    await timed.settle()
    assert arta.phone.last.type == "picture"
    document_and_picture = 2
    assert len(await timed.rows("select token_hash from file")) == len(kept) + document_and_picture


async def test_what_may_be_out_is_repeated_once(timed: Program, hours: Hours, arta: Visitor) -> None:
    """Rather twice than never, since Viber can be told nothing by which it would know a repetition."""
    timed.fake.drop("send_message", after=True)
    arta.listens()
    await pushes(timed, arta, "one", "two")
    await hours.rested()
    assert arta.news == ["one"]
    await timed.fake.advance(hours.rests[-1])
    await timed.settle()
    assert arta.news == ["one", "one", "two"]


# -- what Viber or a phone does not take -------------------------------------------------------------------


@pytest.mark.parametrize("status", [13, 14])
async def test_a_viber_that_is_too_old_is_sent_no_newer_features_from_then_on(
    timed: Program, arta: Visitor, status: int
) -> None:
    await asked_for_the_phone(arta)
    assert arta.phone.last.params["min_api_version"] == 3
    timed.fake.refuse("send_message", status, user=arta.phone.id)
    arta.listens()
    await arta.says("what?")
    assert len(arta.news) == 1
    first, again = sends(timed, arta)[-2:]
    assert (first.params["min_api_version"], again.params["min_api_version"]) == (3, 1)
    calls = len(sends(timed, arta))
    await arta.says("what?")
    assert [call.params["min_api_version"] for call in sends(timed, arta)[calls:]] == [1]
    arta.phone.devices = [Device(api_version=9)]
    await arta.says("what?")
    assert sends(timed, arta)[-1].params["min_api_version"] == 3, "a new Viber is believed anew"


async def test_a_viber_without_newer_features_is_sent_none(timed: Program) -> None:
    old = Visitor(timed, timed.fake.user("old", language="en", devices=[Device(api_version=1)]), "en")
    await old.opens()
    await old.presses("English")
    await old.presses("Skip")
    await asked_for_the_phone(old)
    assert [call.status for call in sends(timed, old) if call.status] == []
    assert {call.params["min_api_version"] for call in sends(timed, old)} == {1}


@pytest.mark.parametrize("status", [3, 4])
async def test_what_viber_cannot_read_is_said_in_plain_words(
    timed: Program, arta: Visitor, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    timed.fake.refuse("send_message", status)
    with caplog.at_level(logging.ERROR, logger="handlers"):
        plain = await arta.presses(Register.title, text_of(Register.consent))
    assert "Viber cannot read a message" in caplog.text
    assert plain.text not in caplog.text
    assert plain.keyboard is None
    assert "\n1. " in plain.text
    assert arta.news == [plain.text]
    (row,) = await timed.rows("select plain from viber_sent where token = :token", token=plain.token)
    assert row["plain"] == "", "there is nothing plainer"
    await arta.says("1", text_of(Register.number))


@pytest.mark.parametrize("then", [3, 14])
async def test_what_viber_takes_without_newer_features_neither_is_said_in_plain_words(
    timed: Program, arta: Visitor, then: int
) -> None:
    timed.fake.refuse("send_message", 14)
    timed.fake.refuse("send_message", then)
    plain = await arta.presses(Register.title, text_of(Register.consent))
    assert plain.keyboard is None
    assert "\n1. " in plain.text
    assert arta.news == [plain.text]
    timed.fake.violations.clear()  # a message without a keyboard, because it may be the keyboard


async def test_what_viber_takes_in_no_form_is_kept_for_an_operator(timed: Program, arta: Visitor) -> None:
    timed.fake.refuse("send_message", 3, times=2)
    arta.listens()
    await pushes(timed, arta, "one", "two")
    await timed.settle()
    assert arta.news == ["two"]
    rows = await timed.rows("select state from outbox where channel = 'viber' and state = 'dead'")
    assert len(rows) == 1


@pytest.mark.parametrize("status", [5, 6, 11, 21])
async def test_who_cannot_be_reached_is_left_alone_until_they_write(
    timed: Program, arta: Visitor, status: int
) -> None:
    chat = f"viber:{arta.phone.id}"
    timed.fake.refuse("send_message", status)
    await pushes(timed, arta, "one", "two")
    await timed.settle()
    (row,) = await timed.rows("select reachable from conversation where chat = :chat", chat=chat)
    assert not row["reachable"]
    assert not await timed.app.may_push(chat)
    calls = len(sends(timed, arta))
    await pushes(timed, arta, "three")
    await timed.settle()
    assert len(sends(timed, arta)) == calls
    await arta.says("menu")
    assert arta.news[0] == "three"
    assert len(arta.news) == 2
    (row,) = await timed.rows("select reachable from conversation where chat = :chat", chat=chat)
    assert row["reachable"]


@pytest.mark.parametrize("back", ["writes", "subscribes"])
async def test_who_unsubscribes_is_left_alone_until_they_are_back(
    timed: Program, arta: Visitor, back: str
) -> None:
    chat = f"viber:{arta.phone.id}"
    arta.phone.unsubscribe()
    await timed.settle()
    (row,) = await timed.rows("select reachable from conversation where chat = :chat", chat=chat)
    assert not row["reachable"]
    arta.listens()
    await pushes(timed, arta, "one", "two")
    await timed.settle()
    assert arta.news == []
    if back == "writes":
        await arta.says("menu")
        assert arta.news[:2] == ["one", "two"]
        assert len(arta.news) == 3
    else:
        arta.phone.subscribe()
        await timed.settle()
        assert arta.news == ["one", "two"]
    (row,) = await timed.rows("select reachable from conversation where chat = :chat", chat=chat)
    assert row["reachable"], "and is reminded of what was left open"


async def test_a_farewell_that_comes_after_a_newer_word_is_none(timed: Program, arta: Visitor) -> None:
    timed.fake.drop("unsubscribed", times=1)
    farewell = arta.phone.unsubscribe()
    await arta.says("menu")
    await timed.fake.advance(10)
    await timed.settle()
    assert farewell.taken
    await pushes(timed, arta, "one")
    await timed.settle()
    assert arta.news[-1] == "one"


async def test_a_farewell_that_comes_after_a_newer_subscription_is_none(
    timed: Program, arta: Visitor
) -> None:
    timed.fake.drop("unsubscribed", times=1)
    farewell = arta.phone.unsubscribe()
    arta.phone.subscribe()
    await timed.settle()
    await timed.fake.advance(10)
    await timed.settle()
    assert farewell.taken
    arta.listens()
    await pushes(timed, arta, "one")
    await timed.settle()
    assert arta.news == ["one"]


@pytest.mark.parametrize("late", ["message", "subscribed"])
async def test_who_has_left_is_not_brought_back_by_what_they_did_before(
    timed: Program, arta: Visitor, late: str
) -> None:
    """The fake complains of a message to somebody whose farewell we have heard."""
    timed.fake.drop(late, times=1)
    before = arta.phone.say("menu") if late == "message" else arta.phone.subscribe()
    arta.phone.unsubscribe()
    await timed.settle()
    await timed.fake.advance(10)
    await timed.settle()
    assert before.taken
    arta.listens()
    await pushes(timed, arta, "one")
    await timed.settle()
    assert arta.news == []
    arta.phone.subscribe()
    await timed.settle()
    assert arta.news[-1] == "one"


# -- when Viber does not serve us --------------------------------------------------------------------------


@pytest.mark.parametrize("status", [2, 7, 8, 9, 10, 15])
async def test_a_bot_that_is_not_served_says_nothing_to_anybody_and_goes_on_when_it_is(
    timed: Program, hours: Hours, arta: Visitor, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    besa = await greeted_as(timed, "besa")
    calls = len(sends(timed))
    timed.fake.refuse("send_message", status)
    arta.listens()
    besa.listens()
    with caplog.at_level(logging.CRITICAL, logger="handlers"):
        await pushes(timed, arta, "one", "two")
        await hours.rested()
    assert [r.levelname for r in caplog.records if r.levelno > logging.WARNING] == ["CRITICAL"]
    assert arta.phone.id not in caplog.text
    assert metric("ekesco_gateway_left_alone", gateway="viber") == 1
    besa.phone.say("menu")
    await hours.rested(2)
    assert len(sends(timed)) == calls + 1, "one try tells all"
    assert await timed.app.may_push(f"viber:{arta.phone.id}"), "and it does not last"
    await timed.fake.advance(61)
    await timed.settle()
    assert arta.news == ["one", "two"]
    assert len(besa.news) == 1
    assert metric("ekesco_gateway_left_alone", gateway="viber") == 0


@pytest.mark.parametrize("status", [23, 24])
async def test_money_that_is_wanted_within_a_day_is_waited_for_and_not_run_after(
    timed: Program, hours: Hours, arta: Visitor, status: int
) -> None:
    """Viber may count the hours in another way than we do."""
    calls = len(sends(timed, arta))
    timed.fake.refuse("send_message", status, times=50)
    arta.listens()
    await pushes(timed, arta, "one")
    await hours.rested()
    assert len(sends(timed, arta)) == calls + 1, "Viber is not asked again and again"
    timed.fake.exchange.faults.waiting.clear()
    await timed.fake.advance(61)
    await timed.settle()
    assert arta.news == ["one"]


async def greeted_as(program: Program, key: str) -> Visitor:
    visitor = program.visitor("en", key)
    await visitor.opens()
    await visitor.presses("English")
    await visitor.presses("Skip")
    return visitor


# -- how much ----------------------------------------------------------------------------------------------


async def test_a_long_text_comes_in_parts_and_none_of_them_twice(
    timed: Program, hours: Hours, arta: Visitor
) -> None:
    words = " ".join(f"{number:04}ë😀" for number in range(3500))
    gate = timed.fake.stall("send_message")
    arta.listens()
    before = len(sends(timed))
    await pushes(timed, arta, words, "the end")
    await timed.fake.until(lambda: not timed.fake.exchange.faults.waiting)
    timed.fake.refuse("send_message", 12)  # for the second part
    gate.set()
    await hours.rested()
    assert len(arta.news) == 1
    await timed.fake.advance(hours.rests[-1])
    await timed.settle()
    *parts, last = arta.news
    assert last == "the end"
    assert len(parts) > 3
    assert " ".join(parts) == words
    assert len(sends(timed)) == before + len(parts) + 2
    noted = await timed.rows("select token from viber_sent where plain = ''")
    assert {shown.token for shown in arta.phone.heard[-len(parts) - 1 :]} <= {
        str(row["token"]) for row in noted
    }


async def last_word(program: Program, who: Visitor) -> None:
    await program.fake.advance(1)
    await who.says("menu")
    await program.fake.advance(1)
    who.listens()


async def silent(program: Program, who: Visitor, *texts: str) -> None:
    """Say so much to who does not answer, and wait until no more comes."""
    await last_word(program, who)
    await pushes(program, who, *texts)
    await program.fake.until(lambda: len(who.news) >= min(len(texts), ROOM), 60)
    await program.settle()


async def test_who_does_not_answer_is_sent_no_more_than_viber_takes(timed: Program, arta: Visitor) -> None:
    texts = [f"number {number}" for number in range(TAKEN_BY_VIBER + 5)]
    await silent(timed, arta, *texts)
    assert arta.news == texts[:ROOM]
    assert not await timed.app.may_push(f"viber:{arta.phone.id}")
    await timed.fake.advance(1)
    await arta.says("menu")
    *held, _answer = arta.news
    assert held == texts[ROOM:]


async def test_an_hour_later_more_may_be_said(timed: Program, arta: Visitor) -> None:
    await silent(timed, arta, *(f"number {number}" for number in range(ROOM)))
    assert not await timed.app.may_push(f"viber:{arta.phone.id}")
    await timed.fake.advance(3601)
    assert await timed.app.may_push(f"viber:{arta.phone.id}")


async def test_what_was_held_goes_first_when_more_may_be_said(timed: Program, arta: Visitor) -> None:
    texts = [f"number {number}" for number in range(ROOM + 3)]
    await silent(timed, arta, *texts)
    await timed.fake.advance(3601)
    await takes(timed, arta, "new")
    assert arta.news == [*texts, "new"]


async def test_what_may_be_out_counts_as_well(timed: Program, hours: Hours, arta: Visitor) -> None:
    """Each of fifty answers is lost, so that fifty messages go out twice."""
    await last_word(timed, arta)
    for number in range(1, 51):
        timed.fake.drop("send_message", after=True)
        await pushes(timed, arta, f"number {number}")
        await timed.fake.advance(await hours.rested(number))
        await timed.settle()
        if not await timed.app.may_push(f"viber:{arta.phone.id}"):
            break
    assert ROOM <= len(arta.news) < TAKEN_BY_VIBER


# -- what it costs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("billing", [1, 2, 3, 4, 5])
async def test_what_a_message_costs_is_kept_and_counted(timed: Program, arta: Visitor, billing: int) -> None:
    timed.fake.methods.billing.in_session = billing
    before = metric("ekesco_viber_sent_total", billing=str(billing))
    shown = await arta.says("menu")
    assert shown.billing_status == billing
    (row,) = await timed.rows("select billing from viber_sent where token = :token", token=shown.token)
    assert row["billing"] == billing
    assert metric("ekesco_viber_sent_total", billing=str(billing)) == before + 1
