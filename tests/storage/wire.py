"""The wire from a program to its PostgreSQL server: it can be cut, refuse, fall silent or lose an answer."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

_AT_ONCE = 65536


class Wire:
    """`url` is the database at the far end, as reached over this wire."""

    def __init__(self, url: str) -> None:
        self.far = url
        self._far = urlsplit(url)
        self._port = 0
        self._server: asyncio.Server | None = None
        self._serving: list[asyncio.Task[None]] = []
        self._near: set[StreamWriter] = set()
        self._back: set[StreamWriter] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        #: Once the server was asked this, its answer is lost with the connection.
        self.last_words: bytes | None = None
        self._lost = self._deaf = False

    @property
    def url(self) -> str:
        user = self._far.netloc.rpartition("@")[0]
        return f"postgresql://{user}{'@' if user else ''}127.0.0.1:{self._port}{self._far.path}"

    async def __aenter__(self) -> Wire:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.speak()
        await self.refuse()
        await asyncio.gather(*self._serving)

    async def refuse(self) -> None:
        """The server is gone."""
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    async def mend(self) -> None:
        """The server is back, or there."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Every connection breaks."""
        for writer in (*self._near, *self._back):
            writer.transport.abort()

    def cut_near(self) -> None:
        """Every connection breaks, and the server does not hear of it."""
        self._deaf = True
        for writer in self._near:
            writer.transport.abort()

    def silence(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._flows.clear()

    def speak(self) -> None:
        self._flows.set()

    def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._serving.append(asyncio.ensure_future(self._carry(reader, writer)))

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await self._connect()
        self._near.add(writer)
        self._back.add(back)
        await asyncio.gather(self._ask(reader, back), self._answer(there, writer))
        self._near.discard(writer)
        self._back.discard(back)
        back.transport.abort()

    async def _connect(self) -> tuple[StreamReader, StreamWriter]:
        host, port = self._far.hostname or "", self._far.port or 5432
        for named in parse_qs(self._far.query).get("host", []):
            host = named
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _ask(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await self._next(reader):
            if self.last_words is not None and self.last_words in data:
                self.last_words, self._lost = None, True
            writer.write(data)
        if not self._deaf:
            writer.transport.abort()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await self._next(reader):
            if self._lost:
                self._lost = False
                break
            writer.write(data)
        writer.transport.abort()

    async def _next(self, reader: StreamReader) -> bytes:
        data = b""
        with suppress(OSError):  # cut
            data = await reader.read(_AT_ONCE)
        await self._flows.wait()
        return data
