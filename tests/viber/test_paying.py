"""Paying on Viber: a link and its picture, the pages behind it, and the receipt in the chat."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from bot.gateways.payments.sandbox import Card
from bot.pay_port import Standing
from bot.services.paying import Of
from dialogs.engine.lines import Picture
from dialogs.engine.text import Text
from dialogs.home import Home
from dialogs.pay import ALL_PAID, WISHES, Pay
from dialogs.receipts import WORDS
from handlers.painters import PAINTERS
from handlers.pictures import WIDTH
from handlers.web.pay import TITLES
from tests.handlers.pdf import read
from tests.talk.words import SPEAKERS
from tests.viber.customer import ARTA, Customer, in_every_language, size, text_of
from tests.viber.program import PUBLIC
from tests.viber.written import reads_as_written

ALL_OWED, _OF_ONE_AMONG_SEVERAL = WISHES[Of.BALANCE]


async def asks_for_a_link(customer: Customer) -> str:
    """From the menu to the link for all that is owed: the address that its key opens."""
    await customer.presses(Pay.title, text_of(Pay.wish))
    await customer.presses(ALL_OWED, text_of(Pay.done))
    address = await customer.opens_page(Text("Pay now"))
    assert re.fullmatch(rf"{PUBLIC}/pay/[0-9a-f]{{64}}", address)
    return address


async def pays(customer: Customer, address: str, card: Card) -> str:
    """Through our page and the bank's, in a browser: the bank's number of it."""
    status, leaving = await customer.program.fill_in(address, {"does": "pay"})
    assert status == 200
    (order,) = {str(found) for found in re.findall(rf"{PUBLIC}/sandbox/([0-9a-f]+)", leaving)}
    status, back = await customer.program.fill_in(f"{PUBLIC}/sandbox/{order}", {"card": card.value})
    assert (status, back) == (303, f"{address}?back=1")
    customer.notes(f"(at the bank: {card.value})")
    customer.listens()
    return order


async def page_says(customer: Customer, address: str, standing: Standing) -> bool:
    """Whether the page of the link shows how the payment stands, in the customer's language."""
    body, kind = await customer.program.fetch(address)
    assert kind == "text/html"
    page = unescape(body.decode())
    return customer.said(TITLES[standing]) in page and ARTA.customer_code in page


@in_every_language
async def test_a_bill_is_paid_with_the_second_card(customer: Customer, language: str) -> None:
    await customer.registers()
    address = await asks_for_a_link(customer)
    code = Picture("code", {"url": address})
    assert await customer.loads_picture() == PAINTERS["code"](code, SPEAKERS[language])

    assert await page_says(customer, address, Standing.OPEN)
    for card, told in ((Card.DECLINED, "declined"), (Card.GOOD, "paid")):
        assert await customer.program.bank_calls(await pays(customer, address, card)) == 200
        await customer.program.settle()
        assert customer.hears(WORDS[told])
    assert await page_says(customer, address, Standing.PAID)

    assert size(await customer.loads_picture())[0] == WIDTH
    receipt, kind = await customer.program.fetch(await customer.opens_page(Text("PDF")))
    assert kind == "application/pdf"
    assert ARTA.customer_code in read(receipt).text
    await customer.says("menu", text_of(Home.paid))
    await customer.presses(Pay.title, ALL_PAID)
    reads_as_written(customer, "a_bill_is_paid")


@pytest.mark.parametrize("calls", [0, 3])
async def test_money_is_told_of_once_however_often_the_bank_calls(customer: Customer, calls: int) -> None:
    await customer.registers()
    order = await pays(customer, await asks_for_a_link(customer), Card.GOOD)
    for _call in range(calls):
        assert await customer.program.bank_calls(order) == 200
    customer.program.fake.clock.time += 30
    for _look in range(2):
        await customer.program.app.payments.ask_open()
        await customer.program.settle()
    assert customer.hears(WORDS["paid"])
    assert len(customer.news) == 1


async def test_an_amount_of_one_s_own_is_typed(customer: Customer) -> None:
    await customer.registers()
    await customer.presses(Pay.title, text_of(Pay.wish))
    await customer.says("2", text_of(Pay.named))
    await customer.says("0,50", text_of(Pay.named))
    await customer.says("12,5 €", text_of(Pay.done))
    assert customer.sees(customer.said(Text("{amount:money}"), amount=Decimal("12.50")))
