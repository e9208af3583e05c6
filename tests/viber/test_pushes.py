"""What nobody has asked for, a day after the customer's last word: charged, held, or not told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bill_watch import BillWatch
from bot.bulk import BulkLane
from bot.claiming import Claiming
from bot.gateways.payments.sandbox import Card
from bot.noticing import Noticing
from bot.services.notices import Kind
from dialogs.account import Notices
from dialogs.add_meter import AddMeter
from dialogs.engine.text import _l
from dialogs.notices import WORDS
from dialogs.pay import Pay
from dialogs.receipts import WORDS as RECEIPTS
from dialogs.register import Register
from handlers.viber.actions import option_action
from handlers.viber.api import WHOLE
from storage import accounts, register
from tests.fakes.viber import FakeViber
from tests.viber.hours import Hours
from tests.viber.program import Program, Visitor, running
from tests.viber.test_conversations import ARTA, asked_for_the_phone, greeted, registered, text_of
from tests.viber.test_sending import greeted_as, metric, pushes, sends, takes

#: Late in the morning in Kosovo.
BEGINS = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = 24 * 3600
PRICE = "0.0125"

Start = Callable[..., AbstractAsyncContextManager[Program]]


@pytest.fixture
async def fake() -> AsyncIterator[FakeViber]:
    async with FakeViber(now=BEGINS.timestamp()) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def start(url: str, fake: FakeViber, tmp_path: Path) -> Start:
    hours = Hours(fake)

    def begin(**settings: Any) -> AbstractAsyncContextManager[Program]:
        return running(url, fake, tmp_path, hours.now, pause=hours.pause, **settings)

    return begin


@pytest.fixture
async def free(start: Start) -> AsyncIterator[Program]:
    """Where nothing that costs is sent."""
    async with start() as program:
        yield program


@pytest.fixture
async def paid(start: Start) -> AsyncIterator[Program]:
    async with start(viber_paid=True, viber_price=PRICE) as program:
        yield program


def today(program: Program) -> date:
    return datetime.fromtimestamp(program.fake.clock.time, UTC).date()


async def new_bill(program: Program) -> None:
    """Arta's newest bill is issued today and not paid; whoever may be told is told."""
    (row,) = await program.app.storage.read(register.invoices(str(ARTA.customer_code), 1))
    day = today(program)
    changed = {"issued_on": day.isoformat(), "due_on": (day + timedelta(days=15)).isoformat(), "paid": "0.00"}
    bill = {name: str(value) for name, value in {**row, **changed}.items()}
    await program.app.storage.commit([register.put(register.INVOICES, [bill])])
    app, now = program.app, Hours(program.fake).now
    await BillWatch(app.means, clock=now).look()
    await Noticing(app.means, app.inbox, BulkLane(lambda: False, rate=1e9), app.may_push, clock=now).tell()
    await program.settle()


async def second_chat(program: Program, *, of_arta: bool = True) -> Visitor:
    """Another chat, heard just now: of Arta's account, or of one from the web site."""
    besa = await greeted_as(program, "besa")
    row, *_others = await program.rows(
        "select id from account where (personal_number = :number) = :same order by id",
        number=ARTA.personal_number,
        same=of_arta,
    )
    at = int(program.fake.clock.time * 1000)
    await program.app.storage.commit([accounts.link(f"viber:{besa.phone.id}", str(row["id"]), at)])
    return besa


async def days_pass(program: Program, who: Visitor, seconds: float = DAY + 1) -> None:
    await program.fake.advance(seconds)
    who.listens()


BILL = WORDS[Kind.BILL]


async def test_within_a_day_it_is_told_and_free(free: Program) -> None:
    arta = await registered(free, "en")
    await days_pass(free, arta, DAY - 60)
    await new_bill(free)
    assert arta.hears(BILL), arta.news
    assert arta.phone.last.billing_status == 1


async def test_a_day_is_over_by_the_second_and_before_viber_has_a_message_that_is_slow(
    free: Program,
) -> None:
    arta = await greeted(free, "en")
    await arta.says("menu")
    await days_pass(free, arta, DAY - 31)
    await pushes(free, arta, "in time")
    await free.settle()
    await free.fake.advance(1)
    await pushes(free, arta, "too late")
    await free.settle()
    assert arta.news == ["in time"]


