"""Tells customers of their bills without being asked: by day, each once, and only what is still true.

What there is to tell, `bot.bill_watch` notes.  Notices are bulk: they wait in their table until the slow lane
has room, so that no answer ever stands behind them.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

from bot.bulk import BulkLane
from bot.channel import Arrival
from bot.clock import Clock, now
from bot.services import accounts
from bot.services.notices import Kind, is_daytime, true_of
from bot.services.notices_to import preferred, signed_in
from bot.services.own_meters import sees_whole
from bot.services.ports import ZONE, Away, Invoice, Means, day_of
from bot.undelivered import Intake
from dialogs import receipts
from dialogs.engine.events import Noted
from dialogs.notices import buttons, words
from storage import notices, payments
from storage.base import Conflict, Row, Unavailable

log = logging.getLogger(__name__)

#: The name under which notices stand in the inbox.
NOTICES = "notices"
EVERY = 60.0
PAGE = 500
#: Bills of a connection among which the one of a notice is looked for.
NEWEST = 3


class Noticing:
    """`reaches` tells whether a chat may be written to now; what it is not told then, it is never told."""

    def __init__(
        self,
        means: Means,
        intake: Intake,
        lane: BulkLane,
        reaches: Callable[[str], Awaitable[bool]],
        *,
        clock: Clock = now,
    ) -> None:
        self._means, self._intake, self._lane, self._clock = means, intake, lane, clock
        self._reaches = reaches

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.tell()
            except (Unavailable, Away) as error:
                log.warning("notices wait: why=%r", error)
            await pause(EVERY)

    async def tell(self) -> None:
        """Hand what waits to its chats, by day.  Raises `Unavailable`, and at the end `Away`.

        A record that the register cannot give keeps its own notices waiting and nobody else's.
        """
        held = dict[str, Away]()
        while rows := [row for row in await self._waiting() if row["key"] not in held]:
            for row in rows:
                at = self._clock()
                if not is_daytime(at.astimezone(ZONE).time()):
                    return
                try:
                    await self._told(row, at)
                except Away as error:
                    held[str(row["key"])] = error
        if held:
            raise next(iter(held.values()))

    async def _waiting(self) -> Sequence[Row]:
        return await self._means.storage.read(notices.waiting(PAGE))

    async def _told(self, row: Row, at: datetime) -> None:
        key, kind = str(row["key"]), Kind(str(row["kind"]))
        try:
            if room := len(await self._chats(row, kind, at)):
                await self._lane.place(room)
                at = self._clock()  # it may have been a long wait
                if not is_daytime(at.astimezone(ZONE).time()):
                    return
            arrivals = await self._arrivals(key, kind, row, at) if room else []
            await self._intake.receive(arrivals, [notices.settle(key, "told" if arrivals else "dropped")])
        except Conflict:
            log.info("a notice was settled by somebody else: key=%s", key)

    async def _arrivals(self, key: str, kind: Kind, row: Row, at: datetime) -> list[Arrival]:
        """What there is to tell now, for each chat; nothing where it is no longer true."""
        chats = await self._chats(row, kind, at)
        if kind is Kind.PAID:
            order = (await self._means.storage.read(payments.order(str(row["invoice"]))))[0]
            # The chat that asked for the link knows; and it may have been given back by night.
            chats = [chat for chat in chats if chat != order["chat"] and order["state"] == "paid"]
            plain = {"kind": kind.value, "amount": order["amount"], "reference": order["reference"]}
            body = json.dumps(plain).encode()
        elif (bill := await self._true(row, kind, at)) is not None:
            body = _body(kind, bill)
        else:
            return []
        return [Arrival(NOTICES, f"{key} {chat}", chat, body) for chat in chats]

    async def _true(self, row: Row, kind: Kind, at: datetime) -> Invoice | None:
        """The bill as it stands now, if it is still worth a word, and still for the account to see."""
        turn, code, today = self._means.turn("", at, "notices"), str(row["customer_code"]), day_of(at)
        account = await accounts.find(turn, "id", str(row["account"]))
        if account is None or not await sees_whole(turn, account, code):
            return None
        bills = await turn.registry.invoices(code, NEWEST)
        return next((b for b in bills if b.number == row["invoice"] and true_of(kind, b, today)), None)

    async def _chats(self, row: Row, kind: Kind, at: datetime) -> Sequence[str]:
        """Where the account is signed in and would be written to, if it wants to hear of such."""
        turn = self._means.turn("", at, "notices")
        account = await accounts.find(turn, "id", str(row["account"]))
        if account is None or account.delete_at is not None or kind in account.notices_off:
            return ()
        chats = await signed_in(turn, account)
        return preferred(account, tuple([chat for chat in chats if await self._reaches(chat)]))


def _body(kind: Kind, bill: Invoice) -> bytes:
    plain = {
        "kind": kind.value,
        "number": bill.number,
        "code": bill.customer_code,
        "period": bill.period,
        "due_on": bill.due_on.isoformat(),
        "total": str(bill.total),
        "paid": str(bill.paid),
    }
    return json.dumps(plain).encode()


class NoticeEar:
    """`bot.turn.Hears` for notices."""

    def hear(self, body: bytes, at: datetime) -> Noted:
        raw = json.loads(body)
        if raw["kind"] == Kind.PAID.value:
            return Noted(receipts.words("elsewhere", Decimal(raw["amount"]), raw["reference"]), at)
        text = words(
            Kind(raw["kind"]),
            raw["period"],
            raw["code"],
            Decimal(raw["total"]),
            Decimal(raw["paid"]),
            date.fromisoformat(raw["due_on"]),
        )
        return Noted(text, at, buttons(raw["code"], raw["number"]))
