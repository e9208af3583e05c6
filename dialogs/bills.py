"""The last bill, and those before it: what it comes to, what it is made of, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.services.bills import Bill, Bills, LastAmount, NoParts, NotBilled, Parts, bills_of, parts_of
from bot.services.my_account import Guest, Mine, SignedOut, mine
from bot.services.my_meters import MyMeter, MyMeters, NoMeter, NotThere, my_meters
from bot.services.tariffs import BillLine
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW
from dialogs.engine.lines import FILE, Picture
from dialogs.engine.steps import Aside, Dialog, Do, End, Let, Link, Param, Review, Select, Step
from dialogs.engine.text import Leaf, Phrase, _, _l, _n, verbatim

BLANK = verbatim("")
#: Beneath a sheet: the same to keep, to print or to hand to somebody.
AS_PDF = Link(_l("PDF"), FILE, "📄")
#: What the utility has on record is asked again after so long.
RECORDS = timedelta(minutes=5)
NOT_THERE = _("That meter is no longer in your account.")
NO_METER = _("There is no meter in your account yet. Add one by the customer code on its bill.")
LINES = {
    "A1B1": _("High tariff, first block: {kwh:kwh0} × {price:cents} = {amount:money}"),
    "A2B1": _("Low tariff, first block: {kwh:kwh0} × {price:cents} = {amount:money}"),
    "A1B2": _("High tariff, second block: {kwh:kwh0} × {price:cents} = {amount:money}"),
    "A2B2": _("Low tariff, second block: {kwh:kwh0} × {price:cents} = {amount:money}"),
}


ROWS = {
    "A1B1": _("High tariff, first block (A1B1): {kwh:kwh0}\u00a0×\u00a0{price:cents}"),
    "A2B1": _("Low tariff, first block (A2B1): {kwh:kwh0}\u00a0×\u00a0{price:cents}"),
    "A1B2": _("High tariff, second block (A1B2): {kwh:kwh0}\u00a0×\u00a0{price:cents}"),
    "A2B2": _("Low tariff, second block (A2B2): {kwh:kwh0}\u00a0×\u00a0{price:cents}"),
}


def meters_of(found: MyMeters) -> tuple[MyMeter, ...]:
    return found.all


def active_of(found: MyMeters) -> MyMeter:
    return next(meter for meter in found.all if meter.code == found.active)


def code_of(meter: MyMeter) -> str:
    return meter.code


def meter_shown(meter: MyMeter) -> Phrase:
    if meter.name:
        return Phrase(_l("{name} ({code})"), {"name": meter.name, "code": meter.code})
    return Phrase(_l("{code}, {address}"), {"code": meter.code, "address": meter.address})


def months_of(found: Bills) -> tuple[Bill, ...]:
    return found.all


def newest_of(found: Bills) -> Bill:
    return found.newest


def number_of(bill: Bill) -> str:
    return bill.number


def month_shown(bill: Bill) -> Phrase:
    values: Mapping[str, Leaf] = {"month": bill.month, "year": str(bill.month.year), "total": bill.total}
    return Phrase(_l("{month:month} {year}: {total:money}"), values)


def year_of(bill: Bill) -> str:
    return str(bill.month.year)


def body(found: Bills, bill: Bill, parts: Parts | NoParts) -> tuple[Phrase, ...]:
    """The bill line by line; the balance is a number of its own, beside the newest."""
    newest = bill.number == found.newest.number
    owed = (*_balance(found), *_age(found)) if newest else ()
    return (_standing(bill, found.today), *owed, BLANK, *_readings(bill), *_parts(parts), _sum(bill))


def _standing(bill: Bill | LastAmount, today: date) -> Phrase:
    if not bill.rest:
        return Phrase(_("It is paid. Thank you!"))
    left = (bill.due_on - today).days
    values: Mapping[str, Leaf] = {"rest": bill.rest, "day": bill.due_on, "days": abs(left)}
    if left == 0:
        return Phrase(_("<b>{rest:money}</b> is to be paid today."), values)
    if left > 0:
        return Phrase(
            _n(
                "<b>{rest:money}</b> is to be paid in {days:number} day, by {day:date}.",
                "<b>{rest:money}</b> is to be paid in {days:number} days, by {day:date}.",
                by="days",
            ),
            values,
        )
    return Phrase(
        _n(
            "<b>{rest:money}</b> should have been paid {days:number} day ago, by {day:date}.",
            "<b>{rest:money}</b> should have been paid {days:number} days ago, by {day:date}.",
            by="days",
        ),
        values,
    )


def glance(seen: LastAmount) -> tuple[Phrase, ...]:
    """What is shown of another person's bill before they have agreed."""
    return (
        _standing(seen, seen.today),
        Phrase(_("The bills and readings are shown from {day:date} on."), {"day": seen.whole_on}),
    )


