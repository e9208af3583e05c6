"""What PostgreSQL must hold to besides: a server that goes away, many connections, its own errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from storage import accounts, inbox, notes, old, outbox
from storage.base import Conflict, Query, Row, Storage, Unavailable, Write
from storage.postgres import READERS, WRITERS, PostgresStorage
from tests import databases
from tests.servers import at
from tests.storage.wire import Wire


@pytest.fixture
def url() -> Iterator[str]:
    with databases.database("postgresql") as url:
        yield url


@pytest_asyncio.fixture
async def wire(url: str) -> AsyncIterator[Wire]:
    async with Wire(url) as wire:
        yield wire


@pytest_asyncio.fixture
async def storage(wire: Wire) -> AsyncIterator[PostgresStorage]:
    opened = PostgresStorage(wire.url)
    yield opened
    await opened.close()


async def note(storage: Storage, key: str) -> object:
    rows = await storage.read(notes.get(key))
    return rows[0]["value"] if rows else None


async def write_many(storage: Storage, name: str) -> list[BaseException | None]:
    """The outcomes of forty turns at once."""
    turns = [
        storage.commit([notes.put(f"{name} {n}", "1"), notes.put(f"{name} {n} too", "1")]) for n in range(40)
    ]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    return [outcome if isinstance(outcome, BaseException) else None for outcome in outcomes]


async def assert_works(storage: Storage) -> None:
    assert set(await write_many(storage, "works")) == {None}
    assert await note(storage, "works 39 too") == "1"


def name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def failing(state: str) -> Write:
    """The server's own error with this SQLSTATE."""
    return Write(f"do $$ begin raise exception 'told to' using errcode = '{state}'; end $$", guard="told")


async def test_a_server_that_refuses_is_unavailable_until_it_is_back(wire: Wire, storage: Storage) -> None:
    await assert_works(storage)
    await wire.refuse()
    for _ in range(2):
        assert {type(outcome) for outcome in await write_many(storage, "refused")} == {Unavailable}
        with pytest.raises(Unavailable):
            await note(storage, "works 1")
    await wire.mend()
    await assert_works(storage)
    assert await note(storage, "refused 1") is None


async def test_connections_that_break_under_way_lose_nothing_that_was_acknowledged(
    wire: Wire, storage: Storage
) -> None:
    for round_ in range(10):
        writing = asyncio.ensure_future(write_many(storage, f"round {round_}"))
        for _ in range(round_):
            await asyncio.sleep(0.001)
        wire.cut()
        for n, outcome in enumerate(await writing):
            assert outcome is None or isinstance(outcome, Unavailable)
            first, second = [await note(storage, f"round {round_} {n}{too}") for too in ("", " too")]
            assert first == second
            assert outcome is not None or first == "1"
    await assert_works(storage)


async def test_a_commit_whose_answer_is_lost_is_not_acknowledged(wire: Wire, storage: Storage) -> None:
    await assert_works(storage)
    wire.last_words = b"commit"
    with pytest.raises(Unavailable):
        await storage.commit([notes.put("a", "1"), notes.put("b", "1")])
    assert await note(storage, "a") == "1"
    await assert_works(storage)


async def test_a_server_that_says_nothing_keeps_nobody_waiting_for_long(wire: Wire) -> None:
    storage = PostgresStorage(wire.url, answer_seconds=1)
    await assert_works(storage)
    wire.silence()
    outcomes = await write_many(storage, "silent")
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert "those before" in " ".join(map(str, outcomes))
    with pytest.raises(Unavailable):
        await note(storage, "works 1")
    wire.speak()
    await assert_works(storage)
    await storage.close()


async def test_sessions_that_the_server_ends_are_replaced(url: str, storage: Storage) -> None:
    await assert_works(storage)
    ends = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'ekesco'"
    databases.postgresql().command(f"{ends} and datname = '{name_of(url)}'")
    # Some may be used before the news of their end has arrived.
    for outcome in await write_many(storage, "ended"):
        assert outcome is None or isinstance(outcome, Unavailable)
    for _ in range(READERS):
        with suppress(Unavailable):
            await note(storage, "ended 1")
    await assert_works(storage)


