"""Signing in to an account that exists, with its password or with a new one."""

from __future__ import annotations

from bot.services.codes import Right
from bot.services.my_account import Guest, Mine, mine
from bot.services.secrets_typed import Kept
from bot.services.sign_in import (
    Entered,
    Gone,
    Name,
    SignedIn,
    check_code,
    check_reset_code,
    enter_password,
    new_password,
    reset_password,
    send_by_email,
    send_by_sms,
    send_reset_by_email,
    send_reset_by_sms,
    sign_in,
)
from dialogs import identifiers
from dialogs.account import NOW
from dialogs.codes import proving
from dialogs.engine.steps import (
    Ask,
    Dialog,
    Do,
    End,
    Form,
    Let,
    Redo,
)
from dialogs.engine.text import _, _l
from dialogs.identifiers import ByEmail, ByPersonalNumber, ByPhone
from dialogs.passwords import CHOOSE, CURRENT, NEW, NOT_RIGHT, OPEN, TOO_WEAK

WHO = _("Which account is yours? Write its e-mail address, phone number or personal number.")


def name_of(who: ByEmail | ByPhone | ByPersonalNumber) -> Name:
    match who:
        case ByEmail(email):
            return Name("email", email)
        case ByPhone(phone):
            return Name("phone", phone)
        case ByPersonalNumber(number):
            return Name("personal_number", number)


class SignIn(Dialog):
    """Sign in with password and code."""

    title = _l("Sign in")
    starts_on = (_("log in"), _("login"), _("I have an account"))

    me = Do(mine, fresh_for=NOW)  # a new password, chosen in between, signs in too
    already = End(
        _("You are signed in already, as {me.name}."), starts=("Account", "SignOut"), given=me.case(Mine)
    )
    who = Ask(identifiers.sign_in_name, WHO, given=me.case(Guest))
    name = Let(name_of, who)
    entered = Form(
        CURRENT,
        _("Now the password. It is typed on a page of its own, never in the chat."),
        enter_password,
        name,
        refuses=NOT_RIGHT,
        button=OPEN,
        redo=(Redo(_l("Use another account"), (who,), "✏️", opens=True),),
        given=who,
    )
    right = entered.case(Entered)
    way, by_sms, by_email, sending, soon, many, challenge, proof = proving(
        right,
        send_by_sms,
        send_by_email,
        check_code,
        _("The code goes to the phone or the e-mail address of the account. Please write it here."),
    )
    signed = Do(sign_in, right, proof.case(Right))
    gone = End(_("That account is no longer there."), starts=("Register",), given=signed.case(Gone))
    done = End(_("You are signed in. Welcome, {signed.name}!"), given=signed.case(SignedIn))


class ForgotPassword(Dialog):
    """A new password, on the strength of a code."""

    title = _l("Forgotten password")
    starts_on = (_("I forgot my password"), _("reset password"), _("new password"))

    who = Ask(identifiers.sign_in_name, WHO)
    name = Let(name_of, who)
    way, by_sms, by_email, sending, soon, many, challenge, proof = proving(
        name,
        send_reset_by_sms,
        send_reset_by_email,
        check_reset_code,
        _("If there is such an account, a code is on its way to its phone or mailbox. Please write it here."),
        redo=(Redo(_l("Use another account"), (who,), "✏️", opens=True),),
    )
    password = Form(
        NEW,
        _("Thank you. Now choose a new password, on a page of its own."),
        new_password,
        name,
        refuses=TOO_WEAK,
        button=CHOOSE,
        given=proof.case(Right),
    )
    signed = Do(reset_password, name, proof.case(Right), password.case(Kept))
    gone = End(
        _("That took too long, so nothing was changed. Please begin again."),
        starts=("ForgotPassword", "Register"),
        given=signed.case(Gone),
    )
    done = End(
        _("Your new password counts from now on, and you are signed in. Every other chat was signed out."),
        given=signed.case(SignedIn),
    )
