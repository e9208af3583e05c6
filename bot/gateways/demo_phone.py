"""The demo's phone: SMS and e-mails go to a table that the visitor's own page shows, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.clock import Clock, millis, now
from bot.gateways.carrier import Kind, Parcel
from storage import phone
from storage.base import Storage, Unavailable


class DemoPhone:
    """`notify` is told the chat whose page has something new to show."""

    keyed = False

    def __init__(
        self,
        storage: Storage,
        notify: Callable[[str], None],
        clock: Clock = now,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage, self._notify, self._clock, self._pause = storage, notify, clock, pause

    async def carry(self, parcel: Parcel) -> None:
        """Show a parcel once, however long the database is away."""
        at_ms = millis(self._clock())
        write = phone.add(parcel.chat, parcel.kind, parcel.to, parcel.subject, parcel.text, at_ms)
        while True:
            try:
                await self._storage.commit([write])
                break
            except Unavailable:
                await self._pause(1.0)
        self._notify(parcel.chat)

    async def close(self) -> None:
        """The database is closed by whoever opened it."""

    async def deliver(self, chat: str, kind: Kind, to: str, subject: str, text: str) -> None:
        """Show an SMS or an e-mail to this chat alone."""
        await self.carry(Parcel(kind, chat, to, subject, text, language="", key=""))
