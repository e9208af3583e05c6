"""The handler of `POST /viber`: nothing is acknowledged before it is kept; receipts wait in no line."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channel import Arrival
from bot.clock import Clock, millis, now
from bot.metrics import VIBER_RECEIPTS
from handlers.raw import raw_body
from handlers.viber.again import said_again
from handlers.viber.callbacks import Callback, arrival_of, read
from handlers.viber.channel import ViberChannel
from storage import conversations, inbox, outbox, viber
from storage.base import Storage, Unavailable, Write

log = logging.getLogger(__name__)

PATH = "/viber"
SIGNATURE = "X-Viber-Content-Signature"
#: What we ask to be told.
EVENTS = ("delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started")
#: Seconds until an answer: for keeping what came, and for what welcomes who opens a chat.
KEEPING, WELCOMING = 1.5, 3.0
#: Milliseconds that Viber's clock may be ahead of ours: what is more is an error of one of them.
AHEAD = 3_600_000


class Receive(Protocol):
    """Keeps what reached us, and `also` what belongs to it, in one commit."""

    async def __call__(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None: ...


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
                    await self._joined(callback)
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
            newest = await self._moment(callback.chat, "newest_at")
            said_at = self._happened(callback, newest)
            overtaken = said_at < newest
            # Late callbacks begin no session: Viber counts from the moment that they were said.
            at = min(said_at, millis(self._clock()))
            await self._may_speak(callback.chat, [viber.heard(callback.chat, at, said_at, callback.level)])
            arrival = arrival_of(callback, body, overtaken=overtaken)
            await self._receive([arrival], [viber.kept(callback.chat, said_at)])

    async def _joined(self, callback: Callback) -> None:
        """Unless the customer has left since."""
        chat = callback.chat
        async with self._chats.setdefault(chat, asyncio.Lock()):
            at = self._happened(callback)
            if at >= await self._moment(chat, "standing_at"):
                joined = viber.joined(chat, at, callback.level)
                await self._may_speak(chat, [joined, conversations.back(chat)])

    async def _left(self, callback: Callback) -> None:
        """Unless the customer has written or subscribed since."""
        async with self._chats.setdefault(callback.chat, asyncio.Lock()):
            at = self._happened(callback)
            if at >= await self._moment(callback.chat, "standing_at"):
                await self._storage.commit([viber.left(callback.chat, at), *gone(callback.chat)])

    def _happened(self, callback: Callback, newest: int = 0) -> int:
        """When, in ms by Viber's clock; where that is not said, or cannot be, now and after the `newest`.

        What comes after a clock that was wrong must not seem to be old.
        """
        at = millis(self._clock())
        return callback.timestamp if 0 < callback.timestamp <= at + AHEAD else max(at, newest)

    async def _moment(self, chat: str, which: str) -> int:
        """What is known of a chat, in ms by Viber's clock; 0: nothing."""
        rows = await self._storage.read(viber.chat(chat))
        return int(str(rows[0][which])) if rows else 0

    async def _may_speak(self, chat: str, writes: Sequence[Write] = ()) -> None:
        """Note it; and what was held back goes first."""
        *_noted, released = await self._storage.commit([*writes, outbox.release(chat, millis(self._clock()))])
        if released:
            await self._sweep()

    async def _opened(self, callback: Callback, body: bytes) -> web.Response:
        chat = callback.chat
        async with asyncio.timeout(KEEPING):
            await self._storage.commit([viber.met(chat, callback.subscribed, callback.level)])
        arrival = arrival_of(callback, body)
        welcome = await self._channel.answer(
            chat, callback.key, lambda: self._begun(chat, arrival), WELCOMING
        )
        return web.json_response(json.loads(welcome)) if welcome else web.Response()

    async def _begun(self, chat: str, arrival: Arrival) -> None:
        """Let the turn begin.  One of an earlier try may have ended while nobody was there to be welcomed."""
        again = await self._storage.read(inbox.kept(arrival.channel, arrival.key))
        await self._receive([arrival])
        if again:
            await self._may_speak(chat)

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
        log.warning("a phone refused a message: token=%s", callback.token)
        at = millis(self._clock())
        await self._storage.commit([viber.failed(callback.token, callback.chat, at)])
        if await said_again(self._storage, callback.token, at):
            await self._sweep()


def gone(chat: str) -> list[Write]:
    """The customer has left: nothing goes there until they are back."""
    return [outbox.drop_chat(chat, "unsubscribed"), conversations.unreachable(chat)]
