"""Knocks at the webhook as anybody could."""

from __future__ import annotations

import asyncio

import aiohttp

from tests.fakes.viber import SIGNATURE_HEADER
from tests.viber.program import Program


async def knock(program: Program, body: bytes, header: str | None = None, sig: str | None = None) -> int:
    """Post bytes with a signature in the header, in the address, or without; the answer's status."""
    return (await answered(program, body, header, sig))[0]


async def answered(
    program: Program, body: bytes, header: str | None = None, sig: str | None = None
) -> tuple[int, bytes]:
    """The same with what the answer says."""
    headers = {} if header is None else {SIGNATURE_HEADER: header}
    params = {} if sig is None else {"sig": sig}
    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{program.at}/viber", data=body, headers=headers, params=params) as answer,
    ):
        return answer.status, await answer.read()


async def knock_raw(program: Program, head: bytes, body: bytes, query: bytes = b"") -> int:
    """The same with a header line and a query that no client would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", program.app.settings.port)
    lines = [b"POST /viber" + query + b" HTTP/1.1", b"Host: kesco.example", b"Connection: close", head]
    lines.append(b"Content-Length: %d" % len(body))
    writer.write(b"\r\n".join([line for line in lines if line] + [b"", body]))
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


async def kept(program: Program) -> list[object]:
    """What is known of anybody on Viber."""
    rows = [
        *await program.rows("select key from inbox where channel = 'viber'"),
        *await program.rows("select chat from viber_chat"),
    ]
    return [tuple(row.values()) for row in rows]
