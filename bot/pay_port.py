"""What the payment pages and the program say to each other.  Money in euros."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Protocol


class Standing(Enum):
    """How an order stands, as far as its page may tell."""

    OPEN = "open"
    CHECKING = "checking"  # the customer was at the provider, whose word is not there yet
    PAID = "paid"
    RETURNED = "returned"  # it was paid, and the money given back
    DECLINED = "declined"  # may be tried again
    SETTLED = "settled"  # some of what it was made for was paid otherwise
    OVER = "over"  # the link is too old
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is paid for; `month` and `due_on` where it is a bill."""

    code: str
    amount: Decimal
    number: str = ""
    month: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Payable:
    """An order as its page shows it."""

    standing: Standing
    language: str = ""
    pieces: tuple[Piece, ...] = ()
    amount: Decimal = Decimal(0)
    reference: str = ""
    #: The last day on which its link works.
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Where the provider takes the card."""

    language: str
    page: str


class Payments(Protocol):
    """The orders behind the payment pages.  Every method may raise `storage.base.Unavailable`."""

    async def look(self, token: str) -> Payable:
        """The order behind a link; changes nothing, however often it is asked for."""
        ...

    async def pay(self, token: str, back: str) -> Leave | Payable:
        """Open the order at the provider, or find it open there; a Payable when there is nothing to pay.

        `back` is the address to come back to.  Raises `bot.services.ports.Away` without the provider.
        """
        ...

    async def check(self, token: str) -> None:
        """Ask the provider how it went.  Raises `Away`."""
        ...

    async def called_back(self, provider: str, body: bytes) -> bool:
        """A callback: a hint to ask, never believed.  False: nobody has such an order.  Raises `Away`."""
        ...
