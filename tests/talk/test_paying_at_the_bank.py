"""Paying by RaiAccept, from the link in the chat over its card page to the receipt, over HTTP."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.pay_port import Standing
from bot.payments import AT_ONCE
from dialogs.engine.text import Phrase
from dialogs.receipts import WORDS
from handlers.web.pay import AWAY
from storage import payments
from tests.fakes.raiaccept import Hook
from tests.talk.bank import Bank, at_the_bank
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.test_paying import asks_for_a_link
from tests.talk.words import SPEAKERS
from tests.talk.world import World

PAGES = {"sq": "al", "sr": "sr", "sr_Cyrl": "sr", "en": "en"}


@pytest_asyncio.fixture
async def bank(world: World) -> AsyncIterator[Bank]:
    async with at_the_bank(world) as bank:
        yield bank


@in_every_language
async def test_a_customer_pays_and_the_chat_has_the_receipt(
    customer: Customer, bank: Bank, language: str
) -> None:
    token = await asks_for_a_link(customer, language)
    book = await bank.leaves_for(token)
    assert book.language == PAGES[language]
    assert await bank.turns(book, "PAID") == 200
    assert customer.reads(WORDS["paid"])
    assert (await customer.world.payments.look(token)).standing is Standing.PAID
    assert await bank.troubles() == []
    (order,) = await customer.world.rows("select amount, state from payment_order")
    assert order == {"amount": str(book.charged), "state": "paid"}


async def test_the_bank_learns_no_name_no_phone_and_no_mailbox(customer: Customer, bank: Bank) -> None:
    await bank.leaves_for(await asks_for_a_link(customer))
    sent = b"".join(bank.fake.sent).decode()
    for theirs in ("Arta", "Krasniqi", "arta@example.com", "123456", "1234567892", "DPR", "6687"):
        assert theirs not in sent


async def test_the_sandbox_takes_no_cards_beside_a_bank(customer: Customer, bank: Bank) -> None:
    book = await bank.leaves_for(await asks_for_a_link(customer))
    assert (await bank.client.get(f"/sandbox/{book.id}")).status == 404
    hook = Hook(book.order.urls.notificationUrl.replace("raiaccept", "sandbox"), b"{}")
    assert await bank.fake.post(hook, json.dumps({"order": book.id}).encode()) == 404


async def test_a_forged_call_changes_nothing(customer: Customer, bank: Bank) -> None:
    world = customer.world
    book = await bank.leaves_for(await asks_for_a_link(customer))
    url = book.order.urls.notificationUrl
    paid = {"orderIdentification": book.id, "status": "PAID", "invoice": book.order.invoice.model_dump()}
    forged = {"transaction": {"status": "SUCCESS", "statusCode": "0000"}, "order": paid}
    customer.screen.news.clear()
    assert await bank.fake.post(Hook(url, b""), json.dumps(forged, default=str).encode()) == 200
    for body in (b"", b"PAID", b"[" * 100_000, b'{"order": {"orderIdentification": "D-1"}}', b"\xff", b"{}"):
        assert await bank.fake.post(Hook(url, body)) == 404
    assert await bank.fake.post(Hook(url, b"x" * 300_000)) == 413
    await world.settle()
    assert customer.screen.news == []
    assert await bank.states() == ["open"]
    assert await bank.troubles() == []
    assert [row["state"] for row in await world.rows("select state from payment_try")] == ["open"]


@pytest.mark.parametrize(
    "says",
    [
        {"amount": "@20.43@"},
        {"amount": "@0.01@"},
        {"currency": "RSD"},
        {"merchantOrderReference": "EK-SOMEBODY-ELSE-S-1"},
    ],
    ids=lambda says: next(iter(says)),
)
async def test_money_that_does_not_fit_is_kept_for_an_operator(
    customer: Customer, bank: Bank, says: dict[str, str]
) -> None:
    token = await asks_for_a_link(customer)
    book = await bank.leaves_for(token)
    book.says = dict(says)
    assert await bank.turns(book, "PAID") == 200
    assert customer.reads(WORDS["odd"])
    assert await bank.troubles() == ["mismatch"]
    assert await bank.states() == ["open"]
    book.says = {}
    assert await bank.fake.post(bank.fake.hooks[0]) == 200
    assert await bank.states() == ["open"]


async def test_a_call_many_times_over_and_late_has_one_effect(customer: Customer, bank: Bank) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    first = await bank.leaves_for(token)
    declined = bank.fake.turn(first, "FAILED")
    assert await bank.fake.post(declined) == 200
    await world.settle()
    assert customer.reads(WORDS["declined"])
    second = await bank.leaves_for(token)
    assert second.id != first.id
    paid = bank.fake.turn(second, "PAID")
    customer.screen.news.clear()
    for hook in (paid, declined, paid, paid, declined):
        assert await bank.fake.post(hook) == 200
    await world.wait(days=3)
    assert await bank.fake.post(paid) == 200
    await world.settle()
    assert await bank.states() == ["paid"]
    assert await bank.troubles() == []
    assert len(await world.rows("select key from inbox where channel = 'payments'")) == 2


@pytest.mark.parametrize("status", ["CANCELED", "ABANDONED"])
async def test_who_leaves_the_card_page_can_come_back(customer: Customer, bank: Bank, status: str) -> None:
    token = await asks_for_a_link(customer)
    await bank.turns(await bank.leaves_for(token), status)
    assert (await customer.world.payments.look(token)).standing is Standing.OPEN
    await bank.turns(await bank.leaves_for(token), "PAID")
    assert customer.reads(WORDS["paid"])


async def test_money_that_was_given_back_does_not_count(customer: Customer, bank: Bank) -> None:
    book = await bank.leaves_for(await asks_for_a_link(customer))
    await bank.turns(book, "PAID")
    await bank.turns(book, "FULLY_REFUNDED")
    assert await bank.states() == ["refunded"]
    assert await bank.troubles() == ["refunded"]
    assert customer.reads(WORDS["refunded"])


async def test_a_part_that_was_given_back_is_told_and_left_to_an_operator(
    customer: Customer, bank: Bank
) -> None:
    book = await bank.leaves_for(await asks_for_a_link(customer))
    await bank.turns(book, "PAID")
    await bank.turns(book, "PARTIALLY_REFUNDED")
    assert await bank.states() == ["paid"]
    assert await bank.troubles() == ["reduced"]
    assert customer.reads(WORDS["reduced"])
    await bank.turns(book, "FULLY_REFUNDED")
    assert await bank.states() == ["refunded"]
    assert customer.reads(WORDS["refunded"])


async def test_a_part_given_back_of_what_nobody_told_us_was_paid_counts_as_paid_first(
    customer: Customer, bank: Bank
) -> None:
    book = await bank.leaves_for(await asks_for_a_link(customer))
    bank.fake.turn(book, "PAID")
    await bank.turns(book, "PARTIALLY_REFUNDED")
    assert await bank.states() == ["paid"]
    assert customer.reads(WORDS["paid"])
    await customer.wait(days=2)
    await customer.world.payments.ask_open()
    await customer.world.settle()
    assert customer.reads(WORDS["reduced"])
    assert await bank.troubles() == ["reduced"]


async def test_without_a_call_the_customer_s_return_has_the_bank_asked(
    customer: Customer, bank: Bank
) -> None:
    token = await asks_for_a_link(customer)
    bank.fake.turn(await bank.leaves_for(token), "PAID")
    await bank.presses(token, "check")
    await customer.world.settle()
    assert customer.reads(WORDS["paid"])


async def test_who_has_paid_is_not_told_that_nothing_was_taken_while_the_bank_is_away(
    customer: Customer, bank: Bank
) -> None:
    token = await asks_for_a_link(customer)
    bank.fake.turn(await bank.leaves_for(token), "PAID")
    bank.fake.always = 500
    for does in ("check", "pay"):
        page = await bank.presses(token, does)
        assert SPEAKERS["en"].plain(Phrase(AWAY)) in page
        assert "Nothing was taken" not in page
    bank.fake.always = None


@pytest.mark.parametrize("what", ["login", "orders", "checkout"])
@pytest.mark.parametrize("fault", [500, 429, "cut", "take and cut", b"<html>"])
async def test_a_bank_that_fails_is_tried_again_and_charges_once(
    customer: Customer, bank: Bank, what: str, fault: int | str | bytes
) -> None:
    token = await asks_for_a_link(customer)
    bank.fake.faults[what].append(fault)
    assert SPEAKERS["en"].plain(Phrase(AWAY)) in await bank.presses(token)
    await bank.turns(await bank.leaves_for(token), "PAID")
    assert customer.reads(WORDS["paid"])
    assert sum(book.charged > 0 for book in bank.fake.books.values()) == 1


@pytest.mark.parametrize("fault", [500, 429, b"<html>", 404, 400])
async def test_a_call_that_cannot_be_followed_comes_again(
    customer: Customer, bank: Bank, fault: int | bytes
) -> None:
    book = await bank.leaves_for(await asks_for_a_link(customer))
    bank.fake.faults["order"].append(fault)
    assert await bank.turns(book, "PAID") == (404 if fault == 404 else 503)
    assert await bank.states() == ["open"]
    assert await bank.fake.post(bank.fake.hooks[0]) == 200
    assert await bank.states() == ["paid"]


async def test_an_order_whose_word_cannot_be_believed_keeps_no_other_from_being_asked_about(
    customer: Customer, bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    world = customer.world
    token = await asks_for_a_link(customer)
    odd = await bank.leaves_for(token)
    await world.wait(minutes=21)
    good = await bank.leaves_for(token)
    odd.says = {"amount": "@20.421@"}
    bank.fake.turn(good, "PAID")
    await world.wait(hours=1)
    await world.payments.ask_open()
    await world.settle()
    assert await bank.states() == ["paid"]
    assert [r.levelno for r in caplog.records if "needs an operator" in r.message] == [logging.ERROR]
    asked = len(bank.fake.asked)
    await world.payments.ask_open()
    assert len(bank.fake.asked) == asked, "it is asked about ever more seldom"


async def test_orders_of_a_provider_before_this_one_are_not_in_its_way(
    customer: Customer, bank: Bank
) -> None:
    world = customer.world
    book = await bank.leaves_for(await asks_for_a_link(customer))
    (order,) = await world.rows("select id from payment_order")
    for n in range(AT_ONCE):
        reference = f"EK-OLD-{n}"
        old = payments.add_try(reference, str(order["id"]), 100 + n, "sandbox", 0)
        await world.storage.commit([old, payments.opened(reference, reference, "https://old.example", 1)])
    bank.fake.turn(book, "PAID")
    await world.wait(minutes=1)
    await world.payments.ask_open()
    await world.settle()
    assert await bank.states() == ["paid"]
