"""Those who wait, with a request of Viber's, for the first thing that is said to a chat that was opened."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(slots=True)
class Welcome:
    """`key` names the opening; `said` becomes the answer, "" for none.  `taken`: somebody is answering."""

    key: str
    said: asyncio.Future[str]
    taken: bool = False

    def answer(self, body: str) -> None:
        if not self.said.done():
            self.said.set_result(body)


class Welcomes:
    """At most one a chat: a newer opening takes the place of an older one."""

    def __init__(self) -> None:
        self._open: dict[str, Welcome] = {}

    def awaits(self, chat: str, key: str = "") -> bool:
        """Whether somebody waits who is not being answered yet; under `key`, also who is."""
        found = self._open.get(chat)
        return found is not None and (found.key == key if key else not found.taken)

    def awaited(self, chat: str, key: str) -> asyncio.Future[str]:
        """What those wait for who have asked under that key."""
        found = self._open.get(chat)
        if found is None or found.key != key:
            if found is not None and not found.taken:
                found.answer("")
            found = self._open[chat] = Welcome(key, asyncio.get_running_loop().create_future())
        return found.said

    def take(self, chat: str) -> Welcome | None:
        """Who is to be answered now, by nobody else; `answered` must follow."""
        found = self._open.get(chat)
        if found is None or found.taken:
            return None
        found.taken = True
        return found

    def answered(self, chat: str, welcome: Welcome, body: str) -> None:
        welcome.answer(body)
        if self._open.get(chat) is welcome:
            del self._open[chat]

    def give_up(self, chat: str, said: asyncio.Future[str]) -> None:
        """Wait no longer, unless somebody is answering."""
        found = self._open.get(chat)
        if found is not None and found.said is said and not found.taken:
            self.answered(chat, found, "")
