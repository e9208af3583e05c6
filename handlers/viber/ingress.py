"""The handler of `POST /viber`: nothing is acknowledged before it is kept; receipts wait in no line."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channel import Arrival
from bot.clock import Clock, millis, now
from bot.metrics import VIBER_RECEIPTS
from bot.posts import Post, enqueued
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, Text
from handlers.raw import raw_body
from handlers.viber.callbacks import NAME, Callback, arrival_of, read
from handlers.viber.channel import ViberChannel
from storage import conversations, outbox, viber
from storage.base import Conflict, Storage, Unavailable, Write

log = logging.getLogger(__name__)

PATH = "/viber"
SIGNATURE = "X-Viber-Content-Signature"
#: What we ask to be told.
EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
#: Seconds until an answer: for keeping what came, and for what welcomes who opens a chat.
KEEPING, WELCOMING = 1.5, 3.0
_AS_IT_IS = Text("{words}")

Receive = Callable[[Sequence[Arrival]], Awaitable[None]]


class ViberWebhook:
    """`receive` keeps what reaches us (see `bot.inbox`); `sweep` takes up what waits to be said."""

    def __init__(
        self,
        token: str,
        storage: Storage,
        channel: ViberChannel,
        receive: Receive,
        sweep: Callable[[], Awaitable[None]],
        *,
        clock: Clock = now,
    ) -> None:
        self._key = token.encode()
        self._storage, self._channel, self._receive, self._sweep = storage, channel, receive, sweep
        self._clock = clock
        # Each lives as long as somebody holds it or waits for it.
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, request: web.Request) -> web.Response:
        body = await raw_body(request)
        if body is None:
            return web.Response(status=413)
        if not self._is_signed(body, request.headers.get(SIGNATURE) or request.query.get("sig", "")):
            return web.Response(status=403)
        try:
            callback = read(body)
        except ValueError as error:  # repeating it would not make it better
            log.warning("a callback is not to be read: %s", error)
            return web.Response()
        try:
            return await self._taken(callback, body)
        except (Unavailable, TimeoutError) as error:
            log.warning(
                "a callback is left with Viber: event=%s why=%s", callback.event, type(error).__name__
            )
            return web.Response(status=503, headers={"Retry-After": "1"})

    def _is_signed(self, body: bytes, given: str) -> bool:
        made = hmac.new(self._key, body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), made.encode())

    async def _taken(self, callback: Callback, body: bytes) -> web.Response:
        if callback.event == "conversation_started" and callback.chat:
            async with asyncio.timeout(KEEPING + WELCOMING):
                return await self._opened(callback, body)
        async with asyncio.timeout(KEEPING):
            match callback.event:
                case "message" if callback.chat:
                    await self._said(callback, body)
                case "subscribed" if callback.chat:
                    await self._may_speak(callback.chat, viber.met(callback.chat, True, callback.level))
                case "unsubscribed" if callback.chat:
                    await self._left(callback)
                case "delivered" | "seen":
                    await self._arrived(callback)
                case "failed":
                    await self._refused(callback)
                case "webhook":
                    log.info("Viber has found the webhook")
                case other:
                    log.debug("an event of no use to us: event=%s", other)
        return web.Response()

    async def _said(self, callback: Callback, body: bytes) -> None:
        """One of a customer's at a time, so that each knows what came before it."""
        async with self._chats.setdefault(callback.chat, asyncio.Lock()):
            overtaken = callback.timestamp < await self._newest(callback.chat)
            # Late callbacks begin no session: Viber counts from the moment that they were said.
            at = millis(self._clock())
            at = min(at, callback.timestamp or at)
            await self._may_speak(
                callback.chat, viber.heard(callback.chat, at, callback.timestamp, callback.level)
            )
            await self._receive([arrival_of(callback, body, overtaken=overtaken)])

    async def _left(self, callback: Callback) -> None:
        """Unless the customer has written since."""
        async with self._chats.setdefault(callback.chat, asyncio.Lock()):
            if callback.timestamp >= await self._newest(callback.chat):
                await self._storage.commit([viber.subscribed(callback.chat, False), *gone(callback.chat)])

    async def _newest(self, chat: str) -> int:
        """When the newest message of a chat was said, in ms by Viber's clock; 0 without any."""
        rows = await self._storage.read(viber.chat(chat))
        return int(str(rows[0]["newest_at"])) if rows else 0

    async def _may_speak(self, chat: str, known: Write) -> None:
        """Note it; and what was held back goes first."""
        _known, released = await self._storage.commit([known, outbox.release(chat, millis(self._clock()))])
        if released:
            await self._sweep()

    async def _opened(self, callback: Callback, body: bytes) -> web.Response:
        chat = callback.chat
        await self._storage.commit([viber.met(chat, callback.subscribed, callback.level)])
        welcome = await self._channel.answer(
            chat, callback.key, lambda: self._receive([arrival_of(callback, body)]), WELCOMING
        )
        return web.json_response(json.loads(welcome)) if welcome else web.Response()

    async def _arrived(self, callback: Callback) -> None:
        VIBER_RECEIPTS.labels(callback.event).inc()
        await self._channel.noted(callback.chat)
        await self._storage.commit(
            [viber.arrived(callback.token, callback.event == "seen", millis(self._clock()))]
        )

    async def _refused(self, callback: Callback) -> None:
        """The phone did not show it: once more, in words that every phone can show."""
        VIBER_RECEIPTS.labels(callback.event).inc()
        await self._channel.noted(callback.chat)
        rows = await self._storage.read(viber.refused(callback.token))
        log.warning("a phone refused a message: token=%s again=%s", callback.token, bool(rows))
        if not rows:
            return
        chat, words = str(rows[0]["chat"]), str(rows[0]["plain"])
        line = Line((Phrase(_AS_IT_IS, {"words": words}),), plain=True)
        post = Post(chat, NAME, "line", line)
        try:
            await self._storage.commit(
                [viber.said_plainly(callback.token), enqueued(post, millis(self._clock()))]
            )
        except Conflict:
            return  # another of the same reports was faster
        await self._sweep()


def gone(chat: str) -> list[Write]:
    """The customer has left: nothing goes there until they are back."""
    return [outbox.drop_chat(chat, "unsubscribed"), conversations.unreachable(chat)]
