"""Offers through the whole program: who may press them, how often, and for how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.services.ports import Turn
from dialogs.engine.advance import REFUSED_OFFERS
from dialogs.engine.book import Book
from dialogs.engine.offers import Refused
from dialogs.engine.steps import Ask, Dialog, Do, End, Param, Undo
from dialogs.engine.text import _, _l
from storage import notes
from tests.talk.books import NAME, WORDS, visit, with_dialog
from tests.talk.customer import Customer
from tests.talk.test_crashes import MOST, killed_in
from tests.talk.world import World

GONE = _("{gone} is gone.")
AGAIN = _("{what} is here again.")


async def remove(turn: Turn, what: str) -> str:
    turn.write(notes.put(what, "gone"))
    return what


async def bring_back(turn: Turn, what: str) -> str:
    turn.write(notes.put(what, f"here again, says {turn.key}"))
    return what


class BringBack(Dialog):
    title = _l("Bring it back")

    what: Param[str] = Param[str]()
    back = Do(bring_back, what)
    done = End(AGAIN, given=back)


class Remove(Dialog):
    title = _l("Remove something")

    what = Ask(WORDS, _("What shall go?"))
    gone = Do(remove, what)
    done = End(GONE, menu="guest", undo=Undo(BringBack, _l("Undo"), what=what), given=gone)


def removing() -> Book:
    book = with_dialog(Remove, visit())
    return replace(book, dialogs={**book.dialogs, "BringBack": BringBack})


async def removes(customer: Customer) -> str:
    """The payload of the button that takes it back."""
    await customer.comes_in("en")
    await customer.world.restart(removing())
    await customer.forge("start:Remove")
    await customer.say("lamp")
    return next(payload for payload in customer.payloads if payload.startswith("o"))


async def note(world: World) -> str:
    rows = await world.rows("select value from note where key = 'lamp'")
    return str(rows[0]["value"])


async def test_undo_takes_back_what_was_done(customer: Customer) -> None:
    undo = await removes(customer)
    await customer.forge(undo)
    assert "lamp is here again." in customer.news
    assert (await note(customer.world)).startswith("here again")


async def test_undo_works_once_and_says_so(customer: Customer) -> None:
    undo = await removes(customer)
    await customer.forge(undo)
    first = await note(customer.world)
    await customer.wait(minutes=1)
    await customer.forge(undo)
    assert customer.reads(REFUSED_OFFERS[Refused.USED])
    assert await note(customer.world) == first


@pytest.mark.parametrize("way", ["number", "name"])
async def test_undo_can_be_typed(customer: Customer, way: str) -> None:
    await removes(customer)
    number = len(customer.world.book.menus["guest"]) + 1
    await customer.say("undo" if way == "name" else str(number))
    assert "lamp is here again." in customer.news


async def test_after_ten_minutes_it_is_too_late(customer: Customer) -> None:
    undo = await removes(customer)
    await customer.wait(minutes=11)
    await customer.forge(undo)
    assert customer.reads(REFUSED_OFFERS[Refused.OVER])
    assert await note(customer.world) == "gone"


async def test_nobody_can_press_it_from_another_chat(customer: Customer) -> None:
    undo = await removes(customer)
    stranger = Customer(customer.world, "stranger")
    await stranger.comes_in("en")
    await stranger.forge(undo)
    assert stranger.reads(REFUSED_OFFERS[Refused.FOREIGN])
    assert await note(customer.world) == "gone"


async def test_what_is_made_up_does_nothing(customer: Customer) -> None:
    await removes(customer)
    await customer.forge("o" + "0" * 32)
    assert customer.reads(REFUSED_OFFERS[Refused.FOREIGN])
    assert await note(customer.world) == "gone"


async def test_an_open_question_stays_live_under_its_number(customer: Customer) -> None:
    undo = await removes(customer)
    await customer.forge("start:Visit")
    before = (await customer.world.conversation(customer.chat)).asked
    await customer.forge(undo)
    assert "lamp is here again." in customer.news
    assert customer.reads(NAME)
    assert (await customer.world.conversation(customer.chat)).asked == before
    await customer.say("Arta")
    assert (await customer.world.conversation(customer.chat)).top.told["name"].value == "Arta"


async def test_it_survives_a_restart(customer: Customer) -> None:
    undo = await removes(customer)
    await customer.world.restart(removing())
    await customer.forge(undo)
    assert "lamp is here again." in customer.news


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_killed_anywhere_it_is_taken_once(world: World, after: bool) -> None:
    await world.restart(removing())
    for statement in range(MOST):
        customer = Customer(world, f"k{statement}")
        await customer.comes_in("en")
        await customer.forge("start:Remove")
        await customer.say("lamp")
        undo = next(payload for payload in customer.payloads if payload.startswith("o"))
        killed = await killed_in(customer, undo, statement, after=after)
        used = await world.rows(
            "select used_at from offer where chat = :chat and used_at is not null", chat=customer.chat
        )
        assert len(used) == 1
        assert (await note(world)).endswith(f"{customer.chat}-crash")
        await customer.wait(minutes=1)
        await customer.forge(undo)
        assert customer.reads(REFUSED_OFFERS[Refused.USED])
        if not killed:
            break
    else:
        raise AssertionError("the turn never ended")
    assert statement > 2
