"""An account is opened on Viber: a deep link, typed numbers, a page, an SMS, and the menu at the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.showing import STAYS
from dialogs.engine.advance import NOT_YOURS, TYPED_SECRET
from dialogs.engine.choosing import NO_NUMBER
from dialogs.engine.text import Text
from dialogs.home import Home
from dialogs.passwords import CHOOSE, NEW, PASSWORD
from dialogs.register import Consent, Register
from dialogs.tongue import LANGUAGES
from dialogs.welcome import Onward, Welcome
from tests.fakes.viber import DESKTOP, Device, FakeViber
from tests.viber.customer import (
    ADDRESS,
    ARTA,
    NEW_PASSWORD,
    SHARE,
    Customer,
    in_every_language,
    in_every_script,
    text_of,
)
from tests.viber.program import PUBLIC
from tests.viber.written import reads_as_written

SECRET = NEW_PASSWORD[PASSWORD]


def shows_the_bill(customer: Customer) -> bool:
    """Whether the menu has come, with the last bill in a line."""
    return customer.hears(text_of(Home.unpaid)) and customer.sees(ARTA.customer_code)


@in_every_script
async def test_an_account_is_opened_from_a_deep_link(
    customer: Customer, fake: FakeViber, language: str
) -> None:
    await customer.opens("bill-2026")
    (opened,) = [callback for callback in fake.callbacks.log if callback.event == "conversation_started"]
    (body,) = opened.told
    welcome = json.loads(body)
    assert "receiver" not in welcome
    assert fake.called("send_message") == []
    assert [shown.text for shown in customer.phone.heard] == [welcome["text"]]
    assert all(name in customer.phone.labels for _code, name in LANGUAGES)

    await customer.presses(dict(LANGUAGES)[language], text_of(Welcome.what))
    await customer.presses(Onward.SKIP.label, text_of(Home.menu))
    await customer.presses(Register.title, text_of(Register.consent))
    for label, page in ((Text("Terms of service"), "/terms"), (Text("Privacy policy"), "/privacy")):
        address = await customer.opens_page(label)
        assert address == f"{PUBLIC}{page}?lang={language}"
        assert SECRET not in str(await customer.program.fetch(address))
    await customer.presses(Consent.YES.label, text_of(Register.number))
    await customer.says(ARTA.personal_number, text_of(Register.first_name))
    await customer.says(ARTA.first_name, text_of(Register.last_name))
    await customer.says(ARTA.last_name, text_of(Register.code))
    await customer.says(ARTA.customer_code, text_of(Register.email))
    await customer.says(ADDRESS, text_of(Register.phone))
    await customer.presses(SHARE, text_of(Register.password))
    assert not customer.has(SHARE)

    await customer.chooses_password()
    assert customer.hears(text_of(Register.summary))
    assert customer.sees("+383 44 123 456")
    await customer.proves()
    assert customer.program.letters()[-1]["to"] == "+38344123456"
    assert shows_the_bill(customer)
    assert SECRET not in str([shown.params for shown in customer.phone.chat])
    reads_as_written(customer, "an_account_is_opened")


@in_every_language
@pytest.mark.parametrize("brings", [{}, {"contact": {"name": "Arta", "phone_number": ""}}])
async def test_at_a_computer_the_button_brings_no_number_and_it_is_typed(
    customer: Customer, brings: dict[str, Any]
) -> None:
    """Nobody tells us what somebody sits at; what the button sends there, those found who tried it."""
    customer.phone.devices = [DESKTOP]
    await customer.comes_in()
    await customer.applies()
    keyboard = customer.phone.last.keyboard
    assert keyboard is not None
    (share,) = [key for key in keyboard.Buttons if key.ActionType == "share-phone"]
    sends = {"type": "contact" if brings else "text", "text": share.ActionBody}
    await customer.does(lambda: customer.phone.send(sends | brings), NO_NUMBER)
    assert customer.hears(text_of(Register.phone))
    await customer.says("044 765 432", text_of(Register.password))
    await customer.chooses_password()
    assert customer.sees("+383 44 765 432")
    await customer.proves()
    assert customer.program.letters()[-1]["to"] == "+38344765432"
    assert shows_the_bill(customer)


async def test_who_has_an_old_viber_is_offered_no_button_for_it(customer: Customer) -> None:
    customer.phone.devices = [Device("desktop", 2)]
    await customer.comes_in()
    await customer.applies()
    assert not customer.has(SHARE)
    await customer.says("044 765 432", text_of(Register.password))


async def test_a_contact_of_somebody_else_is_not_taken(customer: Customer) -> None:
    await customer.comes_in()
    await customer.applies()
    await customer.does(customer.phone.send_contact, NOT_YOURS)
    assert customer.hears(text_of(Register.phone))
    await customer.says("044 765 432", text_of(Register.password))


async def test_a_password_in_the_chat_is_the_customer_s_to_delete(customer: Customer) -> None:
    await customer.comes_in()
    await customer.applies()
    await customer.presses(SHARE, text_of(Register.password))
    await customer.says(SECRET, TYPED_SECRET)
    assert customer.hears(STAYS)
    assert customer.has(CHOOSE)
    await customer.chooses_password()
    assert customer.hears(text_of(Register.summary))
    reads_as_written(customer, "a_password_is_typed_into_the_chat")


async def test_the_page_says_what_is_wrong_with_a_password_and_can_be_sent_again(customer: Customer) -> None:
    await customer.comes_in()
    await customer.applies()
    await customer.presses(SHARE, text_of(Register.password))
    page = await customer.opens_page(CHOOSE)
    status, said = await customer.program.fill_in(page, {PASSWORD: "short", "again": "short"})
    assert status == 422
    assert customer.said(NEW.fields[0].rules[0].text) in said
    await customer.chooses_password()
    assert customer.hears(text_of(Register.summary))
