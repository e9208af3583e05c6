"""Telegram as a channel: aiogram hears, python-telegram-bot speaks.

Building one loads both libraries: import this module only where a token is set.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from telegram import LinkPreviewOptions
from telegram import Message as Sent
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import BaseRateLimiter, ExtBot

from bot.channel import Gone, Message, Stays
from dialogs.engine.events import Event
from handlers.backoff import Backoff
from handlers.telegram.api import TELEGRAM
from handlers.telegram.arrivals import NAME
from handlers.telegram.capabilities import TELEGRAM as CAN
from handlers.telegram.errors import is_bad_address, is_deleted, is_unmodified, meaning
from handlers.telegram.faces import Face, put_on
from handlers.telegram.hear import Me, hear
from handlers.telegram.render import (
    Piece,
    caption,
    in_words,
    is_beneath,
    keyboard,
    pieces,
)
from handlers.telegram.request import AiohttpRequest

log = logging.getLogger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
#: Begins the id of a message whose buttons are beneath the chat, where no edit reaches them.
_BENEATH = "k"


class TelegramChannel:
    """One bot.  `token` as BotFather gave it, `api` the server's address."""

    name = NAME
    capabilities = CAN

    def __init__(self, token: str, limiter: BaseRateLimiter[Any], api: str = TELEGRAM) -> None:
        # They write the token, which is part of every address, and what we send to customers.
        for talkative in ("httpx", "telegram"):
            logging.getLogger(talkative).setLevel(logging.WARNING)
        self._limiter = limiter
        self._request = AiohttpRequest()
        base = f"{api.rstrip('/')}/bot"
        self._bot: ExtBot[Any] = ExtBot(
            token, base, request=self._request, get_updates_request=self._request, rate_limiter=limiter
        )
        self._me = Me(_id_of(token))

    @property
    def username(self) -> str:
        """The bot's own name, empty until Telegram has told it."""
        return self._me.username

    @property
    def invitation(self) -> str:
        """Opens a chat with the bot, with what is put behind it (https://core.telegram.org/bots/features#deep-linking)."""
        return f"https://t.me/{self.username}?start=" if self.username else ""

    async def open(self) -> None:
        """Ready to speak; asks Telegram nothing, which may be away."""
        await self._request.initialize()
        await self._limiter.initialize()

    async def close(self) -> None:
        await self._limiter.shutdown()
        await self._request.shutdown()

    def hear(self, body: bytes, at: datetime) -> Event | None:
        return hear(body, at, self._me)

    async def send(self, chat: str, message: Message, language: str) -> str:
        try:
            number = await self._opened(_number(chat), message)
        except TelegramError as error:
            raise meaning(error) from None
        return f"{_BENEATH}{number}" if is_beneath(message) else str(number)

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        parts = pieces(message)
        if message.image is not None or len(parts) != 1:
            raise Gone("a picture or a long text takes no other's place")
        if is_beneath(message) or message_id.startswith(_BENEATH):
            raise Gone("the keyboard beneath the chat comes and goes with messages of its own")
        await self._quietly(self._edit(_number(chat), int(message_id), parts[0]))

    async def strip(self, chat: str, message_id: str) -> None:
        if message_id.startswith(_BENEATH):
            await self._clear(_number(chat))
            return
        try:
            await self._quietly(
                self._bot.edit_message_reply_markup(chat_id=_number(chat), message_id=int(message_id))
            )
        except Gone:
            log.debug("a message without buttons to take off is gone")

    async def erase(self, chat: str, message_id: str) -> None:
        """Within two days of its sending; after that it stays where it is."""
        try:
            await self._bot.delete_message(_number(chat), int(message_id))
        except BadRequest as error:
            if is_deleted(error):
                return
            log.warning("a customer's message stays: %s", error.message)
            raise Stays(error.message) from None
        except TelegramError as error:
            raise meaning(error) from None

    async def may_push(self, chat: str) -> bool:
        return True

    async def typing(self, chat: str) -> None:
        """A sign of life, and no more: whatever fails here shows itself when the message is sent."""
        try:
            await self._bot.send_chat_action(_number(chat), ChatAction.TYPING)
        except TelegramError as error:
            log.debug("no sign of typing: %s", error.message)

    async def setup(
        self,
        faces: Mapping[str, Face],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> list[str]:
        """Learn the bot's name and put on its faces, however long Telegram is away.  Returns what changed."""
        backoff = Backoff(first=1, longest=300)
        while True:
            try:
                return await self._introduce(faces)
            except TelegramError as error:
                log.warning("the bot cannot be presented yet: %s", error.message)
                await sleep(backoff.pause())

    async def _introduce(self, faces: Mapping[str, Face]) -> list[str]:
        me = await self._bot.get_me()
        self._me = Me(me.id, me.username or "")
        return await put_on(self._bot, faces)

    async def _clear(self, chat: int) -> None:
        """Telegram takes the keyboard beneath a chat away with a message alone; it is gone in a moment."""
        try:
            sent = await self._bot.send_message(
                chat, "…", disable_notification=True, api_kwargs=_markup({"remove_keyboard": True})
            )
        except TelegramError as error:
            raise meaning(error) from None
        try:
            await self._bot.delete_message(chat, sent.message_id)
        except TelegramError as error:  # three dots that stay in the chat harm nobody
            log.debug("a message without words stays: %s", error.message)

    async def _opened(self, chat: int, message: Message) -> int:
        """Sent with buttons that open our pages, or with links where Telegram does not take such buttons."""
        try:
            return await self._send(chat, message)
        except BadRequest as error:
            if not is_bad_address(error):
                raise
        log.error("Telegram takes no button with our address: is EKESCO_PUBLIC_URL right?")
        return await self._send(chat, in_words(message))

    async def _send(self, chat: int, message: Message) -> int:
        """The id of the last message, which is the one with the buttons."""
        if message.image is None:
            return await self._texts(chat, pieces(message))
        words = caption(message)
        if words is None:
            await self._bot.send_photo(chat, message.image.png)
            return await self._texts(chat, pieces(message))
        sent = await self._bot.send_photo(
            chat,
            message.image.png,
            caption=words or None,
            parse_mode=ParseMode.HTML,
            api_kwargs=_markup(keyboard(message)),
        )
        return sent.message_id

    async def _texts(self, chat: int, parts: tuple[Piece, ...]) -> int:
        number = 0
        for part in parts:
            sent = await self._bot.send_message(
                chat,
                part.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                api_kwargs=_markup(part.keyboard),
            )
            number = sent.message_id
        return number

    async def _edit(self, chat: int, message_id: int, part: Piece) -> Sent | bool:
        return await self._bot.edit_message_text(
            part.html,
            chat,
            message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            api_kwargs=_markup(part.keyboard),
        )

    async def _quietly(self, change: Awaitable[Sent | bool]) -> None:
        """What already looks as it should has succeeded."""
        try:
            await change
        except TelegramError as error:
            if not is_unmodified(error):
                raise meaning(error) from None


def _markup(buttons: dict[str, Any] | None) -> dict[str, Any]:
    """A keyboard as a ready document: the library's own objects take three times as long to make."""
    return {"reply_markup": buttons} if buttons else {}


def _number(chat: str) -> int:
    return int(chat.removeprefix(f"{NAME}:"))


def _id_of(token: str) -> int:
    number = token.partition(":")[0]
    if not number.isdecimal():
        raise ValueError("EKESCO_TELEGRAM_TOKEN is not a token: it begins with the bot's number and a colon")
    return int(number)