async def test_a_database_that_may_only_be_read_is_unavailable_until_it_may_be_written(
    url: str, storage: Storage
) -> None:
    database = f'alter database "{name_of(url)}"'
    databases.postgresql().command(f"{database} set default_transaction_read_only = on")
    try:
        for _ in range(2):
            for writes in ([notes.put("a", "1"), notes.put("b", "1")], [notes.put("a", "1")]):
                with pytest.raises(Unavailable, match="read-only"):
                    await storage.commit(writes)
        assert await note(storage, "a") is None
    finally:
        databases.postgresql().command(f"{database} reset default_transaction_read_only")
    await assert_works(storage)


async def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    storage = PostgresStorage(at(url, "nowhere"))
    with pytest.raises(Unavailable, match="nowhere"):
        await storage.commit([notes.put("a", "1")])
    await storage.close()


#: Disk full, too many connections, out of memory, cancelled, shutting down, starting up, input or output
#: failed, only to be read, no permission, password changed, a lock not to be had, corrupted.
OUTAGES = (
    "53100",
    "53300",
    "53200",
    "57014",
    "57P01",
    "57P03",
    "58030",
    "25006",
    "42501",
    "28P01",
    "55P03",
    "XX001",
)


@pytest.mark.parametrize("state", OUTAGES)
async def test_what_the_machine_does_to_us_is_an_outage(storage: Storage, state: str) -> None:
    with pytest.raises(Unavailable, match="told to"):
        await storage.commit([notes.put("a", "1"), failing(state)])
    assert await note(storage, "a") is None
    await assert_works(storage)


@pytest.mark.parametrize("state", ["23505", "23P01", "23503"])
async def test_a_broken_rule_is_a_conflict(storage: Storage, state: str) -> None:
    for writes in ([failing(state)], [notes.put("a", "1"), failing(state)]):
        with pytest.raises(Conflict) as caught:
            await storage.commit(writes)
        assert caught.value.guard == "told"
    assert await note(storage, "a") is None


async def test_a_conflict_costs_no_connection(storage: Storage) -> None:
    mine = Write("select pg_backend_pid() as n")
    before, _ = await storage.commit([mine, notes.put("a", "1")])
    for _ in range(3):
        with pytest.raises(Conflict):
            await storage.commit([notes.put("a", "1"), failing("23505")])
    after, _ = await storage.commit([mine, notes.put("a", "1")])
    assert before == after


@pytest.mark.parametrize("state", ["23502", "23514", "22003", "42P01", "P0001"])
async def test_a_mistake_of_ours_is_neither_a_conflict_nor_an_outage(storage: Storage, state: str) -> None:
    with pytest.raises(Exception, match="told to") as caught:
        await storage.commit([notes.put("a", "1"), failing(state)])
    assert not isinstance(caught.value, Conflict | Unavailable)
    assert await note(storage, "a") is None


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_a_turn_that_others_were_in_the_way_of_is_begun_again(storage: Storage, state: str) -> None:
    # A sequence counts tries: it does not go back with a transaction.
    twice = Write(
        "do $$ begin if nextval('turn_log_id_seq') < 3 then"
        f" raise exception 'in the way' using errcode = '{state}'; end if; end $$"
    )
    await storage.commit([notes.put("a", "1"), twice])
    assert await note(storage, "a") == "1"
    with pytest.raises(Unavailable, match="tries"):
        await storage.commit([failing(state)])
    await assert_works(storage)


async def test_two_turns_that_wait_for_each_other_both_hold(storage: Storage) -> None:
    await storage.commit([notes.put("a", ""), notes.put("b", "")])
    pause = Write("select pg_sleep(0.05)")
    turns = [
        storage.commit(
            [notes.put(first, "1"), pause, notes.put(second, "1"), notes.put(f"{first} held", "1")]
        )
        for first, second in ("ab", "ba")
    ]
    await asyncio.gather(*turns)
    assert [await note(storage, key) for key in ("a held", "b held")] == ["1", "1"]


async def test_a_commit_is_on_the_disk_before_it_is_acknowledged_whatever_the_default(url: str) -> None:
    storage = PostgresStorage(f"{url}{'&' if '?' in url else '?'}synchronous_commit=off")
    shown = await storage.commit([Write("show synchronous_commit"), Write("show transaction_isolation")])
    assert [next(iter(row.values())) for (row,) in shown] == ["on", "read committed"]
    await storage.close()


