"""What 100,000 conversations in mid-estimate take, on the disk and in the process that serves them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import uvloop

from benchmarks.figures import Figures
from benchmarks.machine import resident
from benchmarks.steps import moves
from bot.gateways.registry.local import LocalRegistry
from bot.services.passwords import Passwords
from bot.services.ports import Means
from bot.services.vault import Vault
from bot.turn import Turns
from dialogs.book import book
from dialogs.engine.memory import remember
from locales.ear import Ear
from storage import conversations
from storage.migrate import migrate
from storage.open import open_storage
from tests.kill.messenger import Deed, Move
from tests.kill.replay import Moved, replay

CONVERSATIONS = 100_000
AT_ONCE = 1000
STEPS = 17
MB = 2**20


def conversations_kept(folder: Path) -> Figures:
    return uvloop.run(_kept(folder))


async def _kept(folder: Path) -> Figures:
    database = folder / "bench.db"
    migrate(f"sqlite:///{database}")
    storage = open_storage(f"sqlite:///{database}")
    told = await replay("web:0", [_moved(*move) for move in islice(moves(), STEPS)])
    state, at_ms = remember(told.conversation), int(datetime.now(UTC).timestamp() * 1000)
    means = Means(storage, LocalRegistry(storage), Vault("benchmark"), Passwords("benchmark"))
    turns = Turns(storage, book(Ear()), {}, lambda posts: None, means)
    before = resident()
    for first in range(0, CONVERSATIONS, AT_ONCE):
        chats = [f"web:{n}" for n in range(first, first + AT_ONCE)]
        await storage.commit([conversations.save(chat, 0, "en", state, at_ms) for chat in chats])
        for chat in chats:
            await turns.language(chat)
    after = resident()
    await storage.close()
    return {
        "MB before": before / MB,
        "MB with 100,000 conversations kept and all of them read": after / MB,
        "bytes of one as it is stored": len(state.encode()),
        "bytes of the database for each": database.stat().st_size / CONVERSATIONS,
    }


def _moved(tap: bool, what: str) -> Moved:
    deed = Deed.TAP if tap else Deed.OPEN if what == "/start" else Deed.SAY
    return Moved(Move(deed, what), datetime.now(UTC))
