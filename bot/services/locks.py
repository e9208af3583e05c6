"""Whom wrong passwords, wrong codes or too many codes keep waiting: found for an operator, and let in.

Counters name nobody.  So the keys of every account and chat are worked out again, and looked for among those
that keep somebody waiting.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.services import codes, sign_in, throttle
from bot.services.accounts import Account, account_of, moment
from bot.services.codes import Way
from bot.services.ports import Turn
from bot.services.throttle import SIGN_IN, Lockout, Policy, State, millis
from storage import accounts as statements
from storage import conversations, throttles

PAGE = 1000
#: More failures than anybody has made: the number is a moment, and the state that of a window.
_NO_COUNT = 10**9


class Why(Enum):
    PASSWORDS = "wrong passwords"
    CODES = "wrong codes"
    ASKED = "too many codes asked for"


@dataclass(frozen=True, slots=True)
class Counter:
    """Something of an account (an id) or else of a chat, and under what it is counted."""

    account: str
    chat: str
    why: Why
    kind: str
    subject: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Locked:
    """An account (an id), or else a chat, that has to wait until that moment."""

    account: str
    chat: str
    why: Why
    until: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Who is locked, those who wait longest first; `unknown` locks are of no account or chat here."""

    locks: tuple[Locked, ...]
    unknown: int


async def locked(turn: Turn) -> Found:
    """Everybody.  It takes some 50 µs an account where anybody is locked, and nothing where nobody is."""
    left = {key: state async for key, state in _counted(turn) if _keeps_waiting(state, turn.at)}
    found: dict[tuple[str, str, Why], datetime] = {}
    if left:
        async for counter in _counters(turn):
            for key in throttle.keys(turn.vault, counter.kind, counter.subject):
                until = _until(counter, left.pop(key, ()), turn.at)
                name = (counter.account, counter.chat, counter.why)
                if until is not None:
                    found[name] = max(until, found.get(name, until))
            if not left:
                break
    locks = [Locked(*name, until) for name, until in found.items()]
    longest = sorted(locks, key=lambda each: (-each.until.timestamp(), each.account, each.chat))
    return Found(tuple(longest), sum(_is_count(state) for state in left.values()))


async def unlock_account(turn: Turn, account: Account) -> tuple[Why, ...]:
    """Forget with the turn what keeps it waiting, in all its chats; what that was."""
    rows = await turn.storage.read(statements.chats(account.id, 0))
    chats = [str(row["chat"]) for row in rows]
    return await _forgotten(turn, (*_of_account(turn, account), *_of_links(account.id, chats)))


async def unlock_chat(turn: Turn, chat: str) -> tuple[Why, ...]:
    return await _forgotten(turn, _of_chat(chat))


async def _forgotten(turn: Turn, counters: Iterable[Counter]) -> tuple[Why, ...]:
    freed = []
    for counter in counters:
        standing = await throttle.look(turn, counter.kind, counter.subject, counter.policy)
        if not standing.allowed:
            await throttle.succeeded(turn, counter.kind, counter.subject)
            freed.append(counter.why)
    return tuple(dict.fromkeys(freed))


# -- what is counted -------------------------------------------------------------------------------------


def _of_account(turn: Turn, account: Account) -> Iterator[Counter]:
    for subject in sign_in.subjects(account):
        yield Counter(account.id, "", Why.PASSWORDS, sign_in.PASSWORD_OF, subject, SIGN_IN)
        yield Counter(account.id, "", Why.CODES, codes.TRIED, subject, codes.LOCK)
    # Before it had an account the phone was counted by itself.
    yield Counter(account.id, "", Why.CODES, codes.TRIED, account.phone, codes.LOCK)
    names = sign_in.names(account)
    unseen = (codes.unseen(turn.vault, way, name) for way in Way for name in names)
    for to in (account.phone, account.email, *unseen):
        yield Counter(account.id, "", Why.ASKED, codes.SENT_TO, to, codes.MANY_TO_RECIPIENT)


def _of_links(account: str, chats: Iterable[str]) -> Iterator[Counter]:
    for chat in chats:
        yield Counter(account, "", Why.CODES, codes.TRIED, sign_in.tried_in(account, chat), codes.LOCK)


def _of_chat(chat: str) -> Iterator[Counter]:
    yield Counter("", chat, Why.PASSWORDS, sign_in.TRIED_IN, chat, SIGN_IN)
    yield Counter("", chat, Why.ASKED, codes.ASKED_IN, chat, codes.PER_CHAT)


async def _counters(turn: Turn) -> AsyncIterator[Counter]:
    """Of every account, every chat that is signed in, and every chat, page by page."""
    last = ""
    while rows := await turn.storage.read(statements.everybody(last, PAGE)):
        last = str(rows[-1]["id"])
        for row in rows:
            for counter in _of_account(turn, account_of(row)):
                yield counter
    last = ""
    while rows := await turn.storage.read(statements.all_linked(last, PAGE)):
        last = str(rows[-1]["chat"])
        for row in rows:
            for counter in _of_links(str(row["account"]), [str(row["chat"])]):
                yield counter
    last = ""
    while rows := await turn.storage.read(conversations.chats(last, PAGE)):
        last = str(rows[-1]["chat"])
        for row in rows:
            for counter in _of_chat(str(row["chat"])):
                yield counter


async def _counted(turn: Turn) -> AsyncIterator[tuple[str, State]]:
    last = ""
    while rows := await turn.storage.read(throttles.counting(millis(turn.at), last, PAGE)):
        last = str(rows[-1]["key"])
        for row in rows:
            yield str(row["key"]), throttle.read_state(row["state"])


# -- what keeps waiting ----------------------------------------------------------------------------------


def _keeps_waiting(state: State, at: datetime) -> bool:
    """Whether it would, as the counter of anything here: whose it is, is not known yet."""
    policies: tuple[Policy, ...] = (codes.MANY_TO_RECIPIENT, codes.PER_CHAT)
    if _is_count(state):
        policies = (SIGN_IN, codes.LOCK)
    return any(not policy.standing(state, millis(at)).allowed for policy in policies)


def _is_count(state: State) -> bool:
    """Whether it is the state of a `Lockout`."""
    return len(state) == 2 and state[0] < _NO_COUNT


def _until(counter: Counter, state: State, at: datetime) -> datetime | None:
    if _is_count(state) is not isinstance(counter.policy, Lockout):
        return None
    standing = counter.policy.standing(state, millis(at))
    return None if standing.allowed else moment(millis(at) + standing.wait_seconds * 1000)
