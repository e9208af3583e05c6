"""How often something may be tried.  The counters outlive a restart, and their keys name nobody.

A policy is pure: it works on a small state and a moment, in milliseconds.  A counter is written by compare
and set, so that two turns at once cannot both count as the first: the later one is walked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.services.ports import Turn
from bot.services.vault import Vault
from storage import throttles

#: What a policy remembers; empty before the first try.
State = tuple[int, ...]
#: Doubling ends here; every `most` is far below it.
_DOUBLINGS = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether one more try is allowed now, and if not, after how many seconds it will be."""

    allowed: bool = True
    wait_seconds: int = 0


class Policy(Protocol):
    def standing(self, state: State, at_ms: int) -> Standing: ...

    def counted(self, state: State, at_ms: int) -> State:
        """The state after one more, allowed or not."""
        ...

    def until(self, state: State) -> int:
        """When the state is as good as none, in milliseconds."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many in any span of such a length, for each of `limits`.  Its state: when, oldest first."""

    limits: tuple[tuple[int, timedelta], ...]

    def standing(self, state: State, at_ms: int) -> Standing:
        free = (state[-count] + _millis(span) for count, span in self.limits if len(state) >= count)
        return _standing(max(free, default=at_ms), at_ms)

    def counted(self, state: State, at_ms: int) -> State:
        # Sorted, because the clock may have been set back.
        return tuple(sorted((*state, at_ms)))[-max(count for count, _span in self.limits) :]

    def until(self, state: State) -> int:
        return state[-1] + _millis(max(span for _count, span in self.limits)) if state else 0


@dataclass(frozen=True, slots=True)
class Lockout:
    """`after` failures with no success between them lock for `first`; each further one for twice as long.

    No lock is longer than `most`.  Failures are remembered for `memory` after the last of them, or as long
    as it locks.  Its state: how many, and when the last was.
    """

    after: int
    first: timedelta
    most: timedelta
    memory: timedelta

    def standing(self, state: State, at_ms: int) -> Standing:
        return _standing(state[1] + self._lock(state[0]), at_ms) if state else Standing()

    def counted(self, state: State, at_ms: int) -> State:
        return (state[0] + 1 if state else 1, at_ms)

    def until(self, state: State) -> int:
        return state[1] + max(_millis(self.memory), self._lock(state[0])) if state else 0

    def _lock(self, failures: int) -> int:
        if failures < self.after:
            return 0
        doubled = _millis(self.first) << min(failures - self.after, _DOUBLINGS)
        return min(doubled, _millis(self.most))


#: Wrong passwords, of an account and of a chat.
SIGN_IN = Lockout(5, timedelta(seconds=30), timedelta(hours=1), memory=timedelta(days=1))


async def look(turn: Turn, kind: str, subject: str, policy: Policy) -> Standing:
    """How things stand; counts nothing.  `kind` is what is tried, `subject` by whom or of whom."""
    counter = await _counter(turn, kind, subject)
    return policy.standing(counter.state, millis(turn.at))


async def hit(turn: Turn, kind: str, subject: str, policy: Window) -> Standing:
    """Count one more with the turn; returns how things stand for the next one."""
    return await _count(turn, kind, subject, policy)


async def failed(turn: Turn, kind: str, subject: str, policy: Lockout) -> Standing:
    """Count a failure with the turn, also while locked; returns how things stand for the next try."""
    return await _count(turn, kind, subject, policy)


async def succeeded(turn: Turn, kind: str, subject: str) -> None:
    """Forget the failures with the turn.

    It is written where there were none, too: of a crowd of guesses at one moment the right one must not slip
    past what the wrong ones have used up.
    """
    _keep(turn, await _counter(turn, kind, subject), (), millis(turn.at))


def keys(vault: Vault, kind: str, subject: str) -> tuple[str, ...]:
    """What it is counted under, by today's secret key and by the one before."""
    return vault.all_derived("throttle", kind, subject)


@dataclass(frozen=True, slots=True)
class _Counter:
    """What is counted under a key as of `rev`; `place` is that of the write by which this turn changes it."""

    key: str
    rev: int = 0
    state: State = ()
    place: int | None = None


async def _count(turn: Turn, kind: str, subject: str, policy: Policy) -> Standing:
    counter, at_ms = await _counter(turn, kind, subject), millis(turn.at)
    state = policy.counted(counter.state, at_ms)
    _keep(turn, counter, state, policy.until(state))
    return policy.standing(state, at_ms)


async def _counter(turn: Turn, kind: str, subject: str) -> _Counter:
    """What this turn is about to write counts; else what it read first."""
    key, *before = keys(turn.vault, kind, subject)
    for place, write in enumerate(turn.writes):
        if write.guard == throttles.GUARD and write.params["key"] == key:
            return _Counter(
                key, int(str(write.params.get("rev", 0))), read_state(write.params["state"]), place
            )
    # Read once a turn: whoever counts must count on from where they looked, however long they were at it.
    name = f"{throttles.GUARD} {key}"
    if name not in turn.known:
        turn.known[name] = await _kept(turn, key, before)
    counter: _Counter = turn.known[name]
    return counter


async def _kept(turn: Turn, key: str, before: Sequence[str]) -> _Counter:
    """What is kept, under today's secret key or the last."""
    counter = await _read(turn, key)
    for old in before:
        if counter.rev == 0:
            counter = _Counter(key, state=(await _read(turn, old)).state)
    return counter


async def _read(turn: Turn, key: str) -> _Counter:
    rows = await turn.storage.read(throttles.get(key))
    if not rows:
        return _Counter(key)
    over = int(str(rows[0]["until"])) <= millis(turn.at)
    return _Counter(key, int(str(rows[0]["rev"])), () if over else read_state(rows[0]["state"]))


def _keep(turn: Turn, counter: _Counter, state: State, until_ms: int) -> None:
    """One write a key and turn: a later count takes the place of an earlier one."""
    write = throttles.put(counter.key, counter.rev, json.dumps(state), until_ms)
    if counter.place is None:
        turn.write(write)
    else:
        turn.writes[counter.place] = write


def read_state(raw: object) -> State:
    """The state in a stored row."""
    return tuple(json.loads(str(raw)))


def _standing(free_ms: int, at_ms: int) -> Standing:
    return Standing() if free_ms <= at_ms else Standing(False, -(-(free_ms - at_ms) // 1000))


def millis(at: datetime) -> int:
    """A moment as columns hold it: UTC epoch milliseconds."""
    return int(at.timestamp() * 1000)


def _millis(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
