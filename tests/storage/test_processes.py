"""Several processes on one database, and one that is killed."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from storage import conversations
from storage.base import Query, Storage
from tests.storage.worker import SHARED

_KEPT = Query(
    "select chat, rev, (select count(*) from outbox where outbox.chat = conversation.chat) as said,"
    " (select count(*) from inbox where inbox.chat = conversation.chat and inbox.state = 'done') as done"
    " from conversation"
)


def work(url: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.worker", url, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


async def test_killed_at_any_instant_it_keeps_what_it_acknowledged_and_no_half_turn(
    url: str, storage: Storage
) -> None:
    acknowledged: dict[str, int] = {}
    for round_ in range(4):
        process = work(url, "turns", f"web{round_}")
        assert process.stdout is not None
        with process.stdout as lines:
            for _ in range(500 + 37 * round_):
                chat, rev = next(lines).split()
                acknowledged[chat] = int(rev)
            process.kill()
            for line in lines:
                if line.endswith("\n"):
                    chat, rev = line.split()
                    acknowledged[chat] = int(rev)
        assert process.wait() == -signal.SIGKILL
    kept = {row["chat"]: (row["rev"], row["said"], row["done"]) for row in await storage.read(_KEPT)}
    for known, (held, said, done) in kept.items():
        assert isinstance(held, int)
        assert held >= acknowledged.pop(str(known), 0)
        assert (said, done) == (2 * held, held)
    assert not acknowledged
    if url.startswith("sqlite"):
        assert [dict(row) for row in await storage.read(Query("pragma integrity_check"))] == [
            {"integrity_check": "ok"}
        ]


async def test_two_processes_lose_no_increment(url: str, storage: Storage) -> None:
    await storage.commit([conversations.save(SHARED, 0, "sq", "0", 1)])
    processes = [work(url, "increments", "200") for _ in range(2)]
    assert [await asyncio.to_thread(process.wait) for process in processes] == [0, 0]
    for process in processes:
        process.communicate()
    (row,) = await storage.read(conversations.load(SHARED))
    assert (row["rev"], row["state"]) == (401, "400")