def year_seen(seen: LastAmount) -> str:
    return str(seen.month.year)


def glimpse(seen: Step[LastAmount], *changed: Select[Any]) -> Review:
    """The last amount as every dialog shows it, whose steps are named `amount` and `amount_year`."""
    return Review(
        _("<b>{amount.total:money}</b> for {amount.month:month} {amount_year} ({amount.code})"),
        *changed,
        body=Let(glance, seen),
        confirm=_l("Done"),
        given=seen,
    )


def _balance(found: Bills) -> tuple[Phrase, ...]:
    """Said only where it is another number than what is left of the newest bill."""
    values: Mapping[str, Leaf] = {"balance": abs(found.balance), "older": found.older}
    if found.balance < 0:
        return (
            Phrase(_("You have paid {balance:money} more than you owe; the next bill takes it off."), values),
        )
    if found.older > 0 and found.newest.rest:
        text = _("You owe <b>{balance:money}</b> in all: {older:money} of it is left from earlier bills.")
        return (Phrase(text, values),)
    if found.older > 0:
        return (Phrase(_("<b>{balance:money}</b> is left to pay from earlier bills."), values),)
    if found.older < 0:
        return (Phrase(_("In all you owe {balance:money}: an earlier payment is taken off."), values),)
    return ()


def _age(found: Bills) -> tuple[Phrase, ...]:
    if not found.stale:
        return ()
    return (
        Phrase(
            _("As KESCO had it on {day:date}; what was paid elsewhere since then is not in it yet."),
            {"day": found.as_of},
        ),
    )


def _readings(bill: Bill) -> tuple[Phrase, ...]:
    values: Mapping[str, Leaf] = {
        "high_from": bill.high_from,
        "high_to": bill.high_to,
        "high": bill.high,
        "low_from": bill.low_from,
        "low_to": bill.low_to,
        "low": bill.low,
        "constant": bill.constant,
    }
    lines = (
        Phrase(_("High tariff: from {high_from:number} to {high_to:number}, {high:kwh0}"), values),
        Phrase(_("Low tariff: from {low_from:number} to {low_to:number}, {low:kwh0}"), values),
    )
    if bill.constant == 1:
        return lines
    return (*lines, Phrase(_("Your meter's readings count {constant:number} times."), values))


def _parts(parts: Parts | NoParts) -> tuple[Phrase, ...]:
    if isinstance(parts, NoParts):
        return ()
    return (
        *(_line(line) for line in parts.lines),
        Phrase(_("Fixed tariff: {fixed:money}"), {"fixed": parts.fixed}),
    )


def _line(line: BillLine) -> Phrase:
    return Phrase(LINES[line.code], {"kwh": line.kwh, "price": line.price, "amount": line.amount})


def _sum(bill: Bill) -> Phrase:
    values: Mapping[str, Leaf] = {"net": bill.net, "vat": bill.vat, "total": bill.total}
    return Phrase(_("{net:money} and {vat:money} VAT make <b>{total:money}</b>."), values)


