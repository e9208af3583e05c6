"""Somebody who guesses for days: how many guesses are looked at, and that no owner is locked out by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.forms_port import Closed, Refused, Taken
from bot.seeding.hashes import SAMPLE_PASSWORD
from bot.services import codes
from bot.services.codes import Locked
from bot.services.sign_in import Waits, WrongPassword
from bot.services.throttle import SIGN_IN, Lockout
from dialogs import codes as said
from dialogs.account import Account
from dialogs.changes import ChangeEmail
from dialogs.passwords import NOT_RIGHT
from dialogs.sign_in import SignIn
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import DRITA, NOBODY
from tests.talk.world import VAULT, World

LOCKED = NOT_RIGHT[Waits].text
WRONG = NOT_RIGHT[WrongPassword].text
CODES_LOCKED = said.REJECTED[Locked]
DAY = timedelta(days=1)


def most_in_a_day(policy: Lockout) -> int:
    """Tries in the first day of somebody who makes each at the first moment it counts."""
    state: tuple[int, ...] = ()
    at_ms = tries = 0
    while at_ms < 24 * 3_600_000:
        state, tries = policy.counted(state, at_ms), tries + 1
        at_ms += policy.standing(state, at_ms).wait_seconds * 1000
    return tries


@dataclass
class Guesses:
    """The moments at which a guess was looked at."""

    at: list[datetime] = field(default_factory=list)

    def busiest_day(self) -> int:
        return max(sum(start <= at < start + DAY for at in self.at) for start in self.at)


async def failures(world: World, kind: str, email: str) -> str:
    """What is counted of an account: it changes with every guess that could have been right."""
    (account,) = await world.rows("select id from account where email = :email", email=email)
    key = VAULT.derived("throttle", kind, str(account["id"]))
    rows = await world.rows("select state from throttle where key = :key", key=key)
    return str(rows[0]["state"]) if rows else ""


# -- passwords -----------------------------------------------------------------------------------------


@dataclass
class Strangers:
    """Whoever wants a password: each stranger guesses `apiece` times, then the next one comes."""

    world: World
    apiece: int
    whose: str = DRITA["email"]
    guesses: Guesses = field(default_factory=Guesses)
    came: int = 0
    left: int = 0
    guessing: Customer | None = None

    async def guess(self, who: str) -> int:
        """One guess at the account called that; how many seconds there are to wait before the next."""
        stranger = await self._at_the_page_of(who)
        before = await self._failures()
        outcome = await stranger.types(password="Gabim123")
        if isinstance(outcome, Closed):
            await stranger.say("?")  # the link was too old: here is a new one
            outcome = await stranger.types(password="Gabim123")
        assert isinstance(outcome, Refused)
        problem = outcome.problems["password"]
        if problem.text == LOCKED:
            return int(str(problem.values["seconds"]))
        if await self._failures() != before:
            self.guesses.at.append(self.world.at)
        return 0

    async def _failures(self) -> str:
        return await failures(self.world, "password of", self.whose)

    async def _at_the_page_of(self, who: str) -> Customer:
        if self.guessing is None or self.left == 0:
            self.came += 1
            self.left = self.apiece
            self.guessing = Customer(self.world, f"stranger {self.came}")
            await self.guessing.names_account(who, "en")
        self.left -= 1
        return self.guessing


async def test_many_chats_that_guess_one_password_get_no_more_guesses_than_one(world: World) -> None:
    strangers = Strangers(world, apiece=4)
    until = world.at + timedelta(hours=26)
    turn = 0
    while world.at < until:
        turn += 1
        who = (DRITA["email"], DRITA["phone"], DRITA["number"])[turn % 3]
        world.at += timedelta(seconds=await strangers.guess(who))
    assert strangers.came > 5
    assert SIGN_IN.after < strangers.guesses.busiest_day() <= most_in_a_day(SIGN_IN)


async def test_one_chat_that_guesses_at_many_accounts_gets_no_more_guesses_than_at_one(world: World) -> None:
    """One password tried on everybody: the chat is counted, whoever it names."""
    stranger, looked_at = Customer(world, "stranger"), Guesses()
    names = (DRITA["email"], NOBODY["email"], "demo2@example.com", NOBODY["phone"], DRITA["number"])
    await stranger.names_account(names[0], "en")
    until, turn = world.at + timedelta(hours=12), 0
    while world.at < until:
        turn += 1
        await stranger.tap("redo:0")
        await stranger.say(names[turn % len(names)])
        outcome = await stranger.types(password="Gabim123")
        assert isinstance(outcome, Refused)
        problem = outcome.problems["password"]
        if problem.text == LOCKED:
            world.at += timedelta(seconds=int(str(problem.values["seconds"])))
        else:
            looked_at.at.append(world.at)
    assert SIGN_IN.after < len(looked_at.at) <= most_in_a_day(SIGN_IN)


async def test_the_right_password_is_no_better_than_a_wrong_one_while_it_is_locked(world: World) -> None:
    strangers, late = Strangers(world, apiece=3), Customer(world, "late")
    for _ in range(SIGN_IN.after):
        assert await strangers.guess(DRITA["email"]) == 0
    await late.names_account(DRITA["number"], "en")
    told = [await late.types(password=password) for password in (SAMPLE_PASSWORD, "Gabim123")]
    refused = [each.problems["password"].text for each in told if isinstance(each, Refused)]
    assert refused == [WRONG, WRONG]
    assert await strangers.guess(DRITA["email"]) > 0
    world.at += timedelta(minutes=1)
    assert isinstance(await late.types(password=SAMPLE_PASSWORD), Taken)


# -- codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chats", [1, 12], ids=["one chat", "many chats"])
async def test_guesses_at_the_codes_of_one_account_are_as_few_as_the_rules_allow(
    world: World, chats: int
) -> None:
    """By SMS and by e-mail, from one chat or many, with a new code whenever there may be one."""
    guesses, strangers = Guesses(), [Customer(world, f"stranger {n}") for n in range(chats)]
    until, turn = world.at + timedelta(hours=26), 0
    while world.at < until:
        stranger = strangers[turn % chats]
        turn += 1
        await wants_a_code(stranger, turn)
        await guesses_codes(stranger, guesses)
        world.at += timedelta(minutes=10)
    assert 10 < guesses.busiest_day() <= most_in_a_day(codes.LOCK)


async def wants_a_code(stranger: Customer, turn: int) -> None:
    """For the account's password, which is said to be forgotten; by SMS or e-mail."""
    if not (await stranger.conversation()).frames:
        await stranger.comes_in("en")
        await stranger.forge("start:ForgotPassword")
        await stranger.say((DRITA["email"], DRITA["phone"], DRITA["number"])[turn % 3])
        return
    await stranger.say("?")  # what went off meanwhile is shown again
    await stranger.tap("redo:0")
    if turn % 2:
        await stranger.tap("switch:0" if stranger.has("switch:0") else "switch:1")


