"""What belongs to an account: its card, and the changes its customer makes.

Phone, e-mail and password change only after the password and a code; whoever had the account before learns
of it at the old phone and the old address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.services import accounts, codes, post
from bot.services.accounts import Account, session
from bot.services.codes import Expired, Locked, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.phones import masked, masked_email
from bot.services.ports import Turn, day_of
from bot.services.secrets_typed import Kept, Weak, keep_password, use_up
from bot.services.sign_in import Entered, Name, Waits, WrongPassword, enter_password, reach
from bot.services.throttle import millis
from storage import accounts as statements
from storage.base import Value

CHANGING, NEW_PHONE = "change account", "new phone"
#: How long a deletion can be taken back.
WAY_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Guest:
    """Nobody is signed in here."""


@dataclass(frozen=True, slots=True)
class Mine:
    """The account of this chat as it may be shown there: phone and e-mail only in part.

    `leaves_on` is the day on which it will be erased.
    """

    id: str
    name: str
    full_name: str
    email: str
    phone: str
    notices_off: tuple[str, ...]
    leaves_on: date | None


@dataclass(frozen=True, slots=True)
class Changed:
    """It is as the customer wants it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Another account has this phone number or address."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in here any more."""


async def mine(turn: Turn) -> Mine | Guest:
    here = await session(turn)
    return _card(here.account) if here else Guest()


def _card(account: Account) -> Mine:
    return Mine(
        account.id,
        account.display_name,
        f"{account.first_name} {account.last_name}",
        masked_email(account.email),
        masked(account.phone),
        account.notices_off,
        day_of(account.delete_at) if account.delete_at else None,
    )


async def _mine(turn: Turn, me: Mine) -> Account | None:
    """The account, if this chat still belongs to it."""
    here = await session(turn)
    return here.account if here and here.account.id == me.id else None


def _change(turn: Turn, account: Account, after: Account, **changes: Value) -> Account:
    """Write what is named, and let the rest of the turn see it."""
    turn.write(statements.change(account.id, account.rev, **changes))
    after = replace(after, rev=account.rev + 1)
    accounts.changed(turn, after)
    return after


# -- without further proof -----------------------------------------------------------------------------


async def rename(turn: Turn, me: Mine, name: str) -> Changed | SignedOut:
    """How the assistant addresses the customer."""
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    _change(turn, account, replace(account, display_name=name), display_name=name)
    return Changed()


async def set_notices(turn: Turn, me: Mine, off: tuple[str, ...]) -> Changed | SignedOut:
    """Send no more notices of the kinds in `off`, and all others."""
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    _change(turn, account, replace(account, notices_off=off), notices_off=";".join(off))
    return Changed()


# -- with password and code ----------------------------------------------------------------------------


async def confirm_password(turn: Turn, typed: Mapping[str, str], me: Mine) -> Entered | WrongPassword | Waits:
    """The password once more, of the account that is signed in here."""
    account = await _mine(turn, me)
    number = account.personal_number if account else ""
    return await enter_password(turn, typed, Name("personal_number", number))


async def send_by_sms(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.SMS)


async def send_by_email(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.EMAIL)


async def _send(turn: Turn, entered: Entered, way: Way) -> Sent | TooSoon | TooMany:
    account = await accounts.find(turn, "id", entered.account)
    if account is None:
        return await codes.pretend(turn, CHANGING, way, entered.account)
    return await codes.send(turn, CHANGING, way, reach(account, way), account.id)


async def check_code(
    turn: Turn, code: str, challenge: str, entered: Entered
) -> Right | Wrong | Expired | Locked:
    checked = await codes.check(turn, challenge, code, entered.account, purpose=CHANGING)
    if isinstance(checked, Right):
        turn.write(statements.proved_again(turn.chat, millis(turn.at)))
    return checked


async def change_email(turn: Turn, me: Mine, email: str, proof: Right) -> Changed | Taken | SignedOut:
    """`proof` is of the phone or the address that the account had before."""
    account = await _mine(turn, me)
    if account is None or not _proves(proof, account):
        return SignedOut()
    other = await accounts.find(turn, "email", email)
    if other is not None and other.id != account.id:
        return Taken()
    post.email(turn, account.email, post.LetterName.EMAIL_CHANGED)
    post.sms(turn, account.phone, post.LetterName.EMAIL_CHANGED)
    _change(turn, account, replace(account, email=email), email=email, email_proved_at=None)
    return Changed()


async def send_to_new_phone(turn: Turn, me: Mine, phone: str) -> Sent | TooSoon | TooMany:
    return await codes.send(turn, NEW_PHONE, Way.SMS, phone, me.id)


async def check_new_phone(
    turn: Turn, code: str, challenge: str, me: Mine
) -> Right | Wrong | Expired | Locked:
    return await codes.check(turn, challenge, code, me.id, purpose=NEW_PHONE)


