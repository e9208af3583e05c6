"""What customers are told of without asking: once, by day, and only what is still true."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.bill_watch import BillWatch
from bot.bulk import BulkLane
from bot.clock import Clock
from bot.gateways.registry.http import HttpRegistry
from bot.noticing import Noticing
from bot.services.codes import Right, Way
from bot.services.notices import Kind
from bot.services.ports import Away, Connection, Invoice, Person, Registry
from bot.services.sign_in import Entered, sign_in
from dialogs.notices import WORDS
from storage import notices, register
from storage.base import Row, Unavailable, Write
from tests.fakes.registry import TOKEN, FakeRegistry
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.world import World

CODE = "DPR 6687"


def open_lane() -> BulkLane:
    """One that holds nothing up."""
    return BulkLane(lambda: False, rate=1e9)


async def looks(world: World) -> None:
    """A round of the job that tells."""
    await BillWatch(world.means, clock=world.clock).look()
    await tells(world)


def teller(world: World, lane: BulkLane | None = None, clock: Clock | None = None) -> Noticing:
    return Noticing(world.means, world.inbox, lane or open_lane(), anybody, clock=clock or world.clock)


async def anybody(chat: str) -> bool:
    return True


async def tells(world: World) -> None:
    await teller(world).tell()
    await world.settle()


async def states(world: World) -> list[object]:
    """What became of the notices of the customer's meter."""
    rows = await world.rows("select state from notice where customer_code = :code", code=CODE)
    return [row["state"] for row in rows]


async def newest(world: World) -> Row:
    return (await world.storage.read(register.invoices(CODE, 1)))[0]


async def change(world: World, **other: str) -> None:
    row = {**(await newest(world)), **other}
    await world.storage.commit([register.put(register.INVOICES, [{k: str(v) for k, v in row.items()}])])


async def is_in(customer: Customer, language: str = "en", *, issued: int = 1, due: int = 15) -> None:
    """Signed in, and a day later there is an unpaid bill issued and due so many days from the first."""
    world = customer.world
    await world.fill()
    await customer.registers(language)
    first = world.at.date()
    await change(
        world,
        issued_on=(first + timedelta(days=issued)).isoformat(),
        due_on=(first + timedelta(days=due)).isoformat(),
        paid="0.00",
    )
    await customer.wait(days=1)
    customer.screen.news.clear()


