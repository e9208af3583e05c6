"""What operators look for, put back and leave behind."""

from __future__ import annotations

import pytest

from storage import (
    accounts,
    claims,
    conversations,
    inbox,
    old,
    operator_log,
    outbox,
    payments,
    throttles,
    turn_log,
)
from storage.base import Conflict, Query, Storage, Write
from tests.storage.test_claims import account

CHAT, OTHER = "telegram:7", "telegram:8"


# -- the log -----------------------------------------------------------------------------------------


def used(command: str, at_ms: int = 5, *, personal: bool = False) -> Write:
    return operator_log.add(
        at_ms=at_ms,
        operator="ana",
        command=command,
        subject="in-1",
        personal=personal,
        note="n",
        outcome="done",
    )


async def test_a_use_is_kept_as_it_was_and_the_newest_comes_first(storage: Storage) -> None:
    await storage.commit([used("dead"), used("locks", personal=True)])
    rows = await storage.read(operator_log.newest(9))
    assert [(row["command"], bool(row["personal"])) for row in rows] == [("locks", True), ("dead", False)]
    names = ("at", "operator", "subject", "note", "outcome")
    assert {name: rows[0][name] for name in names} == dict(
        zip(names, (5, "ana", "in-1", "n", "done"), strict=True)
    )
    assert len(await storage.read(operator_log.newest(1))) == 1
    assert (await storage.read(operator_log.count()))[0]["n"] == 2


async def test_what_operators_did_long_ago_is_forgotten(storage: Storage) -> None:
    await storage.commit([used("old", 9), used("new", 10)])
    await storage.commit([old.forget_operators(10)])
    assert [row["command"] for row in await storage.read(operator_log.newest(9))] == ["new"]


# -- updates and messages ----------------------------------------------------------------------------


async def failed(storage: Storage, key: str, at_ms: int, channel: str = "telegram") -> int:
    ((row,),) = await storage.commit([inbox.receive(channel, key, CHAT, b"x", at_ms)])
    await storage.commit([inbox.tried(channel, key), inbox.fail(channel, key, f"error {key}")])
    return int(str(row["seq"]))


async def update(storage: Storage, seq: int) -> dict[str, object]:
    return dict((await storage.read(Query("select * from inbox where seq = :seq", {"seq": seq})))[0])


async def test_an_update_that_failed_is_handled_anew_with_all_its_tries(storage: Storage) -> None:
    seq = await failed(storage, "A", 5)
    (row,) = await storage.read(inbox.set_aside(9))
    assert (row["seq"], row["error"], "body" in row) == (seq, "error A", False)
    assert [row["seq"] for row in await storage.read(inbox.of_error("error A"))] == [seq]
    await storage.commit([inbox.again(seq, overtaken=False)])
    found = await update(storage, seq)
    assert (found["state"], found["tries"], found["error"], found["body"]) == ("new", 0, None, b"x")
    with pytest.raises(Conflict, match="inbox"):
        await storage.commit([inbox.again(seq, overtaken=True)])
    with pytest.raises(Conflict, match="inbox"):
        await storage.commit([inbox.drop(seq)])


async def test_an_update_is_overtaken_by_a_later_one_or_by_its_conversation(storage: Storage) -> None:
    first, second = await failed(storage, "A", 5), await failed(storage, "B", 6)
    elsewhere = await failed(storage, "news", 7, "payments")
    overtaken = [(await storage.read(inbox.one(seq)))[0]["overtaken"] for seq in (first, second, elsewhere)]
    assert overtaken == [1, 0, 0]
    with pytest.raises(Conflict):
        await storage.commit([inbox.again(first, overtaken=False)])
    await storage.commit([conversations.save(CHAT, 0, "sq", "{}", 6)])
    assert (await storage.read(inbox.one(second)))[0]["overtaken"] == 0
    await storage.commit([conversations.save(CHAT, 1, "sq", "{}", 7)])
    assert (await storage.read(inbox.one(second)))[0]["overtaken"] == 1
    with pytest.raises(Conflict):
        await storage.commit([inbox.again(second, overtaken=False)])
    await storage.commit([inbox.again(second, overtaken=True)])


async def test_of_an_update_that_is_dropped_only_why_it_failed_stays(storage: Storage) -> None:
    seq = await failed(storage, "A", 5)
    await storage.commit([inbox.drop(seq)])
    found = await update(storage, seq)
    assert (found["state"], found["body"], found["error"]) == ("done", None, "error A")
    assert (await storage.read(inbox.count_set_aside()))[0]["n"] == 0


