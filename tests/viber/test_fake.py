"""Our Viber is as strict as its documentation, or the other tests would prove nothing."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.viber import DESKTOP, TOKEN, TOKEN_HEADER, Device, FakeViber, Status
from tests.viber.bot import Answer, Bot, button, keyboard, message

Json = dict[str, Any]
PICTURE = {"type": "picture", "text": "", "media": "https://kesco.example/1.png"}
FILE = {"type": "file", "text": None, "media": "https://kesco.example/b", "size": 9, "file_name": "b.pdf"}
CONTACT = {"type": "contact", "text": None}
PLACE = {"type": "location", "text": None}


def noticed(fake: FakeViber) -> str:
    """What was found wrong, taken note of."""
    found = "\n".join(fake.violations)
    fake.violations.clear()
    return found


def pressing(**fields: Any) -> Json:
    return {"keyboard": keyboard(button(**fields))}


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"text": None}, 4, "text.text: Field required"),
        ({"text": ""}, 3, "1 to 7000"),
        ({"text": "a" * 7001}, 3, "7001 characters"),
        ({"text": "💡" * 3501}, 3, "7002 characters"),
        ({"text": 5}, 3, "text.text"),
        ({"type": None}, 4, "type"),
        ({"type": "video"}, 3, "type"),
        ({"colour": "red"}, 3, "colour"),
        ({"receiver": None}, 4, "receiver"),
        ({"sender": None}, 4, "sender"),
        ({"sender": {"avatar": "https://kesco.example/a.png"}}, 4, "sender.name"),
        ({"sender": {"name": "a" * 29}}, 3, "sender.name"),
        ({"sender": {"name": "a", "avatar": "http://kesco.example/a.png"}}, 3, "no public https"),
        ({"tracking_data": "a" * 4001}, 3, "tracking_data"),
        ({"min_api_version": 0}, 3, "min_api_version"),
        ({"min_api_version": "3"}, 3, "min_api_version"),
        (PICTURE | {"text": None}, 4, "picture.text"),
        (PICTURE | {"text": "a" * 513}, 3, "picture.text"),
        (PICTURE | {"media": None}, 4, "picture.media"),
        (PICTURE | {"media": "http://kesco.example/1.png"}, 3, "no public https"),
        (PICTURE | {"media": "https://kesco.example/a b.png"}, 3, "no public https"),
        (PICTURE | {"media": "https://kesco/1.png"}, 3, "no public https"),
        (PICTURE | {"media": "https://10.0.0.1/1.png"}, 3, "no public https"),
        (PICTURE | {"media": "https://kesco.example/1?a=1.png"}, 3, "ends in none of"),
        (PICTURE | {"media": "https://kesco.example/1.gif"}, 3, "ends in none of"),
        ({"type": "url", "text": None, "media": "https://k.example/" + "a" * 2000}, 3, "url.media"),
        ({"type": "url", "text": None, "media": "kesco"}, 3, "no address of the web"),
        ({"type": "url", "media": "https://kesco.example"}, 3, "url.text"),
        (FILE | {"size": None}, 4, "file.size"),
        (FILE | {"size": 50 * 2**20 + 1}, 3, "file.size"),
        (FILE | {"file_name": "bill"}, 3, "has an extension"),
        (FILE | {"file_name": "a" * 253 + ".pdf"}, 3, "file.file_name"),
        (CONTACT | {"contact": {"name": "Arta"}}, 4, "phone_number"),
        (CONTACT | {"contact": {"name": "a" * 29, "phone_number": "1"}}, 3, "contact.name"),
        (CONTACT | {"contact": {"name": "Arta", "phone_number": "1" * 19}}, 3, "phone_number"),
        (PLACE | {"location": {"lat": 42.0}}, 4, "location.lon"),
        (PLACE | {"location": {"lat": 91.0, "lon": 0.0}}, 3, "location.lat"),
        (PLACE | {"location": {"lat": 0.0, "lon": -181.0}}, 3, "location.lon"),
        ({"keyboard": keyboard(Type=None)}, 4, "keyboard.Type"),
        ({"keyboard": keyboard(Type="rich_media")}, 3, "keyboard.Type"),
        ({"keyboard": keyboard(Buttons=None)}, 4, "keyboard.Buttons"),
        ({"keyboard": keyboard(Buttons=[])}, 3, "keyboard.Buttons"),
        ({"keyboard": keyboard(InputFieldState="open", DefaultHeight=True)}, 3, "InputFieldState"),
        ({"keyboard": keyboard(*[button()] * 13)}, 3, "13 rows"),
        ({"keyboard": keyboard(*[button(Columns=4)] * 13)}, 3, "13 rows"),
        ({"keyboard": keyboard(*[button(Columns=3)] * 23, button(Columns=3, Rows=2))}, 3, "13 rows"),
        (pressing(Columns=0), 3, "Columns"),
        (pressing(Columns=7), 3, "Columns"),
        (pressing(Rows=3), 3, "Rows"),
        (pressing(ActionType="call"), 3, "ActionType"),
        (pressing(ActionBody=None), 4, "ActionBody"),
        (pressing(ActionBody=""), 3, "ActionBody"),
        (pressing(ActionBody="a" * 251), 3, "ActionBody"),
        (pressing(Text=None), 4, "Text"),
        (pressing(Text="a" * 251), 3, "Text"),
        (pressing(TextSize="huge"), 3, "TextSize"),
        (pressing(BgColor="red"), 3, "BgColor"),
        (pressing(Silent="yes"), 3, "Silent"),
        (pressing(Label="Po"), 3, "Label"),
        (pressing(ActionType="share-phone"), 14, "below 3"),
        (pressing(ActionType="location-picker") | {"min_api_version": 2}, 14, "below 3"),
        ({"keyboard": keyboard(InputFieldState="hidden"), "min_api_version": 3}, 14, "below 4"),
        ({"text": "a" * 6000, "tracking_data": "ë" * 4000, "extra": "ë" * 8000}, 3, "30000 are allowed"),
    ],
)
async def test_what_viber_does_not_take_is_refused(
    fake: FakeViber, bot: Bot, fields: Json, status: int, words: str
) -> None:
    arta = fake.user()
    arta.say("tung")
    params: Json = {"receiver": arta.id} | message() | fields
    told = await bot.call(
        "send_message", {name: value for name, value in params.items() if value is not None}
    )
    assert told["status"] == status
    assert words in told["status_message"]
    assert words in noticed(fake)
    assert arta.heard == []


async def test_what_viber_takes_up_to_its_limits_is_taken(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    for fields in (
        {"text": "💡" * 3500, "tracking_data": "a" * 4000, "sender": {"name": "a" * 28}},
        PICTURE | {"text": "a" * 512, "thumbnail": "https://kesco.example/t.jpg"},
        {"type": "url", "text": None, "media": "https://k.example/" + "a" * 1982},
        FILE,
        CONTACT | {"contact": {"name": "a" * 28, "phone_number": "1" * 18}},
        PLACE | {"location": {"lat": 90, "lon": -180.0}},
        {"keyboard": keyboard(*[button(Columns=1, Text="a" * 250, ActionBody="b" * 250)] * 30)},
        {"keyboard": keyboard(*[button(Columns=1, ActionBody="1")] * 72)},
        {"keyboard": keyboard(InputFieldState="hidden"), "min_api_version": 4},
    ):
        assert (await bot.send(arta, **fields))["status"] == Status.OK
    kinds = ["text", "picture", "url", "file", "contact", "location", "text", "text", "text"]
    assert [shown.type for shown in arta.heard] == kinds


async def test_buttons_flow_into_a_grid_of_six_columns(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    spans = [(3, 1), (3, 1), (6, 1), (2, 2), (4, 1), (4, 1), (4, 1), (3, 1)]
    buttons = [button(Text=str(n), Columns=c, Rows=r) for n, (c, r) in enumerate(spans)]
    await bot.send(arta, keyboard=keyboard(*buttons))
    assert arta.rows == [["0", "1"], ["2"], ["3", "4"], ["5"], ["6"], ["7"]]


async def test_labels_are_read_without_their_markup(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    label = '<b>Uji &amp; drita</b> <font color="#00aa00">&lt;3</font>'
    await bot.send(arta, **pressing(Text=label))
    assert arta.labels == ["Uji & drita <3"]


@pytest.mark.parametrize("label", ["Uji & drita", "a < b", "a > b", "<script>a</script>", "&amp"])
async def test_an_unescaped_label_is_noticed(fake: FakeViber, bot: Bot, label: str) -> None:
    arta = fake.user()
    arta.say("tung")
    assert (await bot.send(arta, **pressing(Text=label)))["status"] == 0
    assert "unescaped HTML" in noticed(fake)


async def test_a_message_without_a_keyboard_is_noticed_and_leaves_the_old_one(
    fake: FakeViber, bot: Bot
) -> None:
    arta = fake.user()
    arta.say("tung")
    await bot.send(arta)
    await bot.send(arta, keyboard=None, text="Po?")
    assert noticed(fake) == "Arta: a text without a keyboard"
    assert arta.rows == [["Po"]]


async def test_without_the_right_token_nothing_is_done(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    body = {"receiver": arta.id} | message()
    assert (await bot.call("send_message", body, token="0"))["status"] == Status.INVALID_AUTH_TOKEN
    assert "invalidAuthToken" in noticed(fake)
    async with aiohttp.ClientSession(fake.url) as client:
        async with client.post("/pa/send_message", json=body | {"auth_token": TOKEN}) as answer:
            assert (await answer.json())["status"] == 0
        async with client.post("/pa/send_message", data=b"{", headers={TOKEN_HEADER: TOKEN}) as answer:
            assert (await answer.json())["status"] == Status.BAD_DATA
        async with client.post("/pa/get_message", json={}, headers={TOKEN_HEADER: TOKEN}) as answer:
            assert answer.status == 404
    assert "get_message: no such method" in noticed(fake)


async def test_a_webhook_is_called_while_it_is_being_set(fake: FakeViber) -> None:
    async with Bot(fake) as bot:
        told = await bot.register(event_types=["seen", "message"], send_name=True, send_photo=False)
        assert told["event_types"] == ["message", "subscribed", "unsubscribed", "seen"]
        assert [post.fields["event"] for post in bot.posts] == ["webhook"]
        assert fake.calls[-1].method == "set_webhook"
        fake.user().open()
        fake.user().say("tung")
        await fake.settled()
        assert [post.fields["event"] for post in bot.posts] == ["webhook", "message"]
        account = await bot.call("get_account_info", {})
        assert (account["webhook"], account["subscribers_count"]) == (f"{bot.url}/viber", 1)
        assert (await bot.call("set_webhook", {"url": ""}))["status"] == 0
        assert fake.user().say("a").lost
        assert (await bot.send(fake.user()))["status"] == Status.WEBHOOK_NOT_SET


@pytest.mark.parametrize(
    ("url", "status"),
    [("http://kesco.example/viber", 1), ("ftp://127.0.0.1/viber", 1), ("http://127.0.0.1:9/viber", 1)],
)
async def test_a_webhook_that_viber_cannot_call_is_refused(
    fake: FakeViber, bot: Bot, url: str, status: int
) -> None:
    assert (await bot.call("set_webhook", {"url": url}))["status"] == status
    assert "invalidUrl" in noticed(fake)


async def test_a_webhook_has_to_answer_200(fake: FakeViber, bot: Bot) -> None:
    bot.answers.append(Answer(204))
    assert (await bot.register())["status"] == Status.INVALID_URL
    assert "did not answer 200" in noticed(fake)
    assert (await bot.register(event_types=["typing"]))["status"] == Status.BAD_DATA
    assert "no event of Viber's" in noticed(fake)


async def test_addresses_of_this_machine_are_taken_in_tests_alone() -> None:
    async with FakeViber(loopback=False) as fake, Bot(fake) as bot:
        assert (await bot.register())["status"] == Status.INVALID_URL


async def test_only_subscribers_with_a_device_are_written_to(fake: FakeViber, bot: Bot) -> None:
    arta, besa = fake.user(), fake.user("besa", name="Besa")
    told = await bot.call("send_message", {"receiver": "nobody"} | message())
    assert told["status"] == Status.RECEIVER_NOT_REGISTERED
    arta.open()
    assert (await bot.send(arta))["status"] == Status.RECEIVER_NOT_SUBSCRIBED
    assert noticed(fake) == "Arta: a message to somebody who is not subscribed"
    besa.subscribe()
    besa.devices.clear()
    assert (await bot.send(besa))["status"] == Status.RECEIVER_NO_SUITABLE_DEVICE


async def test_a_farewell_counts_from_when_the_bot_has_heard_of_it(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    await fake.settled()
    fake.callbacks.hold()
    arta.unsubscribe()
    assert (await bot.send(arta))["status"] == Status.RECEIVER_NOT_SUBSCRIBED
    assert fake.violations == []
    fake.callbacks.release()
    await fake.settled()
    assert (await bot.send(arta))["status"] == Status.RECEIVER_NOT_SUBSCRIBED
    assert "not subscribed" in noticed(fake)


async def test_what_no_device_understands_is_refused_by_the_server(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user(devices=[Device("phone", 2)])
    arta.say("tung")
    asking = pressing(ActionType="share-phone") | {"min_api_version": 3}
    assert (await bot.send(arta, **asking))["status"] == Status.API_VERSION_NOT_SUPPORTED
    arta.devices.append(DESKTOP)
    assert (await bot.send(arta, **asking))["status"] == 0


async def test_a_silent_user_gets_a_hundred_messages_an_hour(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    told = [(await bot.send(arta, text=str(number)))["status"] for number in range(101)]
    assert told == [0] * 100 + [Status.TOO_MANY_REQUESTS]
    assert "100 messages in an hour" in noticed(fake)
    arta.say("mirë")
    for _ in range(100):
        assert (await bot.send(arta))["status"] == 0
    await fake.advance(3600)
    assert (await bot.send(arta))["status"] == 0


async def test_a_push_outside_a_session_is_charged(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    assert (await bot.send(arta))["billing_status"] == 1
    await fake.advance(24 * 3600)
    fake.methods.billing.free_left = 1
    assert [(await bot.send(arta))["billing_status"] for _ in range(2)] == [3, 5]
    assert [shown.billing_status for shown in arta.heard] == [1, 3, 5]
    assert fake.methods.billing.charges == 1


async def test_a_broadcast_tells_whom_it_did_not_reach(fake: FakeViber, bot: Bot) -> None:
    arta, besa = fake.user(), fake.user("besa")
    for user in (arta, besa):
        user.say("tung")
    ids = [arta.id, besa.id, "nobody"]
    told = await bot.call("broadcast_message", {"broadcast_list": ids} | message())
    assert [(each["receiver"], each["status"]) for each in told["failed_list"]] == [("nobody", 5)]
    assert arta.last.token == besa.last.token == str(told["message_token"])
    told = await bot.call("broadcast_message", {"broadcast_list": [arta.id] * 301} | message())
    assert told["status"] == Status.BAD_DATA
    assert "300" in noticed(fake)


async def test_broadcasts_are_limited_to_500_in_ten_seconds(fake: FakeViber, bot: Bot) -> None:
    body = {"broadcast_list": ["nobody"]} | message()
    told = [(await bot.call("broadcast_message", body))["status"] for _ in range(501)]
    assert told == [0] * 500 + [Status.TOO_MANY_REQUESTS]
    await fake.advance(10)
    assert (await bot.call("broadcast_message", body))["status"] == 0


async def test_a_user_may_be_asked_about_twice_in_twelve_hours(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user(language="sr")
    assert (await bot.call("get_user_details", {"id": arta.id}))["status"] == 6
    arta.subscribe()
    told = [await bot.call("get_user_details", {"id": arta.id}) for _ in range(3)]
    assert [each["status"] for each in told] == [0, 0, 12]
    fake.user("besa").subscribe()
    assert (await bot.call("get_user_details", {"id": fake.user("besa").id}))["status"] == 0
    assert (told[0]["user"]["id"], told[0]["user"]["language"]) == (arta.id, "sr")
    await fake.advance(12 * 3600)
    assert (await bot.call("get_user_details", {"id": arta.id}))["status"] == 0


async def test_pictures_are_loaded(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    for name, words in (
        ("a.png", ""),
        ("none.png", "HTTP 404"),
        ("page.png", "text/html"),
        ("big.png", "1048576 are allowed"),
    ):
        told = await bot.send(arta, type="picture", text="", media=f"{bot.url}/file/{name}")
        await fake.settled()
        assert told["status"] == 0
        assert words in noticed(fake)
        failed = [each["message_token"] for each in bot.events("failed")]
        assert (told["message_token"] in failed) is bool(words)
    await bot.send(arta, type="picture", text="", media="http://127.0.0.1:9/a.png")
    assert "cannot be loaded" in noticed(fake)
    assert [shown.media for shown in arta.heard] == [f"{bot.url}/file/a.png"]


async def test_one_picture_address_for_two_users_is_noticed(fake: FakeViber, bot: Bot) -> None:
    for key in ("arta", "arta", "besa"):
        user = fake.user(key, name=key)
        user.say("tung")
        await bot.send(user, **PICTURE)
    assert noticed(fake).startswith("besa: a picture's address that another user was given")


async def test_two_requests_for_one_user_at_once_are_noticed(fake: FakeViber, bot: Bot) -> None:
    arta, besa = fake.user(), fake.user("besa")
    for user in (arta, besa):
        user.say("tung")
    gate = fake.stall("send_message", user=arta.id)
    first = asyncio.create_task(bot.send(arta, text="1"))
    await fake.until(lambda: not fake.exchange.faults.waiting)
    await bot.send(besa)
    assert fake.violations == []
    await bot.send(arta, text="2")
    gate.set()
    await first
    assert "in flight at once" in noticed(fake)
    assert arta.texts == ["2", "1"]


async def test_a_message_tried_again_before_a_newer_one_is_in_order(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    fake.refuse("send_message", Status.TOO_MANY_REQUESTS)
    for text in "1121":
        await bot.send(arta, text=text)
    assert arta.texts == ["1", "2", "1"]


@pytest.mark.parametrize("fault", ["busy", "broken", "cut"])
async def test_a_message_tried_again_after_a_newer_one_is_noticed(
    fake: FakeViber, bot: Bot, fault: str
) -> None:
    arta = fake.user()
    arta.say("tung")
    faults = {
        "busy": lambda: fake.refuse("send_message", Status.TOO_MANY_REQUESTS),
        "broken": lambda: fake.fail("send_message"),
        "cut": lambda: fake.drop("send_message"),
    }
    faults[fault]()
    with contextlib.suppress(aiohttp.ClientConnectionError):
        await bot.send(arta, text="1")
    await bot.send(arta, text="2")
    assert fake.violations == []
    await bot.send(arta, text="1", keyboard=keyboard(button(Text="Jo")))
    assert "out of order" in noticed(fake)
    for text in "31":
        await bot.send(arta, text=text)


async def test_the_same_words_much_later_are_another_message(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    fake.fail("send_message", 503)
    for text in "12":
        await bot.send(arta, text=text)
    await fake.advance(600)
    await bot.send(arta, text="1")


async def test_faults_come_as_ordered(fake: FakeViber, bot: Bot) -> None:
    arta, besa = fake.user(), fake.user("besa")
    for user in (arta, besa):
        user.say("tung")
    fake.refuse("send_message", Status.NO_BALANCE, user=besa.id, times=2)
    fake.fail("*", 502)
    fake.drop("send_message")
    fake.drop("send_message", after=True)
    assert await bot.send(arta, text="1") == {"http": 502}
    assert [(await bot.send(besa))["status"] for _ in range(2)] == [24, 24]
    for _ in range(2):
        with pytest.raises(aiohttp.ClientConnectionError):
            await bot.send(arta, text="1")
    assert arta.texts == ["1"]
    await bot.send(arta, text="1")
    assert arta.texts == ["1", "1"]
    answers = [(call.status, call.http) for call in fake.called("send_message")]
    assert answers == [(None, 502), (24, 200), (24, 200), (None, 0), (None, 0), (0, 200)]


@pytest.mark.parametrize("after", [False, True])
async def test_a_client_may_give_up_waiting(fake: FakeViber, bot: Bot, after: bool) -> None:
    arta = fake.user()
    arta.say("tung")
    fake.stall("send_message", after=after)
    sending = asyncio.create_task(bot.send(arta))
    await fake.until(lambda: not fake.exchange.faults.waiting)
    if after:
        await fake.until(lambda: arta.texts)
    sending.cancel()
    await fake.until(lambda: fake.called("send_message"))
    assert fake.calls[-1].http == 0
    assert len(arta.texts) == after
    assert (await bot.send(arta))["status"] == 0


async def test_viber_can_be_away_and_come_back(fake: FakeViber, bot: Bot) -> None:
    arta = fake.user()
    arta.say("tung")
    await fake.down()
    with pytest.raises(aiohttp.ClientConnectionError):
        await bot.send(arta)
    await fake.up()
    assert (await bot.send(arta))["status"] == 0


@pytest.fixture
async def remote() -> AsyncIterator[str]:
    """The fake as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.viber", "--standing", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    yield (await process.stdout.readline()).decode().strip()
    process.terminate()
    await process.wait()


