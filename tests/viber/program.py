"""The whole program beside the simulated Viber: phones on one side, browsers on the other."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from bot.app import App
from bot.clock import Clock, now
from bot.demo_register import load_demo
from bot.settings import Settings
from dialogs.engine.text import Text
from handlers.viber.api import ViberApi
from handlers.viber.ingress import EVENTS
from storage.base import Query, Row, Storage, Value
from storage.open import open_storage
from tests.fakes.viber import FakeViber, Shown, ViberUser
from tests.fakes.viber.callbacks import DEADLOCK
from tests.talk.words import pattern

PUBLIC = "https://kesco.example"
#: What a key says; steps may have none.
Label = Text | str | None


class Program:
    """`ekesco run`, with the demo's register, in the test's own loop."""

    def __init__(self, app: App, fake: FakeViber, sms: Path) -> None:
        self.app, self.fake = app, fake
        self._sms = sms
        self.at = f"http://127.0.0.1:{app.settings.port}"

    def visitor(self, language: str, key: str = "arta") -> Visitor:
        return Visitor(self, self.fake.user(key, language=language), language)

    async def settle(self) -> None:
        """Until nothing is under way any more."""
        before = None
        while before != (before := self._happened()):
            await self.fake.settled()
            assert await self.app.inbox.drain(DEADLOCK)
            assert await self.app.delivery.drain(DEADLOCK)
            await self.fake.settled()

    def _happened(self) -> tuple[int, int]:
        """What Viber was asked, and what it has told."""
        return len(self.fake.calls), len(self.fake.callbacks.log)

    async def rows(self, sql: str, **values: Value) -> list[Row]:
        return list(await self.app.storage.read(Query(sql, values)))

    async def code(self) -> str:
        """The code in the newest SMS."""
        assert await self.app.delivery.drain(DEADLOCK)
        (code,) = re.findall(r"\b\d{6}\b", self.letters()[-1]["text"])
        return str(code)

    def letters(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self._sms.read_text().splitlines()]

    async def fetch(self, address: str) -> tuple[bytes, str]:
        """What a browser finds at an address of ours: the body, and what kind it is said to be."""
        async with aiohttp.ClientSession(self.at) as browser, browser.get(urlsplit(address).path) as answer:
            assert answer.status == 200, answer.status
            return await answer.read(), answer.content_type

    async def bank_calls(self, order: str) -> int:
        """What the sandbox tells us over HTTP; its own call goes to an address that is not there."""
        told = {"order": order}
        async with (
            aiohttp.ClientSession(self.at) as bank,
            bank.post("/payments/sandbox", json=told) as answer,
        ):
            return answer.status

    async def fill_in(self, address: str, typed: Mapping[str, str]) -> tuple[int, str]:
        """Open a page in a browser and send it off: the status, and where it led or what it said."""
        path = urlsplit(address).path
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(self.at))
        async with aiohttp.ClientSession(self.at, cookie_jar=jar) as browser:
            async with browser.get(path) as shown:
                hidden = _hidden(await shown.text())
            async with browser.post(path, data={**hidden, **typed}, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Location", "") or unescape(await answer.text())


class Visitor:
    """A customer who waits for the answer to everything they do."""

    def __init__(self, program: Program, phone: ViberUser, language: str) -> None:
        self._program, self.phone, self.language = program, phone, language
        self._seen = 0

    async def opens(self, context: str = "") -> None:
        await self.does(lambda: self.phone.open(context))

    async def says(self, words: str, answer: Text | None = None) -> Shown:
        return await self.does(lambda: self.phone.say(words), answer)

    async def presses(self, label: Label, answer: Text | None = None) -> Shown:
        """A key of the keyboard beneath the chat, by its label behind number and icon."""
        return await self.does(lambda: self.phone.press(self.key(label)), answer)

    async def does(self, act: Callable[[], object], answer: Text | None = None) -> Shown:
        self.listens()
        act()
        await self._program.settle()
        if answer is not None:
            assert self.hears(answer), f"{answer.msgid!r} was not said, but {self.news}"
        return self.phone.last

    def listens(self) -> None:
        """News are what is said from now on."""
        self._seen = len(self.phone.heard)

    @property
    def news(self) -> list[str]:
        """What was said since the customer's last deed."""
        return self.phone.texts[self._seen :]

    def hears(self, text: Text) -> bool:
        said = pattern(text, self.language)
        return any(said.search(words_shown(news)) for news in self.news)

    def key(self, label: Label) -> str:
        """What the key with this label reads, behind its icon and with what stands in its placeholders."""
        found = self.keys(label)
        assert found, f"no {label!r} in {self.phone.labels}"
        return found[-1]

    def key_with(self, words: str) -> str:
        """The first key on which these words are."""
        found = [each for each in self.phone.labels if words in each]
        assert found, f"no {words!r} in {self.phone.labels}"
        return found[0]

    def keys(self, label: Label, on: Shown | None = None) -> list[str]:
        """The keys with this label, of the keyboard beneath the chat or of an earlier one."""
        assert label is not None
        words = re.escape(label) if isinstance(label, str) else pattern(label, self.language).pattern
        labels = self.phone.labels if on is None else [each for row in on.rows for each in row]
        return [each for each in labels if re.fullmatch(f"(?:.* )?(?:{words})", each)]


def words_shown(text: str) -> str:
    """A text without the marks that Viber takes for bold, and what keeps others from being marks."""
    return re.sub(r"\*([^*]+)\*", r"\1", text).replace("\u2060", "").replace("\u200b", "")


@asynccontextmanager
async def running(
    url: str,
    fake: FakeViber,
    folder: Path,
    clock: Clock = now,
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    around: Callable[[Storage], Storage] = lambda storage: storage,
    **settings: Any,
) -> AsyncIterator[Program]:
    """The program on one database, until it is left; Viber calls it.  `around` puts something before it."""
    sms = folder / "sms.jsonl"
    async with AsyncExitStack() as stack:
        storage = around(open_storage(url))
        stack.push_async_callback(storage.close)
        app = App(_settings(url, fake, sms, settings), storage, clock=clock, pause=pause)
        stack.push_async_callback(app.close)
        await load_demo(storage, app.vault, clock)
        runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, app.settings.host, app.settings.port).start()
        api = ViberApi(fake.token, fake.url)
        await api.set_webhook(f"http://127.0.0.1:{app.settings.port}/viber", EVENTS)
        await api.close()
        assert app.viber is not None
        await stack.enter_async_context(app.viber)
        stack.push_async_callback(app.stop)
        yield Program(app, fake, sms)


def _settings(url: str, fake: FakeViber, sms: Path, more: Mapping[str, Any]) -> Settings:
    values: dict[str, Any] = {
        "database_url": url,
        "secret_key": "a-key-that-seals-what-waits-in-the-inbox",
        "port": _free_port(),
        "public_url": PUBLIC,
        "viber_token": fake.token,
        "viber_api": fake.url,
        "sms_url": f"file:{sms}",
        **more,
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
