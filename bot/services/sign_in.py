"""Signs a chat in to an account that exists: by password and code, or by code and a new password.

Who has no account is asked, counted and kept waiting just like who has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.services import accounts, codes, post, throttle
from bot.services.accounts import Account
from bot.services.codes import Expired, Locked, Right, Sent, TooMany, TooSoon, Way, Wrong
from bot.services.ports import Turn
from bot.services.secrets_typed import Kept, Weak, keep_password, use_up
from bot.services.throttle import SIGN_IN, millis
from storage import accounts as statements

#: Under which kinds wrong passwords are counted.
PASSWORD_OF, TRIED_IN = "password of", "passwords tried in"
SIGNING_IN, RESET = "sign in", "reset password"


@dataclass(frozen=True, slots=True)
class Name:
    """How somebody says which account is theirs: by `email`, `phone` or `personal_number`."""

    by: str
    value: str


@dataclass(frozen=True, slots=True)
class Entered:
    """The password was right; the account is remembered by its id."""

    account: str


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """No such account, or not its password."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Too many wrong passwords; the next one counts in so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The chat is signed in."""

    name: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The account, or what was proved for it, is no longer there."""


async def enter_password(turn: Turn, typed: Mapping[str, str], name: Name) -> Entered | WrongPassword | Waits:
    """Compare a password that was typed on a page; wrong ones are counted by account and by chat."""
    account = await _named(turn, name)
    subject, seen = _subject(account, name), _seen(name)
    trusted = await _is_linked(turn, account.id if account else "")
    waits, locked = await _wait(turn, seen, trusted=trusted), await _is_locked(turn, subject, trusted=trusted)
    if account is None:
        await turn.passwords.waste(typed["password"])
    elif (verdict := await turn.passwords.verify(account.password, typed["password"])).ok and not (
        waits or locked
    ):
        if verdict.rehash:
            hash = await turn.passwords.hash(typed["password"])
            turn.write(statements.change(account.id, account.rev, password=hash))
        await throttle.succeeded(turn, PASSWORD_OF, subject)
        await throttle.succeeded(turn, PASSWORD_OF, seen)
        await throttle.succeeded(turn, TRIED_IN, turn.chat)
        return Entered(account.id)
    if waits:
        return Waits(waits)
    if not locked:
        await throttle.failed(turn, PASSWORD_OF, subject, SIGN_IN)
    await throttle.failed(turn, PASSWORD_OF, seen, SIGN_IN)
    await throttle.failed(turn, TRIED_IN, turn.chat, SIGN_IN)
    return WrongPassword()


async def _wait(turn: Turn, seen: str, *, trusted: bool) -> int:
    """For how many seconds no password counts, as is told; in a trusted chat only its own failures do."""
    here = await throttle.look(turn, TRIED_IN, turn.chat, SIGN_IN)
    anywhere = await throttle.look(turn, PASSWORD_OF, seen, SIGN_IN)
    return here.wait_seconds if trusted else max(here.wait_seconds, anywhere.wait_seconds)


async def _is_locked(turn: Turn, subject: str, *, trusted: bool) -> bool:
    """Whether no password counts because of failures under any of the account's names: that is not told."""
    standing = await throttle.look(turn, PASSWORD_OF, subject, SIGN_IN)
    return not standing.allowed and not trusted


async def _is_linked(turn: Turn, account: str) -> bool:
    """Whether this chat was signed in to the account before and never signed out: nobody locks it out."""
    rows = await turn.storage.read(statements.linked(turn.chat))
    return bool(rows) and rows[0]["account"] == account


def _subject(account: Account | None, name: Name) -> str:
    """Whose failures are counted; a name that is nobody's apart from whatever else is counted of it."""
    return account.id if account else f"nobody {name.value}"


def _seen(name: Name) -> str:
    """Whose failures are told of: those under this very name, so that no other name betrays itself."""
    return named(name.value)


def named(value: str) -> str:
    return f"named {value}"


def subjects(account: Account) -> tuple[str, ...]:
    """All under which failures of an account are counted: its own, and those of each of its names."""
    return (account.id, *map(named, names(account)))


def names(account: Account) -> tuple[str, ...]:
    return (account.email, account.phone, account.personal_number)


async def _named(turn: Turn, name: Name) -> Account | None:
    return await accounts.find(turn, name.by, name.value)


# -- the code after the password -----------------------------------------------------------------------


