"""Two customers, or one with two hands, at the same moment: what may happen once happens once."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.channel import Arrival
from bot.forms_port import Closed, Refused, Taken, Why
from bot.inbox import Update
from bot.seeding.hashes import SAMPLE_PASSWORD
from bot.seeding.picked import SERBIAN, UNPAID
from bot.services import codes
from bot.services.sign_in import Waits, WrongPassword
from dialogs.codes import SOON
from dialogs.engine.text import Text
from dialogs.passwords import NOT_RIGHT
from dialogs.register import Register
from storage.base import Unavailable
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.world import World

#: Somebody else who may open an account, with a phone and a mailbox of their own.
DORDE = {
    "number": SERBIAN.person.personal_number,
    "first_name": "Đorđe",
    "last_name": "Živković",
    "code": "skip",
    "email": "djordje@example.com",
    "phone": "+383 44 777 001",
}
SHPRESA = {
    "number": UNPAID.person.personal_number,
    "first_name": "Shpresa",
    "last_name": "Çeku",
    "code": "skip",
    "email": "shpresa@example.com",
    "phone": "+383 44 777 002",
}
NOT_HERS, LOCKED = NOT_RIGHT[WrongPassword].text, NOT_RIGHT[Waits].text
DRITAS = "demo1@example.com"
GIVEN_OUT = "select count(*) as n from challenge"


async def update(customer: Customer, body: dict[str, str], key: str = "") -> Update:
    """Something the customer does, in the inbox and not yet taken up."""
    customer.screen.news.clear()
    name = key or f"{customer.chat}-race-{len(customer.screen.history)}"
    arrival = Arrival(customer.channel.name, name, customer.chat, json.dumps(body).encode())
    await customer.world.keep_update(arrival)
    return Update(arrival, customer.world.at)


async def code_of(customer: Customer) -> Update:
    return await update(customer, {"say": customer.world.post.code(customer.chat)})


async def at_once(world: World, one: Update, other: Update) -> None:
    """Taken up by two processes, whose commits meet."""
    await world.both(world.turns.take(one), world.more_turns().take(other))


async def number_of(world: World, sql: str) -> int:
    return int(str((await world.rows(sql))[0]["n"]))


async def opened(world: World, customer: Customer) -> int:
    """How many accounts are signed in to in a chat."""
    return len(await world.rows("select 1 from chat_link where chat = :chat", chat=customer.chat))


async def accounts_of(world: World, column: str, value: str) -> int:
    assert column in ("personal_number", "email", "phone")
    return len(await world.rows(f"select 1 from account where {column} = :value", value=value))


async def two_at_the_code(world: World, other: dict[str, str]) -> tuple[Customer, Customer]:
    """Arta, and somebody with `other` answers, each about to write the code they have got."""
    await world.fill()
    one, two = Customer(world, "1"), Customer(world, "2")
    await one.gets_code("en")
    # A phone gets one code a minute.
    await two.applies_for("en", **other)
    await two.chooses_password()
    await world.wait(seconds=60)
    await two.tap("yes")
    return one, two


async def sort_out(world: World, one: Customer, two: Customer) -> tuple[Customer, Customer]:
    """Both write their codes at once: who was first, and who came too late."""
    await at_once(world, await code_of(one), await code_of(two))
    first, late = (one, two) if one.hears(Register.done.text) else (two, one)
    assert first.hears(Register.done.text)
    assert not late.hears(Register.done.text)
    assert (await opened(world, first), await opened(world, late)) == (1, 0)
    return first, late


# -- opening an account --------------------------------------------------------------------------------


async def test_of_two_chats_with_one_personal_number_one_gets_the_account(world: World) -> None:
    one, two = await two_at_the_code(world, {"email": DORDE["email"], "phone": DORDE["phone"]})
    first, late = await sort_out(world, one, two)
    assert late.hears(Register.taken.text)
    assert await accounts_of(world, "personal_number", ARTA["number"]) == 1
    owner = ARTA if first is one else DORDE
    letters = [parcel.to for parcel in world.post.parcels if parcel.kind == "email"]
    assert letters == [owner["email"]], "who has the account learns of the attempt"
    await world.wait(minutes=2)
    await late.tap("start:SignIn")
    await late.say(ARTA["number"])
    await late.types(password=PASSWORD)
    await late.enters_code()
    assert await opened(world, late) == 1


async def test_of_two_people_with_one_address_the_later_gives_another(world: World) -> None:
    one, two = await two_at_the_code(world, DORDE | {"email": ARTA["email"]})
    _first, late = await sort_out(world, one, two)
    assert late.hears(_sentence("EmailTaken"))
    assert late.reads(Register.email.text)
    await late.say("another@example.com")
    await late.tap("yes")
    assert late.hears(Register.done.text), "every other answer was kept"
    assert await accounts_of(world, "email", ARTA["email"]) == 1
    assert await accounts_of(world, "email", "another@example.com") == 1


async def test_of_two_people_with_one_phone_the_later_gives_another_and_proves_it(world: World) -> None:
    one, two = await two_at_the_code(world, DORDE | {"phone": ARTA["phone"]})
    _first, late = await sort_out(world, one, two)
    assert late.hears(_sentence("PhoneTaken"))
    assert late.reads(Register.phone.text)
    await late.say(SHPRESA["phone"])
    await late.tap("yes")
    await late.enters_code()
    assert late.hears(Register.done.text)
    assert await accounts_of(world, "phone", "+38344123456") == 1
    assert await accounts_of(world, "phone", "+38344777002") == 1


def _sentence(outcome: str) -> Text:
    return next(text for kind, (_step, text) in Register.opened.rejects.items() if kind.__name__ == outcome)


# -- codes ---------------------------------------------------------------------------------------------


async def test_the_same_code_written_twice_at_once_opens_one_account(world: World) -> None:
    await world.fill()
    customer = Customer(world)
    await customer.gets_code("en")
    code = world.post.code(customer.chat)
    once, again = [await update(customer, {"say": code}, key) for key in ("once", "again")]
    await at_once(world, once, again)
    assert await accounts_of(world, "personal_number", ARTA["number"]) == 1
    assert await number_of(world, "select count(*) as n from challenge where used_at is not null") == 1
    assert sum(Register.done.text.msgid.split("{")[0] in text for text in customer.screen.news) == 1
    assert len(world.post.parcels) == 1


async def test_a_right_and_a_wrong_code_at_once_open_one_account_at_most(world: World) -> None:
    await world.fill()
    customer = Customer(world)
    await customer.gets_code("en")
    right = world.post.code(customer.chat)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    updates = [await update(customer, {"say": code}, code) for code in (wrong, right)]
    await at_once(world, *updates)
    assert await accounts_of(world, "personal_number", ARTA["number"]) == 1
    assert await number_of(world, "select count(*) as n from challenge where tries > 1") == 0


@pytest.mark.parametrize("before", [0, 2], ids=["within a minute", "at the end of an hour's"])
async def test_two_chats_that_ask_for_a_code_to_one_phone_at_once_get_one(world: World, before: int) -> None:
    await world.fill()
    one, two = Customer(world, "1"), Customer(world, "2")
    for customer in (one, two):
        await customer.applies_for("en")
        await customer.chooses_password()
    for n in range(before):
        other = Customer(world, f"before {n}")
        await other.gets_code("en")
        await world.wait(seconds=70)
    known = len(world.post.parcels)
    taps = [await update(c, {"tap": c.button("yes").payload}) for c in (one, two)]
    await at_once(world, *taps)
    assert len(world.post.parcels) == known + 1
    assert await number_of(world, GIVEN_OUT) == known + 1
    late = next(c for c in (one, two) if all(parcel.chat != c.chat for parcel in world.post.parcels))
    assert late.hears(SOON) or before
    await world.wait(hours=1)
    await late.tap("redo:0")
    await late.enters_code()
    assert late.hears(Register.done.text), "who came too late has lost nothing"


async def test_two_taps_on_a_new_code_at_once_send_one(world: World) -> None:
    await world.fill()
    customer = Customer(world)
    await customer.gets_code("en")
    await world.wait(seconds=61)
    payload = customer.button("redo:0").payload
    taps = [await update(customer, {"tap": payload}, key) for key in ("one", "other")]
    await at_once(world, *taps)
    assert len(world.post.parcels) == 2
    await customer.enters_code()
    assert customer.hears(Register.done.text)


# -- pages ---------------------------------------------------------------------------------------------


async def test_a_page_sent_twice_at_once_is_taken_once(world: World) -> None:
    await world.fill()
    customer = Customer(world)
    await customer.applies_for("en")
    token = customer.page()
    sent = [{"password": word, "again": word} for word in (PASSWORD, "Tjeter8fjale")]
    customer.screen.news.clear()
    outcomes = await asyncio.gather(*(world.pages.submit(token, typed) for typed in sent))
    await world.settle()
    (taken,) = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Taken)]
    assert outcomes[1 - taken] in (Closed(Why.USED, "en"), Closed(Why.MOVED_ON, "en"))
    assert await number_of(world, "select count(*) as n from secret") == 1
    assert len(customer.screen.news) == 1
    await customer.tap("yes")
    await customer.enters_code()
    await world.wait(minutes=2)
    other = Customer(world, "2")
    await other.signs_in(ARTA["email"], sent[taken]["password"], "en")
    assert await opened(world, other) == 1


async def guessers(world: World, names: int) -> list[Customer]:
    """Strangers who are each asked for the password of one account."""
    await world.fill()
    strangers = [Customer(world, f"stranger {n}") for n in range(names)]
    for stranger in strangers:
        await stranger.names_account(DRITAS, "en")
    return strangers


async def guess(stranger: Customer, password: str) -> object:
    """What the page answers: taken, the sentence of a refusal, or nothing for somebody in a crowd."""
    try:
        outcome = await stranger.world.pages.submit(stranger.page(), {"password": password})
    except Unavailable:
        return None
    return outcome.problems["password"].text if isinstance(outcome, Refused) else outcome


async def test_two_wrong_passwords_at_once_both_count(world: World) -> None:
    strangers = await guessers(world, 6)
    together = await asyncio.gather(*(guess(stranger, "Gabim123") for stranger in strangers[:2]))
    assert together == [NOT_HERS, NOT_HERS]
    one_by_one = [await guess(stranger, "Gabim123") for stranger in strangers[2:]]
    assert one_by_one == [NOT_HERS, NOT_HERS, NOT_HERS, LOCKED]


async def test_two_wrong_passwords_on_one_page_at_once_both_count(world: World) -> None:
    (stranger,) = await guessers(world, 1)
    together = await asyncio.gather(*(guess(stranger, "Gabim123") for _ in range(2)))
    assert together == [NOT_HERS, NOT_HERS]
    assert [await guess(stranger, "Gabim123") for _ in range(4)] == [NOT_HERS, NOT_HERS, NOT_HERS, LOCKED]


async def test_a_crowd_of_guesses_is_answered_no_more_often_than_one_after_the_other(world: World) -> None:
    """The right one among them included: a burst must not be a way around counting."""
    strangers = await guessers(world, 12)
    passwords = ["Gabim123"] * 11 + [SAMPLE_PASSWORD]
    told = await asyncio.gather(*(map(guess, strangers, passwords)))
    await world.settle()
    answered = [one for one in told if one is not None and one != LOCKED]
    assert 1 <= len(answered) <= 5, told


async def test_the_right_codes_of_two_chats_at_once_both_count(world: World) -> None:
    """What is counted for one account must not keep two chats of its owner from signing in."""
    await world.fill()
    one, two = Customer(world, "1"), Customer(world, "2")
    for customer in (one, two):
        await customer.names_account(DRITAS, "en")
        await customer.types(password=SAMPLE_PASSWORD)
        await world.wait(seconds=codes.RESEND)
    await at_once(world, await code_of(one), await code_of(two))
    assert (await opened(world, one), await opened(world, two)) == (1, 1)
