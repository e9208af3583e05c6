"""A mail server as RFC 5321 has it, strict about order and bytes, with faults on demand."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_PATH = re.compile(rb"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)>")
LONGEST_LINE = 998


@dataclass(frozen=True)
class Mail:
    sender: str
    to: str
    encrypted: bool
    signed_in: bool
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def words(self) -> str:
        return str(self.message.get_content()).replace("\r\n", "\n")


@dataclass
class FakeMailServer:
    """`answers` replaces the answer to a command (`RCPT`, `end` of the e-mail, …) while it is set.

    An answer `drop` closes the line before it answers, `hang` never answers; what stands before a comma is
    done first: `take,drop`.
    """

    password: str = ""
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[FakeMailServer]:
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(
            self._accepted, "127.0.0.1", 0, ssl=self.tls if self.implicit else None
        )
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await server.wait_closed()

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(Session(self, reader, writer).talk())
        self._open.add(task)
        task.add_done_callback(self._open.discard)


class _Dropped(Exception):
    pass


class Session:
    """One line from greeting to QUIT."""

    def __init__(
        self, server: FakeMailServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._encrypted, self._signed_in, self._greeted = server.implicit, False, False
        self._sender = self._to = ""

    async def talk(self) -> None:
        try:
            await self._answer("greeting", "220 mail.test ESMTP")
            while True:
                line = await self._reader.readuntil(b"\r\n")
                if not line.isascii() or b"\n" in line[:-2]:
                    self._server.wrong.append(f"a line {line!r}")
                word, _, rest = line[:-2].partition(b" ")
                await self._command(word.decode().upper(), rest)
        except (_Dropped, asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass  # either side has hung up
        finally:
            self._writer.transport.abort()  # a farewell over TLS would wait for the other side's

    async def _command(self, word: str, rest: bytes) -> None:
        match word:
            case "EHLO" if rest:
                self._greeted = True
                await self._answer(word, "\r\n".join(self._offers()))
            case "STARTTLS" if self._server.tls and not self._encrypted and self._greeted:
                await self._answer(word, "220 go ahead")
                await self._writer.start_tls(self._server.tls)
                self._encrypted, self._greeted = True, False
            case "AUTH" if self._server.password and self._greeted:
                await self._sign_in(rest)
            case "MAIL" if self._greeted and rest.startswith(b"FROM:"):
                await self._mail_from(rest[5:])
            case "RCPT" if self._sender and rest.startswith(b"TO:"):
                await self._rcpt_to(rest[3:])
            case "DATA" if self._to:
                await self._data()
            case "QUIT":
                await self._answer(word, "221 bye")
                raise _Dropped
            case _:
                self._server.wrong.append(f"{word} out of order")
                await self._answer(word, "503 not now")

    def _offers(self) -> list[str]:
        offers = ["mail.test"]
        if self._server.tls and not self._encrypted:
            offers.append("STARTTLS")
        if self._server.password:
            offers.append("AUTH PLAIN")
        return [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]

    async def _sign_in(self, rest: bytes) -> None:
        _way, _, told = rest.partition(b" ")
        _, user, password = base64.b64decode(told).split(b"\0")
        self._signed_in = user == b"kesco" and password.decode() == self._server.password
        await self._answer("AUTH", "235 welcome" if self._signed_in else "535 5.7.8 wrong")

    async def _mail_from(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if self._server.password and not self._signed_in:
            await self._answer("MAIL", "530 5.7.0 sign in first")
        elif path is None:
            await self._answer("MAIL", "501 no such sender")
        elif await self._answer("MAIL", "250 ok"):
            self._sender = path[1].decode()

    async def _rcpt_to(self, rest: bytes) -> None:
        path = _PATH.match(rest)
        if path is None:
            await self._answer("RCPT", "501 no mailbox")
        elif await self._answer("RCPT", "250 ok"):
            self._to = path[1].decode()

    async def _data(self) -> None:
        if not await self._answer("DATA", "354 go ahead"):
            return
        raw = await self._reader.readuntil(b"\r\n.\r\n")
        lines = raw[:-3].split(b"\r\n")
        if any(b"\n" in line or b"\r" in line for line in lines):
            self._server.wrong.append("a lone line break")
        if any(len(line) > LONGEST_LINE for line in lines) or not raw.isascii():
            self._server.wrong.append("a line too long, or of eight bits")
        body = b"\r\n".join(line.removeprefix(b".") for line in lines)
        told = self._server.answers.get("end", "")
        if not told or told.startswith(("take", "2")):
            self._server.mails.append(Mail(self._sender, self._to, self._encrypted, self._signed_in, body))
        await self._answer("end", "250 queued")

    async def _answer(self, command: str, usual: str) -> bool:
        """Whether it was a yes."""
        told = self._server.answers.get(command, usual).rpartition(",")[2]
        if told == "drop":
            self._writer.transport.abort()
            raise _Dropped
        if told == "hang":
            await asyncio.Event().wait()
        self._writer.write(told.encode() + b"\r\n")
        await self._writer.drain()
        return told[0] in "23"


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's TLS under a certificate that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
