"""Timers, prompts, messages, prices, notes and the log: small tables, a few rules each."""

from __future__ import annotations

import asyncio

import pytest

from storage import notes, phone, prompts, tariffs, timers, turn_log, web_messages
from storage.base import Conflict, Query, Storage, Write

CHAT = "web:1"


async def test_a_chat_has_one_timer_of_a_kind_and_moving_it_forgets_the_earlier_moment(
    storage: Storage,
) -> None:
    await storage.commit([timers.schedule(CHAT, "remind", 5), timers.schedule(CHAT, "expire", 9)])
    await storage.commit([timers.schedule(CHAT, "remind", 7)])
    assert [row["due_at"] for row in await storage.read(timers.due(10))] == [7, 9]
    assert list(await storage.read(timers.due(6))) == []
    await storage.commit([timers.cancel(CHAT, "expire")])
    (row,) = await storage.read(timers.due(10))
    assert dict(row) == {"chat": CHAT, "kind": "remind", "due_at": 7}


async def test_a_timer_fires_once(storage: Storage) -> None:
    await storage.commit([timers.schedule(CHAT, "remind", 5)])
    fires = [storage.commit([timers.fire(CHAT, "remind", 5)]) for _ in range(5)]
    outcomes = await asyncio.gather(*fires, return_exceptions=True)
    guards = [getattr(outcome, "guard", "held") for outcome in outcomes]
    assert sorted(guards) == ["held"] + ["timer"] * 4
    assert list(await storage.read(timers.due(10))) == []


async def test_a_timer_that_was_moved_does_not_fire_for_its_earlier_moment(storage: Storage) -> None:
    await storage.commit([timers.schedule(CHAT, "remind", 5)])
    await storage.commit([timers.schedule(CHAT, "remind", 7)])
    with pytest.raises(Conflict):
        await storage.commit([timers.fire(CHAT, "remind", 5)])
    assert [row["due_at"] for row in await storage.read(timers.due(10))] == [7]


async def test_the_message_of_a_prompt_is_the_one_sent_last(storage: Storage) -> None:
    await storage.commit([prompts.remember(CHAT, 7, "100"), prompts.remember(CHAT, 8, "101")])
    await storage.commit([prompts.remember(CHAT, 7, "102")])
    assert [row["message_id"] for row in await storage.read(prompts.message_of(CHAT, 7))] == ["102"]
    await storage.commit([prompts.forget(CHAT, 7)])
    assert list(await storage.read(prompts.message_of(CHAT, 7))) == []
    assert len(await storage.read(prompts.message_of(CHAT, 8))) == 1


async def test_a_note_is_what_was_put_last(storage: Storage) -> None:
    await storage.commit([notes.put("offset", "1")])
    await storage.commit([notes.put("offset", "2")])
    assert [row["value"] for row in await storage.read(notes.get("offset"))] == ["2"]
    assert list(await storage.read(notes.get("other"))) == []


PRICES = {"block_kwh": "800", "high_1": "7.79", "low_1": "3.34", "high_2": "14.32", "low_2": "6.83"}


def prices(vat: str) -> Write:
    return tariffs.put_missing(tariff_group="4", valid_from="2025-05-01", fixed="1.84", vat=vat, **PRICES)


async def test_prices_once_there_are_not_overwritten(storage: Storage) -> None:
    await storage.commit([prices("0.08")])
    await storage.commit([prices("0.18")])
    (row,) = await storage.read(tariffs.all())
    assert dict(row) == {
        "tariff_group": "4",
        "valid_from": "2025-05-01",
        "fixed": "1.84",
        "vat": "0.08",
        **PRICES,
    }


async def show(storage: Storage, author: str, body: str, *, live: bool = False, chat: str = CHAT) -> int:
    ((row,),) = await storage.commit([web_messages.add(chat, author, body, 1, live=live)])
    assert isinstance(row["id"], int)
    return row["id"]


async def bodies(storage: Storage, query: Query) -> list[object]:
    return [row["body"] for row in await storage.read(query)]


async def test_a_browser_sees_its_own_chat_oldest_first(storage: Storage) -> None:
    first = await show(storage, "bot", "a")
    await show(storage, "me", "b")
    await show(storage, "bot", "other", chat="web:2")
    await show(storage, "bot", "c")
    assert await bodies(storage, web_messages.since(CHAT, 0)) == ["a", "b", "c"]
    assert await bodies(storage, web_messages.since(CHAT, first)) == ["b", "c"]
    assert await bodies(storage, web_messages.history(CHAT, 2)) == ["b", "c"]


async def test_a_live_message_is_changed_in_place_and_seen_by_who_asks_for_changes(storage: Storage) -> None:
    message = await show(storage, "bot", "a", live=True)
    last = await show(storage, "me", "b")
    await storage.commit([web_messages.revise(CHAT, message, "A", 5)])
    assert await bodies(storage, web_messages.since(CHAT, last)) == []
    assert await bodies(storage, web_messages.since(CHAT, last, changed_ms=5)) == ["A"]


async def test_a_message_without_its_buttons_or_of_another_chat_is_not_changed(storage: Storage) -> None:
    message = await show(storage, "bot", "a", live=True)
    with pytest.raises(Conflict) as caught:
        await storage.commit([web_messages.revise("web:2", message, "A", 5)])
    assert caught.value.guard == "web_message"
    await storage.commit([web_messages.strip(CHAT, message, 5)])
    await storage.commit([web_messages.strip(CHAT, message, 6)])
    with pytest.raises(Conflict):
        await storage.commit([web_messages.revise(CHAT, message, "A", 7)])
    (row,) = await storage.read(web_messages.history(CHAT, 1))
    assert (row["body"], bool(row["live"]), row["changed_at"]) == ("a", False, 5)


async def test_what_a_customer_did_is_shown_once_however_often_the_browser_says_it(storage: Storage) -> None:
    await show(storage, "bot", "same")
    for chat in (CHAT, CHAT, "web:2"):
        await storage.commit([web_messages.add_own(chat, "same", 5)])
    shown = await storage.read(web_messages.history(CHAT, 9))
    assert [row["author"] for row in shown] == ["bot", "me"]
    own = shown[1]["id"]
    assert isinstance(own, int)
    assert [row["chat"] for row in await storage.read(web_messages.one(own))] == [CHAT]


async def test_the_phone_shows_the_messages_of_its_visitor_alone(storage: Storage) -> None:
    ((first,),) = await storage.commit([phone.add(CHAT, "sms", "+38344000001", "", "Code 1", 1)])
    await storage.commit([phone.add("web:2", "sms", "+38344000002", "", "Code 2", 1)])
    await storage.commit([phone.add(CHAT, "email", "a@example.com", "Bill", "Here", 2)])
    assert await bodies(storage, phone.since(CHAT, 0)) == ["Code 1", "Here"]
    assert isinstance(first["id"], int)
    (row,) = await storage.read(phone.since(CHAT, first["id"]))
    assert (row["kind"], row["recipient"], row["subject"]) == ("email", "a@example.com", "Bill")


async def test_each_turn_leaves_a_row_in_the_log(storage: Storage) -> None:
    facts = {"chat": CHAT, "channel": "web", "key": "7", "event": "Said", "dialog": "estimate", "step": "kwh"}
    await storage.commit([turn_log.add(at_ms=5, prompt=3, walks=1, millis=2.5, **facts)])
    (row,) = await storage.read(Query("select * from turn_log"))
    assert {name: row[name] for name in facts} == facts
    assert (row["at"], row["prompt"], row["walks"], row["millis"]) == (5, 3, 1, 2.5)
