"""The demo's phone: SMS and e-mails go to a table that the visitor's own page shows, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal

from storage import phone
from storage.base import Storage


def _now() -> datetime:
    return datetime.now(UTC)


class DemoPhone:
    """`notify` is told the chat whose page has something new to show."""

    def __init__(
        self, storage: Storage, notify: Callable[[str], None], clock: Callable[[], datetime] = _now
    ) -> None:
        self._storage, self._notify, self._clock = storage, notify, clock

    async def deliver(
        self, chat: str, kind: Literal["sms", "email"], to: str, subject: str, text: str
    ) -> None:
        """Show an SMS or an e-mail to this chat alone.  Raises `Unavailable` when it could not be written."""
        at = int(self._clock().timestamp() * 1000)
        await self._storage.commit([phone.add(chat, kind, to, subject, text, at)])
        self._notify(chat)
