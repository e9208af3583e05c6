"""Shows a conversation's lines on its channel: sends, edits, takes buttons off, takes messages away."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.channel import Channel, Gone, Message, Refused, Stays
from bot.posts import Claim, Post
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, _
from storage import prompts
from storage.base import Storage, Write

log = logging.getLogger(__name__)

#: A message whose fate is unknown is repeated so often, and then believed to have arrived.
MOST_REPEATS = 4
#: Prompts whose messages are known without asking the database.
REMEMBERED = 10_000

STAYS = _("I could not take your message out of this chat. Please delete it yourself.")

Render = Callable[[Line, str, Channel], Awaitable[Message]]


class Showing:
    """`channels` may grow until the first post comes."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        render: Render,
        language: Callable[[str], Awaitable[str]],
    ) -> None:
        self._storage, self._channels, self._render, self._language = storage, channels, render, language
        self._messages: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._does = {"line": self._show, "edit": self._show, "strip": self._strip, "erase": self._erase}

    def may_repeat(self, post: Post) -> bool:
        return not post.careful and post.repeats < MOST_REPEATS

    async def hand_over(self, post: Post, claim: Claim) -> list[Write]:
        if post.careful:
            await claim()
        return await self._does[post.kind](self._channels[post.channel], post)

    async def _strip(self, channel: Channel, post: Post) -> list[Write]:
        bearer = await self._message_of(post.chat, post.prompt)
        if bearer:
            await channel.strip(post.chat, bearer)
        self._messages.pop((post.chat, post.prompt), None)
        return [prompts.forget(post.chat, post.prompt)]

    async def _erase(self, channel: Channel, post: Post) -> list[Write]:
        try:
            await channel.erase(post.chat, post.message_id)
        except Stays:
            language = await self._language(post.chat)
            message = await self._render(Line((Phrase(STAYS),)), language, channel)
            await channel.send(post.chat, message, language)
        return []

    async def _show(self, channel: Channel, post: Post) -> list[Write]:
        assert post.line is not None
        language = await self._language(post.chat)
        message = await self._render(post.line, language, channel)
        before = await self._message_of(post.chat, post.prompt) if post.prompt else None
        if before and channel.capabilities.edits:
            if post.kind == "edit" and await self._edited(channel, post, before, message, language):
                return []
            await channel.strip(post.chat, before)
        sent = await self._sent(channel, post, message, language)
        if not post.prompt:
            return []
        self._messages[post.chat, post.prompt] = sent
        if len(self._messages) > REMEMBERED:
            self._messages.popitem(last=False)
        return [prompts.remember(post.chat, post.prompt, sent)]

    async def _edited(
        self, channel: Channel, post: Post, before: str, message: Message, language: str
    ) -> bool:
        try:
            await channel.edit(post.chat, before, message, language)
        except Gone:
            return False
        return True

    async def _sent(self, channel: Channel, post: Post, message: Message, language: str) -> str:
        try:
            return await channel.send(post.chat, message, language)
        except Refused as refused:
            if message.image is None:
                raise
            log.error("picture refused, words sent: chat=%s why=%s", post.chat, refused)
            return await channel.send(post.chat, replace(message, image=None), language)

    async def _message_of(self, chat: str, prompt: int) -> str | None:
        """The id of the message that carries a prompt."""
        known = self._messages.get((chat, prompt))
        if known is not None:
            return known
        rows = await self._storage.read(prompts.message_of(chat, prompt))
        return str(rows[0]["message_id"]) if rows else None