@in_every_language
async def test_a_new_bill_is_told_and_opens_with_one_press(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    await looks(customer.world)
    assert customer.reads(WORDS[Kind.BILL])
    await customer.forge(next(p for p in customer.payloads if p.startswith("o") and len(p) == 33))
    bill = await newest(customer.world)
    total = str(bill["total"]).replace(".", "." if language == "en" else ",")
    assert customer.news.count(total) >= 2, "in the head and in the sum"


async def test_it_is_told_once_whatever_happens(customer: Customer) -> None:
    await is_in(customer)
    await looks(customer.world)
    assert customer.reads(WORDS[Kind.BILL])
    for _ in range(3):
        customer.screen.news.clear()
        await customer.world.restart()
        await customer.wait(hours=1)
        await looks(customer.world)
        assert not customer.hears(WORDS[Kind.BILL])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("statement", range(6))
async def test_a_look_that_is_cut_off_is_made_up_for_once(
    customer: Customer, statement: int, after: bool
) -> None:
    await is_in(customer)
    storage = customer.world.storage
    storage.fails_at, storage.fails_after = statement, after
    with suppress(Unavailable):
        await looks(customer.world)
    storage.fails_at = None
    await customer.world.restart()
    for _ in range(2):
        await looks(customer.world)
    assert await states(customer.world) == ["told"]
    inbox = await customer.world.rows("select key from inbox where channel = 'notices'")
    assert len(inbox) == 1


async def test_three_days_before_it_is_due_it_is_told_if_it_is_not_paid(customer: Customer) -> None:
    await is_in(customer, issued=-20, due=4)
    await looks(customer.world)
    assert customer.reads(WORDS[Kind.DUE])


async def test_the_day_after_it_is_overdue(customer: Customer) -> None:
    await is_in(customer, issued=-20, due=0)
    await looks(customer.world)
    assert customer.reads(WORDS[Kind.OVERDUE])


async def test_what_was_paid_meanwhile_is_not_told(customer: Customer) -> None:
    await is_in(customer, issued=-20, due=4)
    world = customer.world
    await BillWatch(world.means, clock=world.clock).look()
    await change(world, paid=str((await newest(world))["total"]))
    await tells(world)
    assert not customer.hears(WORDS[Kind.DUE])
    assert await states(world) == ["dropped"]


async def test_by_night_it_waits_for_the_morning(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    world.at = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
    await looks(world)
    assert not customer.hears(WORDS[Kind.BILL])
    world.at = datetime(2026, 3, 4, 6, 59, tzinfo=UTC)
    await looks(world)
    assert not customer.hears(WORDS[Kind.BILL])
    world.at = datetime(2026, 3, 4, 7, 0, tzinfo=UTC)
    await looks(world)
    assert customer.reads(WORDS[Kind.BILL])


async def test_who_has_switched_it_off_hears_nothing(customer: Customer) -> None:
    await customer.world.fill()
    await customer.registers("en")
    await customer.say("notifications")
    await customer.tap("-bill")
    await customer.tap("done")
    first = customer.world.at.date()
    await change(
        customer.world,
        issued_on=(first + timedelta(days=1)).isoformat(),
        due_on=(first + timedelta(days=15)).isoformat(),
        paid="0.00",
    )
    await customer.wait(days=1)
    await looks(customer.world)
    assert not customer.hears(WORDS[Kind.BILL])
    assert await states(customer.world) == ["dropped"]


async def test_who_has_signed_out_hears_nothing(customer: Customer) -> None:
    await is_in(customer)
    await customer.say("sign out")
    await looks(customer.world)
    assert not customer.hears(WORDS[Kind.BILL])


async def test_of_a_meter_that_was_taken_out_meanwhile_nothing_is_told(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    await BillWatch(world.means, clock=world.clock).look()
    await customer.forge("start:UnlinkMeter")
    await customer.say("1")
    await tells(world)
    assert not customer.hears(WORDS[Kind.BILL])
    assert await states(world) == ["dropped"]


async def second_chat(customer: Customer) -> Customer:
    """Another chat that is signed in to the same account."""
    world = customer.world
    other = Customer(world, "other")
    await other.comes_in("sq")
    account = str((await world.rows("select account from chat_link"))[0]["account"])
    turn = world.means.turn(other.chat, world.at, "sign in")
    await sign_in(turn, Entered(account), Right(Way.SMS, "+38344123456"))
    await world.storage.commit(turn.writes)
    await world.sweep()
    return other


async def test_every_chat_of_the_account_is_told(customer: Customer) -> None:
    await is_in(customer)
    world, other = customer.world, await second_chat(customer)
    await looks(world)
    assert customer.reads(WORDS[Kind.BILL])
    assert other.reads(WORDS[Kind.BILL])


async def test_an_open_question_stays_live_below_it(customer: Customer) -> None:
    await is_in(customer)
    await customer.say("estimate")
    before = (await customer.conversation()).frames
    await looks(customer.world)
    assert customer.hears(WORDS[Kind.BILL])
    assert (await customer.conversation()).frames == before
    await customer.tap("done")
    assert "About" in customer.news


async def test_after_days_of_downtime_only_what_is_still_true_is_told(customer: Customer) -> None:
    await is_in(customer, issued=1, due=5)
    await customer.world.restart()
    await customer.wait(days=20)
    await looks(customer.world)
    assert not customer.hears(WORDS[Kind.BILL])
    assert not customer.hears(WORDS[Kind.DUE])
    assert not customer.hears(WORDS[Kind.OVERDUE])


@dataclass(frozen=True)
class Unreadable:
    """A register of which one record is not as it should be."""

    registry: Registry
    code: str

    async def person(self, personal_number: str) -> Person | None:
        return await self.registry.person(personal_number)

    async def connections(self, personal_number: str) -> tuple[Connection, ...]:
        return await self.registry.connections(personal_number)

    async def connection(self, customer_code: str) -> Connection | None:
        if customer_code == self.code:
            raise Away("not to be read")
        return await self.registry.connection(customer_code)

    async def invoices(self, customer_code: str, most: int = 1) -> tuple[Invoice, ...]:
        if customer_code == self.code:
            raise Away("not to be read")
        return await self.registry.invoices(customer_code, most)


async def a_register_outside(world: World) -> FakeRegistry:
    """What our tables have of the customer, at a server of the utility's."""
    bill = await world.means.registry.invoices(CODE, 1)
    connection = await world.means.registry.connection(CODE)
    assert connection is not None
    return FakeRegistry(connections=[connection], invoices=bill)


async def test_a_register_outside_is_asked_about_every_meter_once_a_day(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    async with await a_register_outside(world) as fake:
        registry = HttpRegistry(fake.url, TOKEN)
        watch = BillWatch(replace(world.means, registry=registry), open_lane(), clock=world.clock)
        await watch.look()
        assert await states(world) == ["waiting"]
        asked = fake.requests
        await watch.look()
        assert fake.requests == asked
        world.at += timedelta(days=1)
        await watch.look()
        assert fake.requests == 2 * asked
        await registry.close()
        assert not fake.wrong
    assert await states(world) == ["waiting"]


async def test_a_round_that_is_cut_off_goes_on_where_it_was(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    async with await a_register_outside(world) as fake:
        registry = HttpRegistry(fake.url, TOKEN)
        watch = BillWatch(replace(world.means, registry=registry), open_lane(), clock=world.clock)
        fake.faults.append(503)
        with pytest.raises(Away):
            await watch.look()
        assert await states(world) == []
        await watch.look()
        assert await states(world) == ["waiting"]
        await registry.close()


async def test_a_meter_that_the_register_cannot_give_holds_up_no_other(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    sql = (
        "insert into account_meter (account, customer_code, state, name, added_at)"
        " select account, 'DPE 1290', state, '', added_at from account_meter where customer_code = :code"
    )
    await world.storage.commit([Write(sql, {"code": CODE})])
    registry = Unreadable(world.means.registry, "DPE 1290")
    means = replace(world.means, registry=registry)
    watch = BillWatch(means, open_lane(), clock=world.clock)
    with pytest.raises(Away):
        await watch.look()
    await watch.look()
    assert await states(world) == ["waiting"]
    account = str((await world.rows("select account from chat_link"))[0]["account"])
    await world.storage.commit([notices.add("bill x", account, "bill", "DPE 1290", "x", 1)])
    with pytest.raises(Away):
        await Noticing(means, world.inbox, open_lane(), anybody, clock=world.clock).tell()
    await world.settle()
    assert customer.hears(WORDS[Kind.BILL])
    rows = await world.rows("select state from notice where key = 'bill x'")
    assert rows[0]["state"] == "waiting"


async def test_of_a_place_that_is_somebody_elses_now_nothing_is_noted(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    async with await a_register_outside(world) as fake:
        fake.connections = [replace(each, personal_number="1111111111") for each in fake.connections]
        registry = HttpRegistry(fake.url, TOKEN)
        await BillWatch(replace(world.means, registry=registry), open_lane(), clock=world.clock).look()
        await registry.close()
    assert await states(world) == []


async def test_notices_wait_while_customers_do(customer: Customer) -> None:
    await is_in(customer)
    world, busy = customer.world, [True, True, False]
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        assert await states(world) == ["waiting"]
        pauses.append(seconds)

    lane = BulkLane(lambda: busy.pop(0), pause=pause)
    await BillWatch(world.means, clock=world.clock).look()
    await teller(world, lane).tell()
    await world.settle()
    assert len(pauses) == 2
    assert customer.reads(WORDS[Kind.BILL])


@pytest.mark.parametrize(
    ("until", "stands"),
    [
        (datetime(2026, 3, 3, 20, 30, tzinfo=UTC), "waiting"),
        (datetime(2026, 3, 3, 12, tzinfo=UTC), "dropped"),
    ],
    ids=["night", "paid"],
)
async def test_what_is_true_and_when_is_asked_after_the_wait(
    customer: Customer, until: datetime, stands: str
) -> None:
    await is_in(customer)
    world, busy = customer.world, [True, False]

    async def pause(seconds: float) -> None:
        world.at = until
        if stands == "dropped":
            await change(world, paid=str((await newest(world))["total"]))

    await BillWatch(world.means, clock=world.clock).look()
    await teller(world, BulkLane(lambda: busy.pop(0), pause=pause)).tell()
    await world.settle()
    assert not customer.hears(WORDS[Kind.BILL])
    assert await states(world) == [stands]


async def test_the_evening_ends_a_long_round(customer: Customer) -> None:
    await is_in(customer)
    world = customer.world
    await world.storage.commit([notices.add(f"bill x{n}", "nobody", "bill", CODE, "x", n) for n in range(3)])
    asked: list[datetime] = []

    def clock() -> datetime:
        asked.append(datetime(2026, 3, 3, 19, 59 if len(asked) < 2 else 0, tzinfo=UTC))
        return asked[-1] if len(asked) < 3 else datetime(2026, 3, 3, 20, 0, tzinfo=UTC)

    await teller(world, clock=clock).tell()
    rows = await world.rows("select state from notice order by key", code=CODE)
    assert sorted(str(row["state"]) for row in rows) == ["dropped", "dropped", "waiting"]