async def change_phone(turn: Turn, me: Mine, proof: Right, new: Right) -> Changed | Taken | SignedOut:
    """`proof` is of what the account had before, `new` of the new phone."""
    account = await _mine(turn, me)
    if account is None or not _proves(proof, account):
        return SignedOut()
    other = await accounts.find(turn, "phone", new.to)
    if other is not None and other.id != account.id:
        return Taken()
    post.sms(turn, account.phone, post.LetterName.PHONE_CHANGED)
    post.email(turn, account.email, post.LetterName.PHONE_CHANGED)
    after = replace(account, phone=new.to, phone_proved=True)
    _change(turn, account, after, phone=new.to, phone_proved_at=millis(turn.at))
    return Changed()


async def new_password(turn: Turn, typed: Mapping[str, str], me: Mine) -> Kept | Weak:
    """Keep what was typed, unless it is weak or tells of its owner."""
    account = await _mine(turn, me)
    about = (account.personal_number, account.email, account.phone) if account else ()
    return await keep_password(turn, typed, *about, me.full_name)


async def change_password(turn: Turn, me: Mine, password: Kept, proof: Right) -> Changed | SignedOut:
    """Every other chat is signed out."""
    account = await _mine(turn, me)
    hash = await use_up(turn, password)
    if account is None or hash is None or not _proves(proof, account):
        return SignedOut()
    turn.write(statements.sign_out_all(account.id, but=turn.chat))
    post.email(turn, account.email, post.LetterName.PASSWORD_CHANGED)
    post.sms(turn, account.phone, post.LetterName.PASSWORD_CHANGED)
    _change(turn, account, replace(account, password=hash), password=hash)
    return Changed()


def _proves(proof: Right, account: Account) -> bool:
    return proof.to in (account.phone, account.email)


# -- leaving -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaving:
    """The account will be erased on that day, unless it is kept before."""

    day: date


async def delete_account(turn: Turn, me: Mine, proof: Right) -> Leaving | SignedOut:
    """Set the account to be erased in a week, sign every other chat out, and tell phone and mailbox."""
    account = await _mine(turn, me)
    if account is None or not _proves(proof, account):
        return SignedOut()
    leaves = turn.at + WAY_BACK
    turn.write(statements.sign_out_all(account.id, but=turn.chat))
    values = {"day": day_of(leaves)}
    post.email(turn, account.email, post.LetterName.ACCOUNT_TO_BE_DELETED, values)
    post.sms(turn, account.phone, post.LetterName.ACCOUNT_TO_BE_DELETED, values)
    _change(turn, account, replace(account, delete_at=leaves), delete_at=millis(leaves))
    return Leaving(day_of(leaves))


async def keep_account(turn: Turn, me: Mine) -> Changed | SignedOut:
    """The way back from `delete_account`."""
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    if account.delete_at is not None:
        _change(turn, account, replace(account, delete_at=None), delete_at=None)
    return Changed()


# -- the chats -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that is signed in; `name` is short and tells nothing, `here` whether it is this one."""

    name: str
    channel: str
    used_on: date
    here: bool


@dataclass(frozen=True, slots=True)
class Chats:
    """Where the account is signed in, this chat first."""

    all: tuple[Chat, ...]

    @property
    def count(self) -> int:
        return len(self.all)


async def chats(turn: Turn, me: Mine) -> Chats:
    rows = await turn.storage.read(statements.chats(me.id, millis(turn.at - accounts.IDLE)))
    found = [_chat(turn, str(row["chat"]), int(str(row["used_at"]))) for row in rows]
    return Chats(tuple(sorted(found, key=lambda chat: not chat.here)))


def _chat(turn: Turn, chat: str, used_ms: int) -> Chat:
    name = turn.vault.derived("chat", chat)[:8]
    used = day_of(accounts.moment(used_ms))
    return Chat(name, chat.partition(":")[0], used, chat == turn.chat)


async def sign_out_chat(turn: Turn, me: Mine, which: Chat) -> Changed | SignedOut:
    """Sign one of the account's chats out."""
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    for row in await turn.storage.read(statements.chats(me.id, 0)):
        if turn.vault.derived("chat", str(row["chat"]))[:8] == which.name:
            accounts.sign_out(turn, account, str(row["chat"]))
    return Changed()


async def sign_out_everywhere(turn: Turn, me: Mine) -> Changed | SignedOut:
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    turn.write(statements.sign_out_all(account.id))
    accounts.sign_out(turn, account, turn.chat)
    return Changed()


async def sign_out_here(turn: Turn, me: Mine) -> Changed | SignedOut:
    account = await _mine(turn, me)
    if account is None:
        return SignedOut()
    accounts.sign_out(turn, account, turn.chat)
    return Changed()
