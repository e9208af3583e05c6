"""Where notices go: to every chat, or to the channel that is preferred while the account is open there."""

from __future__ import annotations

from bot.services.notices import Kind
from dialogs.account import Account, Notices
from dialogs.claims import AGREED, CLAIMED
from dialogs.notices import WORDS
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import in_every_language, kept
from tests.talk.test_claims import FINE, GEZIM, claims_it, silent
from tests.talk.test_claims import jobs as claim_jobs
from tests.talk.test_notices import is_in, looks
from tests.talk.world import World


async def two_channels(customer: Customer, language: str = "en") -> Customer:
    """The customer's account in a chat on another channel."""
    other = Customer(customer.world, "9", customer.world.second_channel())
    await other.signs_in(ARTA["email"], PASSWORD, language)
    return other


async def prefers(customer: Customer, way: str) -> None:
    await customer.forge("start:Notices")
    await customer.tap("done")
    assert customer.reads(Notices.way.text)
    await customer.tap(f"={way}")
    assert customer.hears(Notices.done.text)


@in_every_language
async def test_the_preferred_channel_is_asked_for_and_marked(customer: Customer, language: str) -> None:
    await is_in(customer, language)
    await two_channels(customer, language)
    assert await kept(customer, "notices_to") == ""
    await prefers(customer, customer.world.other_kind)
    assert await kept(customer, "notices_to") == customer.world.other_kind
    await customer.forge("start:Notices")
    await customer.tap("done")
    name = customer.world.other_kind.title()
    assert [b.label for b in customer.pressable if name in b.label] != [name], "it says as now"
    await customer.tap("=every")
    assert await kept(customer, "notices_to") == ""


async def test_a_bill_is_told_there_alone(customer: Customer) -> None:
    await is_in(customer)
    other = await two_channels(customer)
    await prefers(customer, customer.world.other_kind)
    silent(customer, other)
    await looks(customer.world)
    assert other.reads(WORDS[Kind.BILL])
    assert not customer.hears(WORDS[Kind.BILL])


async def test_without_a_preference_every_chat_is_told(customer: Customer) -> None:
    await is_in(customer)
    other = await two_channels(customer)
    silent(customer, other)
    await looks(customer.world)
    assert other.reads(WORDS[Kind.BILL])
    assert customer.reads(WORDS[Kind.BILL])


async def test_who_has_left_the_channel_is_told_wherever_they_are(customer: Customer) -> None:
    await is_in(customer)
    other = await two_channels(customer)
    await prefers(customer, customer.world.other_kind)
    await other.say("sign out")
    silent(customer, other)
    await looks(customer.world)
    assert customer.reads(WORDS[Kind.BILL])
    assert not other.hears(WORDS[Kind.BILL])


async def test_on_one_channel_there_is_nothing_to_ask(customer: Customer) -> None:
    await is_in(customer)
    await customer.forge("start:Notices")
    await customer.tap("done")
    assert customer.hears(Notices.done.text)
    assert not customer.hears(Notices.way.text)


async def test_the_kinds_are_kept_though_the_channel_is_never_said(customer: Customer) -> None:
    await is_in(customer)
    await two_channels(customer)
    await customer.forge("start:Notices")
    await customer.tap("-due")
    await customer.tap("done")
    await customer.say("cancel")
    assert await kept(customer, "notices_off") == "due"


async def test_who_is_signed_out_at_the_question_changes_nothing(customer: Customer) -> None:
    await is_in(customer)
    other = await two_channels(customer)
    await customer.forge("start:Notices")
    await customer.tap("done")
    await other.say("sign out everywhere")
    await customer.tap(f"={customer.world.other_kind}")
    assert customer.hears(Account.guest.text)
    assert not customer.hears(Notices.done.text)
    assert await kept(customer, "notices_to") == ""


async def test_what_a_holder_has_to_decide_comes_to_every_chat(world: World) -> None:
    await world.fill()
    holder, claimant = Customer(world), Customer(world, "2")
    await holder.registers("en")
    await claimant.registers("en", **GEZIM)
    await holder.wait(minutes=5)
    other = await two_channels(holder)
    await prefers(holder, holder.world.other_kind)
    await claims_it(claimant)
    silent(holder, other)
    await claim_jobs(world)
    assert holder.reads(CLAIMED)
    assert other.reads(CLAIMED)


async def test_what_became_of_a_claim_goes_where_notices_go(world: World) -> None:
    await world.fill()
    holder, claimant = Customer(world), Customer(world, "2")
    await holder.registers("en")
    await claimant.registers("en", **GEZIM)
    await claimant.wait(minutes=5)
    other = Customer(world, "9", world.second_channel())
    await other.signs_in(GEZIM["email"], language="en")
    await prefers(claimant, claimant.world.other_kind)
    await claims_it(claimant)
    await claim_jobs(world)
    silent(claimant, other)
    await holder.tap(FINE)
    await claim_jobs(world)
    assert other.reads(AGREED)
    assert not claimant.hears(AGREED)
