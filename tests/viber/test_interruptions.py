"""In the middle of opening an account: old keys, another language, a restart, something else, and back."""

from __future__ import annotations

from dialogs.engine.advance import STALE
from dialogs.engine.text import Text
from dialogs.estimate import EstimateBill
from dialogs.get_app import GetApp
from dialogs.home import Home
from dialogs.register import Consent, Register
from dialogs.tongue import LANGUAGES, Tongue
from tests.fakes.viber import Shown
from tests.viber.customer import ADDRESS, ARTA, SHARE, Customer, in_every_language, text_of
from tests.viber.written import reads_as_written

MENU, GO_ON = Text("Menu"), Text("Continue: {title}")


async def has_agreed(customer: Customer) -> Shown:
    """To the question for the number: the message that asked for consent."""
    await customer.comes_in()
    asked = await customer.presses(Register.title, text_of(Register.consent))
    await customer.presses(Consent.YES.label, text_of(Register.number))
    return asked


async def switches(customer: Customer, language: str) -> None:
    """In words, to a key of the new language."""
    await customer.says(customer.said(Tongue.title))
    customer.language = language
    await customer.presses(dict(LANGUAGES)[language], text_of(Tongue.done))


@in_every_language
async def test_an_account_is_opened_whatever_comes_between(customer: Customer, language: str) -> None:
    consent = await has_agreed(customer)
    await customer.says(ARTA.personal_number, text_of(Register.first_name))
    await customer.presses_old(Consent.NO.label, consent, STALE)
    assert customer.hears(text_of(Register.first_name))

    await switches(customer, "en" if language == "sq" else "sq")
    assert customer.hears(text_of(Register.first_name))
    await customer.says(ARTA.first_name, text_of(Register.last_name))
    await switches(customer, language)
    await customer.restarts()
    await customer.says(ARTA.last_name, text_of(Register.code))

    await customer.presses(MENU, text_of(Home.menu))
    await customer.presses(EstimateBill.title, text_of(EstimateBill.appliances))
    await customer.presses(Text("Cancel"), text_of(Register.code))
    await customer.says(customer.said(GetApp.title), text_of(Register.code))
    for link in GetApp.stores.links:
        assert customer.sees(str(link.url))
    await customer.presses(MENU, text_of(Home.menu))
    await customer.restarts()
    await customer.presses(GO_ON, text_of(Register.code))
    await customer.says(ARTA.customer_code, text_of(Register.email))
    await customer.opens()
    await customer.presses(GO_ON, text_of(Register.email))
    await customer.says(ADDRESS, text_of(Register.phone))
    await customer.presses(SHARE, text_of(Register.password))
    await customer.chooses_password()
    for told in (ARTA.personal_number, ARTA.first_name, ARTA.last_name, ARTA.customer_code, ADDRESS):
        assert customer.sees(told)
    await customer.restarts()
    await customer.proves()
    assert customer.hears(text_of(Home.unpaid))
    reads_as_written(customer, "an_account_is_opened_whatever_comes_between")


async def test_what_is_found_elsewhere_can_be_opened_though_the_menu_follows_at_once(
    customer: Customer,
) -> None:
    await customer.comes_in()
    await customer.presses(GetApp.title, text_of(GetApp.stores))
    assert customer.hears(text_of(Home.menu))
    for link in GetApp.stores.links:
        assert customer.sees(str(link.url))
