"""Telegram, Viber and the web chat in the test's memory: what each can show, and what it would be handed.

What they refuse is what the real one refuses, so that a message that could not be sent fails its test.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from typing import Any

from bot.channel import Button, Gone, Message, Refused, Unreachable
from dialogs.engine.events import Arrived, Event, Said, Shared, Tapped, Unreadable
from handlers.telegram import render as telegram
from handlers.telegram.capabilities import TELEGRAM
from handlers.viber import render as viber
from handlers.viber.capabilities import VIBER
from handlers.viber.models import Sender, as_json, encoded
from handlers.viber.words import KeyWords
from handlers.web.bodies import decode_message, encode_message
from handlers.web.capabilities import WEB
from tests.fakes.viber.schema import read_message

KINDS = {"telegram": TELEGRAM, "viber": VIBER, "web": WEB}
LONGEST_PAYLOAD = 64
LOOK = viber.Look(Sender(name="KESCO"), KeyWords("🏠 Menu", "Previous", "More"))
MEDIA = "https://kesco.example/file/x.png"


@dataclass
class Shown:
    """A message of ours on the customer's screen, as it stands now."""

    id: str
    message: Message

    @property
    def text(self) -> str:
        return words_of(self.message)

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.message.rows for button in row)


def words_of(message: Message) -> str:
    return "".join(span.text for span in message.text)


@dataclass
class Screen:
    """What one customer has in front of them, and everything that led there."""

    shown: list[Shown] = field(default_factory=list)
    keyboard: tuple[Button, ...] = ()  # of the channel, where buttons do not belong to messages
    news: list[str] = field(default_factory=list)  # sent or edited since the customer's last move
    erased: list[str] = field(default_factory=list)  # the customer's own messages that we took away
    history: list[tuple[str, Message | str]] = field(default_factory=list)
    ever: list[Button] = field(default_factory=list)  # every button there ever was, newest last


class TalkChannel:
    """`faults` are raised one by one by what is said next; a chat in `blocked` is never reached.

    `kind` is one of `KINDS`, the name where it is not given.
    """

    def __init__(self, name: str, kind: str = "") -> None:
        self.name, self.capabilities = name, KINDS[kind or name]
        self.screens: dict[str, Screen] = {}
        self.faults: deque[Exception] = deque()
        self.lost_answers: deque[Exception] = deque()  # raised after the message has gone out
        self.blocked: set[str] = set()
        self.refuses_pictures = False
        self.refuses_once: Exception | None = None
        self.stuck = False
        self._ids = 0

    def screen(self, chat: str) -> Screen:
        return self.screens.setdefault(chat, Screen())

    def hear(self, body: bytes, at: datetime) -> Event | None:
        told: dict[str, Any] = json.loads(body)
        match told:
            case {"say": str(text)}:
                return Said(text, at, "own")
            case {"tap": str(payload)}:
                return Tapped(payload, at)
            case {"open": str(language)}:
                return Arrived(language, at, told.get("context", ""))
            case {"phone": str(phone), "own": bool(own)}:
                return Shared(phone, own, at)
            case {"sends": str(kind)}:
                return Unreadable(kind, at)
            case {"joined": _}:
                return None
        raise ValueError("nothing we know")

    async def send(self, chat: str, message: Message, language: str) -> str:
        await self._fails(chat)
        self._judge(message)
        self._ids += 1
        screen = self.screen(chat)
        screen.shown.append(Shown(str(self._ids), message))
        self._note(screen, "sends", message)
        if not self.capabilities.inline_keyboard and message.rows:
            screen.keyboard = screen.shown[-1].buttons
        if self.lost_answers:
            raise self.lost_answers.popleft()
        return str(self._ids)

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        assert self.capabilities.edits, "this channel cannot edit"
        await self._fails(chat)
        self._judge(message)
        shown = self._find(chat, message_id)
        if shown is None or message.image is not None:
            raise Gone(message_id)
        shown.message = message
        self._note(self.screen(chat), "edits", message)
        if self.lost_answers:
            raise self.lost_answers.popleft()

    async def strip(self, chat: str, message_id: str) -> None:
        await self._fails(chat)
        if not self.capabilities.edits:
            return
        shown = self._find(chat, message_id)
        if shown is not None and shown.message.rows:
            shown.message = replace(shown.message, rows=())

    async def erase(self, chat: str, message_id: str) -> None:
        await self._fails(chat)
        self.screen(chat).erased.append(message_id)

    async def may_push(self, chat: str) -> bool:
        return True

    async def typing(self, chat: str) -> None:
        return None

    def _find(self, chat: str, message_id: str) -> Shown | None:
        return next((s for s in self.screen(chat).shown if s.id == message_id), None)

    def _note(self, screen: Screen, what: str, message: Message) -> None:
        screen.news.append(words_of(message))
        screen.history.append((what, message))
        screen.ever += [button for row in message.rows for button in row if button.payload]

    async def _fails(self, chat: str) -> None:
        if self.stuck:
            await asyncio.get_running_loop().create_future()
        if chat in self.blocked:
            raise Unreachable("blocked")
        if self.faults:
            raise self.faults.popleft()

    def _hand_over(self, message: Message) -> None:
        """What the real channel would send, held against what its messenger takes."""
        match self.capabilities:
            case capabilities if capabilities is VIBER:
                for form in viber.render(message, LOOK, page=message.page, media=MEDIA):
                    read_message(json.loads(encoded(as_json(form))), loopback=False)
            case capabilities if capabilities is TELEGRAM:
                texts = [piece.html for piece in telegram.pieces(message)]
                shown = [unescape(re.sub(r"</?b>", "", html)) for html in texts]
                if any(len(text.encode("utf-16-le")) // 2 > capabilities.text_length for text in shown):
                    raise Refused("too long")
            case _:
                assert decode_message(json.loads(encode_message(message, "en"))).text == message.text

    def _judge(self, message: Message) -> None:
        if self.refuses_once is not None:
            refusal, self.refuses_once = self.refuses_once, None
            raise refusal
        if message.image is not None and self.refuses_pictures:
            raise Refused("no pictures here")
        text, limit = words_of(message), self.capabilities
        self._hand_over(message)
        if not text.strip() and message.image is None:
            raise Refused("empty")
        buttons = [button for row in message.rows for button in row]
        if len(buttons) > limit.buttons or any(len(row) > limit.columns for row in message.rows):
            raise Refused("too many buttons")
        for button in buttons:
            if not button.label.strip() or bool(button.payload) is bool(button.url):
                raise Refused(f"no such button: {button}")
            if len(button.payload.encode()) > LONGEST_PAYLOAD:
                raise Refused(f"payload too long: {button.payload}")