async def send_by_sms(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.SMS)


async def send_by_email(turn: Turn, entered: Entered) -> Sent | TooSoon | TooMany:
    return await _send(turn, entered, Way.EMAIL)


async def _send(turn: Turn, entered: Entered, way: Way) -> Sent | TooSoon | TooMany:
    account = await accounts.find(turn, "id", entered.account)
    if account is None:
        return await codes.pretend(turn, SIGNING_IN, way, entered.account)
    tried = await tried_by(turn, entered)
    return await codes.send(turn, SIGNING_IN, way, reach(account, way), tried)


async def tried_by(turn: Turn, entered: Entered) -> str:
    """Whose wrong codes are counted once the password was right.

    A chat that was never signed out counts its own: no stranger's guesses lock it out.
    """
    own = await _is_linked(turn, entered.account)
    return tried_in(entered.account, turn.chat) if own else entered.account


def tried_in(account: str, chat: str) -> str:
    """As whose the wrong codes of one chat of an account are counted."""
    return f"{account} in {chat}"


def reach(account: Account, way: Way) -> str:
    return account.phone if way is Way.SMS else account.email


async def check_code(
    turn: Turn, code: str, challenge: str, entered: Entered
) -> Right | Wrong | Expired | Locked:
    tried = await tried_by(turn, entered)
    return await codes.check(turn, challenge, code, tried, purpose=SIGNING_IN)


async def sign_in(turn: Turn, entered: Entered, proof: Right) -> SignedIn | Gone:
    """Sign the chat in, and tell the account's mailbox."""
    account = await accounts.find(turn, "id", entered.account)
    if account is None or proof.to not in (account.phone, account.email):
        return Gone()
    _welcome(turn, account, proof.way)
    post.email(turn, account.email, post.LetterName.SIGNED_IN_ELSEWHERE)
    return SignedIn(account.display_name)


def _welcome(turn: Turn, account: Account, way: Way) -> None:
    turn.write(statements.proved(account.id, way.value, millis(turn.at)))
    accounts.sign_in(turn, account)


# -- a forgotten password ------------------------------------------------------------------------------


async def send_reset_by_sms(turn: Turn, name: Name) -> Sent | TooSoon | TooMany:
    return await _send_reset(turn, name, Way.SMS)


async def send_reset_by_email(turn: Turn, name: Name) -> Sent | TooSoon | TooMany:
    return await _send_reset(turn, name, Way.EMAIL)


async def _send_reset(turn: Turn, name: Name, way: Way) -> Sent | TooSoon | TooMany:
    """The answer tells nothing of an account: where the code goes is left out."""
    account = await _named(turn, name)
    to = reach(account, way) if account else ""
    subject, seen = _subject(account, name), _seen(name)
    sent = await codes.send_unseen(turn, RESET, way, name.value, to, subject, seen=seen, quiet=True)
    return replace(sent, to_masked="") if isinstance(sent, Sent) else sent


async def check_reset_code(
    turn: Turn, code: str, challenge: str, name: Name
) -> Right | Wrong | Expired | Locked:
    account = await _named(turn, name)
    subject, seen = _subject(account, name), _seen(name)
    return await codes.check(turn, challenge, code, subject, purpose=RESET, seen=seen)


async def new_password(turn: Turn, typed: Mapping[str, str], name: Name) -> Kept | Weak:
    """Keep what was typed, unless it is weak or tells of the account's owner."""
    account = await _named(turn, name)
    return await keep_password(turn, typed, *(account.about if account else ()))


async def reset_password(turn: Turn, name: Name, proof: Right, password: Kept) -> SignedIn | Gone:
    """Set the new password, sign every other chat out and this one in, and tell phone and mailbox."""
    account = await _named(turn, name)
    hash = await use_up(turn, password)
    if account is None or hash is None or proof.to not in (account.phone, account.email):
        return Gone()
    turn.write(statements.change(account.id, account.rev, password=hash))
    turn.write(*statements.sign_out_all(account.id, but=turn.chat))
    for subject in subjects(account):
        await throttle.succeeded(turn, PASSWORD_OF, subject)
    _welcome(turn, replace(account, rev=account.rev + 1, password=hash), proof.way)
    post.email(turn, account.email, post.LetterName.PASSWORD_CHANGED)
    post.sms(turn, account.phone, post.LetterName.PASSWORD_CHANGED)
    return SignedIn(account.display_name)
