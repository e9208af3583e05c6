"""One process a database: a second one would deliver what the first is delivering.

On PostgreSQL too, for the same reason: the order of a chat, and what is on its way, are in one process's
memory.  Many processes side by side come once what each takes up is claimed in the database.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from storage.open import is_postgres, shown, sqlite_path

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.1


class InUse(Exception):
    """Another process works on this database."""


def alone(url: str, patience: float) -> AbstractAsyncContextManager[None]:
    """Hold the database for this process; the lock goes with the process, however that ends.

    A predecessor that is just stopping has `patience` seconds.  Raises `InUse`, also out of the middle of
    what is done within: a lock in a server can be lost with the connection that held it, and go to another.
    """
    return _on_postgres(url, patience) if is_postgres(url) else _on_sqlite(url, patience)


@asynccontextmanager
async def _on_sqlite(url: str, patience: float) -> AsyncIterator[None]:
    path = sqlite_path(url).with_suffix(".lock")
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    async def take() -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    try:
        await _taken(take, url, patience)
        yield
    finally:
        os.close(file)


@asynccontextmanager
async def _on_postgres(url: str, patience: float) -> AsyncIterator[None]:
    # Loaded only where it is used: SQLite needs none of the driver.
    from storage.claim import Claim

    claim = Claim(url)
    try:
        await _taken(claim.take, url, patience)
        async with _ended_by(claim.lost()):
            yield
    finally:
        await claim.close()


async def _taken(take: Callable[[], Awaitable[bool]], url: str, patience: float) -> None:
    for look in range(round(patience / _LOOK_EVERY) + 1):
        if await take():
            return
        if look == 0:
            log.info("waiting for another process to let go of %s", shown(url))
        await asyncio.sleep(_LOOK_EVERY)
    raise InUse(
        f"another ekesco is running on {shown(url)}; stop it first, or give this one another database"
    )


@asynccontextmanager
async def _ended_by(lost: Awaitable[None]) -> AsyncIterator[None]:
    """What is done within is cancelled when `lost` comes true, and ends with `InUse`."""
    within = asyncio.current_task()
    assert within is not None
    losing = asyncio.ensure_future(lost)

    def end(_: object) -> None:
        within.cancel()

    losing.add_done_callback(end)
    try:
        yield
    except asyncio.CancelledError:
        if not losing.done():
            raise
        within.uncancel()
        losing.result()
        raise InUse("another ekesco has taken over the database while the connection was away") from None
    finally:
        losing.remove_done_callback(end)
        losing.cancel()
        await asyncio.gather(losing, return_exceptions=True)
