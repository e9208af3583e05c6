"""The stream of a chat's news to one open page: messages new and changed, typing, the demo's phone.

Each event's id says how far the page has read, so that it can come back after a break and miss nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from aiohttp import web

from handlers.web.bubbles import language_of, whole
from handlers.web.history import Cursor, History
from handlers.web.identity import Doorkeeper, Visitor
from handlers.web.languages import PageLanguage, page_language, preferred
from handlers.web.listeners import Ear, Listeners
from handlers.web.pages import Pages
from storage.base import Row, Unavailable

#: So often a page looks for what another process wrote.
POLL_SECONDS = 2.0
_HEARTBEAT_POLLS = 7


@dataclass
class Reader:
    """One page's place in its chat."""

    chat: str
    csrf: str
    cursor: Cursor
    language: PageLanguage
    nonce: str = field(default_factory=secrets.token_hex)
    seen: dict[int, int] = field(default_factory=dict)

    def is_new(self, row: Row) -> bool:
        """Whether this page has not been sent this state of the row."""
        number, state = whole(row["id"]), hash((row["body"], row["live"]))
        if self.seen.get(number) == state:
            return False
        self.seen[number] = state
        return True


class Stream:
    """Serves `GET /chat/events`."""

    def __init__(
        self,
        door: Doorkeeper,
        history: History,
        pages: Pages,
        listeners: Listeners,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._door, self._history, self._pages, self._listeners = door, history, pages, listeners
        self._poll = poll_seconds

    async def serve(self, request: web.Request) -> web.StreamResponse:
        visitor = self._door.visitor(request)
        if visitor is None:
            raise web.HTTPForbidden(text="Open the chat first.")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        with self._listeners.listen(visitor.chat) as ear:
            await response.prepare(request)
            try:
                async for event in self._events(self._reader(request, visitor), ear):
                    await response.write(event.encode())
            except ConnectionResetError:
                pass  # the page was closed
        return response

    def _reader(self, request: web.Request, visitor: Visitor) -> Reader:
        place = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        return Reader(
            chat=visitor.chat,
            csrf=self._door.csrf(visitor),
            cursor=Cursor.parse(place),
            language=page_language(preferred(request.headers.get("Accept-Language", ""))),
        )

    async def _events(self, reader: Reader, ear: Ear) -> AsyncIterator[str]:
        yield ": here\n\n"
        silent = 0
        while not ear.closed:
            try:
                async for event in self._news(reader):
                    yield event
            except Unavailable:
                yield ": the database is away\n\n"
            if ear.take_typing():
                yield "event: typing\ndata: yes\n\n"
            silent = 0 if await ear.wait(self._poll) else silent + 1
            if silent and silent % _HEARTBEAT_POLLS == 0:
                yield ": still here\n\n"

    async def _news(self, reader: Reader) -> AsyncIterator[str]:
        for row in await self._history.news(reader.chat, reader.cursor):
            reader.cursor = reader.cursor.past(row)
            if reader.is_new(row):
                yield _event("message", self._bubble(reader, row), reader.cursor)
        for note in await self._history.notes(reader.chat, reader.cursor.note, reader.language):
            reader.cursor = replace(reader.cursor, note=note.id)
            yield _event("phone", self._pages.note(reader.language, note), reader.cursor)

    def _bubble(self, reader: Reader, row: Row) -> str:
        if code := language_of(row):
            reader.language = page_language(code)
        shown = self._history.bubble(row, reader.language)
        return self._pages.bubble(reader.language, shown, csrf=reader.csrf, nonce=reader.nonce)


def _event(name: str, html: str, cursor: Cursor) -> str:
    data = "".join(f"data: {line}\n" for line in html.replace("\r", "").split("\n"))
    return f"id: {cursor}\nevent: {name}\n{data}\n"
