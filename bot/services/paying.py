"""What a customer can pay, and the order for it: what is due is worked out here, never taken from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from bot.services import throttle
from bot.services.accounts import Account
from bot.services.my_account import Mine, SignedOut, my_account
from bot.services.our_payments import paid_so_far
from bot.services.own_meters import seen
from bot.services.ports import Invoice, Turn
from bot.services.throttle import Window, millis
from storage import payments
from storage.base import Write

#: A link may be paid for so long.
LASTS = timedelta(hours=72)
#: Links that an account may have made.
MADE = Window(((20, timedelta(hours=1)), (60, timedelta(days=1))))
_KIND = "payment"
#: Bills that are looked at for what is left of them.
BILLS = 25
#: In euros.
LEAST, MOST = Decimal("1.00"), Decimal("5000.00")
NOTHING = Decimal("0.00")


class Of(Enum):
    """What is paid."""

    ALL = "all"  # of every meter
    SOME = "some"  # of those that the customer ticks
    BALANCE = "balance"  # of one
    BILL = "bill"
    OTHER = "other"  # an amount that the customer names


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that can be paid, in euros; `name`, `number` and `month` where they say something.

    It is for the connections in `codes`, and where there are none for all of them; `name` is the customer's
    for the meter.  `alone`: no other meter owes anything.
    """

    of: Of
    amount: Decimal
    codes: tuple[str, ...] = ()
    name: str = ""
    number: str = ""
    month: date | None = None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Dues:
    """What there is to pay, the likeliest first."""

    wishes: tuple[Wish, ...]

    @property
    def balances(self) -> tuple[Wish, ...]:
        """What each meter owes, to tick some of them."""
        return tuple(wish for wish in self.wishes if wish.of is Of.BALANCE)


@dataclass(frozen=True, slots=True)
class NothingDue:
    """All is paid."""


@dataclass(frozen=True, slots=True)
class NoMeterToPay:
    """There is no meter in the account."""


@dataclass(frozen=True, slots=True)
class Exact:
    """The wish says how much."""


@dataclass(frozen=True, slots=True)
class Several:
    """The customer says which meters."""


@dataclass(frozen=True, slots=True)
class Free:
    """The customer says how much."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """It can be paid by its link until that moment; `id` leads to the link with the secret key."""

    id: str
    amount: Decimal
    hours: int


@dataclass(frozen=True, slots=True)
class TooManyLinks:
    """So many links were made that the next may be only after so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Part:
    """What of a payment goes to a bill, or with `invoice` "" to the balance; `rest` was left of it before."""

    code: str
    invoice: str
    amount: Decimal
    rest: Decimal


@dataclass(frozen=True, slots=True)
class Due:
    """What a connection owes: its balance, and what is left of its bills, the oldest first."""

    code: str
    name: str
    balance: Decimal
    bills: tuple[Invoice, ...]


async def what_is_due(turn: Turn, me: Mine) -> Dues | NothingDue | NoMeterToPay | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    found = await _dues(turn, account)
    if not found:
        return NoMeterToPay()
    wishes = tuple(_wishes([due for due in found if due.balance > 0]))
    return Dues(wishes) if wishes else NothingDue()


def kind_of(wish: Wish) -> Exact | Several | Free:
    match wish.of:
        case Of.OTHER:
            return Free()
        case Of.SOME:
            return Several()
        case _:
            return Exact()


def together(wishes: tuple[Wish, ...]) -> Wish:
    """The wishes that were ticked, as one."""
    total = sum((wish.amount for wish in wishes), NOTHING)
    return Wish(Of.SOME, total, tuple(code for wish in wishes for code in wish.codes), alone=False)


