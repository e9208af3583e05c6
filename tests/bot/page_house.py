"""The program as far as one-time pages go: a chat, its turns, and the pages that turns have opened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - so that all tables are known
from bot.channel import Arrival
from bot.clock import millis
from bot.forms import FORM, Intake, OneTimePages, PageEar
from bot.forms_port import Closed, Opened, Refused, Taken
from bot.gateways.registry.local import LocalRegistry
from bot.inbox import Inbox
from bot.pages import address
from bot.posts import Post
from bot.seal import Seal
from bot.services.passwords import Passwords
from bot.services.ports import Means
from bot.services.vault import Vault
from bot.turn import Hears, Turns
from bot.undelivered import LETTERS, LetterEar
from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation
from dialogs.engine.lines import Line
from dialogs.engine.steps import Dialog
from dialogs.engine.text import Text
from storage import inbox
from storage.base import Conflict, Query, Row, Storage, Write
from tests.talk.channel import TalkChannel

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHAT = "telegram:ana"
KEY = "a key of tests"
PUBLIC_URL = "https://chat.example"


class Overtaken:
    """A storage in which others are faster: so many commits with that guard do not hold."""

    def __init__(self, inner: Storage) -> None:
        self._inner = inner
        self.guard, self.times = "", 0

    async def read(self, query: Query) -> Sequence[Row]:
        return await self._inner.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        if self.times and any(write.guard == self.guard for write in writes):
            self.times -= 1
            raise Conflict(self.guard)
        return await self._inner.commit(writes)

    async def close(self) -> None:
        await self._inner.close()


class Keeps:
    """Takes updates in, and nobody takes them up: the process ends before it gets to them."""

    def __init__(self, storage: Storage, seal: Seal, at: datetime) -> None:
        self._storage, self._seal, self._at = storage, seal, at

    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None:
        kept = [
            inbox.receive(
                a.channel, a.key, a.chat, self._seal.close(a.body, f"{a.channel}\0{a.key}"), millis(self._at)
            )
            for a in arrivals
        ]
        await self._storage.commit([*kept, *also])


class PageHouse:
    """One process.  What it has to say is in `posts`, newest last."""

    def __init__(self, storage: Storage, book: Book, vault: Vault | None = None) -> None:
        self.storage, self.vault = Overtaken(storage), vault or Vault(KEY)
        self.at = START
        self.posts: list[Post] = []
        self.seal = Seal(KEY)
        self._keys = count()
        passwords = Passwords(*self.vault.all_derived("password"))
        self.means = Means(self.storage, LocalRegistry(self.storage), self.vault, passwords)
        self.deploy(book)

    def deploy(self, book: Book) -> None:
        """A new process on the same database, with these dialogs."""
        self.book = book
        channels = {"telegram": TalkChannel("telegram")}
        ears: dict[str, Hears] = {FORM: PageEar(book), LETTERS: LetterEar()}
        self.turns = Turns(self.storage, book, channels, self.posts.extend, self.means, ears=ears)
        self.inbox = Inbox(self.storage, self.seal, self.turns.take, self.turns.give_up, self.clock)
        self.pages = self._pages(self.inbox)

    def dies_before_the_turn(self) -> None:
        """What pages take in is committed, and then the process ends: `deploy` is what comes after it."""
        self.pages = self._pages(Keeps(self.storage, self.seal, self.at))

    def _pages(self, intake: Intake) -> OneTimePages:
        return OneTimePages(self.storage, self.book, self.turns, self.means, intake, clock=self.clock)

    def clock(self) -> datetime:
        return self.at

    # -- what happens ----------------------------------------------------------------------------------

    async def hear(self, what: Mapping[str, object], chat: str = CHAT) -> None:
        self.at += timedelta(seconds=5)
        arrival = Arrival("telegram", f"{chat} {next(self._keys)}", chat, json.dumps(what).encode())
        await self.inbox.receive([arrival])
        await self.rest()

    async def rest(self) -> None:
        assert await self.inbox.drain(20)

    async def opens(self, dialog: type[Dialog], *answers: str, chat: str = CHAT) -> None:
        """To the question after these answers."""
        await self.hear({"tap": "lang:en"}, chat)
        await self.hear({"tap": f"start:{dialog.__name__}"}, chat)
        for answer in answers:
            await self.hear({"say": answer}, chat)

    async def press(self, option: str, chat: str = CHAT) -> None:
        asked = (await self.conversation(chat)).asked
        await self.hear({"tap": f"{asked}:{option}"}, chat)

    async def submit(self, token: str, viewer: str | None = None, **typed: str) -> Taken | Refused | Closed:
        outcome = await self.pages.submit(token, typed, viewer)
        await self.rest()
        return outcome

    async def open(self, token: str) -> Opened | Closed:
        return await self.pages.open(token)

    # -- what can be seen ------------------------------------------------------------------------------

    def token(self) -> str:
        """Of the page whose button was shown last."""
        return self.tokens()[-1]

    def tokens(self) -> list[str]:
        """Of every page that was offered, oldest first."""
        urls = [
            option.url for line in self.lines for option in line.options if option.url.startswith("page:")
        ]
        return [address(url, self.vault, PUBLIC_URL, "en").rpartition("/")[2] for url in urls]

    @property
    def lines(self) -> list[Line]:
        return [post.line for post in self.posts if post.line is not None]

    def said(self, text: Text) -> bool:
        """Whether this was said since the start."""
        return any(phrase.text == text for line in self.lines for phrase in line.body)

    @property
    def asks(self) -> str:
        return self.lines[-1].asks

    async def conversation(self, chat: str = CHAT) -> Conversation:
        return await self.turns.conversation(chat)

    async def told(self, name: str, chat: str = CHAT) -> object:
        found = (await self.conversation(chat)).top.told.get(name)
        return found.value if found else None

    async def rows(self, sql: str, **params: str | int) -> list[Row]:
        return list(await self.storage.read(Query(sql, params)))

    async def holds(self, words: str) -> list[str]:
        """The tables in which some words stand, in any column."""
        found = []
        for table in SQLModel.metadata.tables:
            rows = await self.rows(f"select * from {table}")
            if any(_stands(words, value) for row in rows for value in row.values()):
                found.append(table)
        return found


def _stands(words: str, value: object) -> bool:
    return words.encode() in value if isinstance(value, bytes) else words in str(value)
