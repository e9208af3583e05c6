"""The real program around a test channel: storage, inbox, turns, delivery and timers, and a clock to move."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channel import Arrival, Channel, Message
from bot.claiming import CLAIMS, ClaimEar
from bot.clock import millis, moment
from bot.delivery import Delivery
from bot.demo_register import load_demo
from bot.forms import FORM, OneTimePages, PageEar
from bot.gateways.payments.sandbox import Sandbox
from bot.gateways.registry.local import LocalRegistry
from bot.inbox import Inbox
from bot.joining import JOINED, JoinEar
from bot.mailing import Mailing
from bot.money_in import PAYMENTS
from bot.noticing import NOTICES, NoticeEar
from bot.pages import addressed
from bot.payments import PaymentDesk, PaymentEar
from bot.seal import Seal
from bot.services.our_payments import WithPayments
from bot.services.passwords import Passwords
from bot.services.ports import Claims, Means
from bot.services.vault import Vault
from bot.timers import Timers
from bot.turn import Turns
from bot.undelivered import LETTERS, LetterEar, Undeliverable
from dialogs.book import book
from dialogs.engine.book import Book
from dialogs.engine.conversation import Conversation
from dialogs.engine.lines import Line, Picture
from dialogs.engine.memory import recall, remember
from handlers.render import Painter, render
from locales.speaker import Speaker
from storage import conversations, inbox, timers
from storage.base import Query, Row
from storage.open import open_storage
from tests.talk.channel import TalkChannel
from tests.talk.faults import FaultyStorage, WatchedBank
from tests.talk.post import PostOffice
from tests.talk.words import EAR, SPEAKERS, left_in_english

#: A Monday in winter, ten in the morning in Kosovo.
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOOK = book(EAR)
SECRET = "a secret of the tests"
VAULT = Vault(SECRET)
PASSWORDS = Passwords(*VAULT.all_derived("password"))
PUBLIC_URL = "https://chat.example"
FAR = datetime(2100, 1, 1, tzinfo=UTC)
#: More wake-ups in one wait than any conversation asks for.
MOST_WAKES = 20


def _picture(picture: Picture, speaker: Speaker) -> bytes:
    """Stands for the drawing, which has tests of its own and takes 50 ms."""
    return f"{picture.painter} {speaker.language}".encode()


class World:
    """One process on one database.  `restart` is what a new process finds there."""

    def __init__(
        self,
        url: str,
        channel: str,
        *,
        book: Book = BOOK,
        at: datetime = MORNING,
    ) -> None:
        self.url, self.book, self.at = url, book, at
        self.first_book = book
        self.claims: Claims = "notify"
        self.channel = TalkChannel(channel)
        self.channels: dict[str, Channel] = {channel: self.channel}
        #: Where a chat of a channel opens by a link.
        self.invitations: dict[str, str] = {}
        self.complaints: list[str] = []
        #: How many updates are set aside, and messages given up, when all went as the test says.
        self.set_aside = self.given_up = 0
        self._painters: Mapping[str, Painter] = {"bars": _picture, "bill": _picture, "consumption": _picture}
        self.post = PostOffice()
        self._start()

    def _start(self) -> None:
        self.storage = FaultyStorage(open_storage(self.url))
        self.delivery = Delivery(
            self.storage,
            self.channels,
            self._render,
            self._language,
            mail=Mailing(
                {"sms": self.post, "email": self.post},
                lambda language, phrase: SPEAKERS[language].plain(phrase),
                VAULT.code,
                self._language,
                clock=self.clock,
                pause=self.pause,
                chance=lambda: 1.0,
                passed=lambda: self.at.timestamp(),
            ),
            failed=lambda undelivered: Undeliverable(self.inbox).tell(undelivered),
            clock=self.clock,
            pause=self.pause,
            chance=lambda: 1.0,
        )
        self.registry = WithPayments(LocalRegistry(self.storage), self.storage)
        self.turns = self.more_turns()
        self.inbox = Inbox(self.storage, Seal(SECRET), self.turns.take, self.turns.give_up, self.clock)
        self.pages = OneTimePages(
            self.storage, self.book, self.turns, self.means, self.inbox, clock=self.clock
        )
        self.bank = Sandbox(self.storage, "https://bank.example/", clock=self.clock)
        self.at_bank = WatchedBank(self.bank)
        self.payments = PaymentDesk(
            self.means,
            self.at_bank,
            self.inbox,
            self.turns.language,
            "https://kesco.example",
            clock=self.clock,
        )
        self.timers = Timers(self.storage, self.inbox, self.turns, clock=self.clock, pause=self.pause)
        asyncio.get_running_loop().set_exception_handler(self._in_background)

    def more_turns(self) -> Turns:
        """What a second process on the same database would have."""
        self.means = Means(
            self.storage,
            self.registry,
            VAULT,
            PASSWORDS,
            claims=self.claims,
            invitations=lambda: self.invitations,
        )
        return Turns(
            self.storage,
            self.book,
            self.channels,
            self.delivery.take,
            self.means,
            ears={
                FORM: PageEar(self.book),
                LETTERS: LetterEar(),
                NOTICES: NoticeEar(),
                CLAIMS: ClaimEar(),
                JOINED: JoinEar(),
                PAYMENTS: PaymentEar(),
            },
            pause=self.pause,
        )

    @property
    def other_kind(self) -> str:
        return "viber" if self.channel.name == "telegram" else "telegram"

    def second_channel(self, name: str = "") -> TalkChannel:
        """A channel of the other kind beside the first, which opens by a link."""
        kind = self.other_kind
        name = name or kind
        channel = TalkChannel(name, kind)
        self.channels[name] = channel
        self.invitations[name] = f"https://{name}.example/kesco?start="
        return channel

    async def fill(self) -> None:
        """The register of the demo, with its people and their bills."""
        await load_demo(self.storage, VAULT, self.clock)

    def draw_with(self, painters: Mapping[str, Painter]) -> None:
        self._painters = painters

    def clock(self) -> datetime:
        return self.at

    async def pause(self, seconds: float) -> None:
        """Time passes when the program waits for it."""
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def settle(self) -> None:
        """Everything that was begun ends: turns first, then what they said."""
        assert await self.inbox.drain(20), "a turn does not end"
        assert await self.delivery.drain(20), "a delivery does not end"

    async def restart(self, book: Book | None = None) -> None:
        """The process is gone, whatever it was doing; a new one, perhaps with other dialogs, takes up."""
        await self.kill()
        self.book = book or self.book
        self._start()
        await self.delivery.recover()
        await self.inbox.recover()
        await self.settle()

    async def kill(self) -> None:
        """End everything that is under way, wherever it is."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.storage.close()
        self.channel.stuck = False

    async def close(self) -> None:
        """The end of a test: nothing waits, nothing failed that should not, nothing was left in English."""
        failed = await self.rows("select key, error from inbox where state <> 'done'")
        unsaid = await self.rows(
            "select id, body, state, error from outbox where state not in ('sent', 'dropped')"
        )
        await self.storage.close()
        asyncio.get_running_loop().set_exception_handler(None)
        assert len(failed) == self.set_aside, failed
        assert len(unsaid) == self.given_up, unsaid
        assert not self.complaints, self.complaints

    async def sweep(self) -> None:
        """What the program does every few seconds, so that nothing committed is forgotten."""
        await self.inbox.recover()
        await self.delivery.sweep()
        await self.settle()

    async def both(self, one: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
        """Two turns that come to their commits at the same moment."""
        self.storage.meeting = asyncio.Barrier(2)
        await asyncio.gather(one, other)
        await self.settle()

    async def keep_update(self, arrival: Arrival) -> None:
        """Put an update into the inbox for whoever takes it up."""
        sealed = Seal(SECRET).close(arrival.body, f"{arrival.channel}\0{arrival.key}")
        write = inbox.receive(arrival.channel, arrival.key, arrival.chat, sealed, millis(self.at))
        await self.storage.commit([write])

    async def look(self) -> None:
        await self.timers.look()
        await self.settle()

    async def wait(self, **time: float) -> None:
        """Time passes, and each timer goes off in its moment."""
        until = self.at + timedelta(**time)
        for _ in range(MOST_WAKES):
            due = await self.next_timer()
            if due is None or due > until:
                break
            self.at = max(self.at, due)
            await self.look()
        else:
            raise AssertionError("timers go round in circles")
        self.at = max(self.at, until)
        await self.look()

    async def next_timer(self) -> datetime | None:
        """When the next timer of a chat that can be reached goes off."""
        rows = await self.storage.read(timers.due(millis(FAR), 1))
        return moment(int(str(rows[0]["due_at"]))) if rows else None

    async def rows(self, sql: str, **params: Any) -> Sequence[Row]:
        return await self.storage.read(Query(sql, params))

    async def conversation(self, chat: str) -> Conversation:
        """What the database holds of a chat; reading and writing it again must not change it."""
        rows = await self.storage.read(conversations.load(chat))
        if not rows:
            return Conversation()
        state = str(rows[0]["state"])
        kept = recall(state, self.book.dialogs)
        assert recall(remember(kept), self.book.dialogs) == kept
        return kept

    async def keep(self, chat: str, conversation: Conversation) -> None:
        """Put a chat where a test wants it."""
        rows = await self.storage.read(conversations.load(chat))
        rev = int(str(rows[0]["rev"])) if rows else 0
        state = remember(conversation)
        write = conversations.save(chat, rev, conversation.language, state, millis(self.at))
        await self.storage.commit([write])

    async def _render(self, line: Line, language: str, channel: Channel) -> Message:
        for msgid in left_in_english(line, language):
            self.complaints.append(f"not translated to {language}: {msgid}")
        line = addressed(line, VAULT, PUBLIC_URL, language)
        return render(line, SPEAKERS[language], channel.capabilities, self._painters)

    async def _language(self, chat: str) -> str:
        return await self.turns.language(chat)

    def _in_background(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        with contextlib.suppress(Exception):
            self.complaints.append(f"{context.get('message')}: {context.get('exception')!r}")
