"""What a service may use besides its arguments: what it reads, and how it says what is to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from bot.services.passwords import Passwords
from bot.services.phones import REGIONS
from bot.services.vault import Vault
from storage.base import Storage, Write

#: Where the customers live: days and months are theirs.
ZONE = ZoneInfo("Europe/Belgrade")


#: What becomes of a meter in another person's name: its holder is told, or must agree first.
Claims = Literal["notify", "approve"]
#: Where a chat of each channel opens: an address that a word completes, by the channel's name.  Asked each
#: time, because a channel may learn its address only after the start.
Invitations = Callable[[], Mapping[str, str]]


def nowhere() -> Mapping[str, str]:
    """No channel opens by a link."""
    return {}


class Away(Exception):
    """A service outside could not be reached or did not answer as it should; worth another try."""


def day_of(at: datetime) -> date:
    """The day in Kosovo at a moment."""
    return at.astimezone(ZONE).date()


def month_of(period: str) -> date:
    """The first day of a period like 2026-01."""
    return date.fromisoformat(f"{period}-01")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the utility's register."""

    personal_number: str
    first_name: str
    last_name: str
    id_valid_until: date


@dataclass(frozen=True, slots=True)
class Connection:
    """A place with its meter; `balance` in euros is owed when above zero, as of that day."""

    customer_code: str
    personal_number: str
    meter_number: str
    address: str
    tariff_group: str
    balance: Decimal
    as_of: date


@dataclass(frozen=True, slots=True)
class Invoice:
    """A month's bill: `period` like 2026-01, readings in kWh, money in euros."""

    number: str
    customer_code: str
    period: str
    issued_on: date
    due_on: date
    high_from: Decimal
    high_to: Decimal
    low_from: Decimal
    low_to: Decimal
    constant: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    paid: Decimal


class Registry(Protocol):
    """The utility's register.  Every method may raise `Away`."""

    async def person(self, personal_number: str) -> Person | None: ...

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        """The person's connections, in the order of their customer codes."""
        ...

    async def connection(self, customer_code: str) -> Connection | None: ...

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        """The newest bills of a connection, newest first."""
        ...


@runtime_checkable
class PerTurn(Protocol):
    """A register with something beside it that changes at any moment."""

    def of_turn(self, known: dict[str, Any]) -> Registry:
        """The same for one turn, to which it says one thing all through; `known` is that of the turn."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What every service has at hand, for as long as the program runs."""

    storage: Storage
    registry: Registry
    vault: Vault
    passwords: Passwords
    #: Where phone numbers may be from that get an SMS of ours.
    regions: tuple[str, ...] = REGIONS
    claims: Claims = "notify"
    invitations: Invitations = nowhere

    def turn(self, chat: str, at: datetime, key: str) -> Turn:
        known, registry = dict[str, Any](), self.registry
        if isinstance(registry, PerTurn):
            registry = registry.of_turn(known)
        has = (self.storage, registry, self.vault, self.passwords, self.regions, self.claims)
        return Turn(chat, at, key, *has, invitations=self.invitations, known=known)


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn in which a service is called.

    A service never writes: it adds to `writes`, with their preconditions, and they are committed with the
    turn.  When one of them does not hold, the turn is walked again and the service asked again.
    `key` names the turn (channel and update): what is random derives from it, so that a second walk makes
    the same.
    """

    chat: str
    at: datetime
    key: str
    storage: Storage
    registry: Registry
    vault: Vault
    passwords: Passwords
    regions: tuple[str, ...] = REGIONS
    claims: Claims = "notify"
    invitations: Invitations = nowhere
    writes: list[Write] = field(default_factory=list)
    #: What a page gives its customer to save: the bodies of files, of which the last counts.
    saved: list[bytes] = field(default_factory=list)
    #: What the turn has found out or made, which the database need not show before it is committed.
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in Kosovo."""
        return day_of(self.at)

    def write(self, *writes: Write) -> None:
        self.writes.extend(writes)

    def derived(self, purpose: str) -> str:
        """A random name for something this turn makes: 128 bits in hex, the same at every walk."""
        return self.vault.derived("turn", self.chat, self.key, purpose)[:32]