async def test_what_is_unfinished_in_a_chat_is_that_of_no_other(storage: Storage) -> None:
    seq = await failed(storage, "A", 5)
    await storage.commit(
        [
            inbox.receive("telegram", key, chat, b"", 6)
            for key, chat in (("B", CHAT), ("C", OTHER), ("D", CHAT))
        ]
    )
    await storage.commit([inbox.finish("telegram", "D")])
    assert [(row["key"], row["state"]) for row in await storage.read(inbox.open_in(CHAT, 9))] == [
        ("B", "new"),
        ("A", "failed"),
    ]
    assert [row["seq"] for row in await storage.read(inbox.open_in(CHAT, 1))] == [seq + 1]
    assert [row["key"] for row in await storage.read(inbox.told_by("telegram", CHAT))] == ["A", "B", "D"]


async def died(storage: Storage, *, careful: bool = False) -> int:
    ((row,),) = await storage.commit([outbox.enqueue(CHAT, "telegram", "line", "{}", 5, careful=careful)])
    id = int(str(row["id"]))
    await storage.commit([outbox.dead(id, "refused")])
    return id


async def test_a_message_that_died_is_sent_after_all(storage: Storage) -> None:
    id = await died(storage)
    assert (await storage.read(outbox.count_dead()))[0]["n"] == 1
    await storage.commit([outbox.revive(id, 9, 0)])
    (row,) = await storage.read(outbox.due("telegram", 9, 9))
    assert (row["id"], row["due_at"], row["tries"], row["error"], row["body"]) == (id, 9, 0, None, "{}")
    for write in (outbox.revive(id, 9, 0), outbox.drop_dead(id)):
        with pytest.raises(Conflict, match="outbox"):
            await storage.commit([write])


async def test_what_is_careful_never_is(storage: Storage) -> None:
    id = await died(storage, careful=True)
    with pytest.raises(Conflict, match="outbox"):
        await storage.commit([outbox.revive(id, 9, 0)])


async def test_nor_is_what_was_looked_at_before_the_conversation_went_on(storage: Storage) -> None:
    id = await died(storage)
    await storage.commit([conversations.save(CHAT, 0, "sq", "{}", 6)])
    for rev in (0, 2):
        with pytest.raises(Conflict, match="outbox"):
            await storage.commit([outbox.revive(id, 9, rev)])
    await storage.commit([outbox.revive(id, 9, 1)])


async def test_of_a_message_that_is_dropped_only_why_it_died_stays(storage: Storage) -> None:
    id = await died(storage)
    assert [row["id"] for row in await storage.read(outbox.open_in(CHAT, 9))] == [id]
    await storage.commit([outbox.drop_dead(id)])
    (row,) = await storage.read(outbox.one(id))
    assert (row["state"], row["body"], row["error"]) == ("dropped", "", "refused")
    assert list(await storage.read(outbox.open_in(CHAT, 9))) == []


# -- turns -------------------------------------------------------------------------------------------


async def test_the_turn_of_an_error_is_found_by_its_number(storage: Storage) -> None:
    facts = {"channel": "telegram", "event": "Said", "dialog": "", "step": "", "prompt": 0, "walks": 0}
    for n, error in enumerate(("", "ABC123", "")):
        write = turn_log.add(chat=CHAT, key=str(n), at_ms=n, millis=1.0, error=error, **facts)  # type: ignore[arg-type]
        await storage.commit([write])
    assert [row["key"] for row in await storage.read(turn_log.met("ABC123"))] == ["1"]
    assert list(await storage.read(turn_log.met(""))) == []
    assert [row["key"] for row in await storage.read(turn_log.of_chat(CHAT, 2))] == ["2", "1"]
    assert list(await storage.read(turn_log.of_chat(OTHER, 2))) == []


# -- payments ----------------------------------------------------------------------------------------


async def order(storage: Storage, id: str = "o1") -> None:
    names = {"token_hash": id, "account": "a1", "chat": CHAT, "reference": f"EK-{id.upper()}"}
    await storage.commit([payments.add_order(id=id, amount="5.00", at_ms=1, expires_ms=99, **names)])


