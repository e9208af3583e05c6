"""What a messenger is not sure of it delivers again, and not always in order."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.kill.ledger import Ledger, overtaken
from tests.kill.messenger import Messenger
from tests.kill.on_telegram import SECRET, OnTelegram
from tests.kill.on_viber import OnViber
from tests.kill.program import Program
from tests.kill.trial import STARTS, wait

CHATS, EACH, TIMES, AT_ONCE = 20, 15, 5, 50
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


@asynccontextmanager
async def running(folder: Path, url: str, messenger: Messenger) -> AsyncIterator[tuple[Program, Ledger]]:
    program = Program(folder, url, messenger.settings)
    await program.start()
    try:
        await wait(program, program.listens, STARTS)
        yield program, Ledger(url, messenger)
    finally:
        await program.kill()


async def delivered(bodies: Sequence[bytes], post: Callable[[bytes], Awaitable[int]]) -> None:
    """Each several times, in no order, some of them at once."""
    copies = [*bodies] * TIMES
    random.Random(4).shuffle(copies)
    for first in range(0, len(copies), AT_ONCE):
        answers = await asyncio.gather(*map(post, copies[first : first + AT_ONCE]))
        assert set(answers) == {200}


def update(number: int, chat: int) -> bytes:
    person = {"id": chat, "is_bot": False, "first_name": "Arta"}
    where = {"id": chat, "type": "private", "first_name": "Arta"}
    message = {"message_id": number, "date": 1, "chat": where, "from": person, "text": "qwzx"}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_an_update_that_comes_again_and_again_has_one_effect(tmp_path: Path, url: str) -> None:
    updates = {str(n): update(n, 1 + n % CHATS) for n in range(1, 1 + CHATS * EACH)}
    async with (
        OnTelegram("webhook") as network,
        running(tmp_path, url, network) as (program, ledger),
        aiohttp.ClientSession() as session,
    ):
        for chat in range(1, 1 + CHATS):
            network.telegram.user(chat)

        async def post(body: bytes) -> int:
            async with session.post(f"{program.at}/telegram", data=body, headers=HEADERS) as answer:
                return answer.status

        await delivered(list(updates.values()), post)
        await wait(program, ledger.settled, 60)
        turns = ledger.read("select key, count(*) from turn_log group by key")
        assert sorted(turns) == sorted((key, 1) for key in updates)
        assert ledger.read("select chat, rev from conversation order by chat") == sorted(
            (f"telegram:{chat}", EACH) for chat in range(1, 1 + CHATS)
        )


async def test_a_callback_that_comes_again_and_again_has_one_effect(tmp_path: Path, url: str) -> None:
    async with OnViber() as network, running(tmp_path, url, network) as (program, ledger):
        await network.meet(program)
        network.viber.callbacks.hold()
        users = [network.viber.user(f"customer {n}", language="en") for n in range(CHATS)]
        sent = {user.id: [user.say("qwzx") for _ in range(EACH)] for user in users}
        bodies = [callback.body for callbacks in sent.values() for callback in callbacks]
        await delivered(bodies, network.viber.post_raw)
        network.viber.callbacks.release()  # in order, once more
        network.is_there(True)
        await wait(program, ledger.settled, 60)
        for user, callbacks in sent.items():
            keys = [f"message:{callback.token}:{user}" for callback in callbacks]
            chat = f"viber:{user}"
            turns = ledger.read("select key, event from turn_log where chat = $1 order by id", chat)
            walked = [key for key, _event in turns]
            assert sorted(walked) == sorted(keys)
            assert {key for key, event in turns if event == "Late"} == overtaken(keys, walked)
            assert ledger.read("select rev from conversation where chat = $1", chat) == [(EACH,)]
        assert network.faults() == []
