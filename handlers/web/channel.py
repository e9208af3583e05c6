"""The web chat as a channel: to speak is to write a row, and to wake the pages that show this chat."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channel import Gone, Later, Message
from dialogs.engine.events import Arrived, Event, Said, Tapped
from handlers.web.bodies import decode_message, encode_message, encode_own
from handlers.web.capabilities import WEB
from handlers.web.listeners import Listeners
from storage import web_messages
from storage.base import Conflict, Row, Storage, Unavailable, Write

#: What stands in the place of a secret.
DOTS = "•••"


def now() -> datetime:
    return datetime.now(UTC)


def millis(at: datetime) -> int:
    """A moment as columns hold it."""
    return int(at.timestamp() * 1000)


class WebChannel:
    """`bot.channel.Channel` for pages in a browser."""

    name = "web"
    capabilities = WEB

    def __init__(self, storage: Storage, listeners: Listeners, clock: Callable[[], datetime] = now) -> None:
        self._storage, self._listeners, self._clock = storage, listeners, clock

    def hear(self, body: bytes, at: datetime) -> Event | None:
        """The event in a post: `{"text": …}`, `{"tap": …}` or `{"arrive": language}`."""
        match _document(body):
            case {"text": str(text), "id": str(id)}:
                return Said(text, at, id)
            case {"text": str(text)}:
                return Said(text, at)
            case {"tap": str(payload)}:
                return Tapped(payload, at)
            case {"arrive": str(language)}:
                return Arrived(language, at)
        raise ValueError("a post of the web chat has a text, a tap or an arrival")

    async def send(self, chat: str, message: Message, language: str) -> str:
        body, live = encode_message(message, language), bool(message.rows)
        row = await self._write(
            chat,
            web_messages.add(chat, "bot", body, self._now(), prompt=message.prompt, live=live),
        )
        return str(row["id"])

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        if await self._is_picture(message_id):
            raise Gone("a picture is not written over")
        body = encode_message(message, language)
        try:
            await self._write(chat, web_messages.revise(chat, _number(message_id), body, self._now()))
        except Conflict as stripped:
            raise Gone(f"message {message_id} shows no buttons any more") from stripped

    async def strip(self, chat: str, message_id: str) -> None:
        await self._write(chat, web_messages.strip(chat, _number(message_id), self._now()))

    async def erase(self, chat: str, message_id: str) -> None:
        """Put dots in the place of what the customer wrote."""
        await self._write(
            chat, web_messages.redact(chat, message_id, encode_own(DOTS, message_id), self._now())
        )

    async def may_push(self, chat: str) -> bool:
        return True

    async def typing(self, chat: str) -> None:
        self._listeners.typing(chat)

    async def _is_picture(self, message_id: str) -> bool:
        try:
            rows = await self._storage.read(web_messages.one(_number(message_id)))
        except Unavailable as away:
            raise Later("the database is away") from away
        return bool(rows) and decode_message(json.loads(str(rows[0]["body"]))).image is not None

    async def _write(self, chat: str, write: Write) -> Row:
        """One write, told to the open pages; its first row, or an empty one."""
        try:
            [rows] = await self._storage.commit([write])
        except Unavailable as away:
            raise Later("the database is away") from away
        self._listeners.notify(chat)
        return rows[0] if rows else {}

    def _now(self) -> int:
        return millis(self._clock())


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except UnicodeDecodeError as error:
        raise ValueError("a post of the web chat is JSON in UTF-8") from error


def _number(message_id: str) -> int:
    try:
        return int(message_id)
    except ValueError as error:
        raise Gone(f"{message_id!r} is no message of the web chat") from error
