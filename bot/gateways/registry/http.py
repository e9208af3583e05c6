"""The register as a server of the utility, asked as `openapi.yaml` says.

Nothing that is raised or logged here names an address: a person's number is part of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    TCPConnector,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.gateways.registry.decoding import many, one
from bot.services.ports import Away, Connection, Invoice, Person
from bot.services.rows import Wrong

T = TypeVar("T")

#: Seconds for an answer, a second try included: so long a customer waits.
WHOLE = 2.5
#: Bytes of an answer; a bill takes some 350.
LARGEST = 1 << 20
#: Bills that may be asked for at once.
MOST = 100

_FOUND, _UNKNOWN = 200, 404


class HttpRegistry:
    """`base` is the server's address, without a token; `whole` is in seconds.

    `resolver` finds hosts; without one the system does.
    """

    def __init__(
        self, base: str, token: str = "", *, whole: float = WHOLE, resolver: AbstractResolver | None = None
    ) -> None:
        self._base, self._whole, self._resolver = base.rstrip("/"), whole, resolver
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._session: ClientSession | None = None

    async def person(self, personal_number: str) -> Person | None:
        return await self._get(
            lambda body: one(body, Person, personal_number=personal_number), "people", personal_number
        )

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        found = await self._get(
            lambda body: many(body, Connection, personal_number=personal_number),
            "people",
            personal_number,
            "connections",
        )
        return tuple(sorted(found or (), key=_place))

    async def connection(self, customer_code: str) -> Connection | None:
        return await self._get(
            lambda body: one(body, Connection, customer_code=customer_code), "connections", customer_code
        )

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        found = await self._get(
            lambda body: many(body, Invoice, customer_code=customer_code),
            "connections",
            customer_code,
            "invoices",
            query=f"?most={min(most, MOST)}",
        )
        return tuple(sorted(found or (), key=_age, reverse=True)[:most])

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _get(self, read: Callable[[bytes], T], *path: str, query: str = "") -> T | None:
        """What `read` makes of the answer; None when nothing is there.  Raises `Away`."""
        address = "/".join((self._base, *(quote(part, safe="") for part in path))) + query
        try:
            async with asyncio.timeout(self._whole):
                body = await self._answer(URL(address, encoded=True))
            return None if body is None else read(body)
        except Wrong as wrong:
            # Before the colon stands the field; behind it what was there, which is a customer's.
            field = str(wrong).partition(":")[0]
            raise Away(f"the register's answer on {path[0]} is not to be read: {field}") from None
        except (ClientError, OSError) as error:  # a time-out is an OSError
            raise Away(f"the register does not answer: {type(error).__name__}") from None

    async def _answer(self, url: URL) -> bytes | None:
        """Asks a second time when there was no connection; then nothing can have gone wrong but the way."""
        try:
            return await self._once(url)
        except ClientConnectorError as error:
            if isinstance(error, ClientSSLError):  # it is there, and not who it should be
                raise
            return await self._once(url)

    async def _once(self, url: URL) -> bytes | None:
        # A redirect would take the token to somebody else.
        async with self._opened().get(url, headers=self._headers, allow_redirects=False) as answer:
            if answer.status == _UNKNOWN:
                return None
            if answer.status != _FOUND:
                raise Away(f"the register answered {answer.status}")
            return await _body(answer)

    def _opened(self) -> ClientSession:
        # Made in the loop that uses it, and kept: a connection serves many questions.
        if self._session is None:
            # Hosts are looked up anew: a second try should not go where the first found nobody.
            connector = TCPConnector(resolver=self._resolver, use_dns_cache=False)
            self._session = ClientSession(connector=connector, timeout=ClientTimeout(total=self._whole))
        return self._session


async def _body(answer: ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(1 << 16):
        body += part
        if len(body) > LARGEST:
            raise Away("the register's answer is too large")
    return bytes(body)


def _place(connection: Connection) -> tuple[str, int]:
    district, number = connection.customer_code.split()
    return district, int(number)


def _age(invoice: Invoice) -> tuple[str, str, str]:
    return invoice.period, invoice.issued_on.isoformat(), invoice.number
