"""Forgets, once an hour, what is over and of no more use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.clock import Clock, millis, now
from storage import old
from storage.base import Storage, Unavailable, Write

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
            for write in (
                *old.forget_answered(millis(at - ANSWERED_KEPT)),
                *old.forget_logged(millis(at - LOGGED_KEPT)),
            ):
                await _all(storage, write)
        except Unavailable as error:
            log.warning("old rows stay for now: why=%s", error)
        await pause(HOUR)


async def _all(storage: Storage, write: Write) -> None:
    """Page by page, and a breath for the turns between."""
    gone = old.PAGE
    while gone == old.PAGE:
        gone = len((await storage.commit([write]))[0])
