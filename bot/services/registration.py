"""Opens an account: one a person, an e-mail address and a phone number, as the register knows the person.

Nothing here is asked before the customer has shown that a phone or a mailbox is theirs, so a stranger learns
nothing about anybody by trying; and whoever tries on is stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.services import accounts, claims, codes, own_meters, post, throttle
from bot.services.accounts import Account
from bot.services.codes import Expired, Locked, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.names import same_name
from bot.services.own_meters import Linked
from bot.services.phones import Phone, read_phone
from bot.services.ports import Connection, Person, Turn
from bot.services.secrets_typed import Kept, use_up
from bot.services.throttle import Window, millis
from storage import accounts as statements

#: What does not fit may be tried so often, by a phone or mailbox and by a chat.
ATTEMPTS = Window(((6, timedelta(days=1)),))
_TRIED = "registration"
REGISTERING = "register"


@dataclass(frozen=True, slots=True)
class Application:
    """What a customer gives to have an account opened; `customer_code` is "" when they gave none."""

    personal_number: str
    first_name: str
    last_name: str
    customer_code: str
    email: str
    phone: str


class Code(Enum):
    """What became of the customer code that was given."""

    NONE = "none"
    OWN = "own"
    CLAIMED = "claimed"  # it is in another person's name
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Opened:
    """The account is open, and the chat signed in; `meters` are in it already."""

    name: str
    code: Code
    meters: int


@dataclass(frozen=True, slots=True)
class NoMatch:
    """The register has no such person, or one of another name: which of them is not told."""


@dataclass(frozen=True, slots=True)
class IdExpired:
    """The person's identity document is no longer valid."""


@dataclass(frozen=True, slots=True)
class PersonTaken:
    """The person has an account."""


@dataclass(frozen=True, slots=True)
class EmailTaken:
    """The e-mail address belongs to another account."""


@dataclass(frozen=True, slots=True)
class PhoneTaken:
    """The phone number belongs to another account."""


@dataclass(frozen=True, slots=True)
class PasswordGone:
    """The password was typed too long ago."""


@dataclass(frozen=True, slots=True)
class TooOften:
    """Too much was tried; nothing more is looked at for so many hours."""

    hours: int


@dataclass(frozen=True, slots=True)
class Reachable:
    """We can send an SMS there."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A number of a country that we send no SMS to."""


async def reachable(turn: Turn, phone: str) -> Reachable | Elsewhere:
    """Whether the number is of one of the regions that the operator has chosen."""
    return Reachable() if isinstance(read_phone(phone, turn.regions), Phone) else Elsewhere()


async def send_by_sms(turn: Turn, phone: str) -> Sent | TooSoon | TooMany:
    return await codes.send_unseen(turn, REGISTERING, Way.SMS, phone, phone, phone, seen=phone)


async def send_by_email(turn: Turn, email: str, phone: str) -> Sent | TooSoon | TooMany:
    return await codes.send_unseen(turn, REGISTERING, Way.EMAIL, email, email, phone, seen=phone)


async def check_code(turn: Turn, code: str, challenge: str, phone: str) -> Right | Wrong | Expired | Locked:
    return await codes.check(turn, challenge, code, phone, purpose=REGISTERING)


Refusal = NoMatch | IdExpired | PersonTaken | EmailTaken | PhoneTaken


async def open_account(
    turn: Turn, application: Application, password: Kept, proof: Right
) -> Opened | NoMatch | IdExpired | PersonTaken | EmailTaken | PhoneTaken | PasswordGone | TooOften:
    """`proof` is of the phone or the mailbox in the application."""
    subjects = (proof.to, turn.chat)
    for subject in subjects:
        standing = await throttle.look(turn, _TRIED, subject, ATTEMPTS)
        if not standing.allowed:
            return TooOften(-(-standing.wait_seconds // 3600))
    person = await turn.registry.person(application.personal_number)
    refusal = await _refusal(turn, application, person)
    if refusal is not None:
        for subject in subjects:
            await throttle.hit(turn, _TRIED, subject, ATTEMPTS)
        return refusal
    assert person is not None
    hash = await use_up(turn, password)
    if hash is None:
        return PasswordGone()
    account = _account(turn, application, person, hash, proof)
    code, meters = await _connections(turn, application)
    _write(turn, account, proof)
    # A millisecond apart, because an account shows its meters in the order in which they were added.
    links = [_link(turn, account, c, millis(turn.at) + n) for n, c in enumerate(meters)]
    own_meters.keep(turn, account, tuple(links))
    accounts.sign_in(turn, account)
    return Opened(account.display_name, code, sum(link.claim is None for link in links))


def _link(turn: Turn, account: Account, connection: Connection, at_ms: int) -> Linked:
    if connection.personal_number != account.personal_number:
        return claims.begin(turn, account, connection, at_ms)
    turn.write(statements.add_meter(account.id, connection.customer_code, "own", at_ms))
    return Linked(connection.customer_code, "", at_ms)


async def _refusal(turn: Turn, application: Application, person: Person | None) -> Refusal | None:
    """Why there can be no account; everything is asked, so that the answer takes the same time."""
    by_person = await accounts.find(turn, "personal_number", application.personal_number)
    by_email = await accounts.find(turn, "email", application.email)
    by_phone = await accounts.find(turn, "phone", application.phone)
    given = (application.first_name, application.last_name)
    if person is None or not same_name(given, (person.first_name, person.last_name)):
        return NoMatch()
    if by_person is not None:
        _warn(turn, by_person)
        return PersonTaken()
    if person.id_valid_until < turn.today:
        return IdExpired()
    if by_phone is not None:
        return PhoneTaken()
    return EmailTaken() if by_email is not None else None


def _warn(turn: Turn, holder: Account) -> None:
    """Tell who has the account that somebody tried to open another in their name."""
    post.email(turn, holder.email, post.LetterName.REGISTRATION_ATTEMPT)


def _account(turn: Turn, application: Application, person: Person, hash: str, proof: Right) -> Account:
    return Account(
        id=turn.derived("account"),
        rev=1,
        personal_number=person.personal_number,
        first_name=person.first_name,
        last_name=person.last_name,
        display_name=person.first_name,
        email=application.email,
        phone=application.phone,
        password=hash,
        notices_off=(),
        phone_proved=proof.way is Way.SMS,
        email_proved=proof.way is Way.EMAIL,
        created_at=turn.at,
        delete_at=None,
    )


def _write(turn: Turn, account: Account, proof: Right) -> None:
    at = millis(turn.at)
    turn.write(
        statements.add(
            account=account.id,
            personal_number=account.personal_number,
            first_name=account.first_name,
            last_name=account.last_name,
            email=account.email,
            phone=account.phone,
            password=account.password,
            phone_proved_ms=at if proof.way is Way.SMS else None,
            email_proved_ms=at if proof.way is Way.EMAIL else None,
            at_ms=at,
        )
    )


async def _connections(turn: Turn, application: Application) -> tuple[Code, tuple[Connection, ...]]:
    """What became of the code that was given, and the connections of the account, the given one first."""
    own = await turn.registry.connections(application.personal_number)
    given = application.customer_code
    if not given:
        return Code.NONE, own
    meters = tuple(sorted(own, key=lambda c: c.customer_code != given))
    if any(c.customer_code == given for c in own):
        return Code.OWN, meters
    others = await turn.registry.connection(given)
    return (Code.UNKNOWN, meters) if others is None else (Code.CLAIMED, (*meters, others))
