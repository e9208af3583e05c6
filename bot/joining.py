"""Tells the chats of an account at once that another chat shows it from now on, with a way to end that.

Whoever used the code may be a stranger, so every chat is told, at any hour, whatever is switched off.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.channel import Arrival
from bot.clock import Clock, now
from bot.services import accounts
from bot.services.notices_to import signed_in
from bot.services.ports import Means
from bot.services.signed_in_chats import Chat, chat_of
from bot.undelivered import Intake
from dialogs.engine.events import Noted
from dialogs.linking import buttons, words
from storage import notices
from storage.base import Conflict, Row, Unavailable

log = logging.getLogger(__name__)

#: The name under which it stands in the inbox.
JOINED = "joined"
EVERY = 2.0
PAGE = 500


class Joining:
    def __init__(self, means: Means, intake: Intake, *, clock: Clock = now) -> None:
        self._means, self._intake, self._clock = means, intake, clock

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tell()
            except Unavailable as error:
                log.warning("news of chats wait: why=%r", error)
            await pause(EVERY)

    async def tell(self) -> None:
        """Hand what is untold to the account's other chats.  Raises `Unavailable`."""
        while rows := await self._means.storage.read(notices.urgent(PAGE)):
            for row in rows:
                await self._told(row)

    async def _told(self, row: Row) -> None:
        key, new, at = str(row["key"]), str(row["chat"]), self._clock()
        turn = self._means.turn(new, at, "joined")
        account = await accounts.find(turn, "id", str(row["account"]))
        chats = await signed_in(turn, account) if account else ()
        body = _body(chat_of(turn, new, at))
        arrivals = [Arrival(JOINED, f"{key} {chat}", chat, body) for chat in chats if chat != new]
        try:
            await self._intake.receive(arrivals, [notices.settle(key, "told" if arrivals else "dropped")])
        except Conflict:
            log.info("news of a chat were settled by somebody else")


def _body(new: Chat) -> bytes:
    return json.dumps({"name": new.name, "channel": new.channel, "day": new.used_on.isoformat()}).encode()


class JoinEar:
    """`bot.turn.Hears` for chats that have joined."""

    def hear(self, body: bytes, at: datetime) -> Noted:
        raw = json.loads(body)
        new = Chat(raw["name"], raw["channel"], date.fromisoformat(raw["day"]), False)
        return Noted(words(new), at, buttons(new))
