"""What the main menu says to the customer in front of it: the last bill in a line.  It never fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.services import accounts
from bot.services.accounts import Account
from bot.services.my_account import Guest
from bot.services.own_meters import spoken_of
from bot.services.ports import Away, Invoice, Turn, day_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Paid:
    """The last bill is paid."""

    name: str
    code: str
    month: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The last bill is to be paid by `due_on`; `rest` is what is left of it."""

    name: str
    code: str
    month: date
    rest: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class Overdue:
    """The last bill should have been paid by `due_on`."""

    name: str
    code: str
    month: date
    rest: Decimal
    due_on: date


@dataclass(frozen=True, slots=True)
class NoBill:
    """There is no meter in the account, no bill yet, or the register cannot be reached."""

    name: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """The account is going to be erased on that day."""

    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Unseen:
    """Nobody could be asked who the customer is."""


async def overview(turn: Turn) -> Guest | Paid | Unpaid | Overdue | NoBill | Leaves | Unseen:
    here = await accounts.session(turn)
    if here is None:
        return Guest()
    account = here.account
    if account.delete_at is not None:
        return Leaves(account.display_name, day_of(account.delete_at))
    try:
        bill = await _last_bill(turn, account)
    except Away as error:  # the menu stands without its headline
        log.warning("no headline: chat=%s why=%r", turn.chat, error)
        bill = None
    return _told(turn.today, account.display_name, bill) if bill else NoBill(account.display_name)


async def _last_bill(turn: Turn, account: Account) -> Invoice | None:
    for connection in await spoken_of(turn, account, in_part=True):
        if bills := await turn.registry.invoices(connection.customer_code):
            return bills[0]
    return None


def _told(today: date, name: str, bill: Invoice) -> Paid | Unpaid | Overdue:
    month, rest = date.fromisoformat(f"{bill.period}-01"), bill.total - bill.paid
    if rest <= 0:
        return Paid(name, bill.customer_code, month, bill.total)
    late = bill.due_on < today
    return (Overdue if late else Unpaid)(name, bill.customer_code, month, rest, bill.due_on)
