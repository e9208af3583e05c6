"""What every database must hold to, whatever is stored in it."""

from __future__ import annotations

import asyncio

import pytest

from storage import conversations, inbox, notes, outbox
from storage.base import Conflict, Query, Storage, Unavailable, Write

CHAT = "telegram:1"


def number(name: str, prompt: int) -> Write:
    """A write that a second one of the same name contradicts."""
    return Write(
        "insert into sent_prompt (chat, prompt, message_id) values (:chat, :prompt, '')",
        {"chat": name, "prompt": prompt},
        guard="number",
    )


async def note(storage: Storage, key: str) -> object:
    rows = await storage.read(notes.get(key))
    return rows[0]["value"] if rows else None


async def test_what_was_committed_is_read(storage: Storage) -> None:
    await storage.commit([notes.put("offset", "7")])
    assert await note(storage, "offset") == "7"


async def test_a_commit_returns_the_rows_of_each_statement_in_order(storage: Storage) -> None:
    returning = Write("insert into note (key, value) values (:key, '') returning key, value", {"key": "b"})
    results = await storage.commit([notes.put("a", "1"), returning])
    assert [[dict(row) for row in rows] for rows in results] == [[], [{"key": "b", "value": ""}]]


async def test_values_come_back_in_the_types_they_were_written_in(storage: Storage) -> None:
    body = "ë š Ж 💡 ' \" \\ :name $1 ?"
    said = outbox.enqueue(CHAT, "telegram", "line", body, 2**53 + 1, careful=True)
    kept = inbox.receive("web", "7", CHAT, bytes(range(256)), 1)
    await storage.commit([said, kept])
    (row,) = await storage.read(Query("select careful, body, created_at, error from outbox"))
    assert [(type(value), value) for value in row.values()] == [
        (int, 1),
        (str, body),
        (int, 2**53 + 1),
        (type(None), None),
    ]
    (received,) = await storage.read(inbox.waiting(1))
    assert received["body"] == bytes(range(256))
    (sums,) = await storage.read(Query("select sum(created_at) as moments, sum(tries) as tries from outbox"))
    assert [(type(value), value) for value in sums.values()] == [(int, 2**53 + 1), (int, 0)]


async def test_what_returns_truth_returns_a_number(storage: Storage) -> None:
    await storage.commit([outbox.enqueue(CHAT, "telegram", "line", "", 1)])
    ((row,),) = await storage.commit([Write("update outbox set careful = true returning careful")])
    assert (type(row["careful"]), row["careful"]) == (int, 1)


async def test_a_turn_with_nothing_to_write_is_committed(storage: Storage) -> None:
    assert list(await storage.commit([])) == []


async def test_a_failed_precondition_leaves_nothing_of_its_turn(storage: Storage) -> None:
    with pytest.raises(Conflict) as caught:
        await storage.commit([notes.put("offset", "7"), conversations.save(CHAT, 5, "sq", "{}", 1)])
    assert caught.value.guard == "rev"
    assert await note(storage, "offset") is None


async def test_a_broken_unique_rule_is_a_conflict(storage: Storage) -> None:
    await storage.commit([number("a", 1)])
    with pytest.raises(Conflict) as caught:
        await storage.commit([notes.put("offset", "7"), number("a", 1)])
    assert caught.value.guard == "number"
    assert await note(storage, "offset") is None


async def test_a_statement_with_returning_is_held_to_its_count_of_rows(storage: Storage) -> None:
    write = Write("update note set value = '' where key = 'none' returning key", rows=1, guard="note")
    with pytest.raises(Conflict):
        await storage.commit([write])


async def test_a_wrong_statement_is_no_conflict_and_harms_only_its_own_turn(storage: Storage) -> None:
    wrong = storage.commit([notes.put("wrong", "1"), Write("insert into nowhere values (1)")])
    missing = storage.commit([notes.put("wrong", "1"), Write("insert into note (key) values ('half')")])
    right = storage.commit([notes.put("right", "1")])
    outcomes = await asyncio.gather(wrong, missing, right, return_exceptions=True)
    for outcome in outcomes[:2]:
        assert isinstance(outcome, Exception)
        assert not isinstance(outcome, Conflict | Unavailable)
    assert await note(storage, "right") == "1"
    assert await note(storage, "wrong") is None


async def test_a_conflict_of_one_turn_leaves_those_committed_with_it(storage: Storage) -> None:
    turns = [storage.commit([notes.put(f"turn {n}", "1"), number("same", n // 2)]) for n in range(40)]
    outcomes = await asyncio.gather(*turns, return_exceptions=True)
    kept = [n for n in range(40) if await note(storage, f"turn {n}")]
    assert kept == [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Conflict)]
    assert len(kept) == 20


async def test_of_800_increments_at_once_none_is_lost(storage: Storage) -> None:
    await storage.commit([conversations.save(CHAT, 0, "sq", "0", 1)])

    async def increment() -> None:
        while True:
            (row,) = await storage.read(conversations.load(CHAT))
            rev, state = row["rev"], row["state"]
            assert isinstance(rev, int)
            assert isinstance(state, str)
            try:
                await storage.commit([conversations.save(CHAT, rev, "sq", str(int(state) + 1), 1)])
            except Conflict:
                continue
            return

    async def caller() -> None:
        for _ in range(50):
            await increment()

    await asyncio.gather(*[caller() for _ in range(16)])
    (row,) = await storage.read(conversations.load(CHAT))
    assert (row["rev"], row["state"]) == (801, "800")


async def test_a_caller_who_gave_up_harms_nobody(storage: Storage) -> None:
    hasty = asyncio.ensure_future(storage.commit([notes.put("hasty", "1")]))
    patient = asyncio.ensure_future(storage.commit([notes.put("patient", "1")]))
    await asyncio.sleep(0)
    hasty.cancel()
    await patient
    assert await note(storage, "patient") == "1"


async def test_reading_cannot_write(storage: Storage) -> None:
    with pytest.raises(Exception, match="read"):
        await storage.read(Query("insert into note (key, value) values ('a', 'b')"))
    assert await note(storage, "a") is None


async def test_closing_finishes_what_waits_and_takes_nothing_more(storage: Storage) -> None:
    waiting = [asyncio.ensure_future(storage.commit([notes.put(str(n), "1")])) for n in range(100)]
    reading = asyncio.ensure_future(storage.read(notes.get("0")))
    await asyncio.sleep(0)
    await storage.close()
    assert len(await asyncio.gather(*waiting)) == 100
    await reading
    with pytest.raises(Unavailable):
        await storage.commit([notes.put("late", "1")])
    with pytest.raises(Unavailable):
        await storage.read(notes.get("0"))


async def test_closing_twice_is_closing_once(storage: Storage) -> None:
    await storage.close()
    await storage.close()
