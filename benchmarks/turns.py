"""The whole turn: raw JSON, inbox, models, dialog, one durable commit with what is said; and its delivery."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import uvloop
from pydantic import SecretStr

from benchmarks.figures import Figures, percentiles
from benchmarks.steps import Updates
from bot.app import App, tune
from bot.channel import Message
from bot.inbox import Inbox
from bot.seal import Seal
from bot.settings import Settings
from bot.turn import Turns
from dialogs.book import book
from handlers.telegram.arrivals import arrival_of
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.limiter import Pacing
from handlers.telegram.run import StoredHalt
from locales.ear import Ear
from storage.base import Storage
from storage.migrate import migrate
from storage.open import open_storage
from tests.fakes.telegram import TOKEN

AT_ONCE = 64


class Silent(TelegramChannel):
    """Hears as Telegram does; what it is given to say is said at once and to nobody."""

    async def send(self, chat: str, message: Message, language: str) -> str:
        return "1"

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        return

    async def strip(self, chat: str, message_id: str) -> None:
        return


class Bench:
    """The program's parts, and a way to wait for the end of a turn.

    Without `delivering`, what turns say stays in the outbox.
    """

    def __init__(self, storage: Storage, channel: TelegramChannel, *, delivering: bool = True) -> None:
        self.app = App(Settings(secret_key=SecretStr("a-key"), telegram_token=SecretStr("")), storage)
        self.app.channels[channel.name] = channel
        self.inbox = self.app.inbox
        if not delivering:
            turns = Turns(storage, book(Ear()), self.app.channels, lambda posts: None, self.app.means)
            self.inbox = Inbox(storage, Seal("a-key"), turns.take, turns.give_up)
        self.took: list[float] = []
        self._updates = Updates()

    async def run(self, chats: int, turns: int) -> float:
        """Seconds for `turns` turns, of which `AT_ONCE` are under way at any moment."""
        rounds = -(-turns // chats)
        rows = [range(n, chats, AT_ONCE) for n in range(AT_ONCE)]
        bodies = [[self._updates.next(1 + chat) for _ in range(rounds) for chat in row] for row in rows]
        began = time.perf_counter()
        await asyncio.gather(*map(self._customers, bodies))
        return time.perf_counter() - began

    async def _customers(self, bodies: Sequence[bytes]) -> None:
        """Chats in rotation; each speaks again when its last turn has ended."""
        for body in bodies:
            await self._update(body)

    async def _update(self, body: bytes) -> None:
        began = time.perf_counter()
        arrival, done = arrival_of(body), asyncio.Event()

        async def ended() -> None:
            done.set()

        await self.inbox.receive([arrival])
        self.inbox.in_turn(arrival.chat, ended)
        await done.wait()
        self.took.append(time.perf_counter() - began)


def silent(folder: Path) -> Figures:
    """The same, with what they say rendered and settled, and sent to nobody."""
    return uvloop.run(_silent(folder, delivering=True))


def committed(folder: Path) -> Figures:
    """Turns a second until they are durable; what they say stays in the outbox."""
    return uvloop.run(_silent(folder, delivering=False))


def delivered(folder: Path) -> Figures:
    """The same until the last message is out, over HTTP to a Telegram in a process of its own."""
    with served() as telegram:
        return uvloop.run(_delivered(folder, telegram))


async def _silent(folder: Path, *, delivering: bool) -> Figures:
    chats, turns = 200, 6000
    silent = _bench(folder, lambda s: Silent(TOKEN, Pacing(StoredHalt(s))), delivering=delivering)
    async with silent as bench:
        rate = turns / await bench.run(chats, turns)
        await bench.app.delivery.drain(60)
        p50, p99 = percentiles(bench.took)
        _check(folder, turns)
    return {
        f"turns a second, {AT_ONCE} at once, {'said to nobody' if delivering else 'no delivery'}": rate,
        "  of them half within, ms": p50,
        "  of them 99 % within, ms": p99,
    }


async def _delivered(folder: Path, telegram: str) -> Figures:
    """Chats enough that Telegram's pace of one message a second after five slows none of them."""
    chats, turns = 800, 3200
    await _introduce(telegram, chats)
    async with _bench(folder, lambda s: TelegramChannel(TOKEN, Pacing(StoredHalt(s)), telegram)) as bench:
        seconds = await bench.run(chats, turns)
        p50, p99 = percentiles(bench.took)
        waited = time.perf_counter()
        assert await bench.app.delivery.drain(60)
        seconds += time.perf_counter() - waited
        _check(folder, turns)
    return {
        f"turns a second, {AT_ONCE} at once, delivered": turns / seconds,
        "  of them committed half within, ms": p50,
        "  of them committed 99 % within, ms": p99,
    }


@asynccontextmanager
async def _bench(
    folder: Path, speaking: Callable[[Storage], TelegramChannel], *, delivering: bool = True
) -> AsyncIterator[Bench]:
    url = f"sqlite:///{folder}/bench.db"
    migrate(url)
    storage = open_storage(url)
    channel = speaking(storage)
    await channel.open()
    bench = Bench(storage, channel, delivering=delivering)
    tune()
    yield bench
    await channel.close()
    await storage.close()


def _check(folder: Path, turns: int) -> None:
    """What was measured has happened."""
    with sqlite3.connect(folder / "bench.db") as db:
        ((logged, failed),) = db.execute(
            "select (select count(*) from turn_log), (select count(*) from inbox where state = 'failed')"
        )
    assert (logged, failed) == (turns, 0), f"{logged} of {turns} turns, {failed} failed"


@contextmanager
def served() -> Iterator[str]:
    """A fast fake of Telegram in a process of its own; its address."""
    command = [sys.executable, "-m", "tests.fakes.telegram", "--lean"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


async def _introduce(telegram: str, chats: int) -> None:
    said = [{"user": chat, "text": "hello"} for chat in range(1, 1 + chats)]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{telegram}/control/say", json=said) as answer,
    ):
        answer.raise_for_status()
