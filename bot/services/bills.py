"""The bills of a connection as its customer reads them: readings, blocks, amounts, and what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.services import prices
from bot.services.money import cents
from bot.services.my_account import Mine, SignedOut, my_account
from bot.services.my_meters import MyMeter, NotThere
from bot.services.own_meters import seen
from bot.services.ports import Connection, Invoice, Turn
from bot.services.tariffs import BillLine, Tariff, bill

#: The newest bills that can be looked at: two years, to compare each month with the one a year before.
MOST = 25
#: Data that is older than this is shown with its date.
FRESH = timedelta(days=1)
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Bill:
    """A month's bill; readings and consumption in kWh, money in euros.  `rest` is not paid yet."""

    number: str
    month: date
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
    rest: Decimal

    @property
    def high(self) -> Decimal:
        return (self.high_to - self.high_from) * self.constant

    @property
    def low(self) -> Decimal:
        return (self.low_to - self.low_from) * self.constant

    @property
    def kwh(self) -> Decimal:
        return self.high + self.low


@dataclass(frozen=True, slots=True)
class Bills:
    """The bills of a connection, the newest first.

    `balance` is what the customer owes in all (below zero: has paid too much) as of `as_of`; `older` is the
    part of it that the newest bill does not explain.  `stale`: the date should be shown.
    """

    code: str
    all: tuple[Bill, ...]
    balance: Decimal
    as_of: date
    stale: bool
    today: date

    @property
    def newest(self) -> Bill:
        return self.all[0]

    @property
    def older(self) -> Decimal:
        return self.balance - self.newest.rest


@dataclass(frozen=True, slots=True)
class LastAmount:
    """What may be seen of another person's newest bill until `whole_on`; money in euros."""

    code: str
    number: str
    month: date
    due_on: date
    total: Decimal
    rest: Decimal
    today: date
    whole_on: date


@dataclass(frozen=True, slots=True)
class NotBilled:
    """The connection has no bill yet."""

    code: str


@dataclass(frozen=True, slots=True)
class Parts:
    """A bill's energy by rate and block and the fixed tariff, which add up to its net."""

    lines: tuple[BillLine, ...]
    fixed: Decimal
    valid_from: date


@dataclass(frozen=True, slots=True)
class NoParts:
    """The prices of its month are not known, or do not lead to what was billed."""


async def bills_of(
    turn: Turn, me: Mine, meter: MyMeter
) -> Bills | LastAmount | NotBilled | NotThere | SignedOut:
    """As far as the meter may be seen now, whatever was shown of it before.  Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    here = next((each for each in await seen(turn, account) if each.link.code == meter.code), None)
    if here is None:
        return NotThere()
    found = await turn.registry.invoices(meter.code, MOST if here.whole_on is None else 1)
    if not found:
        return NotBilled(meter.code)
    if here.whole_on is not None:
        return _last_amount(_bill(found[0]), meter.code, turn.today, here.whole_on)
    return _bills(here.connection, found, turn.today)


def _last_amount(bill: Bill, code: str, today: date, whole_on: date) -> LastAmount:
    return LastAmount(code, bill.number, bill.month, bill.due_on, bill.total, bill.rest, today, whole_on)


def _bills(connection: Connection, found: tuple[Invoice, ...], today: date) -> Bills:
    return Bills(
        connection.customer_code,
        tuple(_bill(invoice) for invoice in found),
        connection.balance,
        connection.as_of,
        connection.as_of < today - FRESH,
        today,
    )


def _bill(invoice: Invoice) -> Bill:
    return Bill(
        invoice.number,
        date.fromisoformat(f"{invoice.period}-01"),
        invoice.issued_on,
        invoice.due_on,
        invoice.high_from,
        invoice.high_to,
        invoice.low_from,
        invoice.low_to,
        invoice.constant,
        invoice.net,
        invoice.vat,
        invoice.total,
        max(invoice.total - invoice.paid, NOTHING),
    )


async def parts_of(turn: Turn, meter: MyMeter, seen: Bill) -> Parts | NoParts:
    """What the bill is made of, where the prices of its month lead to just what was billed."""
    tariff = await prices.prices(turn, meter.tariff_group, seen.month)
    return parts(tariff, seen) if isinstance(tariff, Tariff) else NoParts()


def parts(tariff: Tariff, seen: Bill) -> Parts | NoParts:
    if seen.high < 0 or seen.low < 0:
        return NoParts()
    made = bill(tariff, seen.high, seen.low)
    if (made.net, made.vat, made.total) != (cents(seen.net), cents(seen.vat), cents(seen.total)):
        return NoParts()
    return Parts(tuple(line for line in made.lines if line.kwh), made.fixed, made.valid_from)
