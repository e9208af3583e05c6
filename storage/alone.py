"""One process a database file: a second one would deliver what the first is delivering."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.open import sqlite_path

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.1


class InUse(Exception):
    """Another process works on this database."""


@asynccontextmanager
async def alone(url: str, patience: float) -> AsyncIterator[None]:
    """Hold the database for this process; the lock goes with the process, however that ends.

    A predecessor that is just stopping has `patience` seconds.  Raises `InUse`.
    """
    path = sqlite_path(url).with_suffix(".lock")
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await _locked(file, url, patience)
        yield
    finally:
        os.close(file)


async def _locked(file: int, url: str, patience: float) -> None:
    for look in range(round(patience / _LOOK_EVERY) + 1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if look == 0:
                log.info("waiting for another process to let go of %s", url)
            await asyncio.sleep(_LOOK_EVERY)
    raise InUse(f"another ekesco is running on {url}; stop it first, or give this one another database")
