"""One-time pages through the real site: what a link, a robot and a stranger can do with one."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from prometheus_client import CollectorRegistry

from bot.forms_port import Why
from bot.pages import hashed
from dialogs.engine.text import Phrase, Text
from dialogs.register import Register
from handlers.web.forms import FormDesk
from handlers.web.identity import Visitor
from handlers.web.listeners import Listeners
from handlers.web.notices import CLOSED
from handlers.web.server import build_web
from storage.tables import Account
from tests.talk.customer import PASSWORD, Customer
from tests.talk.words import SPEAKERS
from tests.talk.world import SECRET, World
from tests.web.launches import BOT, launch

Client = TestClient[Request, Application]
GOOD = {"password": PASSWORD, "again": PASSWORD}
ROBOTS = ("TelegramBot (like TwitterBot)", "facebookexternalhit/1.1", "Viber", "WhatsApp/2.23", "Googlebot")
FOREIGN = SPEAKERS["en"].plain(Phrase(CLOSED[Why.FOREIGN].title))
#: What every answer about a page has to say to the browser.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@asynccontextmanager
async def site(world: World, public_url: str = "") -> AsyncIterator[Client]:
    """Browsers' way to the program."""
    app = build_web(
        storage=world.storage,
        intake=world.inbox,
        listeners=Listeners(),
        speak=lambda language, msgid: SPEAKERS[language].plain(Phrase(Text(msgid))),
        secret_key=SECRET.encode(),
        public_url=public_url,
        registry=CollectorRegistry(),
        forms=FormDesk(world.pages, lambda language, phrase: SPEAKERS[language].plain(phrase), BOT),
        clock=world.clock,
    )
    async with TestClient(TestServer(app)) as client:
        yield client
        await world.settle()


@pytest_asyncio.fixture
async def client(world: World) -> AsyncIterator[Client]:
    async with site(world) as client:
        yield client


@dataclass
class Link:
    """A page as its customer has got it."""

    customer: Customer
    token: str

    @property
    def path(self) -> str:
        return f"/form/{self.token}"

    async def is_used(self) -> bool:
        rows = await self.customer.world.rows(
            "select used_at from form where token_hash = :hash", hash=hashed(self.token)
        )
        return rows[0]["used_at"] is not None


async def at_the_password(world: World, name: str = "1") -> Link:
    customer = Customer(world, name)
    await customer.applies_for("en")
    return Link(customer, customer.page())


async def csrf_of(client: Client, path: str) -> str:
    page = await (await client.get(path)).text()
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, page[:500]
    return unescape(found[1])


async def send(
    client: Client,
    path: str,
    typed: Mapping[str, str] = GOOD,
    *,
    csrf: str | None = None,
    init_data: str = "",
    headers: Mapping[str, str] | None = None,
) -> ClientResponse:
    """As the page sends it, which is opened first."""
    csrf = await csrf_of(client, path) if csrf is None else csrf
    fields = {"csrf": csrf, "init_data": init_data, **typed}
    return await client.post(path, data=fields, headers=headers, allow_redirects=False)


async def everything(world: World) -> dict[str, list[dict[str, object]]]:
    """The whole database."""
    return {
        table.name: [dict(row) for row in await world.rows(f"select * from {table.name}")]
        for table in Account.metadata.sorted_tables
    }


# -- looking -------------------------------------------------------------------------------------------


async def test_a_link_that_robots_fetch_twenty_times_is_still_good(world: World, client: Client) -> None:
    link = await at_the_password(world)
    before = await everything(world)
    for n in range(20):
        headers = {"User-Agent": ROBOTS[n % len(ROBOTS)]}
        ask = client.head if n % 4 == 3 else client.get
        answer = await ask(link.path, headers=headers)
        assert answer.status == 200
        client.session.cookie_jar.clear()
    await world.settle()
    assert await everything(world) == before
    answer = await send(client, link.path)
    await world.settle()
    assert answer.status == 303
    assert link.customer.reads(Register.summary.text)


async def test_looking_at_a_page_that_is_over_changes_nothing_either(world: World, client: Client) -> None:
    used, old = await at_the_password(world, "1"), await at_the_password(world, "2")
    await send(client, used.path)
    await world.settle()
    world.at = world.at.replace(hour=world.at.hour + 1)
    before = await everything(world)
    for path in (used.path, old.path, "/form/" + secrets.token_hex(32)):
        assert (await client.get(path)).status in (404, 410)
        assert (await client.head(path)).status in (404, 410)
    assert await everything(world) == before


