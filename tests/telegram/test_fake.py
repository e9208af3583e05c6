"""Our Telegram is as strict as the real one, or the other tests would prove nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from handlers.telegram.api import ApiError, BotApi, NoAnswer
from tests.fakes.telegram import TOKEN, FakeTelegram

Json = dict[str, Any]


def button(**fields: Any) -> Json:
    return {"inline_keyboard": [[{"text": "Po", "callback_data": "1:yes"} | fields]]}


def opening(url: str) -> Json:
    return {"inline_keyboard": [[{"text": "Po", "url": url}]]}


def app(url: str) -> Json:
    return {"inline_keyboard": [[{"text": "Po", "web_app": {"url": url}}]]}


def keys(*row: Json, **fields: Any) -> Json:
    return {"keyboard": [list(row)]} | fields


def saying(text: str) -> Json:
    return {"text": text}


ASKING: Json = {"text": "📱", "request_contact": True}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "💡" * 2049}, "message is too long"),
        ({"text": " <b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "a</b>", "parse_mode": "HTML"}, "can't parse entities: Unexpected end tag"),
        ({"text": "ë<b>a</i>", "parse_mode": "HTML"}, "Unmatched end tag at byte offset 6"),
        ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities: Un"),
        ({"text": "a<br>b", "parse_mode": "HTML"}, 'Unsupported start tag "br" at byte offset 1'),
        ({"text": "a", "reply_markup": button(callback_data="ë" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": button(style="pink")}, "invalid button style"),
        ({"text": "a", "reply_markup": opening("http://localhost/pay")}, "Wrong HTTP URL"),
        ({"text": "a", "reply_markup": opening("ftp://kesco.example/pay")}, "Unsupported URL protocol"),
        ({"text": "a", "reply_markup": app("http://127.0.0.1/pay")}, "Only HTTPS links are allowed"),
        ({"text": "a", "reply_markup": app("https://localhost/pay")}, "Wrong HTTP URL"),
        ({"text": "a", "reply_markup": button(url="https://kesco.example")}, "exactly one"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [["Po"]]}}, "invalid parameters"),
        ({"text": "a", "reply_markup": {"buttons": []}}, "object expected as reply markup"),
        ({"text": "a", "reply_markup": {"keyboard": []}}, "object expected as reply markup"),
        ({"text": "a", "reply_markup": {"remove_keyboard": False}}, "must be True"),
        ({"text": "a", "reply_markup": keys({"text": " "})}, "text must be non-empty"),
        ({"text": "a", "reply_markup": keys({"text": "Po", "callback_data": "1:yes"})}, "callback_data"),
        ({"text": "a", "reply_markup": keys(ASKING | {"request_location": True})}, "at most one"),
        ({"text": "a", "reply_markup": keys(saying("Po"), input_field_placeholder="0" * 65)}, "too long"),
        ({"text": "a", "reply_markup": keys(*[saying("Po")] * 13)}, "reply markup is too long"),
        ({"text": "a", "reply_markup": keys(ASKING), "chat_id": -9}, "number can be requested in private"),
        ({"text": "a", "reply_markup": app("https://kesco.example"), "chat_id": -9}, "BUTTON_TYPE_INVALID"),
        ({"text": "a", "chat_id": 8}, "chat not found"),
        ({"message_id": 1}, "text is required"),
    ],
)
async def test_what_telegram_refuses_is_refused(params: Json, words: str) -> None:
    async with FakeTelegram(lean=True) as fake:
        fake.user(7).in_group(-9)
        api = BotApi(fake.token, fake.url)
        with pytest.raises(ApiError) as told:
            await api.call("sendMessage", {"chat_id": 7} | params)
        await api.close()
    assert words in told.value.description


async def test_the_limits_are_counted_after_the_markup(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    await api.call("sendMessage", {"chat_id": 7, "text": f"<b>{'&amp;' * 4096}</b>", "parse_mode": "HTML"})
    assert arta.last.text == "&" * 4096


async def test_a_field_that_telegram_does_not_know_is_noticed() -> None:
    async with FakeTelegram() as fake:
        fake.user(7)
        api = BotApi(fake.token, fake.url)
        await api.call("sendMessage", {"chat_id": 7, "text": "a", "reply_markup": button(colour="red")})
        await api.call("sendMessage", {"chat_id": 7, "text": "a", "parsemode": "HTML"})
        await api.close()
    assert fake.violations == ["sendMessage: unknown field colour", "sendMessage: unknown field parsemode"]


async def test_an_update_that_telegram_would_not_send_is_noticed() -> None:
    fake = FakeTelegram()
    fake.user(7).send({"sticky": 1})
    fake.push("a_thing_of_tomorrow", {})
    assert len(fake.violations) == 2


async def test_only_the_next_offset_confirms(fake: FakeTelegram, api: BotApi) -> None:
    first, second = fake.user(7).say("a"), fake.user(7).say("b")
    for _ in range(2):
        assert [each["update_id"] for each in await api.call("getUpdates")] == [first, second]
    rest = await api.call("getUpdates", {"offset": first + 1, "limit": 1})
    assert [each["update_id"] for each in rest] == [second]
    assert fake.updates.confirmed == [first]


async def test_kinds_that_were_not_asked_for_do_not_come(fake: FakeTelegram, api: BotApi) -> None:
    await api.call("getUpdates", {"allowed_updates": ["message"]})
    fake.user(7).block()
    fake.user(7).say("a")
    assert len(await api.call("getUpdates")) == 1


async def test_a_click_is_answered_once_and_in_time(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": button()})
    arta.tap("Po")
    arta.tap("1:yes")
    first, second = (each["callback_query"]["id"] for each in await api.call("getUpdates"))
    await api.call("answerCallbackQuery", {"callback_query_id": first})
    fake.world.age_clicks()
    for query in (first, second):
        with pytest.raises(ApiError, match="query is too old"):
            await api.call("answerCallbackQuery", {"callback_query_id": query})


async def test_an_old_button_can_still_be_tapped(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": button()})
    old = arta.last
    await api.call("sendMessage", {"chat_id": 7, "text": "!", "reply_markup": button(text="Jo")})
    with pytest.raises(AssertionError, match="no button"):
        arta.tap("Ndoshta")
    number = arta.tap("Po", on=old)
    assert fake.updates.pending[number]["callback_query"]["message"]["message_id"] == old.id


async def test_a_keyboard_beneath_the_chat_stays_until_another_comes_or_it_is_removed(
    fake: FakeTelegram, api: BotApi
) -> None:
    arta = fake.user(7)
    for markup in (keys(ASKING, saying("Jo")), button(), keys(saying("Po"), one_time_keyboard=True)):
        await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": markup})
        assert arta.keys == (["Po"] if "one_time_keyboard" in markup else ["📱", "Jo"])
    arta.press("Po")
    assert arta.room.keyboard is not None
    assert arta.room.keyboard.hidden
    assert arta.keys == ["Po"]
    await api.call("sendMessage", {"chat_id": 7, "text": "!", "reply_markup": {"remove_keyboard": True}})
    assert arta.keys == []


async def test_a_keyboard_goes_with_the_message_that_brought_it(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": keys(saying("Po"))})
    await api.call("deleteMessage", {"chat_id": 7, "message_id": arta.last.id})
    assert arta.keys == []


async def test_a_message_with_a_keyboard_beneath_the_chat_is_not_edited(
    fake: FakeTelegram, api: BotApi
) -> None:
    arta = fake.user(7)
    await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": keys(saying("Po"))})
    bearer = {"chat_id": 7, "message_id": arta.last.id, "text": "!"}
    with pytest.raises(ApiError, match="message can't be edited"):
        await api.call("editMessageText", bearer)
    await api.call("sendMessage", {"chat_id": 7, "text": "?"})
    other = {"chat_id": 7, "message_id": arta.last.id, "text": "!", "reply_markup": keys(saying("Po"))}
    with pytest.raises(ApiError, match="inline keyboard expected"):
        await api.call("editMessageText", other)
    assert len(fake.violations) == 1
    fake.violations.clear()


async def test_a_key_hands_over_the_number_of_who_presses_it(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    with pytest.raises(AssertionError, match="no key asks"):
        arta.share()
    await api.call("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": keys(ASKING, saying("Jo"))})
    own, foreign, said = arta.share(), arta.share(own=False), arta.press("Jo")
    told = [fake.updates.pending[number]["message"] for number in (own, foreign, said)]
    assert [each["contact"]["user_id"] for each in told[:2]] == [7, 8]
    assert told[2]["text"] == "Jo"


async def test_nothing_is_deleted_after_two_days(fake: FakeTelegram, api: BotApi) -> None:
    arta = fake.user(7)
    arta.say("a")
    fake.methods.age_messages()
    arta.say("b")
    old, new = (message.id for message in arta.chat)
    with pytest.raises(ApiError, match="message can't be deleted for everyone"):
        await api.call("deleteMessage", {"chat_id": 7, "message_id": old})
    await api.call("deleteMessage", {"chat_id": 7, "message_id": new})
    assert [message.text for message in arta.chat] == ["a"]


async def test_faults_come_as_ordered(fake: FakeTelegram, api: BotApi) -> None:
    fake.user(7)
    fake.user(8)
    fake.flood("sendMessage", 3, chat=8, times=2)
    fake.drop("sendMessage", after=True, chat=7)
    fake.delay("sendMessage", 0.01, chat=7)
    for _ in range(2):
        with pytest.raises(ApiError) as told:
            await api.call("sendMessage", {"chat_id": 8, "text": "a"})
        assert told.value.retry_after == 3
    with pytest.raises(NoAnswer):
        await api.call("sendMessage", {"chat_id": 7, "text": "a"})
    await api.call("sendMessage", {"chat_id": 7, "text": "b"})
    await api.call("sendMessage", {"chat_id": 8, "text": "c"})
    assert (fake.user(7).texts, fake.user(8).texts) == (["a", "b"], ["c"])
    assert [call.code for call in fake.called("sendMessage")] == [429, 429, 0, 200, 200]


@pytest.fixture
async def remote() -> AsyncIterator[str]:
    """The fake as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.telegram", "--lean", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    yield (await process.stdout.readline()).decode().strip()
    process.terminate()
    await process.wait()


