"""What goes wrong around a conversation, and that the customer loses nothing by it."""

from __future__ import annotations

import json

import pytest

from bot.channel import Arrival, Gone, Later, Refused, Uncertain
from bot.inbox import Update
from bot.turn import BUSY, SORRY
from dialogs.engine.prompts import DONE, FAILED, RETRY, YES
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from tests.talk.books import broken_book
from tests.talk.customer import Customer
from tests.talk.world import World


async def picks(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")


# -- redelivery and restart ----------------------------------------------------------------------------


async def test_the_same_update_twice_is_one_turn(customer: Customer) -> None:
    await picks(customer)
    await customer.tap("-oven")
    await customer.redeliver()
    await customer.tap(DONE)
    await customer.redeliver()
    await customer.say("muaji")
    await customer.redeliver()
    assert customer.world.channel.screen(customer.chat).news == []


async def test_the_same_update_after_a_restart_is_still_one_turn(customer: Customer) -> None:
    await picks(customer)
    await customer.tap("-oven")
    await customer.restart()
    await customer.redeliver()


STEPS = (
    *("={language}", "=SKIP", "start:EstimateBill", "-oven", "p1", "+kettle", "done", "view:uses"),
    *("view:uses.television", "change:uses.television.hours", "=12", "view:", "change:month", "=7", "more:0"),
    *("help", "change:appliances", "done", "yes"),
)


@pytest.mark.parametrize("language", ["sq", "sr_Cyrl"])
async def test_a_restart_at_every_prompt_goes_unnoticed(customer: Customer, language: str) -> None:
    undisturbed = Customer(customer.world, "undisturbed")
    for who in (undisturbed, customer):
        await who.open(language)
    for step in STEPS:
        await undisturbed.tap(step.format(language=language))
        await customer.restart()
        await customer.tap(step.format(language=language))
        assert customer.news == undisturbed.news
    assert customer.sees == undisturbed.sees
    assert customer.buttons == undisturbed.buttons


# -- a service that does not answer --------------------------------------------------------------------


async def test_a_service_that_is_away_offers_to_try_again_and_keeps_the_answers(customer: Customer) -> None:
    await customer.comes_in()
    customer.world.storage.registry_away = True
    await customer.tap("start:EstimateBill")
    assert customer.hears(FAILED)
    assert customer.has("retry")
    await customer.tap(RETRY)
    assert customer.hears(FAILED)
    customer.world.storage.registry_away = False
    await customer.tap(RETRY)
    assert customer.reads(EstimateBill.appliances.text)


async def test_who_cannot_be_served_can_leave_and_get_help(customer: Customer) -> None:
    await customer.comes_in()
    customer.world.storage.registry_away = True
    await customer.tap("start:EstimateBill")
    await customer.tap("help")
    assert "0800 791 00" in customer.news
    await customer.say("qwertz")
    assert customer.hears(FAILED)
    await customer.tap("cancel")
    assert (await customer.conversation()).frames == ()


async def test_answers_outlive_a_service_that_fails_between_them(customer: Customer) -> None:
    await picks(customer)
    await customer.tap("-oven")
    await customer.tap(DONE)
    customer.world.storage.registry_away = True
    await customer.tap("redo:0")
    assert customer.hears(FAILED)
    await customer.say("app")
    assert customer.hears(FAILED)
    customer.world.storage.registry_away = False
    await customer.tap(RETRY)
    assert customer.reads(EstimateBill.appliances.text)


# -- the database --------------------------------------------------------------------------------------


@pytest.mark.parametrize("operations", range(1, 9))
async def test_a_database_that_is_away_for_a_while_loses_nothing(customer: Customer, operations: int) -> None:
    await picks(customer)
    customer.world.storage.away = operations
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    assert len(customer.screen.news) == 1


@pytest.mark.parametrize("commits", [1, 2, 3, 4])
async def test_commits_whose_answer_is_lost_are_neither_lost_nor_done_twice(
    customer: Customer, commits: int
) -> None:
    await picks(customer)
    customer.world.storage.unsure = commits
    await customer.arrive(json.dumps({"tap": customer.button(DONE).payload}).encode(), "unsure")
    await customer.world.settle()
    await customer.world.sweep()
    conversation = await customer.conversation()
    assert "appliances" in conversation.top.told
    assert customer.reads(EstimateBill.result.text)
    assert conversation.asked == 4


# -- the channel ---------------------------------------------------------------------------------------


async def test_a_message_that_must_wait_goes_out_later_and_in_order(customer: Customer) -> None:
    await picks(customer)
    customer.world.channel.faults.extend([Later("slow down", 30), Later("slow down"), Later("still")])
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)


async def test_a_question_of_unknown_fate_is_sent_again(customer: Customer) -> None:
    await customer.comes_in()
    customer.world.channel.lost_answers.append(Uncertain("time-out"))
    await customer.tap("start:EstimateBill")
    assert len(customer.screen.news) == 2
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)


async def test_a_message_that_cannot_be_changed_any_more_is_sent_anew(customer: Customer) -> None:
    await picks(customer)
    if not customer.world.channel.capabilities.edits:
        return
    customer.world.channel.faults.append(Gone("deleted"))
    await customer.tap("-oven")
    assert customer.reads(EstimateBill.appliances.text)
    await customer.tap("+oven")
    assert len(customer.screen.news) == 1


