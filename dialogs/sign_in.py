"""Signing in to an account that exists, with its password or with a new one."""

from __future__ import annotations

from typing import Any

from bot.services.codes import Right, TooMany, TooSoon
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
from dialogs import codes, identifiers
from dialogs.codes import By, challenge_of
from dialogs.engine.steps import (
    Ask,
    Check,
    Choose,
    Dialog,
    Do,
    Either,
    End,
    Form,
    Let,
    Redo,
    Say,
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


def masked_in(sending: Any) -> str:
    return str(sending.to_masked)


class SignIn(Dialog):
    """Sign in with password and code."""

    title = _l("Sign in")
    starts_on = (_("log in"), _("login"), _("I have an account"))

    me = Do(mine)
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
    way = Choose(By, codes.HOW, default=By.SMS.name, given=right)
    by_sms = Do(send_by_sms, right, given=way.case(By.SMS))
    by_email = Do(send_by_email, right, given=way.case(By.EMAIL))
    sending = Either(by_sms, by_email)
    soon = Say(codes.SOON, given=sending.case(TooSoon))
    many = Say(codes.MANY, given=sending.case(TooMany))
    challenge = Let(challenge_of, sending)
    proof = Check(
        identifiers.one_time_code,
        _("I have sent a code to the phone or the e-mail address of the account. Please write it here."),
        check_code,
        challenge,
        right,
        rejects=codes.REJECTED,
        help=codes.HELP,
        redo=(codes.again(by_sms, by_email),),
        switches=codes.otherwise(way),
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
    way = Choose(By, codes.HOW, default=By.SMS.name, given=who)
    by_sms = Do(send_reset_by_sms, name, given=way.case(By.SMS))
    by_email = Do(send_reset_by_email, name, given=way.case(By.EMAIL))
    sending = Either(by_sms, by_email)
    soon = Say(codes.SOON, given=sending.case(TooSoon))
    many = Say(codes.MANY, given=sending.case(TooMany))
    challenge = Let(challenge_of, sending)
    proof = Check(
        identifiers.one_time_code,
        _("If there is such an account, a code is on its way to its phone or mailbox. Please write it here."),
        check_reset_code,
        challenge,
        name,
        rejects=codes.REJECTED,
        help=codes.HELP,
        redo=(codes.again(by_sms, by_email), Redo(_l("Use another account"), (who,), "✏️", opens=True)),
        switches=codes.otherwise(way),
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
