"""One-time codes: who gets one is asked for it, and nobody gets to guess.

A code is six digits that follow from its challenge and the secret key: nothing of it is stored.  It is good
for five minutes, once, in the chat and for the purpose it was sent for.  All numbers that bound guessing
stand here; `tests/services/test_codes.py` reckons what they allow together.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.services import post, throttle
from bot.services.phones import masked, masked_email
from bot.services.ports import Turn
from bot.services.throttle import Lockout, Standing, Window, millis
from bot.services.vault import Vault
from storage import challenges

VALID = timedelta(minutes=5)
#: Tries a code.
TRIES = 5
#: Seconds after which a code can be sent again; whoever waits longer is told minutes.
RESEND = 60

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: Codes to one phone number or mailbox.
PER_RECIPIENT = Window(((1, timedelta(seconds=RESEND)), (3, _HOUR), (10, _DAY)))
#: The same without the wait that comes after every code.
MANY_TO_RECIPIENT = Window(PER_RECIPIENT.limits[1:])
#: Codes that one chat may ask for.
PER_CHAT = Window(((5, _HOUR),))
#: Wrong codes of an account, or of a phone number that has no account yet; a new code forgives none.
LOCK = Lockout(10, timedelta(minutes=15), _DAY, memory=timedelta(days=30))

#: Begins the recipient of a code that is only pretended; no phone number and no address does.
_NOBODY = "nobody "
#: Under which kinds it is counted.
SENT_TO, ASKED_IN, TRIED = "code to", "code asked", "code tried"


class Way(Enum):
    """How a code travels."""

    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way; `to_masked` is what may be shown of where."""

    challenge: str
    way: Way
    to_masked: str


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The last code may still come; `challenge` is its, "" where none is out in this chat."""

    challenge: str
    seconds: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """No further code for so many minutes: too many were sent, or too many were wrong.

    `challenge` is that of a code which may still be entered here, "" where none is out.
    """

    minutes: int
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class Right:
    """The code is used up; whoever typed it can read what is sent to `to`."""

    way: Way
    to: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """`left` more tries at this code; with none, a new one is needed."""

    left: int


@dataclass(frozen=True, slots=True)
class Expired:
    """Too late, used already, tried too often, or never sent for this in this chat."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many wrong codes in a row; none counts for so many minutes."""

    minutes: int


async def send(
    turn: Turn, purpose: str, way: Way, to: str, subject: str, *, quiet: bool = False
) -> Sent | TooSoon | TooMany:
    """Send a code to a phone number (E.164) or a mailbox.

    `subject` is whose it is: the account, or the phone number while there is none.  When it is `quiet` the
    chat does not hear that it cannot be delivered.
    """
    refusal = await _refusal(turn, purpose, to, to, subject)
    return refusal if refusal is not None else await _sent(turn, purpose, way, to, quiet)