def consumption(found: Bills) -> Picture:
    """A year of months, the newest first, each beside the same month a year before."""
    before = {bill.month: bill for bill in found.all}
    rows: tuple[Mapping[str, Leaf], ...] = tuple(
        {
            "month": bill.month,
            "high": bill.high,
            "low": bill.low,
            "before": _kwh(before.get(bill.month.replace(year=bill.month.year - 1))),
        }
        for bill in found.all[:12]
    )
    alt = Phrase(_("What you have used, month by month ({code})"), {"code": found.code})
    return Picture("consumption", {"code": found.code}, rows, alt)


def _kwh(bill: Bill | None) -> Decimal | None:
    return bill.kwh if bill else None


def bill_picture(found: Bills, meter: MyMeter, bill: Bill, parts: Parts | NoParts) -> Picture:
    """The bill as a clean sheet.  A row has `words` and an `amount` in euros, or `kwh`; sums are `strong`."""
    values: Mapping[str, Leaf] = {
        "month": bill.month,
        "year": str(bill.month.year),
        "code": found.code,
        "address": meter.address,
        "meter": meter.meter_number,
        "group": meter.tariff_group,
        "number": bill.number,
        "total": bill.total,
        "issued_on": bill.issued_on,
        "due_on": bill.due_on,
    }
    alt = Phrase(_("Bill {number} of {code}: <b>{total:money}</b>"), values)
    return Picture("bill", values, tuple(_sheet(found, bill, parts)), alt)


def _sheet(found: Bills, bill: Bill, parts: Parts | NoParts) -> Iterator[Mapping[str, Leaf]]:
    for reading in _readings(bill):
        yield {"words": reading}
    if isinstance(parts, Parts):
        for line in parts.lines:
            words = Phrase(ROWS[line.code], {"kwh": line.kwh, "price": line.price})
            yield {"words": words, "amount": line.amount}
        yield {"words": _l("Fixed tariff"), "amount": parts.fixed}
    yield {"words": _l("Net"), "amount": bill.net, "strong": 1}
    yield {"words": _l("VAT"), "amount": bill.vat}
    yield {"words": _l("Total"), "amount": bill.total, "strong": 1}
    yield {"words": _("Left to pay"), "amount": bill.rest} if bill.rest else {"words": _l("Paid")}
    owed = (
        _("Owed in all, as of {day:date}") if found.balance >= 0 else _("Paid in advance, as of {day:date}")
    )
    yield {"words": Phrase(owed, {"day": found.as_of}), "amount": abs(found.balance)}


def face(
    bills: Step[Bills],
    meter: Step[MyMeter],
    bill: Step[Bill],
    parts: Step[Parts | NoParts],
    *changed: Select[Any],
) -> Review:
    """A bill as every dialog shows it, whose steps are named `bill`, `year` and `meter`.

    `changed` are those that a button changes.
    """
    return Review(
        _("<b>{bill.total:money}</b> for {bill.month:month} {year} ({meter.code})"),
        *changed,
        body=Let(body, bills, bill, parts),
        confirm=_l("Done"),
        asides=(
            Aside(_l("Show the bill"), Let(bill_picture, bills, meter, bill, parts), "🧾", (AS_PDF,)),
            Aside(_l("Show a year"), Let(consumption, bills), "📊"),
        ),
        given=bills,
    )


class LastBill(Dialog):
    """The newest bill of the meter that is spoken of; another meter and another month by a button."""

    title = _l("My last bill")
    fleeting = True
    starts_on = (
        _("last bill"),
        _("my bill"),
        _("bill"),
        _("invoice"),
        _("my bills"),
        _("how much do I owe"),
        _("my debt"),
        _("balance"),
        _("consumption"),
        _("how much did I use"),
    )

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    mine_ = me.case(Mine)
    found = Do(my_meters, mine_, fresh_for=RECORDS)
    none = End(NO_METER, starts=("AddMeter",), given=found.case(NoMeter))
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    meters = found.case(MyMeters)
    meter = Select(
        Let(meters_of, meters),
        _("Whose bills would you like to see?"),
        key=code_of,
        show=meter_shown,
        label=_l("Another meter"),
        default=Let(active_of, meters),
        given=meters,
    )
    records = Do(bills_of, mine_, meter, fresh_for=RECORDS)
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=records.case(SignedOut))
    new = records.case(NotBilled)
    not_billed = End(
        _("There is no bill for {new.code} yet: a new connection gets one after its first reading."),
        menu="customer",
        given=new,
    )
    missing = End(NOT_THERE, starts=("Meters",), given=records.case(NotThere))
    amount = records.case(LastAmount)
    amount_year = Let(year_seen, amount)
    in_part = glimpse(amount, meter)
    seen = End(_("Glad to help."), starts=("Pay", "LastBill"), given=in_part)
    bills = records.case(Bills)
    bill = Select(
        Let(months_of, bills),
        _("Which month would you like to see?"),
        key=number_of,
        show=month_shown,
        label=_l("Another month"),
        default=Let(newest_of, bills),
        given=bills,
    )
    year = Let(year_of, bill)
    parts = Do(parts_of, meter, bill, given=bills)
    view = face(bills, meter, bill, parts, meter, bill)
    done = End(_("Glad to help."), starts=("Pay", "ReadBill", "LastBill"), given=view)


