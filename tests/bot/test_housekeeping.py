"""Once an hour what is over is forgotten, and nothing that may still be of use."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clock import millis
from bot.housekeeping import (
    ANSWERED_KEPT,
    HOUR,
    LOGGED_KEPT,
    OFFERS_KEPT,
    OPERATORS_KEPT,
    PAGES_KEPT,
    tidy_up,
)
from bot.services.post import LetterName
from storage import (
    challenges,
    files,
    forms,
    inbox,
    offers,
    old,
    operator_log,
    outbox,
    secrets_kept,
    throttles,
    turn_log,
    web_messages,
)
from storage.base import Row, Storage, Write
from tests.services.desk import ARTA, CHAT, Desk, register
from tests.services.turns import later
from tests.talk.faults import FaultyStorage

NOW = later(days=200)


class Enough(Exception):
    """The hour after which a test has seen enough."""


class Hours:
    """Pauses; ends the work after so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.seconds: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) >= self._most:
            raise Enough


@pytest.fixture
def faulty(storage: Storage) -> FaultyStorage:
    return FaultyStorage(storage)


@pytest.fixture
def desk(faulty: FaultyStorage) -> Desk:
    return Desk(faulty)


async def tidied(desk: Desk, hours: int = 1, at: datetime = NOW) -> Hours:
    watch = Hours(hours)
    with pytest.raises(Enough):
        await tidy_up(desk.means, clock=lambda: at, pause=watch.pause)
    return watch


async def left(desk: Desk, table: str, column: str) -> list[str]:
    rows = await desk.rows(f"select {column} as kept from {table}")
    return sorted(str(row["kept"]) for row in rows)


def just(span: timedelta) -> tuple[int, int]:
    """A moment that long ago, and one a moment longer ago."""
    return millis(NOW - span), millis(NOW - span) - 1


async def test_what_has_expired_goes_and_what_has_not_stays(desk: Desk) -> None:
    now = millis(NOW)
    await desk.storage.commit(
        [
            challenges.add("old", CHAT, "p", "x", "sms", now - 1),
            challenges.add("new", CHAT, "p", "x", "sms", now),
            secrets_kept.keep("old", CHAT, "hash", now - 1),
            secrets_kept.keep("new", CHAT, "hash", now),
            throttles.put("old", 0, "[]", now - 1),
            throttles.put("new", 0, "[]", now),
            files.keep("old", CHAT, b"x", now - 1),
            files.keep("new", CHAT, b"x", now),
        ]
    )
    await tidied(desk)
    assert await left(desk, "challenge", "id") == ["new"]
    assert await left(desk, "secret", "ref") == ["new"]
    assert await left(desk, "throttle", "key") == ["new"]
    assert await left(desk, "file", "token_hash") == ["new"]


async def test_a_page_is_remembered_for_a_day_to_say_that_it_has_expired(desk: Desk) -> None:
    day, longer = just(PAGES_KEPT)
    await desk.storage.commit(
        [forms.open_page("new", CHAT, "q", day), forms.open_page("old", CHAT, "q", longer)]
    )
    await tidied(desk)
    assert await left(desk, "form", "token_hash") == ["new"]


async def test_an_offer_is_remembered_for_a_month_to_say_that_it_is_too_late(desk: Desk) -> None:
    month, longer = just(OFFERS_KEPT)
    await desk.storage.commit(
        [offers.make("new", CHAT, "", "X", "{}", month), offers.make("old", CHAT, "", "X", "{}", longer)]
    )
    await tidied(desk)
    assert await left(desk, "offer", "id") == ["new"]


async def test_updates_and_messages_that_are_done_stay_for_a_week(desk: Desk) -> None:
    week, longer = just(ANSWERED_KEPT)
    for key, at in (("new", week), ("old", longer)):
        await desk.storage.commit([inbox.receive("web", key, CHAT, b"x", at)])
        await desk.storage.commit([inbox.finish("web", key)])
        ((row,),) = await desk.storage.commit([outbox.enqueue(CHAT, "web", "line", "{}", at)])
        await desk.storage.commit([outbox.sent(int(str(row["id"])))])
    await tidied(desk)
    assert await left(desk, "inbox", "key") == ["new"]
    assert await left(desk, "outbox", "created_at") == [str(week)]


