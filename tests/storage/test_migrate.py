from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (describes the tables to SQLModel)
from storage.base import Unavailable
from storage.migrate import in_transaction, migrate
from tests import databases

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=databases.KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with databases.empty(request.param) as url:
        yield url


def differences(url: str) -> list[object]:
    def compared(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))

    return in_transaction(url, compared)


def tables(url: str) -> list[str]:
    return in_transaction(url, lambda connection: inspect(connection).get_table_names())


def test_from_nothing_the_revisions_make_the_tables_as_described(url: str) -> None:
    assert len(differences(url)) > len(SQLModel.metadata.tables) > 0
    migrate(url)
    assert differences(url) == []


def test_a_database_that_is_up_to_date_stays_as_it_is(url: str) -> None:
    migrate(url)
    migrate(url)
    assert differences(url) == []


async def test_a_program_that_runs_already_may_migrate(url: str) -> None:
    migrate(url)
    assert differences(url) == []


def test_a_revision_that_fails_half_way_leaves_nothing(url: str) -> None:
    def half(connection: Connection) -> None:
        connection.exec_driver_sql("create table half (way text)")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        in_transaction(url, half)
    assert tables(url) == []


def test_whoever_migrates_has_the_database_to_itself(url: str) -> None:
    together = threading.Barrier(2)

    def meet(_: Connection) -> None:
        together.wait(0.5)

    with ThreadPoolExecutor() as threads:
        met = [threads.submit(in_transaction, url, meet) for _ in range(2)]
    assert [type(each.exception()) for each in met] == [threading.BrokenBarrierError] * 2


def test_processes_that_start_together_migrate_once(url: str) -> None:
    code = f"from storage.migrate import migrate; migrate({url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert differences(url) == []


def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(Unavailable) as caught:
        migrate("postgresql://user:secret@127.0.0.1:1/ekesco")
    assert "secret" not in str(caught.value)


def test_what_a_turn_needs_starts_without_the_tables_and_the_migrations() -> None:
    statements = (
        "conversations, inbox, notes, outbox, phone, prompts, tariffs, timers, turn_log, web_messages"
    )
    code = f"import sys; from storage import open, postgres, sqlite, {statements}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    assert not {"sqlmodel", "sqlalchemy", "alembic", "storage.tables", "storage.migrate"} & set(loaded)