async def test_a_picture_that_is_refused_is_told_in_words(customer: Customer) -> None:
    await customer.estimates()
    if customer.world.channel.capabilities.edits:
        await customer.tap("change:month")
        await customer.tap("keep")
    customer.world.channel.refuses_pictures = True
    await customer.tap("more:0")
    assert "€" in customer.news
    await customer.tap(YES)
    assert customer.hears(EstimateBill.done.text)


async def test_a_message_that_is_refused_is_kept_for_an_operator_and_stops_nothing(
    customer: Customer,
) -> None:
    await picks(customer)
    customer.world.channel.refuses_once = Refused("bad request")
    await customer.arrive(json.dumps({"say": "ndihmë"}).encode(), "refused")
    await customer.world.settle()
    customer.world.given_up = 1
    await customer.say("gati")
    assert customer.reads(EstimateBill.result.text)


async def test_a_customer_who_blocked_us_is_left_in_peace_and_served_when_back(customer: Customer) -> None:
    await picks(customer)
    customer.world.channel.blocked.add(customer.chat)
    await customer.tap("-oven")
    assert not customer.news
    assert await customer.world.rows("select 1 from conversation where reachable = false")
    await customer.wait(hours=3)
    customer.world.channel.blocked.clear()
    await customer.say("gati")
    assert customer.reads(EstimateBill.result.text)
    assert "oven" not in (await customer.conversation()).top.told["appliances"].value


# -- two processes -------------------------------------------------------------------------------------


async def test_two_turns_of_one_chat_at_once_lose_nothing(customer: Customer) -> None:
    await picks(customer)
    world = customer.world
    asked = (await customer.conversation()).asked
    other = world.more_turns()
    first = await kept(customer, "a", {"tap": f"{asked}:-oven"})
    second = await kept(customer, "b", {"tap": f"{asked}:-freezer"})
    await world.both(world.turns.take(first), other.take(second))
    chosen = (await customer.conversation()).top.drafts["appliances"].chosen or ()
    assert "oven" not in chosen
    assert "freezer" not in chosen
    walks = await world.rows("select sum(walks) as n from turn_log where key in ('a', 'b')")
    assert walks[0]["n"] == 3


async def test_one_update_taken_up_by_two_processes_is_one_turn(customer: Customer) -> None:
    await picks(customer)
    world = customer.world
    update = await kept(customer, "a", {"tap": f"{(await customer.conversation()).asked}:done"})
    customer.screen.news.clear()
    await world.both(world.turns.take(update), world.more_turns().take(update))
    assert len(customer.screen.news) == 1
    assert await world.rows("select count(*) as n from turn_log where key = 'a'") == [{"n": 1}]


async def test_a_chat_where_others_always_come_between_is_told_so(customer: Customer) -> None:
    await picks(customer)
    before = await customer.conversation()
    customer.world.storage.overtaken = 10
    await customer.say("gati")
    customer.world.storage.overtaken = 0
    assert customer.hears(BUSY)
    assert (await customer.conversation()).frames == before.frames
    await customer.say("gati")
    assert customer.reads(EstimateBill.result.text)


async def kept(customer: Customer, key: str, body: dict[str, str]) -> Update:
    """An update that lies in the inbox and waits for somebody to take it up."""
    arrival = Arrival(customer.world.channel.name, key, customer.chat, json.dumps(body).encode())
    await customer.world.keep_update(arrival)
    return Update(arrival, customer.world.at)


# -- our own faults ------------------------------------------------------------------------------------


async def test_an_exception_in_a_dialog_is_apologised_for_and_nothing_is_lost(customer: Customer) -> None:
    await picks(customer)
    await customer.tap("-oven")
    before = await customer.conversation()
    await customer.world.restart(broken_book())
    await customer.tap(DONE)
    assert customer.hears(SORRY)
    failed = await customer.world.rows("select key, error from inbox where state = 'failed'")
    assert len(failed) == 1
    number = str(failed[0]["error"]).removeprefix("error ")
    assert number in customer.news
    assert (await customer.conversation()).frames == before.frames
    await customer.world.restart(customer.world.first_book)
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    customer.world.set_aside = 1


async def test_an_update_that_cannot_be_read_is_set_aside_and_stops_nobody(customer: Customer) -> None:
    await customer.comes_in()
    for n, body in enumerate((b"", b"{", b"[]", b'{"tap": 7}', b"\xff\xfe", b'{"unknown": {}}')):
        await customer.arrive(body, f"odd-{n}")
    await customer.world.settle()
    await customer.tap("start:EstimateBill")
    assert customer.reads(EstimateBill.appliances.text)
    customer.world.set_aside = 6


async def test_an_update_that_wants_no_answer_gets_none(customer: Customer) -> None:
    await customer.comes_in()
    customer.screen.news.clear()
    await customer.arrive(b'{"joined": true}', "joined")
    await customer.world.settle()
    assert not customer.news


async def test_other_chats_go_on_while_one_is_stuck_with_its_channel(world: World) -> None:
    one, two = Customer(world, "1"), Customer(world, "2")
    await one.comes_in()
    world.channel.faults.append(Later("busy", 60))
    await one.arrive(json.dumps({"say": "menu"}).encode(), "menu")
    await two.comes_in("en")
    assert two.hears(Home.menu.text)