async def order(
    turn: Turn, me: Mine, wish: Wish, amount: Decimal
) -> Ordered | NothingDue | TooManyLinks | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    parts = tuple(wanted(await _dues(turn, account), wish, amount))
    if not parts:
        return NothingDue()
    standing = await throttle.look(turn, _KIND, account.id, MADE)
    if not standing.allowed:
        return TooManyLinks(-(-standing.wait_seconds // 60))
    await throttle.hit(turn, _KIND, account.id, MADE)
    id = turn.derived("payment")
    total = sum((part.amount for part in parts), NOTHING)
    turn.write(
        payments.add_order(
            id=id,
            token_hash=hashlib.sha256(token_of(turn, id).encode()).hexdigest(),
            account=account.id,
            chat=turn.chat,
            reference=f"EK-{id[:12].upper()}",
            amount=str(total),
            at_ms=millis(turn.at),
            expires_ms=millis(turn.at + LASTS),
        ),
        *[await _item(turn, id, part) for part in parts],
    )
    return Ordered(id, total, int(LASTS.total_seconds()) // 3600)


async def _item(turn: Turn, order: str, part: Part) -> Write:
    ours = await paid_so_far(turn, part.code, part.invoice)
    return payments.add_item(order, part.code, part.invoice, str(part.amount), str(part.rest), str(ours))


def token_of(turn: Turn, id: str) -> str:
    return turn.vault.derived("pay", id)


async def _dues(turn: Turn, account: Account) -> tuple[Due, ...]:
    found = []
    for each in await seen(turn, account):
        connection, whole = each.connection, each.whole_on is None
        bills = await turn.registry.invoices(connection.customer_code, BILLS if whole else 1)
        left = tuple(bill for bill in reversed(bills) if bill.total > bill.paid)
        balance = connection.balance
        if not whole:  # of another person's meter the last amount alone may be known, and not the balance
            balance = sum((bill.total - bill.paid for bill in left), NOTHING)
        found.append(Due(connection.customer_code, each.link.name, balance, left))
    return tuple(sorted(found, key=lambda due: due.code != account.active_meter))


def _wishes(owing: Sequence[Due]) -> Iterator[Wish]:
    alone = len(owing) == 1
    if len(owing) > 1:
        yield Wish(Of.ALL, sum((due.balance for due in owing), NOTHING), alone=False)
    if len(owing) > 2:
        yield Wish(Of.SOME, NOTHING, alone=False)
    for due in owing:
        name = due.name or due.code
        newest = due.bills[-1] if due.bills else None
        if alone and newest and newest.total - newest.paid < due.balance:
            month = date.fromisoformat(f"{newest.period}-01")
            left = newest.total - newest.paid
            yield Wish(Of.BILL, left, (due.code,), name, newest.number, month, alone)
        yield Wish(Of.BALANCE, due.balance, (due.code,), name, alone=alone)
    for due in owing:
        yield Wish(Of.OTHER, due.balance, (due.code,), due.name or due.code, alone=alone)


def wanted(dues: Sequence[Due], wish: Wish, amount: Decimal) -> Iterator[Part]:
    """The wish as it comes out now: what was paid meanwhile is not paid again."""
    for due in dues:
        if due.balance <= 0 or (wish.codes and due.code not in wish.codes):
            continue
        match wish.of:
            case Of.ALL | Of.SOME | Of.BALANCE:
                yield from allocated(due, due.balance)
            case Of.OTHER:
                yield from allocated(due, amount)
            case Of.BILL:
                bills = tuple(bill for bill in due.bills if bill.number == wish.number)
                left = sum((bill.total - bill.paid for bill in bills), NOTHING)
                yield from allocated(Due(due.code, due.name, left, bills), left)


def allocated(due: Due, amount: Decimal) -> Iterator[Part]:
    """The amount over the bills, the oldest first; what they do not take goes to the balance."""
    balance = due.balance
    for bill in due.bills:
        rest = bill.total - bill.paid
        if share := min(rest, amount):
            yield Part(due.code, bill.number, share, rest)
            amount, balance = amount - share, balance - share
    if amount > 0:
        yield Part(due.code, "", amount, max(amount, balance))
