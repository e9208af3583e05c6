"""Takes what turns have said to the customers: in order within a chat, in the chat's language of the moment.

Every row ends as sent, dropped (the customer is gone) or dead (an operator must look).  A message whose fate
is unknown is sent again when it is a question, and never when it was marked as careful.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.chains import Chains
from bot.channel import Channel, Gone, Later, Message, Refused, Uncertain, Unreachable
from bot.clock import Clock, millis, now
from bot.metrics import DELIVERED, WAITING
from bot.turn import Post
from dialogs.engine.letters import read_line
from dialogs.engine.lines import Line
from storage import conversations, outbox, prompts
from storage.base import Conflict, Row, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: Tries before a message is given up; with the pauses below they last about half a day.
MOST_TRIES = 20
LONGEST_PAUSE = 3600.0
#: A message whose fate is unknown is repeated so often, and then believed to have arrived.
MOST_REPEATS = 2
PAGE = 200

Render = Callable[[Line, str, Channel], Awaitable[Message]]


class Delivery:
    """One for the process.  `render` makes a line a message; `language` tells what a chat speaks now."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        render: Render,
        language: Callable[[str], Awaitable[str]],
        *,
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._storage, self._channels, self._render, self._language = storage, channels, render, language
        self._clock, self._pause, self._chance = clock, pause, chance
        self._chains: Chains[Post] = Chains(self._deliver)
        self._held: set[int] = set()
        self._carriers: dict[tuple[str, int], str] = {}
        self._does = {"line": self._show, "edit": self._show, "strip": self._strip, "erase": self._erase}

    def take(self, posts: Sequence[Post]) -> None:
        """Deliver rows that have just been committed."""
        for post in posts:
            if post.id in self._held:
                continue
            self._held.add(post.id)
            WAITING.inc()
            if post.kind == "edit":
                self._collapse(post)
            self._chains.add(post.chat, post)

    async def recover(self) -> None:
        """Take up what an earlier process left: of rows under way nobody knows the fate."""
        for row in await self._storage.read(outbox.recover()):
            post = _post(row)
            if row["careful"]:
                await self._settle(post, outbox.dead(post.id, "unknown whether it went out"), "dead")
            else:
                await self._write(outbox.postpone(post.id, self._at(), post.tries + 1, "interrupted"))
        await self.sweep()

    async def sweep(self) -> None:
        """Take up rows that are due and that nobody is at work on."""
        for name in self._channels:
            while True:
                rows = await self._storage.read(outbox.due(name, self._at(), PAGE))
                fresh = [_post(row) for row in rows if row["id"] not in self._held]
                if not fresh:
                    break
                self.take(fresh)

    async def drain(self, seconds: float, last: float = 0.0) -> bool:
        """Let what is to be said go out, and what is on its way then for `last` seconds more."""
        return await self._chains.drain(seconds, last)

    def _collapse(self, newest: Post) -> None:
        """Of edits of one prompt that wait, only the newest is worth showing."""
        queue = self._chains.waiting(newest.chat)
        for post in [p for p in queue if p.kind == "edit" and p.prompt == newest.prompt]:
            queue.remove(post)
            self._let_go(post, "collapsed")

    async def _deliver(self, chat: str, post: Post) -> None:
        """Try until the row is settled."""
        channel = self._channels[post.channel]
        while True:
            try:
                await self._once(channel, post)
                return
            except Unavailable as error:
                log.warning("delivery waits for the database: chat=%s why=%s", chat, error)
                await self._pause(1.0)
            except Later as later:
                post = replace(post, tries=post.tries + 1)
                if post.tries >= MOST_TRIES:
                    await self._settle(post, outbox.dead(post.id, str(later)), "dead")
                    return
                await self._postponed(post, str(later), later.seconds)
            except Uncertain as uncertain:
                if post.tries >= MOST_REPEATS:
                    await self._settle(post, outbox.dead(post.id, f"unknown fate: {uncertain}"), "dead")
                    return
                post = replace(post, tries=post.tries + 1)
                await self._postponed(post, str(uncertain), None)
            except Exception:
                log.exception("delivery failed: chat=%s row=%d", chat, post.id)
                await self._settle(post, outbox.dead(post.id, "our own fault"), "dead")
                return

    async def _once(self, channel: Channel, post: Post) -> None:
        try:
            also = await self._does[post.kind](channel, post)
        except Unreachable as gone:
            log.info("chat unreachable: chat=%s why=%s", post.chat, gone)
            await self._write(outbox.drop_chat(post.chat, str(gone)), conversations.unreachable(post.chat))
            self._let_go(post, "dropped")
            return
        except Refused as refused:
            log.error("message refused: chat=%s row=%d why=%s", post.chat, post.id, refused)
            await self._settle(post, outbox.dead(post.id, f"refused: {refused}"), "dead")
            return
        await self._settle(post, outbox.sent(post.id), "sent", *also)

    async def _strip(self, channel: Channel, post: Post) -> list[Write]:
        carrier = await self._carrier(post.chat, post.prompt)
        if carrier and channel.capabilities.edits:
            await channel.strip(post.chat, carrier)
        self._carriers.pop((post.chat, post.prompt), None)
        return [prompts.forget(post.chat, post.prompt)]

    async def _erase(self, channel: Channel, post: Post) -> list[Write]:
        await channel.erase(post.chat, post.message_id)
        return []

    async def _show(self, channel: Channel, post: Post) -> list[Write]:
        assert post.line is not None
        language = await self._language(post.chat)
        message = await self._render(post.line, language, channel)
        before = await self._carrier(post.chat, post.prompt) if post.prompt else None
        if before and channel.capabilities.edits:
            if post.kind == "edit" and await self._edited(channel, post, before, message, language):
                return []
            await channel.strip(post.chat, before)
        sent = await self._sent(channel, post, message, language)
        if not post.prompt:
            return []
        self._carriers[post.chat, post.prompt] = sent
        return [prompts.remember(post.chat, post.prompt, sent)]

    async def _edited(
        self, channel: Channel, post: Post, before: str, message: Message, language: str
    ) -> bool:
        try:
            await channel.edit(post.chat, before, message, language)
        except Gone:
            return False
        return True

    async def _sent(self, channel: Channel, post: Post, message: Message, language: str) -> str:
        try:
            return await channel.send(post.chat, message, language)
        except Refused as refused:
            if message.image is None:
                raise
            log.error("picture refused, words sent: chat=%s why=%s", post.chat, refused)
            return await channel.send(post.chat, replace(message, image=None), language)

    async def _carrier(self, chat: str, prompt: int) -> str | None:
        """The id of the message that carries a prompt."""
        known = self._carriers.get((chat, prompt))
        if known is not None:
            return known
        rows = await self._storage.read(prompts.message_of(chat, prompt))
        return str(rows[0]["message_id"]) if rows else None

    async def _postponed(self, post: Post, why: str, seconds: float | None) -> None:
        grown = min(0.5 * 2.0**post.tries, LONGEST_PAUSE)
        wait = seconds if seconds is not None else grown * (0.5 + self._chance() / 2)
        log.info("delivery postponed: chat=%s tries=%d seconds=%.1f why=%s", post.chat, post.tries, wait, why)
        await self._write(outbox.postpone(post.id, self._at() + int(wait * 1000), post.tries, why))
        await self._pause(wait)

    async def _settle(self, post: Post, fate: Write, name: str, *also: Write) -> None:
        await self._write(fate, *also)
        self._let_go(post, name)

    async def _write(self, *writes: Write) -> None:
        """Commit, however long the database is away; a row that is settled already is no matter."""
        while True:
            try:
                await self._storage.commit(writes)
                return
            except Conflict:
                return
            except Unavailable as error:
                log.warning("delivery waits for the database: why=%s", error)
                await self._pause(1.0)

    def _let_go(self, post: Post, fate: str) -> None:
        if post.id in self._held:
            self._held.discard(post.id)
            WAITING.dec()
            DELIVERED.labels(post.channel, fate).inc()

    def _at(self) -> int:
        return millis(self._clock())


def _post(row: Row) -> Post:
    kind = str(row["kind"])
    body = str(row["body"])
    line = read_line(body) if kind in ("line", "edit") else None
    number, prompt, tries = (int(str(row[name])) for name in ("id", "prompt", "tries"))
    return Post(number, str(row["chat"]), str(row["channel"]), kind, line, prompt, tries, body)
