"""Nobody learns from us who has an account: the same words, the same work and the same time for everyone."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from statistics import median

import pytest

from bot.channel import Message
from bot.forms_port import Refused
from bot.seeding.hashes import BCRYPT
from bot.services import accounts
from bot.services.accounts import Account
from bot.services.passwords import EVEN_SECONDS, Passwords
from bot.services.phones import masked, masked_email
from dialogs.engine.text import Phrase
from dialogs.passwords import NOT_RIGHT
from storage.base import Write
from tests.security.listening import Listening
from tests.talk.channel import words_of
from tests.talk.customer import ARTA, Customer
from tests.talk.people import DRITA, NOBODY, e164
from tests.talk.world import VAULT, World

#: The ways in which one can say which account is one's own.
NAMES = ("email", "phone", "number")
by_every_name = pytest.mark.parametrize("by", NAMES)
#: Runs of each kind; medians of so many do not hang on a busy moment.
RUNS = 9
Move = Callable[[Customer, dict[str, str]], Awaitable[None]]


# -- what a stranger does ------------------------------------------------------------------------------


async def tries_passwords(stranger: Customer, who: dict[str, str], by: str) -> list[object]:
    """Six at the page for signing in: what it answers."""
    await stranger.names_account(who[by], "en")
    told: list[object] = []
    for _ in range(6):
        outcome = await stranger.types(password="Gabim123")
        assert isinstance(outcome, Refused)
        told.append((outcome.opened.who, outcome.opened.page, outcome.problems))
    return told


async def names_forgotten(stranger: Customer, who: dict[str, str], by: str) -> None:
    await stranger.comes_in("en")
    await stranger.forge("start:ForgotPassword")
    await stranger.say(who[by])


async def switches(stranger: Customer) -> None:
    """Asks for the code by the other way."""
    await stranger.tap("switch:0" if stranger.has("switch:0") else "switch:1")


async def tries_codes(stranger: Customer, who: dict[str, str], by: str) -> None:
    """All that can be done about a forgotten password without the code: until it is locked and beyond."""
    await names_forgotten(stranger, who, by)
    await switches(stranger)
    await stranger.tap("redo:0")
    for _round in range(2):
        for _ in range(6):
            await stranger.say("000000")
        await stranger.wait(minutes=1)
        await stranger.tap("redo:0")
        await switches(stranger)
    await stranger.say("000000")
    await stranger.tap("help")
    await stranger.wait(minutes=20)
    await stranger.tap("redo:0")
    await stranger.tap("redo:1")
    await stranger.say(who[by])


async def begins_to_register(stranger: Customer, who: dict[str, str], by: str) -> None:
    """An account with the number, address or phone of somebody, up to the code and past wrong ones."""
    await stranger.gets_code("en", **(own(stranger) | {by: who[by]}))
    for _ in range(6):
        await stranger.say("000000")
    await switches(stranger)
    await stranger.say("000000")


def own(stranger: Customer) -> dict[str, str]:
    """A phone and a mailbox that no other stranger has; what somebody says of themselves, besides."""
    digit = sum(map(ord, stranger.chat)) % 10
    return {"email": f"stranger{digit}@example.com", "phone": f"+383 44 555 00{digit}"}


# -- the same words ------------------------------------------------------------------------------------


def seen(customer: Customer, *typed: str) -> list[tuple[str, object]]:
    """Everything that came onto the screen, with what the customer typed, and addresses, taken out of it."""
    return [(what, _bare(shown, typed)) for what, shown in customer.screen.history]


def _bare(shown: Message | str, typed: tuple[str, ...]) -> object:
    if isinstance(shown, str):
        return without(shown, typed)
    boards = [[(b.label, b.payload, bool(b.url)) for b in row] for row in shown.rows]
    return without(words_of(shown), typed), boards, shown.image, shown.prompt


def without(text: str, typed: tuple[str, ...]) -> str:
    for word in typed:
        text = text.replace(word, "<it>")
    return text


@by_every_name
async def test_the_sign_in_page_says_the_same_to_all(world: World, by: str) -> None:
    known, nobody = Customer(world, "1"), Customer(world, "2")
    answers = [await tries_passwords(c, who, by) for c, who in ((known, DRITA), (nobody, NOBODY))]
    assert answers[0] == answers[1]
    assert seen(known, DRITA[by]) == seen(nobody, NOBODY[by])
    assert not world.post.parcels


@by_every_name
async def test_a_forgotten_password_says_the_same_to_all(world: World, by: str) -> None:
    known, nobody = Customer(world, "1"), Customer(world, "2")
    await tries_codes(known, DRITA, by)
    await tries_codes(nobody, NOBODY, by)
    assert seen(known, DRITA[by]) == seen(nobody, NOBODY[by])
    assert {parcel.chat for parcel in world.post.parcels} == {known.chat}


@by_every_name
async def test_registration_says_the_same_to_all_up_to_the_code(world: World, by: str) -> None:
    known, nobody = Customer(world, "1"), Customer(world, "2")
    await begins_to_register(known, DRITA, by)
    await begins_to_register(nobody, NOBODY, by)
    assert seen(known, DRITA[by], *own(known).values()) == seen(nobody, NOBODY[by], *own(nobody).values())


@pytest.mark.parametrize("fault", ["no such phone", "the gateway fails"])
async def test_a_code_that_cannot_be_delivered_does_not_tell_that_there_is_somebody_to_get_it(
    world: World, fault: str
) -> None:
    known, nobody = Customer(world, "1"), Customer(world, "2")
    if fault == "no such phone":
        world.post.unknown.add(e164(DRITA))
        world.given_up = 1
    else:
        world.post.faults.extend([ConnectionError("away")])
        world.given_up = 1
    for customer, who in ((known, DRITA), (nobody, NOBODY)):
        await names_forgotten(customer, who, "email")
        await world.sweep()
        await customer.say("help")
    assert seen(known, DRITA["email"]) == seen(nobody, NOBODY["email"])


@pytest.mark.parametrize("begun", ["phone", "email"])
async def test_what_went_there_for_another_reason_tells_nothing_either(world: World, begun: str) -> None:
    """A code for a registration, and the wrong ones there, count alike against a forgotten password."""
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first, second = Customer(world, f"{n} first"), Customer(world, f"{n} second")
        await begins_to_register(first, who, begun)
        await names_forgotten(second, who, begun)
        await switches(second)
        await second.say("000000")
        told.append(seen(second, who[begun]))
        await world.wait(hours=2)
    assert told[0] == told[1]


async def test_ten_wrong_codes_of_a_registration_lock_nobody_who_has_no_account(world: World) -> None:
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first, second = Customer(world, f"{n} first"), Customer(world, f"{n} second")
        await begins_to_register(first, who, "phone")
        await first.wait(minutes=1)
        await first.tap("redo:0")
        for _ in range(5):
            await first.say("000000")
        await first.wait(minutes=2)
        await names_forgotten(second, who, "phone")
        told.append(seen(second, who["phone"]))
        await world.wait(hours=2)
    assert told[0] == told[1]


# -- nothing of the holder -----------------------------------------------------------------------------


@pytest.mark.parametrize("move", [tries_passwords, tries_codes, begins_to_register])
@by_every_name
async def test_nothing_of_the_holder_is_shown_before_anything_is_proved(
    world: World, by: str, move: Callable[[Customer, dict[str, str], str], Awaitable[object]]
) -> None:
    holder = await account_of(world, "email", DRITA["email"])
    stranger = Customer(world, "stranger")
    answered = await move(stranger, DRITA, by)
    shown = str(answered) + "\n".join(str(entry) for entry in seen(stranger))
    theirs = {
        *(holder.first_name, holder.last_name, holder.personal_number, holder.email, holder.phone),
        *(masked(holder.phone), masked_email(holder.email), holder.phone[-3:], holder.id, "DFE 2044"),
    }
    typed = {DRITA[by], e164(DRITA)[-3:], e164(DRITA), masked(e164(DRITA))} if by == "phone" else {DRITA[by]}
    for secret in theirs - typed - {masked_email(DRITA[by])}:
        assert secret not in shown, secret


async def account_of(world: World, by: str, value: str) -> Account:
    turn = world.means.turn("nowhere", world.at, "look")
    found = await accounts.find(turn, by, value)
    assert found is not None
    return found


# -- the same work -------------------------------------------------------------------------------------


async def asked(world: World, move: Callable[[], Awaitable[object]]) -> Counter[str]:
    """The statements of a move of the customer's, by kind."""
    listening = Listening(world.storage._inner)
    world.storage._inner = listening
    try:
        await move()
        await world.settle()
    finally:
        world.storage._inner = listening._inner
    return Counter(listening.heard)


