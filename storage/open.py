"""From a database's URL to the storage behind it."""

from __future__ import annotations

from pathlib import Path

from storage.base import Storage

_SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path:
    """`sqlite:///relative/or/absolute`: three slashes and a relative path, four for an absolute one.

    Raises ValueError for any other URL.  The parent folder exists afterwards.
    """
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or not path.name:
        raise ValueError(f"{url!r} is no database I know; write sqlite:///path/to/file.db")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def open_storage(url: str) -> Storage:
    """The storage at `url`, which `storage.migrate.migrate` has brought up to date."""
    path = sqlite_path(url)
    from storage.sqlite import SQLiteStorage

    return SQLiteStorage(path)