async def test_a_question_is_planned_anew_for_the_table_as_it_has_become(storage: Storage) -> None:
    for _ in range(20):
        await note(storage, "a")
    plans = (
        "select generic_plans as kept, custom_plans as made from pg_prepared_statements"
        " where statement like 'select value from note%'"
    )
    (row,) = await storage.read(Query(plans))
    assert row == {"kept": 0, "made": 20}


async def test_a_table_that_changes_under_way_is_read_as_it_is_then(storage: Storage) -> None:
    await storage.commit([Write("create table changing (a int)"), Write("insert into changing values (1)")])
    try:
        everything = Query("select * from changing")
        assert await storage.read(everything) == [{"a": 1}]
        await storage.commit([Write("alter table changing add column b int default 2")])
        assert await storage.read(everything) == [{"a": 1, "b": 2}]
    finally:
        await storage.commit([Write("drop table changing")])


async def test_however_much_is_asked_connections_are_few(storage: Storage) -> None:
    counts = Query(
        "select count(*) as n from pg_stat_activity"
        " where application_name = 'ekesco' and datname = current_database()"
    )
    asked = [storage.read(counts) for _ in range(100)]
    written = [storage.commit([notes.put(str(n), "1")]) for n in range(100)]
    rows, _ = await asyncio.gather(asyncio.gather(*asked), asyncio.gather(*written))
    assert 1 <= max(number(row) for (row,) in rows) <= READERS + WRITERS


def number(row: Row) -> int:
    assert isinstance(row["n"], int)
    return row["n"]


async def test_who_gives_up_waiting_leaves_a_whole_turn(url: str, storage: Storage) -> None:
    pause = Write("select pg_sleep(0.05)")
    hasty = asyncio.ensure_future(storage.commit([notes.put("a", "1"), pause, notes.put("b", "1")]))
    await asyncio.sleep(0.01)
    hasty.cancel()
    await storage.close()
    later = PostgresStorage(url)
    assert [await note(later, key) for key in ("a", "b")] == ["1", "1"]
    await later.close()


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [
        (inbox.waiting(10), ["inbox_new"]),
        (outbox.due("telegram", 1, 10), ["outbox_waiting", "outbox_unsent"]),
        (outbox.collapse("telegram:1", 7), ["outbox_unsent"]),
        (outbox.drop_chat("telegram:1", ""), ["outbox_unsent"]),
        (outbox.recover(), ["outbox_unsent"]),
        (old.forget_answered(1)[0], ["inbox_old"]),
        (old.forget_answered(1)[1], ["outbox_old"]),
        (old.forget_logged(1)[0], ["turn_log_old"]),
        (old.forget_logged(1)[3], ["web_message_old"]),
    ],
)
async def test_what_is_long_done_need_not_be_looked_through(
    url: str, statement: Query | Write, indexes: list[str]
) -> None:
    # Tables without rows are read whole unless that is made dear.
    storage = PostgresStorage(f"{url}{'&' if '?' in url else '?'}enable_seqscan=off")
    (plan,) = await storage.commit([Write(f"explain {statement.sql}", statement.params)])
    steps = " ".join(str(row["QUERY PLAN"]) for row in plan)
    await storage.close()
    assert [index for index in indexes if index in steps] == indexes, steps
    assert "Seq Scan" not in steps


async def test_who_is_let_in_while_all_chats_are_signed_out_is_signed_out_too(storage: Storage) -> None:
    await storage.commit([accounts.link("a", "arta", 1), accounts.link("b", "arta", 1)])
    slowly = Write("select pg_sleep(0.5)", {})
    letting_in = storage.commit([accounts.still_linked("b", "arta"), accounts.link("c", "arta", 2), slowly])
    under_way = asyncio.ensure_future(letting_in)
    await asyncio.sleep(0.2)
    await storage.commit(accounts.sign_out_all("arta", but="a"))
    await under_way
    assert [row["chat"] for row in await storage.read(accounts.chats("arta", 0))] == ["a"]
