"""What will the bill be?  Worked out from the appliances of a home, result first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from bot.services.appliances import Appliance, Group, Season, UseKind, catalogue, typical_household
from bot.services.estimates import (
    Estimate,
    Period,
    Share,
    Use,
    average_month,
    calendar_month,
    estimate,
    typical_use,
    usage,
)
from bot.services.estimating_for import Anybody, Billed, Connected, estimated_for, prices_for
from bot.services.prices import NoPrices, today
from bot.services.savings import Saving, most_saved
from bot.services.tariffs import HOUSEHOLD, BillLine, Tariff
from dialogs.engine.lines import Picture
from dialogs.engine.steps import (
    Aside,
    Ask,
    Choose,
    Dialog,
    Do,
    Each,
    Either,
    End,
    Entry,
    Let,
    Param,
    Pass,
    Pick,
    Redo,
    Review,
)
from dialogs.engine.text import Leaf, Phrase, Text, _, _l, verbatim
from dialogs.readers import hours_a_day, how_many, low_share, power, times_a_week

GROUPS = {
    Group.KITCHEN: _l("Kitchen"),
    Group.COLD: _l("Fridges and freezers"),
    Group.WASHING: _l("Washing and cleaning"),
    Group.WATER: _l("Hot water"),
    Group.HEATING: _l("Heating"),
    Group.AIR: _l("Air and cooling"),
    Group.LIGHT: _l("Lighting"),
    Group.LEISURE: _l("TV and computers"),
    Group.OTHER: _l("Other"),
}
MOST_HOMES = _l("In most homes")
TYPICAL = tuple(a.key for a in typical_household())
#: What most homes have comes first, so that a change or two needs no leafing.
APPLIANCES = tuple(
    Entry(a.key, a, Phrase(Text(a.name)), a.icon, MOST_HOMES if a.typical else GROUPS[a.group])
    for a in sorted(catalogue(), key=lambda a: not a.typical)
)

#: Names of their own: on a button and at the start of a sentence they are written with a capital.
MONTH_NAMES = (
    *(_l("January"), _l("February"), _l("March"), _l("April"), _l("May"), _l("June"), _l("July")),
    *(_l("August"), _l("September"), _l("October"), _l("November"), _l("December")),
)
#: January is the first, so that a typed 8 means August.
MONTHS = (
    *(Entry(str(n), calendar_month(n), Phrase(name)) for n, name in enumerate(MONTH_NAMES, 1)),
    Entry("winter", average_month(Season.WINTER), Phrase(_l("An average winter month")), "❄️"),
    Entry("summer", average_month(Season.SUMMER), Phrase(_l("An average summer month")), "☀️"),
)


def month_like(day: date) -> str:
    """The average month of the season that `day` lies in."""
    return "winter" if Season.on(day) is Season.WINTER else "summer"


def name_of(appliance: Appliance) -> Text:
    return Text(appliance.name)


class Question(Enum):
    """How an appliance's use is best asked."""

    ON = "hours that it is on"
    HEATS = "hours that it heats: it is on all day"
    TIMES = "times a week"
    NONE = "always on"


#: What heats by a thermostat is on all day, and draws power only while it heats.
HEATERS = (Group.WATER, Group.HEATING)
QUESTIONS = {UseKind.TIMES_A_WEEK: Question.TIMES, UseKind.ALWAYS: Question.NONE}


def question_for(appliance: Appliance) -> Question:
    return QUESTIONS.get(appliance.use) or (Question.HEATS if appliance.group in HEATERS else Question.ON)


def usual_answers(appliance: Appliance) -> tuple[Decimal, ...]:
    return appliance.answers


def typical_count(use: Use) -> int:
    return use.count


def typical_amount(use: Use) -> Decimal:
    return use.amount


def typical_watts(use: Use) -> int:
    return use.watts


def typical_share(use: Use) -> Decimal:
    return use.low_share


def use_of(appliance: Appliance, count: int, amount: Decimal, watts: int, share: Decimal) -> Use:
    return Use(appliance.key, count, amount, watts, share)


HOURS_HELP = (_("You can write 2, 1.5, half an hour or 30 minutes."),)


