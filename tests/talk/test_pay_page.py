"""The payment page over HTTP and in a browser: one link, as often as it is opened, by whoever opens it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer, unused_port
from aiohttp.web import Application, Request
from playwright.async_api import async_playwright, expect
from prometheus_client import CollectorRegistry

from bot.gateways.payments.sandbox import Sandbox
from bot.pay_port import Standing
from bot.payments import PaymentDesk
from dialogs.engine.text import Phrase, Text
from dialogs.receipts import WORDS
from handlers.painters import PAINTERS
from handlers.web.listeners import Listeners
from handlers.web.pay import TITLES, PayDesk
from handlers.web.server import build_web
from storage.base import Write
from tests.needs import needs_chromium
from tests.talk.customer import Customer
from tests.talk.people import in_every_language
from tests.talk.test_paying import asks_for_a_link, pays
from tests.talk.words import SPEAKERS
from tests.talk.world import SECRET, World
from tests.web.test_in_browser import DESK, PHONE, SWITCHES

Client = TestClient[Request, Application]
ROBOTS = ("TelegramBot (like TwitterBot)", "facebookexternalhit/1.1", "Viber", "WhatsApp/2.23", "Googlebot")


@asynccontextmanager
async def site(world: World) -> AsyncIterator[TestServer]:
    """The pages of the program at an address that its bank knows, too."""

    def say(language: str, phrase: Phrase) -> str:
        return SPEAKERS[language].plain(phrase)

    port = unused_port()
    url = f"http://127.0.0.1:{port}"
    world.bank = Sandbox(world.storage, f"{url}/sandbox/", clock=world.clock)
    world.payments = PaymentDesk(
        world.means, world.bank, world.inbox, world.turns.language, url, clock=world.clock
    )
    app = build_web(
        storage=world.storage,
        intake=world.inbox,
        listeners=Listeners(),
        speak=lambda language, msgid: say(language, Phrase(Text(msgid))),
        secret_key=SECRET.encode(),
        registry=CollectorRegistry(),
        payments=PayDesk(world.payments, say, url, world.bank),
        clock=world.clock,
    )
    server = TestServer(app, port=port)
    await server.start_server()
    try:
        yield server
    finally:
        await world.bank.close()
        await server.close()


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with site(world) as server, TestClient(server) as client:
        yield client
        await world.settle()


async def csrf_of(client: Client, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', await (await client.get(path)).text())
    assert found
    return found[1]


async def test_a_prefetched_link_changes_nothing_and_is_kept_by_nobody(
    customer: Customer, client: Client
) -> None:
    token = await asks_for_a_link(customer)
    for robot in ROBOTS:
        answer = await client.get(f"/pay/{token}", headers={"User-Agent": robot})
        assert answer.status == 200
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert await customer.world.rows("select * from payment_try") == []


@pytest.mark.parametrize("back", ["1", "99", "9" * 5000, "x", "-1", "\u0663", ""])
async def test_whatever_stands_in_the_address_the_page_is_shown(
    customer: Customer, client: Client, back: str
) -> None:
    token = await asks_for_a_link(customer)
    assert (await client.get(f"/pay/{token}", params={"back": back})).status == 200
    csrf = await csrf_of(client, f"/pay/{token}")
    fields = {"csrf": csrf, "does": "check"}
    answer = await client.post(f"/pay/{token}", params={"back": back}, data=fields, allow_redirects=False)
    assert answer.status == 303


@in_every_language
async def test_the_page_speaks_the_language_of_the_chat(
    customer: Customer, client: Client, language: str
) -> None:
    token = await asks_for_a_link(customer, language)
    page = await (await client.get(f"/pay/{token}", headers={"Accept-Language": "de"})).text()
    assert SPEAKERS[language].plain(Phrase(Text("Your payment"))) in page
    assert "DPR 6687" in page
    assert "Krasniqi" not in page


async def test_only_our_own_page_opens_a_payment(customer: Customer, client: Client) -> None:
    token = await asks_for_a_link(customer)
    csrf = await csrf_of(client, f"/pay/{token}")
    forged: tuple[dict[str, str], ...] = ({"csrf": ""}, {"csrf": csrf[::-1]}, {})
    for fields in forged:
        answer = await client.post(f"/pay/{token}", data={**fields, "does": "pay"})
        assert answer.status == 403
    foreign = await client.post(
        f"/pay/{token}", data={"csrf": csrf, "does": "pay"}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status == 403
    async with ClientSession() as elsewhere:  # another browser, which was not given this form
        fields = {"csrf": csrf, "does": "pay"}
        async with elsewhere.post(client.make_url(f"/pay/{token}"), data=fields) as refused:
            assert refused.status == 403
    assert await customer.world.rows("select * from payment_try") == []
    answer = await client.post(f"/pay/{token}", data={"csrf": csrf, "does": "pay"})
    assert answer.status == 200
    assert "/sandbox/" in await answer.text()


@pytest.mark.parametrize("token", ["0" * 64, "short", "0" * 63 + "g", "0" * 65])
async def test_a_guess_finds_nothing(client: Client, token: str) -> None:
    assert (await client.get(f"/pay/{token}")).status == 404
    assert (await client.post(f"/pay/{token}", data={"does": "pay"})).status in (403, 404)


async def test_a_callback_is_answered_when_its_effect_is_there(customer: Customer, client: Client) -> None:
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    answer = await client.post("/payments/sandbox", json={"order": order.id})
    assert answer.status == 200
    assert [row["state"] for row in await world.rows("select state from payment_order")] == ["paid"]
    assert (await client.post("/payments/sandbox", json={"order": "nobody"})).status == 404
    assert (await client.post("/payments/other", json={"order": order.id})).status == 404


@in_every_language
async def test_the_page_of_what_was_given_back_says_so_and_takes_nothing(
    customer: Customer, client: Client, language: str
) -> None:
    world = customer.world
    token = await asks_for_a_link(customer, language)
    order = await pays(world, token)
    for state in ("paid", "refunded"):
        await world.storage.commit([Write(f"update sandbox_order set state = '{state}'")])
        assert (await client.post("/payments/sandbox", json={"order": order.id})).status == 200
    page = await (await client.get(f"/pay/{token}")).text()
    assert SPEAKERS[language].plain(Phrase(TITLES[Standing.RETURNED])) in page
    assert 'value="pay"' not in page


async def test_a_callback_without_the_database_comes_again(customer: Customer, client: Client) -> None:
    world = customer.world
    order = await pays(world, await asks_for_a_link(customer))
    await world.bank.close()  # its own call might be the one that finds the database away
    await world.settle()
    world.storage.away = 1
    answer = await client.post("/payments/sandbox", json={"order": order.id})
    assert answer.status == 503
    assert (await client.post("/payments/sandbox", json={"order": order.id})).status == 200


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_two_people_open_one_link_and_one_of_them_pays(
    customer: Customer, size: dict[str, int], scheme: str
) -> None:
    path, world = needs_chromium(), customer.world
    world.draw_with(PAINTERS)
    token = await asks_for_a_link(customer)
    async with site(world) as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES)
        pages = []
        for _ in range(2):
            context = await browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            page = await context.new_page()
            await page.goto(str(server.make_url(f"/pay/{token}")))
            pages.append(page)
        one, other = pages
        wide = await one.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
        for page in pages:
            await page.locator("button[value=pay]").click()
            await page.wait_for_url("**/sandbox/*")
        assert one.url == other.url
        await one.locator("button[value=secure]").click()
        await one.fill("#code", "000000")
        await one.locator("button[value=secure]").click()
        await expect(one.get_by_role("alert")).to_be_visible()
        await one.fill("#code", "123456")
        await one.locator("button[value=secure]").click()
        await one.wait_for_url("**/pay/*")
        await expect(one.get_by_role("heading", name="It is paid")).to_be_visible(timeout=20_000)
        await other.locator("button[value=good]").click()
        await expect(other.get_by_role("heading", name="It is paid")).to_be_visible(timeout=20_000)
        await browser.close()
    await world.settle()
    assert customer.reads(WORDS["paid"])
    assert len(await world.rows("select * from payment_try")) == 1
    assert await world.rows("select * from payment_trouble") == []