async def test_trouble_is_told_with_whose_order_it_is_newest_first(storage: Storage) -> None:
    await order(storage)
    await storage.commit([account("a1", "1234567892", "Arta", "Krasniqi")])
    await storage.commit([payments.trouble("k1", "mismatch", "o1", "{}", "4.00", 5)])
    await storage.commit([payments.trouble("k2", "unmatched", "", "{}", "6.00", 6)])
    unmatched, mismatch = await storage.read(payments.troubles(9))
    assert (unmatched["key"], unmatched["order_reference"], unmatched["first_name"]) == ("k2", None, None)
    assert (mismatch["order_reference"], mismatch["first_name"]) == ("EK-O1", "Arta")
    assert len(await storage.read(payments.troubles(1))) == 1
    assert (await storage.read(payments.count_troubles()))[0]["n"] == 2


async def test_trouble_is_settled_once_and_stays(storage: Storage) -> None:
    await storage.commit([payments.trouble("k1", "mismatch", "o1", "{}", "4.00", 5)])
    await storage.commit([payments.settle_trouble("k1", 7, "ana", "given back")])
    with pytest.raises(Conflict, match="trouble"):
        await storage.commit([payments.settle_trouble("k1", 8, "ben", "again")])
    assert list(await storage.read(payments.troubles(9))) == []
    for query in (payments.troubles_of("o1"), payments.all_troubles()):
        (row,) = await storage.read(query)
        assert (row["settled_at"], row["settled_by"], row["settled_note"]) == (7, "ana", "given back")


async def test_a_try_of_which_nothing_was_heard_is_silent_and_no_other(storage: Storage) -> None:
    await order(storage)
    for n, at in ((1, 5), (2, 6), (3, 7)):
        await storage.commit([payments.add_try(f"EK-O1-{n}", "o1", n, "sandbox", at)])
    for n in (1, 2, 3):
        await storage.commit([payments.opened(f"EK-O1-{n}", f"x{n}", "", 9)])
    await storage.commit([payments.turn_try("EK-O1-1", "open", "failed")])
    assert [row["reference"] for row in await storage.read(payments.silent(6, 9))] == ["EK-O1-2"]
    assert (await storage.read(payments.count_silent(7)))[0]["n"] == 2
    assert [row["id"] for row in await storage.read(payments.order_called("EK-O1"))] == ["o1"]


# -- claims ------------------------------------------------------------------------------------------


async def test_only_what_a_holder_can_still_answer_is_undecided(storage: Storage) -> None:
    await storage.commit([account("a1", "3425437231", "Gëzim", "Hoxha"), account("a2", "1", "Arta", "K")])
    for n, (state, until) in enumerate([("claimed", 11), ("claimed", 10), ("asked", 10), ("refused", 99)]):
        await storage.commit([claims.begin("a1", f"DPR {n}", "1", state, until, n)])
    rows = await storage.read(claims.undecided(10, 9))
    assert [row["customer_code"] for row in rows] == ["DPR 2", "DPR 0"]
    assert (rows[0]["first_name"], rows[0]["holder_account"], rows[0]["holder_first"]) == (
        "Gëzim",
        "a2",
        "Arta",
    )
    assert (await storage.read(claims.count_undecided(10)))[0]["n"] == 2
    assert [row["state"] for row in await storage.read(claims.of_meter("DPR 3"))] == ["refused"]


# -- accounts, chats and counters --------------------------------------------------------------------


async def test_everybody_is_gone_through_page_by_page(storage: Storage) -> None:
    await storage.commit([account(f"a{n}", str(n), "A", "B") for n in range(3)])
    await storage.commit([accounts.link(f"web:{n}", "a1", 1) for n in range(3)])
    await storage.commit([conversations.save(f"web:{n}", 0, "sq", "{}", 1) for n in range(3)])
    await storage.commit([throttles.put(f"k{n}", 0, "[5,1]", 10 * n) for n in range(3)])
    assert [row["id"] for row in await storage.read(accounts.everybody("a0", 1))] == ["a1"]
    assert [row["chat"] for row in await storage.read(accounts.all_linked("web:0", 9))] == ["web:1", "web:2"]
    assert [row["chat"] for row in await storage.read(conversations.chats("", 2))] == ["web:0", "web:1"]
    assert [row["key"] for row in await storage.read(throttles.counting(9, "", 9))] == ["k1", "k2"]
    assert [row["state"] for row in await storage.read(throttles.counting(9, "k1", 9))] == ["[5,1]"]


async def test_an_account_is_known_by_how_its_id_begins(storage: Storage) -> None:
    await storage.commit([account(id, id, "A", "B") for id in ("abc1", "abd2", "a%e3")])
    assert [row["id"] for row in await storage.read(accounts.begins("abc"))] == ["abc1"]
    assert len(await storage.read(accounts.begins("ab"))) == 2
    assert list(await storage.read(accounts.begins("%"))) == []
