"""Who opened a page inside Telegram: the launch data that Telegram signs with the bot's token.

The rule: https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

#: A launch proves who is there for so long; the library's own check takes one that is years old.
GOOD_FOR = timedelta(minutes=5)
#: How far Telegram's clock may be ahead of ours.
AHEAD = timedelta(seconds=60)
_MOST_FIELDS = 32


class Forged(Exception):
    """Not signed by Telegram for this bot, or not what Telegram signs."""


class Stale(Exception):
    """Signed by Telegram, but too long ago to prove anything now."""


def viewer(init_data: str, bot_token: str, now: datetime) -> str:
    """The chat (like `telegram:42`) of the person who opened the page.  Raises `Forged` and `Stale`."""
    fields = _fields(init_data)
    if not hmac.compare_digest(_signature(fields, bot_token), fields.get("hash", "").encode()):
        raise Forged("the signature is not ours")
    _check_age(fields, now)
    return f"telegram:{_user(fields)}"


def _fields(init_data: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(init_data, strict_parsing=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Forged("no query string") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Forged("a field stands there twice")
    return fields


def _signature(fields: dict[str, str], bot_token: str) -> bytes:
    signed = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()) if name != "hash")
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest().encode()


def _check_age(fields: dict[str, str], now: datetime) -> None:
    try:
        launched = datetime.fromtimestamp(int(fields["auth_date"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError) as error:
        raise Forged("no moment of launch") from error
    if not -AHEAD <= now - launched <= GOOD_FOR:
        raise Stale(f"launched at {launched.isoformat()}")


def _user(fields: dict[str, str]) -> int:
    try:
        match json.loads(fields["user"]):
            case {"id": int(number)} if number > 0:
                return number
    except (KeyError, ValueError, RecursionError) as error:
        raise Forged("no user") from error
    raise Forged("no user")
