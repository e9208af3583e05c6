"""Documents by their links: drawn when they are opened, in the language that their chat speaks now."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.files import Files, Kept
from dialogs.engine.lines import Picture
from handlers.documents import Document
from handlers.web.identity import Doorkeeper
from handlers.web.languages import page_language, preferred
from handlers.web.limits import RateLimit
from handlers.web.notices import AWAY, NO_DOCUMENT, TOO_OFTEN, Notice
from handlers.web.pages import Pages
from storage.base import Unavailable

log = logging.getLogger(__name__)

#: Drawn at once: each takes a tenth of a second of one core, which the chats need too.
AT_ONCE = 2
OPENED_A_MINUTE = 20


@dataclass(frozen=True, slots=True)
class DocumentDesk:
    """What the pages need of the program: `draw` makes a picture a document in a language."""

    files: Files
    draw: Callable[[Picture, str], Document]


class DocumentPages:
    """Serves those of /file whose token is one of a document."""

    def __init__(self, desk: DocumentDesk, pages: Pages, door: Doorkeeper) -> None:
        self._desk, self._pages, self._door = desk, pages, door
        self._opened = RateLimit(OPENED_A_MINUTE, 60.0)
        self._drawing = asyncio.Semaphore(AT_ONCE)

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/file/{token:[0-9a-f]{64}}", self.show)
        router.add_get("/file/{token:[0-9a-f]{64}}.png", self.picture)

    async def show(self, request: web.Request) -> web.Response:
        """As often as it is asked for: messengers fetch links before anybody sees them."""
        token = request.match_info["token"]
        try:
            kept = await self._desk.files.find(token)
        except Unavailable:
            return self._notice(request, AWAY)
        if kept is None:
            return self._notice(request, NO_DOCUMENT)
        if not self._opened.allows(hashlib.sha256(token.encode()).hexdigest()):
            return self._notice(request, TOO_OFTEN, kept.language)
        try:
            found = await self._drawn(kept)
        except Exception:  # of an older release, it may lack what a newer one shows; the chat has a new one
            log.exception("cannot draw the document %s", kept.picture.painter)
            return self._notice(request, NO_DOCUMENT, kept.language)
        shown = {"Content-Disposition": f'inline; filename="{found.name}"'}
        return web.Response(body=found.pdf, content_type="application/pdf", headers=shown)

    async def picture(self, request: web.Request) -> web.Response:
        """One that a messenger fetches for its customer, whose device may fetch it again."""
        try:
            png = await self._desk.files.hosted(request.match_info["token"])
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": "1"})
        if png is None:
            return web.Response(status=404)
        return web.Response(body=png, content_type="image/png")

    async def _drawn(self, kept: Kept) -> Document:
        async with self._drawing:
            return await asyncio.to_thread(self._desk.draw, kept.picture, kept.language)

    def _notice(self, request: web.Request, notice: Notice, language: str = "") -> web.Response:
        known = page_language(language or preferred(request.headers.get("Accept-Language", "")))
        page = self._pages.page(
            "form_closed.html",
            known,
            title=self._pages.t(known)(notice.title.msgid),
            way_on=self._pages.t(known)(notice.way_on.msgid),
            again="",
            chats=self._door.visitor(request) is not None,
        )
        response = web.Response(text=page, content_type="text/html", charset="utf-8", status=notice.status)
        if notice.status in (429, 503):
            response.headers["Retry-After"] = "60"
        return response
