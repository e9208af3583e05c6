"""Documents behind a link, on every database: kept as long as somebody may open them."""

from __future__ import annotations

from storage import files, old
from storage.base import Storage, Write

CHAT, OTHER = "web:1", "web:2"
BODY = b"\x00sealed\xff"


def kept(token_hash: str = "h", chat: str = CHAT, body: bytes = BODY, expires: int = 10) -> Write:
    return files.keep(token_hash, chat, body, expires)


async def found(storage: Storage, token_hash: str = "h", now: int = 0) -> list[tuple[object, bytes]]:
    rows = await storage.read(files.one(token_hash, now))
    return [(row["chat"], bytes(row["body"])) for row in rows]  # type: ignore[arg-type]


async def test_a_document_is_found_by_its_hash_alone_and_as_it_was_kept(storage: Storage) -> None:
    await storage.commit([kept(), kept("other", OTHER, b"another")])
    assert await found(storage) == [(CHAT, BODY)]
    assert await found(storage, "other") == [(OTHER, b"another")]
    assert await found(storage, "H") == await found(storage, "") == []


async def test_a_document_can_be_opened_until_its_moment(storage: Storage) -> None:
    await storage.commit([kept()])
    assert await found(storage, now=9) == [(CHAT, BODY)]
    assert await found(storage, now=10) == []


async def test_what_is_kept_once_stays_as_it_was(storage: Storage) -> None:
    await storage.commit([kept()])
    await storage.commit([kept(chat=OTHER, body=b"another", expires=99)])
    assert await found(storage, now=9) == [(CHAT, BODY)]
    assert await found(storage, now=10) == []


async def test_those_of_a_chat_are_forgotten_and_no_others(storage: Storage) -> None:
    await storage.commit([kept("a"), kept("b"), kept("c", OTHER)])
    await storage.commit([files.forget_of(CHAT)])
    assert [await found(storage, name) for name in "abc"] == [[], [], [(OTHER, BODY)]]


async def test_those_that_nobody_can_open_any_more_are_forgotten_page_by_page(storage: Storage) -> None:
    await storage.commit([kept(str(n), expires=1) for n in range(old.PAGE + 5)])
    await storage.commit([kept("stays", expires=2)])
    gone = [len((await storage.commit([files.forget_old(2)]))[0]) for _ in range(3)]
    assert gone == [old.PAGE, 5, 0]
    assert await found(storage, "stays", now=1) == [(CHAT, BODY)]
