"""What the payment pages and the program say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol


class Standing(Enum):
    """How an order stands, as far as its page may tell."""

    OPEN = "open"
    CHECKING = "checking"  # the customer was at the provider, whose word is not there yet
    PAID = "paid"
    DECLINED = "declined"  # may be tried again
    OVER = "over"  # too late, or there is nothing left to pay
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is paid for; `month` and `due_on` where it is a bill; `address` is masked if need be."""

    customer_code: str
    address: str
    invoice: str
    month: date | None
    due_on: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payable:
    """An order as its page shows it: money in euros."""

    standing: Standing
    language: str
    parts: tuple[Part, ...] = ()
    amount: Decimal = Decimal(0)
    reference: str = ""
    expires_at: datetime | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the provider takes the card."""

    url: str


class Payments(Protocol):
    """The orders behind the payment pages.  Every method may raise `storage.base.Unavailable`."""

    async def look(self, token: str) -> Payable:
        """The order behind a link; changes nothing, however often it is asked for."""
        ...

    async def checkout(self, token: str) -> Checkout | Payable:
        """Open the order at the provider, once; a Payable when there is nothing to pay.

        Raises `bot.services.ports.Away` when the provider cannot be reached.
        """
        ...

    async def returned(self, token: str) -> Payable:
        """The customer is back: ask the provider how it went, and say what is certain."""
        ...

    async def called_back(self, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
        """A provider's word came; it is a hint to ask, never believed.  False: it names no order of ours."""
        ...
