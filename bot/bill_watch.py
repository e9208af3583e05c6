"""Notes the bills that customers are to be told of.  Telling them is `bot.noticing`.

The bills of our own tables are looked through at once, soon after an import.  A register over HTTP must be
asked about every meter: slowly, and all of them once a day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.bulk import BulkLane
from bot.clock import Clock, millis, now
from bot.services.accounts import moment
from bot.services.notices import NEWS, Dated, worth
from bot.services.ports import Away, Means, day_of
from storage import notices
from storage.base import Row, Unavailable, Write

log = logging.getLogger(__name__)

#: Our own tables are looked through so often, in seconds.
EVERY = 900.0
#: A round of questions begins so long after the one before it.
ROUND = timedelta(days=1)
PAGE = 500
#: Bills of a connection that may be news.
NEWEST = 3


class BillWatch:
    """`lane` is the pace at which a register outside is asked; without one the bills are in our tables."""

    def __init__(self, means: Means, lane: BulkLane | None = None, *, clock: Clock = now) -> None:
        self._means, self._lane, self._clock = means, lane, clock
        self._after: str | None = None  # how far this round of questions has come; None: it is over
        self._begun: datetime | None = None
        self._stopped_at = ""  # the meter at which the register failed last

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except (Unavailable, Away) as error:
                log.warning("new bills are looked for later: why=%r", error)
            await pause(EVERY)

    async def look(self) -> None:
        """Note what is to be told.  Raises `Unavailable`, and `Away` in the midst of a round, which goes on
        from there the next time.  A meter at which it stops twice waits for the next round."""
        if self._lane is None:
            await self._look_through()
            return
        if self._after is None and (self._begun is None or self._clock() - self._begun >= ROUND):
            self._begun, self._after = self._clock(), ""
        if self._after is not None:
            await self._ask_round(self._lane, self._after)

    async def _look_through(self) -> None:
        at, after = self._clock(), ""
        since = (day_of(at) - NEWS).isoformat()
        while rows := await self._means.storage.read(notices.billed(since, millis(at), PAGE, after)):
            await self._means.storage.commit([w for row in rows for w in _noted(row, _dated(row), at)])
            after = " ".join((str(rows[-1]["number"]), str(rows[-1]["account"])))

    async def _ask_round(self, lane: BulkLane, after: str) -> None:
        at = millis(self._clock())
        while rows := await self._means.storage.read(notices.meters(at, PAGE, after)):
            for row in rows:
                meter = " ".join((str(row["customer_code"]), str(row["account"])))
                await lane.place()
                try:
                    await self._asked(row)
                except Away as error:
                    if self._stopped_at != meter:  # all of the register may be away
                        self._stopped_at = meter
                        raise
                    log.error(
                        "the register gives nothing of a meter: code=%s why=%s", row["customer_code"], error
                    )
                self._after = after = meter
        self._after = None

    async def _asked(self, row: Row) -> None:
        code, at = str(row["customer_code"]), self._clock()
        connection = await self._means.registry.connection(code)
        if connection is None or connection.personal_number not in (row["own"], row["holder"]):
            return
        bills = await self._means.registry.invoices(code, NEWEST)
        since = _added_on(row)
        await self._means.storage.commit(
            [
                write
                for bill in bills
                for write in _noted(
                    {**row, "number": bill.number},
                    Dated(bill.issued_on, bill.due_on, bill.total, bill.paid, since),
                    at,
                )
            ]
        )


def _noted(row: Row, bill: Dated, at: datetime) -> list[Write]:
    """`row` has account, customer code, and the number of the bill."""
    account, code, number = str(row["account"]), str(row["customer_code"]), str(row["number"])
    return [
        notices.add(f"{kind} {number} {account}", account, kind, code, number, millis(at))
        for kind in worth(bill, day_of(at))
    ]


def _dated(row: Row) -> Dated:
    return Dated(
        issued_on=date.fromisoformat(str(row["issued_on"])),
        due_on=date.fromisoformat(str(row["due_on"])),
        total=Decimal(str(row["total"])),
        paid=Decimal(str(row["paid"])),
        since=_added_on(row),
    )


def _added_on(row: Row) -> date:
    """The day on which the meter was added to the account."""
    return day_of(moment(int(str(row["added_at"]))))
