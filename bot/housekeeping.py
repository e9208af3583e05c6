"""Forgets, once an hour, what is over and of no more use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock, millis, now
from bot.services.erasing import erase_due
from bot.services.ports import Means
from storage import challenges, files, forms, notices, offers, old, secrets_kept, throttles, viber
from storage.base import Storage, Unavailable, Write

log = logging.getLogger(__name__)

ANSWERED_KEPT = timedelta(days=7)
LOGGED_KEPT = timedelta(days=90)
#: What operators did, and whose data they were shown, is answered for so long.
OPERATORS_KEPT = timedelta(days=730)
PAGES_KEPT = timedelta(days=1)
#: An offer is remembered for so long after its end, to say that it is too late for it.
OFFERS_KEPT = timedelta(days=30)
HOUR = 3600.0


async def tidy_up(
    means: Means, *, clock: Clock = now, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """Until cancelled."""
    while True:
        at = clock()
        try:
            for write in (
                *old.forget_answered(millis(at - ANSWERED_KEPT)),
                *old.forget_logged(millis(at - LOGGED_KEPT)),
                old.forget_operators(millis(at - OPERATORS_KEPT)),
                *_used_up(at),
            ):
                await _all(means.storage, write)
            if erased := await erase_due(means, at):
                log.info("accounts erased: count=%d", erased)
        except Unavailable as error:
            log.warning("old rows stay for now: why=%s", error)
        await pause(HOUR)


def _used_up(at: datetime) -> tuple[Write, ...]:
    """Codes, pages, documents, typed secrets and counters that nobody can use any more.

    A page is remembered for a day after its end, to say that it has expired rather than that it never was.
    """
    return (
        challenges.forget_old(millis(at)),
        secrets_kept.forget_old(millis(at)),
        throttles.forget_old(millis(at)),
        files.forget_old(millis(at)),
        forms.forget_old(millis(at - PAGES_KEPT)),
        offers.forget_old(millis(at - OFFERS_KEPT)),
        notices.forget_old(millis(at - LOGGED_KEPT)),
        viber.forget_old(millis(at - ANSWERED_KEPT)),
    )


async def _all(storage: Storage, write: Write) -> None:
    """Page by page, and a breath for the turns between."""
    gone = old.PAGE
    while gone == old.PAGE:
        gone = len((await storage.commit([write]))[0])
