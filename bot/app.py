"""Puts the program together.  The only module that knows every part by name.

Where do I add a channel?  A folder in `handlers/` with a `Channel`, and a few lines in `App` below.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.bill_watch import BillWatch
from bot.bulk import MOST_BUSY, MOST_RESTING, BulkLane
from bot.carriers import carriers
from bot.channel import Channel, Invites, Message
from bot.claiming import CLAIMS, ClaimEar, Claiming
from bot.clock import Clock, now
from bot.delivery import Delivery
from bot.demo_register import demo_people, load_demo
from bot.files import Files
from bot.forms import FORM, OneTimePages, PageEar
from bot.gateways.demo_phone import DemoPhone
from bot.gateways.payments.open import open_payments
from bot.gateways.payments.sandbox import Sandbox
from bot.gateways.registry.open import open_registry
from bot.housekeeping import tidy_up
from bot.inbox import Inbox
from bot.joining import JOINED, JoinEar, Joining
from bot.mailing import Mailing
from bot.money_in import PAYMENTS
from bot.noticing import NOTICES, NoticeEar, Noticing
from bot.pages import addressed
from bot.payment_breaker import Spared
from bot.payments import PaymentDesk, PaymentEar
from bot.posts import Undelivered
from bot.seal import Seal
from bot.services.my_account import may_be_written_to
from bot.services.our_payments import WithPayments
from bot.services.passwords import EVEN_SECONDS, Passwords
from bot.services.ports import Means
from bot.services.vault import Vault
from bot.settings import Settings
from bot.timers import Timers
from bot.turn import Turns
from bot.undelivered import LETTERS, LetterEar, Undeliverable
from dialogs.book import addresses_named, book
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, Text
from handlers.documents import document
from handlers.painters import PAINTERS
from handlers.render import render
from handlers.web.channel import WebChannel
from handlers.web.documents import DocumentDesk
from handlers.web.forms import FormDesk
from handlers.web.listeners import Listeners
from handlers.web.pay import PayDesk
from handlers.web.server import build_web
from locales.ear import Ear
from locales.languages import LANGUAGES
from locales.speaker import Speaker
from storage.alone import alone
from storage.base import Query, Storage, Unavailable
from storage.migrate import migrate
from storage.open import open_storage

if TYPE_CHECKING:
    from handlers.telegram.run import Telegram
    from handlers.viber.run import Viber

log = logging.getLogger(__name__)

#: Seconds to end when the program is asked to stop: for turns, for what they said, and for what is on its
#: way then.  Together with open requests they stay below ten.
TURNS_END, WORDS_END, LAST_WORDS_END, REQUESTS_END = 3.0, 3.0, 1.5, 2.0
SWEEP_SECONDS = 15.0
#: Questions a second to a register outside about bills that nobody has asked for.
QUESTIONS = 5.0
#: Seconds that a process before this one has to end, in a deploy.
PREDECESSOR_ENDS = 12.0


class App:
    """The whole program in one process.  `pause` is how it waits to say again what did not go out."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        *,
        demo: bool = False,
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.settings, self.storage, self._clock = settings, storage, clock
        self.speakers = {code: Speaker(code) for code in LANGUAGES}
        self.listeners = Listeners()
        self.channels: dict[str, Channel] = {"web": WebChannel(storage, self.listeners, clock)}
        self.vault = Vault(*settings.keys())
        self.registry = open_registry(
            settings.registry_url.get_secret_value(), storage, settings.registry_token.get_secret_value()
        )
        passwords = Passwords(*self.vault.all_derived("password"), even_seconds=EVEN_SECONDS)
        self.means = Means(
            storage,
            WithPayments(self.registry, storage),
            self.vault,
            passwords,
            settings.regions(),
            settings.meter_claims,
            self._invitations,
        )
        self.mailing = Mailing(
            carriers(settings, DemoPhone(storage, self.listeners.notify, clock) if demo else None),
            lambda language, phrase: self.speakers[language].plain(phrase),
            self.vault.code,
            self._language,
            clock=clock,
        )
        self.delivery = Delivery(
            storage,
            self.channels,
            self._render,
            self._language,
            mail=self.mailing,
            failed=self._undelivered,
            clock=clock,
            pause=pause,
        )
        self.book = book(Ear())
        self.turns = Turns(
            storage,
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
        )
        self.inbox = Inbox(storage, Seal(*settings.keys()), self.turns.take, self.turns.give_up, clock)
        self.pages = OneTimePages(storage, self.book, self.turns, self.means, self.inbox, clock)
        provider = open_payments(
            "sandbox:" if demo else settings.payments_url.get_secret_value(),  # invented people pay nothing
            storage,
            f"{self._public_url()}/sandbox/",
            settings.payments_password.get_secret_value(),
            clock=clock,
        )
        #: The pretended bank, where it is the one that takes the cards.
        self.sandbox = provider if isinstance(provider, Sandbox) else None
        self.provider = Spared(provider)
        self.payments = PaymentDesk(
            self.means, self.provider, self.inbox, self._language, self._public_url(), clock=clock
        )
        self.timers = Timers(storage, self.inbox, self.turns, clock=clock)
        self.files = Files(storage, self._language, self.vault, clock=clock)
        self.web = build_web(
            storage=storage,
            intake=self.inbox,
            listeners=self.listeners,
            speak=lambda language, msgid: self.say(language, Text(msgid)),
            secret_key=settings.keys()[0].encode(),
            public_url=settings.public_url,
            demo=demo,
            people=demo_people() if demo else (),
            forms=FormDesk(
                self.pages,
                lambda language, phrase: self.speakers[language].plain(phrase),
                settings.telegram_token.get_secret_value(),
                self._telegram_name,
            ),
            payments=PayDesk(
                self.payments,
                lambda language, phrase: self.speakers[language].plain(phrase),
                self._public_url(),
                self.sandbox,
            ),
            documents=DocumentDesk(
                self.files,
                lambda picture, language: document(picture, self._speaker(language)),
            ),
            probes={"database": self._database_answers},
            clock=clock,
        )
        self.viber = self._viber() if settings.viber_token.get_secret_value() else None
        self.telegram = self._telegram() if settings.telegram_token.get_secret_value() else None

    def say(self, language: str, text: Text) -> str:
        return self.speakers[language].plain(Phrase(text))

    def _viber(self) -> Viber:
        from handlers.viber.run import Viber
        from handlers.viber.words import key_words

        viber = Viber(
            self.settings,
            self.storage,
            self.inbox.receive,
            self.delivery.sweep,
            words=lambda language: key_words(self.speakers[language]),
            host=self._hosted,
            wants=self._may_be_written_to,
            named=addresses_named(),
            clock=self._clock,
        )
        self.channels[viber.channel.name] = viber.channel
        viber.add_routes(self.web.router)
        return viber

    async def _hosted(self, chat: str, png: bytes) -> str:
        """Where a picture can be fetched by who cannot be handed one."""
        return f"{self._public_url()}/file/{await self.files.host(chat, png)}.png"

    async def _may_be_written_to(self, chat: str) -> bool:
        return await may_be_written_to(self.means.turn(chat, self._clock(), "written to"))

    async def may_push(self, chat: str) -> bool:
        """Whether something may be said there now that nobody has asked for."""
        channel = self.channels.get(chat.partition(":")[0])
        return channel is not None and await channel.may_push(chat)

    def _telegram(self) -> Telegram:
        # Loaded only where it is used: its two libraries take seconds and some 170 MB.
        from handlers.telegram.run import Telegram
        from handlers.telegram.words import faces

        telegram = Telegram(self.settings, self.storage, self.inbox, faces(self.say))
        self.channels[telegram.channel.name] = telegram.channel
        telegram.add_routes(self.web.router)
        return telegram

    async def _render(self, line: Line, language: str, channel: Channel) -> Message:
        line = addressed(line, self.vault, self._base(channel), language, self._public_url())
        speaker = self._speaker(language)
        if line.picture is None:
            return render(line, speaker, channel.capabilities)
        # Drawing takes some 50 ms, which no other chat should wait for.
        return await asyncio.to_thread(render, line, speaker, channel.capabilities, PAINTERS)

    def _speaker(self, language: str) -> Speaker:
        return self.speakers.get(language) or self.speakers["sq"]

    async def _undelivered(self, undelivered: Undelivered) -> None:
        await Undeliverable(self.inbox).tell(undelivered)

    def _invitations(self) -> Mapping[str, str]:
        """Where a chat of each channel opens by a link, as far as that is known by now."""
        inviting = {
            name: each.invitation for name, each in self.channels.items() if isinstance(each, Invites)
        }
        return {name: address for name, address in inviting.items() if address}

    def _telegram_name(self) -> str:
        return self.telegram.channel.username if self.telegram else ""

    def _base(self, channel: Channel) -> str:
        """Where our pages are found: a browser that shows the chat is there already."""
        return "" if channel.name == "web" else self._public_url()

    def _public_url(self) -> str:
        settings = self.settings
        return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"

    async def _language(self, chat: str) -> str:
        return await self.turns.language(chat)

    async def _database_answers(self) -> None:
        await self.storage.read(Query("select 1 as one"))

    async def recover(self) -> None:
        """Take up what an earlier process left behind."""
        await self.delivery.recover()
        if left := await self.inbox.recover():
            log.info("taken up what was left waiting: updates=%d", left)

    async def sweep(self) -> None:
        """Until cancelled: see that nothing which was committed is forgotten."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.inbox.recover()
                await self.delivery.sweep()
            except Unavailable as error:
                log.warning("no look at what may wait: why=%s", error)

    def is_busy(self) -> bool:
        """Whether so much is under way that what nobody waits for should wait."""
        at_work = max(self.inbox.at_work, self.delivery.at_work)
        return at_work > MOST_BUSY or self.delivery.resting > MOST_RESTING

    def bill_watch(self) -> BillWatch:
        if self.settings.registry_url.get_secret_value() == "local:":
            return BillWatch(self.means)
        return BillWatch(self.means, BulkLane(self.is_busy, rate=QUESTIONS))

    async def close(self) -> None:
        """Let go of what is open outside."""
        await self.mailing.close()
        await self.provider.close()
        await self.registry.close()

    async def stop(self) -> None:
        """Let what is in flight end.  What does not is taken up by the next start."""
        turned = await self.inbox.drain(TURNS_END)
        told = await self.delivery.drain(WORDS_END, LAST_WORDS_END)
        log.info("stopped" if turned and told else "stopped with work left for the next start")


async def serve(settings: Settings, *, demo: bool = False) -> None:
    """Run until SIGTERM or SIGINT."""
    async with AsyncExitStack() as stack:
        watch = Watch(stack)
        await stack.enter_async_context(alone(settings.database_url, PREDECESSOR_ENDS))
        migrate(settings.database_url)
        storage = open_storage(settings.database_url)
        stack.push_async_callback(storage.close)
        app = App(settings, storage, demo=demo)
        if app.sandbox is not None and not demo:
            log.warning("payments are pretended: the sandbox takes the cards, and no money moves")
        stack.push_async_callback(app.close)
        if demo and await load_demo(storage, app.vault):
            log.info("the demo's register is filled")
        tune()
        # Able to speak before the first word is taken up, and until the last is out.
        if app.telegram is not None:
            await stack.enter_async_context(app.telegram)
        if app.viber is not None:
            await stack.enter_async_context(app.viber)
        stack.push_async_callback(app.stop)
        await app.recover()
        watch.start(app.timers.run())
        watch.start(app.sweep())
        watch.start(tidy_up(app.means))
        watch.start(app.payments.run())
        watch.start(app.bill_watch().run())
        watch.start(Noticing(app.means, app.inbox, BulkLane(app.is_busy), app.may_push).run())
        watch.start(Claiming(app.means, app.inbox).run())
        watch.start(Joining(app.means, app.inbox).run())
        await _listen(stack, app)
        if app.telegram is not None and settings.telegram_mode == "polling":
            watch.start(app.telegram.poll())
        await watch.over()
        log.info("stopping")


def tune() -> None:
    """Set the interpreter for a process that has loaded what it needs and works under load."""
    # A busy event loop would keep the database's threads waiting for the interpreter ten times as long.
    sys.setswitchinterval(0.0005)
    # What is loaded stays: to look through it for garbage again and again cost a quarter of every turn.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


async def _listen(stack: AsyncExitStack, app: App) -> None:
    runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=REQUESTS_END)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, app.settings.host, app.settings.port)
    await site.start()
    log.info("open http://%s:%d", app.settings.host, app.settings.port)


class Broken(Exception):
    """The program stopped because a part of it had failed."""


class Watch:
    """Over the parts in the background: the program ends on SIGTERM, SIGINT, or when one of them dies."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._over = asyncio.Event()
        self._failure: BaseException | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._over.set)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a part until the stack is left."""
        task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(self._ended)
        self._stack.push_async_callback(_cancelled, task)

    async def over(self) -> None:
        """Until the end.  Raises `Broken` when a part has died."""
        await self._over.wait()
        if self._failure is not None:
            raise Broken("a part of the program has died; the log says why") from self._failure

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("a part of the program has died", exc_info=error)
            self._failure = error
            self._over.set()


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
