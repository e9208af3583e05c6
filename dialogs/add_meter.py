"""One more meter: found by the customer code on its bill, looked at, and added."""

from __future__ import annotations

from bot.services.adding_meters import (
    Found,
    There,
    TooMany,
    TooOften,
    Unknown,
    add_meter,
    look_for,
)
from bot.services.claims import Added, Asked, Declined, Elsewhere, Enough, Lost, claim_meter
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
    aware = Review(
        _(
            "{elsewhere.code} is in another person's name. That person will be told of you: your first name "
            "and the first letter of your last name. Shall I go on?"
        ),
        code,
        confirm=_l("Yes, go on"),
        given=elsewhere,
    )
    made = Do(claim_meter, me.case(Mine), elsewhere, given=aware)
    left = End(OUT, starts=GUESTS, given=made.case(SignedOut))
    lost = End(_("I cannot find {elsewhere.code} any more."), starts=MORE, given=made.case(Lost))
    enough = End(
        _("You have asked for many meters of other people today. Please try again tomorrow."),
        starts=MORE,
        given=made.case(Enough),
    )
    partly = made.case(Added)
    claimed = End(
        _(
            "{partly.code} is now in your account. Until {partly.whole_on:date} I show its last amount; "
            "after that the bills and readings too, unless its holder objects."
        ),
        starts=("LastBill", *MORE),
        given=partly,
    )
    asked = Either(found.case(Asked), made.case(Asked))
    waiting = End(
        _(
            "The holder of {asked.code} is asked and has until {asked.until:date} to agree. "
            "You will hear from me."
        ),
        starts=MORE,
        given=asked,
    )
    declined = Either(found.case(Declined), made.case(Declined))
    no = End(
        _("The holder of {declined.code} has not agreed. You can ask again on {declined.again_on:date}."),
        starts=MORE,
        given=declined,
    )
