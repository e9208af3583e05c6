"""Turns for services: asked, committed, and walked again when another came between, as `bot.turn` does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar, cast

from bot.services.passwords import Passwords
from bot.services.ports import Registry, Turn
from bot.services.vault import Vault
from storage.base import Conflict, Storage

T = TypeVar("T")

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WALKS = 50


def later(**spans: float) -> datetime:
    """So long after the start."""
    return START + timedelta(**spans)


class Turns:
    """The turns of any chat, on one database and under one vault."""

    def __init__(self, storage: Storage, vault: Vault | None = None) -> None:
        self.storage, self.vault = storage, vault or Vault("today's key")
        self.walks = 0
        self._numbers = count()

    def begin(self, chat: str, at: datetime, key: str = "") -> Turn:
        passwords, registry = cast(Passwords, None), cast(Registry, None)
        key = key or f"web {next(self._numbers)}"
        return Turn(chat, at, key, self.storage, registry, self.vault, passwords)

    async def take(self, chat: str, at: datetime, ask: Callable[[Turn], Awaitable[T]]) -> T:
        """What the service says, once it is committed."""
        key = f"web {next(self._numbers)}"
        for _walk in range(WALKS):
            self.walks += 1
            turn = self.begin(chat, at, key)
            outcome = await ask(turn)
            try:
                await self.storage.commit(turn.writes)
            except Conflict:
                continue
            return outcome
        raise AssertionError(f"walked {WALKS} times")
