"""The one-time pages: opened from a chat, filled in once, and left.  GET never changes anything.

What is typed here is passed on and forgotten: it is never shown again, logged or kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from urllib.parse import parse_qsl, quote

from aiohttp import web

from bot.forms_port import Closed, FormFile, Opened, Refused, Taken, Why
from dialogs.engine.pages import Page
from dialogs.engine.text import Phrase, Text
from handlers.web.identity import Doorkeeper
from handlers.web.languages import PageLanguage, page_language, preferred
from handlers.web.limits import RateLimit
from handlers.web.miniapp import Forged, Stale, viewer
from handlers.web.notices import (
    ANY_CHAT,
    AWAY,
    CHATS,
    CLOSED,
    NOT_OURS,
    TOO_LARGE,
    TOO_OFTEN,
    UNREADABLE,
    Notice,
    until,
)
from handlers.web.pages import Pages
from handlers.web.tickets import Receipt, Tickets
from storage.base import Unavailable

LARGEST_POST = 16 * 1024
POSTS_A_MINUTE = 10
_MOST_FIELDS = 32
_COOKIE_SECONDS = 3600
#: The channel whose chats are on this site.
HERE = "web"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_URLENCODED = "application/x-www-form-urlencoded"

#: From a language code and a phrase to the words.
Say = Callable[[str, Phrase], str]


class Forms(Protocol):
    """The pages that are out.  Both methods may raise `storage.base.Unavailable`."""

    async def open(self, token: str) -> Opened | Closed:
        """The page behind a token; changes nothing."""
        ...

    async def submit(
        self, token: str, typed: Mapping[str, str], viewer: str | None = None
    ) -> Taken | Refused | Closed:
        """Take what was typed; only `Taken` uses the page up.

        `viewer` is the chat of the person who is certain to have opened it; None when nobody knows.
        """
        ...


@dataclass(frozen=True, slots=True)
class FormDesk:
    """What the pages need of the program.

    With `telegram_token` (the bot's) a page knows who opened it inside Telegram; `telegram_bot` is the bot's
    user name where it is known, for the way back.
    """

    forms: Forms
    say: Say
    telegram_token: str = ""
    telegram_bot: Callable[[], str] = str


class BadPost(Exception):
    """Not something that our page sends."""


class FormPages:
    """Serves /form."""

    def __init__(
        self,
        desk: FormDesk,
        pages: Pages,
        door: Doorkeeper,
        tickets: Tickets,
        clock: Callable[[], datetime],
        limit: RateLimit | None = None,
    ) -> None:
        self._desk, self._pages, self._door, self._tickets = desk, pages, door, tickets
        self._clock, self._limit = clock, limit or RateLimit(POSTS_A_MINUTE, 60.0)
        self._cookie = "__Host-form" if door.secure else "form"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/form/{token}", self.show)
        router.add_post("/form/{token}", self.take)
        router.add_get("/form/done/{receipt}", self.done)

    async def show(self, request: web.Request) -> web.Response:
        """The page, as often as it is asked for: messengers fetch links before anybody sees them."""
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return self._closed(request, Closed(Why.UNKNOWN))
        try:
            found = await self._desk.forms.open(token)
        except Unavailable:
            return self._notice(request, AWAY, token)
        if isinstance(found, Closed):
            return self._closed(request, found)
        return self._page(request, found)

    async def take(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return self._closed(request, Closed(Why.UNKNOWN))
        try:
            typed = await read_fields(request)
            csrf, launch = typed.pop("csrf", ""), typed.pop("init_data", "")
            opened_by = self._viewer(launch)
        except (BadPost, Forged):
            return self._notice(request, UNREADABLE, token)
        except web.HTTPRequestEntityTooLarge:
            return self._notice(request, TOO_LARGE, token)
        if not self._is_ours(request, token, csrf, opened_by):
            return self._notice(request, NOT_OURS, token)
        if not self._limit.allows(hashlib.sha256(token.encode()).hexdigest()):
            return self._notice(request, TOO_OFTEN, token)
        try:
            viewer = opened_by or await self._visitor(request, token)
            result = await self._desk.forms.submit(token, typed, viewer)
        except Unavailable:
            return self._notice(request, AWAY, token)
        match result:
            case Refused(opened, problems):
                return self._page(request, opened, problems, launch, status=422)
            case Closed():
                return self._closed(request, result)
        return _download(result.file) if result.file else self._gone_to_done(result)

    async def done(self, request: web.Request) -> web.Response:
        """What is said when all is done; it can be read again as often as one likes."""
        receipt = self._tickets.read(request.match_info["receipt"])
        if receipt is None:
            return self._closed(request, Closed(Why.UNKNOWN))
        language = page_language(receipt.language)
        bot = self._desk.telegram_bot() if receipt.channel == "telegram" else ""
        said = self._desk.say(language.code, Phrase(Text(receipt.said)))
        page = self._pages.page("form_done.html", language, said=said, channel=receipt.channel, bot=bot)
        return _html(page)

    def _viewer(self, init_data: str) -> str | None:
        """Who opened the page inside Telegram.  A launch that is too old proves nothing and harms nothing."""
        if not init_data or not self._desk.telegram_token:
            return None
        try:
            return viewer(init_data, self._desk.telegram_token, self._clock())
        except Stale:
            return None

    async def _visitor(self, request: web.Request, token: str) -> str | None:
        """Whose browser this is, for a page of a chat on this site; None for others, and where nobody knows.

        So a link that was made in one chat does not get its password from the owner of another.
        """
        visitor = self._door.visitor(request)
        if visitor is None:
            return None
        found = await self._desk.forms.open(token)
        return visitor.chat if isinstance(found, Opened) and found.channel == HERE else None

    def _is_ours(self, request: web.Request, token: str, csrf: str, opened_by: str | None) -> bool:
        """Whether our own page sent this, from the browser that it was given to.

        In a frame of Telegram's site many browsers keep our cookie back; there the launch speaks for it.
        """
        nonce = self._tickets.nonce_of(token, csrf)
        kept = request.cookies.get(self._cookie) == nonce or opened_by is not None
        return nonce is not None and kept and self._door.same_origin(request)

    def _page(
        self,
        request: web.Request,
        opened: Opened,
        problems: Mapping[str, Phrase] = MappingProxyType({}),
        launch: str = "",
        status: int = 200,
    ) -> web.Response:
        language = page_language(opened.language)
        token, nonce = request.match_info["token"], self._tickets.nonce(request.cookies.get(self._cookie, ""))

        def say(text: Text | Phrase) -> str:
            return self._desk.say(language.code, text if isinstance(text, Phrase) else Phrase(text))

        left = opened.expires_at - self._clock()
        page = self._pages.page(
            "form.html",
            language,
            say=say,
            page=opened.page,
            chat=say(CHATS.get(opened.channel, ANY_CHAT)),
            who=opened.who,
            until=say(until(left, opened.expires_at)),
            seconds=max(0, int(left.total_seconds())),
            problems={name: say(phrase) for name, phrase in problems.items()},
            first=_first_to_mend(opened.page, problems),
            csrf=self._tickets.csrf(token, nonce),
            launch=launch,
        )
        response = _html(page, status)
        self._keep(response, nonce)
        return response

    def _keep(self, response: web.Response, nonce: str) -> None:
        response.set_cookie(
            self._cookie,
            nonce,
            max_age=_COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=self._door.secure,
            path="/",
        )

    def _closed(self, request: web.Request, closed: Closed) -> web.Response:
        language = page_language(closed.language) if closed.language else None
        return self._notice(request, CLOSED[closed.why], language=language)

    def _notice(
        self, request: web.Request, notice: Notice, again: str = "", language: PageLanguage | None = None
    ) -> web.Response:
        """A page with a sentence; `again` is the token of a page that may be opened once more."""
        language = language or page_language(preferred(request.headers.get("Accept-Language", "")))
        page = self._pages.page(
            "form_closed.html",
            language,
            title=self._desk.say(language.code, Phrase(notice.title)),
            way_on=self._desk.say(language.code, Phrase(notice.way_on)),
            again=again,
            chats=self._door.visitor(request) is not None,
        )
        response = _html(page, notice.status)
        if notice.status in (429, 503):
            response.headers["Retry-After"] = "60"
        return response

    def _gone_to_done(self, taken: Taken) -> web.Response:
        receipt = self._tickets.receipt(Receipt(taken.language, taken.channel, taken.page.done.msgid))
        return web.Response(status=303, headers={"Location": f"/form/done/{receipt}"})


async def read_fields(request: web.Request) -> dict[str, str]:
    """What a form sent, by name.  Raises `BadPost`, and aiohttp's 413 when it is too large."""
    if request.content_type != _URLENCODED:
        raise BadPost
    body = await request.clone(client_max_size=LARGEST_POST).read()
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise BadPost from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadPost
    return fields


def _first_to_mend(page: Page, problems: Mapping[str, Phrase]) -> str:
    """The field to begin with; what is wrong with the whole page is mended there, too."""
    names = [field.name for field in page.fields]
    return next((name for name in names if name in problems), names[0] if names and problems else "")


def _html(html: str, status: int = 200) -> web.Response:
    return web.Response(text=html, content_type="text/html", charset="utf-8", status=status)


def _download(file: FormFile) -> web.Response:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return web.Response(
        body=file.body, headers={"Content-Type": file.content_type, "Content-Disposition": named}
    )