@by_every_name
async def test_a_wrong_password_asks_the_database_the_same(world: World, by: str) -> None:
    heard = []
    for n, who in enumerate((DRITA, NOBODY)):
        stranger = Customer(world, str(n))
        await stranger.names_account(who[by], "en")
        heard.append(await asked(world, lambda s=stranger: s.types(password="Gabim123")))  # type: ignore[misc]
    assert heard[0] == heard[1]


@by_every_name
async def test_naming_an_account_asks_the_database_the_same(world: World, by: str) -> None:
    heard = []
    for n, who in enumerate((DRITA, NOBODY)):
        stranger = Customer(world, str(n))
        await stranger.comes_in("en")
        await stranger.tap("start:SignIn")
        heard.append(await asked(world, lambda s=stranger, w=who: s.say(w[by])))  # type: ignore[misc]
    assert heard[0] == heard[1]


@by_every_name
async def test_a_forgotten_password_asks_the_same_and_only_the_letter_is_written_besides(
    world: World, by: str
) -> None:
    heard = []
    for n, who in enumerate((DRITA, NOBODY)):
        stranger = Customer(world, str(n))
        await stranger.comes_in("en")
        await stranger.forge("start:ForgotPassword")
        heard.append(await asked(world, lambda s=stranger, w=who: s.say(w[by])))  # type: ignore[misc]
    known, nobody = heard
    assert not nobody - known
    besides = known - nobody
    assert besides
    assert all("outbox" in sql for sql in besides), besides