class ApplianceUse(Dialog):
    """One appliance: how many, how long, how strong, and how much of it at night.

    Everything is typical until the customer says otherwise.
    """

    title = _l("Appliance")

    appliance = Param[Appliance]()
    period = Param[Period]()
    name = Let(name_of, appliance)
    question = Let(question_for, appliance)
    typical = Let(typical_use, appliance, period)

    count = Ask(
        how_many,
        _("<b>{name}</b>: how many do you have?"),
        label=_l("How many"),
        default=Let(typical_count, typical),
        usual=(1, 2, 3, 4),
    )
    hours = Ask(
        hours_a_day,
        _("<b>{name}</b>: how many hours a day is it on?"),
        label=_l("How long"),
        default=Let(typical_amount, typical),
        usual=Let(usual_answers, appliance),
        given=question.case(Question.ON),
        help=HOURS_HELP,
    )
    heating = Ask(
        hours_a_day,
        _("<b>{name}</b>: how many hours a day does it heat? Count only the time it draws power."),
        label=_l("How long"),
        default=Let(typical_amount, typical),
        usual=Let(usual_answers, appliance),
        given=question.case(Question.HEATS),
        help=HOURS_HELP,
    )
    times = Ask(
        times_a_week,
        _("<b>{name}</b>: how many times a week is it used?"),
        label=_l("How often"),
        default=Let(typical_amount, typical),
        usual=Let(usual_answers, appliance),
        given=question.case(Question.TIMES),
        help=(_("You can write 3, twice or every day."),),
    )
    always = Let(typical_amount, typical)
    watts = Ask(
        power,
        _("<b>{name}</b>: what is its power, in watts?"),
        label=_l("Power"),
        default=Let(typical_watts, typical),
        help=(_("The power is on the label at the back or underneath, for example 2000 W."),),
    )
    night = Ask(
        low_share,
        _("<b>{name}</b>: what percentage of its use is at night, in the low tariff?"),
        label=_l("In the low tariff"),
        default=Let(typical_share, typical),
        usual=(Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1)),
        help=(
            _(
                "The low tariff is from 22 to 7 in winter and from 23 to 8 in summer. "
                "0% means only by day, 100% only at night."
            ),
        ),
    )
    use = Let(use_of, appliance, count, Either(hours, heating, times, always), watts, night)
    usage = Let(usage, use, period)


RATES = {
    "A1B1": _("High tariff: {kwh:kwh0} at {price:cents} = {amount:money}"),
    "A2B1": _("Low tariff: {kwh:kwh0} at {price:cents} = {amount:money}"),
    "A1B2": _("High tariff above 800 kWh: {kwh:kwh0} at {price:cents} = {amount:money}"),
    "A2B2": _("Low tariff above 800 kWh: {kwh:kwh0} at {price:cents} = {amount:money}"),
}
ICONS = {a.key: (a.icon, Text(a.name)) for a in catalogue()}
BLANK = verbatim("")


def dearest_first(made: Estimate) -> list[Share]:
    return sorted(made.shares, key=lambda share: -share.euros)


def result_lines(made: Estimate, tariff: Tariff, whose: Anybody | Connected) -> tuple[Phrase, ...]:
    """The result by appliance, by rate and block, with fixed tariff and VAT.

    A customer is told whose it is, how it compares with what was billed, and what would save most.
    """
    bill = made.bill
    return (
        *_whose(whose),
        *_compared(made, whose),
        *_saved(most_saved(made, tariff)),
        BLANK,
        Phrase(_("By appliance, with VAT:")),
        *(_share_line(share) for share in dearest_first(made)),
        BLANK,
        Phrase(_("The calculation, before VAT:")),
        *(_rate_line(line) for line in bill.lines if line.kwh),
        Phrase(_("Fixed tariff: {fixed:money}"), {"fixed": bill.fixed}),
        Phrase(_("VAT {rate:percent}: {vat:money}"), {"rate": bill.vat_rate, "vat": bill.vat}),
        Phrase(_("<b>Total: {total:money}</b>"), {"total": bill.total}),
        BLANK,
        _prices_of(made),
        Phrase(
            _(
                "This is only a rough estimate. "
                "It does not replace your bill and is not meant for other purposes."
            )
        ),
    )


def _prices_of(made: Estimate) -> Phrase:
    values: Mapping[str, Leaf] = {"group": made.bill.tariff_group, "day": made.valid_from}
    if made.bill.tariff_group == HOUSEHOLD:
        return Phrase(_("Household, tariff group {group}, prices valid from {day:date}."), values)
    return Phrase(_("Tariff group {group}, prices valid from {day:date}."), values)


def _whose(whose: Anybody | Connected) -> tuple[Phrase, ...]:
    if isinstance(whose, Anybody):
        return ()
    text = _("Active customer {code}, tariff group {group}.")
    return (Phrase(text, {"code": whose.code, "group": whose.tariff_group}),)


def _compared(made: Estimate, whose: Anybody | Connected) -> tuple[Phrase, ...]:
    """By how much it differs from the bill of the same month, or else from the last one."""
    if isinstance(whose, Anybody) or not whose.bills:
        return ()
    billed = _like(made.period, whose.bills)
    differs = made.total - billed.total
    values: Mapping[str, Leaf] = {
        "month": billed.month,
        "year": str(billed.month.year),
        "billed": billed.total,
        "differs": abs(differs),
    }
    if differs > 0:
        text = _("That is {differs:money} more than your bill for {month:month} {year} ({billed:money}).")
    elif differs < 0:
        text = _("That is {differs:money} less than your bill for {month:month} {year} ({billed:money}).")
    else:
        text = _("That is what your bill for {month:month} {year} came to.")
    return (Phrase(text, values),)


