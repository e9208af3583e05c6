"""One account in two chats on two channels: the code, the link, who is told, and what a stranger gets."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from bot.joining import Joining
from bot.services import link_codes
from bot.services.accounts import PROVED_FOR
from bot.services.linking import VALID
from bot.services.post import LetterName
from dialogs.account import NOT_SIGNED_IN, Account, SignedInChats
from dialogs.changes import MyData
from dialogs.engine.advance import REFUSED_OFFERS
from dialogs.engine.going import BACK_WHERE_WE_WERE, HELLO
from dialogs.engine.offers import Refused
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from dialogs.linking import (
    NOT_GOOD,
    OPENED,
    TRIED,
    HaveCode,
    LinkChat,
    OpenHere,
    SignThatChatOut,
)
from dialogs.sign_in import SignIn
from dialogs.tongue import tongues
from storage.base import Unavailable
from tests.talk.customer import ARTA, Customer
from tests.talk.people import in_every_language, letters, places_of
from tests.talk.test_claims import GEZIM
from tests.talk.test_crashes import does
from tests.talk.test_notices import looks
from tests.talk.test_races import at_once, update
from tests.talk.world import World

SHOWN = re.compile(r"\b[2-9][2-9A-Z]{3}-[A-Z][2-9A-Z]{3}\b")
SHAPED = "7KM4-A9TR"
YES, NO = "=YES", "=NO"
#: What nobody may read before the new chat has agreed.
OF_ARTA = ("Arta", "Krasniqi", ARTA["email"], "123 456", ARTA["number"], ARTA["code"])


async def jobs(world: World) -> None:
    """A round of the job that tells the account's other chats."""
    await Joining(world.means, world.inbox, clock=world.clock).tell()
    await world.sweep()


async def owner_in(world: World, language: str = "en") -> Customer:
    """Arta, who has opened her account some minutes ago."""
    await world.fill()
    owner = Customer(world)
    await owner.registers(language)
    await owner.wait(minutes=5)
    world.post.parcels.clear()
    return owner


async def code_from(owner: Customer) -> str:
    await owner.forge("start:LinkChat")
    assert owner.hears(LinkChat.done.text)
    return str(SHOWN.findall(owner.news)[-1])


def link_in(owner: Customer) -> str:
    """The address on the button."""
    urls = [button.url for row in owner.pressable_rows for button in row if "start=" in button.url]
    return urls[-1]


def elsewhere(world: World) -> Customer:
    """A chat on another channel, which nobody has used yet."""
    return Customer(world, "9", world.second_channel())


async def account_of(customer: Customer) -> object:
    rows = await customer.world.rows("select account from chat_link where chat = :chat", chat=customer.chat)
    return rows[0]["account"] if rows else None


def keeps_to_itself(customer: Customer) -> None:
    everything = "\n".join([*customer.sees, *customer.buttons])
    for secret in OF_ARTA:
        assert secret not in everything, secret


# -- the ways in -------------------------------------------------------------------------------------------


@in_every_language
async def test_a_link_opens_the_account_in_a_chat_that_is_new_to_us(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), elsewhere(world)
    code = await code_from(owner)
    start, _equals, context = link_in(owner).partition("start=")
    assert start == f"https://{owner.world.other_kind}.example/kesco?"
    assert context == code.replace("-", "")
    await other.open(language, context)
    assert other.reads(tongues().text), "the language comes first"
    keeps_to_itself(other)
    await other.tap(f"={language}")
    assert other.hears(HELLO)
    assert other.reads(OpenHere.sure.text)
    assert "A•••" in other.news
    keeps_to_itself(other)
    assert await account_of(other) is None
    await other.tap(YES)
    assert other.hears(OpenHere.done.text)
    assert await account_of(other) == await account_of(owner)
    await other.forge("start:Account")
    assert other.hears(Account.card.text)


@in_every_language
async def test_a_code_is_asked_for_in_the_menu_of_guests(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), elsewhere(world)
    code = await code_from(owner)
    await other.comes_in(language)
    await other.tap("start:HaveCode")
    assert other.reads(HaveCode.code.text)
    await other.say(SHAPED)
    assert other.hears(NOT_GOOD)
    await other.say(code.lower().replace("-", " "))
    assert other.reads(HaveCode.sure.text)
    await other.tap(YES)
    assert other.hears(HaveCode.done.text)
    assert await account_of(other) == await account_of(owner)


