"""A payment provider without a bank: its page stands beside ours and behaves like a hosted card page.

It calls back like a real one, over HTTP, and its word is as late as the card that was chosen says.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.clock import Clock, millis, now
from bot.services.payment_port import EURO, Asked, Fate, Opened, Word
from storage import sandbox
from storage.base import Conflict, Storage

log = logging.getLogger(__name__)


class Card(Enum):
    """The cards that its page offers."""

    GOOD = "good"
    SECURE = "secure"  # asks for a code first
    DECLINED = "declined"
    SLOW = "slow"  # the word comes late
    REPEATED = "repeated"  # called back three times


#: The word on a slow card comes so late.
SLOW = timedelta(seconds=25)
#: What the bank asks for; it stands on the page, nobody has to look it up.
CODE = "123456"
CALLS = {Card.REPEATED: 3}
CALL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class SandboxOrder:
    """What its page shows; the amount in euros."""

    id: str
    amount: Decimal
    language: str
    back_url: str
    notify_url: str
    is_open: bool


class Sandbox:
    """`page` is the address of its page, to which the order's id is added."""

    name = "sandbox"

    def __init__(self, storage: Storage, page: str, *, clock: Clock = now) -> None:
        self._storage, self._page, self._clock = storage, page, clock
        self._calls: set[asyncio.Task[None]] = set()

    async def open(self, asked: Asked) -> Opened:
        id = uuid.uuid4().hex
        await self._storage.commit(
            [
                sandbox.add(
                    id=id,
                    reference=asked.reference,
                    amount=str(asked.amount),
                    description=asked.description,
                    language=asked.language,
                    back_url=asked.back_url,
                    notify_url=asked.notify_url,
                    at_ms=millis(self._clock()),
                )
            ]
        )
        return Opened(id, f"{self._page}{id}")

    async def ask(self, id: str) -> Word | None:
        rows = await self._storage.read(sandbox.one(id))
        if not rows:
            return None
        row = rows[0]
        known = int(str(row["word_at"])) <= millis(self._clock())
        fate = Fate(str(row["state"])) if known else Fate.OPEN
        return Word(id, str(row["reference"]), Decimal(str(row["amount"])), EURO, fate)

    def hinted(self, body: bytes) -> str:
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        id = told.get("order") if isinstance(told, dict) else None
        # What is anything else no database may be asked for: half a character, say.
        return id if isinstance(id, str) and id.isascii() and id.isalnum() else ""

    async def close(self) -> None:
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    # -- what its page does ------------------------------------------------------------------------------

    async def look(self, id: str) -> SandboxOrder | None:
        rows = await self._storage.read(sandbox.one(id))
        if not rows:
            return None
        row = rows[0]
        return SandboxOrder(
            id,
            amount=Decimal(str(row["amount"])),
            language=str(row["language"]),
            back_url=str(row["back_url"]),
            notify_url=str(row["notify_url"]),
            is_open=row["state"] == Fate.OPEN.value,
        )

    async def use(self, order: SandboxOrder, card: Card) -> None:
        """Pay with a card; a second one for the same order does nothing."""
        fate = Fate.FAILED if card is Card.DECLINED else Fate.PAID
        late = SLOW if card is Card.SLOW else timedelta()
        await self._settle(order, fate, late, CALLS.get(card, 1))

    async def leave(self, order: SandboxOrder) -> None:
        await self._settle(order, Fate.CANCELED, timedelta(), 1)

    async def _settle(self, order: SandboxOrder, fate: Fate, late: timedelta, calls: int) -> None:
        word_ms = millis(self._clock() + late)
        try:
            await self._storage.commit([sandbox.settle(order.id, Fate.OPEN.value, fate.value, word_ms)])
        except Conflict:
            return
        call = asyncio.get_running_loop().create_task(self._call(order, late.total_seconds(), calls))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _call(self, order: SandboxOrder, wait: float, calls: int) -> None:
        """Whoever is not reached is not called again: they will ask."""
        await asyncio.sleep(wait)
        async with ClientSession(timeout=ClientTimeout(total=CALL_SECONDS)) as session:
            for _call in range(calls):
                try:
                    async with session.post(order.notify_url, json={"order": order.id}) as answer:
                        log.info("sandbox called back: order=%s status=%d", order.id, answer.status)
                except (ClientError, TimeoutError) as error:
                    log.warning("sandbox reached nobody: order=%s why=%s", order.id, type(error).__name__)
