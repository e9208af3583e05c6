from __future__ import annotations

import asyncio

import pytest

from storage import outbox
from storage.base import Conflict, Query, Storage

ANA, BEN = "telegram:ana", "telegram:ben"


async def say(
    storage: Storage, chat: str, body: str, *, at: int = 1, prompt: int = 0, kind: str = "line"
) -> int:
    channel = "sms" if kind == "sms" else "telegram"
    ((row,),) = await storage.commit([outbox.enqueue(chat, channel, kind, body, at, prompt=prompt)])
    assert isinstance(row["id"], int)
    return row["id"]


async def due(storage: Storage, now: int = 10, limit: int = 100, channel: str = "telegram") -> list[object]:
    return [row["body"] for row in await storage.read(outbox.due(channel, now, limit))]


async def due_in(storage: Storage, chat: str, now: int = 10, limit: int = 100) -> list[object]:
    rows = await storage.read(outbox.due("telegram", now, limit))
    return [row["body"] for row in rows if row["chat"] == chat]


async def states(storage: Storage) -> dict[object, object]:
    return {row["body"]: row["state"] for row in await storage.read(Query("select body, state from outbox"))}


async def test_a_row_comes_back_as_it_was_said(storage: Storage) -> None:
    write = outbox.enqueue(ANA, "telegram", "line", "{}", 3, prompt=12, careful=True, due_ms=5)
    ((said,),) = await storage.commit([write])
    (row,) = await storage.read(outbox.due("telegram", 5, 1))
    assert dict(row) == {
        "id": said["id"],
        "chat": ANA,
        "channel": "telegram",
        "kind": "line",
        "body": "{}",
        "prompt": 12,
        "careful": True,
        "state": "waiting",
        "tries": 0,
        "created_at": 3,
        "due_at": 5,
        "error": None,
    }


async def test_what_a_chat_was_told_first_is_sent_first(storage: Storage) -> None:
    for n, chat in enumerate([ANA, BEN, ANA, BEN, ANA]):
        await say(storage, chat, f"{chat} {n}", at=9 - n)
    assert await due_in(storage, ANA) == [f"{ANA} {n}" for n in (0, 2, 4)]
    assert await due(storage) == [f"{chat} {n}" for n, chat in enumerate([ANA, BEN, ANA, BEN, ANA])]


async def test_what_is_not_due_or_of_another_channel_is_not_sent(storage: Storage) -> None:
    await say(storage, ANA, "later", at=11)
    await say(storage, BEN, "code", kind="sms")
    assert await due(storage) == []
    assert await due(storage, channel="sms") == ["code"]


async def test_a_postponed_row_holds_back_the_rest_of_its_chat_alone(storage: Storage) -> None:
    first = await say(storage, ANA, "first")
    await say(storage, ANA, "second")
    await say(storage, ANA, "code", kind="sms")
    await say(storage, BEN, "hello")
    await storage.commit([outbox.postpone(first, 20, 1, "flood")])
    assert await due(storage) == ["hello"]
    assert await due_in(storage, ANA) == []
    assert await due(storage, channel="sms") == ["code"]
    assert await due(storage, now=20) == ["first", "second", "hello"]
    (row, *_) = await storage.read(outbox.due("telegram", 20, 3))
    assert (row["tries"], row["error"]) == (1, "flood")


async def test_a_row_in_the_middle_that_is_not_due_holds_back_what_comes_after(storage: Storage) -> None:
    await say(storage, ANA, "first")
    await say(storage, ANA, "later", at=20)
    await say(storage, ANA, "last")
    assert await due(storage) == ["first"]
    assert await due_in(storage, ANA) == ["first"]


async def test_a_row_under_way_holds_back_the_rest_of_its_chat(storage: Storage) -> None:
    first = await say(storage, ANA, "first")
    await say(storage, ANA, "second")
    await storage.commit([outbox.marked(first)])
    assert await due(storage) == []
    assert await due_in(storage, ANA) == []
    await storage.commit([outbox.sent(first)])
    assert await due(storage) == ["second"]


