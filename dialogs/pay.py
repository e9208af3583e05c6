"""Paying: what, how much, and a link to the page that does it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.services.my_account import Guest, Mine, SignedOut, mine
from bot.services.paying import (
    LEAST,
    MOST,
    Dues,
    Free,
    NoMeterToPay,
    NothingDue,
    Of,
    Ordered,
    Several,
    TooManyLinks,
    Wish,
    kind_of,
    order,
    together,
    what_is_due,
)
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW
from dialogs.bills import NO_METER
from dialogs.engine.lines import PAY, Picture
from dialogs.engine.steps import Ask, Bad, Dialog, Do, Either, End, Let, Link, Reader, Select, SelectMany
from dialogs.engine.text import Leaf, Phrase, Text, _, _l, _n
from dialogs.numbers import folded, number_in

#: What is due is asked again after so long: somebody else may pay meanwhile.
DUE = timedelta(minutes=5)
ALL_PAID = _("Nothing is to be paid. Thank you!")
WISHES: dict[Of, tuple[Text, Text]] = {
    # for the only meter that owes anything, and for one of several
    Of.ALL: (_l("Everything: {amount:money}"), _l("Everything: {amount:money}")),
    Of.SOME: (_l("Some of them"), _l("Some of them")),
    Of.BALANCE: (_l("All I owe: {amount:money}"), _l("{name}: {amount:money}")),
    Of.BILL: (_l("Only {month:month}: {amount:money}"), _l("Only {month:month}: {amount:money}")),
    Of.OTHER: (_l("Another amount"), _l("{name}, another amount")),
}


def _euros(text: str) -> Decimal | Bad:
    value = number_in(folded(text).replace("€", " "))
    if value is None:
        return Bad(_("Please write an amount in euros, for example 20 or 12.50."))
    amount = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not LEAST <= amount <= MOST:
        return Bad(_("Please choose an amount from 1 to 5,000 euros."))
    return amount


def _show_euros(value: Decimal) -> Phrase:
    return Phrase(_("{value:money}"), {"value": value})


euros: Reader[Decimal] = Reader(_euros, str, _show_euros, digits=True)


def wishes_of(dues: Dues) -> tuple[Wish, ...]:
    return dues.wishes


def key_of(wish: Wish) -> str:
    return f"{wish.of.value}-{''.join(wish.codes).replace(' ', '')}-{wish.number}"


def shown(wish: Wish) -> Phrase:
    values: dict[str, Leaf] = {"amount": wish.amount, "name": wish.name}
    if wish.month:
        values["month"] = wish.month
    return Phrase(WISHES[wish.of][0 if wish.alone else 1], values)


def balances_of(dues: Dues) -> tuple[Wish, ...]:
    return dues.balances


def amount_of(wish: Wish) -> Decimal:
    return wish.amount


def page_of(ordered: Ordered) -> str:
    return f"{PAY}{ordered.id}"


def picture_of(ordered: Ordered) -> Picture:
    """The link for a camera: who pays need not be who asked."""
    values: Mapping[str, Leaf] = {"url": page_of(ordered), "amount": ordered.amount}
    return Picture("code", values, alt=Phrase(_("The link as a code for a camera: {amount:money}"), values))


class Pay(Dialog):
    """A link that pays a bill, what is owed, or another amount."""

    title = _l("Pay")
    fleeting = True
    starts_on = (
        _("pay my bill"),
        _("pay the bill"),
        _("I want to pay"),
        _("payment"),
        _("pay by card"),
        _("pay my debt"),
    )

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    mine_ = me.case(Mine)
    due = Do(what_is_due, mine_, fresh_for=DUE)
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=due.case(SignedOut))
    no_meter = End(NO_METER, starts=("AddMeter",), given=due.case(NoMeterToPay))
    nothing = End(ALL_PAID, menu="customer", given=due.case(NothingDue))
    dues = due.case(Dues)
    wish = Select(
        Let(wishes_of, dues),
        _("What would you like to pay?"),
        key=key_of,
        show=shown,
        label=_l("What to pay"),
        given=dues,
    )
    kind = Let(kind_of, wish)
    named = Ask(euros, _("How much would you like to pay?"), label=_l("Amount"), given=kind.case(Free))
    some = SelectMany(
        Let(balances_of, dues),
        _("Tick the meters you would like to pay for."),
        key=key_of,
        show=shown,
        label=_l("Meters"),
        at_least=1,
        too_few=_("Please tick at least one of them."),
        given=kind.case(Several),
    )
    what = Either(Let(together, some), wish)
    made = Do(order, mine_, what, Either(named, Let(amount_of, what)))
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=made.case(SignedOut))
    meanwhile = End(ALL_PAID, menu="customer", given=made.case(NothingDue))
    many = made.case(TooManyLinks)
    paused = End(
        _n(
            "Those were many links at once. Please try again in {many.minutes:number} minute.",
            "Those were many links at once. Please try again in {many.minutes:number} minutes.",
            by="many.minutes",
        ),
        menu="customer",
        given=many,
    )
    ordered = made.case(Ordered)
    link = Let(page_of, ordered)
    done = End(
        _(
            "<b>{ordered.amount:money}</b>: press the button to pay by card. The link works for "
            "{ordered.hours:number} hours, for others too. As soon as the money is there, I tell you here."
        ),
        links=(Link(_l("Pay now"), link, "💳"),),
        picture=Let(picture_of, ordered),
        starts=("LastBill",),
        given=ordered,
    )