async def test_a_message_that_is_slow_on_its_way_costs_nothing(free: Program) -> None:
    arta = await greeted(free, "en")
    await arta.says("menu")
    await days_pass(free, arta, DAY - 31)
    gate = free.fake.stall("send_message")
    await pushes(free, arta, "slow")
    await free.fake.until(lambda: not free.fake.exchange.faults.waiting)
    free.fake.clock.time += WHOLE
    gate.set()
    await free.settle()
    assert arta.news == ["slow"]
    assert free.fake.methods.billing.charges == 0


async def test_a_day_begins_when_it_was_said_however_late_it_reaches_us(free: Program) -> None:
    arta = await greeted(free, "en")
    free.fake.drop("message", times=3)
    arta.phone.say("menu")
    await free.settle()
    await free.fake.advance(3600)
    await free.settle()
    await days_pass(free, arta, DAY - 1800)
    await pushes(free, arta, "too late")
    await free.settle()
    assert arta.news == []
    assert free.fake.methods.billing.charges == 0


async def test_after_a_day_notices_are_told_in_the_other_chats_alone(free: Program) -> None:
    arta = await registered(free, "en")
    await days_pass(free, arta)
    besa = await second_chat(free)
    besa.listens()
    await new_bill(free)
    assert besa.hears(BILL), besa.news
    assert arta.news == []
    assert free.fake.methods.billing.charges == 0
    await arta.says("menu")
    assert not arta.hears(BILL), "what is not told then is never told there"


async def test_after_a_day_they_are_charged_where_operator_and_customer_agree(paid: Program) -> None:
    euros = metric("ekesco_viber_euros_total")
    arta = await registered(paid, "en")
    assert metric("ekesco_viber_euros_total") == euros
    await days_pass(paid, arta)
    await new_bill(paid)
    assert arta.hears(BILL), arta.news
    assert paid.fake.methods.billing.charges == 1
    (row,) = await paid.rows(
        "select billing from viber_sent where token = :token", token=arta.phone.last.token
    )
    assert row["billing"] == 5
    assert metric("ekesco_viber_euros_total") - euros == pytest.approx(float(PRICE))


async def test_the_customers_switch_is_obeyed(paid: Program) -> None:
    arta = await registered(paid, "en")
    await arta.does(lambda: arta.phone.say(option_action("start:Notices")), text_of(Notices.kinds))
    await arta.presses(_l("Viber: you may write first"))
    await arta.presses(next(label for label in arta.phone.labels if "(" in label), text_of(Notices.done))
    await days_pass(paid, arta)
    await new_bill(paid)
    await pushes(paid, arta, "held")
    await paid.settle()
    assert arta.news == []
    assert paid.fake.methods.billing.charges == 0


async def test_who_has_no_account_is_never_written_to_for_money(paid: Program) -> None:
    arta = await greeted(paid, "en")
    await days_pass(paid, arta)
    await pushes(paid, arta, "held")
    await paid.settle()
    assert arta.news == []


# -- what waits --------------------------------------------------------------------------------------------


async def test_a_receipt_waits_and_comes_first(free: Program) -> None:
    arta = await registered(free, "en")
    await arta.says("menu")
    await arta.presses(Pay.title)
    if not arta.hears(text_of(Pay.done)):
        await arta.presses(arta.phone.labels[0], text_of(Pay.done))
    arta.phone.press(arta.key(_l("Pay now")))
    page = arta.phone.opened[-1]
    await days_pass(free, arta)
    await free.fill_in(page, {"does": "pay"})
    (tried,) = await free.rows("select provider_order from payment_try")
    sandbox = free.app.sandbox
    assert sandbox is not None
    order = await sandbox.look(str(tried["provider_order"]))
    assert order is not None
    await sandbox.use(order, Card.GOOD)
    await free.app.payments.check(page.rpartition("/")[2])
    await free.settle()
    assert arta.news == []
    await arta.says("menu")
    receipt, *_sheet, _menu = arta.news
    assert RECEIPTS["paid"].msgid.partition("</b>")[2].split(".")[0].strip() in receipt
    assert free.fake.methods.billing.charges == 0


