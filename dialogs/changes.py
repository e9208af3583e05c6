"""Changes that ask for the password and a code once more: phone, e-mail, password, and leaving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.services.account_changes import (
    Leaving,
    Taken,
    change_password,
    change_reach,
    check_code,
    check_new_email,
    check_new_phone,
    confirm_password,
    delete_account,
    new_password,
    send_by_email,
    send_by_sms,
    send_to_new_email,
    send_to_new_phone,
)
from bot.services.codes import Expired, Locked, Right, TooMany, TooSoon, Wrong
from bot.services.my_account import (
    Changed,
    Guest,
    Mine,
    SignedOut,
    mine,
)
from bot.services.my_data import NotYours, Recent, Stale, give_data, recently_proved
from bot.services.phones import grouped
from bot.services.registration import Elsewhere, Reachable, reachable
from bot.services.secrets_typed import Kept
from bot.services.sign_in import Entered
from dialogs import codes, identifiers
from dialogs.account import GUESTS, MORE, NOT_SIGNED_IN
from dialogs.codes import Ordered, Proving, challenge_of, proving
from dialogs.engine.pages import Page
from dialogs.engine.steps import (
    Ask,
    Check,
    Context,
    Dialog,
    Do,
    Either,
    End,
    Form,
    GaveUp,
    Given,
    Let,
    Redo,
    Refuse,
    Review,
    Say,
    Step,
)
from dialogs.engine.text import Text, _, _l, _n
from dialogs.passwords import CHOOSE, CURRENT, NEW, NOT_RIGHT, OPEN, TOO_WEAK

ENTER = _("First your password, on a page of its own.")
NOT_MINE: Mapping[type, Refuse] = {
    **NOT_RIGHT,
    SignedOut: Refuse(_("You are signed out in the chat, so nothing can be changed there.")),
}
OUT = _("You are signed out here, so nothing was changed.")


def confirmed(entered: Step[Entered]) -> Proving:
    """The code that confirms a change, sent to what the account has."""
    return proving(
        entered,
        send_by_sms,
        send_by_email,
        check_code,
        _("The code goes to the phone or the e-mail address of your account. Please write it here."),
    )


#: The same as in `dialogs.codes`, of the second code: steps `sending_new` and `new`.
NEW_SOON = _n(
    "I sent a code just now. I can send a new one in {sending_new.seconds:number} second.",
    "I sent a code just now. I can send a new one in {sending_new.seconds:number} seconds.",
    by="sending_new.seconds",
)
NEW_MANY = _n(
    "I have sent as many codes as I may. In {sending_new.minutes:number} minute I can send a new one; "
    "press “Send a new code” then.",
    "I have sent as many codes as I may. In {sending_new.minutes:number} minutes I can send a new one; "
    "press “Send a new code” then.",
    by="sending_new.minutes",
)
NEW_REJECTED = {
    Wrong: _n(
        "That is not the code I sent. {new.left:number} try is left before you need a new code.",
        "That is not the code I sent. {new.left:number} tries are left before you need a new code.",
        by="new.left",
    ),
    Expired: _("That code is no longer valid. Please press “Send a new code”."),
    Locked: _n(
        "There were too many wrong codes. For your safety I take none for {new.minutes:number} minute; "
        "your answers are kept.",
        "There were too many wrong codes. For your safety I take none for {new.minutes:number} minutes; "
        "your answers are kept.",
        by="new.minutes",
    ),
}

#: The steps `sending_new, new_soon, new_many, new_challenge, new` of a dialog.
ProvingNew = tuple[Do[Ordered], Say, Say, Let[str], Check[Any]]


def proving_new(
    me: Step[Mine],
    to: Step[str],
    send: Callable[[Context, Mine, str], Awaitable[Ordered]],
    check: Callable[[Context, str, str, Mine], Awaitable[Any]],
    text: Text,
    help: Text,
    change: Redo,
    given: Given,
) -> ProvingNew:
    """The code that shows that what the account is to have gets our post.  `change` opens the answer `to`."""
    sending_new = Do(send, me, to, given=given)
    new_soon = Say(NEW_SOON, given=sending_new.case(TooSoon))
    new_many = Say(NEW_MANY, given=sending_new.case(TooMany))
    new_challenge = Let(challenge_of, sending_new)
    new: Check[Any] = Check(
        identifiers.one_time_code,
        text,
        check,
        new_challenge,
        me,
        rejects=NEW_REJECTED,
        help=(help,),
        redo=(codes.again(sending_new), change),
        fresh_for=codes.PROVED_FOR,
        renews=(sending_new,),
    )
    return sending_new, new_soon, new_many, new_challenge, new


class ChangeEmail(Dialog):
    """Another e-mail address, which has to show that it gets our letters."""

    title = _l("Change my e-mail")
    starts_on = (_("new e-mail address"),)

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    email = Ask(identifiers.email, _("What is your new e-mail address?"), given=me.case(Mine))
    entered = Form(
        CURRENT, ENTER, confirm_password, me.case(Mine), refuses=NOT_MINE, button=OPEN, given=me.case(Mine)
    )
    way, by_sms, by_email, sending, soon, many, challenge, proof = confirmed(entered.case(Entered))
    sending_new, new_soon, new_many, new_challenge, new = proving_new(
        me.case(Mine),
        email,
        send_to_new_email,
        check_new_email,
        _("And one more code, which goes to {email}. Please write it here."),
        _("The code has 6 digits. An e-mail can take a minute or two; please look into the spam folder too."),
        Redo(_l("Change the e-mail"), (email,), "✏️", opens=True),
        given=proof,
    )
    changed = Do(
        change_reach,
        me.case(Mine),
        proof.case(Right),
        new.case(Right),
        rejects={
            Taken: (email, _("This e-mail address belongs to another account. Please give me another one."))
        },
        given=email,
    )
    out = End(OUT, starts=GUESTS, given=changed.case(SignedOut))
    done = End(_("Your e-mail address is now {email}."), starts=MORE, given=changed.case(Changed))
    stopped = End(_("Your e-mail address stays as it was."), starts=MORE, given=changed.case(GaveUp))


class ChangePhone(Dialog):
    """Another phone number, which has to show that it gets our SMS."""

    title = _l("Change my phone")
    starts_on = (_("new phone number"), _("I have another number"))

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    phone = Ask(identifiers.phone, _("What is your new mobile number?"), contact=True, given=me.case(Mine))
    reached = Do(
        reachable,
        phone,
        rejects={
            Elsewhere: (
                phone,
                _("I cannot send an SMS to a number from that country. Do you have another mobile number?"),
            )
        },
    )
    number = Let(grouped, phone)
    entered = Form(
        CURRENT, ENTER, confirm_password, me.case(Mine), refuses=NOT_MINE, button=OPEN, given=me.case(Mine)
    )
    way, by_sms, by_email, sending, soon, many, challenge, proof = confirmed(entered.case(Entered))
    sending_new, new_soon, new_many, new_challenge, new = proving_new(
        me.case(Mine),
        phone,
        send_to_new_phone,
        check_new_phone,
        _("And one more code, which goes to {number}. Please write it here."),
        _("The code has 6 digits. An SMS can take a minute or two; look at your newest messages."),
        Redo(_l("Change the number"), (phone,), "✏️", opens=True),
        given=(proof, reached.case(Reachable)),
    )
    changed = Do(
        change_reach,
        me.case(Mine),
        proof.case(Right),
        new.case(Right),
        rejects={
            Taken: (phone, _("This phone number belongs to another account. Please give me another one."))
        },
        given=phone,
    )
    out = End(OUT, starts=GUESTS, given=changed.case(SignedOut))
    done = End(_("Your phone number is now {number}."), starts=MORE, given=changed.case(Changed))
    stopped = End(
        _("Your phone number stays as it was."),
        starts=MORE,
        given=Either(reached.case(GaveUp), changed.case(GaveUp)),
    )


class ChangePassword(Dialog):
    """Another password."""

    title = _l("Change my password")
    starts_on = (_("another password"),)

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    entered = Form(
        CURRENT,
        _("First the password you have now, on a page of its own."),
        confirm_password,
        me.case(Mine),
        refuses=NOT_MINE,
        button=OPEN,
        given=me.case(Mine),
    )
    way, by_sms, by_email, sending, soon, many, challenge, proof = confirmed(entered.case(Entered))
    password = Form(
        NEW,
        _("Thank you. Now choose a new password, on a page of its own."),
        new_password,
        me.case(Mine),
        refuses=TOO_WEAK,
        button=CHOOSE,
        given=proof,
    )
    changed = Do(change_password, me.case(Mine), password.case(Kept), proof.case(Right))
    out = End(OUT, starts=GUESTS, given=changed.case(SignedOut))
    done = End(
        _("Your new password counts from now on. Every other chat was signed out."),
        starts=MORE,
        given=changed.case(Changed),
    )


class DeleteAccount(Dialog):
    """Leaving, with a week to come back."""

    title = _l("Delete my account")
    starts_on = (_("close my account"), _("remove my account"))

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    sure = Review(
        _(
            "Your account, its contact data and what was said in its chats are erased after 7 days; until "
            "then you can take it back. Bills and payments stay with KESCO for as long as the law on "
            "billing and accounting demands. Shall I delete your account?"
        ),
        confirm=_l("Yes, delete it"),
        given=me.case(Mine),
    )
    entered = Form(
        CURRENT,
        ENTER,
        confirm_password,
        me.case(Mine),
        refuses=NOT_MINE,
        button=OPEN,
        given=(me.case(Mine), sure),
    )
    way, by_sms, by_email, sending, soon, many, challenge, proof = confirmed(entered.case(Entered))
    leaving = Do(delete_account, me.case(Mine), proof.case(Right))
    out = End(OUT, starts=GUESTS, given=leaving.case(SignedOut))
    done = End(
        _("Your account will be erased on {leaving.day:date}. Until then you can change your mind here."),
        starts=("KeepAccount",),
        given=leaving.case(Leaving),
    )


EXPORT = Page(
    name="my_data",
    title=_("Your data"),
    lead=_("Everything that is known of you here, as one file (JSON). It is for you alone."),
    submit=_l("Save the file"),
    done=_("The file is on your device."),
    saves="kesco-my-data.json",
)


class MyData(Dialog):
    """Everything that is known, as a file."""

    title = _l("My data")
    starts_on = (_("export my data"), _("what do you know about me"))

    me = Do(mine)
    guest = End(NOT_SIGNED_IN, starts=GUESTS, given=me.case(Guest))
    trust = Do(recently_proved, me.case(Mine))
    entered = trust.case(Entered)
    way, by_sms, by_email, sending, soon, many, challenge, proof = confirmed(entered)
    sure = Either(trust.case(Recent), proof.case(Right))
    file = Form(
        EXPORT,
        _("Your data is ready. Open the page to save it; the button works for ten minutes."),
        give_data,
        me.case(Mine),
        refuses={
            NotYours: Refuse(_("You are signed out in the chat, so the file cannot be given.")),
            Stale: Refuse(_("That took too long, so nothing was changed. Please begin again.")),
        },
        button=_l("Open the page"),
        given=sure,
    )
    done = End(_("There you are. Is there anything else?"), starts=MORE, given=file)
