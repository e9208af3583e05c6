"""Who must wait after too many tries is found and let in, though counters name nobody."""

from __future__ import annotations

from bot.forms_port import Taken
from bot.services.sign_in import Waits
from dialogs.passwords import NOT_RIGHT
from dialogs.sign_in import SignIn
from tests.operations.conftest import Operator
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import NOBODY, e164, refused
from tests.talk.test_signing_in import locks, with_account
from tests.talk.world import World

MAILBOX, PHONE = ARTA["email"], e164(ARTA)


async def locked_out(world: World, who: str = MAILBOX) -> Customer:
    """A second chat, after five wrong passwords."""
    await with_account(world, "en")
    other = Customer(world, "2")
    await other.names_account(who, "en")
    await locks(other)
    assert list((await refused(other, password=PASSWORD)).values()) == [NOT_RIGHT[Waits].text]
    return other


async def account(world: World) -> str:
    (row,) = await world.rows("select id from account where email = :email", email=MAILBOX)
    return str(row["id"])


async def test_where_nobody_is_locked_nothing_waits(world: World, operator: Operator) -> None:
    await with_account(world)
    assert "no account and no chat is locked" in await operator.reads("locks")


async def test_wrong_passwords_lock_the_account_and_the_chat_and_both_are_let_in(
    world: World, operator: Operator
) -> None:
    other = await locked_out(world)
    id = await account(world)
    listed = await operator.reads("locks")
    assert listed.startswith("2 locks on accounts and chats.")
    assert "A••• K•••  +383•••456" in listed
    assert listed.count("wrong passwords") == 2
    assert set(await operator.ids("locks")) == {other.chat, id[:10]}
    assert "may be locked as well" in await operator.reads("locks", "unlock", id[:10])
    assert list((await refused(other, password=PASSWORD)).values()) == [NOT_RIGHT[Waits].text]
    assert await operator.ids("locks") == [other.chat]
    await operator.does("locks", "unlock", other.chat, "--note", "called, answered our questions")
    assert isinstance(await other.types(password=PASSWORD), Taken)
    await other.enters_code()
    assert other.hears(SignIn.done.text)
    assert "no account and no chat is locked" in await operator.reads("locks")


async def test_whatever_name_was_tried_the_account_is_found(world: World, operator: Operator) -> None:
    await locked_out(world, ARTA["number"])
    assert (await account(world))[:10] in await operator.ids("locks")


async def test_who_is_not_locked_is_not_unlocked(world: World, operator: Operator) -> None:
    other = await locked_out(world)
    first = f"{other.chat[:-1]}1"
    assert "is not locked" in await operator.is_refused("locks", "unlock", first)
    await operator.does("locks", "unlock", await account(world))
    assert "is not locked" in await operator.is_refused("locks", "unlock", await account(world))


async def test_wrong_codes_lock_and_an_unlocked_account_gets_its_tries_back(
    world: World, operator: Operator
) -> None:
    await with_account(world)
    other = Customer(world, "2")
    await other.names_account(MAILBOX, "en")
    await other.types(password=PASSWORD)
    wrong = "000000" if world.post.code(other.chat) != "000000" else "111111"
    for _ in range(5):
        await other.say(wrong)
    await other.wait(minutes=2)
    await other.tap("redo:0")
    for _ in range(5):
        await other.say(wrong)
    listed = await operator.reads("locks")
    assert "wrong codes" in listed
    await operator.does("locks", "unlock", (await account(world))[:8])
    await other.wait(minutes=2)
    await other.tap("redo:0")
    await other.enters_code()
    assert other.hears(SignIn.done.text)


async def test_too_many_codes_are_no_reason_to_wait_once_somebody_has_looked(
    world: World, operator: Operator
) -> None:
    await with_account(world)
    other = Customer(world, "2")
    await other.names_account(MAILBOX, "en")
    await other.types(password=PASSWORD)
    for _ in range(3):
        await other.wait(minutes=2)
        await other.tap("redo:0")
    sent = len(world.post.to(PHONE))
    assert "too many codes asked for" in await operator.reads("locks")
    await operator.does("locks", "unlock", await account(world))
    await other.wait(minutes=2)
    await other.tap("redo:0")
    assert len(world.post.to(PHONE)) == sent + 1
    await other.enters_code()
    assert other.hears(SignIn.done.text)


async def test_a_lock_on_a_name_that_nobody_has_is_counted_and_not_named(
    world: World, operator: Operator
) -> None:
    other = Customer(world, "2")
    await other.names_account(NOBODY["email"], "en")
    await locks(other)
    listed = await operator.reads("locks")
    assert await operator.ids("locks") == [other.chat]
    assert "are locked that belong to no account or chat here" in listed
    assert NOBODY["email"] not in listed


async def test_what_is_not_there_is_said_with_a_way_on(world: World, operator: Operator) -> None:
    for id in ("telegram:42", "abcdef", "x", "abc", ARTA["number"], MAILBOX):
        assert "`ekesco ops locks` lists" in await operator.is_refused("locks", "unlock", id)
