"""Speaking to Telegram over real HTTP: every way it goes well, and every way it does not."""

from __future__ import annotations

import asyncio
import io
import logging

import pytest
from PIL import Image as Drawing
from telegram.error import TimedOut
from telegram.request import RequestData

from bot.channel import Button, Gone, Image, Later, Message, Refused, Span, Stays, Uncertain, Unreachable
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.errors import meaning
from handlers.telegram.limiter import Pacing
from handlers.telegram.request import AiohttpRequest, NotSent
from tests.fakes.telegram import Customer, FakeTelegram
from tests.telegram.conftest import NoHalt

PHONE = ((Button("📱", "12:contact", contact=True),), (Button("Mbrapa", "12:back"),))
SURE = ((Button("Po", "12:yes"), Button("Jo", "12:no")),)


def line(words: str, rows: tuple[tuple[Button, ...], ...] = ()) -> Message:
    return Message((Span(words),), rows)


def page(url: str) -> tuple[tuple[Button, ...], ...]:
    return ((Button("🔐", url=url, app=True),),)


def picture(words: str) -> Message:
    png = io.BytesIO()
    Drawing.new("RGB", (8, 8)).save(png, "PNG")
    return Message((Span(words),), SURE, image=Image(png.getvalue(), "bars"))


@pytest.fixture
def arta(fake: FakeTelegram) -> Customer:
    return fake.user(7, "sq")


async def test_a_message_arrives_with_its_buttons(channel: TelegramChannel, arta: Customer) -> None:
    message = Message((Span("Totali: "), Span("14,20 €", bold=True)), SURE, 12)
    number = await channel.send("telegram:7", message, "sq")
    assert (arta.last.id, arta.last.text) == (int(number), "Totali: 14,20 €")
    assert arta.last.html == "Totali: <b>14,20 €</b>"
    assert arta.last.labels == ["Po", "Jo"]
    assert arta.last.params["link_preview_options"] == {"is_disabled": True}


async def test_a_long_text_arrives_whole_and_in_order(channel: TelegramChannel, arta: Customer) -> None:
    paragraphs = ["A" * 3000, "B" * 3000, "C" * 3000]
    number = await channel.send("telegram:7", line("\n\n".join(paragraphs), SURE), "sq")
    assert arta.texts == paragraphs
    assert [bool(message.rows) for message in arta.heard] == [False, False, True]
    assert int(number) == arta.last.id


async def test_a_picture_carries_its_text_and_buttons(channel: TelegramChannel, arta: Customer) -> None:
    number = await channel.send("telegram:7", picture("Sipas pajisjeve"), "sq")
    assert arta.last.photo.startswith(b"\x89PNG")
    assert (arta.last.id, arta.last.text, arta.last.labels) == (
        int(number),
        "Sipas pajisjeve",
        ["Po", "Jo"],
    )


async def test_a_picture_with_a_long_text_goes_before_it(channel: TelegramChannel, arta: Customer) -> None:
    await channel.send("telegram:7", picture("a" * 1025), "sq")
    assert [bool(message.photo) for message in arta.heard] == [True, False]
    assert [message.labels for message in arta.heard] == [[], ["Po", "Jo"]]


async def test_a_message_is_changed_in_place(channel: TelegramChannel, arta: Customer) -> None:
    number = await channel.send("telegram:7", line("TV: jo", SURE), "sq")
    await channel.edit("telegram:7", number, line("TV: po", SURE[:1]), "sq")
    assert [(message.text, message.edits) for message in arta.heard] == [("TV: po", 1)]


async def test_a_change_that_changes_nothing_is_no_error(channel: TelegramChannel, arta: Customer) -> None:
    number = await channel.send("telegram:7", line("TV", SURE), "sq")
    await channel.edit("telegram:7", number, line("TV", SURE), "sq")
    assert arta.last.edits == 0


async def test_buttons_are_taken_off_once_or_twice(channel: TelegramChannel, arta: Customer) -> None:
    number = await channel.send("telegram:7", line("TV", SURE), "sq")
    await channel.strip("telegram:7", number)
    await channel.strip("telegram:7", number)
    assert arta.last.labels == []


async def test_taking_buttons_off_a_lost_message_is_no_error(
    channel: TelegramChannel, arta: Customer
) -> None:
    await channel.strip("telegram:7", "999")


async def test_a_secret_is_taken_out_of_the_chat(channel: TelegramChannel, arta: Customer) -> None:
    arta.say("4111 1111 1111 1111")
    (secret,) = arta.chat
    await channel.erase("telegram:7", str(secret.id))
    assert arta.chat == []
    await channel.erase("telegram:7", str(secret.id))


