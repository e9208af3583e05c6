"""The last bill and those before it, as conversations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.services.bills import Bill, Bills, NoParts
from dialogs.account import NOT_SIGNED_IN
from dialogs.bills import LastBill, ReadBill, body
from storage import accounts, register
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.world import World

#: What the demo's ordinary customer has been billed for October, as its file says.
NEWEST = {"sq": "tetor", "sr": "oktobar", "sr_Cyrl": "октобар", "en": "October"}


async def is_in(customer: Customer, language: str = "en") -> None:
    await customer.world.fill()
    await customer.registers(language)


async def newest(world: World, code: str = "DPR 6687") -> dict[str, object]:
    return dict((await world.storage.read(register.invoices(code, 1)))[0])


async def change(world: World, table: register.Table, row: dict[str, object]) -> None:
    await world.storage.commit([register.put(table, [{k: str(v) for k, v in row.items()}])])


async def connection(world: World, **other: str) -> None:
    """Another state of the demo's ordinary connection than the register has."""
    found = dict((await world.storage.read(register.connection("DPR 6687")))[0])
    await change(world, register.CONNECTIONS, {**found, **other})


@in_every_language
async def test_the_last_bill_is_shown_at_once(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    bill = await newest(customer.world)
    await customer.tap("start:LastBill")
    assert NEWEST[language] in customer.news
    assert "DPR 6687" in customer.news
    amounts = [
        str(bill[name]).replace(".", "," if language != "en" else ".") for name in ("net", "vat", "total")
    ]
    assert all(amount in customer.news for amount in amounts), customer.news


async def test_its_readings_and_blocks_lead_to_its_amounts(customer: Customer) -> None:
    await is_in(customer)
    bill = await newest(customer.world)
    await customer.tap("start:LastBill")
    used = Decimal(str(bill["high_to"])) - Decimal(str(bill["high_from"]))
    assert f"{used.normalize():f} kWh" in customer.news.replace("\u00a0", " ")
    assert "High tariff, first block" in customer.news
    assert "Fixed tariff: €2.32" in customer.news


async def test_a_bill_that_the_prices_do_not_lead_to_is_shown_without_blocks(customer: Customer) -> None:
    await is_in(customer)
    bill = await newest(customer.world)
    odd = Decimal(str(bill["net"])) + Decimal("1.00")
    await change(customer.world, register.INVOICES, {**bill, "net": odd})
    await customer.tap("start:LastBill")
    assert "first block" not in customer.news
    assert f"{odd}" in customer.news


async def test_another_month_can_be_seen(customer: Customer) -> None:
    await is_in(customer)
    await customer.tap("start:LastBill")
    await customer.tap("change:bill")
    months = [payload for payload in customer.payloads if ":=" in payload]
    assert len(months) >= 12
    rows = await customer.world.storage.read(register.invoices("DPR 6687", 12))
    await customer.tap("=" + str(rows[5]["number"]))
    assert str(rows[5]["total"]) in customer.news


async def test_who_has_two_meters_can_see_the_other(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers(
        "en", number="3425437231", first_name="Gezim", last_name="Hoxha", code="DPZ 4471"
    )
    await customer.tap("start:LastBill")
    assert "DPZ 4471" in customer.news
    await customer.tap("change:meter")
    await customer.tap("=DPZ 4472")
    assert "DPZ 4472" in customer.news
    bill = await newest(customer.world, "DPZ 4472")
    assert str(bill["total"]) in customer.news


async def test_the_bill_and_a_year_of_months_can_be_had_as_pictures(customer: Customer) -> None:
    await is_in(customer)
    await customer.tap("start:LastBill")
    for button, painter in (("more:0", b"bill en"), ("more:1", b"consumption en")):
        await customer.tap(button)
        image = customer.screen.shown[-1].message.image
        assert image is not None
        assert image.png == painter
        assert any("change:bill" in payload for payload in customer.payloads)


async def test_how_to_read_it_is_told(customer: Customer) -> None:
    await is_in(customer)
    await customer.say("what is A1B1")
    assert customer.reads(ReadBill.told.text)


async def test_a_guest_is_told_to_sign_in(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.say("last bill")
    assert customer.reads(NOT_SIGNED_IN)


async def test_without_a_meter_it_says_what_to_wait_for(customer: Customer) -> None:
    await is_in(customer)
    row = (await customer.world.rows("select account from chat_link"))[0]
    await customer.world.storage.commit([accounts.remove_meter(str(row["account"]), "DPR 6687")])
    await customer.tap("start:LastBill")
    assert customer.reads(LastBill.none.text)


async def test_a_new_connection_without_a_bill_says_so(customer: Customer) -> None:
    await is_in(customer)
    bills = await customer.world.storage.read(register.invoices("DPR 6687", 99))
    for bill in bills:
        await change(customer.world, register.INVOICES, {**bill, "customer_code": "DPR 1"})
    await customer.tap("start:LastBill")
    assert customer.reads(LastBill.not_billed.text)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (5, "is to be paid in 5 days"),
        (1, "is to be paid in 1 day,"),
        (0, "is to be paid today"),
        (-1, "should have been paid 1 day ago"),
        (-3, "should have been paid 3 days ago"),
    ],
)
async def test_when_it_is_due_is_said_in_days(customer: Customer, left: int, words: str) -> None:
    await is_in(customer)
    bill = await newest(customer.world)
    today = customer.world.at.date()
    due = date.fromordinal(today.toordinal() + left)
    await change(customer.world, register.INVOICES, {**bill, "due_on": due.isoformat(), "paid": "0.00"})
    await customer.tap("start:LastBill")
    assert words in customer.news


@pytest.mark.parametrize(
    ("balance", "paid", "words"),
    [
        ("80.00", "0.00", "You owe €80.00 in all"),
        ("12.00", "all", "€12.00 is left to pay from earlier bills"),
        ("-5.00", "all", "You have paid €5.00 more than you owe"),
    ],
)
async def test_the_balance_is_a_number_of_its_own(
    customer: Customer, balance: str, paid: str, words: str
) -> None:
    await is_in(customer)
    bill = await newest(customer.world)
    total = str(bill["total"])
    await change(customer.world, register.INVOICES, {**bill, "paid": total if paid == "all" else paid})
    await connection(customer.world, balance=balance)
    await customer.tap("start:LastBill")
    assert words in customer.news


async def test_old_records_are_shown_with_their_date(customer: Customer) -> None:
    await is_in(customer)
    await connection(customer.world, as_of="2026-02-20")
    await customer.tap("start:LastBill")
    assert "As KESCO had it on" in customer.news
    await connection(customer.world, as_of=customer.world.at.date().isoformat())
    await customer.wait(minutes=6)
    await customer.say("menu")
    await customer.tap("start:LastBill")
    assert "As KESCO had it on" not in customer.news


def test_a_bill_without_use_and_a_bill_of_a_large_meter_are_said() -> None:
    zero, money = Decimal(0), Decimal("2.51")
    day = date(2026, 3, 2)
    bill = Bill("1", day, day, day, zero, zero, zero, zero, Decimal(40), money, money, money, zero)
    said = [
        phrase.text.msgid for phrase in body(Bills("DPR 1", (bill,), zero, day, False, day), bill, NoParts())
    ]
    assert said[0] == "It is paid. Thank you!"
    assert "Your meter's readings count {constant:number} times." in said
