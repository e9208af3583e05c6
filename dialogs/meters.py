"""The meters of the account: which one is spoken of, what each is called, and taking one out."""

from __future__ import annotations

from bot.services.my_account import Changed, Guest, Mine, SignedOut, mine
from bot.services.my_meters import (
    Left,
    MyMeter,
    MyMeters,
    NoMeter,
    NotThere,
    Unlinked,
    choose_meter,
    link_again,
    my_meters,
    name_meter,
    unlink_meter,
)
from dialogs import identifiers
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW
from dialogs.bills import NO_METER, code_of, meter_shown, meters_of
from dialogs.engine.steps import (
    Ask,
    Dialog,
    Do,
    End,
    Let,
    Param,
    Review,
    Select,
    Step,
    Undo,
)
from dialogs.engine.text import Phrase, Text, _, _l

MORE = ("Meters",)
OUT = _("You are signed out here, so nothing was changed.")


def listed(found: MyMeters) -> tuple[Phrase, ...]:
    return tuple(_line(meter, meter.code == found.active and found.count > 1) for meter in found.all)


def _line(meter: MyMeter, active: bool) -> Phrase:
    values = {
        "name": meter_shown(meter) if meter.name else meter.code,
        "address": meter.address,
        "number": meter.meter_number,
        "group": meter.tariff_group,
        "day": meter.whole_on,
    }
    if meter.whole_on:
        return Phrase(
            _("<b>{name}</b>, {address}. In another person's name; all is shown from {day:date}."), values
        )
    if active:
        return Phrase(_("✔️ <b>{name}</b>, {address}. Meter {number}, tariff group {group}."), values)
    return Phrase(_("<b>{name}</b>, {address}. Meter {number}, tariff group {group}."), values)


class Meters(Dialog):
    """Every meter of the account, and what can be done with one."""

    title = _l("My meters")
    fleeting = True
    starts_on = (_("meters"), _("meter"), _("my places"), _("my addresses"), _("customer codes"))

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found = Do(my_meters, me.case(Mine), fresh_for=NOW)
    none = End(NO_METER, starts=("AddMeter",), given=found.case(NoMeter))
    out = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    shown = Review(
        _("These meters are in your account:"),
        body=Let(listed, found.case(MyMeters)),
        confirm=_l("Done"),
        given=found.case(MyMeters),
    )
    done = End(
        _("What would you like to do?"),
        starts=("LastBill", "AddMeter", "ChooseMeter", "NameMeter", "UnlinkMeter", "WhoSees"),
        given=shown,
    )


Which = tuple[Do[MyMeters | NoMeter | SignedOut], End, End, Select[MyMeter]]


def which(me: Step[Mine], question: Text) -> Which:
    """The question for one of the customer's meters, and the ends where there is none to ask for."""
    found = Do(my_meters, me)
    meters = found.case(MyMeters)
    return (
        found,
        End(NO_METER, starts=("AddMeter",), given=found.case(NoMeter)),
        End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut)),
        Select(Let(meters_of, meters), question, key=code_of, show=meter_shown, given=meters),
    )


class ChooseMeter(Dialog):
    """Which meter is spoken of when none is named."""

    title = _l("Choose the main meter")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found, none, gone, meter = which(me.case(Mine), _("Which meter shall I speak of first?"))
    chosen = Do(choose_meter, me.case(Mine), meter)
    out = End(OUT, starts=GUESTS, given=chosen.case(SignedOut))
    done = End(
        _("From now on I speak of {meter.code} first."),
        starts=("LastBill", *MORE),
        given=chosen.case(Changed),
    )


class NameMeter(Dialog):
    """What the customer calls a meter."""

    title = _l("Rename a meter")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found, none, gone, meter = which(me.case(Mine), _("Which meter would you like to name?"))
    name = Ask(
        identifiers.meter_name,
        _("What do you call this place? For example: Flat, Cottage, Parents."),
        help=(_("A short name of your own, with at most 30 characters."),),
        given=meter,
    )
    named = Do(name_meter, me.case(Mine), meter, name)
    out = End(OUT, starts=GUESTS, given=named.case(SignedOut))
    missing = End(_("That meter is no longer in your account."), starts=MORE, given=named.case(NotThere))
    done = End(_("{meter.code} is now called “{name}”."), starts=MORE, given=named.case(Changed))


class UndoUnlink(Dialog):
    """Brings back a meter that was just taken out."""

    title = _l("Bring the meter back")

    was: Param[Unlinked] = Param[Unlinked]()
    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    back = Do(link_again, me.case(Mine), was)
    out = End(OUT, starts=GUESTS, given=back.case(SignedOut))
    done = End(_("{was.code} is in your account again."), given=back.case(Changed))


class UnlinkMeter(Dialog):
    """A meter is taken out of the account; nothing changes for the connection itself."""

    title = _l("Remove a meter")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found, none, gone, meter = which(
        me.case(Mine),
        _("Which meter shall I take out of your account? Nothing changes for the connection itself."),
    )
    unlinked = Do(unlink_meter, me.case(Mine), meter)
    missing = End(_("That meter is no longer in your account."), starts=MORE, given=unlinked.case(NotThere))
    out = End(OUT, starts=GUESTS, given=unlinked.case(SignedOut))
    left = End(_("{meter.code} is no longer in your account."), starts=MORE, given=unlinked.case(Left))
    done = End(
        _("{meter.code} is no longer in your account. You can take that back for ten minutes."),
        starts=MORE,
        undo=Undo(UndoUnlink, _l("Bring it back"), was=unlinked.case(Unlinked)),
        given=unlinked.case(Unlinked),
    )
