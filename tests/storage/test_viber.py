"""What is kept of Viber's chats and messages, on every database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from storage import conversations, inbox, outbox, viber
from storage.base import Conflict, Row, Storage, Write

ARTA, BESA = "viber:01234567890A+/==", "viber:98765432109B+/=="


def heard(chat: str, at_ms: int, newest_ms: int, level: int) -> list[Write]:
    """All that is kept of a customer's message."""
    return [viber.heard(chat, at_ms, newest_ms, level), viber.kept(chat, newest_ms)]


async def refused(storage: Storage, token: str) -> Sequence[Row]:
    """What is to be said again when the phone refuses it now."""
    await storage.commit([viber.failed(token, ARTA, 9)])
    return await storage.read(viber.refused(token))


async def chat(storage: Storage, name: str = ARTA) -> Row:
    (row,) = await storage.read(viber.chat(name))
    return row


async def test_who_was_never_met_is_not_known(storage: Storage) -> None:
    assert await storage.read(viber.chat(ARTA)) == []
    assert await storage.read(viber.welcome(ARTA, "k")) == []


async def test_to_look_in_is_not_to_subscribe_and_who_subscribed_stays_so(storage: Storage) -> None:
    await storage.commit([viber.met(ARTA, False, 10)])
    assert not (await chat(storage))["subscribed"]
    await storage.commit([viber.met(ARTA, True, 10)])
    await storage.commit([viber.met(ARTA, False, 9)])
    row = await chat(storage)
    assert row["subscribed"]
    assert (row["level"], row["heard_at"], row["newest_at"], row["keyboard"]) == (9, 0, 0, "")


@pytest.mark.parametrize("known", [False, True])
async def test_a_word_subscribes(storage: Storage, known: bool) -> None:
    if known:
        await storage.commit([viber.left(ARTA, 39)])
        assert not (await chat(storage))["subscribed"]
    await storage.commit([*heard(ARTA, 50, 40, 8)])
    row = await chat(storage)
    assert row["subscribed"]
    assert (row["level"], row["heard_at"], row["newest_at"]) == (8, 50, 40)
    await storage.commit([viber.out_of_reach(ARTA)])
    assert not (await chat(storage))["subscribed"]
    await storage.commit([*heard(ARTA, 51, 41, 8)])
    assert (await chat(storage))["subscribed"]


async def test_who_joins_and_leaves_stands_as_the_newest_has_it(storage: Storage) -> None:
    await storage.commit([viber.joined(ARTA, 30, 10), viber.left(ARTA, 20)])
    assert (await chat(storage))["subscribed"]
    await storage.commit([viber.left(ARTA, 40), viber.joined(ARTA, 35, 10)])
    assert not (await chat(storage))["subscribed"]
    await storage.commit([*heard(ARTA, 50, 39, 10)])
    row = await chat(storage)
    assert (bool(row["subscribed"]), row["standing_at"], row["heard_at"]) == (False, 40, 50)
    await storage.commit([viber.joined(ARTA, 41, 10)])
    assert (await chat(storage))["subscribed"]


async def test_an_older_word_sets_no_clock_back(storage: Storage) -> None:
    await storage.commit([*heard(ARTA, 50, 2**42, 10), *heard(ARTA, 30, 2**41, 10)])
    row = await chat(storage)
    assert (row["heard_at"], row["newest_at"]) == (50, 2**42)
    await storage.commit([*heard(ARTA, 60, 2**42 + 1, 10)])
    row = await chat(storage)
    assert (row["heard_at"], row["newest_at"]) == (60, 2**42 + 1)


async def test_a_viber_that_took_less_than_it_says_is_believed_when_it_says_something_else(
    storage: Storage,
) -> None:
    await storage.commit([*heard(ARTA, 1, 1, 10), viber.lowered(ARTA), viber.lowered(ARTA)])
    assert (await chat(storage))["level"] == 1
    await storage.commit([*heard(ARTA, 2, 2, 10), viber.met(ARTA, True, 10)])
    assert (await chat(storage))["level"] == 1
    await storage.commit([viber.met(ARTA, True, 11)])
    assert (await chat(storage))["level"] == 11
    await storage.commit([*heard(ARTA, 3, 3, 10)])
    assert (await chat(storage))["level"] == 10


async def test_a_welcome_is_given_under_its_key_alone(storage: Storage) -> None:
    await storage.commit([viber.met(ARTA, False, 10), viber.welcomed(ARTA, "k1", "{1}")])
    assert [row["welcome"] for row in await storage.read(viber.welcome(ARTA, "k1"))] == ["{1}"]
    await storage.commit([viber.welcomed(ARTA, "k2", "{2}")])
    assert await storage.read(viber.welcome(ARTA, "k1")) == []
    assert [row["welcome"] for row in await storage.read(viber.welcome(ARTA, "k2"))] == ["{2}"]
    assert await storage.read(viber.welcome(BESA, "k2")) == []


async def test_a_message_is_noted_once(storage: Storage) -> None:
    await storage.commit([viber.sent("t", ARTA, "words", 5, 7), viber.sent("t", BESA, "others", 1, 8)])
    (row,) = await refused(storage, "t")
    assert dict(row) == {"chat": ARTA, "plain": "words"}


async def test_it_is_said_plainly_once(storage: Storage) -> None:
    await storage.commit([viber.sent("t", ARTA, "words", 1, 7)])
    await storage.commit([viber.said_plainly("t")])
    assert await refused(storage, "t") == []
    with pytest.raises(Conflict) as twice:
        await storage.commit([viber.said_plainly("t")])
    assert twice.value.guard == "viber"


