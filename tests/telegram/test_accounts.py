"""An account is opened on Telegram, by the whole program: chat, page, SMS, and the menu at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo_register import demo_people
from bot.forms_port import Why
from bot.joining import Joining
from bot.showing import STAYS
from dialogs.account import NOT_SIGNED_IN
from dialogs.engine.advance import NOT_YOURS, TYPED_SECRET
from dialogs.engine.text import Phrase, Text, _l
from dialogs.home import Home
from dialogs.linking import OPENED, LinkChat, OpenHere, SignThatChatOut, Sure
from dialogs.passwords import NEW, PASSWORD
from dialogs.register import Consent, Register
from handlers.web.notices import CLOSED
from tests.fakes.telegram import TOKEN, FakeTelegram, Shown
from tests.talk.test_linking import SHOWN
from tests.talk.words import SPEAKERS, pattern
from tests.telegram.program import Program, Visitor, running
from tests.web.launches import launch

ARTA = demo_people()[0]
GOOD = {PASSWORD: "Bli7 e gjelbër", "again": "Bli7 e gjelbër"}
BILLS = (Home.unpaid, Home.overdue, Home.paid)
PUBLIC = "https://kesco.example"


@pytest.fixture
async def program(url: str, fake: FakeTelegram, tmp_path: Path) -> AsyncIterator[Program]:
    async with running(url, fake, tmp_path) as program:
        yield program


@pytest.fixture
async def public(url: str, fake: FakeTelegram, tmp_path: Path) -> AsyncIterator[Program]:
    """With an address that Telegram opens inside of itself."""
    async with running(url, fake, tmp_path, PUBLIC) as program:
        yield program


def text_of(step: object) -> Text:
    text = getattr(step, "text", None)
    assert isinstance(text, Text)
    return text


async def asked_for_the_phone(arta: Visitor) -> Shown:
    """All questions up to the one for the phone."""
    await arta.says(Register.title.msgid, text_of(Register.consent))
    await arta.taps(Consent.YES.label, text_of(Register.number))
    await arta.says(ARTA.personal_number, text_of(Register.first_name))
    await arta.says(ARTA.first_name, text_of(Register.last_name))
    await arta.says(ARTA.last_name, text_of(Register.code))
    await arta.says(ARTA.customer_code, text_of(Register.email))
    return await arta.says("arta@example.com", text_of(Register.phone))


async def proven(program: Program, arta: Visitor) -> Shown:
    """From the summary to the menu, with the code of the SMS."""
    confirm = Register.summary.confirm
    assert confirm is not None
    await arta.taps(confirm, text_of(Register.proof))
    return await arta.says(await program.code(), text_of(Register.done))


def shows_the_bill(arta: Visitor, language: str) -> bool:
    menu = arta.phone.last
    said = any(pattern(text_of(bill), language).search(menu.text) for bill in BILLS)
    return said and ARTA.customer_code in menu.text and bool(menu.rows)


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
async def test_an_account_is_opened_with_a_shared_number_a_page_and_a_code(
    program: Program, language: str
) -> None:
    arta = program.visitor(language)
    await arta.does(arta.phone.start, text_of(next(iter(program.app.book.welcome.steps))))
    question = await asked_for_the_phone(arta)
    assert question.rows == []
    assert len(arta.phone.keys) == 4

    form = await arta.shares(text_of(Register.password))
    assert arta.phone.keys == []
    assert "…" not in arta.phone.texts
    status, location = await program.fill_in(form.buttons[0]["url"], GOOD)
    assert (status, location.startswith("/form/done/")) == (303, True)

    summary = await arta.hears(text_of(Register.summary))
    assert "+383 44 123 456" in summary.text
    assert GOOD[PASSWORD] not in "".join(arta.phone.texts)
    await proven(program, arta)
    assert program.letters()[-1]["to"] == "+38344123456"
    assert shows_the_bill(arta, language)


async def test_an_account_opens_in_another_chat_by_a_link_and_the_first_is_told(
    program: Program, fake: FakeTelegram
) -> None:
    arta, welcome = program.visitor("en"), text_of(next(iter(program.app.book.welcome.steps)))
    await arta.does(arta.phone.start, welcome)
    await asked_for_the_phone(arta)
    form = await arta.shares(text_of(Register.password))
    await program.fill_in(form.buttons[0]["url"], GOOD)
    await arta.hears(text_of(Register.summary))
    await proven(program, arta)
    told = await arta.says(LinkChat.title.msgid, text_of(LinkChat.done))
    code = SHOWN.findall(told.text)[-1].replace("-", "")

    other = Visitor(fake, fake.user(8, "en"), "en")
    await other.does(lambda: other.phone.start(code), welcome)
    await other.does(lambda: other.phone.tap("English"), text_of(OpenHere.sure))
    assert ARTA.last_name not in "".join(other.phone.texts)
    await other.taps(Sure.YES.label, text_of(OpenHere.done))
    assert shows_the_bill(other, "en")
    await Joining(program.app.means, program.app.inbox).tell()
    await arta.hears(OPENED)
    await arta.taps(SignThatChatOut.title, text_of(SignThatChatOut.done))
    await other.says("my account", NOT_SIGNED_IN)


async def test_a_number_is_typed_after_a_foreign_contact_was_refused(program: Program) -> None:
    arta = program.visitor("sq")
    await asked_for_the_phone(arta)
    await arta.shares(NOT_YOURS, own=False)
    await arta.hears(text_of(Register.phone))
    assert len(arta.phone.keys) == 4
    form = await arta.says("044 765 432", text_of(Register.password))
    assert arta.phone.keys == []
    await program.fill_in(form.buttons[0]["url"], GOOD)
    summary = await arta.hears(text_of(Register.summary))
    assert "+383 44 765 432" in summary.text


async def test_the_keys_beneath_the_chat_lead_where_buttons_would(program: Program) -> None:
    arta = program.visitor("sq")
    await asked_for_the_phone(arta)
    await arta.presses(_l("Help"), text_of(Register.phone))
    assert len(arta.phone.keys) == 4
    await arta.presses(_l("Back"), text_of(Register.email))
    assert arta.phone.keys == []
    await arta.says("arta@example.com", text_of(Register.phone))
    await arta.presses(_l("Cancel"), text_of(Home.menu))
    assert arta.phone.keys == []


async def test_a_page_inside_telegram_serves_its_own_chat_alone(public: Program) -> None:
    arta = public.visitor("sq")
    await asked_for_the_phone(arta)
    form = await arta.shares(text_of(Register.password))
    address = form.buttons[0]["web_app"]["url"]
    assert address.startswith(f"{PUBLIC}/form/")

    now = datetime.now(UTC)
    status, said = await public.fill_in(address, GOOD, launch(8, now, TOKEN))
    assert (status, SPEAKERS["sq"].plain(Phrase(CLOSED[Why.FOREIGN].title)) in said) == (403, True)
    status, _ = await public.fill_in(address, GOOD, launch(7, now, TOKEN))
    assert status == 303
    await arta.hears(text_of(Register.summary))
    await proven(public, arta)
    assert shows_the_bill(arta, "sq")


async def test_a_password_in_the_chat_is_taken_away_or_the_customer_is_told(
    program: Program, fake: FakeTelegram
) -> None:
    arta = program.visitor("sq")
    await asked_for_the_phone(arta)
    await arta.shares(text_of(Register.password))
    await arta.says("Bli7 e gjelbër", TYPED_SECRET)
    assert "Bli7 e gjelbër" not in [message.text for message in arta.phone.chat]
    fake.refuse("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await arta.says("Bli7 e kuqe", STAYS)
    await arta.hears(TYPED_SECRET)
    assert "Bli7 e kuqe" in [message.text for message in arta.phone.chat]


async def test_the_page_says_what_is_wrong_with_a_password_and_can_be_sent_again(program: Program) -> None:
    arta = program.visitor("sq")
    await asked_for_the_phone(arta)
    form = await arta.shares(text_of(Register.password))
    address = form.buttons[0]["url"]
    status, said = await program.fill_in(address, {PASSWORD: "short", "again": "short"})
    assert (status, SPEAKERS["sq"].plain(Phrase(NEW.fields[0].rules[0].text)) in said) == (422, True)
    assert (await program.fill_in(address, GOOD))[0] == 303
    await arta.hears(text_of(Register.summary))
