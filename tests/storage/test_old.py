from storage import inbox, old, outbox, turn_log, web_messages
from storage.base import Query, Storage


async def count(storage: Storage, table: str) -> int:
    (row,) = await storage.read(Query(f"select count(*) as n from {table}"))
    return int(str(row["n"]))


async def test_only_what_is_over_and_old_is_forgotten(storage: Storage) -> None:
    for key, at in (("old", 10), ("new", 30), ("waiting", 10), ("failed", 10)):
        await storage.commit([inbox.receive("web", key, "web:1", b"", at)])
    await storage.commit([inbox.finish("web", "old"), inbox.finish("web", "new")])
    await storage.commit([inbox.fail("web", "failed", "why")])
    written = await storage.commit([outbox.enqueue("web:1", "web", "line", "{}", at) for at in (10, 10, 30)])
    ids = [int(str(rows[0]["id"])) for rows in written]
    await storage.commit([outbox.sent(ids[0]), outbox.sent(ids[2])])
    row = {"channel": "web", "key": "k", "event": "Said", "dialog": "", "step": "", "prompt": 0}
    for at in (5, 15):
        await storage.commit([turn_log.add(chat="web:1", at_ms=at, walks=1, millis=1.0, **row)])  # type: ignore[arg-type]
    await storage.commit([web_messages.add("web:1", "bot", "{}", at) for at in (5, 15)])
    await storage.commit([*old.forget_answered(20), *old.forget_logged(10)])
    assert await count(storage, "inbox") == 3
    assert await count(storage, "outbox") == 2
    assert await count(storage, "turn_log") == 1
    assert await count(storage, "web_message") == 1
    await storage.commit(old.forget_logged(20))
    assert await count(storage, "inbox") == 2


async def test_what_is_old_is_forgotten_page_by_page(storage: Storage) -> None:
    await storage.commit([web_messages.add("web:1", "bot", "{}", 1) for _ in range(old.PAGE + 5)])
    gone = [len((await storage.commit(old.forget_logged(2)))[3]) for _ in range(3)]
    assert gone == [old.PAGE, 5, 0]
