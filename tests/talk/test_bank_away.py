"""R6: the bank is away for ten minutes.  It is left alone, no dialog notices, and one charge follows."""

from __future__ import annotations

from contextlib import suppress

import pytest
from prometheus_client import REGISTRY

from bot.breaker import LONGEST_REST, MOST_FAILURES
from bot.pay_port import Standing
from bot.services.ports import Away
from dialogs.receipts import WORDS
from tests.fakes.raiaccept import Hook
from tests.talk.bank import Bank, at_the_bank
from tests.talk.customer import Customer
from tests.talk.test_paying import BACK, another_link, asks_for_a_link

OUTAGE, EVERY = 600, 30
#: Trials in ten minutes: after 5, 10, 20, 40, 80 and 160 seconds of rest, and once more.
TRIALS = 7
FAULTS = [500, 503, 429, 401, "cut", "take and cut", "take and hang", b"<html>Welcome</html>"]

Fault = int | str | bytes


def left_alone() -> float | None:
    return REGISTRY.get_sample_value("ekesco_gateway_left_alone", {"gateway": "raiaccept"})


def patience(fault: Fault) -> float:
    """Seconds by the real clock: short where the bank lets us wait, else more than any machine needs."""
    return 0.5 if fault == "take and hang" else 10.0


async def knows_us(bank: Bank, url: str) -> None:
    """Logged in already, so that a fault finds us in the middle of our work."""
    assert await bank.fake.post(Hook(url, b'{"orderIdentification": "D-1"}')) == 404
    bank.fake.asked.clear()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_who_wants_to_pay_meanwhile_is_told_at_once_and_pays_once_afterwards(
    customer: Customer, fault: Fault
) -> None:
    world, other = customer.world, Customer(customer.world, "2")
    token = await asks_for_a_link(customer)
    await other.comes_in()
    async with at_the_bank(world, whole=patience(fault)) as bank:
        await knows_us(bank, str(bank.client.make_url("/payments/raiaccept")))
        bank.fake.always = fault
        for _ in range(2 * MOST_FAILURES):
            with pytest.raises(Away):
                await world.payments.pay(token, BACK)
        at_first = len(bank.fake.asked)
        assert left_alone() == 1
        for _ in range(OUTAGE // EVERY):
            with pytest.raises(Away):
                await world.payments.pay(token, BACK)
            assert (await world.payments.look(token)).standing is Standing.OPEN
            await other.say("?")
            await world.wait(seconds=EVERY)
        # A 401 has each question log in, which is refused as well.
        each = 2 if fault == 401 else 1
        assert at_first <= MOST_FAILURES * each
        assert len(bank.fake.asked) - at_first <= TRIALS * each
        await another_link(customer)
        bank.fake.always = None
        await world.wait(seconds=LONGEST_REST)
        book = await bank.leaves_for(token)
        assert left_alone() == 0
        for _ in range(3):
            hook = bank.fake.hooks[0] if bank.fake.hooks else bank.fake.turn(book, "PAID")
            assert await bank.fake.post(hook) == 200
        await world.settle()
        assert customer.hears(WORDS["paid"])
        assert [each.page for each in bank.fake.books.values() if each is not book] == [""] * (
            len(bank.fake.books) - 1
        ), "an order that nobody heard of can be paid"
        assert [each for each in bank.fake.books.values() if each.charged] == [book]
        assert (await bank.states()).count("paid") == 1
        assert await bank.troubles() == []


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_who_paid_just_before_has_the_receipt_afterwards_once(customer: Customer, fault: Fault) -> None:
    world, other = customer.world, Customer(customer.world, "2")
    token = await asks_for_a_link(customer)
    await other.comes_in()
    async with at_the_bank(world, whole=patience(fault)) as bank:
        hook = bank.fake.turn(await bank.leaves_for(token), "PAID")
        bank.fake.asked.clear()
        bank.fake.always = fault
        for _ in range(OUTAGE // EVERY):
            assert await bank.fake.post(hook) == 503
            with suppress(Away):  # nothing is due to be asked about in every round
                await world.payments.ask_open()
            assert (await world.payments.look(token)).standing is Standing.CHECKING
            await other.say("?")
            await world.wait(seconds=EVERY)
        # A question that was cut off is asked on a new connection; it changes nothing.
        assert len(bank.fake.asked) <= 2 * (MOST_FAILURES + TRIALS)
        bank.fake.always = None
        await world.wait(seconds=LONGEST_REST)
        for _ in range(3):
            await world.payments.ask_open()
            assert await bank.fake.post(hook) == 200
        await world.settle()
        assert customer.hears(WORDS["paid"])
        assert len(await world.rows("select key from inbox where channel = 'payments'")) == 1
        assert await bank.states() == ["paid"]
        assert await bank.troubles() == []
