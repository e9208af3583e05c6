"""What is heard in every kind of update, and that odd JSON disturbs nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.events import Arrived, Event, Said, Shared, Tapped, Unreadable
from handlers.telegram.arrivals import arrival_of, click_of
from handlers.telegram.hear import Me, hear
from tests.fakes.telegram import Customer, FakeTelegram, Shown

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ME = Me(424242, "ekesco_test_bot")
GROUP = Unreadable("group", AT)
#: Of somebody who is not on Telegram.
UNKNOWN = {"phone_number": "+38344123456", "first_name": "Arta"}

Json = dict[str, Any]


def heard(fake: FakeTelegram, number: int) -> Event | None:
    return hear(arrival_of(fake.updates.pending[number]).body, AT, ME)


@pytest.mark.parametrize(
    ("act", "event"),
    [
        (lambda arta: arta.say("Sa kushton bojleri?"), Said("Sa kushton bojleri?", AT, "1")),
        (lambda arta: arta.start(), Arrived("sq", AT)),
        (lambda arta: arta.start("bill_12-a"), Arrived("sq", AT, "bill_12-a")),
        (lambda arta: arta.start("no link of ours!"), Arrived("sq", AT)),
        (lambda arta: arta.say("/START@ekesco_test_bot x1"), Arrived("sq", AT, "x1")),
        (lambda arta: arta.say("/help"), Said("/help", AT, "1")),
        (lambda arta: arta.say("/help@ekesco_test_bot"), Said("/help", AT, "1")),
        (lambda arta: arta.say("/language@ekesco_test_bot sr"), Said("/language sr", AT, "1")),
        (lambda arta: arta.say("/ 3"), Said("/ 3", AT, "1")),
        (lambda arta: arta.tap_payload("1203:yes"), Tapped("1203:yes", AT)),
        (lambda arta: arta.send_contact("38344123456"), Shared("+38344123456", True, AT)),
        (lambda arta: arta.send_contact("+383 44 123-456", own=False), Shared("+38344123456", False, AT)),
        (lambda arta: arta.send({"contact": UNKNOWN}), Shared("+38344123456", False, AT)),
        (lambda arta: arta.send_contact("0038344123456"), Shared("+38344123456", True, AT)),
        (lambda arta: arta.send_contact("044 123 456"), Shared("044123456", True, AT)),
        (lambda arta: arta.send_contact("-"), Unreadable("contact", AT)),
        (lambda arta: arta.send_sticker(), Unreadable("sticker", AT)),
        (lambda arta: arta.send_voice(), Unreadable("voice", AT)),
        (lambda arta: arta.send_photo("fatura ime"), Unreadable("photo", AT)),
        (lambda arta: arta.send_document(), Unreadable("document", AT)),
        (lambda arta: arta.send_location(), Unreadable("location", AT)),
        (lambda arta: arta.send({"a_thing_of_tomorrow": {}}), Unreadable("unknown", AT)),
        (
            lambda arta: arta.send({"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}}),
            None,
        ),
        (lambda arta: arta.block(), None),
        (lambda arta: arta.unblock(), None),
    ],
)
async def test_a_private_chat(act: Callable[[Customer], int], event: Event | None) -> None:
    fake = FakeTelegram(lean=True)
    arta = fake.user(7, "sq")
    fake.world.room(7).messages[1] = _prompt()
    assert heard(fake, act(arta)) == event


@pytest.mark.parametrize(
    ("act", "event"),
    [
        (lambda group: group.add_bot(), GROUP),
        (lambda group: group.say("@ekesco_test_bot sa kushton?"), GROUP),
        (lambda group: group.say("/help@EKESCO_test_bot"), GROUP),
        (lambda group: group.send({"text": "po", "reply_to_message": _ours()}), GROUP),
        (
            lambda group: group.send({"caption": "@ekesco_test_bot", "dice": {"emoji": "🎲", "value": 1}}),
            GROUP,
        ),
        (lambda group: group.say("Mirë jeni?"), None),
        (lambda group: group.say("/start"), None),
        (lambda group: group.say("@ekesco_test_bots"), None),
        (lambda group: group.send_sticker(), None),
        (lambda group: group.tap_payload("1203:yes"), None),
        (lambda group: group.block(), None),
    ],
)
async def test_a_group_is_declined_only_when_it_speaks_to_us(
    act: Callable[[Customer], int], event: Event | None
) -> None:
    fake = FakeTelegram(lean=True)
    group = fake.user(7).in_group()
    group.room.messages[1] = _prompt()
    assert heard(fake, act(group)) == event


async def test_an_edited_message_is_passed_over() -> None:
    fake = FakeTelegram(lean=True)
    arta = fake.user(7)
    arta.say("2 or")
    assert heard(fake, arta.change("2 orë")) is None


async def test_a_customer_without_a_language_is_taken_for_albanian() -> None:
    fake = FakeTelegram(lean=True)
    assert heard(fake, fake.user(7).start()) == Arrived("sq", AT)


def test_a_tap_without_a_message_wants_no_event() -> None:
    person = {"id": 7, "is_bot": False, "first_name": "Arta"}
    query = {"id": "1", "from": person, "chat_instance": "1", "data": "x", "inline_message_id": "i"}
    body = arrival_of({"update_id": 1, "callback_query": query})
    assert hear(body.body, AT, ME) is None
    assert body.chat == "telegram:?"


def test_a_tap_on_a_message_too_old_to_be_shown_is_a_tap() -> None:
    person = {"id": 7, "is_bot": False, "first_name": "Arta"}
    old = {"chat": {"id": 7, "type": "private"}, "message_id": 5, "date": 0}
    query = {"id": "1", "from": person, "chat_instance": "1", "data": "3:yes", "message": old}
    assert hear(arrival_of({"update_id": 1, "callback_query": query}).body, AT, ME) == Tapped("3:yes", AT)


async def test_the_arrival_names_update_and_chat() -> None:
    fake = FakeTelegram(lean=True, first_update=88)
    fake.user(7).say("ë")
    fake.user(7).in_group(-100500).say("po")
    fake.user(7).tap_payload("x", _prompt())
    fake.user(7).block()
    arrivals = [arrival_of(update) for update in fake.updates.pending.values()]
    assert [(each.key, each.chat) for each in arrivals] == [
        ("88", "telegram:7"),
        ("89", "telegram:-100500"),
        ("90", "telegram:7"),
        ("91", "telegram:7"),
    ]
    assert json.loads(arrivals[0].body)["message"]["text"] == "ë"


def test_the_bytes_of_a_webhook_are_kept_as_they_came() -> None:
    body = b'{ "update_id": 5, "message": {"chat": {"id": 7}} }'
    assert arrival_of(body).body == body
    assert arrival_of(body).chat == "telegram:7"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "update_id",
                    "message",
                    "chat",
                    "id",
                    "callback_query",
                    "from",
                    "text",
                    "contact",
                    "date",
                    "type",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


def _survives(body: bytes) -> None:
    arrival = arrival_of(body)
    assert arrival.channel == "telegram"
    assert arrival.key
    assert arrival.body == body
    try:
        hear(arrival.body, AT, ME)
    except ValueError:
        return


@given(ODD)
def test_odd_json_is_kept_and_at_worst_called_unreadable(odd: object) -> None:
    _survives(json.dumps(odd).encode())
    if isinstance(odd, dict):
        arrival_of(odd)
        click_of(odd)


@given(st.binary(max_size=200))
def test_any_bytes_are_kept(body: bytes) -> None:
    _survives(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 100_000,
        b'{"update_id": 1' + b"0" * 5000 + b"}",
        b'{"update_id": true, "message": []}',
        b'{"update_id": 1, "message": {"chat": {"id": "7"}}}',
        b'{"update_id": 1, "message": {"chat": {"id": 1e400}}}',
        rb'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"},'
        rb' "text": "half a face: \ud83d"}}',
        b"\xff\xfe",
    ],
)
def test_the_worst_bytes_are_kept_too(body: bytes) -> None:
    _survives(body)


def test_the_same_unreadable_bytes_have_the_same_key() -> None:
    assert arrival_of(b"?").key == arrival_of(b"?").key != arrival_of(b"!").key


@given(st.text())
def test_words_are_heard_as_they_were_written(words: str) -> None:
    fake = FakeTelegram(lean=True)
    written = "a" + words.replace("\0", "")
    assert heard(fake, fake.user(7).say(written)) == Said(written, AT, "1")


def _prompt() -> Shown:
    return Shown(1, "A jeni i sigurt?", rows=[[{"text": "Po", "callback_data": "1203:yes"}]])


def _ours() -> Json:
    bot = {"id": ME.id, "is_bot": True, "first_name": "eKESCO"}
    chat = {"id": -100500, "type": "supergroup", "title": "Neighbours"}
    return {"message_id": 1, "date": 1, "chat": chat, "from": bot, "text": "?"}
