"""A gateway that takes JSON over HTTP: an SMS centre, a mail service, or a small bridge to either.

    POST /whatever/the/url/says
    Authorization: Bearer <token>
    Idempotency-Key: ekesco-4711
    {"to": "+38344123456", "from": "KESCO", "text": "…", "reference": "ekesco-4711"}

An e-mail has a `subject` too.  2xx with `{"id": …}`: accepted.  409: accepted before, under the same key.
400, 422: there is no such phone or mailbox.  429, 503 with Retry-After: later.  Whatever else, or no answer
in time, is tried again under the same key.
"""

from __future__ import annotations

import logging
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp import ClientConnectorError, ClientError, ClientResponse, ClientSession, ClientTimeout
from aiohttp import ConnectionTimeoutError as NotReached

from bot.channel import Later, Refused, Uncertain
from bot.clock import Clock, now
from bot.gateways.carrier import Parcel, masked
from bot.gateways.complaint import Complaint

log = logging.getLogger(__name__)

#: Seconds for a connection, and for the whole of it.
CONNECT, WHOLE = 5.0, 10.0
#: No gateway may send us away for longer, in seconds.
LONGEST_WAIT = 300.0

_ACCEPTED_BEFORE, _TOO_MANY, _AWAY = 409, 429, 503
_NO_SUCH = (400, 422)
_IN_TIME = (408, 425)


class HttpJson:
    """`url` is without secrets; `sender` is what the recipient sees; `whole` is in seconds."""

    keyed: Final = True

    def __init__(
        self, url: str, sender: str, token: str, *, clock: Clock = now, whole: float = WHOLE
    ) -> None:
        self._url, self._sender, self._token, self._clock = url, sender, token, clock
        self._timeout = ClientTimeout(total=whole, connect=CONNECT)
        self._session: ClientSession | None = None
        self._complaint = Complaint(url)

    async def carry(self, parcel: Parcel) -> None:
        headers = {"Idempotency-Key": parcel.key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            # A redirect would take the token to somebody else.
            async with self._opened().post(
                self._url, json=self._told(parcel), headers=headers, allow_redirects=False
            ) as response:
                await self._judge(response)
        except (ClientConnectorError, NotReached) as error:
            raise Later(f"not reached: {type(error).__name__}") from error
        except (ClientError, TimeoutError) as error:
            raise Uncertain(f"no answer: {type(error).__name__}") from error
        log.info("%s to %s: taken as %s", parcel.kind, masked(parcel.to), parcel.key)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> ClientSession:
        # Made in the loop that uses it, and kept: a connection serves many parcels.
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout)
        return self._session

    def _told(self, parcel: Parcel) -> dict[str, str]:
        told = {"to": parcel.to, "from": self._sender, "text": parcel.text, "reference": parcel.key}
        return told | {"subject": parcel.subject} if parcel.kind == "email" else told

    async def _judge(self, response: ClientResponse) -> None:
        """Raises what the answer means."""
        status = response.status
        if 200 <= status < 300:
            await _expect_id(response)
        elif status in _NO_SUCH:
            self._complaint.over()
            raise Refused(f"answered {status}")
        elif status in (_TOO_MANY, _AWAY):
            raise Later(f"answered {status}", self._retry_after(response))
        elif status >= 500 or status in _IN_TIME:
            raise Uncertain(f"answered {status}")
        elif status != _ACCEPTED_BEFORE:
            self._complaint.tell(f"answered {status}: look at the token and the address")
            raise Later(f"answered {status}")
        self._complaint.over()

    def _retry_after(self, response: ClientResponse) -> float | None:
        """Seconds, from seconds or a date; None when it says neither."""
        asked = response.headers.get("Retry-After", "").strip()
        if asked.isdecimal():
            return min(float(asked), LONGEST_WAIT)
        try:
            until = parsedate_to_datetime(asked)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max((until - self._clock()).total_seconds(), 0.0), LONGEST_WAIT)


async def _expect_id(response: ClientResponse) -> None:
    """A page that happens to answer 200 is no gateway.  Raises `Uncertain`."""
    try:
        told = await response.json(content_type=None)
    except ValueError:
        told = None
    if not isinstance(told, dict) or not told.get("id"):
        raise Uncertain("accepted without an id")
