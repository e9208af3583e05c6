"""Passwords typed on a page: the hash waits under a reference until its dialog uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.services.ports import Turn
from bot.services.throttle import millis
from bot.services.weaknesses import Weakness, weaknesses
from storage import secrets_kept

#: As long as a dialog may rest.
WAITS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept:
    """A new password was typed; `ref` is where its hash waits."""

    ref: str


@dataclass(frozen=True, slots=True)
class Weak:
    """The password will not do, and the first reason why."""

    weakness: Weakness


async def keep_password(turn: Turn, typed: Mapping[str, str], *about: str) -> Kept | Weak:
    """Keep the hash of a new password; `about` is what is known of its owner."""
    weak = weaknesses(typed["password"], about)
    if weak:
        return Weak(weak[0])
    kept = Kept(turn.derived("password"))
    hash, until = await turn.passwords.hash(typed["password"]), millis(turn.at + WAITS)
    turn.write(secrets_kept.keep(kept.ref, turn.chat, hash, until))
    return kept


async def use_up(turn: Turn, kept: Kept) -> str | None:
    """The hash, which this turn takes out; None when it waited too long."""
    rows = await turn.storage.read(secrets_kept.get(kept.ref, turn.chat, millis(turn.at)))
    if not rows:
        return None
    turn.write(secrets_kept.use_up(kept.ref, turn.chat))
    return str(rows[0]["body"])
