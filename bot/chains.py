"""Work in order within a key, side by side between keys."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Chains(Generic[T]):
    """A queue and a task for every key that has work, and none for those that have not.

    What `work` raises is logged and ends that item alone: those behind it are done all the same.
    """

    def __init__(self, work: Callable[[str, T], Awaitable[None]]) -> None:
        self._work = work
        self._queues: dict[str, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def __len__(self) -> int:
        """Items that wait, or are being worked on, in keys with work."""
        return sum(len(queue) for queue in self._queues.values()) + len(self._tasks)

    @property
    def at_work(self) -> int:
        """Keys that have work."""
        return len(self._queues)

    def add(self, key: str, item: T) -> None:
        """Queue an item behind the others of its key."""
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(item)
            return
        self._queues[key] = deque([item])
        self._idle.clear()
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def waiting(self, key: str) -> deque[T]:
        """The items of a key that are not begun; whoever calls may take some out."""
        return self._queues.get(key, deque())

    async def drain(self, seconds: float, last: float = 0.0) -> bool:
        """Let what is queued end; False when it did not within `seconds`.

        Then what is not begun is left alone, and what is under way has `last` seconds more.
        """
        if await self._idle_within(seconds):
            return True
        for queue in self._queues.values():
            queue.clear()
        await self._idle_within(last)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return False

    async def _idle_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
            return True
        except TimeoutError:
            return False

    async def _done(self, key: str, item: T) -> None:
        try:
            await self._work(key, item)
        except Exception:  # one item must not take those behind it along
            log.exception("work failed: key=%s", key)

    async def _run(self, key: str) -> None:
        queue = self._queues[key]
        try:
            while queue:
                await self._done(key, queue.popleft())
        finally:
            del self._queues[key]
            if not self._queues:
                self._idle.set()
