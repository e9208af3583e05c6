"""Changes that ask for the password and a code again: phone, e-mail, password, and leaving.

Whoever had the account before learns of them at the old phone and the old address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.services import accounts, codes, post
from bot.services.accounts import Account
from bot.services.codes import Expired, Locked, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.my_account import Changed, Mine, SignedOut, change, my_account
from bot.services.ports import Turn, day_of
from bot.services.secrets_typed import Kept, Weak, keep_password, use_up
from bot.services.sign_in import Entered, Name, Waits, WrongPassword, enter_password, reach, tried_by
from bot.services.throttle import millis
from storage import accounts as statements

CHANGING = "change account"
#: What a code is for that goes to what the account is to have.
NEW = {Way.SMS: "new phone", Way.EMAIL: "new e-mail"}
#: How long a deletion can be taken back.
WAY_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Taken:
    """Another account has this phone number or address."""


async def confirm_password(
    turn: Turn, typed: Mapping[str, str], me: Mine
) -> Entered | WrongPassword | Waits | SignedOut:
    """The password once more, of the account that is signed in here."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    return await enter_password(turn, typed, Name("personal_number", account.personal_number))


async def send_by_sms(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.SMS)


async def send_by_email(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.EMAIL)


async def _send(turn: Turn, entered: Entered, way: Way) -> Sent | TooSoon | TooMany:
    account = await accounts.find(turn, "id", entered.account)
    if account is None:
        return await codes.pretend(turn, CHANGING, way, entered.account)
    tried = await tried_by(turn, entered)
    return await codes.send(turn, CHANGING, way, reach(account, way), tried)


async def check_code(
    turn: Turn, code: str, challenge: str, entered: Entered
) -> Right | Wrong | Expired | Locked:
    tried = await tried_by(turn, entered)
    checked = await codes.check(turn, challenge, code, tried, purpose=CHANGING)
    if isinstance(checked, Right):
        turn.write(statements.proved_again(turn.chat, millis(turn.at)))
    return checked


async def send_to_new_email(turn: Turn, me: Mine, email: str) -> Sent | TooSoon | TooMany:
    return await _send_to_new(turn, me, Way.EMAIL, email)


async def send_to_new_phone(turn: Turn, me: Mine, phone: str) -> Sent | TooSoon | TooMany:
    return await _send_to_new(turn, me, Way.SMS, phone)


async def _send_to_new(turn: Turn, me: Mine, way: Way, to: str) -> Sent | TooSoon | TooMany:
    tried = await tried_by(turn, Entered(me.id))
    return await codes.send_unseen(turn, NEW[way], way, to, to, tried, seen=tried)


async def check_new_email(
    turn: Turn, code: str, challenge: str, me: Mine
) -> Right | Wrong | Expired | Locked:
    return await _check_new(turn, code, challenge, me, Way.EMAIL)


async def check_new_phone(
    turn: Turn, code: str, challenge: str, me: Mine
) -> Right | Wrong | Expired | Locked:
    return await _check_new(turn, code, challenge, me, Way.SMS)


async def _check_new(
    turn: Turn, code: str, challenge: str, me: Mine, way: Way
) -> Right | Wrong | Expired | Locked:
    tried = await tried_by(turn, Entered(me.id))
    return await codes.check(turn, challenge, code, tried, purpose=NEW[way])


async def change_reach(turn: Turn, me: Mine, proof: Right, new: Right) -> Changed | Taken | SignedOut:
    """Another phone or mailbox: `proof` is of what the account had before, `new` of what it is to have.

    Whoever has the mailbox can have the password changed: a slip of the pen must not give the account away.
    """
    account = await my_account(turn, me)
    if account is None or not _proves(proof, account):
        return SignedOut()
    is_email, at = new.way is Way.EMAIL, millis(turn.at)
    other = await accounts.find(turn, "email" if is_email else "phone", new.to)
    if other is not None and other.id != account.id:
        return Taken()
    letter = post.LetterName.EMAIL_CHANGED if is_email else post.LetterName.PHONE_CHANGED
    told = ((post.email, account.email), (post.sms, account.phone))
    for tell, to in told if is_email else reversed(told):
        tell(turn, to, letter)
    if is_email:
        after = replace(account, email=new.to, email_proved=True)
        change(turn, account, after, email=new.to, email_proved_at=at)
    else:
        after = replace(account, phone=new.to, phone_proved=True)
        change(turn, account, after, phone=new.to, phone_proved_at=at)
    return Changed()


async def new_password(turn: Turn, typed: Mapping[str, str], me: Mine) -> Kept | Weak:
    """Keep what was typed, unless it is weak or tells of its owner."""
    account = await my_account(turn, me)
    about = account.about if account else (me.full_name,)
    return await keep_password(turn, typed, *about)


async def change_password(turn: Turn, me: Mine, password: Kept, proof: Right) -> Changed | SignedOut:
    """Every other chat is signed out."""
    account = await my_account(turn, me)
    hash = await use_up(turn, password)
    if account is None or hash is None or not _proves(proof, account):
        return SignedOut()
    turn.write(*statements.sign_out_all(account.id, but=turn.chat))
    post.email(turn, account.email, post.LetterName.PASSWORD_CHANGED)
    post.sms(turn, account.phone, post.LetterName.PASSWORD_CHANGED)
    change(turn, account, replace(account, password=hash), password=hash)
    return Changed()


def _proves(proof: Right, account: Account) -> bool:
    return proof.to in (account.phone, account.email)


@dataclass(frozen=True, slots=True)
class Leaving:
    """The account will be erased on that day, unless it is kept before."""

    day: date


async def delete_account(turn: Turn, me: Mine, proof: Right) -> Leaving | SignedOut:
    """Set the account to be erased in a week, sign every other chat out, and tell phone and mailbox."""
    account = await my_account(turn, me)
    if account is None or not _proves(proof, account):
        return SignedOut()
    leaves = turn.at + WAY_BACK
    turn.write(*statements.sign_out_all(account.id, but=turn.chat))
    values = {"day": day_of(leaves)}
    post.email(turn, account.email, post.LetterName.ACCOUNT_TO_BE_DELETED, values)
    post.sms(turn, account.phone, post.LetterName.ACCOUNT_TO_BE_DELETED, values)
    change(turn, account, replace(account, delete_at=leaves), delete_at=millis(leaves))
    return Leaving(day_of(leaves))


async def keep_account(turn: Turn, me: Mine) -> Changed | SignedOut:
    """The way back from `delete_account`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    if account.delete_at is not None:
        change(turn, account, replace(account, delete_at=None), delete_at=None)
    return Changed()
