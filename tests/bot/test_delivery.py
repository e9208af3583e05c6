"""SMS and e-mails beside what is said in the chat: in order, once, and told when they cannot arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channel import Later, Refused, Uncertain
from bot.gateways.carrier import Parcel
from bot.posts import Undelivered, posted
from bot.services.post import LetterName
from storage import outbox
from storage.base import Query
from tests.gateways.carriers import Pigeon
from tests.gateways.house import VAULT, House


@pytest.fixture
def pigeon() -> Pigeon:
    return Pigeon()


@pytest.fixture
def keyed() -> Pigeon:
    return Pigeon(keyed=True)


@pytest_asyncio.fixture
async def house(url: str, pigeon: Pigeon, keyed: Pigeon) -> AsyncIterator[House]:
    """E-mails go by a carrier without keys, SMS by one with them."""
    made = House(url, {"email": pigeon, "sms": keyed})
    made.open()
    yield made
    await made.close()


async def test_a_code_is_put_into_words_at_delivery_and_forgotten(house: House, keyed: Pigeon) -> None:
    row = await house.order_code("c1", expires=300)
    await house.rest()
    (parcel,) = keyed.taken
    assert parcel.text.startswith(f"KESCO: your code is {VAULT.code('c1')}. ")
    assert (parcel.to, parcel.chat, parcel.key) == ("+38344123456", "viber:ana", f"ekesco-{row}")
    assert await house.state(row) == ("sent", None)
    bodies = await house.storage.read(Query("select body from outbox"))
    assert [body["body"] for body in bodies] == [""]


async def test_a_letter_is_in_the_language_of_the_chat_unless_it_names_one(
    house: House, pigeon: Pigeon
) -> None:
    house.languages["viber:ana"] = "sr_Cyrl"
    await house.order("a@example.com", kind="email", language=None)
    await house.order("a@example.com", kind="email", language="en")
    await house.rest()
    assert [parcel.language for parcel in pigeon.taken] == ["sr_Cyrl", "en"]


@pytest.mark.parametrize("kind", ["sms", "email"])
async def test_what_was_not_taken_is_tried_again_until_it_is(
    house: House, pigeon: Pigeon, keyed: Pigeon, kind: str
) -> None:
    carrier = {"sms": keyed, "email": pigeon}[kind]
    carrier.faults.extend([Later("busy"), Later("busy", 30), Later("busy")])
    row = await house.order("a@example.com", kind=kind)
    await house.time.advance(28)
    assert not carrier.taken
    await house.time.advance(20)
    assert len(carrier.taken) == 1
    assert await house.state(row) == ("sent", None)


async def test_of_what_nobody_knows_a_carrier_with_keys_gets_it_again_under_the_same(
    house: House, keyed: Pigeon
) -> None:
    keyed.lost_answers.extend([Uncertain("lost")] * 12)
    row = await house.order()
    await house.time.advance(3600)
    assert await house.state(row) == ("sent", None)
    assert {parcel.key for parcel in house.carried} == {f"ekesco-{row}"}
    assert len(house.carried) == 13
    assert len(keyed.taken) == 1


async def test_of_what_nobody_knows_a_carrier_without_keys_gets_nothing_again(
    house: House, pigeon: Pigeon
) -> None:
    pigeon.lost_answers.append(Uncertain("lost"))
    row = await house.order("a@example.com", kind="email")
    await house.time.advance(3600)
    assert len(house.carried) == 1
    state, why = await house.state(row)
    assert (state, why) == ("dead", "unknown fate: lost")
    assert not house.undelivered


async def test_a_process_that_dies_with_an_email_under_way_does_not_send_it_again(
    house: House, pigeon: Pigeon
) -> None:
    pigeon.stuck = True
    row = await house.order("a@example.com", kind="email")
    await pigeon.is_stuck.wait()
    assert (await house.state(row))[0] == "sending"
    pigeon.stuck = False
    await house.restart()
    assert len(pigeon.taken) == 1
    assert (await house.state(row))[0] == "dead"


async def test_a_process_that_dies_with_an_sms_under_way_sends_it_again_under_its_key(
    house: House, keyed: Pigeon
) -> None:
    keyed.stuck = True
    row = await house.order()
    await keyed.is_stuck.wait()
    keyed.stuck = False
    await house.restart()
    assert len(house.carried) == 2
    assert len(keyed.taken) == 1
    assert (await house.state(row))[0] == "sent"


async def test_an_email_that_waits_for_its_gateway_is_not_under_way(house: House, pigeon: Pigeon) -> None:
    """Or a process that ends meanwhile would have to give it up."""
    pigeon.faults.extend([Later("down")] * 5)
    row = await house.order("a@example.com", kind="email")
    await house.time.advance(16)
    assert len(house.carried) == 5
    assert (await house.state(row))[0] == "waiting"
    house.time.passed += 60
    await house.restart()
    assert len(pigeon.taken) == 1


async def test_the_chat_learns_that_its_code_cannot_arrive(house: House, keyed: Pigeon) -> None:
    keyed.faults.append(Refused("no such number"))
    house.deaf = 2
    row = await house.order_code("c7")
    await house.time.advance(5)
    assert house.undelivered == [Undelivered(f"undelivered:{row}", "viber:ana", "sms", "c7")]
    assert await house.state(row) == ("dead", "refused: no such number")
    assert len(house.carried) == 1


async def test_another_letter_that_cannot_arrive_names_no_challenge(house: House, pigeon: Pigeon) -> None:
    pigeon.faults.append(Refused("no such mailbox"))
    row = await house.order("a@example.com", kind="email")
    await house.rest()
    assert house.undelivered == [Undelivered(f"undelivered:{row}", "viber:ana", "email", "")]


async def test_a_letter_that_comes_too_late_does_not_go_out(house: House, keyed: Pigeon) -> None:
    keyed.faults.append(Later("busy", 200))
    late, timely = await house.order_code("c1", expires=200), await house.order_code("c2", expires=201)
    await house.time.advance(200)
    assert await house.state(late) == ("dropped", "expired")
    assert await house.state(timely) == ("sent", None)
    assert [VAULT.code("c2") in parcel.text for parcel in keyed.taken] == [True]
    assert not house.undelivered


async def test_letters_of_a_chat_go_out_in_order_and_those_of_others_beside_them(
    house: House, keyed: Pigeon
) -> None:
    keyed.faults.append(Later("busy", 10))
    for number in (1, 2, 3):
        await house.order(f"+3834400000{number}")
    await house.order("+38344000009", chat="viber:ben")
    await house.rest()
    assert [parcel.to[-1] for parcel in keyed.taken] == ["9"]
    await house.time.advance(10)
    assert [parcel.to[-1] for parcel in keyed.taken] == ["9", "1", "2", "3"]


async def test_a_gateway_that_is_down_holds_back_nothing_else_of_its_chat(
    house: House, pigeon: Pigeon, keyed: Pigeon
) -> None:
    keyed.faults.extend([Later("down")] * 100)
    await house.order()
    await house.order("a@example.com", kind="email")
    await house.say("Hello")
    await house.rest()
    assert house.said() == ["Hello"]
    assert len(pigeon.taken) == 1
    assert not keyed.taken


async def test_a_customer_who_left_the_chat_gets_their_letters_all_the_same(
    house: House, keyed: Pigeon
) -> None:
    house.channel.blocked.add("viber:ana")
    keyed.faults.append(Later("busy", 5))
    await house.order()
    await house.say("Hello")
    await house.time.advance(5)
    assert len(keyed.taken) == 1


async def test_what_a_turn_left_behind_is_swept_up_once(house: House, keyed: Pigeon, pigeon: Pigeon) -> None:
    await house.order(take=False)
    await house.order("a@example.com", kind="email", take=False)
    await asyncio.gather(house.delivery.sweep(), house.delivery.sweep())
    await house.rest()
    await house.delivery.sweep()
    await house.rest()
    assert (len(keyed.taken), len(pigeon.taken)) == (1, 1)


async def test_a_row_that_was_dropped_meanwhile_does_not_go_out(house: House, pigeon: Pigeon) -> None:
    pigeon.faults.append(Later("busy", 5))
    row = await house.order("a@example.com", kind="email")
    await house.rest()
    await house.storage.commit([outbox.dropped(row, "by an operator")])
    await house.time.advance(10)
    assert not pigeon.taken
    assert await house.state(row) == ("dropped", "by an operator")
    later = await house.order("b@example.com", kind="email")
    await house.rest()
    assert (await house.state(later))[0] == "sent"


async def test_a_database_that_is_away_loses_no_letter_and_doubles_none(house: House, pigeon: Pigeon) -> None:
    row = await house.order("a@example.com", kind="email", take=False)
    house.faults.unsure = 1  # the mark is written, and its answer lost
    await house.delivery.sweep()
    await house.time.advance(30)
    assert len(pigeon.taken) == 1
    assert (await house.state(row))[0] == "sent"


async def test_a_letter_that_nobody_can_read_is_kept_for_an_operator_and_blocks_nothing(
    house: House, keyed: Pigeon
) -> None:
    body = '{"to":"+38344123456","letter":"of a later version","values":{},"language":null,"expires":null}'
    write = outbox.enqueue("viber:ana", "sms", "sms", body, 1, careful=True)
    ((row,),) = await house.storage.commit([write])
    await house.order(take=False)
    await house.delivery.sweep()
    await house.rest()
    assert (await house.state(int(str(row["id"]))))[0] == "dead"
    assert len(keyed.taken) == 1


async def test_without_gateways_letters_wait(url: str) -> None:
    house = House(url, {})
    house.open()
    row = await house.order()
    await house.delivery.sweep()
    await house.rest()
    assert (await house.state(row))[0] == "waiting"
    await house.close()


def test_what_is_for_another_moment_or_no_post_is_not_delivered_at_once() -> None:
    later = outbox.enqueue("viber:ana", "sms", "sms", "{}", 5, due_ms=9)
    assert posted(later, [{"id": 1}]) is None
    assert posted(outbox.dropped(1, "why"), []) is None
    now = posted(outbox.enqueue("viber:ana", "sms", "sms", "{}", 5, careful=True), [{"id": 7}])
    assert now is not None
    assert (now.id, now.chat, now.channel, now.order, now.careful) == (7, "viber:ana", "sms", "{}", True)


class Busy(Pigeon):
    """Counts how many parcels it has in hand at a time, and lets go of none before there are ten."""

    at_once = most = 0

    def __init__(self) -> None:
        super().__init__()
        self.ten = asyncio.Barrier(10)

    async def carry(self, parcel: Parcel) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await self.ten.wait()
        for _ in range(5):
            await asyncio.sleep(0)
        self.at_once -= 1


async def test_many_letters_go_side_by_side_but_not_all_at_once(url: str) -> None:
    busy = Busy()
    house = House(url, {"sms": busy})
    house.open()
    for number in range(60):
        await house.order(chat=f"plain:{number}", letter=LetterName.ACCOUNT_DELETED, take=False)
    async with asyncio.timeout(20):
        await house.delivery.sweep()
        await house.rest()
    assert len(house.carried) == 60
    assert busy.most == 10
    await house.close()
