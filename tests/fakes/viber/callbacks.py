"""What Viber tells the webhook, and how often: until it is answered 200 within five seconds, for an hour.

The first attempts of one user's callbacks go out in order; a retry can arrive after newer ones.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.viber.clock import Clock
from tests.fakes.viber.faults import Fault, Faults

Json = dict[str, Any]
SIGNATURE_HEADER = "X-Viber-Content-Signature"
CHAT_HOSTNAME = "SN-CHAT-05_"
#: Seconds after the first attempt at which a callback is tried again.
RETRY_AGES = (10, 60, *range(300, 3601, 300))
#: Seconds after which an answer is too late to count.
PATIENCE = 5.0

#: Seconds of the real clock after which a bot that answers nothing fails its test.
DEADLOCK = 30.0


def signature(token: str, body: bytes) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


@dataclass(slots=True, eq=False)
class Callback:
    """One event.  Every attempt posts the same bytes; `taken`: answered 200 in time; `lost`: given up.

    `told` is every body that came with a 200, also too late or lost on the way.
    """

    token: str
    event: str
    user: str
    body: bytes
    welcomes: Callable[[bytes], None] | None = None
    first_at: float = 0.0
    attempts: int = 0
    taken: bool = False
    lost: bool = False
    told: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Hook:
    url: str
    events: list[str]


class Callbacks:
    """`copies` is how often each callback's first attempt is made; `log` is all that ever happened."""

    def __init__(self, clock: Clock, token: str, violations: list[str], noticed: Callable[[], None]) -> None:
        self.clock = clock
        self.hook: Hook | None = None
        self.log: list[Callback] = []
        self.faults = Faults()
        self.copies = 1
        self._token = token
        self._violations = violations
        self._noticed = noticed
        self._held: list[Callback] | None = None
        self._queues: dict[str, deque[Callback]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    # What is told

    def post(
        self,
        event: str,
        user: str,
        fields: Json,
        token: int,
        welcomes: Callable[[bytes], None] | None = None,
        asked: bool = False,
    ) -> Callback:
        """An event for the webhook, unless there is none or it was not `asked` for."""
        head = {"event": event, "timestamp": self.clock.stamp(), "chat_hostname": CHAT_HOSTNAME}
        body = json.dumps(head | {"message_token": token} | fields, ensure_ascii=False).encode()
        callback = Callback(str(token), event, user, body, welcomes)
        self.log.append(callback)
        if self.hook is None or not (asked or event in self.hook.events):
            callback.lost = True
        elif self._held is not None:
            self._held.append(callback)
        else:
            self._queue(callback)
        return callback

    def hold(self) -> None:
        """Keep back what happens from now on."""
        self._held = self._held or []

    def release(self, order: Iterable[Callback] = ()) -> None:
        """Let go of what was held back: `order` first and in that order, then the rest as it came."""
        held, self._held = self._held or [], None
        first = [callback for callback in order if callback in held]
        for callback in first + [callback for callback in held if callback not in first]:
            self._queue(callback)

    def repeat(self, callback: Callback) -> None:
        """Tell it once more, though it was taken."""
        self._queue(callback)

    async def verify(self, url: str) -> bool:
        """Call a new webhook; whether it answered 200."""
        head = {"event": "webhook", "timestamp": self.clock.stamp(), "chat_hostname": CHAT_HOSTNAME}
        body = json.dumps(head | {"message_token": self.clock.stamp() << 22}).encode()
        status, _ = await self.send_raw(body, url)
        return status == 200

    async def send_raw(self, body: bytes, url: str, signed: str | None = None) -> tuple[int, bytes]:
        """Post any bytes once; the answer's status (0: there was none) and body."""
        sig = signature(self._token, body) if signed is None else signed
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: sig}
        try:
            async with self._client().post(url, data=body, headers=headers, params={"sig": sig}) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return 0, b""

    # How it gets there

    def _queue(self, callback: Callback) -> None:
        queue = self._queues.get(callback.user)
        if queue is not None:
            queue.append(callback)
            return
        self._queues[callback.user] = deque([callback])
        self.spawn(self._drain(callback.user))

    async def _drain(self, user: str) -> None:
        queue = self._queues[user]
        while queue:
            callback = queue.popleft()
            for _ in range(self.copies):
                await self._start(callback).wait()
        del self._queues[user]

    def _start(self, callback: Callback) -> asyncio.Event:
        """Begin an attempt.  The event is set as soon as Viber no longer waits for its answer."""
        callback.attempts += 1
        callback.first_at = callback.first_at or self.clock.time
        over = asyncio.Event()

        def late() -> None:
            self._retry(callback)
            over.set()

        timer = self.clock.at(self.clock.time + PATIENCE, late)

        async def attempt() -> None:
            body = await self._answer(callback)
            timer.cancel()
            if not over.is_set():
                self._end(callback, body)
                over.set()
            self._noticed()

        self.spawn(attempt())
        return over

    async def _answer(self, callback: Callback) -> bytes | None:
        """The body of a 200; None for anything else and for what was lost."""
        fault = self.faults.take(callback.event, [callback.user]) or Fault("")
        if fault.drop == "before" or self.hook is None:
            return None
        status, body = await self.send_raw(callback.body, self.hook.url)
        if status != 200:
            return None
        self._compare(callback, body)
        return None if fault.drop == "after" else body

    def _compare(self, callback: Callback, body: bytes) -> None:
        if callback.welcomes and callback.told and _meaning(callback.told[0]) != _meaning(body):
            self._violations.append(f"{callback.event}: a retry was given another welcome")
        callback.told.append(body)

    def _end(self, callback: Callback, body: bytes | None) -> None:
        if body is None:
            self._retry(callback)
        elif not callback.taken:
            callback.taken = True
            if callback.welcomes is not None:
                callback.welcomes(body)

    def _retry(self, callback: Callback) -> None:
        if callback.taken:
            return
        age = self.clock.time - callback.first_at
        later = next((each for each in RETRY_AGES if each > age), None)
        if later is None:
            callback.lost = True
        else:
            self.clock.at(callback.first_at + later, lambda: self._again(callback))

    def _again(self, callback: Callback) -> None:
        if not callback.taken:
            self._start(callback)

    # Time and tasks

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._violations.append(f"the fake itself failed: {error!r}")

    async def settled(self) -> None:
        """Until nothing is on its way any more; what is held back, or to be tried again later, is not."""
        async with asyncio.timeout(DEADLOCK):
            while self._tasks:
                await asyncio.wait(self._tasks)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        return self._session


def _meaning(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body
