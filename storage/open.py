"""From a database's URL to the storage behind it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from storage.base import Storage

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


def is_postgres(url: str) -> bool:
    """`postgresql://user:password@host:port/name`, with parameters such as `?sslmode=require`."""
    return url.startswith(_POSTGRES)


def sqlite_path(url: str) -> Path:
    """`sqlite:///relative/or/absolute`: three slashes and a relative path, four for an absolute one.

    Raises ValueError for any other URL.  The parent folder exists afterwards.
    """
    path = _path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def is_made(url: str) -> bool:
    """Whether there is a database file; what a server has, only asking it tells.  Raises ValueError."""
    return is_postgres(url) or _path(url).exists()


def _path(url: str) -> Path:
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or not path.name:
        raise ValueError(
            f"{shown(url)!r} is no database I know; write sqlite:///path/to/file.db"
            " or postgresql://user:password@host/name"
        )
    return path


def shown(url: str) -> str:
    """The URL as people and logs may see it: without the user, the password and what else it tells."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.scheme else url


def open_storage(url: str) -> Storage:
    """The storage at `url`, which `storage.migrate.migrate` has brought up to date."""
    if is_postgres(url):
        from storage.postgres import PostgresStorage

        return PostgresStorage(url)
    path = sqlite_path(url)
    from storage.sqlite import SQLiteStorage

    return SQLiteStorage(path)