async def test_a_limit_takes_the_chats_that_waited_longest_and_never_skips_a_chats_first_row(
    storage: Storage,
) -> None:
    postponed = await say(storage, ANA, "ana 1")
    await say(storage, ANA, "ana 2", at=2)
    await say(storage, BEN, "ben 1", at=3)
    await storage.commit([outbox.postpone(postponed, 5, 1, "")])
    assert await due(storage, limit=1) == ["ben 1"]
    assert await due(storage, limit=2) == ["ana 1", "ana 2"]


async def test_a_row_is_claimed_by_one(storage: Storage) -> None:
    row = await say(storage, ANA, "receipt")
    claims = [storage.commit([outbox.marked(row)]) for _ in range(10)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    guards = [getattr(outcome, "guard", "held") for outcome in outcomes]
    assert sorted(guards) == ["held"] + ["outbox"] * 9


async def test_rows_under_way_when_the_process_ended_are_found(storage: Storage) -> None:
    first, _ = await say(storage, ANA, "first"), await say(storage, BEN, "second")
    await storage.commit([outbox.marked(first)])
    assert [row["body"] for row in await storage.read(outbox.recover())] == ["first"]
    await storage.commit([outbox.postpone(first, 1, 1, "")])
    assert list(await storage.read(outbox.recover())) == []
    assert await due(storage) == ["first", "second"]


async def test_a_row_ends_once(storage: Storage) -> None:
    row = await say(storage, ANA, "hello")
    await storage.commit([outbox.sent(row)])
    for write in (outbox.sent(row), outbox.dead(row, ""), outbox.postpone(row, 1, 1, ""), outbox.marked(row)):
        with pytest.raises(Conflict) as caught:
            await storage.commit([write])
        assert caught.value.guard == "outbox"


async def test_what_was_given_up_is_kept_for_an_operator_and_lets_the_rest_pass(storage: Storage) -> None:
    row = await say(storage, ANA, "bad")
    await say(storage, ANA, "good")
    await storage.commit([outbox.dead(row, "too long")])
    assert await due(storage) == ["good"]
    (letter,) = await storage.read(outbox.dead_letters())
    assert (letter["body"], letter["error"]) == ("bad", "too long")


async def test_changes_of_a_prompt_that_have_not_gone_out_give_way_to_the_newest(storage: Storage) -> None:
    out = await say(storage, ANA, "v1", prompt=7, kind="edit")
    await storage.commit([outbox.marked(out)])
    await say(storage, ANA, "v2", prompt=7, kind="edit")
    await say(storage, ANA, "words that lead up to it", prompt=7)
    await say(storage, ANA, "strip", prompt=7, kind="strip")
    await say(storage, ANA, "other", prompt=8)
    await say(storage, ANA, "plain")
    await say(storage, BEN, "ben", prompt=7, kind="edit")
    newest = outbox.enqueue(ANA, "telegram", "edit", "v3", 1, prompt=7)
    await storage.commit([outbox.collapse(ANA, 7), outbox.collapse(ANA, 0), newest])
    await storage.commit([outbox.sent(out)])
    assert await due_in(storage, ANA) == ["words that lead up to it", "strip", "other", "plain", "v3"]
    assert await due_in(storage, BEN) == ["ben"]
    assert (await states(storage))["v2"] == "dropped"


async def test_a_chat_that_blocked_us_is_told_nothing_more_but_its_phone_is(storage: Storage) -> None:
    await say(storage, ANA, "hello")
    await say(storage, ANA, "marks", kind="edit")
    await say(storage, ANA, "strip", kind="strip")
    await say(storage, ANA, "code", kind="sms")
    await say(storage, BEN, "ben")
    await storage.commit([outbox.drop_chat(ANA, "blocked")])
    assert await states(storage) == {
        "hello": "dropped",
        "marks": "dropped",
        "strip": "dropped",
        "code": "waiting",
        "ben": "waiting",
    }
