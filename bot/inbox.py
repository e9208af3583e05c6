"""What reaches us is kept before it is confirmed, then taken up in order: in a chat one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.chains import Chains
from bot.channel import Arrival
from bot.clock import Clock, millis, moment, now
from bot.seal import Broken, Seal
from storage import inbox
from storage.base import Conflict, Row, Storage, Unavailable, Write

log = logging.getLogger(__name__)

#: Updates in memory at once; what comes beyond waits with its sender.
MOST_WAITING = 5000
#: An update that was begun so often without an end is set aside: it may be what ends the process.
MOST_TRIES = 5
PAGE = 500


@dataclass(frozen=True, slots=True)
class Update:
    """An update that is safe in the inbox and waits for its turn."""

    arrival: Arrival
    received_at: datetime
    again: bool = False  # an earlier process may have begun it


class Inbox:
    """`work` takes up one update at a time in each chat; it returns when the update is done or set aside.

    `give_up` sets one aside that was begun too often, and tells the customer.
    """

    def __init__(
        self,
        storage: Storage,
        seal: Seal,
        work: Callable[[Update], Awaitable[None]],
        give_up: Callable[[Update], Awaitable[None]],
        clock: Clock = now,
    ) -> None:
        self._storage, self._seal, self._clock = storage, seal, clock
        self._work, self._give_up = work, give_up
        self._chains: Chains[Update | Callable[[], Awaitable[None]]] = Chains(self._take_up)
        self._held: set[tuple[str, str]] = set()
        self._done: set[tuple[str, str]] = set()  # while somebody looks for what was left
        self._room = asyncio.Event()
        self._room.set()

    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None:
        """Keep updates, known ones ignored, with what else belongs to them; return when it is committed.

        Raises `Unavailable`: then nothing may be confirmed.  Who stops waiting does not stop the keeping:
        what has been committed is taken up in any case.
        """
        await self._room.wait()
        await asyncio.shield(asyncio.ensure_future(self._keep(arrivals, also)))

    async def _keep(self, arrivals: Sequence[Arrival], also: Sequence[Write]) -> None:
        at = self._clock()
        kept = await self._storage.commit([*(self._kept(a, at) for a in arrivals), *also])
        for arrival, rows in zip(arrivals, kept, strict=False):
            if rows:
                self._queue(Update(arrival, at))

    async def recover(self) -> int:
        """Take up what is kept and nobody is at work on; how many updates that were.

        An earlier process left them, or a commit that held though its answer was lost.
        """
        self._done.clear()
        found, last = 0, 0
        while rows := await self._storage.read(inbox.waiting(PAGE, last)):
            for row in rows:
                last = int(str(row["seq"]))
                found += await self._recovered(row)
        return found

    @property
    def at_work(self) -> int:
        """Chats that have turns to come."""
        return self._chains.at_work

    def in_turn(self, chat: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something else in the order of a chat, such as waking its conversation."""
        self._chains.add(chat, work)

    async def drain(self, seconds: float) -> bool:
        """Let the turns in flight end."""
        return await self._chains.drain(seconds)

    def _kept(self, arrival: Arrival, at: datetime) -> Write:
        sealed = self._seal.close(arrival.body, _about(arrival.channel, arrival.key))
        return inbox.receive(arrival.channel, arrival.key, arrival.chat, sealed, millis(at))

    async def _recovered(self, row: Row) -> bool:
        channel, key, chat = str(row["channel"]), str(row["key"]), str(row["chat"])
        if (channel, key) in self._held or (channel, key) in self._done:
            return False
        try:
            body = self._seal.open(bytes(row["body"] or b""), _about(channel, key))  # type: ignore[arg-type]
        except Broken:
            await self._aside(channel, key, "sealed under another key")
            return False
        received_at = moment(int(str(row["received_at"])))
        self._queue(Update(Arrival(channel, key, chat, body), received_at, again=True))
        return True

    async def _aside(self, channel: str, key: str, why: str) -> None:
        log.error("update set aside: channel=%s key=%s why=%s", channel, key, why)
        with suppress(Conflict):  # it was done meanwhile
            await self._storage.commit([inbox.fail(channel, key, why)])

    def _queue(self, update: Update) -> None:
        self._held.add((update.arrival.channel, update.arrival.key))
        if len(self._held) >= MOST_WAITING:
            self._room.clear()
        self._chains.add(update.arrival.chat, update)

    async def _take_up(self, chat: str, item: Update | Callable[[], Awaitable[None]]) -> None:
        if not isinstance(item, Update):
            await item()
            return
        name = (item.arrival.channel, item.arrival.key)
        try:
            spoilt = item.again and await self._tries(item.arrival) > MOST_TRIES
            await (self._give_up(item) if spoilt else self._work(item))
        finally:
            self._done.add(name)
            self._held.discard(name)
            if len(self._held) < MOST_WAITING:
                self._room.set()

    async def _tries(self, arrival: Arrival) -> int:
        """Count a try before it is made, so that an update which ends the process is known for it."""
        try:
            ((row,),) = await self._storage.commit([inbox.tried(arrival.channel, arrival.key)])
        except (Conflict, Unavailable):
            return 0  # done meanwhile, or no time to count
        return int(str(row["tries"]))


def _about(channel: str, key: str) -> str:
    return f"{channel}\0{key}"
