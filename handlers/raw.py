"""The bytes of a webhook's request, before anybody trusts them."""

from __future__ import annotations

from aiohttp import web

LIMIT = 256 * 1024


async def raw_body(request: web.Request, limit: int = LIMIT) -> bytes | None:
    """None when there are too many; never more than the limit in memory."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(65536):
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
