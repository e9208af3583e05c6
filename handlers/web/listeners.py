"""Who in this process is looking at which chat, so that news reaches an open page at once.

It carries no news itself: a listener that is woken reads the database, which knows best.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Ear:
    """One open page, waiting."""

    def __init__(self) -> None:
        self.closed = False
        self._woken = asyncio.Event()
        self._typing = False

    async def wait(self, seconds: float) -> bool:
        """True when woken, False when `seconds` went by in silence."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def wake(self, *, typing: bool = False) -> None:
        self._typing = self._typing or typing
        self._woken.set()

    def take_typing(self) -> bool:
        """Whether somebody began to type since the last time it was asked."""
        typing, self._typing = self._typing, False
        return typing

    def close(self) -> None:
        self.closed = True
        self._woken.set()


class Listeners:
    """The open pages of this process, by chat."""

    def __init__(self) -> None:
        self._ears: dict[str, list[Ear]] = {}

    @contextmanager
    def listen(self, chat: str, most: int = 10) -> Iterator[Ear]:
        """Listen to a chat; its oldest page beyond `most` is let go."""
        ear = Ear()
        ears = self._ears.setdefault(chat, [])
        ears.append(ear)
        for surplus in ears[:-most]:
            surplus.close()
        try:
            yield ear
        finally:
            ears.remove(ear)
            if not ears:
                self._ears.pop(chat, None)

    def notify(self, chat: str) -> None:
        """Something about this chat was written."""
        for ear in self._ears.get(chat, ()):
            ear.wake()

    def typing(self, chat: str) -> None:
        for ear in self._ears.get(chat, ()):
            ear.wake(typing=True)

    def close(self) -> None:
        """Let every page go: the program stops."""
        for ears in self._ears.values():
            for ear in ears:
                ear.close()
