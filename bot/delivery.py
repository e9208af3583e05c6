"""Takes what turns have said to the customers: in order within a chat and channel, in the chat's language.

Every row ends as sent, dropped (the customer is gone, or it came too late) or dead (an operator must look).
What goes to the chat itself is shown (`bot.showing`), SMS and e-mails are sent (`bot.mailing`): they wait for
each other in nothing.  Whether a message whose fate is unknown goes out again, those two say.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.chains import Chains
from bot.channel import Channel, Held, Later, Refused, Uncertain, Unreachable
from bot.clock import Clock, millis, now
from bot.mailing import Mailing
from bot.metrics import DELIVERED, WAITING
from bot.posts import Claim, Expired, Failed, Post, Taken, Undelivered, post_of
from bot.services.post import read_order
from bot.showing import Render, Showing
from storage import conversations, outbox
from storage.base import Conflict, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: A chat is tried again at least so often, in seconds: its next answer must not wait for an old outage.
LONGEST_PAUSE = 60.0
#: Tries before a message is given up; with the pauses they last half a day.
MOST_TRIES = 720
PAGE = 200


class Outlet(Protocol):
    """Where rows go out."""

    def may_repeat(self, post: Post) -> bool:
        """Whether a post may go out again when nobody knows what became of it."""
        ...

    async def hand_over(self, post: Post, claim: Claim) -> list[Write]:
        """Send a post, and return what is to be remembered of it.  Raises the errors of `bot.channel`."""
        ...


async def _nobody(undelivered: Undelivered) -> None:
    log.warning("nobody is told: chat=%s kind=%s", undelivered.chat, undelivered.kind)


class Delivery:
    """One for the process.  `render` makes a line a message; `language` tells what a chat speaks now.

    `mail` sends SMS and e-mails; without it they wait in the outbox.  `failed` is told of those that their
    recipients cannot get, before the row is given up: after a crash it may be told again.
    """

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        render: Render,
        language: Callable[[str], Awaitable[str]],
        *,
        mail: Mailing | None = None,
        failed: Failed = _nobody,
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._storage, self._channels, self._mail, self._failed = storage, channels, mail, failed
        self._showing = Showing(storage, channels, render, language)
        self._clock, self._pause, self._chance = clock, pause, chance
        self._chains: Chains[Post] = Chains(self._deliver)
        self._held: set[int] = set()
        self._settled: set[int] = set()  # while somebody looks for what was left
        self._resting = 0

    def take(self, posts: Sequence[Post]) -> None:
        """Deliver rows that have just been committed."""
        for post in posts:
            if self._known(post) or post.channel not in self._served():
                continue
            self._held.add(post.id)
            WAITING.inc()
            if post.kind == "edit":
                self._collapse(post)
            self._chains.add(_queue(post), post)

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
        for name in self._served():
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

    @property
    def at_work(self) -> int:
        """Chats to which something is on its way."""
        return self._chains.at_work - self._resting

    @property
    def resting(self) -> int:
        """Chats whose channel has to be tried again later."""
        return self._resting

    def _served(self) -> tuple[str, ...]:
        """The channels whose rows go out; more may be added after this was made."""
        return (*self._channels, *(self._mail.carriers if self._mail else ()))

    def _outlet(self, post: Post) -> Outlet:
        if self._mail is not None and post.channel in self._mail.carriers:
            return self._mail
        return self._showing

    def _known(self, post: Post) -> bool:
        return post.id in self._held or post.id in self._settled

    def _collapse(self, newest: Post) -> None:
        """Of edits of one prompt that wait, only the newest is worth showing."""
        queue = self._chains.waiting(_queue(newest))
        for post in [p for p in queue if p.kind == "edit" and p.prompt == newest.prompt]:
            queue.remove(post)
            self._let_go(post, "collapsed")

    async def _deliver(self, _key: str, post: Post) -> None:
        """Try until the row is settled."""
        outlet = self._outlet(post)
        while True:
            try:
                await self._once(outlet, post)
                return
            except Unavailable as error:
                log.warning("delivery waits for the database: chat=%s why=%s", post.chat, error)
                await self._pause(1.0)
            except Later as later:
                post = replace(post, tries=post.tries + 1)
                if post.tries >= MOST_TRIES:
                    await self._settle(post, outbox.dead(post.id, str(later)), "dead")
                    return
                await self._postponed(post, str(later), later.seconds)
            except Uncertain as uncertain:
                if post.tries >= MOST_TRIES or not outlet.may_repeat(post):
                    await self._settle(post, outbox.dead(post.id, f"unknown fate: {uncertain}"), "dead")
                    return
                post = replace(post, tries=post.tries + 1, repeats=post.repeats + 1)
                await self._postponed(post, str(uncertain), None)
            except Exception:  # our own fault: kept for an operator, and the chat goes on
                log.exception("delivery failed: chat=%s row=%d", post.chat, post.id)
                await self._settle(post, outbox.dead(post.id, "our own fault"), "dead")
                return

    async def _once(self, outlet: Outlet, post: Post) -> None:
        try:
            also = await outlet.hand_over(post, lambda: self._claim(post))
        except Taken:
            self._let_go(post, "taken")
        except Expired:
            log.info("too late to be sent: chat=%s row=%d kind=%s", post.chat, post.id, post.kind)
            await self._settle(post, outbox.dropped(post.id, "expired"), "dropped")
        except Held:
            log.info("held until the customer writes: chat=%s row=%d", post.chat, post.id)
            await self._hold(post)
        except Unreachable as gone:
            log.info("chat unreachable: chat=%s why=%s", post.chat, gone)
            await self._write(outbox.drop_chat(post.chat, str(gone)), conversations.unreachable(post.chat))
            self._let_go(post, "dropped")
        except Refused as refused:
            log.error("message refused: chat=%s row=%d why=%s", post.chat, post.id, refused)
            if post.order:
                await self._tell(post)
            await self._settle(post, outbox.dead(post.id, f"refused: {refused}"), "dead")
        else:
            await self._settle(post, outbox.sent(post.id), "sent", *also)

    async def _hold(self, post: Post) -> None:
        """Let it wait for the customer's word, and all that is said after it."""
        await self._write(outbox.hold(post.chat, post.channel))
        behind = self._chains.waiting(_queue(post))
        for each in (post, *behind):
            self._let_go(each, "held")
        behind.clear()
        if await self._channels[post.channel].may_push(post.chat):  # they wrote this very moment
            await self._write(outbox.release(post.chat, self._at()))
            await self.sweep()

    async def _tell(self, post: Post) -> None:
        """Let the conversation know that a letter cannot arrive."""
        challenge = read_order(post.order).awaited
        while True:
            try:
                await self._failed(Undelivered(f"undelivered:{post.id}", post.chat, post.kind, challenge))
                return
            except Unavailable as error:
                log.warning("delivery waits for the database: chat=%s why=%s", post.chat, error)
                await self._pause(1.0)

    async def _claim(self, post: Post) -> None:
        """Mark a row before it goes out.  Raises `Taken` when it is not ours to send any more."""
        unsure = False
        while True:
            try:
                if unsure and await self._is_marked(post):
                    return  # by us: the answer to our commit was lost
                await self._storage.commit([outbox.marked(post.id)])
                return
            except Conflict:
                raise Taken from None
            except Unavailable as error:
                unsure = True
                log.warning("delivery waits for the database: chat=%s why=%s", post.chat, error)
                await self._pause(1.0)

    async def _is_marked(self, post: Post) -> bool:
        rows = await self._storage.read(outbox.state(post.id))
        return [row["state"] for row in rows] == ["sending"]

    async def _postponed(self, post: Post, why: str, seconds: float | None) -> None:
        grown = min(0.5 * 2.0 ** min(post.tries, 10), LONGEST_PAUSE)
        wait = seconds if seconds is not None else grown * (0.5 + self._chance() / 2)
        log.info("delivery postponed: chat=%s tries=%d seconds=%.1f why=%s", post.chat, post.tries, wait, why)
        await self._write(outbox.postpone(post.id, self._at() + int(wait * 1000), post.tries, why))
        self._resting += 1
        try:
            await self._pause(wait)
        finally:
            self._resting -= 1

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


def _queue(post: Post) -> str:
    """What waits for each other: posts of one chat on one channel."""
    return f"{post.channel} {post.chat}"
