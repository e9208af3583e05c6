"""One-time pages as rows, on every database: opened, used once, remembered no longer than of use."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage import forms, old
from storage.base import Conflict, Storage, Write

CHAT = "web:1"


def page(token_hash: str = "h", expires: int = 10) -> Write:
    return forms.open_page(token_hash, CHAT, "Join/secret", expires)


async def kept(storage: Storage, token_hash: str = "h") -> dict[str, Any]:
    (row,) = await storage.read(forms.one(token_hash))
    return dict(row)


async def conflict(storage: Storage, *writes: Write) -> str:
    with pytest.raises(Conflict) as caught:
        await storage.commit(writes)
    return caught.value.guard


async def test_a_page_is_for_a_question_of_a_chat(storage: Storage) -> None:
    await storage.commit([page()])
    assert await kept(storage) == {
        "token_hash": "h",
        "chat": CHAT,
        "question": "Join/secret",
        "expires_at": 10,
        "used_at": None,
    }
    assert list(await storage.read(forms.one("another"))) == []


async def test_a_page_that_is_opened_by_a_second_walk_stays_as_it_was(storage: Storage) -> None:
    await storage.commit([page()])
    await storage.commit([forms.use("h", 5)])
    await storage.commit([page(expires=99)])
    assert await kept(storage) == {**(await kept(storage)), "expires_at": 10, "used_at": 5}


async def test_a_page_is_used_once(storage: Storage) -> None:
    await storage.commit([page()])
    told = await asyncio.gather(
        *(storage.commit([forms.use("h", n)]) for n in range(5)), return_exceptions=True
    )
    assert sorted(getattr(one, "guard", "") for one in told) == ["", *["form"] * 4]
    assert (await kept(storage))["used_at"] in range(5)


async def test_a_page_can_be_used_until_its_moment(storage: Storage) -> None:
    await storage.commit([page("early"), page("late")])
    await storage.commit([forms.use("early", 9)])
    assert await conflict(storage, forms.use("late", 10)) == "form"
    assert (await kept(storage, "late"))["used_at"] is None


async def test_a_page_that_never_was_cannot_be_used(storage: Storage) -> None:
    assert await conflict(storage, forms.use("h", 5)) == "form"


async def test_what_comes_with_a_page_that_was_used_is_not_kept(storage: Storage) -> None:
    await storage.commit([page(), page("other")])
    await storage.commit([forms.use("h", 5)])
    assert await conflict(storage, forms.use("other", 5), forms.use("h", 6)) == "form"
    assert (await kept(storage, "other"))["used_at"] is None


async def test_pages_are_forgotten_used_or_not_when_they_have_long_ended(storage: Storage) -> None:
    await storage.commit([page("a", 10), page("b", 10), page("c", 20), page("d", 30)])
    await storage.commit([forms.use("b", 5)])
    (gone,) = await storage.commit([forms.forget_old(20)])
    assert sorted(str(row["token_hash"]) for row in gone) == ["a", "b"]
    assert (await kept(storage, "c"))["expires_at"] == 20


async def test_they_are_forgotten_page_by_page(storage: Storage) -> None:
    await storage.commit([page(str(n), 1) for n in range(old.PAGE + 5)])
    gone = [len((await storage.commit([forms.forget_old(2)]))[0]) for _ in range(3)]
    assert gone == [old.PAGE, 5, 0]
