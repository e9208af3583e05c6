"""What can be typed instead of tapped, in the words people use, and what cannot be read at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dialogs.engine.advance import PRIVATE_ONLY, WORDS_ONLY
from dialogs.engine.prompts import DONE, NOT_UNDERSTOOD
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.home import Home
from tests.talk.customer import Customer


async def opens(customer: Customer, appliance: str, field: str, language: str = "sq") -> None:
    await customer.estimates(language)
    await customer.tap("view:uses")
    await customer.tap(f"view:uses.{appliance}")
    await customer.tap(f"change:uses.{appliance}.{field}")
    assert customer.reads(getattr(ApplianceUse, field).text)


async def value_of(customer: Customer, appliance: str, field: str) -> object:
    return (await customer.conversation()).top.rows["uses"][appliance].told[field].value


HOURS = (
    *(("gjysmë ore", "0.5"), ("gjysme ore", "0.5"), ("pola sata", "0.5"), ("пола сата", "0.5")),
    *(("half an hour", "0.5"), ("1,5", "1.5"), ("1.5", "1.5"), ("30 min", "0.5"), ("30 minuta", "0.5")),
    *(
        ("dy orë", "2"),
        ("dva sata", "2"),
        ("два сата", "2"),
        ("një orë e gjysmë", "1.5"),
        ("sat i po", "1.5"),
    ),
    *(("dva i po sata", "2.5"), ("8h", "8"), ("rreth 3 orë", "3"), ("gjithë ditën", "24"), ("ceo dan", "24")),
    *(("½", "0.5"), ("0", "0"), ("24", "24")),
)


@pytest.mark.parametrize(("words", "hours"), HOURS)
async def test_hours_are_read_as_people_write_them(customer: Customer, words: str, hours: str) -> None:
    await opens(customer, "television", "hours")
    await customer.say(words)
    assert customer.reads(EstimateBill.result.text), customer.news
    assert await value_of(customer, "television", "hours") == Decimal(hours)


TIMES = (
    *(("çdo ditë", "7"), ("cdo dite", "7"), ("svaki dan", "7"), ("сваки дан", "7"), ("every day", "7")),
    *(("2x", "2"), ("2 herë", "2"), ("dvaput", "2"), ("tri herë në javë", "3"), ("3 puta nedeljno", "3")),
    *(("twice", "2"), ("5", "5")),
)


@pytest.mark.parametrize(("words", "times"), TIMES)
async def test_times_a_week_are_read_as_people_write_them(customer: Customer, words: str, times: str) -> None:
    await opens(customer, "washing_machine", "times")
    await customer.say(words)
    assert customer.reads(EstimateBill.result.text), customer.news
    assert await value_of(customer, "washing_machine", "times") == Decimal(times)


@pytest.mark.parametrize(
    ("words", "watts"),
    [("2 kW", 2000), ("2kw", 2000), ("1,5 kW", 1500), ("1500 W", 1500), ("1.500", 1500), ("900", 900)],
)
async def test_power_is_read_in_watts_and_kilowatts(customer: Customer, words: str, watts: int) -> None:
    await opens(customer, "television", "watts")
    await customer.say(words)
    assert await value_of(customer, "television", "watts") == watts


@pytest.mark.parametrize(
    ("field", "words"),
    [("hours", "25"), ("hours", "-1"), ("hours", "2 3"), ("watts", "0"), ("watts", "999999"), ("count", "0"),
     ("count", "1,5"), ("count", "1000"), ("night", "140"), ("hours", "varet"), ("watts", "🤷")],
)  # fmt: skip
async def test_an_impossible_answer_is_said_why_and_asked_again(
    customer: Customer, field: str, words: str
) -> None:
    await opens(customer, "television", field)
    before = (await customer.conversation()).top.rows["uses"]["television"].told
    await customer.say(words)
    assert customer.reads(getattr(ApplianceUse, field).text)
    assert (await customer.conversation()).top.rows["uses"]["television"].told == before


@pytest.mark.parametrize(
    ("words", "share"),
    [("50%", "0.5"), ("gjysma", "0.5"), ("natën", "1"), ("noću", "1"), ("danju", "0"), ("25", "0.25")],
)
async def test_the_share_of_the_night_is_read(customer: Customer, words: str, share: str) -> None:
    await opens(customer, "television", "night")
    await customer.say(words)
    if customer.reads(EstimateBill.result.text):
        assert await value_of(customer, "television", "night") == Decimal(share)
    else:
        assert words == "gjysma", customer.news


@pytest.mark.parametrize(
    ("language", "typed"),
    [("sq", "gati"), ("sr", "gotovo"), ("sr_Cyrl", "готово"), ("en", "Done"), ("sq", "GATI!")],
)
async def test_done_can_be_typed(customer: Customer, language: str, typed: str) -> None:
    await customer.comes_in(language)
    await customer.tap("start:EstimateBill")
    await customer.say(typed)
    assert customer.reads(EstimateBill.result.text)


async def test_every_option_can_be_typed_by_its_number(customer: Customer) -> None:
    await customer.comes_in()
    await customer.say("1")
    assert customer.reads(EstimateBill.appliances.text)
    await customer.say("2")
    assert any(p.endswith(":+oven") for p in customer.payloads)
    live = f"{(await customer.conversation()).asked}:"
    done = 1 + [p for p in customer.payloads if p.startswith(live)].index(live + DONE)
    await customer.say(f"{done}.")
    assert customer.reads(EstimateBill.result.text)


async def test_bare_digits_answer_where_digits_are_an_answer(customer: Customer) -> None:
    await opens(customer, "television", "hours")
    await customer.say("2")
    assert await value_of(customer, "television", "hours") == 2


@pytest.mark.parametrize(
    ("language", "typed"),
    [("sq", "Muaji"), ("sr", "mesec"), ("sr_Cyrl", "месец"), ("en", "month"), ("en", "mesec")],
)
async def test_an_option_can_be_typed_by_its_label(customer: Customer, language: str, typed: str) -> None:
    await customer.estimates(language)
    await customer.say(typed)
    assert customer.reads(EstimateBill.month.text)


@pytest.mark.parametrize("typed", ["shto ose hiq pajisje", "shto ose hiq pajisj", "Shto ose  HIQ pajisje."])
async def test_labels_are_understood_without_marks_and_with_a_typo(customer: Customer, typed: str) -> None:
    await customer.estimates()
    await customer.say(typed)
    assert customer.reads(EstimateBill.appliances.text)


@pytest.mark.parametrize(
    "typed", ["vlereso faturen time", "proceni moj racun", "процени мој рачун", "estimate", "Estimate my bil"]
)
async def test_a_dialog_is_started_by_words_of_every_language(customer: Customer, typed: str) -> None:
    await customer.comes_in()
    await customer.say(typed)
    assert customer.reads(EstimateBill.appliances.text)


@pytest.mark.parametrize(
    "typed", ["kettle, iron", "çajnik elektrik dhe hekur rrobash", "pegla i kuvalo", "пегла"]
)
async def test_several_appliances_are_ticked_by_their_names(customer: Customer, typed: str) -> None:
    await customer.comes_in()
    await customer.tap("start:EstimateBill")
    before = len((await customer.conversation()).top.drafts)
    await customer.say(typed)
    if not customer.hears(NOT_UNDERSTOOD):
        assert "iron" in ((await customer.conversation()).top.drafts["appliances"].chosen or ())
    assert before == 0
    await customer.tap(DONE)
    assert customer.reads(EstimateBill.result.text)


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "contact"])
async def test_what_cannot_be_read_is_said_so_and_the_question_comes_again(
    customer: Customer, kind: str
) -> None:
    await customer.estimates()
    before = (await customer.conversation()).frames
    await customer.send(kind)
    assert customer.hears(WORDS_ONLY)
    assert customer.reads(EstimateBill.result.text)
    assert (await customer.conversation()).frames == before


async def test_a_sticker_as_the_first_thing_of_all_is_greeted(customer: Customer) -> None:
    await customer.send("sticker")
    assert customer.news


async def test_a_group_is_declined_and_nothing_is_begun(customer: Customer) -> None:
    await customer.send("group")
    assert customer.hears(PRIVATE_ONLY)
    assert (await customer.conversation()).frames == ()


async def test_a_shared_contact_is_not_taken_for_an_answer(customer: Customer) -> None:
    await opens(customer, "television", "hours")
    await customer.share_contact("+38344123456")
    assert customer.reads(ApplianceUse.hours.text)
    await customer.say("anulo")
    await customer.say("anulo")
    await customer.share_contact("+38344123456")
    assert customer.hears(Home.menu.text)


JUNK = (
    *("", " ", "\0", "\u202eabc", "a" * 65_536, "🍳" * 3000, "\u200d", "\n\n", "<b>", "{made.total}", "%s"),
    *(
        "../../etc",
        "'; drop table conversation; --",
        "1" * 5000,
        "NaN",
        "inf",
        "1e9",
        "\ud800",
        "ﷺ" * 500,
    ),
)


@pytest.mark.parametrize("junk", JUNK, ids=lambda j: ascii(j)[:20])
@pytest.mark.parametrize("at", ["menu", "appliances", "result", "hours"])
async def test_junk_is_answered_with_the_question_again(customer: Customer, at: str, junk: str) -> None:
    if at == "hours":
        await opens(customer, "television", "hours")
    elif at == "result":
        await customer.estimates()
    else:
        await customer.comes_in()
        if at == "appliances":
            await customer.tap("start:EstimateBill")
    before = await customer.conversation()
    await customer.say(junk)
    after = await customer.conversation()
    assert [f.told for f in after.frames] == [f.told for f in before.frames]
    assert after.asked == before.asked
