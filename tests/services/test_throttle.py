from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import throttle
from bot.services.ports import Turn
from bot.services.throttle import SIGN_IN, Lockout, Standing, State, Window
from bot.services.vault import Vault
from storage import throttles
from storage.base import Conflict, Query, Storage
from tests.services.turns import Turns, later

SECOND, HOUR = 1000, 3_600_000
WINDOW = Window(((1, timedelta(minutes=1)), (3, timedelta(hours=1))))
LOCKOUT = Lockout(3, timedelta(minutes=15), timedelta(hours=24), memory=timedelta(days=30))


def after(policy: Window | Lockout, *moments: int) -> State:
    state: State = ()
    for at_ms in moments:
        state = policy.counted(state, at_ms)
    return state


def test_a_window_lets_so_many_through_and_says_when_the_next_may_come() -> None:
    assert WINDOW.standing((), 0).allowed
    assert WINDOW.standing(after(WINDOW, 0), 10 * SECOND) == Standing(False, 50)
    assert WINDOW.standing(after(WINDOW, 0), 60 * SECOND).allowed
    full = after(WINDOW, 0, 600 * SECOND, 1200 * SECOND)
    assert WINDOW.standing(full, 1800 * SECOND) == Standing(False, 1800)
    assert WINDOW.standing(full, HOUR).allowed


def test_a_window_slides() -> None:
    slid = after(WINDOW, 0, 600 * SECOND, 1200 * SECOND, HOUR)
    assert WINDOW.standing(slid, HOUR + 60 * SECOND) == Standing(False, 540)


def test_a_wait_is_rounded_up_to_whole_seconds() -> None:
    assert WINDOW.standing(after(WINDOW, 1), 2) == Standing(False, 60)
    assert WINDOW.standing(after(WINDOW, 0), 59_999) == Standing(False, 1)


def test_a_clock_that_was_set_back_lets_nobody_through_early() -> None:
    assert WINDOW.standing(after(WINDOW, 100 * SECOND), 40 * SECOND) == Standing(False, 120)
    assert after(WINDOW, 100 * SECOND, 40 * SECOND) == (40 * SECOND, 100 * SECOND)


@given(st.lists(st.integers(0, 3 * HOUR), max_size=60).map(sorted))
def test_whatever_is_tried_a_window_never_lets_more_through_than_it_says(moments: list[int]) -> None:
    state, through = State(), list[int]()
    for at_ms in moments:
        if WINDOW.standing(state, at_ms).allowed:
            state, through = WINDOW.counted(state, at_ms), [*through, at_ms]
    for count, span in WINDOW.limits:
        millis = span // timedelta(milliseconds=1)
        assert all(late - early >= millis for early, late in zip(through, through[count:], strict=False))


@given(st.lists(st.integers(0, 3 * HOUR), min_size=1, max_size=60).map(sorted), st.integers(0, 4 * HOUR))
def test_whoever_waits_as_told_is_let_through(moments: list[int], at_ms: int) -> None:
    for policy in (WINDOW, LOCKOUT):
        state = after(policy, *moments)
        wait = policy.standing(state, at_ms).wait_seconds
        assert policy.standing(state, at_ms + wait * SECOND).allowed


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 0), (2, 0), (3, 15), (4, 30), (5, 60), (9, 960), (10, 1440), (11, 1440), (5000, 1440)],
)
def test_failures_lock_and_every_further_one_for_twice_as_long(failures: int, minutes: int) -> None:
    state = after(LOCKOUT, *(0 for _ in range(failures)))
    assert LOCKOUT.standing(state, 0) == Standing(minutes == 0, minutes * 60)
    assert LOCKOUT.standing(state, minutes * 60 * SECOND).allowed


def test_sign_in_locks_for_30_seconds_at_the_fifth_failure_and_for_an_hour_in_the_end() -> None:
    waits = [SIGN_IN.standing(after(SIGN_IN, *range(n)), n - 1).wait_seconds for n in range(1, 15)]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


async def test_what_is_counted_is_there_in_the_next_turn(storage: Storage) -> None:
    turns = Turns(storage)
    assert (await turns.take("a", later(), lambda t: throttle.look(t, "k", "s", WINDOW))).allowed
    told = await turns.take("a", later(), lambda t: throttle.hit(t, "k", "s", WINDOW))
    assert told == Standing(False, 60)
    assert await turns.take("b", later(seconds=20), lambda t: throttle.look(t, "k", "s", WINDOW)) == Standing(
        False, 40
    )


