"""Viber's own library is a second opinion: it reads what our Viber posts, which takes what it sends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from viberbot import Api, BotConfiguration
from viberbot.api import messages
from viberbot.api.messages.data_types.contact import Contact
from viberbot.api.messages.data_types.location import Location

from tests.fakes.viber import TOKEN, FakeViber
from tests.viber.bot import Bot, button, keyboard, message

Json = dict[str, Any]
KEYS = keyboard(button(), DefaultHeight=False)


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