async def test_what_waits_is_never_forgotten(desk: Desk) -> None:
    await desk.storage.commit(
        [inbox.receive("web", "waits", CHAT, b"x", 1), outbox.enqueue(CHAT, "web", "line", "{}", 1)]
    )
    await tidied(desk)
    assert await left(desk, "inbox", "key") == ["waits"]
    assert await left(desk, "outbox", "state") == ["waiting"]


async def test_the_log_and_what_browsers_show_stay_for_three_months(desk: Desk) -> None:
    months, longer = just(LOGGED_KEPT)

    def logged(key: str, at: int) -> Write:
        return turn_log.add(
            chat=CHAT, channel="web", key=key, at_ms=at, event="Said", dialog="", step="", prompt=0, walks=1,
            millis=1.0,
        )  # fmt: skip

    await desk.storage.commit(
        [
            logged("new", months),
            logged("old", longer),
            web_messages.add(CHAT, "bot", "new", months),
            web_messages.add(CHAT, "bot", "old", longer),
        ]
    )
    await tidied(desk)
    assert await left(desk, "turn_log", "key") == ["new"]
    assert await left(desk, "web_message", "body") == ["new"]


async def test_what_operators_did_stays_for_two_years(desk: Desk) -> None:
    for command, at in zip(("new", "old"), just(OPERATORS_KEPT), strict=True):
        use = operator_log.add(
            at_ms=at, operator="ana", command=command, subject="", personal=True, note="", outcome="shown"
        )
        await desk.storage.commit([use])
    await tidied(desk)
    assert await left(desk, "operator_log", "command") == ["new"]


async def test_accounts_whose_week_is_over_are_erased(desk: Desk) -> None:
    await desk.storage.commit(register())
    await desk.registered(later())
    await desk.storage.commit([Write("update account set delete_at = :at", {"at": millis(NOW)})])
    await tidied(desk, at=NOW - timedelta(milliseconds=1))
    assert await desk.account() is not None
    await tidied(desk)
    assert await desk.account() is None
    assert (await desk.letters())[-1] == ("email", ARTA.email, LetterName.ACCOUNT_DELETED.value)


async def test_it_goes_on_page_by_page_until_nothing_is_left(desk: Desk) -> None:
    many = [throttles.put(str(n), 0, "[]", 1) for n in range(2 * old.PAGE + 7)]
    await desk.storage.commit(many)
    await tidied(desk)
    assert await left(desk, "throttle", "key") == []


async def test_it_is_done_once_an_hour_with_the_time_of_then(desk: Desk) -> None:
    at = [NOW]
    await desk.storage.commit([throttles.put("k", 0, "[]", millis(NOW) + 1)])
    found: list[list[str]] = []

    async def pause(seconds: float) -> None:
        assert seconds == HOUR
        at[0] += timedelta(seconds=seconds)
        found.append(await left(desk, "throttle", "key"))
        if len(found) == 2:
            raise Enough

    with pytest.raises(Enough):
        await tidy_up(desk.means, clock=lambda: at[0], pause=pause)
    assert found == [["k"], []]


async def test_while_the_database_is_away_it_waits_for_the_next_hour(
    desk: Desk, faulty: FaultyStorage
) -> None:
    await desk.storage.commit([throttles.put("old", 0, "[]", 1)])
    faulty.away = 1
    assert (await tidied(desk, hours=2)).seconds == [HOUR, HOUR]
    assert await left(desk, "throttle", "key") == []


async def test_it_ends_when_it_is_cancelled(desk: Desk) -> None:
    resting = asyncio.Event()

    async def pause(_seconds: float) -> None:
        resting.set()
        await asyncio.get_running_loop().create_future()

    work = asyncio.ensure_future(tidy_up(desk.means, clock=lambda: NOW, pause=pause))
    await resting.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_a_mistake_of_ours_is_not_hidden(desk: Desk) -> None:
    class Mistaken(FaultyStorage):
        async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
            raise ZeroDivisionError

    means = replace(desk.means, storage=Mistaken(desk.storage))
    with pytest.raises(ZeroDivisionError):
        await tidy_up(means, clock=lambda: NOW, pause=Hours(1).pause)
