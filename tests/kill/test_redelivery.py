"""Telegram delivers what it is not sure of again, and not always in order."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.telegram import FakeTelegram
from tests.kill.ledger import Ledger
from tests.kill.program import SECRET, Program
from tests.kill.trial import wait

CHATS, EACH, TIMES = 20, 15, 5
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def update(number: int, chat: int) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Arta"}
    where = {"id": chat, "type": "private", "first_name": "Arta"}
    message = {"message_id": number, "date": 1, "chat": where, "from": person, "text": "qwzx"}
    return {"update_id": number, "message": message}


async def post(session: aiohttp.ClientSession, program: Program, body: dict[str, Any]) -> int:
    async with session.post(program.hook, data=json.dumps(body), headers=HEADERS) as answer:
        return answer.status


async def up(session: aiohttp.ClientSession, program: Program) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await post(session, program, {})
                return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


async def test_an_update_that_comes_again_and_again_has_one_effect(tmp_path: Path, url: str) -> None:
    updates = [update(1 + n, 1 + n % CHATS) for n in range(CHATS * EACH)]
    copies = updates * TIMES
    random.Random(4).shuffle(copies)
    async with FakeTelegram(lean=True) as telegram, aiohttp.ClientSession() as session:
        for chat in range(1, 1 + CHATS):
            telegram.user(chat)
        program = Program(tmp_path, url, telegram.url, "webhook")
        ledger = Ledger(url, telegram)
        await program.start()
        try:
            await up(session, program)
            answers = [
                await asyncio.gather(*(post(session, program, each) for each in copies[n : n + 50]))
                for n in range(0, len(copies), 50)
            ]
            assert {status for batch in answers for status in batch} == {200}
            await wait(program, ledger.settled, 60)
            turns = ledger.read("select key, count(*) from turn_log group by key")
            assert sorted(turns) == sorted((str(each["update_id"]), 1) for each in updates)
            assert ledger.read("select chat, rev from conversation order by chat") == sorted(
                (f"telegram:{chat}", EACH) for chat in range(1, 1 + CHATS)
            )
        finally:
            await program.kill()
