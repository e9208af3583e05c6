"""How RaiAccept is reached: its requests under a token of its login, and JSON back or `Away`.

Nothing that is raised or logged here holds a secret or an address.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from bot.gateways.payments.raiaccept_json import read, token_of, written
from bot.services.payment_port import BadOrder
from bot.services.ports import Away

log = logging.getLogger(__name__)

#: Seconds for a connection, and for all that one question takes, a login included.
CONNECT, WHOLE = 3.0, 10.0
#: Bytes of an answer; an order takes some 1,500.
LARGEST = 256 * 1024
#: Seconds before its end (it lasts some 300) from which a token is not used any more.
EARLY = 30.0
#: Who is calling, as its login requires.
_CONTEXT = {"type": "CODE", "data": {"name": "ekesco", "version": "1", "vendor": "KESCO"}}

_NO_ORDER, _WHO = 404, 401
#: Not the order's fault: we may not, or not now.
_NOT_THE_ORDER = (401, 403, 408, 425, 429)


class RaiAcceptHttp:
    """`api` and `auth` are base addresses without secrets; `whole` is in seconds."""

    def __init__(
        self,
        api: str,
        auth: str,
        user: str,
        password: str,
        *,
        whole: float = WHOLE,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._auth = api.rstrip("/"), auth.rstrip("/")
        self._user, self._password = user, password
        self._whole, self._passed = whole, passed
        self._session: ClientSession | None = None
        self._token, self._until = "", 0.0
        self._logging_in, self._failed_logins = asyncio.Lock(), 0

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[None]:
        """So long one question may take, whatever requests it is made of.  Raises `Away`."""
        try:
            async with asyncio.timeout(self._whole):
                yield
        except (ClientError, OSError) as error:  # a time-out is an OSError
            raise Away(f"RaiAccept does not answer: {type(error).__name__}") from None

    async def get(self, path: str) -> dict[str, Any] | None:
        """None where nothing is there.  Raises `Away` and `BadOrder`."""
        status, body = await self._under_token("GET", path)
        return None if status == _NO_ORDER else _judged(status, body)

    async def post(self, path: str, body: str) -> dict[str, Any]:
        """Raises `Away` and `BadOrder`."""
        return _judged(*await self._under_token("POST", path, body))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _under_token(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        token = await self._valid()
        answer = await self._once(method, self._api + path, body, token)
        if answer[0] == _WHO:  # taken back before its time; nothing was done under it
            answer = await self._once(method, self._api + path, body, await self._valid(stale=token))
        return answer

    async def _valid(self, stale: str = "") -> str:
        """A token other than `stale`.  Of those who come at the same time one logs in, for all."""
        failed = self._failed_logins
        async with self._logging_in:
            if self._token in ("", stale) or self._passed() >= self._until:
                # A password that is refused must not be tried by everybody who waits.
                if self._failed_logins != failed:
                    raise Away("RaiAccept's login has just failed")
                try:
                    await self._log_in()
                except BaseException:  # whoever was asking may have been out of time
                    self._failed_logins += 1
                    raise
            return self._token

    async def _log_in(self) -> None:
        self._token = ""
        told = {"username": self._user, "password": self._password, "integrationContext": _CONTEXT}
        status, body = await self._once("POST", f"{self._auth}/auth/api/login", written(told))
        if 400 <= status < 500:
            log.error("RaiAccept refuses our login: status=%d", status)
        if not 200 <= status < 300:
            raise Away(f"RaiAccept's login answered {status}")
        self._token, lasts = token_of(_object(body))
        self._until = self._passed() + max(lasts - EARLY, lasts / 2)

    async def _once(self, method: str, url: str, body: str, token: str = "") -> tuple[int, bytes]:
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body:
            headers["Content-Type"] = "application/json"
        async with self._opened().request(
            method,
            URL(url, encoded=True),
            data=body.encode() or None,
            headers=headers,
            allow_redirects=False,  # one would take the token, or the password, to somebody else
        ) as answer:
            return answer.status, await _body(answer)

    def _opened(self) -> ClientSession:
        # Made in the loop that uses it, and kept: a connection serves many questions.
        if self._session is None:
            timeout = ClientTimeout(total=self._whole, connect=CONNECT)
            self._session = ClientSession(timeout=timeout, cookie_jar=DummyCookieJar())
        return self._session


async def _body(answer: ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(1 << 16):
        body += part
        if len(body) > LARGEST:
            raise Away("RaiAccept's answer is too large")
    return bytes(body)


def _judged(status: int, body: bytes) -> dict[str, Any]:
    """The object that a 2xx brings."""
    if 200 <= status < 300:
        return _object(body)
    if 400 <= status < 500 and status != 429:
        log.error("RaiAccept refuses what we ask: status=%d", status)
        if status not in _NOT_THE_ORDER:
            raise BadOrder(f"RaiAccept refused an order: {status}")
    raise Away(f"RaiAccept answered {status}")


def _object(body: bytes) -> dict[str, Any]:
    try:
        return read(body)
    except ValueError:
        raise Away("RaiAccept's answer is not to be read") from None
