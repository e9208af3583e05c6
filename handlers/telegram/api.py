"""The Bot API as it is: a method, its JSON, its answer.  For receiving; speaking goes through `channel`.

The token is part of every address, so nothing raised here carries one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

TELEGRAM = "https://api.telegram.org"


class ApiError(Exception):
    """Telegram has answered, and refused."""

    def __init__(self, code: int, description: str, retry_after: float | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after


class NoAnswer(Exception):
    """Telegram cannot be reached, or what answers is not Telegram."""


class BotApi:
    """One bot's connection; `base` is the server's address, without a path of its own."""

    def __init__(self, token: str, base: str = TELEGRAM) -> None:
        self._address = f"{base.rstrip('/')}/bot{token}/"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, params: Mapping[str, Any] | None = None, seconds: float = 10) -> Any:
        """The result of a method.  Raises `ApiError` and `NoAnswer`."""
        timeout = aiohttp.ClientTimeout(total=seconds, connect=10)
        try:
            async with self._open().post(
                self._address + method, json=dict(params or {}), timeout=timeout
            ) as answer:
                body = await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError) as error:
            raise NoAnswer(f"{method}: {type(error).__name__}") from None
        return _result(method, body)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64))
        return self._session


def _result(method: str, body: Any) -> Any:
    if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
        raise NoAnswer(f"{method}: an answer that is not Telegram's")
    if body["ok"]:
        return body.get("result")
    parameters = body.get("parameters") or {}
    raise ApiError(
        int(body.get("error_code", 0)), str(body.get("description", "")), parameters.get("retry_after")
    )
