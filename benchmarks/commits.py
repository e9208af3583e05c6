"""The database alone: turns committed to the disk, `synchronous=FULL`, by one caller and by many."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.figures import Figures
from storage import conversations, inbox, outbox, turn_log
from storage.base import Storage, Write
from storage.migrate import migrate
from storage.open import open_storage

SECONDS = 2.0
BODY = "x" * 900


def durable(folder: Path) -> Figures:
    return uvloop.run(_durable(folder))


async def _durable(folder: Path) -> Figures:
    url = f"sqlite:///{folder}/bench.db"
    migrate(url)
    storage = open_storage(url)
    figures = {}
    for callers in (1, 16, 64):
        names = [f"web:{callers}.{n}" for n in range(callers)]
        end = time.perf_counter() + SECONDS
        done = await asyncio.gather(*(_caller(storage, name, end) for name in names))
        figures[f"turns committed a second, {callers} at once"] = sum(done) / SECONDS
    await storage.close()
    return figures


async def _caller(storage: Storage, chat: str, end: float) -> int:
    """An update kept, then its turn: two commits."""
    for rev in itertools.count():
        if time.perf_counter() > end:
            return rev
        key = f"{chat}/{rev}"
        await storage.commit([inbox.receive("web", key, chat, BODY.encode(), 1)])
        await storage.commit([*_turn(chat, key, rev)])
    raise AssertionError


def _turn(chat: str, key: str, rev: int) -> Iterator[Write]:
    yield conversations.save(chat, rev, "sq", BODY, 1)
    yield outbox.enqueue(chat, "web", "line", BODY, 1)
    yield inbox.finish("web", key)
    yield turn_log.add(
        chat=chat,
        channel="web",
        key=key,
        at_ms=1,
        event="Tapped",
        dialog="EstimateBill",
        step="",
        prompt=1,
        walks=1,
        millis=1.0,
    )
