"""Takes what turns have said to the customers: in order within a chat, in the chat's language of the moment.

Every row ends as sent, dropped (the customer is gone) or dead (an operator must look).  A message whose fate
is unknown is sent again, unless its row is careful: then it is rather lost than said twice.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from bot.chains import Chains
from bot.channel import Channel, Gone, Later, Message, Refused, Uncertain, Unreachable
from bot.clock import Clock, millis, now
from bot.metrics import DELIVERED, WAITING
from bot.posts import Post, post_of
from dialogs.engine.lines import Line
from storage import conversations, outbox, prompts
from storage.base import Conflict, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: A chat is tried again at least so often, in seconds: its next answer must not wait for an old outage.
LONGEST_PAUSE = 60.0
#: Tries before a message is given up; with the pauses they last half a day.
MOST_TRIES = 720
#: A message whose fate is unknown is repeated so often, and then believed to have arrived.
MOST_REPEATS = 4
#: Prompts whose messages are known without asking the database.
REMEMBERED = 10_000
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
        self._settled: set[int] = set()  # while somebody looks for what was left
        self._carriers: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._does = {"line": self._show, "edit": self._show, "strip": self._strip, "erase": self._erase}

    def take(self, posts: Sequence[Post]) -> None:
        """Deliver rows that have just been committed."""
        for post in posts:
            if self._known(post):
                continue
            self._held.add(post.id)
            WAITING.inc()
            if post.kind == "edit":
                self._collapse(post)
            self._chains.add(post.chat, post)

    async def recover(self) -> None:
        """Take up what an earlier process left: of rows under way nobody knows the fate."""
        for row in await self._storage.read(outbox.recover()):
            post = post_of(row)
            if row["careful"]:
                await self._settle(post, outbox.dead(post.id, "unknown whether it went out"), "dead")
            else:
                await self._write(outbox.postpone(post.id, self._at(), post.tries + 1, "interrupted"))
        await self.sweep()

    async def sweep(self) -> None:
        """Take up rows that are due and that nobody is at work on."""
        self._settled.clear()
        for name in self._channels:
            while True:
                rows = await self._storage.read(outbox.due(name, self._at(), PAGE))
                fresh = [post for post in map(post_of, rows) if not self._known(post)]
                if not fresh:
                    break
                self.take(fresh)
        self._settled.clear()

    async def drain(self, seconds: float, last: float = 0.0) -> bool:
        """Let what is to be said go out, and what is on its way then for `last` seconds more."""
        return await self._chains.drain(seconds, last)

    def _known(self, post: Post) -> bool:
        return post.id in self._held or post.id in self._settled

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
                if post.careful or post.repeats >= MOST_REPEATS:
                    await self._settle(post, outbox.dead(post.id, f"unknown fate: {uncertain}"), "dead")
                    return
                post = replace(post, tries=post.tries + 1, repeats=post.repeats + 1)
                await self._postponed(post, str(uncertain), None)
            except Exception:  # our own fault: kept for an operator, and the chat goes on
                log.exception("delivery failed: chat=%s row=%d", chat, post.id)
                await self._settle(post, outbox.dead(post.id, "our own fault"), "dead")
                return

    async def _once(self, channel: Channel, post: Post) -> None:
        if post.careful:
            await self._write(outbox.marked(post.id))
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
        if len(self._carriers) > REMEMBERED:
            self._carriers.popitem(last=False)
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
        grown = min(0.5 * 2.0 ** min(post.tries, 10), LONGEST_PAUSE)
        wait = seconds if seconds is not None else grown * (0.5 + self._chance() / 2)
        log.info("delivery postponed: chat=%s tries=%d seconds=%.1f why=%s", post.chat, post.tries, wait, why)
        await self._write(outbox.postpone(post.id, self._at() + int(wait * 1000), post.tries, why))
        await self._pause(wait)

    async def _settle(self, post: Post, fate: Write, name: str, *also: Write) -> None:
        """The end of a row, and what belongs to it even when the row was dropped meanwhile."""
        if not await self._write(fate, *also) and also:
            await self._write(*also)
        self._let_go(post, name)

    async def _write(self, *writes: Write) -> bool:
        """Commit, however long the database is away; False when the row was settled already."""
        while True:
            try:
                await self._storage.commit(writes)
                return True
            except Conflict:
                return False
            except Unavailable as error:
                log.warning("delivery waits for the database: why=%s", error)
                await self._pause(1.0)

    def _let_go(self, post: Post, fate: str) -> None:
        if post.id in self._held:
            self._held.discard(post.id)
            self._settled.add(post.id)
            WAITING.dec()
            DELIVERED.labels(post.channel, fate).inc()

    def _at(self) -> int:
        return millis(self._clock())
