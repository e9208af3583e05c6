"""Meters on Viber: added by a code as people write it, named, chosen, taken out and brought back."""

from __future__ import annotations

from dialogs.add_meter import AddMeter
from dialogs.bills import LastBill
from dialogs.engine.advance import REFUSED_OFFERS
from dialogs.engine.offers import Refused
from dialogs.engine.text import Text
from dialogs.home import Home
from dialogs.meters import ChooseMeter, Meters, NameMeter, UndoUnlink, UnlinkMeter
from tests.viber.customer import GEZIM, Customer, in_every_language, text_of
from tests.viber.written import reads_as_written

SHOP = "DPZ 4472"
SPELLINGS = {"sq": "dpz-4472", "sr": "дпз 4472", "en": "Dpz/4472"}
NAMES = {"sq": "Dyqani", "sr": "Prodavnica", "en": "The shop"}


def place(customer: Customer, word: str) -> str:
    """The key of the meter with this word in it."""
    (found,) = [label for label in customer.phone.labels if word in label]
    return found


async def asks_for(customer: Customer, title: Text, answer: object) -> None:
    """In words: a dialog that no key on the keyboard starts."""
    await customer.says(customer.said(title), text_of(answer))


@in_every_language
async def test_a_meter_is_added_named_chosen_taken_out_and_brought_back(
    customer: Customer, language: str
) -> None:
    await customer.registers(GEZIM)
    await customer.presses(Meters.title, text_of(Meters.shown))
    assert customer.sees(GEZIM.customer_code)
    assert customer.sees(SHOP)

    await asks_for(customer, UnlinkMeter.title, UnlinkMeter.meter)
    await customer.presses(place(customer, SHOP), text_of(UnlinkMeter.done))
    await asks_for(customer, AddMeter.title, AddMeter.code)
    await customer.says(SPELLINGS[language], text_of(AddMeter.sure))
    assert customer.sees("Rr. Lidhja e Prizrenit 9/A")
    await customer.presses(AddMeter.sure.confirm, text_of(AddMeter.done))

    await customer.presses(NameMeter.title, text_of(NameMeter.meter))
    await customer.says("2", text_of(NameMeter.name))
    await customer.says(f"  {NAMES[language]} ", text_of(NameMeter.done))
    await asks_for(customer, ChooseMeter.title, ChooseMeter.meter)
    await customer.presses(place(customer, NAMES[language]), text_of(ChooseMeter.done))
    await customer.presses(LastBill.title, text_of(LastBill.view))
    assert customer.sees(f"({SHOP})")

    await asks_for(customer, UnlinkMeter.title, UnlinkMeter.meter)
    await customer.says(NAMES[language], text_of(UnlinkMeter.done))
    taken_out = customer.phone.last
    undo = UnlinkMeter.done.undo
    assert undo is not None
    await customer.presses(undo.label, text_of(UndoUnlink.done))
    await customer.presses(Meters.title, text_of(Meters.shown))
    assert customer.sees(NAMES[language])
    await customer.presses_old(undo.label, taken_out, REFUSED_OFFERS[Refused.USED])
    reads_as_written(customer, "meters")


async def test_a_number_that_is_none_of_the_list_is_asked_for_again(customer: Customer) -> None:
    await customer.registers(GEZIM)
    await asks_for(customer, NameMeter.title, NameMeter.meter)
    await customer.says("3", text_of(NameMeter.meter))
    await customer.says("1", text_of(NameMeter.name))
    await customer.says("menu", text_of(Home.paid))
