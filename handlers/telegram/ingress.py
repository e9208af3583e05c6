"""How updates reach us: polling or a webhook.  Nothing is acknowledged before the intake has committed it."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from aiohttp import web

from bot.channel import Arrival
from handlers.backoff import Backoff
from handlers.raw import raw_body
from handlers.telegram.api import ApiError, BotApi, NoAnswer
from handlers.telegram.arrivals import arrival_of, click_of, parsed
from storage.base import Unavailable

log = logging.getLogger(__name__)

#: What we ask Telegram for; edits of old messages are none of our business.
ALLOWED = ("message", "callback_query", "my_chat_member")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
REMEDIES = {
    401: "the token is refused; check EKESCO_TELEGRAM_TOKEN",
    404: "the token is refused; check EKESCO_TELEGRAM_TOKEN",
    409: "another process polls, or a webhook is set (`ekesco webhook delete` removes it)",
}


class Intake(Protocol):
    """Where updates are kept."""

    async def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Return when all of them are committed, known ones ignored.  Raises `Unavailable`."""
        ...


class Clicks:
    """Stops the spinner on a tapped button, at once; nobody waits for it, and a failure costs nothing."""

    def __init__(self, api: BotApi, most: int = 500) -> None:
        self._api = api
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, query: str | None) -> None:
        if query is None or len(self._tasks) >= self._most:
            return
        task = asyncio.get_running_loop().create_task(self._answer(query))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, query: str) -> None:
        try:
            await self._api.call("answerCallbackQuery", {"callback_query_id": query})
        except (ApiError, NoAnswer) as error:
            log.debug("a tap was not answered: %s", error)


class Polling:
    """The getUpdates loop.  The next offset, which is what confirms, follows the commit."""

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        clicks: Clicks,
        wait: int = 25,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        backoff: Backoff | None = None,
    ) -> None:
        self._api = api
        self._intake = intake
        self._clicks = clicks
        self._wait = wait
        self._sleep = sleep
        self._backoff = backoff or Backoff()
        self._offset: int | None = None

    async def run(self) -> None:
        """Until cancelled; an update that is under way then is not confirmed and comes again."""
        while True:
            try:
                await self._round()
            except Exception as error:  # polling goes on, whatever one round met
                await self._rest(error)
            else:
                self._backoff.reset()

    async def _round(self) -> None:
        updates = await self._ask()
        arrivals = [arrival_of(update) for update in updates]
        if not arrivals:
            return
        await self._intake.receive(arrivals)
        for update in updates:
            self._clicks.answer(click_of(update))
        self._offset = _after(updates)

    async def _ask(self) -> list[dict[str, Any]]:
        params: dict[str, Any] = {"timeout": self._wait, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            params["offset"] = self._offset
        updates = await self._api.call("getUpdates", params, seconds=self._wait + 10)
        if not isinstance(updates, list):
            raise NoAnswer("getUpdates: no list of updates")
        return [update for update in updates if isinstance(update, dict)]

    async def _rest(self, error: Exception) -> None:
        pause = self._backoff.pause()
        if isinstance(error, ApiError):
            pause = max(pause, error.retry_after or 0)
            log.error("Telegram gives no updates: %s", REMEDIES.get(error.code, str(error)))
        elif isinstance(error, NoAnswer | Unavailable):
            log.warning("no updates are taken for %.1f s: %s", pause, error)
        else:
            log.exception("no updates are taken for %.1f s", pause)
        await self._sleep(pause)


def _after(updates: Sequence[dict[str, Any]]) -> int:
    numbers = [number for update in updates if isinstance(number := update.get("update_id"), int)]
    if not numbers:
        raise NoAnswer("getUpdates: updates without a number")
    return max(numbers) + 1


class Webhook:
    """The handler of `POST /telegram`.  `secrets` may be two while one replaces the other."""

    def __init__(self, intake: Intake, clicks: Clicks, secrets: Sequence[str], patience: float = 1.5) -> None:
        if not secrets or not all(secrets):
            raise ValueError("a webhook needs a secret: set EKESCO_TELEGRAM_SECRET")
        self._intake = intake
        self._clicks = clicks
        self._secrets = [secret.encode() for secret in secrets]
        self._patience = patience

    async def handle(self, request: web.Request) -> web.Response:
        if not self._knows(request.headers.get(SECRET_HEADER, "")):
            return web.Response(status=403)
        body = await raw_body(request)
        if body is None:
            return web.Response(status=413)
        return await self._take(body)

    def _knows(self, given: str) -> bool:
        offered = given.encode("utf-8", "surrogateescape")
        return any(hmac.compare_digest(offered, secret) for secret in self._secrets)

    async def _take(self, body: bytes) -> web.Response:
        try:
            async with asyncio.timeout(self._patience):
                await self._intake.receive([arrival_of(body)])
        except (Unavailable, TimeoutError) as error:
            log.warning("an update is left with Telegram: %s", type(error).__name__)
            return web.Response(status=503, headers={"Retry-After": "1"})
        self._clicks.answer(click_of(parsed(body)))
        return web.Response()