async def guesses_codes(stranger: Customer, guesses: Guesses) -> None:
    """Wrong ones, until none is looked at any more."""
    world = stranger.world
    while True:
        before, counted = await tries(world), await failures(world, codes.TRIED, DRITA["email"])
        await stranger.say("000000")
        if await tries(world) == before:
            return
        if await failures(world, codes.TRIED, DRITA["email"]) != counted:
            guesses.at.append(world.at)


async def tries(world: World) -> int:
    return int(str((await world.rows("select coalesce(sum(tries), 0) as n from challenge"))[0]["n"]))


async def test_no_code_is_tried_more_than_five_times_and_none_in_another_chat(world: World) -> None:
    owner, stranger = Customer(world, "owner"), Customer(world, "stranger")
    await owner.gets_code("en")
    await stranger.gets_code("en", phone="+383 44 555 001", email="stranger@example.com")
    for _ in range(3):
        await stranger.say(world.post.code(owner.chat))
    assert await world.rows("select 1 from challenge where used_at is not null") == []
    for _ in range(codes.TRIES + 3):
        await owner.say("000000")
    most = await world.rows("select max(tries) as n from challenge")
    assert most[0]["n"] == codes.TRIES


# -- the owner -----------------------------------------------------------------------------------------


async def besieged(world: World) -> Customer:
    """The owner, in a chat that was never signed out, while passwords and codes are locked by strangers."""
    owner = Customer(world, "owner")
    await owner.registers("en")
    await owner.wait(days=31)
    passwords = Strangers(world, apiece=3, whose=ARTA["email"])
    forgets = Customer(world, "forgets")
    for _ in range(SIGN_IN.after + 1):
        world.at += timedelta(seconds=await passwords.guess(ARTA["email"]))
    await forgets.comes_in("en")
    await forgets.forge("start:ForgotPassword")
    await forgets.say(ARTA["email"])
    for _ in range(codes.TRIES):
        await forgets.say("000000")
    await forgets.wait(minutes=1)
    await forgets.tap("redo:0")
    for _ in range(codes.TRIES):
        await forgets.say("000000")
    assert forgets.hears(CODES_LOCKED)
    while not await passwords.guess(ARTA["email"]):
        pass
    return owner