async def test_a_claim_waits_and_comes_first(free: Program) -> None:
    arta = await registered(free, "en")
    await days_pass(free, arta)
    besa = await second_chat(free, of_arta=False)
    await besa.does(lambda: besa.phone.say(option_action("start:AddMeter")), text_of(AddMeter.code))
    await besa.says(ARTA.customer_code, text_of(AddMeter.aware))
    await besa.presses(besa.phone.labels[0])
    now = Hours(free.fake).now
    await Claiming(free.app.means, free.app.inbox, clock=now).tell()
    await free.settle()
    assert arta.news == []
    await arta.says("menu")
    claim, _menu = arta.news
    assert ARTA.customer_code in claim


async def test_a_reminder_waits_and_comes_first(free: Program) -> None:
    arta = await greeted(free, "en")
    await asked_for_the_phone(arta)
    await days_pass(free, arta)
    await free.app.timers.look()
    await free.settle()
    assert arta.news == []
    assert await free.rows("select id from outbox where channel = 'viber' and state = 'waiting'")
    await arta.says("044 123 456", text_of(Register.password))
    reminder, _answer = arta.news
    assert text_of(Register.phone).msgid in reminder


async def test_what_waits_comes_in_the_order_it_was_said_and_once(free: Program) -> None:
    arta = await greeted(free, "en")
    await days_pass(free, arta)
    await pushes(free, arta, "one", "two")
    await free.settle()
    await pushes(free, arta, "three")
    await free.settle()
    opened = arta.phone.open()
    await free.settle()
    assert opened.told[0], "to look in is no word"
    assert not any(text in arta.news for text in ("one", "two", "three"))
    arta.listens()
    await arta.says("menu")
    assert arta.news[:3] == ["one", "two", "three"]
    assert len(arta.news) == 4


# -- when the money runs out -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [23, 24])
async def test_without_money_what_is_free_goes_on_and_what_costs_waits(
    paid: Program, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    arta = await registered(paid, "en")
    await days_pass(paid, arta)
    besa = await second_chat(paid)
    paid.fake.refuse("send_message", status, user=arta.phone.id)
    with caplog.at_level(logging.CRITICAL, logger="handlers"):
        await pushes(paid, arta, "one")
        await paid.settle()
    assert [r.levelname for r in caplog.records if r.levelno > logging.WARNING] == ["CRITICAL"]
    calls = len(sends(paid, arta))
    await pushes(paid, arta, "two")
    await paid.settle()
    assert len(sends(paid, arta)) == calls
    assert not await paid.app.may_push(f"viber:{arta.phone.id}")
    await besa.says("menu")
    assert len(besa.news) == 1
    await paid.fake.advance(3601)
    assert await paid.app.may_push(f"viber:{arta.phone.id}")
    arta.listens()
    await arta.says("menu")
    assert arta.news[:2] == ["one", "two"]
    assert len(arta.news) == 3
    assert paid.fake.methods.billing.charges == 0


async def test_what_was_held_for_want_of_money_goes_first_when_there_is_some(paid: Program) -> None:
    arta = await registered(paid, "en")
    await days_pass(paid, arta)
    paid.fake.refuse("send_message", 24)
    await pushes(paid, arta, "one", "two")
    await paid.settle()
    assert arta.news == []
    await paid.fake.advance(3601)
    await takes(paid, arta, "three")
    assert arta.news == ["one", "two", "three"]


async def test_each_part_of_a_long_message_is_counted_when_it_is_out(paid: Program) -> None:
    arta = await registered(paid, "en")
    await days_pass(paid, arta)
    euros = metric("ekesco_viber_euros_total")
    words = " ".join(f"{number:04}ë😀" for number in range(1500))
    gate = paid.fake.stall("send_message")
    await pushes(paid, arta, words)
    await paid.fake.until(lambda: not paid.fake.exchange.faults.waiting)
    paid.fake.refuse("send_message", 24)  # for the second part
    gate.set()
    await paid.settle()
    assert metric("ekesco_viber_euros_total") - euros == pytest.approx(float(PRICE))
    (row,) = await paid.rows(
        "select billing from viber_sent where token = :token", token=arta.phone.last.token
    )
    assert row["billing"] == 5
    await arta.says("menu")
    *rest, _menu = arta.news
    assert not any("0000" in part for part in rest), "what is out is not said again"
    assert "1499" in rest[-1]
    assert paid.fake.methods.billing.charges == 1