async def _sent(turn: Turn, purpose: str, way: Way, to: str, quiet: bool) -> Sent:
    sent = _challenge(turn, purpose, way, to)
    values: dict[str, post.Value] = {"code": post.CodeOf(sent), "minutes": VALID // timedelta(minutes=1)}
    order = post.sms if way is Way.SMS else post.email
    order(turn, to, post.LetterName.CODE, values, expires=turn.at + VALID, quiet=quiet)
    await _count(turn, to)
    return Sent(sent, way, masked(to) if way is Way.SMS else masked_email(to))


async def send_unseen(
    turn: Turn,
    purpose: str,
    way: Way,
    name: str,
    to: str,
    subject: str,
    *,
    seen: str,
    quiet: bool = False,
) -> Sent | TooSoon | TooMany:
    """Send a code to whoever goes by `name`, and tell nothing that was not done under that very name.

    What is seen is counted by the name, the chat and the wrong codes of `seen`.  Where `to` is "" (nobody
    goes by it), or something else limits `to` or the wrong codes of `subject`, the code is only pretended:
    all is counted alike, nothing is sent, and no code is right.  So nobody learns here who is a customer,
    nor which phone belongs to whom.
    """
    named = unseen(turn.vault, way, name)
    refusal = await _refusal(turn, purpose, to, named, seen)
    if refusal is not None:
        return refusal
    nowhere = f"{named} nowhere"  # counted where nothing is sent, so that it is the same work
    free = (await throttle.look(turn, SENT_TO, to or nowhere, PER_RECIPIENT)).allowed
    free &= (await throttle.look(turn, TRIED, subject, LOCK)).allowed
    await throttle.hit(turn, SENT_TO, named, PER_RECIPIENT)
    if not to or not free:
        await _count(turn, nowhere)
        return Sent(_challenge(turn, purpose, way, named), way, "")
    return await _sent(turn, purpose, way, to, quiet)


def unseen(vault: Vault, way: Way, name: str) -> str:
    """As whose the codes for who goes by a name are counted: phone and mailbox apart."""
    return _NOBODY + vault.derived("nobody", way.value, name)


async def pretend(turn: Turn, purpose: str, way: Way, subject: str) -> Sent | TooSoon | TooMany:
    """As `send`, for an account that is gone: all is counted alike, nothing is sent, no code is right."""
    return await send_unseen(turn, purpose, way, subject, "", subject, seen=subject)


async def check(
    turn: Turn, challenge: str, code: str, subject: str, *, purpose: str, seen: str = ""
) -> Right | Wrong | Expired | Locked:
    """Try a code.  `purpose` and `subject` are those it was sent for.

    With `seen` only its own lock is told of; while `subject` is locked besides, no code is right.
    """
    standing = await throttle.look(turn, TRIED, seen or subject, LOCK)
    if not standing.allowed:
        return Locked(_minutes(standing))
    counts = (await throttle.look(turn, TRIED, subject, LOCK)).allowed
    found = challenges.open_one(challenge, turn.chat, purpose, millis(turn.at), TRIES)
    rows = await turn.storage.read(found)
    if not rows:
        return Expired()
    to, rev, tries = str(rows[0]["recipient"]), int(str(rows[0]["rev"])), int(str(rows[0]["tries"]))
    if _is_right(turn, challenge, code) and not to.startswith(_NOBODY) and counts:
        turn.write(challenges.use(challenge, rev, millis(turn.at)))
        for whose in dict.fromkeys((subject, seen or subject)):
            await throttle.succeeded(turn, TRIED, whose)
        return Right(Way(rows[0]["way"]), to)
    turn.write(challenges.miss(challenge, rev))
    if seen and counts:
        await throttle.failed(turn, TRIED, subject, LOCK)
    standing = await throttle.failed(turn, TRIED, seen or subject, LOCK)
    return Wrong(TRIES - tries - 1) if standing.allowed else Locked(_minutes(standing))


async def _refusal(turn: Turn, purpose: str, to: str, counted: str, subject: str) -> TooSoon | TooMany | None:
    """Why no code goes out now; the longest wait counts."""
    standings = (
        await throttle.look(turn, SENT_TO, counted, PER_RECIPIENT),
        await throttle.look(turn, ASKED_IN, turn.chat, PER_CHAT),
        await throttle.look(turn, TRIED, subject, LOCK),
    )
    longest = max(standings, key=lambda standing: standing.wait_seconds)
    if longest.allowed:
        return None
    # Of the code that was sent and one that was pretended, the later counts.
    out = challenges.newest(turn.chat, purpose, (to, counted), millis(turn.at), TRIES)
    rows = await turn.storage.read(out)
    challenge = str(rows[0]["id"]) if rows else ""
    if longest.wait_seconds > RESEND:
        return TooMany(_minutes(longest), challenge)
    return TooSoon(challenge, longest.wait_seconds)


def _challenge(turn: Turn, purpose: str, way: Way, to: str) -> str:
    id, expires = turn.derived(f"code {purpose} {way.value} {to}"), millis(turn.at + VALID)
    turn.write(challenges.add(id, turn.chat, purpose, to, way.value, expires))
    return id


async def _count(turn: Turn, counted: str) -> None:
    await throttle.hit(turn, SENT_TO, counted, PER_RECIPIENT)
    await throttle.hit(turn, ASKED_IN, turn.chat, PER_CHAT)


def _is_right(turn: Turn, challenge: str, code: str) -> bool:
    """In constant time, whichever of the keys it was made under."""
    typed = code.encode(errors="replace")  # half a pair of surrogates is no digit, and no error of ours
    right = [hmac.compare_digest(typed, code.encode()) for code in turn.vault.codes(challenge)]
    return any(right)


def _minutes(standing: Standing) -> int:
    return -(-standing.wait_seconds // 60)
