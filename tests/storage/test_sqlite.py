"""What SQLite must hold to besides: durability, faults of the disk, its plans."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from storage import inbox, notes, old, outbox
from storage.base import Conflict, Query, Storage, Unavailable, Write
from storage.migrate import migrate
from storage.open import open_storage
from storage.sqlite import SQLiteStorage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ekesco.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest_asyncio.fixture
async def storage(file: Path) -> AsyncIterator[SQLiteStorage]:
    opened = SQLiteStorage(file, busy_seconds=0.05)
    yield opened
    await opened.close()


async def note(storage: Storage, key: str) -> object:
    rows = await storage.read(notes.get(key))
    return rows[0]["value"] if rows else None


async def test_a_commit_is_on_the_disk_before_it_is_acknowledged(storage: Storage) -> None:
    settings = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    answers = await storage.commit([Write(f"pragma {name}") for name in settings])
    assert [next(iter(row.values())) for (row,) in answers] == ["wal", 2, 1, 50]  # 2 is FULL


async def test_turns_waiting_together_share_one_commit(file: Path, storage: Storage) -> None:
    await storage.commit([notes.put("first", "1")])
    log = file.with_name(f"{file.name}-wal")
    before = log.stat().st_size
    await asyncio.gather(*[storage.commit([notes.put("same", str(n))]) for n in range(200)])
    assert log.stat().st_size - before < 200 * 4096 / 10


async def test_a_file_held_by_another_process_for_too_long_is_unavailable_until_it_is_free(
    file: Path, storage: Storage
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(Unavailable):
            await storage.commit([notes.put("a", "1")])
        assert await note(storage, "a") is None
        other.execute("rollback")
    await storage.commit([notes.put("a", "1")])
    assert await note(storage, "a") == "1"


@contextmanager
def no_room(file: Path) -> Iterator[None]:
    """No file may grow beyond what `file` has already reached."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_disk_that_takes_no_more_acknowledges_nothing_until_it_does(
    file: Path, storage: Storage
) -> None:
    await storage.commit([notes.put("before", "1")])
    assert await note(storage, "before") == "1"
    with no_room(file.with_name(f"{file.name}-wal")):
        for _ in range(3):
            turns = [storage.commit([notes.put(f"full {n}", "1")]) for n in range(5)]
            outcomes = await asyncio.gather(*turns, return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {Unavailable}
        assert await note(storage, "before") == "1"
    await storage.commit([notes.put("after", "1")])
    assert [await note(storage, key) for key in ("before", "full 0", "after")] == ["1", None, "1"]


async def test_a_full_database_takes_no_turn_of_the_group(storage: Storage) -> None:
    await storage.commit([Write("pragma max_page_count = 1")])
    small, large = notes.put("small", "1"), notes.put("large", "x" * 100_000)
    outcomes = await asyncio.gather(storage.commit([small]), storage.commit([large]), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert await note(storage, "small") is None
    await storage.commit([large])
    assert await note(storage, "large") == "x" * 100_000


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Permissions stop anybody but root, so be somebody else, who owns `folder`."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


async def test_a_file_that_may_only_be_read_is_unavailable_until_it_may_be_written() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name), Path(name) / "ekesco.db"
        migrate(f"sqlite:///{file}")
        file.chmod(0o444)
        with ordinary_user(folder):
            storage = SQLiteStorage(file)
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await storage.commit([notes.put("a", "1")])
                assert await note(storage, "a") is None
            for path in folder.iterdir():
                path.chmod(0o644)
            with suppress(Unavailable):  # the first may still meet what reading found
                await storage.commit([notes.put("a", "1")])
            await storage.commit([notes.put("a", "2")])
            assert await note(storage, "a") == "2"
            await storage.close()


async def test_a_disk_that_fails_in_the_middle_takes_back_the_turns_before(storage: Storage) -> None:
    before = storage.commit([notes.put("before", "1")])
    failing = storage.commit([Write("pragma query_only = on"), notes.put("failing", "1")])
    outcomes = await asyncio.gather(before, failing, return_exceptions=True)
    assert [isinstance(outcome, Unavailable) for outcome in outcomes] == [True, True]
    assert [await note(storage, key) for key in ("before", "failing")] == [None, None]


async def test_a_file_that_is_away_is_unavailable_and_not_made_anew(file: Path, storage: Storage) -> None:
    away = file.rename(file.with_name("away"))
    with pytest.raises(Unavailable):
        await storage.commit([notes.put("a", "1")])
    with pytest.raises(Unavailable):
        await note(storage, "a")
    assert not file.exists()
    away.rename(file)
    await storage.commit([notes.put("a", "1")])
    assert await note(storage, "a") == "1"


async def test_a_missing_value_is_a_mistake_and_no_conflict(storage: Storage) -> None:
    with pytest.raises(sqlite3.IntegrityError) as caught:
        await storage.commit([Write("insert into note (key) values ('a')")])
    assert not isinstance(caught.value, Conflict)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (inbox.waiting(10), "inbox_new"),
        (outbox.due("telegram", 1, 10), "head USING INDEX outbox_waiting (channel=? AND due_at<?)"),
        (outbox.due("telegram", 1, 10), "next USING INDEX outbox_unsent (chat=?)"),
        (outbox.due("telegram", 1, 10), "earlier USING INDEX outbox_unsent (chat=? AND id<?)"),
        (old.forget_answered(1)[0], "inbox_old"),
        (old.forget_answered(1)[1], "outbox_old"),
        (old.forget_logged(1)[0], "turn_log_old"),
        (old.forget_logged(1)[3], "web_message_old"),
        (outbox.collapse("telegram:1", 7), "outbox_unsent"),
        (outbox.drop_chat("telegram:1", ""), "outbox_unsent"),
        (outbox.recover(), "outbox_unsent"),
    ],
)
async def test_what_is_long_done_costs_nothing(
    storage: Storage, statement: Query | Write, index: str
) -> None:
    plan = await storage.read(Query(f"explain query plan {statement.sql}", statement.params))
    steps = [str(step["detail"]) for step in plan]
    assert any(index in step for step in steps), steps
    assert not any(step.startswith("SCAN") and "INDEX" not in step and "ready" not in step for step in steps)


async def test_a_url_names_a_relative_or_an_absolute_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite:///var/ekesco.db", f"sqlite:///{tmp_path}/100% new/ekesco.db"):
        migrate(url)
        storage = open_storage(url)
        await storage.commit([notes.put("url", url)])
        await storage.close()
    assert (tmp_path / "var" / "ekesco.db").exists()
    assert (tmp_path / "100% new" / "ekesco.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "mysql://host/name", "ekesco.db"])
def test_a_url_that_names_no_file_is_refused_with_the_remedy(url: str) -> None:
    with pytest.raises(ValueError, match="write sqlite:///path"):
        open_storage(url)