async def test_a_page_says_nothing_of_whose_it_is(world: World, client: Client) -> None:
    """A link may be passed on, or shown by a preview: the answers of the chat are not in it."""
    link = await at_the_password(world)
    page = unescape(await (await client.get(link.path)).text())
    for answer in ("Arta", "Krasniqi", "1234567892", "arta@", "123 456", "6687", link.customer.chat):
        assert answer not in page


async def test_the_token_stands_in_no_column(world: World) -> None:
    link = await at_the_password(world)
    assert link.token not in str(await everything(world))


# -- sending -------------------------------------------------------------------------------------------


async def test_a_page_is_used_once_however_often_it_is_sent(world: World, client: Client) -> None:
    link = await at_the_password(world)
    csrf = await csrf_of(client, link.path)
    statuses = [(await send(client, link.path, csrf=csrf)).status for _ in range(4)]
    assert statuses == [303, 410, 410, 410]
    assert (await client.get(link.path)).status == 410
    assert len(await world.rows("select ref from secret")) == 1


async def test_a_page_of_one_chat_is_not_sent_with_the_page_or_cookie_of_another(
    world: World, client: Client
) -> None:
    one, other = await at_the_password(world, "1"), await at_the_password(world, "2")
    of_other = await csrf_of(client, other.path)
    assert (await send(client, one.path, csrf=of_other)).status == 403
    async with site(world) as elsewhere:  # another browser, with a cookie of its own
        of_one = await csrf_of(client, one.path)
        await csrf_of(elsewhere, other.path)
        assert (await send(elsewhere, one.path, csrf=of_one)).status == 403
    assert not await one.is_used()
    assert not await other.is_used()
    assert await world.rows("select ref from secret") == []


async def test_another_site_cannot_send_a_page(world: World, client: Client) -> None:
    link = await at_the_password(world)
    csrf = await csrf_of(client, link.path)
    foreign: tuple[Mapping[str, str], ...] = (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    )
    for headers in foreign:
        assert (await send(client, link.path, csrf=csrf, headers=headers)).status == 403
    for forged in ("", "x", csrf[:-1] + ("0" if csrf[-1] != "0" else "1"), csrf.partition(".")[0]):
        assert (await send(client, link.path, csrf=forged)).status == 403
    assert not await link.is_used()


async def test_whoever_opened_it_inside_telegram_must_be_whose_chat_it_is(
    world: World, client: Client
) -> None:
    link = await at_the_password(world)
    answer = await send(client, link.path, init_data=launch(42, world.at))
    assert answer.status == 403
    assert FOREIGN in await answer.text()
    forged = launch(42, world.at, token="123456789:AAanotherBotsTokenThatIsNobodys_0123456")
    assert (await send(client, link.path, init_data=forged)).status == 400
    assert not await link.is_used()


async def in_a_browser(world: World, client: Client) -> Customer:
    """Somebody whose chat is on the site, with its cookie in their browser."""
    world.channel.name, world.channels["web"] = "web", world.channel
    answer = await client.get("/chat")
    return Customer(world, Visitor(answer.cookies["chat"].value).chat.removeprefix("web:"))


async def test_a_page_of_a_chat_on_the_site_is_not_for_somebody_with_another_chat_there(
    world: World, client: Client
) -> None:
    """A link sent on, "type your password here": it would be the sender's chat that gets it."""
    customer = await in_a_browser(world, client)
    await customer.applies_for("en")
    link = Link(customer, customer.page())
    async with site(world) as elsewhere:
        await elsewhere.get("/chat")
        answer = await send(elsewhere, link.path)
        assert answer.status == 403
        assert FOREIGN in await answer.text()
        elsewhere.session.cookie_jar.clear()
        assert not await link.is_used()
        assert (await elsewhere.get(link.path)).status == 200
    assert (await send(client, link.path)).status == 303


async def test_a_page_of_a_chat_elsewhere_can_be_used_by_who_has_a_chat_here_too(
    world: World, client: Client
) -> None:
    link = await at_the_password(world)
    await client.get("/chat")
    assert (await send(client, link.path)).status == 303


