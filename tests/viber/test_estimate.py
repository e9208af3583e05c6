"""An estimate on Viber: a list of ticks that is sent again with every tick, its result, and a chart."""

from __future__ import annotations

from bot.services.appliances import Group
from dialogs.engine.text import Text
from dialogs.estimate import GROUPS, ApplianceUse, EstimateBill
from handlers.pictures import WIDTH
from handlers.render import TICKED, UNTICKED
from tests.viber.customer import Customer, in_every_language, size, text_of
from tests.viber.written import reads_as_written

DONE = Text("Done ({n:number})", "Done ({n:number})", "n")
FRIDGE, HEATER, WASHER = Text("Refrigerator"), Text("Storage heater"), Text("Washing machine")
CHART = Text("Your estimated bill: <b>{total:money}</b>")


def is_ticked(customer: Customer, appliance: Text) -> bool:
    """What the newest message's own keyboard says of an appliance."""
    (label,) = customer.keys(appliance, customer.phone.last)
    mark = label.partition(" ")[0]
    assert mark in (TICKED, UNTICKED)
    return mark == TICKED


async def turns(customer: Customer, label: str) -> bool:
    """To the page on which a label stands; whether it is reached, and Done is on every page before it."""
    while label not in customer.phone.labels:
        assert customer.has(DONE)
        (onward,) = [each for each in customer.phone.labels if "›" in each]
        await customer.presses(onward, text_of(EstimateBill.appliances))
    return customer.has(DONE)


@in_every_language
async def test_a_month_is_worked_out_appliance_by_appliance(customer: Customer, language: str) -> None:
    await customer.comes_in()
    await customer.presses(EstimateBill.title, text_of(EstimateBill.appliances))
    assert is_ticked(customer, FRIDGE)
    await customer.presses(FRIDGE, text_of(EstimateBill.appliances))
    assert not is_ticked(customer, FRIDGE)
    heating = customer.said(Text("{group}…"), group=GROUPS[Group.HEATING])
    assert await turns(customer, heating)
    await customer.presses(heating, text_of(EstimateBill.appliances))
    assert not is_ticked(customer, HEATER)
    await customer.presses(HEATER, text_of(EstimateBill.appliances))
    assert is_ticked(customer, HEATER)
    await customer.says(customer.said(FRIDGE), text_of(EstimateBill.appliances))

    await customer.presses(DONE, text_of(EstimateBill.result))
    assert customer.sees(customer.said(FRIDGE))
    await customer.presses(EstimateBill.uses.label)
    await customer.presses(WASHER, EstimateBill.uses.about)
    how_many = customer.said(Text("{label}: {value} (typical)"), label=ApplianceUse.count.label, value="1")
    await customer.presses(how_many, text_of(ApplianceUse.count))
    await customer.says("2", EstimateBill.uses.about)
    await customer.presses(Text("Show the whole result"), text_of(EstimateBill.result))
    assert customer.sees(f"{customer.said(WASHER)} × 2")

    (chart,) = (aside.label for aside in EstimateBill.result.extras.asides)
    await customer.presses(chart, CHART)
    assert size(await customer.loads_picture())[0] == WIDTH
    await customer.presses(EstimateBill.result.confirm, text_of(EstimateBill.done))
    reads_as_written(customer, "an_estimate")
