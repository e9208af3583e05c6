"""Whole conversations written out, for people to read: golden/<name>.<channel>.txt.

When a change is meant, `EKESCO_GOLDEN=write python -m pytest tests/talk/test_golden.py` writes them.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.talk.customer import Customer
from tests.talk.transcript import transcript

GOLDEN = Path(__file__).with_name("golden")
Story = Callable[[Customer], Awaitable[None]]


async def an_estimate_in_albanian(customer: Customer) -> None:
    await customer.open("sq")
    await customer.tap("=sq")
    for _ in range(3):
        await customer.tap("=NEXT")
    await customer.say("vlereso faturen time")
    await customer.tap("-oven")
    await customer.tap("done")
    await customer.say("televizori")
    await customer.tap("change:uses.television.hours")
    await customer.say("varet")
    await customer.say("gjysmë ore")
    await customer.tap("view:")
    await customer.tap("more:0")
    await customer.tap("yes")


async def corrections_and_a_digression_in_serbian(customer: Customer) -> None:
    await customer.comes_in("sr")
    await customer.tap("start:EstimateBill")
    await customer.say("pomoć")
    await customer.say("pegla")
    await customer.say("gotovo")
    await customer.tap("change:month")
    await customer.say("aplikacija")
    await customer.say("jul")
    await customer.tap("view:uses")
    await customer.tap("view:uses.washing_machine")
    await customer.tap("change:uses.washing_machine.times")
    await customer.say("svaki dan")
    await customer.say("ne znam")
    await customer.say("nazad")
    await customer.say("otkaži")


async def silence_and_a_reminder_in_cyrillic(customer: Customer) -> None:
    await customer.comes_in("sr_Cyrl")
    await customer.say("процени мој рачун")
    await customer.wait(hours=2, minutes=1)
    await customer.tap("done")
    await customer.send("sticker")
    await customer.tap("yes")


async def old_buttons_and_another_language_in_english(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.say("why is my bill so high")
    await customer.tap("done")
    await customer.tap_old("-oven")
    await customer.say("language")
    await customer.say("Shqip")
    await customer.forge("lang:en")
    await customer.say("menu")
    await customer.tap("resume")
    customer.world.storage.registry_away = True
    await customer.tap("redo:0")
    customer.world.storage.registry_away = False
    await customer.tap("retry")
    await customer.say("cancel")


STORIES: tuple[Story, ...] = (
    an_estimate_in_albanian,
    corrections_and_a_digression_in_serbian,
    silence_and_a_reminder_in_cyrillic,
    old_buttons_and_another_language_in_english,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_conversation_reads_as_it_was_written_down(customer: Customer, story: Story) -> None:
    await story(customer)
    name = f"{story.__name__}.{customer.world.channel.name}.txt"
    found = transcript(customer.screen)
    if os.environ.get("EKESCO_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / name).write_text(found, encoding="utf-8")
    assert found == (GOLDEN / name).read_text(encoding="utf-8")
