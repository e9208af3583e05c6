"""Updates that wait for the bot, and the two ways to it.

Confirmation is Telegram's: polling confirms by the next offset, a webhook by any 2xx, and nothing else does.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from tests.fakes.telegram.rules import Refusal

Json = dict[str, Any]
TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Updates:
    """What has happened and is not confirmed yet."""

    def __init__(self, first: int, noticed: Callable[[], None]) -> None:
        self.pending: dict[int, Json] = {}
        self.confirmed: list[int] = []
        self.copies = 1
        self.allowed: list[str] | None = None
        self.hook: Hook | None = None
        self._next = first
        self._noticed = noticed
        self.polls = 0
        self._news = asyncio.Event()

    def add(self, kind: str, content: Json) -> int:
        return self.put({"update_id": self._next, kind: content}, kind)

    def put(self, update: Json, kind: str = "") -> int:
        """Queue an update; of a kind that the bot did not ask for only the number is used up."""
        number = self._next
        self._next += 1
        if not kind or self.allowed is None or kind in self.allowed:
            self.pending[number] = update
            self._offer(number)
        return number

    def confirm(self, number: int) -> None:
        if self.pending.pop(number, None) is not None:
            self.confirmed.append(number)
            self._noticed()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        self.polls += 1
        mine = self.polls
        self._news.set()
        if self.hook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        for number in [number for number in self.pending if number < offset]:
            self.confirm(number)
        self._noticed()
        await self._wait(mine, seconds)
        waiting = [update for _, update in zip(range(limit), self.pending.values(), strict=False)]
        return [update for update in waiting for _ in range(self.copies)]

    async def _wait(self, mine: int, seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while not self.pending:
            self._news.clear()
            left = end - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self._news.wait(), max(left, 0))
            except TimeoutError:
                return
            if mine != self.polls:
                raise Refusal(409, TERMINATED)

    async def set_hook(self, hook: Hook | None) -> None:
        if self.hook is not None:
            await self.hook.close()
        self.hook = hook
        for number in list(self.pending):
            self._offer(number)

    def _offer(self, number: int) -> None:
        self._news.set()
        if self.hook is not None:
            self.hook.offer(number, self.pending[number])


class Hook:
    """A webhook: each chat's messages in order, and its clicks in an order of their own."""

    def __init__(self, updates: Updates, url: str, secret: str, connections: int, pause: float) -> None:
        self.url = url
        self.secret = secret
        self.connections = connections
        self.last_error = ""
        self.attempts = 0
        self._updates = updates
        self._pause = pause
        self._slots = asyncio.Semaphore(connections)
        self._queues: dict[tuple[Any, bool], deque[tuple[int, bytes]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def offer(self, number: int, update: Json) -> None:
        key = (_chat(update), "callback_query" in update)
        queue = self._queues.get(key)
        item = (number, json.dumps(update).encode())
        if queue is not None:
            queue.append(item)
            return
        self._queues[key] = deque([item])
        task = asyncio.get_running_loop().create_task(self._drain(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _drain(self, key: tuple[Any, bool]) -> None:
        queue = self._queues[key]
        while queue:
            number, body = queue[0]
            await self._deliver(body)
            self._updates.confirm(number)
            queue.popleft()
        del self._queues[key]

    async def _deliver(self, body: bytes) -> None:
        tries = copies = 0
        while copies < self._updates.copies:
            pause = await self._post(body)
            if pause is None:
                copies += 1
                continue
            backoff = 0 if tries == 0 else min(self._pause * 2 ** (tries - 1), 60)
            tries += 1
            await asyncio.sleep(max(pause, backoff))

    async def _post(self, body: bytes) -> float | None:
        """None when taken, or how many seconds the bot asks to wait."""
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        async with self._slots:
            self.attempts += 1
            try:
                async with self._client().post(self.url, data=body, headers=headers) as answer:
                    if answer.status < 300:
                        return None
                    self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                    return float(answer.headers.get("Retry-After", 0)) * self._pause
            except (aiohttp.ClientError, TimeoutError) as error:
                self.last_error = f"Connection failed: {type(error).__name__}"
                return 0

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=60)
            self._session = aiohttp.ClientSession(
                timeout=timeout, connector=aiohttp.TCPConnector(limit=self.connections)
            )
        return self._session


def _chat(update: Json) -> Any:
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message", content)
            chat = message.get("chat") if isinstance(message, dict) else None
            return chat.get("id") if isinstance(chat, dict) else None
    return None
