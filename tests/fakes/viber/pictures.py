"""Pictures are loaded as Viber's clients load them.  Those out in the world are believed to be there."""

from __future__ import annotations

import aiohttp

from tests.fakes.viber.fields import is_loopback
from tests.fakes.viber.schema import Picture, Sent

SIZE_LIMIT = 2**20
PATIENCE = aiohttp.ClientTimeout(total=30)
TYPES = ("image/jpeg", "image/png")


async def trouble_with(sent: Sent) -> str:
    """Why the picture in a message cannot be shown; empty when it can."""
    if not isinstance(sent, Picture) or not is_loopback(sent.media):
        return ""
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as client, client.get(sent.media) as answer:
            return _trouble(answer.status, answer.content_type, await answer.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"the picture cannot be loaded: {type(error).__name__}"


def _trouble(status: int, kind: str, body: bytes) -> str:
    if status != 200:
        return f"the picture cannot be loaded: HTTP {status}"
    if kind not in TYPES:
        return f"the picture is {kind}"
    if len(body) > SIZE_LIMIT:
        return f"the picture has {len(body)} bytes; {SIZE_LIMIT} are allowed"
    return ""