@pytest.mark.parametrize("seen", [False, True])
async def test_what_has_arrived_is_not_said_again(storage: Storage, seen: bool) -> None:
    await storage.commit([viber.sent("t", ARTA, "words", 1, 7), viber.arrived("t", seen, 9)])
    assert await refused(storage, "t") == []
    with pytest.raises(Conflict):
        await storage.commit([viber.said_plainly("t")])


async def test_what_is_answered_is_not_asked_again(storage: Storage) -> None:
    await storage.commit([viber.sent(token, ARTA, "words", 1, 7) for token in ("t", "u")])
    await storage.commit([viber.over("t")])
    assert await refused(storage, "t") == []
    assert await refused(storage, "u")


async def test_what_nobody_has_sent_has_arrived_nowhere(storage: Storage) -> None:
    await storage.commit([viber.arrived("t", True, 9)])
    assert await refused(storage, "t") == []


async def test_messages_are_counted_by_chat_from_a_moment_on(storage: Storage) -> None:
    await storage.commit([viber.sent(f"a{at}", ARTA, "", 1, at) for at in (1, 2, 2, 3)])
    await storage.commit([viber.sent("a4", ARTA, "", 1, 2), viber.sent("b", BESA, "", 1, 3)])
    counted = [(await storage.read(viber.count_sent(ARTA, since)))[0]["n"] for since in (0, 2, 3, 4)]
    assert counted == [4, 3, 1, 0]


async def test_a_chat_that_is_forgotten_leaves_no_words(storage: Storage) -> None:
    for name in (ARTA, BESA):
        await storage.commit(
            [
                *heard(name, 1, 1, 10),
                viber.showed(name, "keys"),
                viber.welcomed(name, "k", "hello"),
                viber.sent(f"t {name}", name, "words", 1, 1),
            ]
        )
    await storage.commit(viber.forget(ARTA))
    row = await chat(storage)
    assert (row["keyboard"], bool(row["subscribed"])) == ("", True)
    assert await storage.read(viber.welcome(ARTA, "k")) == []
    assert await refused(storage, f"t {ARTA}") == []
    assert (await chat(storage, BESA))["keyboard"] == "keys"
    assert await refused(storage, f"t {BESA}")


async def test_old_messages_are_forgotten_and_newer_ones_kept(storage: Storage) -> None:
    await storage.commit([viber.sent(f"t{at}", ARTA, "words", 1, at) for at in (1, 2, 3)])
    (gone,) = await storage.commit([viber.forget_old(3)])
    assert {row["token"] for row in gone} == {"t1", "t2"}
    assert await refused(storage, "t3")


# -- what the bridge asks of others ------------------------------------------------------------------------


def said(name: str, words: str, channel: str = "viber") -> Write:
    return outbox.enqueue(name, channel, "line", words, 1)


async def due(storage: Storage, now: int = 10) -> list[object]:
    return [row["body"] for row in await storage.read(outbox.due("viber", now, 100))]


async def test_what_is_held_waits_for_its_release_with_all_that_comes_after(storage: Storage) -> None:
    await storage.commit([said(ARTA, "one"), said(ARTA, "two"), said(BESA, "b"), said(ARTA, "sms", "sms")])
    await storage.commit([outbox.hold(ARTA, "viber")])
    await storage.commit([said(ARTA, "three")])
    assert await due(storage) == ["b"]
    assert await storage.read(outbox.held(ARTA, "viber"))
    assert not await storage.read(outbox.held(BESA, "viber"))
    assert not await storage.read(outbox.held(ARTA, "sms"))
    assert [row["body"] for row in await storage.read(outbox.due("sms", 10, 100))] == ["sms"]
    (released,) = await storage.commit([outbox.release(ARTA, 10)])
    assert len(released) == 2
    assert await due(storage) == ["one", "two", "b", "three"]
    assert not await storage.read(outbox.held(ARTA, "viber"))
    (again,) = await storage.commit([outbox.release(ARTA, 11)])
    assert again == []


async def test_who_is_back_can_be_reached(storage: Storage) -> None:
    await storage.commit([conversations.save(ARTA, 0, "en", "{}", 1), conversations.unreachable(ARTA)])
    await storage.commit([conversations.back(ARTA), conversations.back(BESA)])
    (row,) = await storage.read(conversations.load(ARTA))
    assert row["reachable"]


async def test_an_update_is_over_when_it_is_answered_or_set_aside(storage: Storage) -> None:
    await storage.commit([inbox.receive("viber", key, ARTA, b"x", 1) for key in ("one", "two", "three")])
    assert await storage.read(inbox.over("viber", "one")) == []
    await storage.commit([inbox.finish("viber", "one"), inbox.fail("viber", "two", "why")])
    assert await storage.read(inbox.over("viber", "one"))
    assert await storage.read(inbox.over("viber", "two"))
    assert await storage.read(inbox.over("viber", "three")) == []
    assert await storage.read(inbox.over("web", "one")) == []


async def test_a_phone_that_is_faster_than_our_note_is_remembered(storage: Storage) -> None:
    await storage.commit([viber.failed("t", BESA, 9)])
    ((noted,),) = await storage.commit([viber.sent("t", ARTA, "words", 5, 7)])
    assert noted["failed_at"] == 9
    (row,) = await storage.read(viber.refused("t"))
    assert dict(row) == {"chat": ARTA, "plain": "words"}