async def test_subjects_and_kinds_are_counted_apart(storage: Storage) -> None:
    turns = Turns(storage)
    await turns.take("a", later(), lambda t: throttle.hit(t, "k", "s", WINDOW))
    turn = turns.begin("a", later())
    for kind, subject in (("k", "t"), ("l", "s"), ("ks", "")):
        assert (await throttle.look(turn, kind, subject, WINDOW)).allowed
    assert not (await throttle.look(turn, "k", "s", WINDOW)).allowed


async def test_two_in_one_turn_add_up_and_are_one_write(storage: Storage) -> None:
    turns = Turns(storage)

    async def twice(turn: Turn) -> int:
        await throttle.failed(turn, "k", "s", LOCKOUT)
        await throttle.failed(turn, "k", "s", LOCKOUT)
        return len(turn.writes)

    assert await turns.take("a", later(), twice) == 1
    third = await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    assert third == Standing(False, 900)
    assert await turns.take("a", later(), twice) == 1
    assert (
        await turns.take("a", later(), lambda t: throttle.look(t, "k", "s", LOCKOUT))
    ).wait_seconds == 3600


async def test_success_forgives_what_failed_before(storage: Storage) -> None:
    turns = Turns(storage)
    for _ in range(2):
        await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    await turns.take("a", later(), lambda t: throttle.succeeded(t, "k", "s"))
    for _ in range(2):
        told = await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
        assert told.allowed
    assert not (await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))).allowed


async def test_a_success_does_not_slip_past_a_failure_that_came_between(storage: Storage) -> None:
    turns = Turns(storage)
    turn = turns.begin("a", later())
    await throttle.succeeded(turn, "k", "s")
    await turns.take("b", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    with pytest.raises(Conflict):
        await storage.commit(turn.writes)


async def test_who_counts_counts_on_from_where_they_looked(storage: Storage) -> None:
    turns = Turns(storage)
    turn = turns.begin("a", later())
    assert (await throttle.look(turn, "k", "s", LOCKOUT)).allowed
    for _ in range(LOCKOUT.after):  # while this turn is at work
        await turns.take("b", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    await throttle.failed(turn, "k", "s", LOCKOUT)
    with pytest.raises(Conflict):
        await storage.commit(turn.writes)


async def test_a_failure_after_a_success_in_one_turn_is_the_first(storage: Storage) -> None:
    turns = Turns(storage)
    for _ in range(2):
        await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))

    async def both(turn: Turn) -> Standing:
        await throttle.succeeded(turn, "k", "s")
        return await throttle.failed(turn, "k", "s", LOCKOUT)

    assert (await turns.take("a", later(), both)).allowed
    assert (await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))).allowed


async def test_turns_at_the_same_moment_are_all_counted(storage: Storage) -> None:
    turns = Turns(storage)
    many = [
        turns.take(f"chat {n}", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT)) for n in range(8)
    ]
    told = await asyncio.gather(*many)
    assert turns.walks > 8
    assert sorted(standing.wait_seconds // 60 for standing in told) == [0, 0, 15, 30, 60, 120, 240, 480]


async def test_what_was_long_ago_counts_no_more_and_its_row_goes(storage: Storage) -> None:
    turns = Turns(storage)
    for _ in range(3):
        await turns.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    assert (
        await turns.take("a", later(days=30), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    ) == Standing()
    ((gone,),) = [await storage.commit([throttles.forget_old(throttle.millis(later(days=60)))])]
    assert list(gone) == []
    ((gone,),) = [await storage.commit([throttles.forget_old(throttle.millis(later(days=60)) + 1)])]
    assert len(gone) == 1


async def test_a_change_of_the_secret_key_forgives_nobody(storage: Storage) -> None:
    before, after_it = Turns(storage, Vault("old")), Turns(storage, Vault("new", "old"))
    for _ in range(2):
        await before.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    told = await after_it.take("a", later(), lambda t: throttle.failed(t, "k", "s", LOCKOUT))
    assert told == Standing(False, 900)
    alone = Turns(storage, Vault("new"))
    assert not (await alone.take("a", later(), lambda t: throttle.look(t, "k", "s", LOCKOUT))).allowed


async def test_the_rows_name_nobody(storage: Storage) -> None:
    await Turns(storage).take("a", later(), lambda t: throttle.hit(t, "sign-in", "+38344123456", WINDOW))
    (row,) = await storage.read(Query("select * from throttle"))
    assert "44123456" not in str(dict(row)).replace(str(row["state"]), "")
    assert len(str(row["key"])) == 64