def _like(period: Period, bills: tuple[Billed, ...]) -> Billed:
    return next((billed for billed in bills if billed.month.month == period.month), bills[0])


def _saved(saving: Saving | None) -> tuple[Phrase, ...]:
    if saving is None:
        return ()
    text = _("{name}: used only at night, in the low tariff, it would save you {euros:money} a month.")
    return (Phrase(text, {"name": ICONS[saving.appliance][1], "euros": saving.euros}),)


def _share_line(share: Share) -> Phrase:
    use = share.usage.use
    icon, name = ICONS[use.appliance]
    values: dict[str, Leaf] = {
        "icon": icon,
        "name": name,
        "n": use.count,
        "kwh": share.usage.kwh,
        "euros": share.euros,
    }
    if not share.usage.kwh:
        return Phrase(_("{icon} {name}: not used this month"), values)
    if use.count == 1:
        return Phrase(_("{icon} {name}: {kwh:kwh0}, {euros:money}"), values)
    return Phrase(_("{icon} {name} × {n:number}: {kwh:kwh0}, {euros:money}"), values)


def _rate_line(line: BillLine) -> Phrase:
    return Phrase(RATES[line.code], {"kwh": line.kwh, "price": line.price, "amount": line.amount})


def bars(made: Estimate) -> Picture:
    """The result as a picture: a bar an appliance, the dearest first."""
    rows: tuple[Mapping[str, Leaf], ...] = tuple(
        {"name": ICONS[s.usage.use.appliance][1], "euros": s.euros, "kwh": s.usage.kwh}
        for s in dearest_first(made)
    )
    alt = Phrase(_("Your estimated bill: <b>{total:money}</b>"), {"total": made.total})
    return Picture("bars", {"total": made.total, "kwh": made.kwh, "day": made.valid_from}, rows, alt)


def month_name(period: Period) -> Text | Phrase:
    return next(entry.label for entry in MONTHS if entry.value == period)


class EstimateBill(Dialog):
    """A home's bill of a month: the result stands after Estimate and Done, and every line can be changed."""

    title = _l("Estimate my bill")
    starts_on = (
        _("estimate"),
        _("bill estimate"),
        _("how much will my bill be"),
        _("why is my bill so high"),
        _("my bill is too high"),
        _("work out my bill"),
        _("how much will I pay"),
        _("how much electricity do I use"),
        _("what uses the most electricity"),
        _("how much does an appliance cost"),
        _("calculator"),
    )

    day = Do(today)
    whose = Do(estimated_for, otherwise=Anybody())
    prices = Do(prices_for, day, whose)
    tariff = prices.case(Tariff)

    appliances = Pick(
        APPLIANCES,
        _("Which of these do you use at home? I have ticked what most homes have: change it and press Done."),
        label=_l("Add or remove appliances"),
        typical=TYPICAL,
        at_least=1,
        too_few=_("Please tick at least one appliance."),
        given=tariff,
        help=(
            _("Press an appliance to tick or untick it. The groups below show more of them."),
            _("You can also write their names, for example: TV, refrigerator, iron."),
        ),
    )
    month = Choose(
        MONTHS,
        _("For which month? In winter the high tariff is from 7 to 22, in summer from 8 to 23."),
        label=_l("Month"),
        default=Let(month_like, day),
        given=tariff,
    )
    uses = Each(
        ApplianceUse.use,
        of=appliances,
        item=ApplianceUse.appliance,
        about=_("<b>{name}</b>: about {usage.kwh:kwh} a month. What is different in your home?"),
        label=_l("Change an appliance"),
        passing=(Pass(ApplianceUse.period, month),),
    )
    made = Let(estimate, uses, month, tariff)
    month_words = Let(month_name, month)
    result = Review(
        _("<b>About {made.total:money}</b> for {made.kwh:kwh0}. {month_words}."),
        uses,
        appliances,
        month,
        body=Let(result_lines, made, tariff, whose),
        confirm=_l("Done"),
        asides=(Aside(_l("Show as a chart"), Let(bars, made), "📊"),),
        redo=(Redo(_l("Start again"), icon="🔄"),),
        help=(
            _(
                "Press “Change an appliance” to tell me how many you have, "
                "how long they run or how strong they are."
            ),
        ),
    )

    done = End(_("Glad to help. You can make another estimate whenever you like."), given=result)
    no_prices = End(
        _("I have no prices for your tariff group at the moment. Please try again later."),
        given=prices.case(NoPrices),
    )
