"""One more meter: found by the customer code on its bill, looked at, and added."""

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
from dialogs import identifiers
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW, whose
from dialogs.engine.steps import Ask, Choose, Dialog, Do, Either, End, GaveUp, Let, Review
from dialogs.engine.text import _, _l, _n
from dialogs.meters import MORE, OUT
from dialogs.places import DISTRICTS, Bare, Whole, district_of, whole, with_district


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
