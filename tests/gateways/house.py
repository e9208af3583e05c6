"""Delivery with its gateways on a real database, under a clock that moves when a test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.channel import Channel, Message, Span
from bot.clock import millis
from bot.delivery import Delivery
from bot.gateways.carrier import Carrier, Parcel
from bot.mailing import Mailing
from bot.posts import Post, Undelivered, enqueued, numbered, posted
from bot.services.post import CodeOf, LetterName, Ordered, Value, write_order
from bot.services.vault import Vault
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, verbatim
from locales.speaker import Speaker
from storage import outbox
from storage.base import Query, Row, Storage, Unavailable, Write
from storage.open import open_storage
from tests.talk.channel import TalkChannel
from tests.talk.faults import FaultyStorage

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAULT = Vault("a key of the tests")
SPEAKERS = {code: Speaker(code, strict=True) for code in ("en", "sq", "sr", "sr_Cyrl")}


class UnderWay:
    """Counts what waits for the world outside, so that time stands still meanwhile."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._idle.set()

    async def over(self) -> None:
        """Until nothing is under way, and nothing begins."""
        quiet = 0
        while quiet < 20:
            await self._idle.wait()
            await asyncio.sleep(0)
            quiet = 0 if self._count else quiet + 1


class SlowTime:
    """A clock whose sleepers wake one after the other, each when all else has come to rest."""

    def __init__(self, under_way: UnderWay) -> None:
        self.passed = 0.0
        self._under_way, self._order = under_way, itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return MORNING + timedelta(seconds=self.passed)

    async def pause(self, seconds: float) -> None:
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.passed + seconds, next(self._order), wake))
        await wake

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due in it."""
        end = self.passed + seconds
        await self._under_way.over()
        while self._sleepers and self._sleepers[0][0] <= end:
            at, _, wake = heapq.heappop(self._sleepers)
            self.passed = max(self.passed, at)
            if not wake.done():
                wake.set_result(None)
            await self._under_way.over()
        self.passed = end


class Counted:
    """A storage whose work is counted."""

    def __init__(self, inner: Storage, under_way: UnderWay) -> None:
        self._inner, self._under_way = inner, under_way

    async def read(self, query: Query) -> Sequence[Row]:
        async with self._under_way.one():
            return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        async with self._under_way.one():
            return await self._inner.commit(writes)

    async def close(self) -> None:
        await self._inner.close()


class Watched:
    """A carrier whose work is counted; `carried` is every parcel it was given."""

    def __init__(self, inner: Carrier, under_way: UnderWay, carried: list[Parcel]) -> None:
        self._inner, self._under_way, self._carried = inner, under_way, carried

    @property
    def keyed(self) -> bool:
        return self._inner.keyed

    async def carry(self, parcel: Parcel) -> None:
        self._carried.append(parcel)
        async with self._under_way.one():
            await self._inner.carry(parcel)

    async def close(self) -> None:
        await self._inner.close()


class House:
    """One process at a time on one database; `open` is a process that begins."""

    def __init__(self, url: str, carriers: Mapping[str, Carrier]) -> None:
        self._url, self._carriers = url, carriers
        self.under_way = UnderWay()
        self.time = SlowTime(self.under_way)
        self.languages: dict[str, str] = {}
        self.undelivered: list[Undelivered] = []
        self.deaf = 0  # how often the conversation cannot be told
        self.carried: list[Parcel] = []
        self.channel = TalkChannel("viber")

    def open(self) -> None:
        self.faults = FaultyStorage(open_storage(self._url))
        self.storage = Counted(self.faults, self.under_way)
        watched = {k: Watched(c, self.under_way, self.carried) for k, c in self._carriers.items()}
        self.mail = Mailing(
            watched,
            lambda language, phrase: SPEAKERS[language].plain(phrase),
            VAULT.code,
            self._language,
            clock=self.time.now,
            pause=self.time.pause,
            chance=lambda: 1.0,
            passed=lambda: self.time.passed,
        )
        channels: dict[str, Channel] = {"viber": self.channel}
        self.delivery = Delivery(
            self.storage,
            channels,
            _render,
            self._language,
            mail=self.mail,
            failed=self._failed,
            clock=self.time.now,
            pause=self.time.pause,
            chance=lambda: 1.0,
        )

    async def restart(self) -> None:
        """The process ends, whatever was under way, and a new one takes up what it left."""
        await self.close()
        self.open()
        await self.delivery.recover()
        await self.rest()

    async def close(self) -> None:
        await self.delivery.drain(0.0)
        await self.mail.close()
        await self.storage.close()

    async def order(
        self,
        to: str = "+38344123456",
        *,
        chat: str = "viber:ana",
        kind: str = "sms",
        letter: LetterName = LetterName.PASSWORD_CHANGED,
        values: Mapping[str, Value] | None = None,
        language: str | None = "en",
        expires: float | None = None,
        take: bool = True,
    ) -> int:
        """A turn orders a letter, and hands it to delivery; `expires` in seconds from now."""
        at = millis(self.time.now())
        until = None if expires is None else at + int(expires * 1000)
        body = write_order(Ordered(to, letter, values or {}, language, until))
        write = outbox.enqueue(chat, kind, kind, body, at, careful=True)
        (rows,) = await self.storage.commit([write])
        post = posted(write, rows)
        assert post is not None
        if take:
            self.delivery.take([post])
        return post.id

    async def order_code(self, challenge: str = "c1", **about: object) -> int:
        values: dict[str, Value] = {"code": CodeOf(challenge), "minutes": 5}
        return await self.order(letter=LetterName.CODE, values=values, **about)  # type: ignore[arg-type]

    async def say(self, words: str, chat: str = "viber:ana") -> None:
        post = Post(chat, "viber", "line", Line((verbatim(words),)))
        (rows,) = await self.storage.commit([enqueued(post, millis(self.time.now()))])
        self.delivery.take([numbered(post, rows)])

    async def rest(self) -> None:
        await self.under_way.over()

    async def state(self, id: int) -> tuple[object, object]:
        """The state of a row, and its error."""
        query = Query("select state, error from outbox where id = :id", {"id": id})
        (row,) = await self.storage.read(query)
        return row["state"], row["error"]

    def said(self, chat: str = "viber:ana") -> list[str]:
        return [shown.text for shown in self.channel.screen(chat).shown]

    async def _language(self, chat: str) -> str:
        return self.languages.get(chat, "en")

    async def _failed(self, undelivered: Undelivered) -> None:
        if self.deaf:
            self.deaf -= 1
            raise Unavailable("away")
        self.undelivered.append(undelivered)


async def _render(line: Line, language: str, channel: Channel) -> Message:
    return Message(tuple(Span(_words(phrase)) for phrase in line.body))


def _words(phrase: Phrase) -> str:
    return str(phrase.values["words"])
