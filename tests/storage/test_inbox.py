from __future__ import annotations

import asyncio

import pytest

from storage import inbox, notes
from storage.base import Conflict, Query, Storage

CHAT = "telegram:1"


async def waiting(storage: Storage, after_seq: int = 0) -> list[object]:
    return [row["key"] for row in await storage.read(inbox.waiting(100, after_seq))]


async def receive(storage: Storage, *keys: str) -> None:
    await storage.commit([inbox.receive("telegram", key, CHAT, b"{}", 1) for key in keys])


async def test_an_update_delivered_again_is_kept_once(storage: Storage) -> None:
    write = inbox.receive("telegram", "7", CHAT, b"{}", 1)
    deliveries = await asyncio.gather(*[storage.commit([write]) for _ in range(10)])
    assert sorted(len(rows) for (rows,) in deliveries) == [0] * 9 + [1]
    assert await waiting(storage) == ["7"]


async def test_a_duplicate_leaves_the_others_that_came_with_it(storage: Storage) -> None:
    await receive(storage, "7")
    await receive(storage, "7", "8")
    assert await waiting(storage) == ["7", "8"]


async def test_two_channels_may_use_the_same_key(storage: Storage) -> None:
    for channel in ("telegram", "web"):
        ((row,),) = await storage.commit([inbox.receive(channel, "7", f"{channel}:1", b"{}", 1)])
        assert row["seq"]


async def test_updates_wait_in_the_order_they_came_whatever_their_keys(storage: Storage) -> None:
    await receive(storage, "9")
    await receive(storage, "3", "5")
    assert await waiting(storage) == ["9", "3", "5"]
    first = (await storage.read(inbox.waiting(1)))[0]
    assert isinstance(first["seq"], int)
    assert (first["chat"], first["body"], first["received_at"], first["tries"]) == (CHAT, b"{}", 1, 0)
    assert await waiting(storage, after_seq=first["seq"]) == ["3", "5"]


async def test_an_update_is_finished_once_and_with_it_all_its_turn_wrote(storage: Storage) -> None:
    await receive(storage, "7")
    await storage.commit([inbox.finish("telegram", "7"), notes.put("effects", "1")])
    with pytest.raises(Conflict) as caught:
        await storage.commit([notes.put("effects", "2"), inbox.finish("telegram", "7")])
    assert caught.value.guard == "inbox"
    assert (await storage.read(notes.get("effects")))[0]["value"] == "1"
    assert await waiting(storage) == []


async def test_a_finished_update_keeps_its_key_and_loses_its_body(storage: Storage) -> None:
    await receive(storage, "7")
    await storage.commit([inbox.finish("telegram", "7")])
    await receive(storage, "7")
    (row,) = await storage.read(Query("select state, body from inbox"))
    assert (row["state"], row["body"]) == ("done", None)


async def test_an_update_set_aside_waits_no_longer_and_is_kept_whole(storage: Storage) -> None:
    await receive(storage, "7")
    await storage.commit([inbox.tried("telegram", "7")])
    await storage.commit([inbox.tried("telegram", "7")])
    assert (await storage.read(inbox.waiting(1)))[0]["tries"] == 2
    await storage.commit([inbox.fail("telegram", "7", "unreadable")])
    assert await waiting(storage) == []
    (row,) = await storage.read(Query("select state, body, error from inbox"))
    assert (row["state"], row["body"], row["error"]) == ("failed", b"{}", "unreadable")
