"""The meters of the account: which one is spoken of, what each is called, and taking one out."""

from __future__ import annotations

from bot.services.adding_meters import (
    Elsewhere,
    Found,
    There,
    TooMany,
    TooOften,
    Unknown,
    add_meter,
    look_for,
    note_claim,
)
from bot.services.my_account import Changed, Guest, Mine, SignedOut, mine
from bot.services.my_meters import (
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
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW, whose
from dialogs.bills import NO_METER, code_of, meter_shown, meters_of
from dialogs.engine.steps import (
    Ask,
    Choose,
    Dialog,
    Do,
    Either,
    End,
    GaveUp,
    Let,
    Param,
    Review,
    Select,
    Undo,
)
from dialogs.engine.text import Phrase, _, _l, _n
from dialogs.places import DISTRICTS, Bare, Whole, district_of, whole, with_district

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
    }
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
    found = Do(my_meters, me.case(Mine))
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
        starts=("LastBill", "AddMeter", "ChooseMeter", "NameMeter", "UnlinkMeter"),
        given=shown,
    )


class AddMeter(Dialog):
    """One more meter, by the customer code on its bill."""

    title = _l("Add a meter")
    starts_on = (_("new meter"), _("another meter"), _("link a meter"))

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    code = Ask(
        identifiers.customer_code,
        _("What is the customer code on its bill?"),
        label=_l("Customer code"),
        help=(_("It stands at the top of every bill, for example DPR 6687."),),
        given=Let(whose, me.case(Mine)),
    )
    kind = Let(district_of, code)
    district = Choose(DISTRICTS, _("In which district is it?"), label=_l("District"), given=kind.case(Bare))
    place = Either(Let(whole, kind.case(Whole)), Let(with_district, kind.case(Bare), district))
    found = Do(
        look_for,
        me.case(Mine),
        place,
        rejects={
            Unknown: (
                code,
                _("I cannot find {found.code}. Please compare the code with the bill and write it again."),
            )
        },
        attempts=5,
    )
    own, elsewhere = found.case(Found), found.case(Elsewhere)
    there, often, full = found.case(There), found.case(TooOften), found.case(TooMany)
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    already = End(_("{there.code} is in your account already."), starts=MORE, given=there)
    paused = End(
        _n(
            "Those were many codes at once. Please try again in {often.minutes:number} minute.",
            "Those were many codes at once. Please try again in {often.minutes:number} minutes.",
            by="often.minutes",
        ),
        starts=MORE,
        given=often,
    )
    most = End(
        _("An account can hold {full.most:number} meters, and yours does. Remove one first."),
        starts=MORE,
        given=full,
    )
    stopped = End(
        _("I could not find that code. It stands at the top of every bill; or call 0800 791 00."),
        starts=MORE,
        given=found.case(GaveUp),
    )
    sure = Review(
        _("Is this the place?\n{own.code}, {own.address}. Meter {own.meter_number}."),
        code,
        confirm=_l("Yes, add it"),
        given=own,
    )
    added = Do(add_meter, me.case(Mine), own, given=sure)
    out = End(OUT, starts=GUESTS, given=added.case(SignedOut))
    done = End(
        _("{own.code} is now in your account."),
        starts=("NameMeter", "LastBill", *MORE),
        given=added.case(Changed),
    )
    noted = Do(note_claim, me.case(Mine), elsewhere)
    left = End(OUT, starts=GUESTS, given=noted.case(SignedOut))
    claimed = End(
        _(
            "{elsewhere.code} is in another person's name, so I cannot show it yet. "
            "I have noted that you would like to see it."
        ),
        starts=MORE,
        given=noted.case(Changed),
    )


class ChooseMeter(Dialog):
    """Which meter is spoken of when none is named."""

    title = _l("Choose the main meter")

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found = Do(my_meters, me.case(Mine))
    none = End(NO_METER, menu="customer", given=found.case(NoMeter))
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    meter = Select(
        Let(meters_of, found.case(MyMeters)),
        _("Which meter shall I speak of first?"),
        key=code_of,
        show=meter_shown,
        given=found.case(MyMeters),
    )
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
    found = Do(my_meters, me.case(Mine))
    none = End(NO_METER, menu="customer", given=found.case(NoMeter))
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    meter = Select(
        Let(meters_of, found.case(MyMeters)),
        _("Which meter would you like to name?"),
        key=code_of,
        show=meter_shown,
        given=found.case(MyMeters),
    )
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
    found = Do(my_meters, me.case(Mine))
    none = End(NO_METER, menu="customer", given=found.case(NoMeter))
    gone = End(NOT_SIGNED_IN, starts=GUESTS, given=found.case(SignedOut))
    meter = Select(
        Let(meters_of, found.case(MyMeters)),
        _("Which meter shall I take out of your account? Nothing changes for the connection itself."),
        key=code_of,
        show=meter_shown,
        given=found.case(MyMeters),
    )
    unlinked = Do(unlink_meter, me.case(Mine), meter)
    out = End(OUT, starts=GUESTS, given=unlinked.case(SignedOut))
    done = End(
        _("{meter.code} is no longer in your account. You can take that back for ten minutes."),
        starts=MORE,
        undo=Undo(UndoUnlink, _l("Bring it back"), was=unlinked.case(Unlinked)),
        given=unlinked.case(Unlinked),
    )
