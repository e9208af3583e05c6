"""What is asked to open an account, answer by answer: what is refused, what is suggested, what is changed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.forms import DIFFERENT, EMPTY
from bot.forms_port import Taken
from bot.services.weaknesses import LONGEST, Weakness
from dialogs import identifiers
from dialogs.engine.advance import NOT_YOURS
from dialogs.engine.prompts import CANCEL, KEEP, YES
from dialogs.engine.text import Phrase
from dialogs.identifiers import WEAK
from dialogs.places import DISTRICTS
from dialogs.register import Register
from storage.base import Write
from tests.talk.customer import ARTA, PASSWORD, Customer
from tests.talk.people import account_of, in_every_language, is_open, kept, refused
from tests.talk.words import SPEAKERS

#: What is no answer to each question, in their order.
UNREADABLE: dict[str, tuple[str, ...]] = {
    "number": ("123456789", "12345678901", "DPR 6687"),
    "first_name": ("Arta 2", "12345", "?!"),
    "last_name": ("Krasniqi1", "{name}"),
    "code": ("DXX 6687", "123456789", "DPR"),
    "email": ("arta at example.com", "arta@", "arta@example"),
    "phone": ("12345", "+383 44 123 45", "038 123 456", "+377 44 123 456", "+33 6 12 34 56 78"),
}


async def is_asked(customer: Customer, question: str, language: str = "sq", **other: str) -> None:
    """To one of the questions, with the answers before it given."""
    await customer.comes_in(language)
    await customer.tap("start:Register")
    await customer.tap("=YES")
    answers = ARTA | other
    for name in list(answers)[: list(answers).index(question)]:
        await customer.say(answers[name])


async def goes_on(customer: Customer, after: str, **other: str) -> None:
    """From the question after this one to the summary."""
    answers = ARTA | other
    for name in list(answers)[list(answers).index(after) + 1 :]:
        await customer.say(answers[name])
    await customer.chooses_password()
    assert customer.reads(Register.summary.text)


# -- the terms -------------------------------------------------------------------------------------------


@in_every_language
async def test_whoever_does_not_agree_is_asked_nothing(customer: Customer, language: str) -> None:
    await customer.comes_in(language)
    await customer.tap("start:Register")
    await customer.tap("=NO")
    assert customer.hears(Register.declined.text)
    assert customer.has("start:EstimateBill")
    assert not await is_open(customer)


async def test_the_terms_and_the_policy_can_be_read_before_in_ones_own_language(customer: Customer) -> None:
    await customer.comes_in("sr")
    await customer.tap("start:Register")
    urls = [button.url for row in customer.pressable_rows for button in row if button.url]
    assert urls == ["https://chat.example/terms?lang=sr", "https://chat.example/privacy?lang=sr"]


# -- what cannot be read ---------------------------------------------------------------------------------


@in_every_language
async def test_what_cannot_be_read_is_asked_again_with_the_reason(customer: Customer, language: str) -> None:
    await is_asked(customer, "number", language)
    for name, unreadable in UNREADABLE.items():
        question: Any = Register.names[name]
        for written in unreadable:
            await customer.say(written)
            assert customer.hears(question.reads.read(written).why), written
            assert customer.reads(question.text)
        await customer.say(ARTA[name])
    assert customer.reads(Register.password.text)
    assert not customer.world.post.parcels


def test_a_phone_is_refused_for_three_reasons_and_each_is_said() -> None:
    reasons = {identifiers.phone.read(phone) for phone in UNREADABLE["phone"]}
    assert len(reasons) == 3


@in_every_language
async def test_somebody_elses_contact_is_refused_and_ones_own_is_taken(
    customer: Customer, language: str
) -> None:
    await is_asked(customer, "phone", language)
    await customer.share_contact("+38344123456", own=False)
    assert customer.hears(NOT_YOURS)
    assert customer.reads(Register.phone.text)
    await customer.share_contact("38344123456")
    assert customer.reads(Register.password.text)


async def test_a_contact_from_abroad_and_a_landline_are_refused_like_typed_ones(customer: Customer) -> None:
    await is_asked(customer, "phone", "sr")
    for phone in ("+33612345678", "38338123456"):
        await customer.share_contact(phone)
        refusal: Any = identifiers.phone.read(phone)
        assert customer.hears(refusal.why)
        assert customer.reads(Register.phone.text)


# -- the personal number ---------------------------------------------------------------------------------


@in_every_language
async def test_an_unusual_personal_number_is_pointed_out_and_may_be_kept(
    customer: Customer, language: str
) -> None:
    await is_asked(customer, "number", language)
    await customer.say("1234567893")
    assert customer.reads(Register.certain.text)
    assert "1234567893" in customer.last
    await customer.tap("=YES")
    assert customer.reads(Register.first_name.text)


async def test_an_unusual_personal_number_can_be_typed_again(customer: Customer) -> None:
    await is_asked(customer, "number")
    await customer.say("1234567893")
    await customer.tap("redo:0")
    assert customer.reads(Register.number.text)
    await customer.tap(KEEP)
    assert customer.reads(Register.certain.text)
    await customer.tap("redo:0")
    await customer.say(ARTA["number"])
    assert customer.reads(Register.first_name.text)


async def test_the_register_has_the_last_word_on_an_unusual_number(customer: Customer) -> None:
    await customer.world.fill()
    rule_breaker = "update customer set personal_number = '1234567893' where personal_number = '1234567892'"
    await customer.world.storage.commit([Write(rule_breaker, {})])
    await is_asked(customer, "number")
    await customer.say("1234567893")
    await customer.tap("=YES")
    await goes_on(customer, "number")
    await customer.tap(YES)
    await customer.enters_code()
    assert customer.hears(Register.done.text)


# -- the customer code -----------------------------------------------------------------------------------


@in_every_language
async def test_the_district_of_a_bare_number_is_chosen_with_a_button(
    customer: Customer, language: str
) -> None:
    await is_asked(customer, "code", language)
    await customer.say("6687")
    assert customer.reads(Register.district.text)
    assert all(customer.has(f"={district.key}") for district in DISTRICTS)
    await customer.tap("=DPR")
    await goes_on(customer, "code")
    assert "DPR 6687" in customer.last


async def test_a_district_is_also_typed(customer: Customer) -> None:
    await is_asked(customer, "code", "sq")
    await customer.say("6687")
    await customer.say("prishtina")
    await goes_on(customer, "code")
    assert "DPR 6687" in customer.last


async def test_another_number_is_asked_for_its_own_district(customer: Customer) -> None:
    await is_asked(customer, "code", "sq")
    await customer.say("6687")
    await customer.tap("=DPR")
    await goes_on(customer, "code")
    await customer.tap("change:code")
    await customer.say("1290")
    assert customer.reads(Register.district.text)
    await customer.tap("=DPE")
    assert customer.reads(Register.summary.text)
    assert "DPE 1290" in customer.last


@in_every_language
@pytest.mark.parametrize("word", ["=skip", "Skip"])
async def test_who_has_no_bill_at_hand_skips_the_code(customer: Customer, language: str, word: str) -> None:
    await is_asked(customer, "code", language)
    await (customer.tap(word) if word.startswith("=") else customer.say(word))
    await goes_on(customer, "code")
    assert "skip" not in customer.last.casefold()


# -- the address -----------------------------------------------------------------------------------------


@in_every_language
async def test_a_slip_of_the_finger_is_pointed_out_and_put_right(customer: Customer, language: str) -> None:
    await is_asked(customer, "email", language)
    await customer.say("Arta@gmial.com")
    assert customer.reads(Register.spelling.text)
    assert "arta@gmail.com" in customer.last
    await customer.tap("=YES")
    await goes_on(customer, "email")
    assert "arta@gmail.com" in customer.last
    assert "gmial" not in customer.last


@in_every_language
async def test_what_looks_like_a_slip_may_be_right(customer: Customer, language: str) -> None:
    await customer.world.fill()
    await is_asked(customer, "email", language)
    await customer.say("arta@gmial.com")
    await customer.tap("=NO")
    await goes_on(customer, "email")
    await customer.tap(YES)
    await customer.enters_code()
    assert await kept(customer, "email") == "arta@gmial.com"


# -- the password ----------------------------------------------------------------------------------------

WEAK_ONES = {
    Weakness.TOO_LONG: "Lule7deti" + "x" * LONGEST,
    Weakness.COMMON: "Password2026",
    Weakness.PERSONAL: "Arta7lule",
    Weakness.KESCO: "Kesco7lule",
}
#: What the page itself sees, by the rule that it breaks.
BROKEN_RULES = ("Lule7", "Luledeti", "lule7deti")


@in_every_language
async def test_each_weakness_of_a_password_is_told_on_the_page_which_stays_open(
    customer: Customer, language: str
) -> None:
    await customer.applies_for(language)
    for weakness, password in WEAK_ONES.items():
        assert await refused(customer, password=password, again=password) == {"password": WEAK[weakness]}
    for rule, password in zip(identifiers.NEW_PASSWORD, BROKEN_RULES, strict=True):
        assert await refused(customer, password=password, again=password) == {"password": rule.text}
    assert await refused(customer, password=PASSWORD, again=PASSWORD.upper()) == {"again": DIFFERENT}
    assert await refused(customer) == {"password": EMPTY, "again": EMPTY}
    assert isinstance(await customer.types(password=PASSWORD, again=PASSWORD), Taken)
    assert customer.reads(Register.summary.text)


@pytest.mark.parametrize("personal", ["Krasniqi", "123456", "44123456", "arta", "АРТА"])
async def test_a_password_tells_nothing_of_its_owner(customer: Customer, personal: str) -> None:
    await customer.applies_for("sr", email="besarta@example.com")
    password = f"Zx{personal}9q"
    told = await refused(customer, password=password, again=password)
    assert told == {"password": WEAK[Weakness.PERSONAL]}


# -- the summary -----------------------------------------------------------------------------------------

#: For each line another answer, and how it then reads.
CHANGES = {
    "number": ("9234567891", "9234567891"),
    "first_name": ("Besa", "Besa"),
    "last_name": ("Hoxha", "Hoxha"),
    "code": ("DPE 1290", "DPE 1290"),
    "email": ("besa@example.com", "besa@example.com"),
    "phone": ("049 654 321", "+383 49 654 321"),
}


@in_every_language
async def test_each_line_of_the_summary_can_be_changed_and_all_others_are_kept(
    customer: Customer, language: str
) -> None:
    await customer.applies_for(language)
    await customer.chooses_password()
    lines = dict(ARTA)
    for name, (answer, shown) in CHANGES.items():
        assert all(line in customer.last for line in lines.values()), customer.last
        question: Any = Register.names[name]
        await customer.tap(f"change:{name}")
        assert customer.reads(question.text)
        await customer.say(answer)
        assert customer.reads(Register.summary.text)
        lines[name] = shown
    assert all(line in customer.last for line in lines.values())
    assert "••••••••" in customer.last


async def test_the_password_can_be_changed_from_the_summary(customer: Customer) -> None:
    await customer.world.fill()
    await customer.applies_for()
    await customer.chooses_password()
    await customer.tap("change:password")
    assert customer.reads(Register.password.text)
    await customer.chooses_password("Tjeter8fjale")
    assert customer.reads(Register.summary.text)
    await customer.tap(YES)
    await customer.enters_code()
    stored = await kept(customer, "password")
    assert (await customer.world.means.passwords.verify(str(stored), "Tjeter8fjale")).ok


@pytest.mark.parametrize("name", [*CHANGES, "password"])
async def test_a_line_that_was_opened_may_stay_as_it_is(customer: Customer, name: str) -> None:
    await customer.applies_for("en")
    await customer.chooses_password()
    before = customer.last
    await customer.tap(f"change:{name}")
    await customer.tap(KEEP)
    assert customer.last == before


async def test_who_cancels_at_the_summary_leaves_no_account_and_gets_no_code(customer: Customer) -> None:
    await customer.world.fill()
    await customer.applies_for()
    await customer.chooses_password()
    await customer.tap(CANCEL)
    assert not await is_open(customer)
    assert await account_of(customer) is None
    assert not customer.world.post.parcels


def test_every_weakness_is_told_in_every_language() -> None:
    for speaker in SPEAKERS.values():
        told = {speaker.plain(Phrase(text)) for text in WEAK.values()}
        assert len(told) == len(Weakness)


@pytest.mark.parametrize(
    "word",
    ["po", "da", "Yes", "ok", "pranoj", "pajtohem", "prihvatam", "слажем се", "I agree", "po, ju lutem"],
)
async def test_who_says_yes_to_the_terms_goes_on(customer: Customer, word: str) -> None:
    await customer.comes_in()
    await customer.forge("start:Register")
    await customer.say(word)
    assert customer.reads(Register.number.text)


@pytest.mark.parametrize(
    "word", ["jo", "ne", "No", "s'pajtohem", "nuk pranoj", "ne slažem se", "не", "I disagree", "No, thanks!"]
)
async def test_who_says_no_to_the_terms_has_declined(customer: Customer, word: str) -> None:
    await customer.comes_in()
    await customer.forge("start:Register")
    await customer.say(word)
    assert customer.hears(Register.declined.text)
    assert not await customer.world.rows("select 1 as one from account")


async def test_who_hardly_says_no_to_the_terms_has_not_agreed(customer: Customer) -> None:
    await customer.comes_in()
    await customer.forge("start:Register")
    await customer.say("nukpajtohem")
    assert customer.reads(Register.consent.text)
