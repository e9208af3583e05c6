"""Viber's REST API: a method, its JSON, its answer.  https://developers.viber.com/docs/api/rest-bot-api

Every method raises `Later` where Viber certainly did nothing, `Uncertain` where its answer was lost, and for
its own statuses what `errors` makes of them.  Nothing raised here carries the token.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector
from aiohttp import ConnectionTimeoutError as NotReached

from bot.channel import Later, Uncertain
from handlers.viber.capabilities import REQUEST_BYTES
from handlers.viber.errors import Malformed, meaning
from handlers.viber.models import Sending, as_json, encoded

VIBER_API = "https://chatapi.viber.com"
#: Receivers of one broadcast.
MOST_RECEIVERS = 300
#: Seconds for a connection, for an answer, and for one before which Viber calls us back.
CONNECT, WHOLE, CALLS_BACK = 10.0, 20.0, 60.0
#: Viber may not send us away for longer, in seconds.
LONGEST_WAIT = 300.0

_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Sent:
    """`token` names the message in receipts.

    `billing`: 1 and 2 within a session, 3 and 4 free for another reason, 5 charged; None: not said.
    """

    token: str
    billing: int | None


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a receiver did not get a broadcast."""

    receiver: str
    why: Exception


@dataclass(frozen=True, slots=True)
class Broadcast:
    token: str
    failed: tuple[Failed, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The bot; `uri` is its name in deep links, `webhook` where Viber calls."""

    id: str
    name: str
    uri: str
    webhook: str


class ViberApi:
    """One bot's connection; `base` is the server's address, without a path of its own; `whole` in seconds."""

    def __init__(self, token: str, base: str = VIBER_API, whole: float = WHOLE) -> None:
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError("EKESCO_VIBER_TOKEN is not a token")
        self._headers = {"X-Viber-Auth-Token": token, "Content-Type": "application/json"}
        self._base, self._whole = f"{base.rstrip('/')}/pa/", whole
        self._session: ClientSession | None = None

    async def send(self, receiver: str, message: Sending) -> Sent:
        answer = await self._call("send_message", {"receiver": receiver, **as_json(message)})
        return Sent(_token(answer), _whole_number(answer.get("billing_status")))

    async def broadcast(self, receivers: Sequence[str], message: Sending) -> Broadcast:
        """To at most 300 at once; 500 requests in ten seconds are the caller's to keep to."""
        if not 0 < len(receivers) <= MOST_RECEIVERS:
            raise ValueError(f"{len(receivers)} receivers")
        told = {"broadcast_list": list(receivers), **as_json(message)}
        answer = await self._call("broadcast_message", told)
        failed = answer.get("failed_list")
        return Broadcast(_token(answer), tuple(map(_failed, failed if isinstance(failed, list) else ())))

    async def set_webhook(self, url: str, events: Sequence[str]) -> tuple[str, ...]:
        """The events that Viber will tell; it calls `url` before it answers.  An empty one ends the calls."""
        told = {"url": url, "event_types": list(events), "send_name": True, "send_photo": False}
        answer = await self._call("set_webhook", told, CALLS_BACK)
        subscribed = answer.get("event_types")
        return tuple(map(str, subscribed)) if isinstance(subscribed, list) else ()

    async def account(self) -> Account:
        answer = await self._call("get_account_info", {})
        return Account(*(str(answer.get(field) or "") for field in ("id", "name", "uri", "webhook")))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _call(self, method: str, told: Mapping[str, Any], seconds: float = 0) -> dict[str, Any]:
        body = encoded(told)
        if len(body) > REQUEST_BYTES:
            raise Malformed(f"{method}: {len(body)} bytes are more than Viber takes")
        timeout = ClientTimeout(total=seconds or self._whole, connect=CONNECT)
        try:
            # A redirect would take the token to somebody else.
            async with self._opened().post(
                self._base + method, data=body, headers=self._headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, wait = response.status, response.headers.get("Retry-After", "")
                content = await response.read()
        except (ClientConnectorError, NotReached) as error:
            raise Later(f"{method}: not reached: {type(error).__name__}") from None
        except (ClientError, OSError, TimeoutError) as error:
            raise Uncertain(f"{method}: no answer: {type(error).__name__}") from None
        if status == _TOO_MANY:
            raise Later(f"{method}: HTTP 429", _seconds(wait))
        if status != 200:  # Viber's own trouble, which it says before it does anything, or not Viber at all
            raise Later(f"{method}: HTTP {status}")
        return _judged(method, content)

    def _opened(self) -> ClientSession:
        # Made in the loop that uses it, and kept: a connection serves many messages.
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=64))
        return self._session


def _judged(method: str, content: bytes) -> dict[str, Any]:
    """The answer, when its status is 0.  Raises what another one means."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    status = _whole_number(answer.get("status")) if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or status is None:
        raise Uncertain(f"{method}: an answer that is not Viber's")
    if status:
        raise meaning(status, str(answer.get("status_message", "")))
    return answer


def _token(answer: Mapping[str, Any]) -> str:
    """A message's name: a whole number of 64 bits, which is text everywhere else."""
    token = answer.get("message_token")
    return str(token) if isinstance(token, str) or _whole_number(token) is not None else ""


def _failed(raw: Any) -> Failed:
    told = raw if isinstance(raw, dict) else {}
    status = _whole_number(told.get("status"))
    why = meaning(status if status is not None else -1, str(told.get("status_message", "")))
    return Failed(str(told.get("receiver", "")), why)


def _whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(asked: str) -> float | None:
    return min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdecimal() else None
