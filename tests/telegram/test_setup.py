"""The bot's face: written once, and again only where it differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.channel import Invites
from bot.settings import Settings
from dialogs.engine.events import Unreadable
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.faces import Command, Face
from handlers.telegram.run import Telegram
from storage.base import Storage
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.telegram.intake import Kept
from tests.telegram.test_hear import AT


def face(words: str) -> Face:
    return Face(f"eKESCO {words}", f"short {words}", f"long {words}", (Command("help", f"help {words}"),))


FACES = {language: face(language) for language in ("", "sq", "sr", "en")}


def writes(fake: FakeTelegram) -> list[str]:
    return [call.method for call in fake.calls if call.method.startswith("set")]


async def test_every_language_gets_its_face(fake: FakeTelegram, channel: TelegramChannel) -> None:
    assert len(await channel.setup(FACES)) == 17
    for language in FACES:
        about = [fake.methods.about[what, language] for what in ("name", "short_description", "description")]
        assert about == [f"eKESCO {language}", f"short {language}", f"long {language}"]
        assert fake.methods.commands["default", language] == [
            {"command": "help", "description": f"help {language}"}
        ]
    assert fake.methods.menu == {"type": "commands"}


async def test_a_chat_can_be_opened_by_a_link_once_the_bot_knows_its_name(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    assert isinstance(channel, Invites)
    assert channel.invitation == ""
    await channel.setup(FACES)
    assert channel.username
    assert channel.invitation == f"https://t.me/{channel.username}?start="


async def test_the_second_start_writes_nothing(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await channel.setup(FACES)
    fake.calls.clear()
    assert await channel.setup(FACES) == []
    assert writes(fake) == []


async def test_only_what_differs_is_written(fake: FakeTelegram, channel: TelegramChannel) -> None:
    await channel.setup(FACES)
    fake.calls.clear()
    changed = FACES | {"sr": replace(FACES["sr"], description="novo")}
    assert await channel.setup(changed) == ["description sr"]
    assert writes(fake) == ["setMyDescription"]


async def test_a_name_that_may_not_be_changed_today_holds_up_nothing(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    fake.flood("setMyName", 80_000)
    written = await channel.setup(FACES)
    assert len(written) == 16
    assert "name default" not in written


async def test_it_is_tried_again_until_telegram_is_there(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    await fake.down()
    pauses: list[float] = []

    async def rest(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            await fake.up()

    assert len(await channel.setup(FACES, rest)) == 17
    assert len(pauses) == 3


async def test_the_bot_knows_its_name_in_groups_then(fake: FakeTelegram, channel: TelegramChannel) -> None:
    body = f'{{"update_id": 1, "message": {_message()}}}'.encode()
    assert channel.hear(body, AT) is None
    await channel.setup(FACES)
    assert channel.hear(body, AT) == Unreadable("group", AT)


@pytest.mark.parametrize(
    ("public_url", "warned"),
    [("", True), ("http://kesco.example", True), ("https://office", True), ("https://kesco.example", False)],
)
async def test_it_is_said_at_the_start_that_pages_are_plain_links(
    fake: FakeTelegram, storage: Storage, caplog: pytest.LogCaptureFixture, public_url: str, warned: bool
) -> None:
    values: dict[str, Any] = {"telegram_token": TOKEN, "telegram_api": fake.url, "public_url": public_url}
    async with Telegram(Settings(_env_file=None, **values), storage, Kept(), {}):
        pass
    assert caplog.text.count("EKESCO_PUBLIC_URL") == warned


def _message() -> str:
    chat = '{"id": -1, "type": "group", "title": "Neighbours"}'
    return f'{{"message_id": 1, "date": 1, "chat": {chat}, "text": "@ekesco_test_bot?"}}'
