"""Opening an account: who the customer is, how to reach them, a password, and a code as proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.services.codes import Right, TooMany, TooSoon
from bot.services.emails import suggestion
from bot.services.identity import doubtful
from bot.services.my_account import Guest, Mine, mine
from bot.services.phones import grouped
from bot.services.registration import (
    Application,
    Code,
    Elsewhere,
    EmailTaken,
    IdExpired,
    NoMatch,
    Opened,
    PasswordGone,
    PersonTaken,
    PhoneTaken,
    TooOften,
    check_code,
    open_account,
    reachable,
    send_by_email,
    send_by_sms,
)
from bot.services.secrets_typed import Kept, keep_password
from dialogs import codes, identifiers
from dialogs.account import NOW
from dialogs.codes import By, challenge_of
from dialogs.engine.steps import (
    Ask,
    Check,
    Choice,
    Choose,
    Dialog,
    Do,
    Either,
    End,
    Form,
    GaveUp,
    Let,
    Link,
    Redo,
    Review,
    Say,
)
from dialogs.engine.text import _, _l
from dialogs.passwords import CHOOSE, NEW, TOO_WEAK
from dialogs.places import (
    DISTRICTS,
    Bare,
    Skipped,
    Whole,
    code_or_skip,
    has_district,
    none,
    whole,
    with_district,
)


class Consent(Choice):
    YES = _l("I agree")
    NO = _l("I do not agree")


class AsTyped(Choice):
    YES = _l("The number is right")


class Spelling(Choice):
    YES = _l("Yes, change it")
    NO = _l("No, the address is right")


class Seems(Enum):
    """What a look at a number says."""

    RIGHT = "right"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Slip:
    """An address with what looks like a slip of the finger, and what was probably meant."""

    meant: str


@dataclass(frozen=True, slots=True)
class Fine:
    """An address with nothing to ask about."""


def look_at(number: str) -> Seems:
    return Seems.DOUBTFUL if doubtful(number) else Seems.RIGHT


def look_at_address(address: str) -> Slip | Fine:
    meant = suggestion(address)
    return Slip(meant) if meant else Fine()


def meant(slip: Slip, spelling: Spelling, typed: str) -> str:
    return slip.meant if spelling is Spelling.YES else typed


def same(address: str, _fine: Fine) -> str:
    return address


def or_dash(place: str) -> str:
    return place or "—"


def to_phone(number: str, _by: By) -> str:
    return grouped(number)


def to_address(address: str, _by: By) -> str:
    return address


@dataclass(frozen=True, slots=True)
class PersonGiven:
    """Who the customer says they are."""

    number: str
    first_name: str
    last_name: str


def application_of(person: PersonGiven, place: str, address: str, phone: str) -> Application:
    return Application(person.number, person.first_name, person.last_name, place, address, phone)


def code_of(opened: Opened) -> Code:
    return opened.code


class Register(Dialog):
    """Open an account."""

    title = _l("Open an account")
    starts_on = (_("register"), _("sign up"), _("new account"), _("create an account"))

    me = Do(mine, fresh_for=NOW)  # who has an account after all may have signed in meanwhile
    already = End(
        _("You are signed in already, as {me.name}."), starts=("Account", "SignOut"), given=me.case(Mine)
    )
    guest = me.case(Guest)
    consent = Choose(
        Consent,
        _(
            "To open your account I need a few details and your mobile phone; it takes about three minutes. "
            "By going on you accept our terms of service and our privacy policy."
        ),
        links=(Link(_l("Terms of service"), "/terms"), Link(_l("Privacy policy"), "/privacy")),
        given=guest,
    )
    declined = End(
        _("Then nothing is kept. You can still work out a bill without an account."),
        menu="guest",
        given=consent.case(Consent.NO),
    )
    agreed = consent.case(Consent.YES)

    number = Ask(
        identifiers.personal_number,
        _("What is your personal number?"),
        label=_l("Personal number"),
        help=(
            _("It has 10 digits and stands on your identity card."),
            _("On a Kosovo identity card it stands on the front, beside your photo."),
        ),
        given=agreed,
    )
    look = Let(look_at, number)
    certain = Choose(
        AsTyped,
        _("Please compare {number} with your identity card: one digit looks unusual."),
        redo=(Redo(_l("Type it again"), (number,), "✏️", opens=True),),
        given=look.case(Seems.DOUBTFUL),
    )
    first_name = Ask(
        identifiers.person_name,
        _("What is your first name, as on your identity card?"),
        label=_l("First name"),
        given=agreed,
    )
    last_name = Ask(identifiers.person_name, _("And your last name?"), label=_l("Last name"), given=agreed)
    code = Ask(
        code_or_skip,
        _("If you have a bill at hand: what is the customer code on it? Otherwise press “Skip”."),
        label=_l("Customer code"),
        usual=(Skipped(),),
        help=(_("It stands at the top of every bill, for example DPR 6687."),),
        given=agreed,
    )
    kind = Let(has_district, code)
    district = Choose(DISTRICTS, _("In which district is it?"), label=_l("District"), given=kind.case(Bare))
    place = Either(
        Let(whole, kind.case(Whole)),
        Let(with_district, kind.case(Bare), district),
        Let(none, kind.case(Skipped)),
    )
    written = Let(or_dash, place)
    email = Ask(
        identifiers.email,
        _("What is your e-mail address?"),
        label=_l("E-mail"),
        help=(_("For example ana@example.com. I write to it only about your account."),),
        given=agreed,
    )
    slip = Let(look_at_address, email)
    spelling = Choose(Spelling, _("Did you mean {slip.meant}?"), given=slip.case(Slip))
    address = Either(Let(meant, slip.case(Slip), spelling, email), Let(same, email, slip.case(Fine)))
    phone = Ask(
        identifiers.phone,
        _("What is your mobile number? I will send it a code."),
        label=_l("Phone"),
        contact=True,
        help=(_("For example 044 123 456, or with the country code: +383 44 123 456."),),
        given=agreed,
    )
    reached = Do(
        reachable,
        phone,
        rejects={
            Elsewhere: (
                phone,
                _("I cannot send an SMS to a number from that country. Do you have another mobile number?"),
            )
        },
        attempts=10,
    )
    unreachable = End(
        _("Without a number that gets our SMS I cannot open the account. Please call 0800 791 00."),
        given=reached.case(GaveUp),
    )
    password = Form(
        NEW,
        _("Now choose a password. It is typed on a page of its own, never in the chat."),
        keep_password,
        number,
        first_name,
        last_name,
        address,
        phone,
        refuses=TOO_WEAK,
        button=CHOOSE,
        label=_l("Password"),
        given=agreed,
    )
    summary = Review(
        _("Is everything right?"),
        *(number, first_name, last_name, code, email, phone, password),
        exact={code: written, email: address},
        confirm=_l("Yes, open my account"),
        given=agreed,
    )

    way = Choose(By, codes.HOW, default=By.SMS.name, given=agreed)
    by_sms = Do(send_by_sms, phone, given=way.case(By.SMS))
    by_email = Do(send_by_email, address, phone, given=way.case(By.EMAIL))
    sending = Either(by_sms, by_email)
    soon = Say(codes.SOON, given=sending.case(TooSoon))
    many = Say(codes.MANY, given=sending.case(TooMany))
    challenge = Let(challenge_of, sending)
    recipient = Either(Let(to_phone, phone, way.case(By.SMS)), Let(to_address, address, way.case(By.EMAIL)))
    proof = Check(
        identifiers.one_time_code,
        _("The code goes to {recipient}. Please write it here."),
        check_code,
        challenge,
        phone,
        rejects=codes.REJECTED,
        help=codes.HELP,
        redo=(codes.again(by_sms, by_email), Redo(_l("Change the number"), (phone,), "✏️", opens=True)),
        switches=codes.otherwise(way),
        fresh_for=codes.PROVED_FOR,
        renews=(by_sms, by_email),
    )
    person = Let(PersonGiven, number, first_name, last_name)
    application = Let(application_of, person, place, address, phone)
    opened = Do(
        open_account,
        application,
        password.case(Kept),
        proof.case(Right),
        rejects={
            NoMatch: (
                summary,
                _(
                    "The personal number and the name do not go together in KESCO's records. "
                    "Please compare both with your identity card and change what is wrong."
                ),
            ),
            EmailTaken: (
                email,
                _("This e-mail address belongs to another account. Please give me another one."),
            ),
            PhoneTaken: (
                phone,
                _("This phone number belongs to another account. Please give me another one."),
            ),
            PasswordGone: (password, _("The password was chosen too long ago. Please choose it once more.")),
        },
        attempts=6,
        given=summary,
    )
    taken = End(
        _(
            "There is an account with these details already. If it is yours, sign in; "
            "if you have forgotten the password, choose a new one."
        ),
        starts=("SignIn", "ForgotPassword"),
        given=opened.case(PersonTaken),
    )
    expired = End(
        _(
            "The identity card that KESCO has on record for you is no longer valid. "
            "Please bring your new card to a KESCO office, or call 0800 791 00; then I can open the account."
        ),
        given=opened.case(IdExpired),
    )
    stopped = End(
        _(
            "That was tried too often, so I have stopped for today. "
            "Please try again tomorrow or call 0800 791 00."
        ),
        given=Either(opened.case(TooOften), opened.case(GaveUp)),
    )
    welcome = opened.case(Opened)
    done = Say(_("Your account is open. Welcome, {opened.name}!"), given=welcome)
    claimed = Say(
        _(
            "{place} is in another person's name. That person is told of it; "
            "“My meters” has what I may show you so far."
        ),
        given=(Let(code_of, welcome).case(Code.CLAIMED), place),
    )
    unknown = Say(
        _("I cannot find {place}. You can add a meter later."),
        given=(Let(code_of, welcome).case(Code.UNKNOWN), place),
    )
    end = End(given=welcome)
