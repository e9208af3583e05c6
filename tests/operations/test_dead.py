"""What was given up: seen, and put back only where nothing is repeated and no other question answered."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.channel import Refused
from bot.inbox import Inbox
from bot.payments import PaymentDesk
from bot.seal import Seal
from bot.services.post import LetterName
from bot.turn import SORRY, Turns
from dialogs.engine.prompts import DONE
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from dialogs.receipts import WORDS
from storage.base import Row
from tests.operations.conftest import Operator
from tests.talk.books import broken_book
from tests.talk.customer import ARTA, Customer
from tests.talk.people import e164, letters
from tests.talk.test_faults import picks
from tests.talk.test_paying import asks_for_a_link, called_back, pays
from tests.talk.world import SECRET, World


async def is_not_answered(customer: Customer, text: str) -> None:
    """Writes something, and the channel will not take the answer."""
    customer.world.channel.faults.append(Refused("can't parse entities"))
    await customer.arrive(json.dumps({"say": text}).encode(), f"unanswered {text}")
    await customer.world.settle()
    assert text not in customer.news


async def meets_an_error(customer: Customer) -> str:
    """Presses Done where our own code fails; the number of the error, seen on the screen."""
    world = customer.world
    await picks(customer)
    await world.restart(broken_book())
    await customer.tap(DONE)
    assert customer.hears(SORRY)
    await world.restart(world.first_book)
    (row,) = await world.rows("select error from inbox where state = 'failed'")
    number = str(row["error"]).removeprefix("error ")
    assert number in customer.news
    return number


async def states(world: World, table: str) -> Sequence[Row]:
    return await world.rows(f"select state from {table} where state in ('dead', 'failed')")


async def test_a_message_the_channel_refused_is_sent_after_all(
    customer: Customer, operator: Operator
) -> None:
    await customer.comes_in("en")
    customer.screen.news.clear()
    await is_not_answered(customer, "menu")
    listed = await operator.reads("dead")
    assert "message in the chat" in listed
    assert "refused: can't parse entities" in listed
    (id,) = await operator.ids("dead")
    await operator.does("dead", "retry", id)
    assert not customer.hears(Home.menu.text)
    await customer.world.sweep()
    assert customer.hears(Home.menu.text)
    assert "Nothing waits for a hand" in await operator.reads("dead")
    assert "was not given up" in await operator.is_refused("dead", "retry", id)


async def test_a_question_that_was_answered_meanwhile_is_not_asked_again(
    customer: Customer, operator: Operator
) -> None:
    await picks(customer)
    await is_not_answered(customer, "help")
    await customer.tap(DONE)
    (id,) = await operator.ids("dead")
    assert "the customer has answered since" in await operator.is_refused("dead", "retry", id)
    await customer.world.sweep()
    await operator.does("dead", "drop", id)
    assert await customer.world.rows("select body, state from outbox where body = '' and state = 'dropped'")


async def test_a_letter_that_must_not_come_twice_is_not_sent_again(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    await world.fill()
    await customer.registers("en")
    world.post.unknown.add(ARTA["email"])
    await customer.wait(minutes=5)
    other = Customer(world, "2")
    await other.signs_in(ARTA["email"], language="en")
    listed = await operator.reads("dead")
    assert "e-mail: signed in elsewhere" in listed
    assert "a•••@example.com" in listed
    (id,) = await operator.ids("dead")
    world.post.unknown.clear()
    refused = await operator.is_refused("dead", "retry", id)
    assert "must not come twice" in refused
    assert f"ekesco ops dead drop {id}" in refused
    await world.sweep()
    assert letters(world, ARTA["email"]) == []
    await operator.does("dead", "drop", id, "--note", "told on the phone")
    assert "Nothing waits for a hand" in await operator.reads("dead")
    assert LetterName.SIGNED_IN_ELSEWHERE not in letters(world, ARTA["email"])


async def test_a_one_time_code_is_never_sent_again(customer: Customer, operator: Operator) -> None:
    world = customer.world
    await world.fill()
    world.post.unknown.add(e164(ARTA))
    await customer.gets_code("en")
    world.post.unknown.clear()
    (id,) = await operator.ids("dead")
    assert "it is a one-time code" in await operator.is_refused("dead", "retry", id)
    result = await operator.does("dead", "retry", "all", code=1)
    assert "0 of 1 are put back" in result.stderr
    await world.sweep()
    assert world.post.to(e164(ARTA)) == []
    world.given_up = 1


async def test_a_turn_that_failed_is_handled_once_more(customer: Customer, operator: Operator) -> None:
    number = await meets_an_error(customer)
    listed = await operator.reads("dead")
    assert f"error {number}" in listed
    assert "from the customer" in listed
    (id,) = await operator.ids("dead")
    await operator.does("dead", "retry", id)
    await customer.world.sweep()
    assert customer.reads(EstimateBill.result.text)
    assert "Nothing waits for a hand" in await operator.reads("dead")


async def test_what_a_customer_has_said_again_meanwhile_answers_no_other_question(
    customer: Customer, operator: Operator
) -> None:
    await meets_an_error(customer)
    (id,) = await operator.ids("dead")
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)
    before = await customer.conversation()
    assert "the customer has gone on since" in await operator.is_refused("dead", "retry", id)
    await customer.world.sweep()
    assert await customer.conversation() == before
    await operator.does("dead", "drop", id)
    assert await states(customer.world, "inbox") == []
    assert (await customer.world.rows("select 1 from inbox where body is not null")) == []


async def test_all_that_may_be_is_put_back_and_the_rest_is_named(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    await world.fill()
    world.post.unknown.add(e164(ARTA))
    await customer.gets_code("en")
    other = Customer(world, "2")
    await meets_an_error(other)
    said = await operator.reads("dead", "retry", "all")
    assert said.startswith("1 of 2 are put back")
    assert "it is a one-time code" in said
    await world.sweep()
    assert other.reads(EstimateBill.result.text)
    world.given_up = 1


def deaf(world: World) -> Inbox:
    """The inbox of a process that knows no payments, and takes their news up."""
    turns = Turns(world.storage, world.book, world.channels, world.delivery.take, world.means)
    inbox = Inbox(world.storage, Seal(SECRET), turns.take, turns.give_up, world.clock)
    world.payments = PaymentDesk(
        world.means, world.bank, inbox, turns.language, "https://kesco.example", clock=world.clock
    )
    return inbox


async def test_news_are_told_however_late_because_they_say_what_they_are_about(
    customer: Customer, operator: Operator
) -> None:
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    inbox = deaf(world)
    assert await called_back(world, order)
    assert await inbox.drain(20)
    await customer.say("menu")
    assert "news: payments" in await operator.reads("dead")
    (id,) = await operator.ids("dead")
    await operator.does("dead", "retry", id)
    assert not customer.hears(WORDS["paid"])
    await world.sweep()
    assert customer.hears(WORDS["paid"])


async def test_what_is_not_there_is_said_with_a_way_on(world: World, operator: Operator) -> None:
    for id in ("out-1", "in-1", "1", "out-x", "out-99999999999999999999"):
        for verb in ("retry", "drop"):
            assert "`ekesco ops dead` lists" in await operator.is_refused("dead", verb, id)
    assert "nothing to try again" in await operator.reads("dead", "retry", "all")
