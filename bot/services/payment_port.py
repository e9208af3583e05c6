"""What we ask of a payment provider, whose page takes the card.  Money in euros."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Protocol

from bot.services.ports import Away

EURO = "EUR"


class Fate(Enum):
    """How an order stands at the provider."""

    OPEN = "open"
    FAILED = "failed"  # declined; nothing was charged
    CANCELED = "canceled"
    ABANDONED = "abandoned"
    PAID = "paid"
    REDUCED = "reduced"  # paid, and a part of it given back
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be paid: our `reference` names it and is never used again; addresses are absolute."""

    reference: str
    amount: Decimal
    description: str
    language: str
    back_url: str
    notify_url: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The provider's order, and the address of the page that takes the card."""

    id: str
    page: str


@dataclass(frozen=True, slots=True)
class Word:
    """The provider's own word on one of its orders: the only thing that ever marks anything paid."""

    id: str
    reference: str
    amount: Decimal
    currency: str
    fate: Fate


class BadOrder(Away):
    """The provider works, and one order is at fault: it was refused, or its word cannot be believed."""


class PaymentProvider(Protocol):
    """Every method may raise `bot.services.ports.Away`, and `BadOrder` where others would do."""

    @property
    def name(self) -> str:
        """As in `POST /payments/{provider}`."""
        ...

    async def open(self, asked: Asked) -> Opened:
        """Make an order there.  One that was made and never heard of harms nothing: nobody has its page."""
        ...

    async def ask(self, id: str) -> Word | None:
        """How the order of that id stands; None when the provider has no such order."""
        ...

    def hinted(self, body: bytes) -> str:
        """The order that a callback speaks of, "" for none.  What else it says is not believed."""
        ...

    async def close(self) -> None: ...