@dataclass(frozen=True, slots=True)
class Removed:
    """The meter is no longer in the account."""


def meter_of(found: MyMeters, code: str) -> MyMeter | Removed:
    return next((meter for meter in found.all if meter.code == code), Removed())


def bill_of(found: Bills, number: str) -> Bill:
    """The bill of that number, or the newest where there is no such any more."""
    return next((bill for bill in found.all if bill.number == number), found.newest)


class ShowBill(Dialog):
    """One bill, as a notice speaks of it."""

    title = _l("A bill")
    fleeting = True

    code: Param[str] = Param[str]()
    number: Param[str] = Param[str]()
    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    mine_ = me.case(Mine)
    found = Do(my_meters, mine_, fresh_for=RECORDS)
    none = End(NO_METER, starts=("AddMeter",), given=found.case(NoMeter))
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    named = Let(meter_of, found.case(MyMeters), code)
    removed = End(_("{code} is no longer in your account."), starts=("Meters",), given=named.case(Removed))
    meter = named.case(MyMeter)
    records = Do(bills_of, mine_, meter, fresh_for=RECORDS)
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=records.case(SignedOut))
    not_billed = End(
        _("There is no bill for {code} yet: a new connection gets one after its first reading."),
        starts=("Meters",),
        given=records.case(NotBilled),
    )
    missing = End(NOT_THERE, starts=("Meters",), given=records.case(NotThere))
    amount = records.case(LastAmount)
    amount_year = Let(year_seen, amount)
    in_part = glimpse(amount)
    seen = End(_("Glad to help."), starts=("Pay", "LastBill"), given=in_part)
    bills = records.case(Bills)
    bill = Let(bill_of, bills, number)
    year = Let(year_of, bill)
    parts = Do(parts_of, meter, bill, given=bills)
    view = face(bills, meter, bill, parts)
    done = End(_("Glad to help."), starts=("Pay", "ReadBill", "LastBill"), given=view)


class ReadBill(Dialog):
    """What the words and numbers on a bill mean."""

    title = _l("How to read a bill")
    starts_on = (
        _("how do I read my bill"),
        _("explain my bill"),
        _("what does the bill mean"),
        _("what is A1B1"),
        _("why the fixed tariff"),
        _("what is the fixed tariff"),
        _("when is electricity cheaper"),
    )

    told = End(
        _(
            "<b>A1 and A2</b> are the high and the low tariff. The low one is cheaper: at night "
            "from 22 to 7, in summer from 23 to 8.\n"
            "<b>B1 and B2</b> are the blocks: the first 800 kWh of a month cost less than what comes after.\n"
            "<b>Reading</b>: what your meter showed; the difference of two readings is what you used.\n"
            "<b>Fixed tariff</b>: paid every month for the meter and the connection, even if nothing was "
            "used.\n"
            "<b>VAT</b>: 8 % of everything, also of the fixed tariff.\n"
            "<b>Bill and balance</b> are two numbers: older debt, and what you have paid, make them differ."
        ),
        starts=("LastBill", "EstimateBill"),
    )
