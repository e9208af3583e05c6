"""Forgets, once an hour, what is over and of no more use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock, millis, now
from storage import old
from storage.base import Storage, Unavailable

log = logging.getLogger(__name__)

ANSWERED_KEPT = timedelta(days=7)
LOGGED_KEPT = timedelta(days=90)
HOUR = 3600.0


async def tidy_up(
    storage: Storage, *, clock: Clock = now, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Until cancelled."""
    while True:
        at = clock()
        try:
            await storage.commit(old.forget(millis(at - ANSWERED_KEPT), millis(at - LOGGED_KEPT)))
        except Unavailable as error:
            log.warning("old rows stay for now: why=%s", error)
        await pause(HOUR)
