"""What a chat has to show, read from the database: all of it for a page, the news for a stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.web.bubbles import Bubble, Note, bubble, language_of, note, whole
from handlers.web.files import FileNames
from handlers.web.languages import PageLanguage, page_language
from handlers.web.pages import Pages
from storage import phone, web_messages
from storage.base import Row, Storage

SHOWN = 200
#: Clocks of two processes differ and commits overtake each other: so far back a stream looks again.
_OVERLAP_MS = 5_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a page has read: the newest message, the latest change (epoch ms), the phone's newest note."""

    message: int = 0
    changed: int = 0
    note: int = 0

    def __str__(self) -> str:
        return f"{self.message}.{self.changed}.{self.note}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """From an event's id; from the beginning when it is none of ours."""
        parts = text.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            return cls()
        return cls(*map(int, parts))

    def past(self, row: Row) -> Cursor:
        changed = max(self.changed, whole(row["changed_at"]))
        return replace(self, message=max(self.message, whole(row["id"])), changed=changed)


@dataclass(frozen=True, slots=True)
class Conversation:
    language: PageLanguage
    bubbles: Sequence[Bubble]
    notes: Sequence[Note]
    cursor: Cursor


class History:
    """Reads chats; `demo` says whether there is a phone to read too."""

    def __init__(
        self, storage: Storage, pages: Pages, files: FileNames, clock: Callable[[], datetime], *, demo: bool
    ) -> None:
        self._storage, self._pages, self._files, self._clock = storage, pages, files, clock
        self._demo = demo

    async def load(self, chat: str, guess: str) -> Conversation:
        """The conversation as a page shows it, in the language it is held in, or else the guessed one."""
        rows = await self._storage.read(web_messages.history(chat, SHOWN))
        spoken = [code for row in rows if (code := language_of(row))]
        language = page_language(spoken[-1] if spoken else guess)
        cursor = Cursor()
        for row in rows:
            cursor = cursor.past(row)
        notes = await self.notes(chat, 0, language)
        newest = notes[-1].id if notes else 0
        bubbles = [self.bubble(row, language) for row in rows]
        return Conversation(language, bubbles, notes, replace(cursor, note=newest))

    async def news(self, chat: str, cursor: Cursor) -> Sequence[Row]:
        """Messages after the cursor or changed about then, oldest first; some may have been seen."""
        since = max(0, cursor.changed - _OVERLAP_MS)
        return await self._storage.read(web_messages.since(chat, cursor.message, since))

    async def notes(self, chat: str, after: int, language: PageLanguage) -> Sequence[Note]:
        if not self._demo:
            return ()
        rows = await self._storage.read(phone.since(chat, after))
        return [note(row, self._pages.t(language)) for row in rows]

    def bubble(self, row: Row, language: PageLanguage) -> Bubble:
        return bubble(row, language, self._picture)

    def _picture(self, message: int) -> str:
        return "/file/" + self._files.name(message, self._clock().timestamp())
