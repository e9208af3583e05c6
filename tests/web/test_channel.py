"""The web chat as a channel."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter

from bot.channel import Button, Channel, Gone, Image, Later, Message, Span
from dialogs.engine.events import Arrived, Said, Tapped
from dialogs.engine.lines import Tone
from handlers.web.bodies import decode_message, encode_message
from handlers.web.channel import WebChannel
from handlers.web.files import FileNames
from handlers.web.health import Health
from handlers.web.identity import Visitor
from handlers.web.languages import preferred
from handlers.web.limits import RateLimit
from handlers.web.server import build_web
from storage.base import Query, Row, Unavailable
from tests.web.conftest import SECRET, Site, in_english
from tests.web.desk import MENU, RESULT, plain
from tests.web.picture import bars

AT = datetime(2026, 1, 15, 12, tzinfo=UTC)
VISITOR = Visitor("v" * 43)
Client = TestClient[Request, Application]

buttons = st.builds(
    Button, st.text(), st.text(), st.just(""), st.sampled_from(Tone), st.none() | st.booleans()
)
messages = st.builds(
    Message,
    st.lists(st.builds(Span, st.text(), st.booleans())).map(tuple),
    st.lists(st.lists(buttons).map(tuple)).map(tuple),
    st.just(0),
    st.none() | st.builds(Image, st.binary(), st.text()),
)


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    async with TestClient(TestServer(site.build()), cookies={"chat": VISITOR.token}) as client:
        yield client


class Away:
    """A database that is away."""

    async def read(self, query: Query) -> list[Row]:
        raise Unavailable

    async def commit(self, writes: object) -> list[list[Row]]:
        raise Unavailable

    async def close(self) -> None: ...


@given(messages)
def test_a_message_comes_back_from_the_table_as_it_was(message: Message) -> None:
    assert decode_message(json.loads(encode_message(message, "sq"))) == message


def test_posts_are_heard_as_events(site: Site) -> None:
    channel: Channel = site.channel
    assert channel.hear(b'{"text": "sa?"}', AT) == Said("sa?", AT)
    assert channel.hear(b'{"tap": "1:yes"}', AT) == Tapped("1:yes", AT)
    assert channel.hear(b'{"arrive": "sr"}', AT) == Arrived("sr", AT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"text": 1}', b"\xff\xff"])
def test_what_is_no_post_is_unreadable(site: Site, body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the contract of `hear` is a ValueError of any kind
        site.channel.hear(body, AT)


async def test_a_message_without_buttons_any_more_cannot_be_edited(site: Site) -> None:
    number = await site.channel.send("web:a", MENU, "sq")
    await site.channel.strip("web:a", number)
    await site.channel.strip("web:a", number)
    for gone in (number, "999", "nothing"):
        with pytest.raises(Gone):
            await site.channel.edit("web:a", gone, MENU, "sq")


async def test_a_message_of_another_chat_cannot_be_edited(site: Site) -> None:
    number = await site.channel.send("web:a", MENU, "sq")
    with pytest.raises(Gone):
        await site.channel.edit("web:b", number, MENU, "sq")


async def test_a_database_that_is_away_means_later(site: Site) -> None:
    with pytest.raises(Later):
        await WebChannel(Away(), site.listeners).send("web:a", MENU, "sq")


async def test_a_picture_is_served_under_a_name_that_nobody_guesses(client: Client, site: Site) -> None:
    await site.channel.send(VISITOR.chat, Message((Span("Ja"),), image=Image(bars(), 'tri "shtylla"')), "sq")
    page = await (await client.get("/chat")).text()
    found = re.search(r'<img src="(/file/[\w=-]+)" alt="tri &#34;shtylla&#34;"', page)
    assert found
    answer = await client.get(found[1])
    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/png", bars())
    assert (await client.get(found[1][:-3] + "abc")).status == 404


async def test_no_name_leads_to_a_message_without_a_picture(client: Client, site: Site) -> None:
    number = int(await site.channel.send(VISITOR.chat, plain("tekst"), "sq"))
    name = FileNames(SECRET).name(number, datetime.now(UTC).timestamp())
    assert (await client.get(f"/file/{name}")).status == 404


def test_the_name_of_a_picture_ends_after_two_days() -> None:
    names, now = FileNames(SECRET), AT.timestamp()
    name = names.name(7, now)
    assert names.message(name, now + 24 * 3600) == 7
    assert names.message(name, now + 2 * 24 * 3600) is None
    assert FileNames(b"another").message(name, now) is None


@given(st.text())
def test_no_other_name_leads_anywhere(token: str) -> None:
    assert FileNames(SECRET).message(token, 0) is None


async def test_links_can_be_followed_and_amounts_are_no_links(client: Client, site: Site) -> None:
    await site.channel.send(VISITOR.chat, RESULT, "sq")
    page = await (await client.get("/chat")).text()
    assert 'href="https://www.kesco-energy.com/tarifat"' in page
    assert page.count('<a href="http') == 1


async def test_an_address_that_is_shown_in_part_is_no_link(client: Client, site: Site) -> None:
    await site.channel.send(VISITOR.chat, plain("E-mail: a•••@example.com"), "en")
    await site.channel.send(VISITOR.chat, plain("E-mail: ana@example.com"), "en")
    page = await (await client.get("/chat")).text()
    assert "E-mail: a•••@example.com" in page
    assert page.count('href="mailto:') == page.count('href="mailto:ana@example.com"') == 1


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "sq"),
        ("sq-AL,sq;q=0.9,en;q=0.8", "sq"),
        ("de-DE,de;q=0.9,en;q=0.5", "en"),
        ("fr", "sq"),
        ("sr-RS", "sr"),
        ("sr-Cyrl-RS,sr;q=0.9", "sr_Cyrl"),
        ("hr-HR", "sr"),
        ("en;q=0.1, bs;q=0.7", "sr"),
        ("en;q=x, sr", "sr"),
        (";;;,,,q=", "sq"),
    ],
)
def test_the_language_is_guessed_from_the_browser(header: str, language: str) -> None:
    assert preferred(header) == language


async def test_the_page_speaks_the_language_of_its_chat(client: Client, site: Site) -> None:
    await site.channel.send(VISITOR.chat, plain("Izvolite"), "sr")
    answer = await client.get("/chat", headers={"Accept-Language": "en"})
    assert '<html lang="sr-Latn"' in await answer.text()


async def test_the_words_of_the_page_come_from_the_speaker(site: Site) -> None:
    def speak(language: str, msgid: str) -> str:
        return f"[{language}] {msgid}"

    async with TestClient(TestServer(site.build(speak=speak))) as client:
        page = await (await client.get("/chat", headers={"Accept-Language": "sr"})).text()
    assert 'placeholder="[sr] Message"' in page


def test_the_rate_of_posts_is_forgotten_after_its_seconds() -> None:
    now = [0.0]
    limit = RateLimit(2, 10, lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    now[0] = 10.0
    assert limit.allows("a")


async def test_ready_means_that_every_probe_answers(site: Site) -> None:
    async def works() -> None: ...

    async def fails() -> None:
        raise OSError("secret address")

    for probes, status in (({"a": works}, 200), ({"a": works, "b": fails}, 503)):
        app = Application()
        app.router.add_get("/readyz", Health(probes, CollectorRegistry()).ready)
        async with TestClient(TestServer(app)) as client:
            answer = await client.get("/readyz")
            assert answer.status == status
            assert "secret" not in await answer.text()


async def test_the_figures_of_the_program_are_served(site: Site) -> None:
    registry = CollectorRegistry()
    Counter("turns", "Turns", registry=registry).inc(3)
    app = build_web(
        storage=site.storage,
        intake=site.desk,
        listeners=site.listeners,
        speak=in_english,
        secret_key=SECRET,
        registry=registry,
    )
    async with TestClient(TestServer(app)) as client:
        assert "turns_total 3.0" in await (await client.get("/metrics")).text()
        assert (await client.get("/healthz")).status == 200
