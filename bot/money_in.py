"""What the provider's word on an order means: which writes, and who is told.  Money in euros.

States only move forward.  What does not fit is kept for an operator: money of another amount or currency,
under another reference, for an order that was paid already, or for none of ours.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.channel import Arrival
from bot.clock import millis, moment
from bot.services.payment_port import EURO, Fate, Word
from bot.services.ports import Means
from storage import notices, payments
from storage.base import Row, Write

log = logging.getLogger(__name__)

#: The name under which the news of payments stands in the inbox.
PAYMENTS = "payments"
#: Money that has come is asked about again so long after its order was opened, so that what is given back is
#: heard of though the callback was lost.
AFTERWARDS = tuple(timedelta(days=n) for n in (1, 3, 7, 14, 30))
#: How far along a try is; it never goes back.
_RANK = {
    "opening": 0,
    Fate.OPEN.value: 1,
    Fate.FAILED.value: 2,
    Fate.CANCELED.value: 2,
    Fate.ABANDONED.value: 2,
    Fate.PAID.value: 3,
    "odd": 3,  # paid, but not what was asked for
    "twice": 3,  # paid for an order that was paid already
    Fate.REDUCED.value: 4,
    Fate.REFUNDED.value: 5,
}


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    account: str
    chat: str
    reference: str
    amount: Decimal
    state: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: Row) -> Order:
        return cls(
            id=str(row["id"]),
            account=str(row["account"]),
            chat=str(row["chat"]),
            reference=str(row["reference"]),
            amount=Decimal(str(row["amount"])),
            state=str(row["state"]),
            created_at=moment(int(str(row["created_at"]))),
            expires_at=moment(int(str(row["expires_at"]))),
        )


@dataclass(frozen=True, slots=True)
class Try:
    """One order at a provider."""

    reference: str
    order_id: str
    provider: str
    provider_order: str
    page: str
    state: str
    checks: int
    created_at: datetime

    @classmethod
    def of(cls, row: Row) -> Try:
        return cls(
            reference=str(row["reference"]),
            order_id=str(row["order_id"]),
            provider=str(row["provider"]),
            provider_order=str(row["provider_order"] or ""),
            page=str(row["page"]),
            state=str(row["state"]),
            checks=int(str(row["checks"])),
            created_at=moment(int(str(row["created_at"]))),
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """What is written, all or nothing, and what reaches chats with it."""

    writes: list[Write] = field(default_factory=list)
    arrivals: tuple[Arrival, ...] = ()


def unmatched(word: Word, provider: str, at: datetime) -> list[Write]:
    """Money for no order of ours."""
    if word.fate not in (Fate.PAID, Fate.REDUCED):
        return []
    log.error("money for no order of ours: provider=%s id=%s", provider, word.id)
    return [_trouble("unmatched", "", word, provider, at)]


def is_news(word: Word, each: Try) -> bool:
    """Whether the word takes the try further than it is."""
    return _RANK[word.fate.value] > _RANK[each.state]


async def heard(means: Means, word: Word, each: Try, at: datetime) -> Effect:
    """Guards `try` and `order`: look again."""
    rows = await means.storage.read(payments.order(each.order_id))
    order = Order.of(rows[0])
    if not is_news(word, each):
        return Effect()
    soon = millis(at + AFTERWARDS[0]) if word.fate is Fate.REDUCED else None
    turned = payments.turn_try(each.reference, each.state, word.fate.value, soon)
    match word.fate:
        case Fate.PAID:
            return await _paid(means, word, each, order, at)
        case Fate.REFUNDED:
            trouble = _trouble("refunded", order.id, word, each.provider, at)
            if each.state not in (Fate.PAID.value, Fate.REDUCED.value):
                return Effect([turned, trouble], (_told("returned", each.reference, order, word),))
            # Only the money that paid the order takes its payment back.
            writes = [turned, *payments.refunded(order.id), trouble]
            return Effect(writes, (_told("refunded", each.reference, order, word),))
        case Fate.REDUCED if _RANK[each.state] < _RANK[Fate.PAID.value]:
            # Nobody told us yet that it was paid; what went back is heard when it is asked about next.
            return await _paid(means, word, each, order, at)
        case Fate.REDUCED:
            trouble = _trouble("reduced", order.id, word, each.provider, at)
            # What did not fit stays known as that: it never paid the order.
            writes = [turned, trouble] if each.state == Fate.PAID.value else [trouble]
            return Effect(writes, (_told("reduced", each.reference, order, word),))
        case Fate.FAILED if order.state == "open":  # else another try has paid it
            return Effect([turned], (_told("declined", each.reference, order, word),))
        case Fate.OPEN:
            return Effect()
        case _:
            return Effect([turned])


async def _paid(means: Means, word: Word, each: Try, order: Order, at: datetime) -> Effect:
    if (word.reference, word.amount, word.currency) != (each.reference, order.amount, EURO):
        log.error("a payment does not fit its order: order=%s id=%s", order.reference, word.id)
        odd = payments.turn_try(each.reference, each.state, "odd")
        trouble = _trouble("mismatch", order.id, word, each.provider, at)
        return Effect([odd, trouble], (_told("odd", each.reference, order, word),))
    if order.state != "open":
        log.error("an order was paid twice: order=%s id=%s", order.reference, word.id)
        twice = payments.turn_try(each.reference, each.state, "twice")
        trouble = _trouble("twice", order.id, word, each.provider, at)
        return Effect([twice, trouble], (_told("twice", each.reference, order, word),))
    soon = millis(at + AFTERWARDS[0])
    turned = payments.turn_try(each.reference, each.state, Fate.PAID.value, soon)
    items = await means.storage.read(payments.items(order.id))
    writes = [turned, *payments.paid(order.id, millis(at)), *_to_others(order, at)]
    over = [item for item in items if await is_paid_over(means, item, order)]
    if over:
        log.error("a bill was paid by two orders: order=%s", order.reference)
        writes.append(_trouble("overpaid", order.id, word, each.provider, at))
    log.info("paid: order=%s", order.reference)
    parts = [{name: str(item[name]) for name in ("customer_code", "invoice", "amount")} for item in items]
    kind = "overpaid" if over else "paid"
    return Effect(writes, (_told(kind, each.reference, order, word, paid_at=millis(at), items=parts),))


async def is_paid_over(means: Means, item: Row, order: Order) -> bool:
    """Whether other payments since the order was worked out leave less of a bill, or balance, than it pays.

    Amounts tell that, and no moments: money is under way while it is written down, and so is an order.
    """
    others = await means.storage.read(payments.paid_for(str(item["customer_code"])))
    for_it = [o for o in others if o["invoice"] == item["invoice"] and o["order_id"] != order.id]
    paid = sum((Decimal(str(o["amount"])) for o in for_it), Decimal(0)) - Decimal(str(item["ours"]))
    return paid > 0 and paid + Decimal(str(item["amount"])) > Decimal(str(item["rest"]))


def _to_others(order: Order, at: datetime) -> list[Write]:
    """The other chats of the account are told as of everything else: by day, and if they want to hear it."""
    return [notices.add(f"payment {order.id}", order.account, "paid", "", order.id, millis(at))]


def _trouble(kind: str, order: str, word: Word, provider: str, at: datetime) -> Write:
    detail = json.dumps(
        {"provider": provider, "id": word.id, "reference": word.reference, "currency": word.currency}
    )
    return payments.trouble(f"{kind} {provider} {word.id}", kind, order, detail, str(word.amount), millis(at))


def _told(kind: str, key: str, order: Order, word: Word, **more: object) -> Arrival:
    plain = {"kind": kind, "reference": order.reference, "amount": str(word.amount), "id": order.id, **more}
    return Arrival(PAYMENTS, f"{kind} {key}", order.chat, json.dumps(plain).encode())
