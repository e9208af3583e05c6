"""What the holder of a meter decides about who else sees it, and the words in which both are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.services.claims import (
    Agreed,
    ClaimOf,
    Nobody,
    Over,
    Removed,
    Seer,
    Seers,
    agree_to_claim,
    refuse_claim,
    who_sees,
)
from bot.services.my_account import Guest, Mine, SignedOut, mine
from dialogs.account import GUESTS, NOT_SIGNED_IN, NOW
from dialogs.engine.lines import Opening, Option, Tone
from dialogs.engine.steps import Choice, Choose, Dialog, Do, End, Let, Param, Select, Undo
from dialogs.engine.text import Leaf, Phrase, Text, _, _l

MORE = ("Meters",)
#: A holder may take back what they have allowed for so long.
STANDS = timedelta(days=365)
OUT = _("You are signed out here, so nothing was changed.")
GONE = _("That is no longer to be decided: the meter is not shown to anybody else.")
REFUSED = _("{refused.who} does not see {claim.code} and cannot ask for it again for 30 days.")


class RefuseClaim(Dialog):
    """Another account sees nothing of the meter from now on."""

    title = _l("Remove this access")

    claim: Param[ClaimOf] = Param[ClaimOf]()
    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    decided = Do(refuse_claim, me.case(Mine), claim)
    out = End(OUT, starts=GUESTS, given=decided.case(SignedOut))
    over = End(GONE, starts=MORE, given=decided.case(Over))
    refused = decided.case(Removed)
    done = End(REFUSED, starts=MORE, given=refused)


class AgreeToClaim(Dialog):
    """Another account sees all of the meter from now on."""

    title = _l("Allow this access")

    claim: Param[ClaimOf] = Param[ClaimOf]()
    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    decided = Do(agree_to_claim, me.case(Mine), claim)
    out = End(OUT, starts=GUESTS, given=decided.case(SignedOut))
    over = End(GONE, starts=MORE, given=decided.case(Over))
    refused = decided.case(Removed)
    removed = End(REFUSED, starts=MORE, given=refused)
    agreed = decided.case(Agreed)
    done = End(
        _("{agreed.who} sees the bills and readings of {claim.code}. The button below takes that back."),
        starts=MORE,
        undo=Undo(RefuseClaim, _l("Remove this access"), lasts=STANDS, claim=claim),
        given=agreed,
    )


def seers_of(found: Seers) -> tuple[Seer, ...]:
    return found.all


def key_of(seer: Seer) -> str:
    return f"{seer.claim.account[:8]} {seer.claim.code}"


def seer_shown(seer: Seer) -> Phrase:
    values: Mapping[str, Leaf] = {"who": seer.who, "day": seer.since, "code": seer.meter}
    text = _l("{who}, {code}, {day:date}") if seer.meter else _l("{who} since {day:date}")
    return Phrase(text, values)


def claim_of(seer: Seer) -> ClaimOf:
    return seer.claim


class Access(Choice):
    """Whether the access of who sees a meter ends."""

    YES = RefuseClaim.title
    NO = _l("No, they may see it")


class WhoSees(Dialog):
    """Everybody who sees a meter of the customer's, and the end of that."""

    title = _l("Who sees my meters")
    starts_on = (_("who sees my meter"), _("who has access to my meter"))

    me = Do(mine, fresh_for=NOW)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    found = Do(who_sees, me.case(Mine))
    gone = End(OUT, starts=GUESTS, given=found.case(SignedOut))
    nobody = End(_("Nobody else sees a meter of yours."), starts=MORE, given=found.case(Nobody))
    who = Select(
        Let(seers_of, found.case(Seers)),
        _("These people see the bills and readings of a meter in your name. Whose access is it about?"),
        key=key_of,
        show=seer_shown,
        given=found.case(Seers),
    )
    access = Choose(Access, _("Shall {who.who} no longer see {who.claim.code}?"), given=who)
    stays = End(_("{who.who} may see {who.claim.code} as before."), starts=MORE, given=access.case(Access.NO))
    claim = Let(claim_of, who)
    decided = Do(refuse_claim, me.case(Mine), claim, given=access.case(Access.YES))
    out = End(OUT, starts=GUESTS, given=decided.case(SignedOut))
    over = End(GONE, starts=MORE, given=decided.case(Over))
    refused = decided.case(Removed)
    done = End(REFUSED, starts=MORE, given=refused)


#: What the holder is told, by what is to be told and the state of the claim; what who claims is told.
CLAIMED = _(
    "Your meter {code} was added to the account of another person: {who} Until {day:date} they see only the "
    "last amount, after that the bills and readings too. Your own data stay hidden."
)
ASKED = _(
    "Another person would like to see the bills and readings of your meter {code}: {who} "
    "They see nothing unless you agree by {day:date}."
)
REMINDER = _("Your answer is still awaited: may this person see your meter {code}? {who} Until {day:date}.")
AGREED = _("The holder of {code} has agreed: you can see its bills and readings now.")
DECLINED = _("The holder of {code} would rather not share it, so I do not show it to you. Please understand.")
EXPIRED = _("The holder of {code} has not answered, so I cannot show it to you. You can ask once more.")
TO_CLAIMANT = {"agreed": AGREED, "refused": DECLINED, "expired": EXPIRED}


def words(tell: str, state: str, code: str, who: str, day: date | None) -> Phrase:
    if tell in TO_CLAIMANT:
        return Phrase(TO_CLAIMANT[tell], {"code": code})
    text = REMINDER if tell == "reminder" else CLAIMED if state == "claimed" else ASKED
    return Phrase(text, {"code": code, "who": who, "day": day})


def buttons(tell: str, state: str, claim: ClaimOf) -> tuple[Option, ...]:
    """What the holder can do about it; who claims has nothing to decide."""
    if tell in TO_CLAIMANT:
        return ()
    fine, no = (
        (_l("It is fine"), _l("Remove this access"))
        if state == "claimed"
        else (_l("I agree"), _l("I do not agree"))
    )
    return (
        _button("AgreeToClaim", fine, Tone.PRIMARY, "✅", claim),
        _button("RefuseClaim", no, Tone.DANGER, "🚫", claim),
    )


def _button(dialog: str, label: Text, tone: Tone, icon: str, claim: ClaimOf) -> Option:
    opening = Opening(dialog, {"claim": claim}, STANDS)
    return Option("offer", Phrase(label), tone, icon, offer=opening)
