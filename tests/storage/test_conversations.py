from __future__ import annotations

import asyncio

import pytest

from storage import conversations
from storage.base import Conflict, Row, Storage

CHAT = "telegram:1"


async def load(storage: Storage) -> Row:
    (row,) = await storage.read(conversations.load(CHAT))
    return row


async def test_a_chat_never_kept_has_no_row(storage: Storage) -> None:
    assert list(await storage.read(conversations.load(CHAT))) == []


async def test_a_state_is_kept_with_its_revision(storage: Storage) -> None:
    await storage.commit([conversations.save(CHAT, 0, "sq", '{"a": 1}', 5)])
    await storage.commit([conversations.save(CHAT, 1, "sr", '{"a": 2}', 6)])
    row = await load(storage)
    assert (row["rev"], row["language"], row["state"], row["touched_at"]) == (2, "sr", '{"a": 2}', 6)


@pytest.mark.parametrize("before", [0, 1])
async def test_of_two_turns_from_one_revision_one_holds(storage: Storage, before: int) -> None:
    if before:
        await storage.commit([conversations.save(CHAT, 0, "sq", "start", 1)])
    turns = [storage.commit([conversations.save(CHAT, before, "sq", state, 1)]) for state in "ab"]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    guards = [getattr(outcome, "guard", None) for outcome in outcomes]
    assert set(guards) == {None, "rev"}
    assert (await load(storage))["state"] == "ab"[guards.index(None)]


async def test_an_old_revision_changes_nothing(storage: Storage) -> None:
    for rev in range(3):
        await storage.commit([conversations.save(CHAT, rev, "sq", str(rev), 1)])
    for old in (0, 1, 2, 4):
        with pytest.raises(Conflict):
            await storage.commit([conversations.save(CHAT, old, "sq", "old", 1)])
    assert (await load(storage))["state"] == "2"


async def test_a_chat_is_reachable_until_it_blocks_us_and_again_when_it_is_heard(storage: Storage) -> None:
    await storage.commit([conversations.unreachable(CHAT)])
    await storage.commit([conversations.save(CHAT, 0, "sq", "{}", 1)])
    assert (await load(storage))["reachable"]
    await storage.commit([conversations.unreachable(CHAT)])
    await storage.commit([conversations.save(CHAT, 1, "sq", "{}", 1, heard=False)])
    assert not (await load(storage))["reachable"]
    await storage.commit([conversations.save(CHAT, 2, "sq", "{}", 1)])
    assert (await load(storage))["reachable"]
