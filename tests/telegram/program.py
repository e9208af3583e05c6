"""The whole program beside the fake Telegram: customers on one side, browsers and phones on the other."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.app import App
from bot.demo_register import load_demo
from bot.settings import Settings
from dialogs.engine.text import Phrase, Text
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.limiter import Pacing
from storage.open import open_storage
from tests.fakes.telegram import TOKEN, Customer, FakeTelegram, Shown
from tests.talk.words import SPEAKERS, pattern
from tests.telegram.conftest import NoHalt

#: Customers of tests write faster than any on a phone.
NO_PACE = 1000


class Program:
    """`ekesco run`, with the demo's register, in the test's own loop."""

    def __init__(self, app: App, fake: FakeTelegram, sms: Path) -> None:
        self.app, self.fake = app, fake
        self._sms = sms
        self._at = f"http://127.0.0.1:{app.settings.port}"

    def visitor(self, language: str) -> Visitor:
        return Visitor(self.fake, self.fake.user(7, language), language)

    async def code(self) -> str:
        """The code in the newest SMS."""
        assert await self.app.delivery.drain(5)
        (code,) = re.findall(r"\b\d{6}\b", self.letters()[-1]["text"])
        return str(code)

    def letters(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self._sms.read_text().splitlines()]

    async def fill_in(self, address: str, typed: Mapping[str, str], launch: str = "") -> tuple[int, str]:
        """Open a page and send it off: the status, and where it led or what it said.

        A browser inside Telegram (`launch`) may keep our cookie back.
        """
        path = urlsplit(address).path
        jar = aiohttp.DummyCookieJar() if launch else aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(self._at, cookie_jar=jar) as browser:
            async with browser.get(path) as shown:
                hidden = _hidden(await shown.text())
            fields = {**hidden, **typed} | ({"init_data": launch} if launch else {})
            async with browser.post(path, data=fields, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Location", "") or unescape(await answer.text())


class Visitor:
    """A customer who waits for the answer to everything they do."""

    def __init__(self, fake: FakeTelegram, customer: Customer, language: str) -> None:
        self._fake, self.phone, self._language = fake, customer, language
        self._seen = 0

    async def says(self, words: str, answer: Text) -> Shown:
        return await self.does(lambda: self.phone.say(words), answer)

    async def taps(self, label: Text, answer: Text) -> Shown:
        return await self.does(lambda: self.phone.tap(self._known(label, self.phone.buttons)), answer)

    async def presses(self, label: Text, answer: Text) -> Shown:
        """A key of the keyboard beneath the chat."""
        return await self.does(lambda: self.phone.press(self._known(label, self.phone.keys)), answer)

    async def shares(self, answer: Text, *, own: bool = True) -> Shown:
        return await self.does(lambda: self.phone.share(own), answer)

    async def does(self, act: Callable[[], int], answer: Text) -> Shown:
        self._seen = max((message.id for message in self.phone.chat), default=0)
        act()
        return await self.hears(answer)

    async def hears(self, text: Text) -> Shown:
        """The message with this text, which comes after what was done last."""
        try:
            await self._fake.until(lambda: self._heard(text))
        except TimeoutError:
            raise AssertionError(f"{text.msgid!r} was not said, but {self.phone.texts[-3:]}") from None
        return self._heard(text)[-1]

    def _heard(self, text: Text) -> list[Shown]:
        said = pattern(text, self._language)
        return [
            message for message in self.phone.heard if message.id > self._seen and said.search(message.text)
        ]

    def _known(self, label: Text, among: list[str]) -> str:
        """A label as it stands on the newest button, behind its icon."""
        words = SPEAKERS[self._language].plain(Phrase(label))
        found = [each for each in among if each == words or each.endswith(f" {words}")]
        assert found, f"no {words!r} in {among}"
        return found[-1]


@asynccontextmanager
async def running(url: str, fake: FakeTelegram, folder: Path, public_url: str = "") -> AsyncIterator[Program]:
    """The program on one database, until it is left."""
    sms = folder / "sms.jsonl"
    async with AsyncExitStack() as stack:
        storage = open_storage(url)
        stack.push_async_callback(storage.close)
        app = App(_settings(url, fake, sms, public_url), storage)
        stack.push_async_callback(app.close)
        await load_demo(storage, app.vault)
        await _serve(stack, app)
        await _listen(stack, app, fake)
        yield Program(app, fake, sms)


async def _serve(stack: AsyncExitStack, app: App) -> None:
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, app.settings.host, app.settings.port).start()


async def _listen(stack: AsyncExitStack, app: App, fake: FakeTelegram) -> None:
    channel = TelegramChannel(TOKEN, Pacing(NoHalt(), burst=NO_PACE), fake.url)
    app.channels[channel.name] = channel
    await channel.open()
    stack.push_async_callback(channel.close)
    assert app.telegram is not None
    await stack.enter_async_context(app.telegram)
    stack.push_async_callback(app.stop)
    polling = asyncio.create_task(app.telegram.poll())
    stack.push_async_callback(_cancelled, polling)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _settings(url: str, fake: FakeTelegram, sms: Path, public_url: str) -> Settings:
    values: dict[str, Any] = {
        "database_url": url,
        "secret_key": "a-key-that-seals-what-waits-in-the-inbox",
        "port": _free_port(),
        "public_url": public_url,
        "telegram_token": TOKEN,
        "telegram_api": fake.url,
        "sms_url": f"file:{sms}",
    }
    return Settings(_env_file=None, **values)


def _hidden(page: str) -> dict[str, str]:
    """What a page sends along though nobody has typed it."""
    return {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="(.*?)"', page)
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
