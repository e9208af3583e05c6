"""Bills and receipts as documents: from the button in the chat to the file that a browser opens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from bot.clock import millis
from bot.files import KEPT_FOR, Files
from bot.services.erasing import erase_due
from dialogs.engine.lines import Picture
from dialogs.engine.text import Phrase, Text
from handlers.documents import Document, document
from handlers.web.documents import AT_ONCE, OPENED_A_MINUTE, DocumentDesk
from handlers.web.listeners import Listeners
from handlers.web.notices import AWAY, NO_DOCUMENT, TOO_OFTEN, Notice
from handlers.web.server import build_web
from storage.base import Write
from tests.handlers.pdf import Pdf, read
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.test_bills import NEWEST, is_in, newest
from tests.talk.test_pay_page import ROBOTS
from tests.talk.test_paying import asks_for_a_link, called_back, pays
from tests.talk.words import SPEAKERS
from tests.talk.world import PUBLIC_URL, SECRET, World

Client = TestClient[Request, Application]
Draw = Callable[[Picture, str], Document]


def drawn(picture: Picture, language: str) -> Document:
    return document(picture, SPEAKERS[language])


@asynccontextmanager
async def site(world: World, draw: Draw = drawn) -> AsyncIterator[Client]:
    """Browsers' way to the program."""
    app = build_web(
        storage=world.storage,
        intake=world.inbox,
        listeners=Listeners(),
        speak=lambda language, msgid: SPEAKERS[language].plain(Phrase(Text(msgid))),
        secret_key=SECRET.encode(),
        registry=CollectorRegistry(),
        documents=DocumentDesk(
            Files(world.storage, world.turns.language, world.means.vault, clock=world.clock), draw
        ),
        clock=world.clock,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with site(world) as client:
        yield client


def link(customer: Customer) -> str:
    """Where the PDF button that was shown last leads to on our site."""
    urls = [
        button.url for shown in customer.screen.shown for button in shown.buttons if "/file/" in button.url
    ]
    assert urls[-1].startswith(f"{PUBLIC_URL}/file/")
    return urls[-1].removeprefix(PUBLIC_URL)


async def sees_a_bill(customer: Customer, language: str = "en") -> str:
    await is_in(customer, language)
    await customer.tap("start:LastBill")
    await customer.tap("more:0")
    return link(customer)


async def opened(client: Client, path: str) -> Pdf:
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (200, "application/pdf")
    return read(await answer.read())


async def is_said(answer: ClientResponse, notice: Notice, language: str = "en") -> bool:
    page = await answer.text()
    words = (SPEAKERS[language].plain(Phrase(text)) for text in (notice.title, notice.way_on))
    return answer.status == notice.status and all(each in page.replace("&#39;", "'") for each in words)


async def everything(world: World) -> list[object]:
    """All that opening a document could change."""
    tables = ("file", "conversation", "outbox", "inbox", "web_message", "form", "offer")
    return [[dict(row) for row in await world.rows(f"select * from {table}")] for table in tables]


@in_every_language
async def test_a_bill_that_is_shown_can_be_had_as_a_document(
    customer: Customer, client: Client, language: str
) -> None:
    path = await sees_a_bill(customer, language)
    bill = await newest(customer.world)
    answer = await client.get(path)
    name = f"KESCO-DPR-6687-{bill['period']}.pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
    found = (await opened(client, path)).text
    amounts = [
        str(bill[column]).replace(".", "." if language == "en" else ",") for column in ("net", "vat", "total")
    ]
    for words in ("KESCO", "DPR 6687", NEWEST[language], str(bill["number"]), *amounts):
        assert words in found, words


@in_every_language
async def test_the_receipt_of_a_payment_can_be_had_as_a_document(
    customer: Customer, client: Client, language: str
) -> None:
    world = customer.world
    await called_back(world, await pays(world, await asks_for_a_link(customer, language)))
    (order,) = await world.rows("select reference, amount from payment_order")
    found = (await opened(client, link(customer))).text
    amount = str(order["amount"]).replace(".", "." if language == "en" else ",")
    for words in ("KESCO", str(order["reference"]), amount, "DPR 6687"):
        assert words in found, words
    answer = await client.get(link(customer))
    assert f'filename="KESCO-receipt-{order["reference"]!s}.pdf"' in answer.headers["Content-Disposition"]


async def test_the_button_stands_beneath_the_bill_with_the_way_on(customer: Customer) -> None:
    await sees_a_bill(customer)
    shown = customer.screen.shown[-1]
    assert shown.message.image is not None
    assert [button.label for button in shown.buttons if "/file/" in button.url] == ["📄 PDF"]
    assert any("change:bill" in button.payload for button in shown.buttons)
    await customer.tap("more:1")  # the year that is shown instead has no document
    assert not any("/file/" in button.url for button in customer.screen.shown[-1].buttons)


async def test_it_speaks_the_language_that_the_chat_has_now(customer: Customer, client: Client) -> None:
    path = await sees_a_bill(customer)
    assert "Bill for" in (await opened(client, path)).text
    await customer.forge("lang:sr_Cyrl")
    assert "Рачун за" in (await opened(client, path)).text


async def test_a_link_may_be_opened_twice_and_be_fetched_by_robots_and_changes_nothing(
    customer: Customer, client: Client
) -> None:
    path = await sees_a_bill(customer)
    before, first = await everything(customer.world), await (await client.get(path)).read()
    for robot in ROBOTS:
        answer = await client.get(path, headers={"User-Agent": robot})
        assert await answer.read() == first
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert await everything(customer.world) == before


async def test_who_asks_for_its_head_is_told_of_it_and_gets_none_of_it(
    customer: Customer, client: Client
) -> None:
    path = await sees_a_bill(customer)
    whole, head = await client.get(path), await client.head(path)
    assert (head.status, await head.read()) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Content-Disposition", "Cache-Control"):
        assert head.headers[name] == whole.headers[name]


async def test_nothing_but_looking_can_be_done(customer: Customer, client: Client) -> None:
    path = await sees_a_bill(customer)
    for method in ("POST", "PUT", "DELETE"):
        assert (await client.request(method, path)).status == 405


async def test_one_chats_link_says_nothing_of_another_chat(customer: Customer, client: Client) -> None:
    path = await sees_a_bill(customer)
    other = Customer(customer.world, "2")
    gezim = {"number": "3425437231", "first_name": "Gezim", "last_name": "Hoxha", "code": "DPZ 4471"}
    await other.registers("en", **gezim, email="gezim@example.com", phone="+383 44 654 321")
    await other.tap("start:LastBill")
    await other.tap("more:0")
    theirs = link(other)
    assert theirs != path
    mine, found = (await opened(client, path)).text, (await opened(client, theirs)).text
    assert ("DPR 6687" in mine, "DPZ" in mine) == (True, False)
    assert ("DPR 6687" in found, "DPZ" in found) == (False, True)


@pytest.mark.parametrize("token", ["0" * 64, "x" * 64, "0" * 63, "%00", "a%2Fb", "A" * 44])
async def test_an_address_that_is_none_of_ours_is_told_with_a_way_on(client: Client, token: str) -> None:
    answer = await client.get(f"/file/{token}", headers={"Accept-Language": "sr"})
    assert answer.status == 404
    assert SPEAKERS["sr"].plain(Phrase(NO_DOCUMENT.way_on)) in await answer.text()


async def test_a_letter_of_the_address_changed_opens_nothing(customer: Customer, client: Client) -> None:
    path = await sees_a_bill(customer)
    wrong = path[:-1] + ("0" if path[-1] != "0" else "1")
    answer = await client.get(wrong, headers={"Accept-Language": "en"})
    assert await is_said(answer, NO_DOCUMENT)
    assert "DPR" not in await answer.text()


async def test_after_a_month_it_is_gone(customer: Customer, client: Client) -> None:
    path, english = await sees_a_bill(customer), {"Accept-Language": "en"}
    rows = await customer.world.rows("select expires_at from file")
    assert [row["expires_at"] for row in rows] == [millis(customer.world.at + KEPT_FOR)]
    customer.world.at += KEPT_FOR - timedelta(seconds=1)
    assert (await client.get(path)).status == 200
    customer.world.at += timedelta(seconds=1)
    assert await is_said(await client.get(path, headers=english), NO_DOCUMENT)


async def test_with_the_account_its_documents_are_erased(customer: Customer, client: Client) -> None:
    path, world = await sees_a_bill(customer), customer.world
    leave = "update account set delete_at = :at where id in (select account from chat_link)"
    await world.storage.commit([Write(leave, {"at": millis(world.at)})])
    assert await erase_due(world.means, world.at) == 1
    assert await world.rows("select * from file") == []
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert await is_said(answer, NO_DOCUMENT)
    await world.sweep()  # the letter that says so


async def test_a_link_that_is_opened_without_end_is_asked_to_wait(customer: Customer, world: World) -> None:
    path = await sees_a_bill(customer)
    async with site(world, lambda _picture, _language: Document("KESCO.pdf", b"%PDF-")) as client:
        for _ in range(OPENED_A_MINUTE):
            assert (await client.get(path)).status == 200
        answer = await client.get(path)
        assert await is_said(answer, TOO_OFTEN)
        assert answer.headers["Retry-After"] == "60"


async def test_only_so_many_are_drawn_at_once_and_all_are_drawn(customer: Customer, world: World) -> None:
    path = await sees_a_bill(customer)
    full, room = threading.Barrier(AT_ONCE), threading.Lock()
    drawing, most = 0, 0

    def slowly(_picture: Picture, _language: str) -> Document:
        nonlocal drawing, most
        with room:
            drawing += 1
            most = max(most, drawing)
        full.wait(20)  # until as many as may are at it
        with room:
            drawing -= 1
        full.wait(20)
        return Document("KESCO.pdf", b"%PDF-")

    async with site(world, slowly) as client:
        answers = await asyncio.gather(*(client.get(path) for _ in range(3 * AT_ONCE)))
    assert [answer.status for answer in answers] == [200] * 3 * AT_ONCE
    assert most == AT_ONCE


async def test_what_cannot_be_drawn_any_more_is_asked_for_anew(
    customer: Customer, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    path = await sees_a_bill(customer)

    def of_another_release(picture: Picture, language: str) -> Document:
        return drawn(replace(picture, values={}), language)

    async with site(world, of_another_release) as client:
        assert await is_said(await client.get(path), NO_DOCUMENT)
    assert "cannot draw the document bill" in caplog.text


async def test_while_the_database_is_away_it_says_so(customer: Customer, client: Client) -> None:
    path = await sees_a_bill(customer)
    customer.world.storage.away = 1
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert await is_said(answer, AWAY)
    assert answer.headers["Retry-After"] == "60"
    assert (await client.get(path)).status == 200


async def test_after_a_restart_the_link_still_opens(customer: Customer) -> None:
    path = await sees_a_bill(customer)
    await customer.restart()
    async with site(customer.world) as client:
        assert "DPR 6687" in (await opened(client, path)).text
