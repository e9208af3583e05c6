"""The chat's own page and what is posted to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.card_numbers import without_card_numbers
from bot.channel import Arrival
from dialogs.engine.text import Text, _
from handlers.web.bodies import decode_message, encode_own
from handlers.web.channel import millis
from handlers.web.files import FileNames
from handlers.web.history import History
from handlers.web.identity import Doorkeeper, Visitor
from handlers.web.languages import PageLanguage, page_language, preferred
from handlers.web.limits import RateLimit
from handlers.web.listeners import Ear, Listeners
from handlers.web.notices import NO_DOCUMENT
from handlers.web.pages import Pages
from handlers.web.posts import BadPost, Post, read_post, words_of_tap
from storage import web_messages
from storage.base import Storage, Unavailable, Write

#: A browser without script is shown the answer at once when it comes within so many seconds.
PATIENCE = 3.0
_QUIET = 0.25


class Intake(Protocol):
    """Where updates go: kept before it returns, each once, together with the writes that belong to them."""

    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None: ...


class ChatPages:
    """Serves GET and POST /chat and the pictures of messages."""

    def __init__(
        self,
        storage: Storage,
        intake: Intake,
        listeners: Listeners,
        door: Doorkeeper,
        history: History,
        pages: Pages,
        files: FileNames,
        limit: RateLimit,
        clock: Callable[[], datetime],
    ) -> None:
        self._storage, self._intake, self._listeners = storage, intake, listeners
        self._door, self._history, self._pages, self._files = door, history, pages, files
        self._limit, self._clock = limit, clock

    async def show(self, request: web.Request) -> web.Response:
        visitor = self._door.visitor(request) or Visitor.new()
        guess = _guess(request)
        try:
            talk = await self._history.load(visitor.chat, guess)
        except Unavailable:
            return self._trouble(request, 503, _("We will be back in a moment. Please try again."))
        page = self._pages.chat(
            talk.language,
            talk.bubbles,
            talk.notes,
            csrf=self._door.csrf(visitor),
            nonce=secrets.token_hex(16),
            cursor=str(talk.cursor),
            guess=guess,
        )
        response = _page(page)
        self._door.welcome(response, visitor)
        return response

    async def post(self, request: web.Request) -> web.StreamResponse:
        """202 for the page's script, 303 back to the page for a form; a sentence when it cannot be taken."""
        try:
            post = await read_post(request)
        except BadPost:
            return self._trouble(request, 400, _("That could not be read. Please write it again."))
        except web.HTTPRequestEntityTooLarge:
            return self._trouble(request, 413, _("That is too long for one message."))
        visitor = self._door.visitor(request)
        if visitor is None or not self._is_theirs(request, visitor, post):
            return self._trouble(request, 403, _("This page is too old. Please open the chat again."))
        if not self._limit.allows(visitor.chat):
            return self._trouble(
                request, 429, _("That was very quick. Please wait ten seconds and try again."), post
            )
        try:
            return await self._take(visitor.chat, post)
        except Unavailable:
            return self._trouble(
                request, 503, _("We could not take your message just now. Please try again."), post
            )

    async def picture(self, request: web.Request) -> web.Response:
        """A message's picture, by its signed name; a page that says so, with 404, for any other name."""
        message = self._files.message(request.match_info["token"], self._clock().timestamp())
        rows = await self._storage.read(web_messages.one(message)) if message is not None else ()
        image = decode_message(json.loads(str(rows[0]["body"]))).image if rows else None
        if image is None:
            return self._trouble(request, 404, NO_DOCUMENT.way_on)
        return web.Response(
            body=image.png, content_type="image/png", headers={"Cache-Control": "private, max-age=86400"}
        )

    def _is_theirs(self, request: web.Request, visitor: Visitor, post: Post) -> bool:
        return self._door.same_origin(request) and self._door.made_by(visitor, post.csrf)

    async def _take(self, chat: str, post: Post) -> web.StreamResponse:
        words = await self._words(chat, post)
        body = encode_own(words, post.key)
        own = [web_messages.add_own(chat, body, millis(self._clock()))] if words else []
        with self._listeners.listen(chat) as ear:
            await self._intake.receive([post.arrival(chat)], also=own)
            if post.scripted:
                self._listeners.notify(chat)
                return web.json_response({"status": "taken"}, status=202)
            await _answered(ear)
        return web.Response(status=303, headers={"Location": "/chat#end"})

    async def _words(self, chat: str, post: Post) -> str:
        """What the customer's own bubble says; "" for none."""
        if post.kind == "text":
            return without_card_numbers(post.value)
        if post.kind != "tap" or not post.message:
            return ""
        rows = await self._storage.read(web_messages.one(post.message))
        if not rows or rows[0]["chat"] != chat or not rows[0]["live"]:
            return ""
        return words_of_tap(decode_message(json.loads(str(rows[0]["body"]))).rows, post.value)

    def _trouble(
        self,
        request: web.Request,
        status: int,
        sentence: Text,
        post: Post | None = None,
    ) -> web.Response:
        language = _language(request)
        words = self._pages.t(language)(sentence.msgid)
        if request.content_type == "application/json":
            return web.json_response({"error": words}, status=status)
        again = post.fields() if post else None
        return _page(self._pages.trouble(language, words, again), status)


async def _answered(ear: Ear) -> None:
    """Wait for the first answer, and then until nothing more comes."""
    if await ear.wait(PATIENCE):
        while await ear.wait(_QUIET):
            pass


def _page(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status)


def _guess(request: web.Request) -> str:
    return preferred(request.headers.get("Accept-Language", ""))


def _language(request: web.Request) -> PageLanguage:
    return page_language(_guess(request))
