"""Paying: a link, the provider's word, and what is said in the chat when it is there."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import cast

import pytest

from bot.gateways.payments.sandbox import SLOW, Card, SandboxOrder
from bot.money_in import AFTERWARDS, Order, Try, heard, is_paid_over, unmatched
from bot.pay_port import Leave, Standing
from bot.payments import PaymentDesk
from bot.services.paying import Of
from bot.services.payment_port import Fate, Opened, Word
from bot.services.ports import Away, Invoice
from dialogs.bills import ShowBill
from dialogs.engine.text import Text
from dialogs.pay import ALL_PAID, WISHES, Pay
from dialogs.receipts import WORDS
from handlers.painters import PAINTERS
from storage import payments
from storage.base import Conflict, Query, Row, Storage, Write
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.test_notices import CODE, Unreadable, is_in, looks, newest, second_chat, tells
from tests.talk.world import VAULT, World

BACK = "https://kesco.example/back"
SEQUENCES = 10_000


async def asks_for_a_link(customer: Customer, language: str = "en") -> str:
    """Signed in with an unpaid bill; the token of the link to all of it."""
    customer.world.draw_with(PAINTERS)
    await is_in(customer, language)
    bill = await newest(customer.world)
    day = customer.world.at.date().isoformat()
    sql = "update connection set balance = :balance, as_of = :day where customer_code = :code"
    args = {"balance": bill["total"], "day": day, "code": CODE}
    await customer.world.storage.commit([Write(sql, args)])
    return await another_link(customer)


async def another_link(customer: Customer) -> str:
    await customer.forge("start:Pay")
    await customer.say("1")
    rows = await customer.world.rows("select id from payment_order order by created_at desc, id")
    return str(VAULT.derived("pay", str(rows[0]["id"])))


async def at_the_bank(world: World, token: str) -> SandboxOrder:
    left = await world.payments.pay(token, BACK)
    assert isinstance(left, Leave)
    order = await world.bank.look(left.page.rpartition("/")[2])
    assert order is not None
    return order


async def pays(world: World, token: str, card: Card = Card.GOOD) -> SandboxOrder:
    order = await at_the_bank(world, token)
    await world.bank.use(order, card)
    return order


async def called_back(world: World, order: SandboxOrder) -> bool:
    known = await world.payments.called_back("sandbox", json.dumps({"order": order.id}).encode())
    await world.settle()
    return known


async def troubles(world: World) -> list[object]:
    return [row["kind"] for row in await world.storage.read(payments.troubles(100))]


@in_every_language
async def test_a_bill_is_paid_and_the_chat_says_so_by_itself(customer: Customer, language: str) -> None:
    world = customer.world
    token = await asks_for_a_link(customer, language)
    assert (await world.payments.look(token)).standing is Standing.OPEN
    order = await pays(world, token)
    assert await called_back(world, order)
    assert customer.reads(WORDS["paid"])
    assert (await world.payments.look(token)).standing is Standing.PAID
    await customer.forge("start:Pay")
    assert customer.reads(ALL_PAID)


async def test_without_a_callback_the_job_asks_and_twice_changes_nothing(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await pays(world, token)
    await world.wait(seconds=30)
    await world.payments.ask_open()
    await world.settle()
    assert customer.reads(WORDS["paid"])
    said = len(customer.screen.news)
    for _ in range(3):
        assert await called_back(world, order)
    await world.payments.ask_open()
    assert len(customer.screen.news) == said


async def test_the_return_is_no_proof(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    await at_the_bank(world, token)
    await world.payments.check(token)
    assert (await world.payments.look(token)).standing is Standing.CHECKING


async def test_a_slow_bank_is_waited_for(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await pays(world, token, Card.SLOW)
    await called_back(world, order)
    assert (await world.payments.look(token)).standing is Standing.CHECKING
    await world.wait(seconds=SLOW.total_seconds() + 1)
    await called_back(world, order)
    assert (await world.payments.look(token)).standing is Standing.PAID


async def test_a_declined_card_says_what_to_do_and_the_link_pays_after_all(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    await called_back(world, await pays(world, token, Card.DECLINED))
    assert customer.reads(WORDS["declined"])
    assert (await world.payments.look(token)).standing is Standing.DECLINED
    await called_back(world, await pays(world, token))
    assert (await world.payments.look(token)).standing is Standing.PAID
    assert await troubles(world) == []


@pytest.mark.parametrize("typed", ["1", "pay"])
async def test_what_stands_beneath_a_declined_card_can_be_typed(customer: Customer, typed: str) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer), Card.DECLINED))
    await customer.say(typed)
    assert customer.reads(Pay.wish.text)


@pytest.mark.parametrize(("typed", "shows"), [("1", ShowBill.view.text), ("2", Pay.wish.text)])
async def test_the_numbers_beneath_a_notice_are_those_of_its_buttons(
    customer: Customer, typed: str, shows: Text
) -> None:
    await is_in(customer)
    await looks(customer.world)
    await customer.say(typed)
    assert customer.reads(shows)


async def test_the_link_in_the_chat_is_the_one_that_pays(customer: Customer) -> None:
    token = await asks_for_a_link(customer)
    urls = [button.url for shown in customer.screen.shown for button in shown.buttons]
    assert any(url.endswith(f"/pay/{token}") for url in urls)


async def test_who_paid_and_presses_again_before_the_bank_has_called_is_told_that_it_is_paid(
    customer: Customer,
) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    await pays(world, token)
    found = await world.payments.pay(token, BACK)
    assert not isinstance(found, Leave)
    assert found.standing is Standing.PAID
    await world.settle()


async def paid_twice(customer: Customer) -> tuple[str, SandboxOrder, SandboxOrder]:
    """The first card page was left open so long that a second was given out, and both were paid."""
    world = customer.world
    token = await asks_for_a_link(customer)
    first = await at_the_bank(world, token)
    await world.wait(minutes=21)
    second = await at_the_bank(world, token)
    assert first.id != second.id
    for order in (first, second):
        await world.bank.use(order, Card.GOOD)
        await called_back(world, order)
    return token, first, second


async def test_an_order_that_is_paid_twice_counts_once_and_is_kept_for_an_operator(
    customer: Customer,
) -> None:
    world = customer.world
    await paid_twice(customer)
    assert customer.reads(WORDS["twice"])
    assert await troubles(world) == ["twice"]
    rows = await world.storage.read(payments.paid_for(CODE))
    assert len(rows) == 1


@pytest.mark.parametrize(("given_back", "stands"), [("first", "refunded"), ("second", "paid")])
async def test_only_the_money_that_paid_the_order_takes_its_payment_back(
    customer: Customer, given_back: str, stands: str
) -> None:
    world = customer.world
    _token, first, second = await paid_twice(customer)
    order = first if given_back == "first" else second
    await world.storage.commit(
        [Write("update sandbox_order set state = 'refunded' where id = :id", {"id": order.id})]
    )
    for _ in range(2):
        assert await called_back(world, order)
    assert [row["state"] for row in await world.rows("select state from payment_order")] == [stands]
    assert len(await world.storage.read(payments.paid_for(CODE))) == (stands == "paid")
    assert set(await troubles(world)) == {"twice", "refunded"}
    assert customer.reads(WORDS["refunded" if given_back == "first" else "returned"])


async def test_money_that_is_given_back_is_heard_of_though_nobody_calls(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    await called_back(world, await pays(world, token))
    await customer.wait(days=2)
    await world.payments.ask_open()
    assert (await world.payments.look(token)).standing is Standing.PAID
    await world.storage.commit([Write("update sandbox_order set state = 'refunded'")])
    await customer.wait(days=5)
    for _ in range(2):
        await world.payments.ask_open()
        await world.settle()
    assert customer.hears(WORDS["refunded"])
    assert "€30.42" in customer.news
    assert await troubles(world) == ["refunded"]
    assert (await world.payments.look(token)).standing is Standing.RETURNED
    await customer.tap(Pay.title)
    assert customer.reads(Pay.wish.text)


async def test_money_that_stays_is_asked_about_ever_more_seldom_and_at_last_no_more(
    customer: Customer,
) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer)))
    asked, first = [], world.at

    async def counts(_id: str) -> None:
        asked.append((world.at - first).days)

    world.at_bank.asked = counts
    for _ in range(45):
        await world.wait(days=1, minutes=1)
        await world.payments.ask_open()
    assert asked == [age.days for age in AFTERWARDS]
    (row,) = await world.rows("select state from payment_try")
    assert row["state"] == "paid"


async def test_its_own_money_does_not_make_an_order_paid_over(customer: Customer) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer)))
    (row,) = await world.rows("select * from payment_order")
    order = Order.of(row)
    for item in await world.storage.read(payments.items(order.id)):
        assert not await is_paid_over(world.means, item, order)


@dataclass(frozen=True)
class Counted(Unreadable):
    """Whose bills were asked for."""

    asked: list[str] = field(default_factory=list)

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        self.asked.append(customer_code)
        return await super().invoices(customer_code, most)


@pytest.mark.parametrize(("away", "questions"), [("", 2), (CODE, 1)], ids=["answers", "away"])
async def test_the_page_waits_for_the_register_once_however_many_bills_are_paid(
    customer: Customer, away: str, questions: int
) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    (order,) = await world.rows("select id from payment_order")
    more = [(CODE, "x1"), (CODE, "x2"), ("DPR 7000", "x3"), ("DPR 7000", "")]
    await world.storage.commit(
        [payments.add_item(str(order["id"]), *each, "1.00", "1.00", "0.00") for each in more]
    )
    registry = Counted(world.registry, away)
    desk = PaymentDesk(
        replace(world.means, registry=registry), world.bank, world.inbox, world.turns.language, BACK
    )
    found = await desk.look(token)
    assert len(found.pieces) == 5
    assert sum(piece.month is not None for piece in found.pieces) == (0 if away else 1)
    assert len(registry.asked) == questions


async def test_two_people_with_one_link_get_one_order(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    left = await asyncio.gather(*(world.payments.pay(token, BACK) for _ in range(5)))
    assert len({each.page for each in left if isinstance(each, Leave)}) == 1
    assert len(await world.rows("select id from sandbox_order")) == 1


async def test_a_link_that_is_looked_at_changes_nothing(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    before = await world.rows("select * from payment_order")
    for _ in range(5):
        await world.payments.look(token)
    assert await world.rows("select * from payment_order") == before
    assert await world.rows("select * from payment_try") == []


async def test_a_link_is_over_after_three_days_but_money_that_comes_later_counts(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await at_the_bank(world, token)
    await world.wait(days=3, seconds=1)
    await world.payments.ask_open()
    await world.bank.leave(order)
    await world.payments.check(token)
    assert (await world.payments.look(token)).standing is Standing.OVER
    assert not isinstance(await world.payments.pay(token, BACK), Leave)


async def test_a_bill_that_two_links_pay_is_told_and_kept_for_an_operator(customer: Customer) -> None:
    world = customer.world
    first = await asks_for_a_link(customer)
    one = await at_the_bank(world, first)
    await customer.wait(seconds=1)
    other = await at_the_bank(world, await another_link(customer))
    await world.bank.use(one, Card.GOOD)
    await world.bank.use(other, Card.GOOD)
    await called_back(world, one)
    await called_back(world, other)
    assert customer.reads(WORDS["overpaid"])
    assert await troubles(world) == ["overpaid"]


async def test_a_link_for_what_was_paid_otherwise_offers_no_payment(customer: Customer) -> None:
    world = customer.world
    first = await asks_for_a_link(customer)
    await customer.wait(seconds=1)
    second = await another_link(customer)
    await called_back(world, await pays(world, first))
    found = await world.payments.pay(second, BACK)
    assert not isinstance(found, Leave)
    assert found.standing is Standing.SETTLED


async def test_nor_does_one_that_was_paid_otherwise_while_the_bank_made_its_page(customer: Customer) -> None:
    world = customer.world
    first = await asks_for_a_link(customer)
    await customer.wait(seconds=1)
    second = await another_link(customer)
    paid = await pays(world, first)

    async def slow(_made: Opened) -> None:
        await called_back(world, paid)

    world.at_bank.opened = slow
    found = await world.payments.pay(second, BACK)
    assert not isinstance(found, Leave)
    assert found.standing is Standing.SETTLED


async def test_nor_does_one_whose_card_page_is_open_already(customer: Customer) -> None:
    world = customer.world
    first = await asks_for_a_link(customer)
    await customer.wait(seconds=1)
    second = await another_link(customer)
    await at_the_bank(world, second)
    await called_back(world, await pays(world, first))
    assert not isinstance(await world.payments.pay(second, BACK), Leave)
    assert (await world.payments.look(second)).standing is Standing.SETTLED


async def with_three_meters(customer: Customer) -> None:
    """Each owes something: 10, 20 and 40 euros on top of no bill at all."""
    world = customer.world
    await is_in(customer)
    sql = "select account, added_at from account_meter where customer_code = :code"
    (link,) = await world.rows(sql, code=CODE)
    for code in ("DPR 20415", "DPE 1290"):
        sql = (
            "insert into account_meter (account, customer_code, state, name, added_at)"
            " values (:account, :code, 'own', '', :at)"
        )
        args = {"account": link["account"], "code": code, "at": link["added_at"]}
        await world.storage.commit([Write(sql, args)])
    theirs = "(select personal_number from connection where customer_code = :code)"
    await world.storage.commit([Write(f"update connection set personal_number = {theirs}", {"code": CODE})])
    for code, balance in ((CODE, "10.00"), ("DPR 20415", "20.00"), ("DPE 1290", "40.00")):
        sql = "update connection set balance = :balance, as_of = :day where customer_code = :code"
        args = {"balance": balance, "day": world.at.date().isoformat(), "code": code}
        await world.storage.commit([Write("update invoice set paid = total"), Write(sql, args)])


@pytest.mark.parametrize(
    ("ticked", "parts"),
    [
        ("DPR 6687, DPE 1290", [("DPE 1290", "40.00"), ("DPR 6687", "10.00")]),
        ("DPR 20415", [("DPR 20415", "20.00")]),
    ],
)
async def test_some_of_several_meters_are_paid_by_one_link(
    customer: Customer, ticked: str, parts: list[tuple[str, str]]
) -> None:
    world = customer.world
    world.draw_with(PAINTERS)
    await with_three_meters(customer)
    await customer.forge("start:Pay")
    await customer.tap(WISHES[Of.SOME][1])
    assert customer.reads(Pay.some.text)
    await customer.tap("done")
    assert customer.hears(Pay.some.too_few)
    await customer.say(ticked)
    await customer.tap("done")
    assert customer.hears(Pay.done.text)
    items = await world.rows("select customer_code, amount from payment_item order by customer_code")
    assert [(item["customer_code"], item["amount"]) for item in items] == parts
    (order,) = await world.rows("select id, amount from payment_order")
    assert Decimal(str(order["amount"])) == sum(Decimal(amount) for _code, amount in parts)
    await called_back(world, await pays(world, str(VAULT.derived("pay", str(order["id"])))))
    assert customer.reads(WORDS["paid"])
    await customer.forge("start:Pay")
    left = {CODE, "DPR 20415", "DPE 1290"} - {code for code, _amount in parts}
    offered = {p.partition(":=balance-")[2].rstrip("-") for p in customer.payloads if ":=balance-" in p}
    assert offered == {code.replace(" ", "") for code in left}
    assert not customer.has(WISHES[Of.SOME][1])


async def test_what_is_paid_elsewhere_meanwhile_is_not_paid_again_among_others(customer: Customer) -> None:
    world = customer.world
    world.draw_with(PAINTERS)
    await with_three_meters(customer)
    await customer.forge("start:Pay")
    await customer.tap(WISHES[Of.SOME][1])
    await customer.say("DPR 6687, DPE 1290")
    sql = "update connection set balance = '0.00' where customer_code = :code"
    await world.storage.commit([Write(sql, {"code": CODE})])
    await customer.tap("done")
    items = await world.rows("select customer_code, amount from payment_item")
    assert [(item["customer_code"], item["amount"]) for item in items] == [("DPE 1290", "40.00")]
    assert "40.00" in customer.news


async def test_after_the_receipt_nobody_is_asked_to_try_again(customer: Customer) -> None:
    """The page of a first try was left open, and its card declined when the second had paid."""
    world = customer.world
    token = await asks_for_a_link(customer)
    first = await at_the_bank(world, token)
    await world.wait(minutes=21)
    await called_back(world, await pays(world, token))
    assert customer.reads(WORDS["paid"])
    await world.bank.use(first, Card.DECLINED)
    await called_back(world, first)
    assert not customer.hears(WORDS["declined"])
    states = await world.rows("select state from payment_try order by n")
    assert [row["state"] for row in states] == ["failed", "paid"]


async def test_two_links_that_are_paid_at_the_same_moment_are_found(customer: Customer) -> None:
    world = customer.world
    first = await asks_for_a_link(customer)
    one = await at_the_bank(world, first)
    await customer.wait(seconds=1)
    other = await at_the_bank(world, await another_link(customer))
    for order in (one, other):
        await world.bank.use(order, Card.GOOD)
    bodies = [json.dumps({"order": order.id}).encode() for order in (one, other)]
    await asyncio.gather(*(world.payments.called_back("sandbox", body) for body in bodies))
    await world.settle()
    assert await troubles(world) == ["overpaid"]


async def test_a_word_that_was_asked_for_before_the_order_s_id_was_kept_is_ours(customer: Customer) -> None:
    """The bank calls as soon as it has the order, and is slow to say more."""
    world = customer.world
    token = await asks_for_a_link(customer)
    opened, asked, calls = asyncio.Event(), asyncio.Event(), list[asyncio.Task[bool]]()

    async def slow(_id: str) -> None:
        asked.set()
        await opened.wait()

    async def calls_at_once(made: Opened) -> None:
        body = json.dumps({"order": made.id}).encode()
        calls.append(asyncio.ensure_future(world.payments.called_back("sandbox", body)))
        await asked.wait()

    world.at_bank.opened, world.at_bank.asked = calls_at_once, slow
    order = await at_the_bank(world, token)
    await world.storage.commit([Write("update sandbox_order set state = 'paid'")])
    opened.set()
    assert await calls[0]
    await world.settle()
    assert customer.reads(WORDS["paid"])
    assert order.id
    assert await troubles(world) == []


async def test_one_order_that_the_bank_cannot_tell_of_holds_up_no_other(customer: Customer) -> None:
    world = customer.world
    silent = await at_the_bank(world, await asks_for_a_link(customer))
    await customer.wait(seconds=1)
    await pays(world, await another_link(customer))

    async def fails(id: str) -> None:
        if id == silent.id:
            raise Away("500")

    world.at_bank.asked = fails
    await world.wait(seconds=30)
    with pytest.raises(Away):
        await world.payments.ask_open()
    await world.settle()
    assert customer.reads(WORDS["paid"])


async def test_what_was_given_back_by_night_is_not_told_elsewhere_as_paid(customer: Customer) -> None:
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    other = await second_chat(customer)
    await called_back(world, order)
    await world.storage.commit([Write("update sandbox_order set state = 'refunded'")])
    await called_back(world, order)
    other.screen.news.clear()
    await tells(world)
    assert not other.hears(WORDS["elsewhere"])


@pytest.mark.parametrize("card", [Card.GOOD, Card.DECLINED])
@pytest.mark.parametrize("nth", range(1, 40, 2))
async def test_money_that_comes_while_the_page_is_made_is_not_asked_for_again(
    customer: Customer, card: Card, nth: int
) -> None:
    """Whatever was read before it came; a declined card may have paid after all."""
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await at_the_bank(world, token)
    if card is Card.DECLINED:
        await world.bank.use(order, card)
        await called_back(world, order)
    reads = 0

    async def arrives() -> None:
        nonlocal reads
        reads += 1
        if reads == nth:
            await world.storage.commit([Write("update sandbox_order set state = 'paid'")])
            await world.payments.called_back("sandbox", json.dumps({"order": order.id}).encode())

    world.storage.before_read = arrives
    seen = (await world.payments.look(token)).standing
    before = Standing.CHECKING if card is Card.GOOD else Standing.DECLINED
    assert seen in (before, Standing.PAID)
    found = await world.payments.pay(token, BACK)
    if reads >= nth and isinstance(found, Leave):  # it came when the way to the bank was open already
        assert len(await world.rows("select * from payment_try")) == (1 if card is Card.GOOD else 2)
    world.storage.before_read = None
    await world.settle()
    assert reads < nth or (await world.payments.look(token)).standing is Standing.PAID
    assert await troubles(world) == []


async def test_the_database_begins_no_try_for_a_paid_order(customer: Customer) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer)))
    (order,) = await world.rows("select id, reference from payment_order")
    late = payments.add_try(f"{order['reference']!s}-2", str(order["id"]), 2, "sandbox", 0)
    with pytest.raises(Conflict):
        await world.storage.commit([late])


async def test_a_page_that_was_never_opened_for_a_crash_is_opened_anew(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    (order,) = await world.rows("select id, reference from payment_order")
    lost = payments.add_try(f"{order['reference']!s}-1", str(order["id"]), 1, "sandbox", 0)
    await world.storage.commit([lost])
    assert (await world.payments.look(token)).standing is Standing.OPEN
    await called_back(world, await pays(world, token))
    assert (await world.payments.look(token)).standing is Standing.PAID


async def test_money_for_what_we_had_given_up_counts(customer: Customer) -> None:
    """The bank took the order, its answer was lost, and the customer paid by whatever way."""
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await at_the_bank(world, token)
    await world.storage.commit([Write("update payment_try set state = 'abandoned', provider_order = null")])
    await world.bank.use(order, Card.GOOD)
    assert await called_back(world, order)
    assert (await world.payments.look(token)).standing is Standing.PAID
    assert await troubles(world) == []


async def test_a_bank_that_is_away_takes_nothing_and_the_link_still_works(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)

    async def away(*_args: object) -> None:
        raise Away("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(world.bank, "open", away)
        with pytest.raises(Away):
            await world.payments.pay(token, BACK)
    assert (await world.payments.look(token)).standing is Standing.OPEN
    await called_back(world, await pays(world, token))
    assert (await world.payments.look(token)).standing is Standing.PAID


async def test_money_for_a_deleted_account_is_kept(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await pays(world, token)
    await world.storage.commit([Write("delete from account")])
    assert await called_back(world, order)
    rows = await world.rows("select state from payment_order")
    assert [row["state"] for row in rows] == ["paid"]


async def test_words_of_nobody_are_refused(customer: Customer) -> None:
    world = customer.world
    for body in (b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"order": 7}', b'{"order": "nobody"}'):
        assert not await world.payments.called_back("sandbox", body)
    for id in (r"\ud800", r"\u0000", "", " "):
        assert not await world.payments.called_back("sandbox", f'{{"order": "{id}"}}'.encode())
    assert not await world.payments.called_back("other", b'{"order": "x"}')


async def test_no_sequence_of_words_does_anything_wrong(customer: Customer) -> None:
    """R7: duplicated, reordered, forged, of another amount, currency or reference, long after."""
    world = customer.world
    token = await asks_for_a_link(customer)
    await at_the_bank(world, token)
    (row,) = await world.rows("select * from payment_try")
    (order,) = await world.rows("select * from payment_order")
    opened, amount = Try.of(row), Decimal(str(order["amount"]))
    right = Word(opened.provider_order, opened.reference, amount, "EUR", Fate.OPEN)
    chance = random.Random(7)
    for n in range(SEQUENCES):
        state, stands, paid = "open", OneOrder(order), 0
        means = replace(world.means, storage=cast(Storage, stands))
        for _ in range(chance.randint(1, 6)):
            word = replace(right, fate=chance.choice(list(Fate)))
            forged = chance.random() < 0.3
            if forged:
                other = chance.choice(
                    ({"amount": amount + 1}, {"currency": "RSD"}, {"reference": "EK-OTHER-1"})
                )
                word = replace(word, **other)
            each = replace(opened, state=state)
            effect = await heard(means, word, each, world.at)
            kinds = [arrival.key.partition(" ")[0] for arrival in effect.arrivals]
            assert len(kinds) <= 1
            if "paid" in kinds:
                assert word.fate in (Fate.PAID, Fate.REDUCED)
                assert not forged
                assert stands.state == "open"
                paid += 1
                stands.state = "paid"
            moved = [w.params["state"] for w in effect.writes if w.guard == "try"]
            state = str(moved[0]) if moved else state
            if any("'refunded'" in w.sql for w in effect.writes):
                assert stands.state == "paid"
                stands.state = "refunded"
        assert paid <= 1, n


@dataclass
class OneOrder:
    """A database in which the order stands so."""

    order: Row
    state: str = "open"

    async def read(self, query: Query) -> list[Row]:
        return [{**self.order, "state": self.state}] if "from payment_order" in query.sql else []


async def test_words_at_once_have_one_effect(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    order = await pays(world, token)
    body = json.dumps({"order": order.id}).encode()
    await asyncio.gather(*(world.payments.called_back("sandbox", body) for _ in range(8)))
    await world.settle()
    assert len(await world.rows("select key from inbox where channel = 'payments'")) == 1


async def test_money_for_no_order_is_kept_once(customer: Customer) -> None:
    world = customer.world
    word = Word("x1", "EK-NONE-1", Decimal("5.00"), "EUR", Fate.PAID)
    for _ in range(2):
        await world.storage.commit(unmatched(word, "sandbox", world.at))
    assert await troubles(world) == ["unmatched"]
    await world.storage.commit([payments.settle_trouble("unmatched sandbox x1", 1, "ana", "given back")])
    assert await troubles(world) == []
    with pytest.raises(Conflict):
        await world.storage.commit([payments.settle_trouble("unmatched sandbox x1", 2, "ben", "given back")])


async def test_the_other_chat_of_the_account_hears_of_it_by_day(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    other = await second_chat(customer)
    await called_back(world, await pays(world, token))
    customer.screen.news.clear()
    await looks(world)
    await looks(world)
    assert other.reads(WORDS["elsewhere"])
    assert not customer.screen.news
    (notice,) = await world.rows("select state from notice where kind = 'paid'")
    assert notice["state"] == "told"


async def test_who_wants_to_hear_of_no_payments_hears_only_of_their_own(customer: Customer) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    other = await second_chat(customer)
    await world.storage.commit([Write("update account set notices_off = 'paid'")])
    await called_back(world, await pays(world, token))
    assert customer.reads(WORDS["paid"])
    other.screen.news.clear()
    await looks(world)
    assert not other.screen.news
