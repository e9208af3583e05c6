"""The estimate for who is signed in: whose it is, their own prices, and how it compares with their bills."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from dialogs.estimate import EstimateBill
from storage import register
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.test_meters import GEZIM

EUROS = re.compile(r"€(\d+\.\d\d)")


async def estimates(customer: Customer) -> None:
    await customer.tap("start:EstimateBill")
    await customer.tap("done")


@in_every_language
async def test_it_names_the_active_customer_and_the_tariff_group(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await customer.registers(language)
    await estimates(customer)
    assert "DPR 6687" in customer.news
    assert "4/02" in customer.news


async def test_a_guest_is_no_customer(customer: Customer) -> None:
    await customer.world.fill()
    await customer.comes_in("en")
    await estimates(customer)
    assert "Active customer" not in customer.news
    assert "your bill for" not in customer.news


@pytest.mark.parametrize(("month", "billed"), [(None, 0), ("1", 9)])
async def test_it_is_compared_with_the_same_month_or_else_the_last_bill(
    customer: Customer, month: str | None, billed: int
) -> None:
    await customer.world.fill()
    await customer.registers("en")
    await estimates(customer)
    if month:
        await customer.tap("change:month")
        await customer.tap(f"={month}")
    bills = await customer.world.storage.read(register.invoices("DPR 6687", 13))
    line = next(line for line in customer.news.splitlines() if "than your bill for" in line)
    differs, other = map(Decimal, EUROS.findall(line))
    total = Decimal(EUROS.findall(customer.news)[0])
    assert other == Decimal(str(bills[billed]["total"]))
    assert differs == abs(total - other)
    assert ("more" in line) == (total > other)


async def test_a_group_without_prices_says_so(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en", **GEZIM)
    await customer.say("choose the main meter")
    await customer.tap("=DPZ 4472")
    await customer.say("estimate")
    assert customer.reads(EstimateBill.no_prices.text)


async def test_without_a_meter_it_is_anybody_s_estimate(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en")
    await customer.say("remove a meter")
    await customer.tap("=DPR 6687")
    await customer.say("estimate")
    await customer.tap("done")
    assert "Active customer" not in customer.news
    assert "Household, tariff group 4/02" in customer.news
