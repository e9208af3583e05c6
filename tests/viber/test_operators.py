"""Operators ask for a chat by its name on Viber, which may hold any sign of base64."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.fakes.viber import FakeViber
from tests.fakes.viber.shown import id_of
from tests.viber.program import Program, running
from tests.viber.test_sending import greeted_as

#: Whose id holds both signs that are neither letters nor digits.
ODD = next(key for key in map(str, itertools.count()) if {"+", "/", "="} <= set(id_of(key)))


async def ops(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["ops", *words])


@pytest.fixture(autouse=True)
def operator(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EKESCO_DATABASE_URL", url)
    monkeypatch.setenv("EKESCO_SECRET_KEY", "a-key-that-seals-what-waits-in-the-inbox")
    monkeypatch.setenv("EKESCO_OPERATOR", "ana")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


async def test_a_chat_is_found_by_its_whole_name(program: Program) -> None:
    visitor, other = await greeted_as(program, ODD), await greeted_as(program, "other")
    chat = f"viber:{visitor.phone.id}"
    shown = await ops("chat", chat)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith(f"Chat {chat}.")
    assert "opened the chat" in shown.output
    assert other.phone.id not in shown.output
    found = json.loads((await ops("chat", chat, "--json")).stdout)
    assert found["chat"] == chat
    assert len(found["turns"]) == 3


async def test_half_a_name_is_nobodys(program: Program) -> None:
    visitor = await greeted_as(program, ODD)
    shown = await ops("chat", f"viber:{visitor.phone.id.rstrip('=')}")
    assert shown.exit_code != 0


async def test_what_was_given_up_there_is_listed_and_tried_again(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    async with running(url, fake, tmp_path) as program:
        visitor = await greeted_as(program, ODD)
        fake.refuse("send_message", 3, times=2)
        await visitor.says("menu")
        shown = await ops("chat", f"viber:{visitor.phone.id}")
        (given_up,) = re.findall(r"\bout-\d+\b", shown.stdout)
        done = await ops("dead", "retry", given_up)
        assert done.exit_code == 0, done.output
        visitor.listens()
        await program.app.delivery.sweep()
        await program.settle()
        assert len(visitor.news) == 1
