"""SMS and e-mails as services order them: a letter by its name and its values, in no language yet.

They are rows of the outbox, written with the turn and delivered after it; `bot.letters` has their words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.services.ports import Turn
from storage import outbox

SMS, EMAIL = "sms", "email"


class LetterName(StrEnum):
    """What can be written to a phone or a mailbox; `NEEDS` has the values of each."""

    CODE = "code"
    REGISTRATION_ATTEMPT = "registration_attempt"
    PHONE_CHANGED = "phone_changed"
    EMAIL_CHANGED = "email_changed"
    PASSWORD_CHANGED = "password_changed"
    SIGNED_IN_ELSEWHERE = "signed_in_elsewhere"
    ACCOUNT_TO_BE_DELETED = "account_to_be_deleted"
    ACCOUNT_DELETED = "account_deleted"
    METER_CLAIMED = "meter_claimed"
    METER_ASKED_FOR = "meter_asked_for"


#: `code` is a `CodeOf`, `minutes` how long it is valid, `day` the date on which the account will be gone or
#: until which a holder can object; `who` claims their `meter`, a customer code.
NEEDS: Mapping[LetterName, frozenset[str]] = {
    LetterName.CODE: frozenset({"code", "minutes"}),
    LetterName.REGISTRATION_ATTEMPT: frozenset(),
    LetterName.PHONE_CHANGED: frozenset(),
    LetterName.EMAIL_CHANGED: frozenset(),
    LetterName.PASSWORD_CHANGED: frozenset(),
    LetterName.SIGNED_IN_ELSEWHERE: frozenset(),
    LetterName.ACCOUNT_TO_BE_DELETED: frozenset({"day"}),
    LetterName.ACCOUNT_DELETED: frozenset(),
    LetterName.METER_CLAIMED: frozenset({"who", "meter", "day"}),
    LetterName.METER_ASKED_FOR: frozenset({"who", "meter", "day"}),
}


@dataclass(frozen=True, slots=True)
class CodeOf:
    """Stands for a challenge's one-time code, which is known at delivery alone and never stored."""

    challenge: str


Value = str | int | date | datetime | CodeOf


@dataclass(frozen=True, slots=True)
class Ordered:
    """A letter on its way to a phone number (E.164) or a mailbox.

    `language` is None for what the chat speaks when it is delivered.  After `expires` (epoch ms) it is of
    no use any more and does not go out.  When it is `quiet` the chat does not hear that it cannot arrive:
    that would tell a stranger that there is somebody to write to.
    """

    to: str
    letter: LetterName
    values: Mapping[str, Value]
    language: str | None = None
    expires: int | None = None
    quiet: bool = False

    @property
    def awaited(self) -> str:
        """The challenge whose code the chat waits for, and is told when it cannot arrive; "" for none."""
        return "" if self.quiet else self.challenge

    @property
    def challenge(self) -> str:
        """The challenge whose code the letter brings; "" for other letters."""
        return next((value.challenge for value in self.values.values() if isinstance(value, CodeOf)), "")


def sms(
    turn: Turn,
    to: str,
    letter: LetterName,
    values: Mapping[str, Value] | None = None,
    expires: datetime | None = None,
    *,
    language: str | None = None,
    quiet: bool = False,
) -> None:
    """Order an SMS with this turn.  Raises `ValueError` when the letter needs other values."""
    _order(turn, SMS, to, letter, values or {}, expires, language, quiet)


def email(
    turn: Turn,
    to: str,
    letter: LetterName,
    values: Mapping[str, Value] | None = None,
    expires: datetime | None = None,
    *,
    language: str | None = None,
    quiet: bool = False,
) -> None:
    """Order an e-mail with this turn.  Raises `ValueError` when the letter needs other values."""
    _order(turn, EMAIL, to, letter, values or {}, expires, language, quiet)


def _order(
    turn: Turn,
    kind: str,
    to: str,
    letter: LetterName,
    values: Mapping[str, Value],
    expires: datetime | None,
    language: str | None,
    quiet: bool,
) -> None:
    if values.keys() != NEEDS[letter]:
        raise ValueError(f"{letter.value} needs {sorted(NEEDS[letter])}, not {sorted(values)}")
    ordered = Ordered(to, letter, values, language, _millis(expires) if expires else None, quiet)
    # Careful: a code or a warning that comes twice unsettles; where a gateway takes a key, nothing is lost.
    turn.write(outbox.enqueue(turn.chat, kind, kind, write_order(ordered), _millis(turn.at), careful=True))


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def write_order(ordered: Ordered) -> str:
    """The order as JSON text, for a column."""
    packed = {
        "to": ordered.to,
        "letter": ordered.letter.value,
        "values": {name: _packed(value) for name, value in ordered.values.items()},
        "language": ordered.language,
        "expires": ordered.expires,
        "quiet": ordered.quiet,
    }
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def read_order(text: str) -> Ordered:
    """The order that `write_order` wrote.  Raises KeyError, TypeError or ValueError for anything else."""
    raw = json.loads(text)
    values = {name: _unpacked(value) for name, value in raw["values"].items()}
    quiet = raw.get("quiet", False)  # not yet in what an earlier version has left
    return Ordered(raw["to"], LetterName(raw["letter"]), values, raw["language"], raw["expires"], quiet)


def _packed(value: Value) -> Any:
    match value:
        case CodeOf(challenge):
            return {"challenge": challenge}
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
    return value


def _unpacked(raw: Any) -> Value:
    match raw:
        case {"challenge": str(challenge)}:
            return CodeOf(challenge)
        case {"date": str(day)}:
            return date.fromisoformat(day)
        case {"at": str(at)}:
            return datetime.fromisoformat(at)
        case str() | int():
            return raw
    raise ValueError(f"{raw!r} cannot stand in a letter")
