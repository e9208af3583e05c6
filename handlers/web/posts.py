"""What a browser posts, read and judged: a text, a tap or an arrival, under an id that the browser chose."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.channel import Arrival, Button
from dialogs.engine.prompts import redraws

LONGEST_TEXT = 4_000
_LONGEST_PAYLOAD = 256
_CLIENT = re.compile(r"[A-Za-z0-9_-]{7,64}")
_KINDS = ("text", "tap", "arrive")


class BadPost(Exception):
    """Not something that our page sends."""


@dataclass(frozen=True, slots=True)
class Post:
    """`kind` is text, tap or arrive, `value` what was said, `message` the one whose button was pressed."""

    client: str
    kind: str
    value: str
    message: int
    csrf: str
    scripted: bool  # sent by the page's script, which wants a status and no page

    def arrival(self, chat: str) -> Arrival:
        body = json.dumps({self.kind: self.value, "id": self.key}, ensure_ascii=False).encode()
        return Arrival(channel="web", key=f"{chat}:{self.key}", chat=chat, body=body)

    def fields(self) -> dict[str, str]:
        """A form that posts the same once more."""
        return {"csrf": self.csrf, "id": self.client, self.kind: self.value, "message": str(self.message)}

    @property
    def key(self) -> str:
        """One page without script has one id for all its buttons: what was pressed tells them apart."""
        if self.scripted or self.kind == "arrive":
            return self.client
        return self.client + "-" + hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()[:12]


async def read_post(request: web.Request) -> Post:
    """The post in a request.  Raises BadPost, and aiohttp's 413 when it is too large."""
    scripted = request.content_type == "application/json"
    fields = await (_json(request) if scripted else _form(request))
    csrf = request.headers.get("X-CSRF-Token", "") if scripted else str(fields.get("csrf", ""))
    client = str(fields.get("id", ""))
    kind = next((kind for kind in _KINDS if isinstance(fields.get(kind), str)), "")
    if not kind or not _CLIENT.fullmatch(client):
        raise BadPost
    value = clean(fields[kind], LONGEST_TEXT if kind == "text" else _LONGEST_PAYLOAD)
    if not value:
        raise BadPost
    return Post(client, kind, value, _message(fields.get("message")), csrf, scripted)


def clean(text: str, longest: int) -> str:
    """Words that every database and every answer can hold: no NUL, no half of a surrogate pair."""
    whole = text.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return whole.strip()[:longest]


def words_of_tap(rows: tuple[tuple[Button, ...], ...], payload: str) -> str:
    """What the customer's bubble says after a tap, or "" when the change is seen on the prompt itself."""
    pressed = next((button for row in rows for button in row if button.payload == payload), None)
    return "" if pressed is None or redraws(payload) else pressed.label


async def _json(request: web.Request) -> Mapping[str, Any]:
    try:
        document = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise BadPost from error
    if not isinstance(document, dict):
        raise BadPost
    return document


async def _form(request: web.Request) -> Mapping[str, Any]:
    try:
        return await request.post()
    except ValueError as error:
        raise BadPost from error


def _message(value: object) -> int:
    digits = str(value or 0)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
