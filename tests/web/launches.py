"""Launches of a Mini App, signed as Telegram signs them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlencode

from tests.web.office import NOON

BOT = "123456789:AAtheTokenOfABotThatIsNobodys_0123456"


def launch(user: object = 42, at: datetime = NOON, token: str = BOT, **more: str) -> str:
    """`initData` of the person with that id; what else is named is signed with it."""
    fields = {
        "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
        "user": json.dumps({"id": user, "first_name": "Arbër & Çerçiz", "language_code": "sq"}),
        "auth_date": str(int(at.timestamp())),
        "signature": "r5_8Q-not-looked-at-here",
        **more,
    }
    return sealed(fields, token)


def sealed(fields: dict[str, str], token: str = BOT) -> str:
    """The fields as a query string with Telegram's `hash`."""
    signed = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()})
