"""The people of our Viber see and do what those of the real one can."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.viber import DESKTOP, PHONE, Device, FakeViber
from tests.viber.bot import Answer, Bot, button, keyboard, message

Json = dict[str, Any]


def welcome(**fields: Any) -> Answer:
    return Answer(body=json.dumps(message(**fields)).encode())


async def test_a_deep_link_is_answered_by_the_welcome(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user(language="sr", country="RS")
    bot.answers.append(welcome(text="Dobro došli"))
    callback = arta.open("promo")
    await fake.settled()
    told = bot.events("conversation_started")[0]
    assert (told["type"], told["context"], told["subscribed"]) == ("open", "promo", False)
    person = {"id": arta.id, "name": "Arta", "language": "sr", "country": "RS", "api_version": 10}
    assert told["user"].items() >= person.items()
    assert told["message_token"] > 2**53
    assert (arta.texts, arta.labels, arta.last.billing_status) == (["Dobro došli"], ["Po"], 0)
    assert [str(each["message_token"]) for each in bot.events("delivered")] == [callback.token]
    assert not arta.subscribed
    arta.say("zdravo")
    assert arta.subscribed
    assert "context" not in json.loads(arta.open().body)
    assert json.loads(arta.open().body)["subscribed"] is True


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(body=b"ok"), "no JSON"),
        (Answer(body=b"[]"), "no object"),
        (welcome(receiver="somebody"), "receiver"),
        (welcome(sender=None), "sender"),
        (welcome(min_api_version=11), "apiVersionNotSupported"),
        (welcome(keyboard=keyboard(button(ActionType="share-phone"))), "incompatibleWithVersion"),
        (welcome(tracking_data="a" * 30_000), "30000 are allowed"),
        (welcome(keyboard=None), "without a keyboard"),
    ],
)
async def test_a_bad_welcome_is_noticed(fake: FakeViber, bot: Bot, answer: Answer, words: str) -> None:
    bot.answers.append(answer)
    fake.user().open()
    await fake.settled()
    assert words in fake.violations.pop()
    assert bool(fake.user().heard) is ("keyboard" in words)


async def test_a_conversation_may_begin_without_a_welcome(fake: FakeViber, bot: Bot) -> None:
    fake.user().open()
    await fake.settled()
    assert fake.user().chat == []


async def test_everything_that_can_be_sent_comes_with_its_fields(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    arta.send_picture("llogaria")
    arta.send_sticker()
    arta.send_location()
    arta.send_contact()
    arta.send_file()
    arta.send_url("https://kesco.example")
    arta.send({"type": "video", "media": "https://dl-media.viber.com/v.mp4"})
    await fake.settled()
    told = [each["message"] for each in bot.events("message")]
    kinds = ["text", "picture", "sticker", "location", "contact", "file", "url", "video"]
    assert [each["type"] for each in told] == kinds
    assert (told[0]["text"], told[1]["text"]) == ("tung", "llogaria")
    assert told[4]["contact"] == {"name": "Besa", "phone_number": "38349765432"}
    assert "text" not in told[4]
    assert told[5]["file_name"] == "bill.pdf"
    assert not bot.events("subscribed")
    assert [shown.mine for shown in arta.chat] == [True] * 8


async def test_tracking_data_comes_back_with_the_reply(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    await bot.send(arta, tracking_data="7")
    arta.say("po")
    await bot.send(arta)
    arta.say("jo")
    await fake.settled()
    told = [each["message"].get("tracking_data") for each in bot.events("message")]
    assert told == [None, "7", None]


async def test_a_reply_button_says_its_body(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    quiet = button(Text="Jo", ActionBody="1:no", Silent=True)
    await bot.send(arta, keyboard=keyboard(button(), quiet, button(Text="-", ActionType="none")))
    arta.press("Po")
    arta.press("Jo")
    assert arta.press("-") is None
    await fake.settled()
    told = [(each["message"]["text"], each["silent"]) for each in bot.events("message")]
    assert told == [("tung", False), ("1:yes", False), ("1:no", True)]
    assert [shown.text for shown in arta.chat if shown.mine] == ["tung", "1:yes"]


async def test_only_the_last_keyboard_is_there(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    await bot.send(arta)
    old = arta.last
    await bot.send(arta, keyboard=keyboard(button(Text="Jo")))
    with pytest.raises(AssertionError, match=r"no button 'Po'; there are \['Jo'\]"):
        arta.press("Po")
    assert (arta.press("Po", on=old), old.rows) != (None, [["Jo"]])


@pytest.mark.parametrize(
    ("silent", "tells", "told"),
    [
        (False, False, [("https://k.example/pay", False)]),
        (True, False, []),
        (True, True, [("https://k.example/pay", True)]),
    ],
)
async def test_an_address_is_opened_and_said_unless_the_button_is_silent(
    fake: FakeViber, bot: Bot, silent: bool, tells: bool, told: list[tuple[str, bool]]
) -> None:
    arta = fake.user()
    arta.subscribe()
    arta.tells_silent_openings = tells
    opens = button(ActionType="open-url", ActionBody="https://k.example/pay", Silent=silent)
    await bot.send(arta, keyboard=keyboard(opens))
    arta.press("Po")
    await fake.settled()
    assert arta.opened == ["https://k.example/pay"]
    assert [(each["message"]["text"], each["silent"]) for each in bot.events("message")] == told


async def test_a_phone_hands_over_its_number_and_a_desktop_does_not(fake: FakeViber, bot: Bot) -> None:
    arta, besa = fake.user(), fake.user("besa", devices=[DESKTOP, PHONE])
    share = button(ActionType="share-phone", ActionBody="1:phone")
    where = button(ActionType="location-picker", ActionBody="1:where", Text="Ku?")
    for user in (arta, besa):
        user.subscribe()
        await bot.send(user, keyboard=keyboard(share, where), min_api_version=3)
        assert (user.press("Po") is None, user.press("Ku?") is None) == (user is besa, user is besa)
    await fake.settled()
    contact, location = (each["message"] for each in bot.events("message"))
    assert (contact["type"], contact["text"]) == ("contact", "1:phone")
    assert contact["contact"] == {"name": "Arta", "phone_number": "38344123456"}
    assert location["type"] == "location"


async def test_receipts_bear_the_token_of_the_message(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user(devices=[PHONE, DESKTOP])
    arta.subscribe()
    token = (await bot.send(arta))["message_token"]
    await fake.settled()
    arta.look()
    assert arta.look() == []
    await fake.settled()
    told = [(each["message_token"], each["user_id"]) for each in bot.events("delivered")]
    assert told == [(token, arta.id)] * 2
    assert [each["message_token"] for each in bot.events("seen")] == [token]


async def test_a_phone_can_refuse_what_the_server_took(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.subscribe()
    arta.refuse("no keyboards here", type="text")
    picture = {"type": "picture", "text": "", "media": "https://kesco.example/1.png"}
    await bot.send(arta, **picture)
    told = [await bot.send(arta), await bot.send(arta)]
    await fake.settled()
    assert [each["status"] for each in told] == [0, 0]
    failed = [(each["message_token"], each["desc"]) for each in bot.events("failed")]
    assert failed == [(told[0]["message_token"], "no keyboards here")]
    assert (arta.failures, len(arta.heard)) == (["no keyboards here"], 2)


async def test_each_device_shows_what_it_understands(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user(devices=[Device("desktop", 2), PHONE])
    arta.subscribe()
    await bot.send(arta, min_api_version=3)
    await fake.settled()
    assert bot.events("subscribed")[0]["user"]["api_version"] == 2
    assert len(bot.events("delivered")) == 1
    assert "too low" in bot.events("failed")[0]["desc"]
    assert len(arta.heard) == 1


async def test_who_leaves_can_come_back(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.subscribe()
    arta.unsubscribe()
    arta.say("tung")
    await fake.settled()
    assert [post.fields["event"] for post in bot.posts[1:]] == ["subscribed", "unsubscribed", "message"]
    assert bot.events("unsubscribed")[0]["user_id"] == arta.id
    assert (await bot.send(arta))["status"] == 0


def test_ids_are_unique_and_look_like_vibers() -> None:
    fake = FakeViber()
    ids = {fake.user(str(number)).id for number in range(100)}
    assert len(ids) == 100
    assert all(len(each) == 24 and each.endswith("==") for each in ids)
    assert any("/" in each for each in ids)
    assert any("+" in each for each in ids)
    assert fake.user("0") is fake.user("0")
