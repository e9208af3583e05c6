"""When a bill is worth a word without being asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bot.services.notices import Dated, Kind, is_daytime, still_true, worth

ISSUED = date(2026, 3, 6)
BILL = Dated(ISSUED, ISSUED + timedelta(days=14), Decimal("30.42"), Decimal(0), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        (-1, ()),
        (0, (Kind.BILL,)),
        (10, (Kind.BILL,)),
        (11, (Kind.DUE,)),
        (14, (Kind.DUE,)),
        (15, (Kind.OVERDUE,)),
        (24, (Kind.OVERDUE,)),
        (25, ()),
    ],
)
def test_each_has_its_days(days: int, kinds: tuple[Kind, ...]) -> None:
    assert worth(BILL, ISSUED + timedelta(days=days)) == kinds


def test_a_bill_that_is_paid_is_only_new() -> None:
    paid = replace(BILL, paid=BILL.total)
    told = {kind for days in range(-5, 40) for kind in worth(paid, ISSUED + timedelta(days=days))}
    assert told == {Kind.BILL}


def test_what_was_so_before_the_meter_was_added_is_no_news() -> None:
    late = replace(BILL, since=BILL.due_on + timedelta(days=1))
    assert [worth(late, ISSUED + timedelta(days=days)) for days in (10, 15, 20)] == [(), (), ()]


def test_a_part_payment_leaves_something_due() -> None:
    assert still_true(Kind.DUE, ISSUED, Decimal("0.01"), ISSUED)
    assert not still_true(Kind.DUE, ISSUED, Decimal(0), ISSUED)


@pytest.mark.parametrize(
    ("at", "day"), [(time(7, 59), False), (time(8), True), (time(20, 59), True), (time(21), False)]
)
def test_nobody_is_written_to_at_night(at: time, day: bool) -> None:
    assert is_daytime(at) is day
