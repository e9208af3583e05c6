"""Tells holders at once who would like to see their meters, and those who claim what became of it.

What a holder has to decide goes to every chat of theirs; what became of a claim is a notice like others, and
goes where its customer prefers them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.channel import Arrival
from bot.clock import Clock, millis, now
from bot.services import accounts, post
from bot.services.accounts import Account, moment
from bot.services.claims import EXPIRES, REMINDED, ClaimOf, short_name
from bot.services.notices import is_daytime
from bot.services.notices_to import preferred, signed_in
from bot.services.ports import ZONE, Means, day_of
from bot.undelivered import Intake
from dialogs.claims import buttons, words
from dialogs.engine.events import Noted
from storage import claims
from storage.base import Conflict, Row, Unavailable, Write

log = logging.getLogger(__name__)

#: The name under which it stands in the inbox.
CLAIMS = "claims"
EVERY = 5.0
PAGE = 500
#: What the holder is told of, and the switch by which their chats hear nothing of it; the e-mail has none.
TO_HOLDER, SWITCH = ("claim", "reminder"), "meter"


class Claiming:
    def __init__(self, means: Means, intake: Intake, *, clock: Clock = now) -> None:
        self._means, self._intake, self._clock = means, intake, clock

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
                await self.tell()
            except Unavailable as error:
                log.warning("claims wait: why=%r", error)
            await pause(EVERY)

    async def look(self) -> None:
        """End what nobody has answered; by day, remind of what still waits.  Raises `Unavailable`."""
        at = self._clock()
        for row in await self._means.storage.read(claims.waiting(millis(at), PAGE, reminded=True)):
            await self._settle(claims.decide(*_key(row), "expired", None, "expired"))
        if is_daytime(at.astimezone(ZONE).time()):
            soon = millis(at + EXPIRES - REMINDED)
            for row in await self._means.storage.read(claims.waiting(soon, PAGE, reminded=False)):
                await self._settle(claims.remind(*_key(row), millis(at)))

    async def tell(self) -> None:
        """Hand what is untold to chats and mailboxes, at any hour.  Raises `Unavailable`."""
        while rows := await self._means.storage.read(claims.untold(PAGE)):
            for row in rows:
                await self._told(row)

    async def _told(self, row: Row) -> None:
        at, tell = self._clock(), str(row["tell"])
        turn = self._means.turn("", at, "claims")
        account = await accounts.find(turn, "id", str(row["told"]))
        if account is None:
            await self._settle(claims.told(*_key(row), tell))
            return
        chats, letter = await signed_in(turn, account), list[Write]()
        if tell not in TO_HOLDER:
            chats = preferred(account, chats)
        else:
            letter = self._letter(row, account, chats[0] if chats else "", at)
            chats = () if SWITCH in account.notices_off else chats
        name, body = " ".join(map(str, (*_key(row), tell))), _body(row)
        await self._settle(
            claims.told(*_key(row), tell),
            *letter,
            arrivals=[Arrival(CLAIMS, f"{name} {chat}", chat, body) for chat in chats],
        )

    def _letter(self, row: Row, holder: Account, chat: str, at: datetime) -> list[Write]:
        """The e-mail to a holder, in the language of the chat they used last."""
        turn, until = self._means.turn(chat, at, "claims"), _until(row)
        assert until is not None
        values: dict[str, post.Value] = {
            "who": short_name(row),
            "meter": str(row["customer_code"]),
            "day": until,
        }
        claimed = row["state"] == "claimed"
        letter = post.LetterName.METER_CLAIMED if claimed else post.LetterName.METER_ASKED_FOR
        post.email(turn, holder.email, letter, values)
        return turn.writes

    async def _settle(self, *writes: Write, arrivals: list[Arrival] | None = None) -> None:
        try:
            await self._intake.receive(arrivals or [], writes)
        except Conflict:
            log.info("a claim has changed meanwhile: %s", writes[0].params["code"])


def _key(row: Row) -> tuple[str, str, int]:
    return str(row["account"]), str(row["customer_code"]), int(str(row["rev"]))


def _until(row: Row) -> date | None:
    return None if row["until"] is None else day_of(moment(int(str(row["until"]))))


def _body(row: Row) -> bytes:
    account, code, _rev = _key(row)
    until = _until(row)
    plain = {
        "account": account,
        "code": code,
        "tell": row["tell"],
        "state": row["state"],
        "who": short_name(row),
        "day": until.isoformat() if until else None,
    }
    return json.dumps(plain).encode()


class ClaimEar:
    """`bot.turn.Hears` for claims."""

    def hear(self, body: bytes, at: datetime) -> Noted:
        raw = json.loads(body)
        day = date.fromisoformat(raw["day"]) if raw["day"] else None
        said = words(raw["tell"], raw["state"], raw["code"], raw["who"], day)
        claim = ClaimOf(raw["account"], raw["code"])
        return Noted(said, at, buttons(raw["tell"], raw["state"], claim))
