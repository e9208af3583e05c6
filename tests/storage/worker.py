"""A process of its own, for the tests.

`python -m tests.storage.worker URL turns NAME`, or `... URL increments COUNT`.
"""

from __future__ import annotations

import asyncio
import sys

from storage import conversations, inbox, outbox
from storage.base import Conflict, Storage
from storage.open import open_storage

SHARED = "web:shared"


async def turns(storage: Storage, name: str) -> None:
    """Commit turns until killed, and print each once it is acknowledged."""

    async def caller(chat: str) -> None:
        rev = 0
        while True:
            key = f"{chat}/{rev}"
            await storage.commit([inbox.receive("web", key, chat, b"{}", 1)])
            said = [outbox.enqueue(chat, "web", "line", key, 1) for _ in range(2)]
            kept = conversations.save(chat, rev, "sq", "{}", 1)
            await storage.commit([kept, *said, inbox.finish("web", key)])
            rev += 1
            print(chat, rev, flush=True)

    await asyncio.gather(*[caller(f"{name}:{n}") for n in range(16)])


async def increments(storage: Storage, count: int) -> None:
    for _ in range(count):
        while True:
            (row,) = await storage.read(conversations.load(SHARED))
            rev, state = row["rev"], row["state"]
            assert isinstance(rev, int)
            assert isinstance(state, str)
            try:
                await storage.commit([conversations.save(SHARED, rev, "sq", str(int(state) + 1), 1)])
            except Conflict:
                continue
            break


async def main(url: str, task: str, argument: str) -> None:
    storage = open_storage(url)
    await (turns(storage, argument) if task == "turns" else increments(storage, int(argument)))
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
