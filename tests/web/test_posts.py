"""What a browser may post, and what it is told when it may not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from dialogs.engine.events import Arrived, Said, Tapped
from storage import web_messages
from tests.web.conftest import Site
from tests.web.desk import MENU

Client = TestClient[Request, Application]
ID = "0123456789abcdef"


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    async with TestClient(TestServer(site.build())) as client:
        yield client


async def csrf_of(client: Client) -> str:
    page = await (await client.get("/chat")).text()
    found = re.search(r'data-csrf="(\w+)"', page)
    assert found
    return found[1]


async def post(
    client: Client, csrf: str, headers: dict[str, str] | None = None, **deed: Any
) -> ClientResponse:
    deed.setdefault("id", ID)
    return await client.post("/chat", json=deed, headers={"X-CSRF-Token": csrf, **(headers or {})})


async def submit(client: Client, csrf: str, **fields: str) -> ClientResponse:
    form = FormData({"csrf": csrf, "id": ID, **fields})
    return await client.post("/chat", data=form, allow_redirects=False)


async def shown(site: Site, author: str) -> list[str]:
    chat = site.desk.arrivals[0].chat
    rows = await site.storage.read(web_messages.history(chat, 50))
    return [json.loads(str(row["body"]))["text"][0][0] for row in rows if row["author"] == author]


async def test_a_first_visit_is_given_a_cookie_that_scripts_cannot_read(client: Client) -> None:
    answer = await client.get("/chat")
    cookie = answer.cookies["chat"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (
        True,
        "Lax",
        "",
        "/",
    )


async def test_on_https_the_cookie_is_bound_to_the_host(site: Site) -> None:
    async with TestClient(TestServer(site.build(public_url="https://chat.example.com"))) as client:
        answer = await client.get("/chat")
    cookie = answer.cookies["__Host-chat"]
    assert cookie["secure"] is True
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_a_reload_keeps_the_cookie(client: Client) -> None:
    first = await client.get("/chat")
    second = await client.get("/chat")
    assert first.cookies["chat"].value == second.cookies["chat"].value


async def test_every_page_refuses_what_it_does_not_need(client: Client) -> None:
    for path in ("/chat", "/static/chat.js", "/file/nothing", "/healthz"):
        headers = (await client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Strict-Transport-Security" not in headers
    assert (await client.get("/chat")).headers["Cache-Control"] == "no-store"


async def test_the_page_has_no_inline_script_and_no_inline_style(client: Client) -> None:
    page = await (await client.get("/chat")).text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


async def test_the_root_leads_to_the_chat(client: Client) -> None:
    answer = await client.get("/", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/chat")


async def test_a_text_reaches_the_assistant_and_stands_in_the_chat(client: Client, site: Site) -> None:
    answer = await post(client, await csrf_of(client), text="  përshëndetje 💡 ")
    await site.desk.done()
    assert answer.status == 202
    assert [type(event) for event in site.desk.heard] == [Said]
    assert await shown(site, "me") == ["përshëndetje 💡"]
    assert await shown(site, "bot") == ["Keni shkruar: përshëndetje 💡"]


async def test_an_arrival_and_a_tap_are_heard_as_what_they_are(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    await post(client, csrf, id="arrival", arrive="sr_Cyrl")
    await post(client, csrf, tap="lang:sr")
    arrived, tapped = site.desk.heard
    assert isinstance(arrived, Arrived)
    assert arrived.language == "sr_Cyrl"
    assert isinstance(tapped, Tapped)
    assert tapped.payload == "lang:sr"


async def test_the_same_post_twice_is_one_message(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    answers = [await post(client, csrf, text="një herë") for _ in range(3)]
    await site.desk.done()
    assert [answer.status for answer in answers] == [202, 202, 202]
    assert len(site.desk.heard) == 1
    assert await shown(site, "me") == ["një herë"]


async def test_the_same_id_in_two_chats_is_two_messages(site: Site) -> None:
    for text in ("i pari", "i dyti"):
        async with TestClient(TestServer(site.build())) as client:
            await post(client, await csrf_of(client), text=text)
    assert len({arrival.chat for arrival in site.desk.arrivals}) == 2


async def test_the_chat_is_known_by_a_hash_and_never_by_the_cookie(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    token = client.session.cookie_jar.filter_cookies(client.make_url("/"))["chat"].value
    await post(client, csrf, text="mirë")
    [arrival] = site.desk.arrivals
    assert re.fullmatch(r"web:[0-9a-f]{32}", arrival.chat)
    assert token not in arrival.key + arrival.chat


async def test_a_post_without_the_page_s_token_is_refused(client: Client, site: Site) -> None:
    await csrf_of(client)
    answer = await post(client, "0" * 64, text="x")
    assert answer.status == 403
    assert site.desk.arrivals == []


async def test_a_token_of_another_visitor_is_refused(client: Client, site: Site) -> None:
    async with TestClient(TestServer(site.build())) as other:
        theirs = await csrf_of(other)
    await csrf_of(client)
    assert (await post(client, theirs, text="x")).status == 403


async def test_a_post_without_a_cookie_is_refused(site: Site, client: Client) -> None:
    csrf = await csrf_of(client)
    client.session.cookie_jar.clear()
    assert (await post(client, csrf, text="x")).status == 403


async def test_a_post_from_another_origin_is_refused(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await post(client, csrf, headers, text="x")).status == 403
    own = {"Origin": f"http://{client.host}:{client.port}", "Sec-Fetch-Site": "same-origin"}
    assert (await post(client, csrf, own, text="x")).status == 202


async def test_behind_a_proxy_the_public_origin_counts(site: Site) -> None:
    async with TestClient(TestServer(site.build(public_url="http://chat.example.com"))) as client:
        csrf = await csrf_of(client)
        answer = await post(client, csrf, {"Origin": "http://chat.example.com"}, text="x")
    assert answer.status == 202


async def test_a_huge_post_is_refused_with_a_sentence(client: Client, site: Site) -> None:
    answer = await post(client, await csrf_of(client), text="x" * 300_000)
    assert answer.status == 413
    assert "too long" in (await answer.json())["error"]
    assert site.desk.arrivals == []


async def test_a_long_text_is_cut(client: Client, site: Site) -> None:
    await post(client, await csrf_of(client), text="ë" * 5_000)
    [said] = site.desk.heard
    assert isinstance(said, Said)
    assert len(said.text) == 4_000


async def test_what_no_database_can_hold_is_left_out(client: Client, site: Site) -> None:
    await post(client, await csrf_of(client), text="a\x00b\ud800c")
    [said] = site.desk.heard
    assert isinstance(said, Said)
    assert said.text == "abc"


async def test_what_is_no_post_of_ours_is_answered_with_a_sentence(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    headers = {"X-CSRF-Token": csrf, "Content-Type": "application/json"}
    for body in (b"", b"[]", b"{}", b"\xff", b'{"id": "0123456789abcdef", "text": 5}', b"[" * 20_000):
        answer = await client.post("/chat", data=body, headers=headers)
        assert answer.status == 400
        assert (await answer.json())["error"]
    assert (await post(client, csrf, id="'; drop", text="x")).status == 400
    assert site.desk.arrivals == []


async def test_thirty_posts_in_ten_seconds_are_enough(client: Client) -> None:
    csrf = await csrf_of(client)
    answers = [await post(client, csrf, id=f"{n:08}", tap="lang:sq") for n in range(31)]
    assert [answer.status for answer in answers] == [202] * 30 + [429]
    assert "ten seconds" in (await answers[-1].json())["error"]


async def test_a_database_that_is_away_is_said_and_nothing_is_taken(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    site.desk.away = True
    answer = await post(client, csrf, text="a jeni aty?")
    assert answer.status == 503
    assert (await answer.json())["error"]
    site.desk.away = False
    assert (await post(client, csrf, text="a jeni aty?")).status == 202
    await site.desk.done()
    assert await shown(site, "me") == ["a jeni aty?"]


async def test_without_script_a_form_leads_back_to_the_answer(client: Client, site: Site) -> None:
    answer = await submit(client, await csrf_of(client), text="menu")
    assert (answer.status, answer.headers["Location"]) == (303, "/chat#end")
    page = await (await client.get("/chat")).text()
    assert "Si mund t&#39;ju ndihmoj?" in page
    assert 'name="tap" value="2:estimate"' in page


async def test_without_script_a_second_button_of_the_same_page_counts_and_a_double_tap_does_not(
    client: Client, site: Site
) -> None:
    csrf = await csrf_of(client)
    for payload in ("lang:sr", "lang:sr", "lang:en"):
        await submit(client, csrf, tap=payload)
    assert [event.payload for event in site.desk.heard if isinstance(event, Tapped)] == ["lang:sr", "lang:en"]


async def test_without_script_a_failure_keeps_the_words_and_offers_to_send_them_again(
    client: Client, site: Site
) -> None:
    csrf = await csrf_of(client)
    site.desk.away = True
    answer = await submit(client, csrf, text="<b>fatura</b>")
    page = await answer.text()
    assert answer.status == 503
    assert 'name="text" value="&lt;b&gt;fatura&lt;/b&gt;"' in page
    assert f'name="id" value="{ID}"' in page


async def test_a_tap_is_shown_in_the_words_of_its_button(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    await post(client, csrf, id="arrival", arrive="sq")
    await site.desk.done()
    chat = site.desk.arrivals[0].chat
    menu = int(await site.channel.send(chat, MENU, "sq"))
    await post(client, csrf, tap="2:app", message=menu)
    assert await shown(site, "me") == ["📱 Aplikacioni eKESCO"]


async def test_a_tap_that_no_button_has_puts_no_words_in_the_customer_s_mouth(
    client: Client, site: Site
) -> None:
    csrf = await csrf_of(client)
    await post(client, csrf, id="arrival", arrive="sq")
    chat = site.desk.arrivals[0].chat
    mine, other = [int(await site.channel.send(name, MENU, "sq")) for name in (chat, "web:other")]
    for n, (payload, message) in enumerate([("2:never", mine), ("2:app", other), ("2:app", 0)]):
        await post(client, csrf, id=f"tap-{n:05}", tap=payload, message=message)
    assert await shown(site, "me") == []


async def test_opening_the_page_changes_nothing(client: Client, site: Site) -> None:
    for _ in range(3):
        await client.get("/chat")
    assert site.desk.arrivals == []


async def test_words_of_customer_and_assistant_are_never_markup(client: Client, site: Site) -> None:
    await post(client, await csrf_of(client), text="<script>alert(1)</script>")
    await site.desk.done()
    page = await (await client.get("/chat")).text()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


async def test_two_posts_at_once_are_both_taken(client: Client, site: Site) -> None:
    csrf = await csrf_of(client)
    await asyncio.gather(*(post(client, csrf, id=f"post-{n:04}", text=f"{n}") for n in range(10)))
    assert len(site.desk.arrivals) == 10