async def test_the_fake_can_be_steered_from_outside(remote: str) -> None:
    api = BotApi(TOKEN, remote)
    async with aiohttp.ClientSession(remote) as control:

        async def post(path: str, body: Any) -> Any:
            async with control.post(f"/control/{path}", json=body) as answer:
                return await answer.json()

        async def get(path: str) -> Any:
            async with control.get(f"/control/{path}") as answer:
                return await answer.json()

        said = await post("say", [{"user": 7, "text": "a", "language": "sq"}, {"user": 8, "text": "b"}])
        await api.call("sendMessage", {"chat_id": 7, "text": "Sigurt?", "reply_markup": button()})
        tapped = await post("tap", {"user": 7, "button": "Po"})
        raw = await post("update", {"update_id": 1, "odd": True})
        updates = await api.call("getUpdates")
        assert [each["update_id"] for each in updates] == [*said, *tapped, 1]
        await api.call("getUpdates", {"offset": max(raw) + 1})
        await post("fault", {"method": "sendMessage", "code": 400, "description": "Bad Request: no"})
        with pytest.raises(ApiError):
            await api.call("sendMessage", {"chat_id": 7, "text": "!"})
        assert [message["text"] for message in await get("chat/7")] == ["a", "Sigurt?"]
        log = await get("log?since=1")
        assert [(call["method"], call["code"]) for call in log] == [("sendMessage", 400)]
        counts = await get("counts")
    await api.close()
    assert (counts["pending"], counts["confirmed"]) == (0, 4)
    assert counts["calls"] == {"sendMessage": 2, "getUpdates": 2}
