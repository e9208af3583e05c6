"""What is certain about a raw update before anybody understands it: its key, its chat, its click."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.channel import Arrival

NAME = "telegram"
#: The chat of updates that belong to none, and of what is no update at all.
NOWHERE = f"{NAME}:?"


def arrival_of(raw: bytes | dict[str, Any]) -> Arrival:
    """Never raises: an update that nobody can read is kept as well, under a key made from its bytes."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw, separators=(",", ":")).encode()
    update = parsed(raw) if isinstance(raw, bytes) else raw
    number = update.get("update_id")
    key = str(number) if _is_integer(number) else hashlib.sha256(body).hexdigest()
    return Arrival(NAME, key, _chat(update), body)


def parsed(body: bytes) -> dict[str, Any]:
    """The update as JSON, empty when it is none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return update if isinstance(update, dict) else {}


def click_of(update: dict[str, Any]) -> str | None:
    """The id under which a tap waits for its answer."""
    query = update.get("callback_query")
    number = query.get("id") if isinstance(query, dict) else None
    return number if isinstance(number, str) else None


def _chat(update: dict[str, Any]) -> str:
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message", content)
            chat = message.get("chat") if isinstance(message, dict) else None
            number = chat.get("id") if isinstance(chat, dict) else None
            return f"{NAME}:{number}" if _is_integer(number) else NOWHERE
    return NOWHERE


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
