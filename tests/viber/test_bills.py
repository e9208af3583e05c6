"""Bills on Viber: the last one in words, as a picture and as a PDF, a year of them, and any other month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dialogs.bills import LastBill, ReadBill
from dialogs.engine.text import Text
from handlers.pictures import WIDTH
from storage import register
from storage.base import Row
from tests.handlers.pdf import read
from tests.viber.customer import ARTA, Customer, in_every_language, size, text_of
from tests.viber.written import reads_as_written

TOTAL, NAME, MONTH = map(
    Text, ("{total:money}", "{month:month} {year}", "{month:month} {year}: {total:money}")
)
ALT = Text("What you have used, month by month ({code})")


async def bills(customer: Customer) -> list[Row]:
    """What the register has billed, the newest first."""
    return list(await customer.program.app.storage.read(register.invoices(ARTA.customer_code, 99)))


def amount(customer: Customer, bill: Row, text: Text = TOTAL) -> str:
    """A bill as it reads in its own words, or in the list of months."""
    begins = date.fromisoformat(str(bill["period"]) + "-01")
    total = Decimal(str(bill["total"]))
    return customer.said(text, month=begins, year=str(begins.year), total=total)


def arrow(customer: Customer, sign: str) -> str:
    (found,) = [label for label in customer.phone.labels if sign in label]
    return found


@in_every_language
async def test_a_bill_is_read_seen_and_kept(customer: Customer, language: str) -> None:
    await customer.registers()
    billed = await bills(customer)
    newest, earlier = billed[0], billed[11]
    show, year = (aside.label for aside in LastBill.view.extras.asides)
    await customer.presses(LastBill.title, text_of(LastBill.view))
    assert customer.sees(amount(customer, newest))

    await customer.presses(show)
    assert size(await customer.loads_picture())[0] == WIDTH
    document, kind = await customer.program.fetch(await customer.opens_page(Text("PDF")))
    assert kind == "application/pdf"
    assert amount(customer, newest) in read(document).text
    await customer.presses(year)
    assert size(await customer.loads_picture())[0] == WIDTH
    assert customer.sees(customer.said(ALT, code=ARTA.customer_code))

    await customer.presses(LastBill.bill.label, text_of(LastBill.bill))
    assert amount(customer, newest, MONTH) in customer.phone.labels
    assert amount(customer, earlier, MONTH) not in customer.phone.labels
    await customer.presses(arrow(customer, "›"), text_of(LastBill.bill))
    await customer.presses(arrow(customer, "‹"), text_of(LastBill.bill))
    await customer.presses(arrow(customer, "›"), text_of(LastBill.bill))
    await customer.presses(amount(customer, earlier, MONTH), text_of(LastBill.view))
    assert customer.sees(amount(customer, earlier))
    await customer.says(customer.said(ReadBill.title), text_of(ReadBill.told))
    reads_as_written(customer, "bills")


async def test_a_month_on_a_later_page_of_the_keyboard_can_be_typed(customer: Customer) -> None:
    await customer.registers()
    billed = await bills(customer)
    await customer.presses(LastBill.title, text_of(LastBill.view))
    by_number, by_name = billed[9], billed[13]
    for bill, typed in ((by_number, "10"), (by_name, amount(customer, by_name, NAME))):
        await customer.presses(LastBill.bill.label, text_of(LastBill.bill))
        assert amount(customer, bill, MONTH) not in customer.phone.labels
        await customer.says(typed, text_of(LastBill.view))
        assert customer.sees(amount(customer, bill))