async def test_what_was_typed_is_never_sent_back(world: World, client: Client) -> None:
    link = await at_the_password(world)
    for typed in ({"password": "short1A", "again": "short1A"}, {"password": PASSWORD, "again": "Other1word"}):
        answer = await send(client, link.path, typed)
        assert answer.status == 422
        page, headers = await answer.text(), str(answer.headers)
        for word in typed.values():
            assert word not in page + headers
    done = await send(client, link.path)
    assert link.token not in done.headers["Location"]
    assert PASSWORD not in str(done.headers)


# -- guessing ------------------------------------------------------------------------------------------


async def test_guessed_tokens_are_all_answered_alike(world: World, client: Client) -> None:
    link = await at_the_password(world)
    guesses = [
        *(secrets.token_hex(32) for _ in range(10)),
        *(secrets.token_urlsafe(32) for _ in range(5)),
        link.token[:-1] + ("0" if link.token[-1] != "0" else "1"),
        link.token.upper(),
        link.token[:32],
        link.token + "0",
        hashed(link.token),  # as who has a copy of the database knows it
        "short",
        "0" * 64,
    ]
    answers = set()
    for guess in guesses:
        for ask in (client.get, client.post):
            answer = await ask(f"/form/{guess}", headers={"Accept-Language": "en"})
            seen = {name: value for name, value in answer.headers.items() if name != "Date"}
            answers.add((answer.status, await answer.text() if ask == client.get else "", str(seen)))
    got = {answer for answer in answers if answer[1]}
    assert len(got) == 1
    assert next(iter(got))[0] == 404
    assert not await link.is_used()


async def test_a_guess_that_is_sent_like_a_real_page_is_answered_like_any_other(
    world: World, client: Client
) -> None:
    """The proof of our own page is made for each token: with another's nothing is even looked up."""
    link = await at_the_password(world)
    csrf = await csrf_of(client, link.path)
    answers = set()
    for _ in range(5):
        answer = await send(client, f"/form/{secrets.token_hex(32)}", csrf=csrf)
        answers.add((answer.status, re.sub(r"/form/\w+", "", await answer.text())))
    real = await send(client, link.path, csrf=csrf[::-1])
    answers.add((real.status, re.sub(r"/form/\w+", "", await real.text())))
    assert len(answers) == 1


# -- headers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("public_url", ["", "https://chat.example"], ids=["http", "https"])
async def test_every_answer_about_a_page_is_told_how_to_be_kept(world: World, public_url: str) -> None:
    link, over = await at_the_password(world, "1"), await at_the_password(world, "2")
    async with site(world, public_url) as client:
        await world.pages.submit(over.token, GOOD)
        answers = [
            await client.get(link.path),
            await client.get(over.path),
            await client.get("/form/" + secrets.token_hex(32)),
            await client.post(link.path, data={"csrf": "forged"}),
            await client.post(link.path, data=b"x", headers={"Content-Type": "text/plain"}),
            await client.post(link.path, data={"password": "x" * 20_000}),
            await client.put(link.path),
            await client.get("/form/done/forged"),
        ]
        await world.settle()  # so that it is this request which finds the database away
        world.storage.away = 1
        answers.append(await client.get(link.path))
    assert [answer.status for answer in answers] == [200, 410, 404, 403, 400, 413, 405, 404, 503]
    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items(), answer
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors https://web.telegram.org" in policy
        assert "unsafe" not in policy
        assert ("Strict-Transport-Security" in answer.headers) == bool(public_url)
    cookie = answers[0].cookies["__Host-form" if public_url else "form"]
    assert cookie["httponly"]
    assert bool(cookie["secure"]) == bool(public_url)


async def test_a_password_comes_to_rest_on_the_page_of_a_receipt(world: World, client: Client) -> None:
    """What is reloaded, bookmarked or gone back to is no form and sends nothing."""
    link = await at_the_password(world)
    done = await send(client, link.path)
    assert done.status == 303
    await world.settle()
    before = await everything(world)
    for _ in range(3):
        again = await client.get(done.headers["Location"])
        assert again.status == 200
        assert "<form" not in await again.text()
        assert HEADERS.items() <= dict(again.headers).items()
    await world.settle()
    assert await everything(world) == before