@by_every_name
async def test_a_wrong_code_asks_the_database_the_same(world: World, by: str) -> None:
    heard = []
    for n, who in enumerate((DRITA, NOBODY)):
        stranger = Customer(world, str(n))
        await names_forgotten(stranger, who, by)
        heard.append(await asked(world, lambda s=stranger: s.say("000000")))  # type: ignore[misc]
    assert heard[0] == heard[1]


# -- the same time -------------------------------------------------------------------------------------


async def seconds(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def medians(world: World, once: Callable[[str], Awaitable[float]], *who: str) -> list[float]:
    """The typical time for each, taken in turns so that a busy moment of the machine meets all alike."""
    took: dict[str, list[float]] = {each: [] for each in who}
    for _ in range(RUNS):
        for each in who:
            took[each].append(await once(each))
            world.at += timedelta(days=2)  # nothing that was counted counts any more
    return [median(times) for times in took.values()]


async def test_a_wrong_password_takes_the_same_time_for_all(world: World) -> None:
    """Also where the web site's hashes are slower than ours, and for what can be spelled in several ways."""
    passwords = Passwords(*VAULT.all_derived("password"), even_seconds=EVEN_SECONDS)
    world.means = world.pages._means = type(world.means)(world.storage, world.registry, VAULT, passwords)
    n = iter(range(1000))
    await to_bcrypt(world, "demo2@example.com")

    async def once(email: str) -> float:
        stranger = Customer(world, f"stranger {next(n)}")
        await stranger.names_account(email, "en")
        return await seconds(world.pages.submit(stranger.page(), {"password": "ﬁalë½Ë2026"}))

    argon2, bcrypt, nobody = await medians(world, once, DRITA["email"], "demo2@example.com", NOBODY["email"])
    for known in (argon2, bcrypt):
        assert 0.8 < known / nobody < 1.25, (argon2, bcrypt, nobody)


async def test_for_somebody_without_an_account_a_hash_is_made_in_vain(world: World) -> None:
    owner, n = Customer(world, "owner"), iter(range(1000))
    await owner.registers("en")

    async def once(email: str) -> float:
        stranger = Customer(world, f"stranger {next(n)}")
        await stranger.names_account(email, "en")
        return await seconds(world.pages.submit(stranger.page(), {"password": "Gabim123"}))

    ours, nobody = await medians(world, once, ARTA["email"], NOBODY["email"])
    assert 0.5 < ours / nobody < 2, (ours, nobody)


async def test_a_forgotten_password_takes_the_same_time_for_all(world: World) -> None:
    n = iter(range(1000))

    async def once(email: str) -> float:
        stranger = Customer(world, f"stranger {next(n)}")
        await stranger.comes_in("en")
        await stranger.forge("start:ForgotPassword")
        await stranger.arrive(json.dumps({"say": email}).encode(), f"{stranger.chat} asks")
        took = await seconds(world.inbox.drain(20))
        await world.settle()
        return took

    known, nobody = await medians(world, once, DRITA["email"], NOBODY["email"])
    assert 0.4 < known / nobody < 2.5, (known, nobody)


async def to_bcrypt(world: World, email: str) -> None:
    await world.storage.commit(
        [
            Write(
                "update account set password = :hash where email = :email",
                {"hash": BCRYPT[0], "email": email},
                rows=1,
            )
        ]
    )


def test_the_sentence_for_a_wrong_password_has_nothing_to_fill_in() -> None:
    for refuse in NOT_RIGHT.values():
        assert not isinstance(refuse.text, Phrase)


# -- what was done under one name tells nothing under another -------------------------------------------


async def asks_under_another_name(world: World, n: int, who: dict[str, str], other: str) -> list[object]:
    """What a stranger sees who forgets the password of somebody by their personal number."""
    second = Customer(world, f"{n} second")
    await names_forgotten(second, who, other)
    await second.say("000000")
    await switches(second)
    await second.say("000000")
    return list(seen(second, who[other]))


@pytest.mark.parametrize("begun", ["phone", "email"])
async def test_a_code_that_went_there_under_one_name_is_not_seen_under_another(
    world: World, begun: str
) -> None:
    """Somebody begins to register with Drita's phone; nobody learns that her number belongs to it."""
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first = Customer(world, f"{n} first")
        await first.gets_code("en", **(own(first) | {begun: DRITA[begun]}))
        if begun == "email":
            await switches(first)
        told.append(await asks_under_another_name(world, n, who, "number"))
        await world.wait(hours=2)
    assert told[0] == told[1]


async def test_a_code_for_a_forgotten_password_is_not_seen_by_who_registers_with_its_phone(
    world: World,
) -> None:
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first, second = Customer(world, f"{n} first"), Customer(world, f"{n} second")
        await second.applies_for("en", **(own(second) | {"phone": DRITA["phone"]}))
        await second.chooses_password()
        await names_forgotten(first, who, "number")
        await second.tap("yes")
        await second.say("000000")
        told.append(seen(second, *own(second).values()))
        await world.wait(hours=2)
    assert told[0] == told[1]


async def test_wrong_codes_under_one_name_lock_nothing_that_is_seen_under_another(world: World) -> None:
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first = Customer(world, f"{n} first")
        await names_forgotten(first, DRITA, "email")
        for _round in range(3):
            for _ in range(5):
                await first.say("000000")
            await first.wait(minutes=2)
            await first.tap("redo:0")
        await first.wait(minutes=1)
        told.append(await asks_under_another_name(world, n, who, "number"))
        await world.wait(hours=30)
    assert told[0] == told[1]


async def test_wrong_passwords_under_one_name_are_not_seen_under_another(world: World) -> None:
    told = []
    for n, who in enumerate((DRITA, NOBODY)):
        first, second = Customer(world, f"{n} first"), Customer(world, f"{n} second")
        await tries_passwords(first, DRITA, "email")
        told.append(await tries_passwords(second, who, "number"))
        await world.wait(hours=30)
    assert told[0] == told[1]


async def test_the_same_name_in_another_chat_is_kept_waiting_all_the_same(world: World) -> None:
    first, second = Customer(world, "1"), Customer(world, "2")
    await tries_passwords(first, DRITA, "email")
    await second.names_account(DRITA["email"], "en")
    outcome = await second.types(password="Drita2026")
    assert isinstance(outcome, Refused)
    assert not world.post.parcels
