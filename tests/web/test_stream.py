"""What an open page is told, and what it finds after a break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from handlers.web.channel import WebChannel
from handlers.web.identity import Visitor
from handlers.web.listeners import Listeners
from storage.open import open_storage
from tests.web.conftest import Site
from tests.web.desk import MENU, picking, plain

Client = TestClient[Request, Application]
VISITOR = Visitor("v" * 43)


@dataclass(frozen=True)
class Told:
    name: str
    id: str
    html: str


class Ear:
    """Reads the events of a response."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response

    async def next(self) -> Told:
        async with asyncio.timeout(5):
            return await self._next()

    async def _next(self) -> Told:
        while True:
            block = await self._response.content.readuntil(b"\n\n")
            fields = [line.partition(": ") for line in block.decode().split("\n") if line]
            if any(name == "event" for name, _, _ in fields):
                found = {name: value for name, _, value in fields}
                data = "\n".join(value for name, _, value in fields if name == "data")
                return Told(found["event"], found.get("id", ""), data)


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    async with TestClient(TestServer(site.build()), cookies={"chat": VISITOR.token}) as client:
        yield client


async def listen(client: Client, last: str = "") -> Ear:
    response = await client.get("/chat/events", headers={"Last-Event-ID": last} if last else {})
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    return Ear(response)


async def test_a_message_comes_as_it_stands_on_the_page(client: Client, site: Site) -> None:
    ear = await listen(client)
    number = await site.channel.send(VISITOR.chat, plain("Një\n\ndy"), "sq")
    told = await ear.next()
    assert told.name == "message"
    assert f'id="m{number}"' in told.html
    assert 'lang="sq"' in told.html
    assert "Një\n\ndy" in told.html


async def test_changed_and_stripped_messages_come_again(client: Client, site: Site) -> None:
    ear = await listen(client)
    number = await site.channel.send(VISITOR.chat, picking(frozenset()), "sq")
    assert 'aria-pressed="true"' not in (await ear.next()).html
    await site.channel.edit(VISITOR.chat, number, picking(frozenset({"tv"})), "sq")
    assert (await ear.next()).html.count('aria-pressed="true"') == 1
    await site.channel.strip(VISITOR.chat, number)
    assert "<button" not in (await ear.next()).html


async def test_typing_is_told(client: Client, site: Site) -> None:
    ear = await listen(client)
    await site.channel.typing(VISITOR.chat)
    assert (await ear.next()).name == "typing"


async def test_after_a_break_the_page_is_told_what_it_missed(client: Client, site: Site) -> None:
    ear = await listen(client)
    menu = await site.channel.send(VISITOR.chat, MENU, "sq")
    place = (await ear.next()).id
    await site.channel.strip(VISITOR.chat, menu)
    missed = await site.channel.send(VISITOR.chat, plain("e humbur"), "sq")
    again = await listen(client, place)
    stripped, message = await again.next(), await again.next()
    assert f'id="m{menu}"' in stripped.html
    assert "<button" not in stripped.html
    assert f'id="m{missed}"' in message.html


async def test_a_place_that_is_none_of_ours_begins_at_the_beginning(client: Client, site: Site) -> None:
    await site.channel.send(VISITOR.chat, plain("e para"), "sq")
    for place in ("x", "1.2", "-1.0.0", "9" * 40 + ".0.0"):
        assert "e para" in (await (await listen(client, place)).next()).html


async def test_a_page_hears_of_its_own_chat_alone(client: Client, site: Site) -> None:
    ear = await listen(client)
    await site.channel.send("web:other", plain("sekret"), "sq")
    await site.phone.deliver("web:other", "sms", "+38344123456", "", "481205")
    await site.channel.send(VISITOR.chat, plain("imja"), "sq")
    assert "imja" in (await ear.next()).html


async def test_what_another_process_wrote_comes_too(client: Client, url: str, site: Site) -> None:
    ear = await listen(client)
    storage = open_storage(url)
    await WebChannel(storage, Listeners()).send(VISITOR.chat, plain("nga larg"), "sq")
    await storage.close()
    assert "nga larg" in (await ear.next()).html


async def test_sms_and_e_mails_come_to_the_demo_s_phone(client: Client, site: Site) -> None:
    ear = await listen(client)
    await site.phone.deliver(VISITOR.chat, "email", "arta@example.com", "Fatura", "25,13 € <b>")
    told = await ear.next()
    assert told.name == "phone"
    assert "Fatura" in told.html
    assert "25,13 € &lt;b&gt;" in told.html
    assert "25,13 €" in await (await client.get("/chat")).text()


async def test_outside_the_demo_there_is_no_phone(site: Site) -> None:
    await site.phone.deliver(VISITOR.chat, "sms", "+38344123456", "", "481205")
    async with TestClient(TestServer(site.build(demo=False)), cookies={"chat": VISITOR.token}) as client:
        page = await (await client.get("/chat")).text()
        ear = await listen(client)
        await site.channel.send(VISITOR.chat, plain("imja"), "sq")
        assert "imja" in (await ear.next()).html
    assert "481205" not in page
    assert 'id="phone"' not in page


async def test_without_a_cookie_there_is_nothing_to_hear(site: Site) -> None:
    async with TestClient(TestServer(site.build())) as client:
        assert (await client.get("/chat/events")).status == 403


async def test_when_the_program_stops_the_streams_end(client: Client, site: Site) -> None:
    response = await client.get("/chat/events")
    site.listeners.close()
    rest = await asyncio.wait_for(response.content.read(), 5)
    assert rest.startswith(b":")
