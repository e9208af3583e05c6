"""Viber's own library is a second opinion: it reads what our Viber posts, which takes what it sends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from viberbot import Api, BotConfiguration
from viberbot.api import messages
from viberbot.api.messages.data_types.contact import Contact
from viberbot.api.messages.data_types.location import Location

from handlers.viber.api import ViberApi
from handlers.viber.models import Key, Keyboard, PictureMessage, Sender, Sending, TextMessage, UrlMessage
from tests.fakes.viber import TOKEN, FakeViber, signature
from tests.viber.bot import Bot, button, keyboard, message
from tests.viber.door import knock
from tests.viber.program import Program

Json = dict[str, Any]
KEYS = keyboard(button(Columns=6, Rows=1, TextSize="regular"), DefaultHeight=False)
SENDER = Sender(name="eKESCO")
OUR_KEYS = Keyboard(Buttons=(Key(Columns=6, ActionType="reply", ActionBody="1:yes", Text="Po"),))


@pytest.fixture
def library(fake: FakeViber, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("viberbot.api.api.VIBER_BOT_API_URL", f"{fake.url}/pa")
    return Api(BotConfiguration(TOKEN, "eKESCO", None))


async def test_it_reads_every_callback_and_agrees_with_its_signature(
    fake: FakeViber, bot: Bot, library: Any
) -> None:
    arta = fake.user()
    arta.open("promo")
    arta.subscribe()
    await bot.send(arta)
    arta.look()
    arta.refuse("no")
    await bot.send(arta)
    for deed in (arta.send_picture, arta.send_sticker, arta.send_location, arta.send_contact, arta.send_file):
        deed()
    arta.send_url("https://kesco.example")
    arta.press("Po")
    arta.unsubscribe()
    await fake.settled()
    for post in bot.posts:
        assert library.verify_signature(post.body, post.header)
        read = library.parse_request(post.body)
        assert (read.event_type, read.timestamp) == (post.fields["event"], post.fields["timestamp"])
    names = {post.fields["event"] for post in bot.posts}
    receipts = {"delivered", "seen", "failed"}
    assert names == receipts | {"webhook", "conversation_started", "subscribed", "unsubscribed", "message"}


async def test_it_reads_who_said_what(fake: FakeViber, bot: Bot, library: Any) -> None:
    arta = fake.user(language="sr")
    arta.send({"type": "contact", "text": "1:phone", "contact": {"name": "Arta", "phone_number": "383"}})
    started = arta.open("promo")
    await fake.settled()
    said = library.parse_request(bot.posts[1].body)
    assert (said.sender.id, said.sender.language, said.silent) == (arta.id, "sr", False)
    assert said.message.contact.phone_number == "383"
    opened = library.parse_request(bot.posts[2].body)
    assert (opened.context, opened.user.id, opened.subscribed) == ("promo", arta.id, True)
    assert str(opened.message_token) == started.token


async def test_what_it_sends_is_taken_and_equals_what_is_sent_by_hand(
    fake: FakeViber, bot: Bot, library: Any
) -> None:
    arta = fake.user()
    arta.subscribe()
    sent = [
        messages.TextMessage(text="Sigurt?", keyboard=KEYS, tracking_data="7", min_api_version=3),
        messages.PictureMessage(media="https://kesco.example/1.png", text="", keyboard=KEYS),
        messages.URLMessage(media="https://kesco.example", keyboard=KEYS),
        messages.ContactMessage(contact=Contact("KESCO", "0800 79 000"), keyboard=KEYS),
        messages.LocationMessage(location=Location(42.66, 21.16), keyboard=KEYS),
    ]
    tokens = await asyncio.to_thread(library.send_messages, arta.id, sent)
    assert [str(token) for token in tokens] == [shown.token for shown in arta.heard]
    contact = {"name": "KESCO", "phone_number": "0800 79 000", "avatar": None}
    by_hand: list[Json] = [
        {"type": "text", "text": "Sigurt?", "tracking_data": "7", "min_api_version": 3},
        {"type": "picture", "text": "", "media": "https://kesco.example/1.png"},
        {"type": "url", "text": None, "media": "https://kesco.example"},
        {"type": "contact", "text": None, "contact": contact},
        {"type": "location", "text": None, "location": {"lat": 42.66, "lon": 21.16}},
    ]
    for call, fields in zip(fake.called("send_message"), by_hand, strict=True):
        sender = {"name": "eKESCO", "avatar": None}
        head = {"auth_token": TOKEN, "receiver": arta.id}
        assert call.params == head | message(keyboard=KEYS, sender=sender, **fields)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (
            messages.TextMessage(text="Sigurt?", keyboard=KEYS, tracking_data="7", min_api_version=3),
            TextMessage(
                sender=SENDER, text="Sigurt?", keyboard=OUR_KEYS, tracking_data="7", min_api_version=3
            ),
        ),
        (
            messages.PictureMessage(
                media="https://kesco.example/1.png",
                text="Fatura",
                thumbnail="https://kesco.example/2.png",
                keyboard=KEYS,
                min_api_version=1,
            ),
            PictureMessage(
                sender=SENDER,
                media="https://kesco.example/1.png",
                text="Fatura",
                thumbnail="https://kesco.example/2.png",
                keyboard=OUR_KEYS,
            ),
        ),
        (
            messages.URLMessage(media="https://kesco.example", keyboard=KEYS, min_api_version=1),
            UrlMessage(sender=SENDER, media="https://kesco.example", keyboard=OUR_KEYS),
        ),
    ],
    ids=["text", "picture", "url"],
)
async def test_it_sends_what_our_models_send(
    fake: FakeViber, bot: Bot, library: Any, theirs: Any, ours: Sending
) -> None:
    arta = fake.user()
    arta.subscribe()
    await asyncio.to_thread(library.send_messages, arta.id, theirs)
    api = ViberApi(TOKEN, fake.url)
    await api.send(arta.id, ours)
    await api.close()
    one, other = (call.params for call in fake.called("send_message"))
    assert other == _said(one)
    assert [shown.type for shown in arta.heard] == [ours.type] * 2


def _said(params: Json) -> Json:
    """What their library says, without the token, which we put elsewhere, and what it leaves empty."""
    told = {name: value for name, value in params.items() if value is not None and name != "auth_token"}
    return told | {"sender": {name: value for name, value in told["sender"].items() if value is not None}}


@pytest.mark.parametrize("body", [b"", b"{}", b'{"event":"x"}', "ë".encode() * 9, b"\xff\x00\xfe"])
async def test_it_finds_right_and_wrong_what_our_webhook_does(
    program: Program, library: Any, body: bytes
) -> None:
    right = signature(TOKEN, body)
    for signed in (right, right.upper(), right[:-1], right + "0", "", "0" * 64, signature("other", body)):
        is_taken = await knock(program, body, signed) == 200
        assert is_taken == library.verify_signature(body, signed)
    assert library.verify_signature(body, right)
    assert not library.verify_signature(body + b" ", right)
    assert await knock(program, body + b" ", right) == 403


async def test_it_sets_the_webhook_and_asks_who_somebody_is(fake: FakeViber, bot: Bot, library: Any) -> None:
    told = await asyncio.to_thread(library.set_webhook, f"{bot.url}/viber", ["delivered"])
    assert told == ["message", "subscribed", "unsubscribed", "delivered"]
    fake.user().subscribe()
    assert (await asyncio.to_thread(library.get_user_details, fake.user().id))["name"] == "Arta"
    assert (await asyncio.to_thread(library.get_account_info))["subscribers_count"] == 1


async def test_it_passes_on_what_our_viber_refuses(fake: FakeViber, bot: Bot, library: Any) -> None:
    fake.user().subscribe()
    typeless = messages.TextMessage(text="a", keyboard=keyboard(Type=None))
    with pytest.raises(Exception, match=r"status: 4, message: missingData: text\.keyboard\.Type"):
        await asyncio.to_thread(library.send_messages, fake.user().id, typeless)
    assert "keyboard.Type" in fake.violations.pop()
