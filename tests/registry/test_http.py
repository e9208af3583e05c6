"""A register over HTTP that fails: it is away, in time, and nobody's number is told."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import logging
import socket
import ssl
import traceback
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.gateways.registry.http import WHOLE, HttpRegistry
from bot.seeding.picked import ORDINARY
from bot.services.ports import Away
from bot.services.register.files import CUSTOMERS, texts
from bot.turn import SERVICE_SECONDS
from tests.fakes.registry import TOKEN, FakeRegistry
from tests.registry.exports import CONNECTION, CUSTOMER, INVOICE

NUMBER = ORDINARY.person.personal_number
GOOD = json.dumps(dict(texts(CUSTOMERS, ORDINARY.person))).encode()


def body(good: dict[str, str], **changes: Any) -> bytes:
    return json.dumps(good | changes).encode()


async def away(base: str, fault: object = None, whole: float = 3.0) -> Away:
    """What is raised when a person is asked for."""
    registry = HttpRegistry(base, TOKEN, whole=whole)
    try:
        with pytest.raises(Away) as caught:
            await registry.person(NUMBER)
        return caught.value
    finally:
        await registry.close()


@pytest.mark.parametrize("fault", [500, 503, 400, 401, 204, 302, "drop", "half"])
async def test_whatever_is_no_answer_is_away(fault: str | int) -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        fake.faults += [fault, fault]
        await away(fake.url)
        assert fake.wrong == []


async def test_a_register_that_hangs_is_away_when_its_time_is_over() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        fake.faults.append("hang")
        started = asyncio.get_running_loop().time()
        await away(fake.url, whole=0.1)
        assert asyncio.get_running_loop().time() - started < 2


def test_a_customer_waits_three_seconds_at_most_and_the_register_gives_up_before_its_turn() -> None:
    assert WHOLE < SERVICE_SECONDS <= 3.0


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>Welcome</html>",
        GOOD[:-1],
        b"null",
        b"[]",
        b'"Arta"',
        b"\xff" + GOOD,
        b"[" * 100_000,
        b" " * (1 << 20) + GOOD,
        body(CUSTOMER, personal_number=1234567892),
        body(CUSTOMER, personal_number="2000000005"),
        body(CUSTOMER, personal_number=None),
        body(CUSTOMER, first_name=""),
        body(CUSTOMER, first_name=["Arta"]),
        body(CUSTOMER, id_valid_until="2031-05-01T00:00:00Z"),
        body(CUSTOMER, id_valid_until=1935273600),
        json.dumps({"personal_number": NUMBER, "first_name": "Arta"}).encode(),
    ],
)
async def test_an_answer_that_is_not_as_it_should_be_is_away(garbage: bytes) -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        fake.faults.append(garbage)
        await away(fake.url)
        assert fake.requests == 1


@pytest.mark.parametrize(
    "garbage",
    [
        body(CONNECTION, balance=30.42),
        body(CONNECTION, balance="30.4"),
        body(CONNECTION, balance="3042E-2"),
        body(CONNECTION, customer_code="DPR 1"),
        body(CONNECTION, as_of="yesterday"),
        b"[" + body(CONNECTION) + b"]",
        b"null",
    ],
)
async def test_a_connection_is_read_as_strictly(garbage: bytes) -> None:
    async with FakeRegistry() as fake:
        fake.faults.append(garbage)
        registry = HttpRegistry(fake.url, TOKEN)
        with pytest.raises(Away):
            await registry.connection("DPR 6687")
        await registry.close()


@pytest.mark.parametrize(
    "garbage",
    [
        body(INVOICE),
        b"null",
        b"[null]",
        b"[" + body(INVOICE, high_to=14760) + b"]",
        b"[" + body(INVOICE, total="30.43") + b"]",
        b"[" + body(INVOICE, customer_code="DPR 1") + b"]",
        b"[" + body(INVOICE) + b"," + body(INVOICE, period="October") + b"]",
    ],
)
async def test_bills_are_read_as_strictly(garbage: bytes) -> None:
    async with FakeRegistry() as fake:
        fake.faults.append(garbage)
        registry = HttpRegistry(fake.url, TOKEN)
        with pytest.raises(Away):
            await registry.invoices("DPR 6687")
        await registry.close()


async def test_properties_that_are_not_known_are_ignored() -> None:
    async with FakeRegistry() as fake:
        fake.faults.append(body(dict(texts(CUSTOMERS, ORDINARY.person)), fax="0", born=1990))
        registry = HttpRegistry(fake.url, TOKEN)
        assert await registry.person(NUMBER) == ORDINARY.person
        await registry.close()


async def test_a_fault_is_over_with_the_next_question() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        registry = HttpRegistry(fake.url, TOKEN)
        for fault in (500, b"{", "drop"):
            # On a connection that was kept, a drop is no news: the register is asked on a new one.
            fake.faults += [fault, fault]
            with pytest.raises(Away):
                await registry.person(NUMBER)
            fake.faults.clear()
            assert await registry.person(NUMBER) == ORDINARY.person
        await registry.close()


async def test_a_register_that_is_not_there_is_away() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        url = fake.url
    assert "ClientConnectorError" in str(await away(url))


async def test_the_token_goes_to_the_register_alone_and_not_where_it_redirects() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake, FakeRegistry() as other:
        fake.faults.append(302)
        fake.elsewhere = other.url
        await away(fake.url)
        assert other.requests == 0


async def test_a_wrong_token_is_away() -> None:
    async with FakeRegistry([ORDINARY.person], token="another") as fake:
        assert str(await away(fake.url)) == "the register answered 401"


async def test_a_server_that_cannot_show_who_it_is_is_asked_nothing(tmp_path: Path) -> None:
    async with FakeRegistry([ORDINARY.person], tls=self_signed(tmp_path)) as fake:
        assert "Certificate" in str(await away(fake.url))
        assert fake.requests == 0


@pytest.mark.parametrize("fault", [500, b"{}", b"[", "drop", "hang"])
async def test_no_log_and_no_error_has_a_personal_number(
    fault: str | int | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeRegistry([ORDINARY.person]) as fake:
        fake.faults += [fault, fault]
        error = await away(fake.url, whole=0.2)
    told = "".join(traceback.format_exception(error)) + caplog.text
    assert NUMBER not in told
    assert TOKEN not in told


class Names(AbstractResolver):
    """Says each time that the register is at the next of these ports."""

    def __init__(self, *ports: int) -> None:
        self.ports = list(ports)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self.ports.pop(0),
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None: ...


def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


async def test_it_is_asked_once_more_when_no_connection_came_about() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        names = Names(closed_port(), fake.port)
        registry = HttpRegistry("http://registry.test/v1", TOKEN, resolver=names)
        assert await registry.person(NUMBER) == ORDINARY.person
        assert (fake.requests, fake.wrong) == (1, [])
        await registry.close()


async def test_it_is_not_asked_a_third_time() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        names = Names(closed_port(), closed_port(), fake.port)
        registry = HttpRegistry("http://registry.test/v1", TOKEN, resolver=names)
        with pytest.raises(Away):
            await registry.person(NUMBER)
        assert names.ports == [fake.port]
        await registry.close()


async def test_what_was_asked_and_failed_is_not_asked_again() -> None:
    async with FakeRegistry([ORDINARY.person]) as fake:
        fake.faults.append(500)
        await away(fake.url)
        assert fake.requests == 1


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