async def test_the_fake_can_be_steered_from_outside(remote: str) -> None:
    there = FakeViber(port=int(remote.rpartition(":")[2]))
    async with Bot(there) as bot, aiohttp.ClientSession(remote) as control:

        async def post(path: str, body: Any) -> Any:
            async with control.post(f"/control/{path}", json=body) as answer:
                return await answer.json()

        async def get(path: str) -> Any:
            async with control.get(f"/control/{path}") as answer:
                return await answer.json()

        await bot.register(event_types=[])
        said = await post(
            "say", [{"user": "arta", "text": "a", "language": "sr"}, {"user": "besa", "text": "b"}]
        )
        await post("settled", {})
        assert [str(each["message_token"]) for each in bot.events("message")] == said
        arta = bot.events("message")[0]["sender"]
        assert arta["language"] == "sr"
        await post("fault", {"method": "send_message", "status": 12})
        for _ in range(2):
            await bot.call("send_message", {"receiver": arta["id"]} | message())
        await post("fault", {"method": "message", "drop": "before"})
        pressed = await post("press", {"user": "arta", "label": "Po"})
        await post("settled", {})
        missed = await get("counts")
        await post("advance", {"seconds": 10})
        await post("unsubscribe", {"user": "besa"})
        await post("event", {"event": "client_status", "fields": {}})
        assert len(await post("look", {"user": "arta"})) == 1
        await post("settled", {})
        counts = await get("counts")
        chat = await get("chat/arta")
        log = await get("log?since=1")
    assert str(bot.events("message")[-1]["message_token"]) == pressed[0]
    assert [each["text"] for each in chat["messages"]] == ["a", "Sigurt?", "1:yes"]
    assert (chat["keyboard"], chat["subscribed"]) == ([["Po"]], True)
    assert [(call["method"], call["status"]) for call in log] == [("send_message", 12), ("send_message", 0)]
    assert (missed["callbacks"], missed["taken"], missed["lost"]) == (4, 2, 1)
    assert (counts["callbacks"], counts["taken"], counts["lost"]) == (7, 5, 2)
    assert (counts["charges"], counts["violations"]) == (0, [])
