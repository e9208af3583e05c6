"""Whole conversations on Viber, by the whole program: an account, meters, bills, a payment, an estimate."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from bot.demo_register import demo_people
from bot.gateways.payments.sandbox import Card
from bot.showing import STAYS
from dialogs.add_meter import AddMeter
from dialogs.bills import LastBill
from dialogs.engine.advance import STALE, TYPED_SECRET
from dialogs.engine.text import Text, _l
from dialogs.estimate import EstimateBill
from dialogs.home import Home
from dialogs.meters import Meters, NameMeter, UndoUnlink, UnlinkMeter
from dialogs.passwords import PASSWORD
from dialogs.pay import Pay
from dialogs.receipts import WORDS
from dialogs.register import Consent, Register
from storage.base import Query
from tests.fakes.viber import DESKTOP, FakeViber, Shown
from tests.viber.program import PUBLIC, Program, Visitor, running

PEOPLE = {person.personal_number: person for person in demo_people()}
#: One meter; and two, the second of which is not in the account at first.
ARTA, GEZIM = PEOPLE["1234567892"], PEOPLE["3425437231"]
GOOD = {PASSWORD: "Bli7 e gjelbër", "again": "Bli7 e gjelbër"}
LANGUAGES = ["sq", "sr", "sr_Cyrl", "en"]
NAMES = {"sq": "Shqip", "sr": "Srpski", "sr_Cyrl": "Српски", "en": "English"}

in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def text_of(step: object) -> Text:
    text = getattr(step, "text", None)
    assert isinstance(text, Text)
    return text


async def greeted(program: Program, language: str) -> Visitor:
    """Who has pressed the deep link and chosen a language."""
    visitor = program.visitor(language)
    await visitor.opens()
    await visitor.presses(NAMES[language], text_of(program.app.book.welcome.names["what"]))
    await visitor.presses(_l("Skip"))
    return visitor


async def registered(program: Program, language: str, person: object = ARTA) -> Visitor:
    """Who has opened an account, with the number that Viber shares."""
    visitor = await greeted(program, language)
    form = await asked_for_the_password(visitor, person)
    assert await typed_on_the_page(program, visitor, form) == 303
    await visitor.presses(text_of_confirm(), text_of(Register.proof))
    await visitor.says(await program.code(), text_of(Register.done))
    return visitor


def text_of_confirm() -> Text:
    confirm = Register.summary.confirm
    assert confirm is not None
    return confirm


async def asked_for_the_phone(visitor: Visitor, person: object = ARTA) -> None:
    await visitor.presses(Register.title, text_of(Register.consent))
    await visitor.presses(Consent.YES.label, text_of(Register.number))
    await visitor.says(person.personal_number, text_of(Register.first_name))  # type: ignore[attr-defined]
    await visitor.says(person.first_name, text_of(Register.last_name))  # type: ignore[attr-defined]
    await visitor.says(person.last_name, text_of(Register.code))  # type: ignore[attr-defined]
    await visitor.says(person.customer_code, text_of(Register.email))  # type: ignore[attr-defined]
    await visitor.says("arta@example.com", text_of(Register.phone))


async def asked_for_the_password(visitor: Visitor, person: object = ARTA) -> str:
    """The address of the page on which it is typed."""
    await asked_for_the_phone(visitor, person)
    shares = next(label for label in visitor.phone.labels if label.startswith("📱"))
    await visitor.does(lambda: visitor.phone.press(shares), text_of(Register.password))
    return page_opened(visitor)


def page_opened(visitor: Visitor) -> str:
    """The address behind the newest button that opens one, after it was pressed."""
    opens = [each for row in visitor.phone.rows for each in row if "🔐" in each]
    visitor.phone.press(opens[0])
    return visitor.phone.opened[-1]


async def typed_on_the_page(program: Program, visitor: Visitor, address: str) -> int:
    assert address.startswith(f"{PUBLIC}/form/")
    status, location = await program.fill_in(address, GOOD)
    await program.settle()
    assert status == 303, location
    return status


async def fetched(program: Program, address: str) -> tuple[str, bytes]:
    """What stands at an address of ours."""
    at = program.at + address.removeprefix(PUBLIC)
    async with aiohttp.ClientSession() as browser, browser.get(at) as answer:
        assert answer.status == 200
        return answer.content_type, await answer.read()


def picture_of(shown: Shown) -> str:
    return str(shown.params["media"])


@in_every_language
async def test_an_account_is_opened_with_the_number_that_viber_shares(
    program: Program, language: str
) -> None:
    arta = await registered(program, language)
    assert program.letters()[-1]["to"] == "+38344123456"
    everything = "\n".join(arta.phone.texts)
    assert GOOD[PASSWORD] not in everything
    assert ARTA.customer_code in arta.phone.last.text
    assert any(arta.hears(text_of(bill)) for bill in (Home.unpaid, Home.overdue, Home.paid))


async def test_on_a_desktop_the_number_is_typed(program: Program) -> None:
    arta = await greeted(program, "sq")
    arta.phone.devices = [DESKTOP]
    await asked_for_the_phone(arta)
    await arta.says("044 765 432", text_of(Register.password))
    await typed_on_the_page(program, arta, page_opened(arta))
    assert "+383 44 765 432" in arta.phone.last.text


async def test_a_password_in_the_chat_has_to_be_deleted_by_the_customer(program: Program) -> None:
    arta = await greeted(program, "sq")
    await asked_for_the_password(arta)
    await arta.says(GOOD[PASSWORD], STAYS)
    assert arta.hears(TYPED_SECRET)


@in_every_language
async def test_a_meter_is_added_named_taken_out_and_brought_back(program: Program, language: str) -> None:
    gezim = await registered(program, language, GEZIM)
    await gezim.presses(Meters.title)
    assert all(code in "".join(gezim.news) for code in ("DPZ 4471", "DPZ 4472"))
    await gezim.presses(_l("Done"))
    await gezim.presses(UnlinkMeter.title)
    await gezim.presses(gezim.key_with("DPZ 4472"), text_of(UnlinkMeter.done))
    await gezim.presses(_l("Bring it back"), text_of(UndoUnlink.done))
    await gezim.presses(Meters.title)
    await gezim.presses(_l("Done"))
    await gezim.presses(NameMeter.title)
    await gezim.presses(gezim.key_with("DPZ 4472"), text_of(NameMeter.name))
    await gezim.says("Vikendica", text_of(NameMeter.done))
    await gezim.presses(Meters.title)
    await gezim.presses(_l("Done"))
    await gezim.presses(AddMeter.title, text_of(AddMeter.code))
    await gezim.says(" dpr  6687 ", text_of(AddMeter.aware))
    await gezim.presses(_l("Cancel"))


@in_every_language
async def test_the_last_bill_with_its_picture_its_document_and_another_month(
    program: Program, language: str
) -> None:
    arta = await registered(program, language)
    await arta.presses(LastBill.title)
    shown = await arta.presses(_l("Show the bill"))
    pictures = [each for each in arta.phone.heard[-3:] if each.type == "picture"]
    kind, png = await fetched(program, picture_of(pictures[-1]))
    assert (kind, png[:4]) == ("image/png", b"\x89PNG")
    assert "📄 PDF" in arta.phone.labels, shown
    arta.phone.press("📄 PDF")
    kind, pdf = await fetched(program, arta.phone.opened[-1])
    assert (kind, pdf[:5]) == ("application/pdf", b"%PDF-")


@in_every_language
async def test_a_bill_is_paid_and_the_chat_says_so(program: Program, language: str) -> None:
    arta = await registered(program, language)
    await arta.says("menu")
    await arta.presses(Pay.title, None)
    if not arta.hears(text_of(Pay.done)):
        await arta.presses(arta.phone.labels[0], text_of(Pay.done))
    arta.phone.press(arta.key(_l("Pay now")))
    page = arta.phone.opened[-1]
    assert page.startswith(f"{PUBLIC}/pay/")
    kind, _html = await fetched(program, page)
    assert kind == "text/html"
    status, _where = await program.fill_in(page, {"does": "pay"})
    assert status == 200
    rows = await program.app.storage.read(_orders())
    sandbox = program.app.sandbox
    assert sandbox is not None
    order = await sandbox.look(str(rows[0]["provider_order"]))
    assert order is not None
    await sandbox.use(order, Card.GOOD)
    await program.app.payments.check(page.rpartition("/")[2])
    await program.settle()
    arta._seen = 0
    assert arta.hears(WORDS["paid"])
    assert [each.type for each in arta.phone.heard].count("picture") >= 2


def _orders() -> Query:
    return Query("select provider_order from payment_try order by created_at desc")


@in_every_language
async def test_an_estimate_with_its_marks_and_its_chart(program: Program, language: str) -> None:
    visitor = await greeted(program, language)
    await visitor.presses(EstimateBill.title, text_of(EstimateBill.appliances))
    first = visitor.phone.labels[0]
    assert first.startswith("✅")
    await visitor.presses(first)
    assert visitor.phone.labels[0].startswith("▫️")
    assert any(label.startswith("2/") or "›" in label for label in visitor.phone.labels)
    await visitor.presses(next(label for label in visitor.phone.labels if "›" in label))
    await visitor.presses(done_of(visitor), text_of(EstimateBill.result))
    await visitor.presses(_l("Show as a chart"))
    assert [each.type for each in visitor.phone.heard].count("picture") == 1


def done_of(visitor: Visitor) -> str:
    """The key that ends ticking, with how many are ticked."""
    return next(label for label in visitor.phone.labels if re.search(r"\(\d+\)", label))


async def test_an_old_key_a_new_language_and_a_restart_change_nothing(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    async with running(url, fake, tmp_path) as program:
        visitor = await greeted(program, "sq")
        await visitor.presses(EstimateBill.title, text_of(EstimateBill.appliances))
        old = visitor.phone.last
        await visitor.presses(done_of(visitor), text_of(EstimateBill.result))
        phone = visitor.phone
    async with running(url, fake, tmp_path) as program:
        visitor = Visitor(program, phone, "sq")
        assert old.keyboard is not None
        first = old.keyboard.rows[0][0].label
        await visitor.does(lambda: phone.press(first, on=old), STALE)
        visitor.language = "en"
        await visitor.says("English", text_of(EstimateBill.result))


async def test_a_key_that_says_our_former_address_is_answered_with_a_new_one(
    url: str, fake: FakeViber, tmp_path: Path
) -> None:
    """Where our public address has changed; it was taken for a password that is typed into the chat."""
    async with running(url, fake, tmp_path) as program:
        visitor = await greeted(program, "en")
        former = await asked_for_the_password(visitor)
        phone = visitor.phone
    async with running(url, fake, tmp_path, public_url="https://new.example") as program:
        visitor = Visitor(program, phone, "en")
        phone.tells_silent_openings = True
        await visitor.does(lambda: phone.press(visitor.key(_l("Choose a password"))), STALE)
        assert phone.opened[-1] == former
        assert visitor.hears(text_of(Register.password))
        assert len(visitor.news) == 1
        phone.press(visitor.key(_l("Choose a password")))
        assert phone.opened[-1].startswith("https://new.example/form/")
        await program.settle()
        assert len(visitor.news) == 1
