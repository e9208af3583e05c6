from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (describes the tables to SQLModel)
from storage.migrate import migrate, sqlite_engine

ROOT = Path(__file__).parents[2]


def differences(url: str) -> list[object]:
    with sqlite_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_from_an_empty_file_the_revisions_make_the_tables_as_described(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/ekesco.db"
    migrate(url)
    assert differences(url) == []


def test_a_database_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ekesco.db"
    migrate(url)
    migrate(url)
    assert differences(url) == []


def test_a_revision_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path}/ekesco.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("create table half (way text)")
        connection.rollback()
        assert inspect(connection).get_table_names() == []


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ekesco.db"
    code = f"from storage.migrate import migrate; migrate({url!r})"
    processes = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert differences(url) == []


def test_what_a_turn_needs_starts_without_the_tables_and_the_migrations() -> None:
    modules = (
        "conversations inbox notes open outbox phone prompts sqlite tariffs timers turn_log web_messages"
    )
    code = f"import sys; from storage import {', '.join(modules.split())}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    assert not {"sqlmodel", "sqlalchemy", "alembic", "storage.tables", "storage.migrate"} & set(loaded)
