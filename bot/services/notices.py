"""What a customer is told of without asking, and when it is true: a bill that is new, due, or overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.services.ports import Invoice

#: Nobody is written to outside these hours, in Kosovo.
DAY_BEGINS, DAY_ENDS = time(8), time(21)
#: A bill is told as new for so long after it was issued, and as overdue after its day; later it is no news.
NEWS = timedelta(days=10)
#: So long before its day a bill that is not paid is spoken of.
BEFORE = timedelta(days=3)


class Kind(StrEnum):
    """As customers switch them off: `notices_off` of an account."""

    BILL = "bill"
    DUE = "due"
    OVERDUE = "overdue"
    PAID = "paid"
    #: On channels where it costs KESCO something to speak first.
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Dated:
    """What decides which notices a bill is worth; `since` is the day its meter was added to the account."""

    issued_on: date
    due_on: date
    total: Decimal
    paid: Decimal
    since: date


def worth(bill: Dated, today: date) -> tuple[Kind, ...]:
    """The notices that are true of a bill today.  What was so before its meter was added is no news."""
    kinds = []
    if bill.since < bill.issued_on <= today <= bill.issued_on + NEWS:
        kinds.append(Kind.BILL)
    if still_true(Kind.DUE, bill.due_on, bill.total - bill.paid, today) and bill.issued_on < today:
        kinds.append(Kind.DUE)
    if (
        still_true(Kind.OVERDUE, bill.due_on, bill.total - bill.paid, today)
        and bill.since <= bill.due_on
        and today <= bill.due_on + NEWS
    ):
        kinds.append(Kind.OVERDUE)
    return tuple(kinds)


def still_true(kind: Kind, due_on: date, rest: Decimal, today: date) -> bool:
    """Whether a notice may still be told."""
    if rest <= 0:
        return False
    if kind is Kind.BILL:
        return True
    return due_on - BEFORE <= today <= due_on if kind is Kind.DUE else due_on < today


def true_of(kind: Kind, invoice: Invoice, today: date) -> bool:
    return still_true(kind, invoice.due_on, invoice.total - invoice.paid, today)


def is_daytime(at: time) -> bool:
    return DAY_BEGINS <= at < DAY_ENDS
