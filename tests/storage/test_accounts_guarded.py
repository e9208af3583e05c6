"""Counters, codes that are out, and secrets kept for a while: what changes once, and what is forgotten."""

from __future__ import annotations

import asyncio

import pytest

from storage import challenges, old, secrets_kept, throttles
from storage.base import Conflict, Storage, Write

CHAT = "web:1"


async def conflict(storage: Storage, write: Write) -> str:
    with pytest.raises(Conflict) as caught:
        await storage.commit([write])
    return caught.value.guard


async def test_a_counter_is_what_was_put_last(storage: Storage) -> None:
    assert list(await storage.read(throttles.get("k"))) == []
    await storage.commit([throttles.put("k", 0, "[1]", 10)])
    await storage.commit([throttles.put("k", 1, "[1, 2]", 20)])
    (row,) = await storage.read(throttles.get("k"))
    assert dict(row) == {"rev": 2, "state": "[1, 2]", "until": 20}


async def test_a_counter_changes_only_as_it_was_read(storage: Storage) -> None:
    assert await conflict(storage, throttles.put("k", 1, "[1]", 10)) == "throttle"
    firsts = [storage.commit([throttles.put("k", 0, "[1]", 10)]) for _ in range(5)]
    outcomes = await asyncio.gather(*firsts, return_exceptions=True)
    assert sorted(getattr(outcome, "guard", "") for outcome in outcomes) == ["", *["throttle"] * 4]
    await storage.commit([throttles.put("k", 1, "[2]", 10)])
    assert await conflict(storage, throttles.put("k", 1, "[3]", 10)) == "throttle"


async def test_a_counter_is_forgotten_when_it_is_of_no_more_use(storage: Storage) -> None:
    await storage.commit([throttles.put("old", 0, "[]", 10), throttles.put("new", 0, "[]", 20)])
    (gone,) = await storage.commit([throttles.forget_old(20)])
    assert [row["key"] for row in gone] == ["old"]
    assert await conflict(storage, throttles.put("old", 1, "[]", 30)) == "throttle"


def challenge(id: str = "c", expires: int = 10, recipient: str = "+38344123456") -> Write:
    return challenges.add(id, CHAT, "sign in", recipient, "sms", expires)


async def test_a_code_can_be_entered_where_and_while_it_is_good(storage: Storage) -> None:
    await storage.commit([challenge()])
    (row,) = await storage.read(challenges.open_one("c", CHAT, "sign in", 9, 5))
    assert dict(row) == {"recipient": "+38344123456", "way": "sms", "rev": 1, "tries": 0}
    for query in (
        challenges.open_one("c", CHAT, "sign in", 10, 5),
        challenges.open_one("c", CHAT, "change phone", 9, 5),
        challenges.open_one("c", "web:2", "sign in", 9, 5),
        challenges.open_one("d", CHAT, "sign in", 9, 5),
        challenges.open_one("c", CHAT, "sign in", 9, 0),
    ):
        assert list(await storage.read(query)) == []


async def test_a_name_of_a_code_is_given_once(storage: Storage) -> None:
    await storage.commit([challenge()])
    assert await conflict(storage, challenge()) == "challenge"


async def test_tries_are_counted_one_after_the_other(storage: Storage) -> None:
    await storage.commit([challenge()])
    misses = [storage.commit([challenges.miss("c", 1)]) for _ in range(4)]
    outcomes = await asyncio.gather(*misses, return_exceptions=True)
    assert sorted(getattr(outcome, "guard", "") for outcome in outcomes) == ["", *["challenge"] * 3]
    await storage.commit([challenges.miss("c", 2)])
    (row,) = await storage.read(challenges.open_one("c", CHAT, "sign in", 9, 5))
    assert (row["rev"], row["tries"]) == (3, 2)
    assert list(await storage.read(challenges.open_one("c", CHAT, "sign in", 9, 2))) == []


async def test_a_code_is_used_once(storage: Storage) -> None:
    await storage.commit([challenge()])
    await storage.commit([challenges.use("c", 1, 5)])
    assert await conflict(storage, challenges.use("c", 2, 6)) == "challenge"
    assert await conflict(storage, challenges.miss("c", 2)) == "challenge"
    assert list(await storage.read(challenges.open_one("c", CHAT, "sign in", 5, 5))) == []


async def test_the_newest_code_is_the_one_that_is_still_good(storage: Storage) -> None:
    await storage.commit(
        [challenge("a", 10), challenge("b", 20), challenge("x", 30, recipient="+38345000000")]
    )

    async def newest(now: int, chat: str = CHAT) -> list[object]:
        query = challenges.newest(chat, "sign in", ("+38344123456", "nobody x"), now, 5)
        return [row["id"] for row in await storage.read(query)]

    assert await newest(5) == ["b"]
    await storage.commit([challenges.use("b", 1, 5)])
    assert await newest(5) == ["a"]
    assert await newest(10) == []
    assert await newest(5, "web:2") == []


async def test_expired_codes_are_forgotten(storage: Storage) -> None:
    await storage.commit([challenge("a", 10), challenge("b", 20)])
    (gone,) = await storage.commit([challenges.forget_old(20)])
    assert [row["id"] for row in gone] == ["a"]


async def test_a_secret_is_there_for_its_chat_until_it_is_used_up(storage: Storage) -> None:
    await storage.commit([secrets_kept.keep("r", CHAT, "hash", 10)])
    assert await conflict(storage, secrets_kept.keep("r", "web:2", "other", 10)) == "secret"
    assert [row["body"] for row in await storage.read(secrets_kept.get("r", CHAT, 9))] == ["hash"]
    assert list(await storage.read(secrets_kept.get("r", CHAT, 10))) == []
    assert list(await storage.read(secrets_kept.get("r", "web:2", 9))) == []
    assert await conflict(storage, secrets_kept.use_up("r", "web:2")) == "secret"
    await storage.commit([secrets_kept.use_up("r", CHAT)])
    assert await conflict(storage, secrets_kept.use_up("r", CHAT)) == "secret"
    assert list(await storage.read(secrets_kept.get("r", CHAT, 9))) == []


async def test_secrets_go_with_their_chat_or_their_time(storage: Storage) -> None:
    kept = [secrets_kept.keep(ref, chat, "x", at) for ref, chat, at in (("a", CHAT, 10), ("b", CHAT, 30))]
    await storage.commit([*kept, secrets_kept.keep("c", "web:2", "x", 30)])
    (gone,) = await storage.commit([secrets_kept.forget_old(20)])
    assert [row["ref"] for row in gone] == ["a"]
    await storage.commit([secrets_kept.forget_of(CHAT)])
    assert list(await storage.read(secrets_kept.get("b", CHAT, 20))) == []
    assert len(await storage.read(secrets_kept.get("c", "web:2", 20))) == 1


async def test_what_is_old_is_forgotten_page_by_page(storage: Storage) -> None:
    await storage.commit([throttles.put(str(n), 0, "[]", 1) for n in range(old.PAGE + 5)])
    gone = [len((await storage.commit([throttles.forget_old(2)]))[0]) for _ in range(3)]
    assert gone == [old.PAGE, 5, 0]