async def test_a_secret_older_than_two_days_stays(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    arta.say("4111 1111 1111 1111")
    fake.methods.age_messages()
    (secret,) = arta.chat
    with pytest.raises(Stays):
        await channel.erase("telegram:7", str(secret.id))


async def test_a_question_for_the_phone_comes_with_a_keyboard_and_takes_it_away(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", line("Numri?", PHONE), "sq")
    assert (arta.texts, arta.keys, arta.last.labels) == (["Numri?"], ["📱", "Mbrapa"], [])
    await channel.strip("telegram:7", number)
    assert (arta.texts, arta.keys) == (["Numri?"], [])
    silent = fake.called("sendMessage")[-1].params
    assert silent["disable_notification"] is True
    await channel.strip("telegram:7", number)
    assert (arta.texts, arta.keys) == (["Numri?"], [])


async def test_a_keyboard_goes_even_when_the_message_that_takes_it_stays(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", line("Numri?", PHONE), "sq")
    fake.refuse("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await channel.strip("telegram:7", number)
    assert (arta.texts, arta.keys) == (["Numri?", "…"], [])


async def test_whether_a_keyboard_went_is_not_known_when_the_answer_is_lost(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", line("Numri?", PHONE), "sq")
    fake.drop("sendMessage", after=True)
    with pytest.raises(Uncertain):
        await channel.strip("telegram:7", number)
    arta.block()
    with pytest.raises(Unreachable):
        await channel.strip("telegram:7", number)


async def test_a_message_with_a_keyboard_beneath_the_chat_is_sent_anew_at_once(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    above = await channel.send("telegram:7", line("Po?", SURE), "sq")
    beneath = await channel.send("telegram:7", line("Numri?", PHONE), "sq")
    for number, rows in ((above, PHONE), (beneath, SURE), (beneath, PHONE)):
        with pytest.raises(Gone):
            await channel.edit("telegram:7", number, line("Cili numër?", rows), "sq")
    assert fake.called("editMessageText") == []


async def test_a_link_in_words_has_no_preview(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", line("Hape", page("http://localhost/form/x")), "sq")
    assert arta.last.text == "Hape\n\n🔐\nhttp://localhost/form/x"
    assert arta.last.params["link_preview_options"] == {"is_disabled": True}
    await channel.edit("telegram:7", number, line("Hape!", page("http://localhost/form/x")), "sq")
    (edit,) = fake.called("editMessageText")
    assert edit.params["link_preview_options"] == {"is_disabled": True}


async def test_a_page_opens_inside_telegram(channel: TelegramChannel, arta: Customer) -> None:
    await channel.send("telegram:7", line("Hape", page("https://kesco.example/form/x")), "sq")
    assert arta.last.buttons == [{"text": "🔐", "web_app": {"url": "https://kesco.example/form/x"}}]


async def test_where_telegram_takes_no_such_button_the_page_is_a_link(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    fake.refuse("sendMessage", 400, "Bad Request: BUTTON_URL_INVALID")
    await channel.send("telegram:7", line("Hape", page("https://kesco.invalid/form/x")), "sq")
    assert arta.last.text == "Hape\n\n🔐\nhttps://kesco.invalid/form/x"
    assert "EKESCO_PUBLIC_URL" in caplog.text
    fake.refuse("editMessageText", 400, "Bad Request: BUTTON_URL_INVALID")
    with pytest.raises(Gone):
        await channel.edit("telegram:7", str(arta.last.id), line("Hape", page("https://a.b/form/x")), "sq")


async def test_an_address_that_telegram_repeats_is_neither_logged_nor_kept(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer, caplog: pytest.LogCaptureFixture
) -> None:
    words = "inline keyboard button URL 'https://kesco.invalid/form/s3cret' is invalid: Wrong HTTP URL"
    fake.refuse("editMessageText", 400, f"Bad Request: {words}")
    with caplog.at_level(logging.DEBUG), pytest.raises(Gone) as told:
        await channel.edit("telegram:7", "1", line("Hape", page("https://kesco.invalid/form/s3cret")), "sq")
    assert "s3cret" not in f"{told.value}{caplog.text}"


async def test_a_message_that_the_customer_deleted_is_gone(channel: TelegramChannel, arta: Customer) -> None:
    number = await channel.send("telegram:7", line("TV", SURE), "sq")
    arta.room.messages.clear()
    with pytest.raises(Gone):
        await channel.edit("telegram:7", number, line("TV: po"), "sq")


async def test_a_message_too_old_to_be_changed_is_gone(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", line("TV", SURE), "sq")
    fake.methods.age_messages()
    with pytest.raises(Gone):
        await channel.edit("telegram:7", number, line("TV: po"), "sq")


async def test_a_picture_does_not_become_a_text_nor_a_text_a_picture(
    channel: TelegramChannel, arta: Customer
) -> None:
    number = await channel.send("telegram:7", picture("Grafiku"), "sq")
    with pytest.raises(Gone):
        await channel.edit("telegram:7", number, line("Totali"), "sq")
    with pytest.raises(Gone):
        await channel.edit("telegram:7", number, picture("Totali"), "sq")


async def test_a_customer_who_blocked_us_is_unreachable(channel: TelegramChannel, arta: Customer) -> None:
    arta.block()
    with pytest.raises(Unreachable, match="blocked by the user"):
        await channel.send("telegram:7", line("Mirëdita"), "sq")


async def test_a_chat_that_nobody_knows_is_unreachable(channel: TelegramChannel) -> None:
    with pytest.raises(Unreachable, match="not found"):
        await channel.send("telegram:404", line("Mirëdita"), "sq")


async def test_a_flood_is_for_later(fake: FakeTelegram, channel: TelegramChannel, arta: Customer) -> None:
    fake.flood("sendMessage", 17)
    with pytest.raises(Later) as told:
        await channel.send("telegram:7", line("Mirëdita"), "sq")
    assert told.value.seconds == pytest.approx(17, abs=1)
    assert arta.heard == []


async def test_telegram_away_is_for_later(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    await fake.down()
    with pytest.raises(Later) as told:
        await channel.send("telegram:7", line("Mirëdita"), "sq")
    assert told.value.seconds is None
    await fake.up()
    await channel.send("telegram:7", line("Mirëdita"), "sq")
    assert arta.texts == ["Mirëdita"]


async def test_a_lost_answer_is_uncertain(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    fake.drop("sendMessage", after=True)
    with pytest.raises(Uncertain):
        await channel.send("telegram:7", line("Mirëdita"), "sq")
    assert arta.texts == ["Mirëdita"]


async def test_a_line_cut_before_the_message_got_through_is_uncertain_too(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    fake.drop("sendMessage")
    with pytest.raises(Uncertain):
        await channel.send("telegram:7", line("Mirëdita"), "sq")
    assert arta.texts == []


async def test_an_answer_that_takes_too_long_is_uncertain(fake: FakeTelegram, arta: Customer) -> None:
    request = AiohttpRequest(read=0.05)
    await request.initialize()
    fake.delay("sendMessage", 0.5)
    with pytest.raises(TimedOut) as told:
        await request.post(f"{fake.url}/bot{fake.token}/sendMessage", RequestData())
    await request.shutdown()
    assert isinstance(meaning(told.value), Uncertain)


async def test_no_free_connection_means_that_nothing_was_sent(fake: FakeTelegram, arta: Customer) -> None:
    request = AiohttpRequest(connections=1, connect=0.05)
    await request.initialize()
    fake.delay("getMe", 0.3)
    url = f"{fake.url}/bot{fake.token}/getMe"
    slow = asyncio.get_running_loop().create_task(request.post(url))
    await asyncio.sleep(0)
    with pytest.raises(NotSent) as told:
        await request.post(url)
    await slow
    await request.shutdown()
    assert isinstance(meaning(told.value), Later)


async def test_a_sick_server_is_asked_again_later(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    fake.refuse("sendMessage", 502, "Bad Gateway")
    with pytest.raises(Later):
        await channel.send("telegram:7", line("Mirëdita"), "sq")


async def test_what_telegram_does_not_take_is_refused(channel: TelegramChannel, arta: Customer) -> None:
    with pytest.raises(Refused, match=r"(?i)button_data_invalid"):
        await channel.send("telegram:7", line("?", ((Button("Po", "x" * 65),),)), "sq")
    with pytest.raises(Refused, match=r"(?i)too long"):
        await channel.send("telegram:7", line("?", (tuple(Button("Po", "x") for _ in range(9)),)), "sq")


async def test_typing_is_shown_and_never_fails(
    fake: FakeTelegram, channel: TelegramChannel, arta: Customer
) -> None:
    await channel.typing("telegram:7")
    assert arta.room.typing == 1
    arta.block()
    await channel.typing("telegram:7")
    await fake.down()
    await channel.typing("telegram:7")


async def test_no_error_and_no_log_line_has_the_token(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    secret = "424242:AAWrongWrongWrongWrongWrongWrong"
    with caplog.at_level(logging.DEBUG):
        channel = TelegramChannel(secret, Pacing(NoHalt()), fake.url)
        await channel.open()
        errors = [await _error(channel)]
        await fake.down()
        errors.append(await _error(channel))
        await channel.typing("telegram:7")
        await channel.close()
    assert len(errors) == 2
    assert secret not in caplog.text + "".join(f"{error!r}{error.__cause__!r}" for error in errors)
    assert not any(error.__suppress_context__ is False for error in errors)


async def _error(channel: TelegramChannel) -> Exception:
    with pytest.raises((Later, Uncertain)) as told:
        await channel.send("telegram:7", line("Mirëdita"), "sq")
    return told.value


def test_a_token_that_is_none_is_named_at_the_start() -> None:
    with pytest.raises(ValueError, match="EKESCO_TELEGRAM_TOKEN"):
        TelegramChannel("secret", Pacing(NoHalt()))
