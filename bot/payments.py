"""Orders from their link to the provider's word: the page, callbacks, and asking by ourselves.

Only what the provider says when it is asked changes anything; a callback or a customer who comes back are
reasons to ask.  What its word means is in `bot.money_in`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from weakref import WeakValueDictionary

from bot.clock import Clock, millis, moment, now
from bot.money_in import AFTERWARDS, Order, Try, heard, is_news, is_paid_over, unmatched
from bot.pay_port import Leave, Payable, Piece, Standing
from bot.services.paying import BILLS
from bot.services.payment_port import Asked, BadOrder, Fate, PaymentProvider, Word
from bot.services.ports import Away, Invoice, Means, day_of, month_of
from bot.undelivered import Intake
from dialogs.engine.events import Noted
from dialogs.receipts import buttons, receipt, words
from storage import payments
from storage.base import Conflict, Row, Unavailable

log = logging.getLogger(__name__)

#: The word on an order is asked for so long after it was opened, and then ever more seldom.
CHECKS = tuple(timedelta(seconds=s) for s in (20, 40, 60, 120, 300, 900, 1800, 3600, 7200))
#: After so long the provider's word cannot change any more.
FINAL = timedelta(days=4)
#: A page of the provider's is given out again for so long.
PAGE_LASTS = timedelta(minutes=20)
EVERY, LONGEST = 5.0, 300.0
AT_ONCE = 50
WALKS = 3
_MAY_BE_PAID = (Standing.OPEN, Standing.DECLINED, Standing.CHECKING)


class PaymentDesk:
    """`bot.pay_port.Payments`, and the job that asks about open orders."""

    def __init__(
        self,
        means: Means,
        provider: PaymentProvider,
        intake: Intake,
        language: Callable[[str], Awaitable[str]],
        public_url: str,
        *,
        clock: Clock = now,
    ) -> None:
        self._means, self._storage = means, means.storage
        self._provider, self._intake, self._language = provider, intake, language
        self._notify_url = f"{public_url}/payments/{provider.name}"
        self._clock = clock
        # Each lives as long as somebody holds it or waits for it.
        self._opening: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # One word after the other, so that two orders for one bill see each other.
        self._taking = asyncio.Lock()

    # -- the page ----------------------------------------------------------------------------------------

    async def look(self, token: str) -> Payable:
        order, tries = await self._found(token)
        if order is None:
            return Payable(Standing.UNKNOWN)
        items = await self._storage.read(payments.items(order.id))
        return Payable(
            await self._standing(order, tries, items),
            await self._language(order.chat),
            await self._pieces(items),
            order.amount,
            order.reference,
            day_of(order.expires_at),
        )

    async def _standing(self, order: Order, tries: list[Try], items: Sequence[Row]) -> Standing:
        if order.state != "open":
            return Standing.RETURNED if order.state == Fate.REFUNDED.value else Standing.PAID
        if any([await is_paid_over(self._means, item, order) for item in items]):
            return Standing.SETTLED
        newest = tries[0] if tries else None
        if newest and newest.state == Fate.OPEN.value:
            return Standing.CHECKING
        if order.expires_at <= self._clock():
            return Standing.OVER
        return Standing.DECLINED if newest and newest.state == Fate.FAILED.value else Standing.OPEN

    async def pay(self, token: str, back: str) -> Leave | Payable:
        lock = self._opening.setdefault(token, asyncio.Lock())
        try:
            async with lock:  # two people with one link get one order at the provider
                return await self._pay(token, back)
        except Conflict as error:  # the money has come, or another process was faster
            payable = await self.look(token)
            if payable.standing in _MAY_BE_PAID:
                raise Unavailable("the same payment is being opened") from error
            return payable

    async def _pay(self, token: str, back: str) -> Leave | Payable:
        await self.check(token)
        payable = await self.look(token)
        if payable.standing not in _MAY_BE_PAID:
            return payable
        order, tries = await self._found(token)
        assert order is not None
        if tries and tries[0].state == "open" and tries[0].created_at > self._clock() - PAGE_LASTS:
            return Leave(payable.language, tries[0].page)
        if order.expires_at <= self._clock():
            return replace(payable, standing=Standing.OVER)
        page = await self._opened(order, len(tries) + 1, payable.language, back)
        # The bank took its time, and other money may have come.
        if await self._may_be_paid(token):
            return Leave(payable.language, page)
        return await self.look(token)

    async def _may_be_paid(self, token: str) -> bool:
        order, tries = await self._found(token)
        assert order is not None
        items = await self._storage.read(payments.items(order.id))
        return await self._standing(order, tries, items) in _MAY_BE_PAID

    async def _opened(self, order: Order, n: int, language: str, back: str) -> str:
        reference, at = f"{order.reference}-{n}", self._clock()
        await self._storage.commit(
            [payments.add_try(reference, order.id, n, self._provider.name, millis(at))]
        )
        # Without an answer the try stays as it is: nobody has its page, and the next has its own reference.
        opened = await self._provider.open(
            Asked(reference, order.amount, "KESCO", language, back, self._notify_url)
        )
        check = millis(at + CHECKS[0])
        await self._storage.commit([payments.opened(reference, opened.id, opened.page, check)])
        log.info("payment opened: order=%s try=%s", order.reference, reference)
        return opened.page

    async def check(self, token: str) -> None:
        for each in (await self._found(token))[1]:
            if each.state == "open":
                await self._asked(each)

    async def called_back(self, provider: str, body: bytes) -> bool:
        id = self._provider.hinted(body) if provider == self._provider.name else ""
        if not id:
            return False
        rows = await self._storage.read(payments.try_of(provider, id))
        word = await self._provider.ask(id)
        if word is None:
            return False
        await self._take(word, Try.of(rows[0]) if rows else await self._called(word))
        return True

    # -- asking by ourselves -----------------------------------------------------------------------------

    async def run(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Until cancelled: ask about what is open.  A provider that is away is asked ever more seldom."""
        wait = EVERY
        while True:
            try:
                await self.ask_open()
                wait = EVERY
            except (Away, Unavailable) as error:
                wait = min(wait * 2, LONGEST)
                log.warning("open payments wait: why=%r again_in=%ds", error, wait)
            await pause(wait * random.uniform(0.8, 1.2))

    async def ask_open(self) -> None:
        """Raises `Unavailable`, and at the end `Away`: the others are asked about all the same."""
        due = payments.to_check(self._provider.name, millis(self._clock()), AT_ONCE)
        away: Away | None = None
        for row in await self._storage.read(due):
            each = Try.of(row)
            try:
                await self._asked(each)
            except BadOrder as error:
                log.error("a payment needs an operator: try=%s why=%s", each.reference, error)
                await self._later(each)
            except Away as error:
                away = error
        if away is not None:
            raise away

    async def _asked(self, each: Try) -> None:
        if each.provider != self._provider.name:
            return
        word = await self._provider.ask(each.provider_order)
        if word is not None:
            await self._take(word, each)
        if word is None or not is_news(word, each):
            await self._later(each)

    async def _later(self, each: Try) -> None:
        at = self._clock()
        if each.state != Fate.OPEN.value:
            times = (each.created_at + age for age in AFTERWARDS)
            next_time = next((millis(time) for time in times if time > at), None)
            await self._storage.commit([payments.check_again(each.reference, next_time)])
            return
        if each.created_at + FINAL <= at:
            await self._turned(each)
            return
        pause = CHECKS[min(each.checks + 1, len(CHECKS) - 1)]
        await self._storage.commit([payments.check_again(each.reference, millis(at + pause))])

    async def _turned(self, each: Try) -> None:
        try:
            await self._storage.commit([payments.turn_try(each.reference, each.state, Fate.ABANDONED.value)])
        except Conflict:
            log.info("a payment has moved on meanwhile: try=%s", each.reference)

    async def _take(self, word: Word, each: Try | None) -> None:
        """Let the provider's word take effect, once.  Raises `Unavailable`."""
        async with self._taking:
            for _walk in range(WALKS):
                try:
                    await self._taken(word, each)
                    return
                except Conflict:
                    rows = await self._storage.read(payments.try_called(each.reference if each else ""))
                    each = Try.of(rows[0]) if rows else None
        raise Unavailable("too much happened at once")

    async def _taken(self, word: Word, each: Try | None) -> None:
        """Raises `Conflict` and `Unavailable`."""
        at = self._clock()
        if each is None:
            await self._storage.commit(unmatched(word, self._provider.name, at))
            return
        found = await heard(self._means, word, each, at)
        if found.arrivals:
            await self._intake.receive(list(found.arrivals), found.writes)
        elif found.writes:
            await self._storage.commit(found.writes)

    async def _called(self, word: Word) -> Try | None:
        """The try that the provider speaks of, if we never heard its id, or not before it was asked."""
        rows = await self._storage.read(payments.try_called(word.reference))
        if not rows or rows[0]["provider_order"] not in (None, word.id):
            return None
        return Try.of(rows[0])

    # -- rows --------------------------------------------------------------------------------------------

    async def _found(self, token: str) -> tuple[Order | None, list[Try]]:
        """The order behind a link and its tries, the newest first.

        A payment may land between the two reads.  With the order read last, a paid order is seen as one; the
        other way round its page would offer to pay it again.
        """
        hashed = hashlib.sha256(token.encode()).hexdigest()
        tries = [Try.of(row) for row in await self._storage.read(payments.tries_of_link(hashed))]
        rows = await self._storage.read(payments.order_of_link(hashed))
        return (Order.of(rows[0]) if rows else None), tries

    async def _pieces(self, items: Sequence[Row]) -> tuple[Piece, ...]:
        codes = dict.fromkeys(str(item["customer_code"]) for item in items if item["invoice"])
        bills = await self._bills(codes)
        return tuple(_piece(item, bills) for item in items)

    async def _bills(self, codes: Iterable[str]) -> dict[str, Invoice]:
        """Bills by their numbers, as far as the register gives them: the page does not wait for it twice."""
        found = dict[str, Invoice]()
        try:
            for code in codes:
                found |= {bill.number: bill for bill in await self._means.registry.invoices(code, BILLS)}
        except Away:
            log.warning("a payment page shows no months: the register is away")
        return found


def _piece(row: Row, bills: Mapping[str, Invoice]) -> Piece:
    code, number, amount = str(row["customer_code"]), str(row["invoice"]), Decimal(str(row["amount"]))
    bill = bills.get(number)
    if bill is None:
        return Piece(code, amount, number)
    return Piece(code, amount, number, month_of(bill.period), bill.due_on)


class PaymentEar:
    """`bot.turn.Hears` for the news of payments."""

    def hear(self, body: bytes, at: datetime) -> Noted:
        raw = json.loads(body)
        kind, amount, reference = raw["kind"], Decimal(raw["amount"]), raw["reference"]
        sheet = None
        if "items" in raw:
            parts = [(x["customer_code"], x["invoice"], Decimal(x["amount"])) for x in raw["items"]]
            sheet = receipt(reference, amount, day_of(moment(raw["paid_at"])), parts)
        return Noted(words(kind, amount, reference), at, buttons(kind, sheet), sheet)
