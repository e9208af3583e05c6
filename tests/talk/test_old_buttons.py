"""Taps on what is no longer asked, taps that come twice, and taps on buttons that never were."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogs.engine.advance import OUTDATED, STALE
from dialogs.engine.choosing import ONCE_MORE
from dialogs.engine.prompts import DONE, YES
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.home import Home
from tests.talk.customer import Customer

CARD = "4111 1111 1111 1111"


async def test_a_button_of_an_earlier_question_changes_nothing(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap(DONE)
    before = (await customer.conversation()).frames
    await customer.tap_old("-oven")
    assert customer.hears(STALE)
    assert customer.reads(EstimateBill.result.text)
    assert (await customer.conversation()).frames == before


async def test_an_old_yes_confirms_nothing_new(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("change:month")
    before = (await customer.conversation()).frames
    await customer.tap_old(YES)
    assert customer.hears(STALE)
    assert customer.reads(EstimateBill.month.text)
    assert (await customer.conversation()).frames == before


async def test_an_old_button_when_nothing_is_open_brings_the_menu(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap(YES)
    await customer.tap_old("change:month")
    assert customer.hears(STALE)
    assert customer.hears(Home.menu.text)


async def test_after_a_stale_tap_the_live_question_still_works(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("change:month")
    await customer.tap_old(YES)
    await customer.tap("=7")
    assert customer.reads(EstimateBill.result.text)


@pytest.mark.parametrize("label", [DONE, "-oven", "p1", "help"])
async def test_a_second_tap_at_once_says_and_changes_nothing(customer: Customer, label: str) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap_twice(label)


async def test_a_second_tap_on_the_menu_opens_nothing_twice(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap_twice("start:EstimateBill")
    assert len((await customer.conversation()).frames) == 1


async def test_a_button_that_did_its_work_long_ago_is_answered_when_it_is_pressed_again(
    customer: Customer,
) -> None:
    await customer.estimates()
    done = customer.screen.ever[-1]
    await customer.tap("change:month")
    for _ in range(2):
        await customer.wait(minutes=10)
        await customer.press(done)
        assert customer.hears(STALE)


async def test_a_second_tap_on_a_stale_button_is_silent_at_once(customer: Customer) -> None:
    await customer.estimates()
    done = customer.screen.ever[-1]
    await customer.tap("change:month")
    await customer.press(done)
    await customer.stays_silent(done.payload)


async def test_taps_are_answered_though_the_clock_was_set_back(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("help")
    customer.world.at -= timedelta(minutes=30)
    await customer.tap("help")
    assert customer.reads(EstimateBill.result.text)


async def test_a_second_tap_on_yes_ends_only_once(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap_twice(YES)
    assert customer.hears(EstimateBill.done.text)


async def test_a_tick_that_is_there_already_changes_and_says_nothing(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    ticked = customer.button("-oven")
    await customer.press(ticked)
    before = (await customer.conversation()).frames
    await customer.world.pause(60)
    await customer.tap("p1")
    await customer.stays_silent(ticked.payload)
    after = (await customer.conversation()).frames
    assert after[0].drafts["appliances"].chosen == before[0].drafts["appliances"].chosen


async def test_a_tick_and_its_undoing_leave_all_as_it_was(customer: Customer) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap("-oven")
    await customer.tap("+oven")
    await customer.tap("-oven")
    await customer.tap("+oven")
    assert any(p.endswith(":-oven") for p in customer.payloads)


FORGED = (
    *("999:yes", "1:", ":", "", "start:Nope", "start:", "start:ApplianceUse", "start:Home ", "lang:xx"),
    *("resume:1", "o12", "yes", "0:yes", "-1:yes", "٣:yes", "1e3:yes", "9" * 5000 + ":yes", "x" * 65_536),
    *("🍳", "3:🍳", "\0", "3:\0", "\u202eseY", "3:\u202eyes", "start:\ud800", "3:=\udfff", "a" * 64 + "é"),
)


@pytest.mark.parametrize("payload", FORGED, ids=lambda p: ascii(p)[:24])
async def test_a_forged_button_changes_nothing_and_the_question_comes_again(
    customer: Customer, payload: str
) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    await customer.tap("-oven")
    before = (await customer.conversation()).frames
    await customer.forge(payload)
    after = (await customer.conversation()).frames
    assert [(f.dialog, f.told, f.drafts, f.rows) for f in after] == [
        (f.dialog, f.told, f.drafts, f.rows) for f in before
    ]
    assert customer.reads(EstimateBill.appliances.text)


LIVE_FORGED = (
    *(
        "",
        ":",
        "yes",
        "=",
        "=nothing",
        "=99",
        "+nothing",
        "-",
        "p",
        "p99",
        "p٣",
        "p" + "9" * 5000,
        "view:",
        "view:uses",
    ),
    *("change:", "change:uses", "change:result", "change:uses.oven.appliance", "change:uses.kettle.hours"),
    *(
        "change:a.b.c",
        "redo:9",
        "redo:" + "9" * 5000,
        "redo:²",
        "more:9",
        "more:",
        "retry",
        "keep",
        "view:uses.nothing",
    ),
)


@pytest.mark.parametrize("option", LIVE_FORGED, ids=lambda p: ascii(p)[:24])
@pytest.mark.parametrize("at", ["appliances", "result", "hours", "month"])
async def test_an_option_that_the_live_question_never_had_loses_nothing(
    customer: Customer, at: str, option: str
) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    if at != "appliances":
        await customer.tap(DONE)
    if at == "hours":
        await customer.tap("view:uses")
        await customer.tap("view:uses.television")
        await customer.tap("change:uses.television.hours")
    if at == "month":
        await customer.tap("change:month")
    before = await customer.conversation()
    if (at, option) in {("result", "yes"), ("result", "view:uses"), ("appliances", "p٣")}:
        return  # these it has
    await customer.forge(f"{before.asked}:{option}", perhaps_silent=True)
    after = await customer.conversation()
    assert len(after.frames) == 1
    assert after.top.told == before.top.told


async def test_an_unknown_control_is_said_to_be_out_of_use(customer: Customer) -> None:
    await customer.estimates()
    await customer.forge("start:Nope")
    assert customer.hears(OUTDATED)


async def test_an_option_of_no_use_asks_for_one_of_the_buttons(customer: Customer) -> None:
    await customer.estimates()
    asked = (await customer.conversation()).asked
    await customer.forge(f"{asked}:nonsense")
    assert customer.hears(ONCE_MORE)


async def test_the_button_of_a_row_that_was_unticked_opens_nothing(customer: Customer) -> None:
    await customer.estimates()
    await customer.tap("view:uses")
    await customer.tap("view:uses.television")
    await customer.tap("change:uses.television.hours")
    assert customer.reads(ApplianceUse.hours.text)
    await customer.tap("keep")
    await customer.tap("view:")
    await customer.tap("change:appliances")
    await customer.tap("-television")
    await customer.tap(DONE)
    asked = (await customer.conversation()).asked
    await customer.forge(f"{asked}:change:uses.television.hours")
    assert customer.reads(EstimateBill.result.text)


async def test_the_number_of_a_card_is_taken_away_and_kept_nowhere(customer: Customer) -> None:
    await customer.estimates()
    await customer.say(CARD)
    assert customer.reads(EstimateBill.result.text)
    assert len(customer.screen.erased) == 1
    for table in ("conversation", "outbox", "inbox", "turn_log"):
        rows = await customer.world.rows(f"select * from {table}")
        assert "1111" not in str([dict(row) for row in rows])