async def test_the_owner_signs_in_where_they_never_signed_out_in_the_middle_of_it_all(world: World) -> None:
    owner = await besieged(world)
    await owner.forge("start:SignIn")
    await owner.say(ARTA["email"])
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    assert owner.reads(SignIn.proof.text), owner.news
    await owner.enters_code()
    assert owner.hears(SignIn.done.text)
    await owner.forge("start:Account")
    assert owner.hears(Account.card.text)


async def test_what_is_changed_in_a_signed_in_chat_can_be_changed_in_the_middle_of_it_all(
    world: World,
) -> None:
    owner = await besieged(world)
    await owner.forge("start:SignIn")
    await owner.say(ARTA["email"])
    await owner.types(password=PASSWORD)
    await owner.enters_code()
    await owner.wait(minutes=60)
    await owner.forge("start:ChangeEmail")
    await owner.say("new@example.com")
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    await owner.enters_code()
    await owner.enters_code()
    assert owner.hears(ChangeEmail.done.text), owner.news


async def test_a_chat_that_was_never_signed_in_waits_with_the_right_password_and_code(world: World) -> None:
    await besieged(world)
    stranger = Customer(world, "knows the password")
    await stranger.names_account(ARTA["email"], "en")
    outcome = await stranger.types(password=PASSWORD)
    assert isinstance(outcome, Refused)
    assert outcome.problems["password"].text == LOCKED
    world.at += timedelta(seconds=int(str(outcome.problems["password"].values["seconds"])))
    assert isinstance(await stranger.types(password=PASSWORD), Taken)
    assert stranger.hears(said.MANY), "no code goes out, and none is taken, while codes are locked"


async def test_a_chat_that_was_signed_in_is_no_place_to_guess(world: World) -> None:
    """Its own failures count there: for the password and for the code."""
    owner = Customer(world, "owner")
    await owner.registers("en")
    await owner.wait(minutes=5)
    await owner.forge("start:ChangeEmail")
    await owner.say("new@example.com")
    for _ in range(SIGN_IN.after):
        assert isinstance(await owner.types(password="Gabim123"), Refused)
    outcome = await owner.types(password=PASSWORD)
    assert isinstance(outcome, Refused)
    assert outcome.problems["password"].text == LOCKED
    await owner.wait(minutes=1)
    assert isinstance(await owner.types(password=PASSWORD), Taken)
    for _ in range(codes.TRIES):
        await owner.say("000000")
    await owner.wait(minutes=1)
    await owner.tap("redo:0")
    for _ in range(codes.TRIES):
        await owner.say("000000")
    assert owner.hears(CODES_LOCKED)
    await owner.enters_code()
    assert owner.hears(CODES_LOCKED)


async def test_who_was_signed_out_is_a_stranger_again(world: World) -> None:
    owner = await besieged(world)
    await owner.forge("start:SignIn")
    await owner.say(ARTA["email"])
    await owner.types(password=PASSWORD)
    await owner.enters_code()
    await owner.forge("start:SignOut")
    await owner.forge("start:SignIn")
    await owner.say(ARTA["email"])
    await owner.types(password=PASSWORD)
    assert owner.hears(said.MANY)
