"""What is heard in every kind of callback, and that odd JSON disturbs nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.events import Arrived, Event, Late, Paged, Said, Shared, Tapped, Unreadable
from handlers.viber.actions import option_action, page_action
from handlers.viber.addresses import Offered
from handlers.viber.callbacks import Callback as Read
from handlers.viber.callbacks import arrival_of, read
from handlers.viber.hear import hear
from tests.fakes.viber import Callback, FakeViber, ViberUser

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OURS = "https://kesco.example/pay/1"
OFFERED = Offered("https://kesco.example/", frozenset({"https://bank.example/app"}))
Json = dict[str, Any]


def heard(body: bytes) -> Event | None:
    return hear(body, AT, OFFERED)


def said(message: Json) -> bytes:
    told = {"event": "message", "timestamp": 1, "message_token": 2**63, "sender": {"id": "a=="}}
    return json.dumps({**told, "message": message}).encode()


@pytest.mark.parametrize(
    ("act", "event"),
    [
        (lambda arta: arta.open(), Arrived("sq", AT)),
        (lambda arta: arta.open("bill_12-a"), Arrived("sq", AT, "bill_12-a")),
        (lambda arta: arta.open("no word of ours!"), Arrived("sq", AT)),
        (lambda arta: arta.open("x" * 65), Arrived("sq", AT)),
        (lambda arta: arta.say(option_action("12:yes")), Tapped("12:yes", AT)),
        (lambda arta: arta.say(option_action("menu")), Said("/menu", AT)),
        (lambda arta: arta.say(page_action(12, 3)), Paged(12, 3, AT)),
        (lambda arta: arta.say(OURS), None),
        (lambda arta: arta.say(f"  {OURS}\n"), None),
        (lambda arta: arta.send_url(OURS), None),
        (lambda arta: arta.send_url("https://bank.example/app"), None),
        (lambda arta: arta.send_picture("Fatura"), Unreadable("picture", AT)),
        (lambda arta: arta.send_sticker(), Unreadable("sticker", AT)),
        (lambda arta: arta.send_file(), Unreadable("file", AT)),
        (lambda arta: arta.send_location(), Unreadable("location", AT)),
        (lambda arta: arta.send({"type": "hologram"}), Unreadable("hologram", AT)),
        (lambda arta: arta.send_contact("38349765432"), Shared("+38349765432", False, AT)),
        (lambda arta: arta.send_contact("+383 49 765 432"), Shared("+38349765432", False, AT)),
        (lambda arta: arta.send_contact("0038349765432"), Shared("+38349765432", False, AT)),
        (lambda arta: arta.send_contact("049 765 432"), Shared("049765432", False, AT)),
        (lambda arta: arta.send_contact(""), Unreadable("contact", AT)),
        (lambda arta: arta.subscribe(), None),
        (lambda arta: arta.unsubscribe(), None),
    ],
)
def test_what_is_heard(act: Callable[[ViberUser], Callback], event: Event | None) -> None:
    assert heard(act(FakeViber().user(language="sq")).body) == event


@pytest.mark.parametrize(
    "words",
    [
        "Sa kushton bojleri?",
        f"see {OURS}",
        f"{OURS} please",
        "https://elsewhere.example",
        "https://kesco.example.evil.example/pay/1",
        "~1|",
        "~2|12:yes",
        "~1>12",
        "~1>12.3.4",
        " ~1|12:yes",
        "~1|a\nb",
        "",
    ],
)
def test_words_stay_words(words: str) -> None:
    callback = FakeViber().user().say(words)
    assert heard(callback.body) == Said(words, AT, callback.token)
    assert heard(said({"type": "url", "media": words})) == Said(words, AT, str(2**63))


def test_a_number_that_the_button_shares_is_the_customers_own() -> None:
    shared = {"type": "contact", "text": option_action("7:phone"), "contact": {"phone_number": "38344123456"}}
    assert heard(said(shared)) == Shared("+38344123456", True, AT)
    shared["text"] = "my number"
    assert heard(said(shared)) == Shared("+38344123456", False, AT)


@pytest.mark.parametrize(
    ("tag", "language"),
    [("sq", "sq"), ("sq-XK", "sq"), ("sr", "sr"), ("en", "en"), ("de", "sq"), ("", "sq"), ("ë\0", "sq")],
)
def test_a_language_is_guessed(tag: str, language: str) -> None:
    event = heard(FakeViber().user(language=tag).open().body)
    assert isinstance(event, Arrived)
    assert event.language == language


def test_what_others_have_overtaken_is_late_whatever_it_says() -> None:
    callback = read(said({"type": "text", "text": "Po"}))
    for body in (said({"type": "text", "text": "Po"}), b"no JSON"):
        assert heard(arrival_of(callback, body, overtaken=True).body) == Late(AT)


def test_nothing_of_a_column_breaks() -> None:
    assert heard(said({"type": "text", "text": "a\0b"})) == Said("ab", AT, str(2**63))


# -- names -------------------------------------------------------------------------------------------------


def test_repetitions_have_one_key_and_nothing_else_has_it() -> None:
    fake = FakeViber()
    arta, besa = fake.user(), fake.user("besa")
    told = [arta.say("a"), arta.say("a"), besa.say("a"), arta.open(), arta.open(), arta.subscribe()]
    keys = [read(each.body).key for each in told]
    assert len(set(keys)) == len(keys)
    assert keys == [read(each.body).key for each in told]


def test_tokens_keep_every_digit() -> None:
    number = 4912661846655238145
    for told in (str(number), f'"{number}"'):
        assert read(f'{{"event":"delivered","message_token":{told}}}'.encode()).token == str(number)


def test_a_chat_is_named_by_whom_it_is_with() -> None:
    arta = FakeViber().user()
    for callback in (arta.say("a"), arta.open(), arta.subscribe(), arta.unsubscribe()):
        assert read(callback.body).chat == f"viber:{arta.id}"
    assert read(b'{"event":"webhook"}').chat == ""


# -- anything at all ---------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted(Read.model_fields)
EVENTS = ["message", "conversation_started", "subscribed", "unsubscribed", "delivered", "failed", "news"]
almost = st.fixed_dictionaries(
    {"event": st.sampled_from(EVENTS)},
    optional={
        **{name: json_values for name in FIELDS if name != "event"},
        "sender": st.fixed_dictionaries(
            {"id": st.text() | json_values}, optional={"api_version": json_values}
        ),
        "message": st.fixed_dictionaries(
            {"type": st.sampled_from(["text", "url", "contact", "news"]) | json_values},
            optional=dict.fromkeys(("text", "media", "contact"), json_values),
        ),
    },
)


def columns_take(callback: Read) -> bool:
    """What goes into columns and keys: text without NULs or halves of characters, numbers of 63 bits."""
    names = "".join((callback.chat, callback.token, callback.key))
    assert "\0" not in names
    names.encode()
    return 0 <= callback.timestamp < 2**63 and 0 <= callback.level < 2**31


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_callback_is_refused_or_means_nothing(body: bytes) -> None:
    try:
        event = heard(body)
    except ValueError:
        return
    assert event is None or isinstance(event, Late)


@given(almost)
def test_whatever_reads_as_a_callback_can_be_kept_and_heard(told: Json) -> None:
    body = json.dumps(told).encode()
    try:
        callback = read(body)
    except ValueError:
        return
    assert columns_take(callback)
    event = heard(body)
    if isinstance(event, Said):
        assert "\0" not in event.text
        event.text.encode()


@given(st.text(max_size=300))
def test_whatever_is_typed_is_words_a_press_or_an_address_of_ours(text: str) -> None:
    event = heard(said({"type": "text", "text": text}))
    if text.startswith("~1"):
        assert isinstance(event, Said | Tapped | Paged)
    elif event is not None:
        assert event == Said(text.replace("\0", ""), AT, str(2**63))


@given(st.text(alphabet="0123456789+ -()", max_size=24))
def test_a_shared_number_is_its_digits(typed: str) -> None:
    event = heard(said({"type": "contact", "contact": {"phone_number": typed}}))
    digits = "".join(sign for sign in typed if sign.isdigit())
    if not digits:
        assert event == Unreadable("contact", AT)
        return
    assert isinstance(event, Shared)
    assert event.phone.lstrip("+") in (digits, digits[2:])
    assert event.phone.startswith("+") or digits.startswith("0")
