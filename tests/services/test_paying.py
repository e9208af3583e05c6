"""What can be paid, and orders for it: amounts are worked out here and add up to the cent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.money_in import Order, is_paid_over
from bot.services.bills import Bills, bills_of
from bot.services.claims import Elsewhere, claim_meter
from bot.services.my_account import Mine
from bot.services.my_data import give_data
from bot.services.my_meters import MyMeters, my_meters
from bot.services.paying import (
    LASTS,
    Due,
    Dues,
    NothingDue,
    Of,
    Ordered,
    TooManyLinks,
    Wish,
    allocated,
    order,
    together,
    wanted,
    what_is_due,
)
from bot.services.ports import Invoice
from bot.services.throttle import millis
from storage import payments
from storage.base import Query, Row, Storage, Write
from tests.services.desk import CHAT, GEZIM, OTHER_CHAT, Desk, register
from tests.services.turns import later

CENTS = st.integers(1, 50_000).map(lambda cents: Decimal(cents) / 100)
BILL = Invoice(
    *("1", "DPR 6687", "2026-01", date(2026, 2, 1), date(2026, 2, 20)),
    *map(Decimal, (0, 100, 0, 50, 1)),
    *map(Decimal, ("26.00", "2.08", "28.08", "0.00")),
)


@pytest.fixture
async def desk(storage: Storage) -> Desk:
    await storage.commit(register())
    return Desk(storage)


def bills(rests: list[Decimal]) -> tuple[Invoice, ...]:
    return tuple(replace(BILL, number=str(n), total=rest) for n, rest in enumerate(rests))


@given(st.lists(CENTS, max_size=6), CENTS)
def test_an_amount_is_spread_to_the_cent_and_no_bill_gets_more_than_it_lacks(
    rests: list[Decimal], amount: Decimal
) -> None:
    due = Due("DPR 6687", "", sum(rests, Decimal(0)), bills(rests))
    parts = list(allocated(due, amount))
    assert sum((part.amount for part in parts), Decimal(0)) == amount
    assert all(0 < part.amount <= part.rest for part in parts)
    numbers = [part.invoice for part in parts if part.invoice]
    assert numbers == [bill.number for bill in due.bills][: len(numbers)]
    assert len({part.invoice for part in parts}) == len(parts)


@given(st.lists(st.tuples(CENTS, st.lists(CENTS, max_size=3)), min_size=1, max_size=4))
def test_everything_comes_to_what_all_meters_owe(owing: list[tuple[Decimal, list[Decimal]]]) -> None:
    dues = [Due(f"DPR {n}", "", balance, bills(rests)) for n, (balance, rests) in enumerate(owing)]
    parts = wanted(dues, Wish(Of.ALL, Decimal(0)), Decimal(0))
    assert sum((part.amount for part in parts), Decimal(0)) == sum(b for b, _rests in owing)


@given(st.lists(st.tuples(CENTS, st.booleans()), min_size=1, max_size=6))
def test_some_come_to_what_those_meters_owe(owing: list[tuple[Decimal, bool]]) -> None:
    dues = [Due(f"DPR {n}", "", balance, ()) for n, (balance, _ticked) in enumerate(owing)]
    wishes = [Wish(Of.BALANCE, due.balance, (due.code,)) for due in dues]
    some = together(tuple(wish for wish, (_balance, ticked) in zip(wishes, owing, strict=True) if ticked))
    assert some.amount == sum(balance for balance, ticked in owing if ticked)
    if some.codes:
        parts = list(wanted(dues, some, Decimal(0)))
        assert [part.code for part in parts] == list(some.codes)
        assert sum(part.amount for part in parts) == some.amount


async def orders(desk: Desk, me: Mine, wish: Wish, amount: Decimal) -> Ordered:
    made = await desk.take(CHAT, later(), lambda turn: order(turn, me, wish, amount))
    assert isinstance(made, Ordered)
    return made


async def due(desk: Desk, me: Mine) -> tuple[Wish, ...]:
    found = await desk.take(CHAT, later(), lambda turn: what_is_due(turn, me))
    return found.wishes if isinstance(found, Dues) else ()


async def test_older_debt_is_offered_apart_from_the_bill(desk: Desk) -> None:
    me = await desk.registered(later())
    wishes = await due(desk, me)
    assert [(wish.of, wish.amount) for wish in wishes] == [
        (Of.BILL, Decimal("20.42")),
        (Of.BALANCE, Decimal("30.42")),
        (Of.OTHER, Decimal("30.42")),
    ]


async def test_an_order_says_what_goes_where_and_keeps_its_link_only_as_a_hash(desk: Desk) -> None:
    me = await desk.registered(later())
    made = await orders(desk, me, (await due(desk, me))[1], Decimal("0"))
    assert made.amount == Decimal("30.42")
    items = await desk.storage.read(payments.items(made.id))
    assert [(row["invoice"], row["amount"]) for row in items] == [("", "10.00"), ("2", "20.42")]
    (row,) = await desk.storage.read(payments.order(made.id))
    assert row["amount"] == "30.42"
    assert int(str(row["expires_at"])) - int(str(row["created_at"])) == LASTS / timedelta(milliseconds=1)


async def test_what_was_paid_is_taken_off_at_once_and_nothing_more_is_offered(desk: Desk) -> None:
    me = await desk.registered(later())
    wish = (await due(desk, me))[1]
    made = await orders(desk, me, wish, Decimal("0"))
    await desk.storage.commit(payments.paid(made.id, millis(later())))
    (newest, _older) = await desk.registry.invoices("DPR 6687", 2)
    connection = await desk.registry.connection("DPR 6687")
    assert newest.paid == newest.total
    assert connection is not None
    assert connection.balance == 0
    found = await desk.take(CHAT, later(), lambda turn: what_is_due(turn, me))
    again = await desk.take(CHAT, later(), lambda turn: order(turn, me, wish, Decimal("0")))
    assert (found, again) == (NothingDue(), NothingDue())


async def test_links_are_not_made_without_end(desk: Desk) -> None:
    me = await desk.registered(later())
    wish = (await due(desk, me))[1]
    made = [
        await desk.take(CHAT, later(seconds=n), lambda turn: order(turn, me, wish, Decimal("0")))
        for n in range(21)
    ]
    assert [type(each) for each in made] == [Ordered] * 20 + [TooManyLinks]


async def test_a_customer_s_payments_are_among_their_data(desk: Desk) -> None:
    me = await desk.registered(later())
    made = await orders(desk, me, (await due(desk, me))[1], Decimal("0"))
    await desk.storage.commit(payments.paid(made.id, millis(later(minutes=1))))
    turn = desk.begin(CHAT, later(minutes=2))
    await give_data(turn, {}, me)
    (payment,) = json.loads(turn.saved[0])["payments"]
    assert (payment["amount"], payment["state"]) == ("30.42", "paid")
    assert payment["paid_at"] == later(minutes=1).isoformat()
    assert [(part["invoice"], part["amount"]) for part in payment["for"]] == [("", "10.00"), ("2", "20.42")]


def test_what_a_balance_lacks_is_more_than_one_part_payment() -> None:
    due = Due("DPR 6687", "", Decimal("30.00"), bills([Decimal("12.00")]))
    assert [(part.invoice, part.amount, part.rest) for part in allocated(due, Decimal("20.00"))] == [
        ("0", Decimal("12.00"), Decimal("12.00")),
        ("", Decimal("8.00"), Decimal("18.00")),
    ]


def test_a_meter_in_credit_takes_nothing_and_gives_nothing() -> None:
    dues = [
        Due("DPR 1", "", Decimal("-5.00"), bills([Decimal("3.00")])),
        Due("DPR 2", "", Decimal("7.00"), ()),
    ]
    parts = list(wanted(dues, Wish(Of.ALL, Decimal("7.00")), Decimal(0)))
    assert [(part.code, part.amount) for part in parts] == [("DPR 2", Decimal("7.00"))]


async def test_figures_of_a_later_day_contain_the_payment_and_it_is_not_taken_off_again(desk: Desk) -> None:
    me = await desk.registered(later())
    made = await orders(desk, me, (await due(desk, me))[1], Decimal("0"))
    await desk.storage.commit(payments.paid(made.id, millis(later())))
    for days, paid in ((0, Decimal("30.42")), (1, Decimal("10.00"))):
        day = later(days=days).date().isoformat()
        sql = "update connection set as_of = :day where customer_code = 'DPR 6687'"
        await desk.storage.commit([Write(sql, {"day": day})])
        connection = await desk.registry.connection("DPR 6687")
        assert connection is not None
        assert connection.balance == (Decimal(0) if days == 0 else Decimal("30.42"))
        assert (await desk.registry.invoices("DPR 6687", 1))[0].paid == paid


async def test_of_another_person_s_meter_only_the_last_amount_can_be_paid(desk: Desk) -> None:
    await desk.registered(later())
    me = await desk.registered(later(), GEZIM, OTHER_CHAT)
    claimed = Elsewhere("DPR 6687")
    await desk.take(OTHER_CHAT, later(), lambda turn: claim_meter(turn, me, claimed))

    async def wishes(at: datetime) -> list[tuple[Of, Decimal]]:
        found = await desk.take(OTHER_CHAT, at, lambda turn: what_is_due(turn, me))
        assert isinstance(found, Dues)
        return [(wish.of, wish.amount) for wish in found.wishes if wish.codes == ("DPR 6687",)]

    assert (Of.BALANCE, Decimal("20.42")) in await wishes(later())
    assert (Of.BALANCE, Decimal("30.42")) in await wishes(later(days=7))


@pytest.mark.parametrize("balance", ["5.00", "-5.00", "500.00"])
async def test_another_person_s_balance_does_not_show_in_what_can_be_paid(desk: Desk, balance: str) -> None:
    await desk.registered(later())
    me = await desk.registered(later(), GEZIM, OTHER_CHAT)
    claimed = Elsewhere("DPR 6687")
    await desk.take(OTHER_CHAT, later(), lambda turn: claim_meter(turn, me, claimed))
    sql = "update connection set balance = :balance where customer_code = 'DPR 6687'"
    await desk.storage.commit([Write(sql, {"balance": balance})])
    found = await desk.take(OTHER_CHAT, later(), lambda turn: what_is_due(turn, me))
    assert isinstance(found, Dues)
    assert {wish.amount for wish in found.wishes if wish.codes == ("DPR 6687",)} == {Decimal("20.42")}


class MoneyComes:
    """The database, to which money comes just before it is read the nth time."""

    def __init__(self, storage: Storage, nth: int, money: Sequence[Write]) -> None:
        self._storage, self._nth, self._money = storage, nth, money
        self.reads = 0

    async def read(self, query: Query) -> Sequence[Row]:
        self.reads += 1
        if self.reads == self._nth:
            await self._storage.commit(self._money)
        return await self._storage.read(query)

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        return await self._storage.commit(writes)

    async def close(self) -> None:
        await self._storage.close()


#: More than an order, or a look at bills, reads.
READS = range(1, 14)


@pytest.mark.parametrize("seconds", [-1, 1], ids=["noted before", "noted after"])
@pytest.mark.parametrize("of", [Of.BILL, Of.BALANCE])
@pytest.mark.parametrize("nth", READS)
async def test_money_that_comes_while_an_order_is_made_is_asked_for_once(
    storage: Storage, nth: int, of: Of, seconds: int
) -> None:
    """Whatever was read before it came, and whichever moment stands in its row."""
    await storage.commit(register())
    desk = Desk(storage)
    me = await desk.registered(later())
    bill_, balance, _other = await due(desk, me)
    first = await orders(desk, me, bill_ if of is Of.BILL else balance, Decimal("0"))
    money = payments.paid(first.id, millis(later(minutes=5, seconds=seconds)))
    busy = Desk(MoneyComes(storage, nth, money))
    made = await busy.take(CHAT, later(minutes=5), lambda turn: order(turn, me, balance, Decimal("0")))
    left = Decimal("30.42") - first.amount
    if not isinstance(made, Ordered):
        assert not left
        return
    (row,) = await storage.read(payments.order(made.id))
    items = await storage.read(payments.items(made.id))
    over = [await is_paid_over(desk.means, item, Order.of(row)) for item in items]
    (paid,) = await storage.read(payments.order(first.id))
    assert any(over) == (paid["state"] == "paid" and made.amount > left)


@pytest.mark.parametrize("nth", READS)
async def test_bills_and_balance_are_told_as_of_one_moment(storage: Storage, nth: int) -> None:
    await storage.commit(register())
    desk = Desk(storage)
    me = await desk.registered(later())
    first = await orders(desk, me, (await due(desk, me))[0], Decimal("0"))
    meters = await desk.take(CHAT, later(), lambda turn: my_meters(turn, me))
    assert isinstance(meters, MyMeters)
    busy = Desk(MoneyComes(storage, nth, payments.paid(first.id, millis(later(minutes=1)))))
    found = await busy.take(CHAT, later(minutes=1), lambda turn: bills_of(turn, me, meters.all[0]))
    assert isinstance(found, Bills)
    assert found.older == Decimal("10.00")
