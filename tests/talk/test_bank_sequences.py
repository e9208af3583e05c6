"""R7 over HTTP: whatever the bank, its network and forgers do in any order, no payment changes wrongly."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import moment
from bot.pay_port import Leave
from bot.payments import FINAL
from bot.services.ports import Away
from storage.base import Write
from tests.fakes.raiaccept import Book, Hook
from tests.talk.bank import Bank, at_the_bank
from tests.talk.customer import Customer
from tests.talk.test_paying import BACK, asks_for_a_link
from tests.talk.world import World

MANY = 3_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 300
STATUSES = ("PAID", "FAILED", "CANCELED", "ABANDONED", "PARTIALLY_REFUNDED", "FULLY_REFUNDED")
LIES: tuple[dict[str, str], ...] = (
    {},
    {"amount": "@99.99@"},
    {"amount": "@1e3@"},
    {"amount": "@0.001@"},
    {"currency": "RSD"},
    {"merchantOrderReference": "EK-SOMEBODY-ELSE-S-1"},
)
FORGED = (b"", b"PAID", b'{"order": {"orderIdentification": "D-1", "status": "PAID"}}', b"[" * 10_000)
#: What a try may be called once its bank has ever said so.
SAID = {
    "reduced": "PARTIALLY_REFUNDED",
    "refunded": "FULLY_REFUNDED",
    "failed": "FAILED",
    "canceled": "CANCELED",
    "abandoned": "ABANDONED",
}
#: Each of these says that it was paid.
PAID = ("PAID", "PARTIALLY_REFUNDED")

numbers = st.integers(0, 5)
events = st.one_of(
    st.tuples(st.just("presses"), numbers),
    st.tuples(st.just("turns"), numbers, st.sampled_from(STATUSES)),
    st.tuples(st.just("turns"), numbers, st.just("PAID")),
    st.tuples(st.just("calls"), numbers, st.integers(1, 3)),
    st.tuples(st.just("forges"), numbers, st.sampled_from(FORGED)),
    st.tuples(st.just("lies"), numbers, st.sampled_from(LIES)),
    st.tuples(st.just("fails"), st.sampled_from((500, 401, "cut", b"{}", b"null", 404))),
    st.tuples(st.just("waits"), st.sampled_from((30, 300, 1_300, 100_000))),
)


@dataclass
class Ledger:
    """What the bank has ever said, by its orders: a status, and whether the rest of it was true."""

    said: dict[str, set[tuple[str, bool]]] = field(default_factory=dict)

    def note(self, books: dict[str, Book]) -> None:
        for book in books.values():
            self.said.setdefault(book.id, set()).add((book.status, not book.says))

    def ever(self, id: str, status: str) -> bool:
        return any(each == status for each, _true in self.said.get(id, ()))


class Sequence:
    """One order of ours, and whatever happens to it."""

    def __init__(self, bank: Bank, token: str) -> None:
        self.bank, self.world, self.fake, self.token = bank, bank.world, bank.fake, token
        self.ledger = Ledger()
        self.before = "open"

    async def run(self, happening: list[tuple[object, ...]]) -> None:
        await self._afresh()
        await self._presses(0)
        for name, *arguments in happening:
            await getattr(self, f"_{name}")(*arguments)
            self.ledger.note(self.fake.books)
            await self._nothing_is_wrong()
        await self._in_the_end()

    # -- what happens ------------------------------------------------------------------------------------

    async def _presses(self, _n: int) -> None:
        with suppress(Away):
            left = await self.world.payments.pay(self.token, BACK)
            assert not isinstance(left, Leave) or self.fake.at(left.page).status != "DRAFT"

    async def _turns(self, n: int, status: str) -> None:
        if book := self._book(n):
            with suppress(ValueError):  # from where it stands it does not go there
                self.fake.turn(book, status)

    async def _calls(self, n: int, times: int) -> None:
        for _ in range(times if self.fake.hooks else 0):
            await self.fake.post(self.fake.hooks[n % len(self.fake.hooks)])

    async def _forges(self, n: int, body: bytes) -> None:
        url = str(self.bank.client.make_url("/payments/raiaccept"))
        assert await self.fake.post(Hook(url, body)) in (404, 503)
        if book := self._book(n):
            claim = f'{{"order": {{"orderIdentification": "{book.id}", "status": "PAID"}}}}'
            await self.fake.post(Hook(url, claim.encode()))

    async def _lies(self, n: int, says: dict[str, str]) -> None:
        if book := self._book(n):
            book.says = dict(says)

    async def _fails(self, fault: int | str | bytes) -> None:
        self.fake.faults["order"].append(fault)

    async def _waits(self, seconds: int) -> None:
        await self.world.wait(seconds=seconds)
        with suppress(Away):
            await self.world.payments.ask_open()

    # -- what must hold ----------------------------------------------------------------------------------

    async def _nothing_is_wrong(self) -> None:
        await self.world.settle()
        (order,) = await self.world.rows("select state from payment_order")
        tries = await self.world.rows("select * from payment_try order by n")
        for each in tries:
            id, state = str(each["provider_order"]), str(each["state"])
            if state == "paid":
                assert self.ledger.said[id] & {(status, True) for status in PAID}
            if state in ("odd", "twice"):
                assert any(self.ledger.ever(id, status) for status in PAID)
            elif state == "abandoned":  # by itself, too, when it was open for days
                over = moment(int(str(each["created_at"]))) + FINAL <= self.world.at
                assert self.ledger.ever(id, "ABANDONED") or over
            elif state in SAID:
                assert self.ledger.ever(id, SAID[state])
        now = str(order["state"])
        assert now == self.before or (self.before, now) in (("open", "paid"), ("paid", "refunded"))
        if now == "paid":
            assert [str(each["state"]) in ("paid", "reduced") for each in tries].count(True) >= 1
            assert [str(each["state"]) for each in tries].count("paid") <= 1
        keys = [str(row["key"]) for row in await self.world.rows(_NEWS)]
        assert len([key for key in keys if key.startswith(("paid ", "overpaid "))]) <= 1
        items = await self.world.rows("select paid_at from payment_item")
        assert all((item["paid_at"] is not None) == (now == "paid") for item in items)
        self.before = now

    async def _in_the_end(self) -> None:
        """The bank is well again and has said all: no cent is forgotten that it holds."""
        self.fake.faults.clear()
        for book in self.fake.books.values():
            book.says = {}
        await self._waits(1_000)
        for hook in self.fake.hooks:
            assert await self.fake.post(hook) == 200
        self.ledger.note(self.fake.books)
        await self._nothing_is_wrong()
        tries = await self.world.rows("select provider_order, state from payment_try")
        states = {str(each["provider_order"]): str(each["state"]) for each in tries}
        told = " ".join(str(row["key"]) for row in await self.world.rows("select key from payment_trouble"))
        for book in self.fake.books.values():
            if book.charged:
                assert states[book.id] in ("paid", "odd", "twice", "reduced", "refunded")
                assert states[book.id] == "paid" or book.id in told
        assert self.fake.violations == []

    def _book(self, n: int) -> Book | None:
        books = [book for book in self.fake.books.values() if book.page]
        return books[n % len(books)] if books else None

    async def _afresh(self) -> None:
        self.fake.books.clear()
        self.fake.hooks.clear()
        self.fake.faults.clear()
        expires = int(self.world.at.timestamp() * 1000) + 10**12
        await self.world.storage.commit(
            [
                Write("delete from payment_try"),
                Write("delete from payment_trouble"),
                Write("delete from notice"),
                Write("delete from inbox where channel = 'payments'"),
                Write("update payment_item set paid_at = null"),
                Write(
                    "update payment_order set state = 'open', paid_at = null, expires_at = :at",
                    {"at": expires},
                ),
            ]
        )


_NEWS = "select key from inbox where channel = 'payments'"


@pytest_asyncio.fixture
async def world(url: str) -> AsyncIterator[World]:
    """One channel is enough: nothing here is about what stands on a screen."""
    world = World(url, "viber")
    yield world
    await world.close()


async def test_no_sequence_changes_a_payment_wrongly(customer: Customer) -> None:
    token = await asks_for_a_link(customer)
    loop = asyncio.get_running_loop()
    async with at_the_bank(customer.world, calls_a_minute=10**6) as bank:

        @settings(
            max_examples=MANY,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(events, max_size=12))
        def sequences(happening: list[tuple[object, ...]]) -> None:
            asyncio.run_coroutine_threadsafe(Sequence(bank, token).run(happening), loop).result()

        # The examples are drawn in a thread, and happen in the loop of the program.
        await asyncio.to_thread(sequences)
