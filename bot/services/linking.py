"""One account in several chats: a chat that is signed in shows a code, and another chat brings it.

The code is good for ten minutes, once, for as long as the chat that showed it is signed in; only its HMAC is
stored, as the id of a challenge.  The new chat is as fresh as the one that let it in: what asks for a recent
code there asks for one here.  Guessing: a chat has five wrong codes an hour, so with a hundred codes out at
once somebody with a thousand new chats an hour guesses one in three years; and every chat of the account is
told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.services import accounts, link_codes, post, throttle
from bot.services.accounts import Session
from bot.services.my_account import Mine, SignedOut, my_account
from bot.services.ports import Turn
from bot.services.throttle import Standing, Window, millis
from storage import accounts as statements
from storage import challenges, notices

PURPOSE, WAY = "another chat", "chat"
#: The kind under which `storage.notices` has what the account's other chats are told.
JOINED = "chat"
VALID = timedelta(minutes=10)
#: Codes that an account may be given.
MADE = Window(((5, timedelta(hours=1)),))
#: Wrong codes of a chat.
TRIES = Window(((5, timedelta(hours=1)),))
_MADE, _TRIED = "link code made", "link code tried"


@dataclass(frozen=True, slots=True)
class Doorway:
    """Where a chat of another channel opens: an address that the code completes."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Made:
    """A code is out; what it is follows from `seed` and the secret key alone."""

    seed: str
    doorways: tuple[Doorway, ...]


@dataclass(frozen=True, slots=True)
class MadeEnough:
    """So many codes were made that the next may be only after so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that somebody has brought: its HMAC under each key."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """A code that counts.  `whose` is all that may be shown before it is used: A•••."""

    code: LinkCode
    whose: str


@dataclass(frozen=True, slots=True)
class Instead:
    """The same, where another account is signed in, which would be signed out."""

    code: LinkCode
    whose: str


@dataclass(frozen=True, slots=True)
class Already:
    """The account is signed in in this chat."""


@dataclass(frozen=True, slots=True)
class NoSuchCode:
    """Never made, used already, or too late: which of them is not told."""


@dataclass(frozen=True, slots=True)
class TriedEnough:
    """Too many wrong codes; the next counts after so many minutes."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The chat is signed in."""

    name: str


async def make_code(turn: Turn, me: Mine) -> Made | MadeEnough | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    standing = await throttle.look(turn, _MADE, account.id, MADE)
    if not standing.allowed:
        return MadeEnough(_minutes(standing))
    await throttle.hit(turn, _MADE, account.id, MADE)
    seed = turn.derived("link code")
    id = link_codes.kept(turn.vault, link_codes.code_of(turn.vault, seed))[0]
    expires = millis(turn.at + VALID)
    turn.write(challenges.add(id, turn.chat, PURPOSE, account.id, WAY, expires))
    here = turn.chat.partition(":")[0]
    doorways = (Doorway(*found) for found in turn.invitations().items() if found[0] != here)
    return Made(seed, tuple(doorways))


async def keep_code(turn: Turn, typed: str) -> LinkCode:
    """What of a code may be remembered."""
    return LinkCode(link_codes.kept(turn.vault, typed))


async def enter_code(turn: Turn, typed: str) -> Invited | Instead | Already | NoSuchCode | TriedEnough:
    return await look_up(turn, await keep_code(turn, typed))


async def look_up(turn: Turn, code: LinkCode) -> Invited | Instead | Already | NoSuchCode | TriedEnough:
    """What a code is good for in this chat; it is not used up by that.  A wrong one counts as a try."""
    standing = await throttle.look(turn, _TRIED, turn.chat, TRIES)
    if not standing.allowed:
        return TriedEnough(_minutes(standing))
    found = await _open(turn, code)
    if found is None:
        await throttle.hit(turn, _TRIED, turn.chat, TRIES)
        return NoSuchCode()
    account, here = found.there.account, await accounts.session(turn)
    if here is not None and here.account.id == account.id:
        return Already()
    return (Instead if here else Invited)(code, f"{account.first_name[:1]}•••")


async def join(turn: Turn, code: LinkCode) -> Joined | NoSuchCode:
    """Use the code up: this chat is signed in, the mailbox is told now and the other chats at once."""
    found = await _open(turn, code)
    if found is None:
        return NoSuchCode()
    account = found.there.account
    turn.write(challenges.use(found.id, found.rev, millis(turn.at)))
    # Whoever is being signed out over there at this moment invites nobody.
    turn.write(statements.still_linked(found.chat, account.id))
    accounts.sign_in(turn, account, proved_at=found.there.proved_at)
    turn.write(notices.add(f"chat {found.id}", account.id, JOINED, "", turn.chat, millis(turn.at)))
    post.email(turn, account.email, post.LetterName.SIGNED_IN_ELSEWHERE)
    return Joined(account.display_name)


@dataclass(frozen=True, slots=True)
class _Open:
    """A code that counts: the row's `id` and `rev`, the chat that showed it, and who is signed in there."""

    id: str
    rev: int
    chat: str
    there: Session


async def _open(turn: Turn, code: LinkCode) -> _Open | None:
    for id in code.ids:
        for row in await turn.storage.read(challenges.open_anywhere(id, PURPOSE, millis(turn.at))):
            chat = str(row["chat"])
            there = await accounts.session_of(turn, chat)
            if there is not None and there.account.id == row["recipient"]:
                return _Open(id, int(str(row["rev"])), chat, there)
    return None


def _minutes(standing: Standing) -> int:
    return -(-standing.wait_seconds // 60)