async def test_a_code_that_is_written_right_away_is_understood(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await other.comes_in("en")
    await other.say(f" {code} ")
    assert other.reads(OpenHere.sure.text)


async def test_it_may_be_the_first_word_of_a_chat_and_in_cyrillic(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    letters_ = str.maketrans(link_codes.LETTERS, "АДЕФГЈКЛМНРТУВ")
    await other.say((await code_from(owner)).translate(letters_))
    assert other.reads(tongues().text)
    await other.tap("=sr_Cyrl")
    assert other.reads(OpenHere.sure.text)


async def test_the_words_are_found_where_one_looks_for_them(world: World) -> None:
    owner = await owner_in(world)
    world.second_channel()
    await owner.say("my account")
    await owner.tap("start:LinkChat")
    assert owner.hears(LinkChat.done.text)
    await owner.say("use another chat")
    assert owner.hears(LinkChat.done.text)
    await owner.tap("start:SignedInChats")
    assert owner.reads(SignedInChats.chat.text)


async def test_a_channel_without_a_link_is_told_the_code_alone(world: World) -> None:
    owner = await owner_in(world)
    await code_from(owner)
    assert not [button for row in owner.screen.shown[-1].message.rows for button in row if button.url]


async def test_no_link_leads_to_the_channel_that_one_is_in(world: World) -> None:
    owner = await owner_in(world)
    world.invitations[world.channel.name] = "https://here.example/"
    await code_from(owner)
    assert not [b for row in owner.pressable_rows for b in row if b.url.startswith("https://here")]


async def test_who_says_no_changes_nothing_and_the_code_still_counts(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await other.comes_in("en")
    await other.say(code)
    await other.tap(NO)
    assert other.hears(OpenHere.left.text)
    assert await account_of(other) is None
    await other.say(code)
    await other.tap(YES)
    assert await account_of(other) == await account_of(owner)


async def test_what_is_open_goes_on_afterwards(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await other.comes_in("en")
    await other.tap("start:EstimateBill")
    await other.say("television")
    before = (await other.conversation()).top
    await other.open("en", code.replace("-", ""))
    assert other.reads(OpenHere.sure.text)
    await other.tap(YES)
    assert other.hears(BACK_WHERE_WE_WERE)
    assert other.reads(EstimateBill.appliances.text)
    after = (await other.conversation()).top
    assert (after.dialog, after.told, after.drafts) == (before.dialog, before.told, before.drafts)


async def test_at_a_page_for_a_password_the_code_is_no_password(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await other.names_account(ARTA["email"], "en")
    await other.say(code)
    assert other.reads(OpenHere.sure.text)
    await other.tap(NO)
    assert other.reads(SignIn.entered.text)


@pytest.mark.parametrize("context", ["campaign_7", "12345678", "start-EstimateBill", "x" * 64])
async def test_another_word_in_a_link_does_nothing_but_greet(world: World, context: str) -> None:
    await world.fill()
    other = elsewhere(world)
    await other.open("en", context)
    assert other.reads(tongues().text)
    await other.tap("=en")
    await other.tap("=SKIP")
    await other.open("en", context)
    assert other.reads(Home.menu.text)
    assert await world.rows("select 1 from throttle") == []


async def test_in_the_same_chat_nothing_is_used_up(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await owner.say(code)
    assert owner.hears(OpenHere.already.text)
    await other.comes_in("en")
    await other.say(code)
    assert other.reads(OpenHere.sure.text)


@in_every_language
async def test_another_account_that_is_open_here_gives_way(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), elsewhere(world)
    await other.registers(language, **GEZIM)
    was = await account_of(other)
    await other.say(await code_from(owner))
    assert other.reads(OpenHere.rather.text)
    assert await account_of(other) == was
    await other.tap(YES)
    assert other.hears(OpenHere.done.text)
    assert await account_of(other) == await account_of(owner) != was


# -- once, in time, from a chat that is signed in ----------------------------------------------------------


async def joined(owner: Customer, other: Customer) -> None:
    code = await code_from(owner)
    await other.comes_in("en")
    await other.say(code)
    await other.tap(YES)
    assert other.hears(OpenHere.done.text)


async def test_a_code_is_used_once(world: World) -> None:
    owner, other, third = await owner_in(world), elsewhere(world), Customer(world, "3")
    code = await code_from(owner)
    for customer in (other, third):
        await customer.comes_in("en")
        await customer.say(code)
    await other.tap(YES)
    await third.tap(YES)
    assert other.hears(OpenHere.done.text)
    assert third.hears(NOT_GOOD)
    assert await account_of(third) is None


async def test_after_ten_minutes_it_is_over_before_the_question_and_after_it(world: World) -> None:
    owner, other, third = await owner_in(world), elsewhere(world), Customer(world, "3")
    code = await code_from(owner)
    for customer in (other, third):
        await customer.comes_in("en")
    await other.say(code)
    assert other.reads(OpenHere.sure.text)
    await world.wait(minutes=VALID.total_seconds() / 60)
    await other.tap(YES)
    assert other.hears(NOT_GOOD)
    await third.say(code)
    assert third.hears(NOT_GOOD)
    assert await account_of(other) is await account_of(third) is None


@pytest.mark.parametrize("how", ["sign out", "sign out everywhere"])
async def test_a_chat_that_was_signed_out_lets_nobody_in(world: World, how: str) -> None:
    owner, other, third = await owner_in(world), elsewhere(world), Customer(world, "3")
    code = await code_from(owner)
    await other.comes_in("en")
    await other.say(code)
    await owner.say(how)
    await other.tap(YES)
    assert other.hears(NOT_GOOD)
    await third.comes_in("en")
    await third.say(code)
    assert third.hears(NOT_GOOD)
    assert await account_of(other) is await account_of(third) is None


async def test_so_many_codes_an_hour_and_no_more(world: World) -> None:
    owner = await owner_in(world)
    codes = [await code_from(owner) for _ in range(5)]
    assert len(set(codes)) == 5
    await owner.forge("start:LinkChat")
    assert owner.hears(LinkChat.wait.text)
    await world.wait(hours=1)
    await code_from(owner)


async def test_a_guest_gets_no_code(customer: Customer) -> None:
    await customer.comes_in("en")
    await customer.forge("start:LinkChat")
    assert customer.hears(NOT_SIGNED_IN)


# -- guessing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [True, False], ids=["asked for it", "unasked"])
async def test_after_five_wrong_codes_an_hour_the_right_one_does_not_count(world: World, asked: bool) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await other.comes_in("en")
    if asked:
        await other.tap("start:HaveCode")
    for n in range(5):
        await other.say(f"7KM4-A9T{n + 2}")
        assert other.hears(NOT_GOOD)
    right = await code_from(owner)
    await other.say(right)
    assert other.hears(TRIED)
    assert await account_of(other) is None
    third = Customer(world, "3")
    await third.comes_in("en")
    await third.say(right)
    assert third.reads(OpenHere.sure.text), "nobody is locked out of it by a stranger"
    await world.wait(hours=1)
    await other.say(await code_from(owner))
    assert other.reads(HaveCode.sure.text if asked else OpenHere.sure.text)


async def test_one_that_never_was_is_answered_like_one_that_is_over(world: World) -> None:
    owner = await owner_in(world)
    over, used = await code_from(owner), await code_from(owner)
    third = Customer(world, "3")
    await third.comes_in("en")
    await third.say(used)
    await third.tap(YES)
    await world.wait(minutes=11)
    out = await code_from(third)
    await third.say("sign out")
    seen = []
    for n, code in enumerate((SHAPED, over, used, out)):
        stranger = Customer(world, f"stranger {n}")
        await stranger.comes_in("en")
        await stranger.say(code)
        await stranger.tap("start:HaveCode")
        await stranger.say(code)
        rows = await world.rows("select count(*) as n from turn_log where chat = :chat", chat=stranger.chat)
        seen.append((stranger.sees, stranger.buttons, rows[0]["n"]))
    assert seen[1:] == seen[:-1]


# -- who is told -------------------------------------------------------------------------------------------


@in_every_language
async def test_every_other_chat_is_told_at_once_and_can_sign_it_out(world: World, language: str) -> None:
    owner, other = await owner_in(world, language), elsewhere(world)
    third = Customer(world, "3")
    await third.signs_in(ARTA["email"], language=language)
    await joined(owner, other)
    for customer in (owner, third, other):
        customer.screen.news.clear()
    world.post.parcels.clear()
    await jobs(world)
    assert owner.reads(OPENED)
    assert owner.world.other_kind.title() in owner.news
    assert third.reads(OPENED)
    assert not other.news
    await owner.tap(SignThatChatOut.title)
    assert owner.hears(SignThatChatOut.done.text)
    assert await account_of(other) is None
    assert await account_of(third) is not None
    await other.forge("start:Account")
    assert other.hears(NOT_SIGNED_IN)
    owner.screen.news.clear()
    await jobs(world)
    assert not owner.news, "it is told once"


async def test_by_night_it_is_told_and_is_no_business_of_the_notices(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    world.at = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    await joined(owner, other)
    await looks(world)
    world.at = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    await looks(world)
    assert not owner.hears(OPENED)
    world.at = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    await jobs(world)
    assert owner.hears(OPENED)


async def test_the_mailbox_is_told_too(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await joined(owner, other)
    assert letters(world, ARTA["email"]) == [LetterName.SIGNED_IN_ELSEWHERE]


async def test_the_button_works_once_and_only_for_who_is_signed_in(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await joined(owner, other)
    await jobs(world)
    button = owner.button(SignThatChatOut.title).payload
    await owner.say("sign out")
    await owner.forge(button)
    assert owner.reads(REFUSED_OFFERS[Refused.FOREIGN])
    assert await account_of(other) is not None


async def test_an_open_question_stays_live_below_the_news(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await owner.say("estimate")
    before = (await owner.conversation()).frames
    await other.comes_in("en")
    await other.say(code)
    await other.tap(YES)
    owner.screen.news.clear()
    await jobs(world)
    assert owner.hears(OPENED)
    assert owner.reads(EstimateBill.appliances.text)
    assert (await owner.conversation()).frames == before


async def test_the_switches_for_notices_do_not_silence_it(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await owner.say("notifications")
    for kind in ("bill", "due", "overdue", "paid", "meter"):
        await owner.tap(f"-{kind}")
    await owner.tap("done")
    await joined(owner, other)
    await jobs(world)
    assert owner.hears(OPENED)


async def test_a_new_chat_is_as_fresh_as_the_one_that_let_it_in(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await world.wait(hours=PROVED_FOR.total_seconds() / 3600)
    await joined(owner, other)
    await other.forge("start:MyData")
    assert not other.hears(MyData.file.text)
    assert other.hears(MyData.proof.text)


async def test_what_was_proved_there_a_moment_ago_counts_here(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await joined(owner, other)
    await other.forge("start:MyData")
    assert other.reads(MyData.file.text)


# -- at the same moment, and killed in it ------------------------------------------------------------------


async def test_of_two_chats_that_use_one_code_at_the_same_moment_one_wins(world: World) -> None:
    owner, other, third = await owner_in(world), elsewhere(world), Customer(world, "3")
    code = await code_from(owner)
    for customer in (other, third):
        await customer.comes_in("en")
        await customer.say(code)
    updates = [await update(c, {"tap": c.button(YES).payload}) for c in (other, third)]
    await at_once(world, *updates)
    won = [await account_of(c) is not None for c in (other, third)]
    assert sorted(won) == [False, True]
    late = third if won[0] else other
    assert late.hears(NOT_GOOD)
    assert len(await world.rows("select 1 from notice where kind = 'chat'")) == 1


async def test_who_is_signed_out_at_the_same_moment_lets_nobody_in_afterwards(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    code = await code_from(owner)
    await other.comes_in("en")
    await other.say(code)
    joins = await update(other, {"tap": other.button(YES).payload})
    leaves = await update(owner, {"say": "sign out"})
    await at_once(world, joins, leaves)
    assert await account_of(owner) is None
    assert other.hears(NOT_GOOD) is (await account_of(other) is None)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_link_killed_anywhere_opens_the_account_once(world: World, after: bool) -> None:
    owner, channel = await owner_in(world), world.second_channel()
    for statement in range(40):
        await world.wait(hours=1)
        code = await code_from(owner)
        other = Customer(world, f"c{statement}", channel)
        await other.comes_in("en")
        await other.say(code)
        world.post.parcels.clear()
        world.storage.stuck_at, world.storage.stuck_after = statement, after
        await does(other, lambda: {"tap": other.button(YES).payload})  # noqa: B023
        over, world.storage.stuck_at = world.storage.stuck_at is not None, None
        assert await account_of(other) == await account_of(owner)
        told = "select 1 from notice where kind = 'chat' and invoice = :chat"
        assert len(await world.rows(told, chat=other.chat)) == 1
        assert letters(world, ARTA["email"]) == [LetterName.SIGNED_IN_ELSEWHERE]
        if over:
            break
    else:
        raise AssertionError("it never ended")
    assert statement > 4


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("statement", range(5))
async def test_a_round_of_telling_that_is_cut_off_is_made_up_for_once(
    world: World, statement: int, after: bool
) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    await joined(owner, other)
    world.storage.fails_at, world.storage.fails_after = statement, after
    with suppress(Unavailable):
        await jobs(world)
    world.storage.fails_at = None
    await world.restart()
    for _ in range(2):
        await jobs(world)
    assert len(await world.rows("select key from inbox where channel = 'joined'")) == 1


async def test_the_same_code_is_made_when_the_turn_is_walked_again(world: World) -> None:
    owner, other = await owner_in(world), elsewhere(world)
    world.storage.overtaken = 2
    code = await code_from(owner)
    assert len(await world.rows("select 1 from challenge where purpose = 'another chat'")) == 1
    await other.comes_in("en")
    await other.say(code)
    assert other.reads(OpenHere.sure.text)


# -- where it is kept --------------------------------------------------------------------------------------


async def test_the_code_stands_in_no_table(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    owner, other, third = await owner_in(world), elsewhere(world), Customer(world, "3")
    shown = await code_from(owner)
    bare = shown.replace("-", "")
    await third.comes_in("en")
    await third.tap("start:HaveCode")
    await third.say(shown)
    await other.open("en", bare)
    await other.tap("=en")
    found = [place for code in (shown, bare) for place in await places_of(owner, code)]
    await other.tap(YES)
    await jobs(world)
    found += [place for code in (shown, bare) for place in await places_of(owner, code)]
    assert found == []
    for code in (shown, bare):
        assert code not in caplog.text
