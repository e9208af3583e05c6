"""One-time pages as a browser meets them: what they show, take and refuse."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.forms_port import Closed, Opened, Refused, Taken, Why
from dialogs.engine.text import Phrase, Text
from handlers.web.forms import FormDesk, Forms
from handlers.web.notices import CLOSED
from locales.speaker import Speaker
from tests.web.conftest import Site
from tests.web.launches import BOT, launch
from tests.web.office import (
    CURRENT_PASSWORD,
    FILE,
    MY_DATA,
    NEW_PASSWORD,
    NOON,
    RIGHT,
    TOKEN,
    Office,
    Sheet,
)

Client = TestClient[Request, Application]
PATH = f"/form/{TOKEN}"
GOOD = {"password": "Fjala 1 e re", "again": "Fjala 1 e re"}
ENGLISH = Speaker("en", strict=True)


def tagged(language: str, phrase: Phrase) -> str:
    """The English words, with the language that they were asked in."""
    words = ENGLISH.plain(phrase)
    return words if language == "en" else f"[{language}] {words}"


@pytest.fixture
def office() -> Office:
    return Office()


@asynccontextmanager
async def opened(
    site: Site, forms: Forms, office: Office, *, public_url: str = "", token: str = BOT
) -> AsyncIterator[Client]:
    desk = FormDesk(forms, tagged, telegram_token=token, telegram_bot=lambda: "ekesco_bot")
    app = site.build(
        public_url=public_url,
        speak=lambda language, msgid: tagged(language, Phrase(Text(msgid))),
        forms=desk,
        clock=office.clock,
    )
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest_asyncio.fixture
async def client(site: Site, office: Office) -> AsyncIterator[Client]:
    async with opened(site, office, office) as client:
        yield client


async def page_of(client: Client, path: str = PATH) -> str:
    return unescape(await (await client.get(path)).text())


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


async def send(
    client: Client,
    fields: Mapping[str, str],
    *,
    path: str = PATH,
    csrf: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ClientResponse:
    """Post as the page does, which is opened first."""
    csrf = csrf_in(await page_of(client, path)) if csrf is None else csrf
    body = urlencode({"csrf": csrf, "init_data": "", **fields})
    return await client.post(
        path,
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded", **(headers or {})},
        allow_redirects=False,
    )


# --- What a page shows ---------------------------------------------------------------------------------


async def test_the_page_shows_everything_that_it_was_given(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    page = await page_of(client)
    for words in (NEW_PASSWORD.title, NEW_PASSWORD.lead, NEW_PASSWORD.submit):
        assert words.msgid in page
    for field in NEW_PASSWORD.fields:
        assert field.label.msgid in page
        assert all(rule.text.msgid in page for rule in field.rules)
    assert "The same in both fields" in page
    assert "Ar••• B•••" in page
    assert "This answers your chat on Telegram." in page
    assert "open for 10 more minutes, until 12:10." in page


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(minutes=9, seconds=1), "10 more minutes"),
        (timedelta(seconds=61), "2 more minutes"),
        (timedelta(seconds=60), "1 more minute,"),
        (timedelta(seconds=1), "1 more minute,"),
    ],
)
async def test_the_time_that_is_left_is_said_in_minutes(
    client: Client, office: Office, left: timedelta, words: str
) -> None:
    office.put(Sheet(NEW_PASSWORD, expires_at=NOON + left))
    page = await page_of(client)
    assert words in page
    assert f'data-seconds="{int(left.total_seconds())}"' in page


async def test_browsers_and_password_managers_are_told_what_a_field_is(
    client: Client, office: Office
) -> None:
    office.put(Sheet(NEW_PASSWORD))
    page = await page_of(client)
    assert re.findall(r'name="(\w+)" type="password" autocomplete="([\w-]+)"', page) == [
        ("password", "new-password"),
        ("again", "new-password"),
    ]
    assert "maxlength" not in page, "a password is never cut"
    office.put(Sheet(CURRENT_PASSWORD))
    assert 'autocomplete="current-password"' in await page_of(client)


async def test_every_field_has_its_label_and_what_describes_it(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    page = await page_of(client)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()]
    for name in (*re.findall(r'<label for="([^"]+)"', page), *described):
        assert name in ids


@pytest.mark.parametrize(
    ("language", "tag"), [("sq", "sq"), ("sr", "sr-Latn"), ("sr_Cyrl", "sr-Cyrl"), ("en", "en")]
)
async def test_the_page_speaks_the_language_of_its_chat(
    client: Client, office: Office, language: str, tag: str
) -> None:
    office.put(Sheet(NEW_PASSWORD, language=language))
    page = unescape(await (await client.get(PATH, headers={"Accept-Language": "de"})).text())
    assert f'<html lang="{tag}">' in page
    assert tagged(language, Phrase(NEW_PASSWORD.title)) in page
    assert f'href="/privacy?lang={language}"' in page


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("telegram", "your chat on Telegram"),
        ("viber", "your chat on Viber"),
        ("web", "your chat on this site"),
        ("pigeon", "your chat with eKESCO"),
    ],
)
async def test_the_page_says_which_chat_it_answers(
    client: Client, office: Office, channel: str, words: str
) -> None:
    office.put(Sheet(NEW_PASSWORD, channel=channel))
    assert words in await page_of(client)


async def test_words_of_a_page_are_never_markup(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD, who='<script>alert("1")</script>'))
    assert "<script>alert" not in await (await client.get(PATH)).text()


async def test_looking_at_a_page_changes_nothing(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    for _ in range(3):
        assert (await client.get(PATH)).status == 200
        assert (await client.head(PATH)).status == 200
    assert not sheet.used
    assert office.submitted == []
    assert (await send(client, GOOD)).status == 303


# --- What every answer refuses -------------------------------------------------------------------------


async def test_every_answer_refuses_what_it_does_not_need(site: Site, office: Office) -> None:
    async with opened(site, office, office, public_url="https://chat.example.com") as client:
        office.put(Sheet(NEW_PASSWORD))
        done = await send(client, GOOD, csrf="forged")
        for answer in (await client.get(PATH), await client.get("/form/unknown-token-of-somebody"), done):
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self'" in policy
            assert "form-action 'self'" in policy
            assert "frame-ancestors https://web.telegram.org" in policy
            assert "unsafe" not in policy
            assert "'none' https" not in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_only_one_time_pages_may_be_framed(client: Client) -> None:
    for path in ("/chat", "/terms", "/form", "/static/form.js"):
        assert "frame-ancestors 'none'" in (await client.get(path)).headers["Content-Security-Policy"]


async def test_pages_have_nothing_inline_and_nothing_from_elsewhere(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    done = await send(client, GOOD)
    for path in (PATH, done.headers["Location"], "/form/unknown-token-of-somebody"):
        page = await (await client.get(path)).text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
        assert re.findall(r'src="(.*?)"', page) == ["/static/theme.js", "/static/form.js"]
        assert not re.search(r'<link[^>]*href="(?!/static/)', page)


# --- Pages that are over -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "status"),
    [(Why.EXPIRED, 410), (Why.USED, 410), (Why.MOVED_ON, 410), (Why.UNKNOWN, 404), (Why.FOREIGN, 403)],
)
async def test_a_page_that_is_over_says_why_and_how_to_go_on(
    site: Site, office: Office, why: Why, status: int
) -> None:
    class Over:
        async def open(self, token: str) -> Opened | Closed:
            return Closed(why, "sr_Cyrl")

        async def submit(
            self, token: str, typed: Mapping[str, str], viewer: str | None = None
        ) -> Taken | Refused | Closed:
            return Closed(why, "sr_Cyrl")

    async with opened(site, Over(), office) as client:
        office.put(Sheet(NEW_PASSWORD))
        answer = await client.get(PATH)
        page = unescape(await answer.text())
    assert answer.status == status
    assert '<html lang="sr-Cyrl">' in page
    assert f"[sr_Cyrl] {CLOSED[why].title.msgid}" in page
    assert f"[sr_Cyrl] {CLOSED[why].way_on.msgid}" in page


def test_every_reason_has_a_sentence_of_its_own_and_a_way_on() -> None:
    assert set(CLOSED) == set(Why)
    assert len({notice.title for notice in CLOSED.values()}) == len(Why)
    assert all(re.search(r"[Ww]rite anything", notice.way_on.msgid) for notice in CLOSED.values())


async def test_a_page_nobody_knows_speaks_the_browser_s_language(client: Client) -> None:
    answer = await client.get("/form/unknown-token-of-somebody", headers={"Accept-Language": "sr-RS"})
    assert answer.status == 404
    assert '<html lang="sr-Latn">' in await answer.text()


@pytest.mark.parametrize("token", ["short", "x" * 129, "with%20space-and-more-letters", "%00" * 20, "ë" * 20])
async def test_what_is_no_token_is_not_even_looked_up(client: Client, office: Office, token: str) -> None:
    assert (await client.get(f"/form/{token}")).status == 404
    assert (await client.post(f"/form/{token}")).status == 404
    assert office.opened == 0


async def test_a_page_that_closes_while_it_is_filled_in_says_so(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    csrf = csrf_in(await page_of(client))
    sheet.moved_on = True
    answer = await send(client, GOOD, csrf=csrf)
    assert answer.status == 410
    assert "The chat has moved on" in await answer.text()


async def test_who_has_a_chat_on_this_site_is_led_back_to_it(client: Client, office: Office) -> None:
    assert "/chat#end" not in await page_of(client, "/form/unknown-token-of-somebody")
    await client.get("/chat")
    assert 'href="/chat#end"' in await page_of(client, "/form/unknown-token-of-somebody")


# --- What is typed -------------------------------------------------------------------------------------


async def test_what_was_typed_is_passed_on_and_uses_the_page_up(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    answer = await send(client, GOOD)
    assert answer.status == 303
    assert sheet.used
    assert office.submitted == [(GOOD, None)]
    assert TOKEN not in answer.headers["Location"]
    again = await client.get(PATH)
    assert again.status == 410


async def test_letters_and_spaces_arrive_as_they_were_typed(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    typed = "  Ë1&=+%\r\nж 💡 " + "x" * 300
    await send(client, {"password": typed, "again": typed})
    assert office.submitted == [({"password": typed, "again": typed}, None)]


async def test_the_done_page_can_be_read_again_without_sending_again(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD, language="sq"))
    done = (await send(client, GOOD)).headers["Location"]
    first, second = [await client.get(done) for _ in range(2)]
    page = unescape(await first.text())
    assert (first.status, second.status) == (200, 200)
    assert '<html lang="sq">' in page
    assert "[sq] Your password is saved." in page
    assert len(office.submitted) == 1


@pytest.mark.parametrize(
    ("channel", "words", "way"),
    [
        ("web", "Go back to the chat: it goes on there by itself.", 'href="/chat#end"'),
        ("telegram", "go back to Telegram", 'href="https://t.me/ekesco_bot"'),
        ("viber", "go back to your chat", "data-close"),
    ],
)
async def test_the_done_page_leads_back_to_the_chat(
    client: Client, office: Office, channel: str, words: str, way: str
) -> None:
    office.put(Sheet(NEW_PASSWORD, channel=channel))
    page = await page_of(client, (await send(client, GOOD)).headers["Location"])
    assert words in page
    assert way in page


async def test_a_receipt_that_was_not_written_here_says_nothing(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    genuine = (await send(client, GOOD)).headers["Location"]
    body, _, signature = genuine.rpartition(".")
    for forged in (
        f"{body}x.{signature}",
        f"{body}.{'0' * 64}",
        body,
        "/form/done/.",
        "/form/done/%ED%A0%80",
    ):
        assert (await client.get(forged)).status == 404


async def test_a_refusal_says_what_is_wrong_and_never_what_was_typed(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    answer = await send(client, {"password": "sekreti pa shifra", "again": "tjetër sekret"})
    page = unescape(await answer.text())
    assert answer.status == 422
    assert not sheet.used
    assert "It needs: A digit." in page
    assert "The two are not the same." in page
    assert "sekret" not in page
    assert [bool(found) for found in re.findall(r'aria-invalid="true"( autofocus)?', page)] == [True, False]


async def test_after_a_refusal_the_same_page_takes_a_better_answer(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    refused = await send(client, {"password": "x", "again": "x"})
    csrf = csrf_in(await refused.text())
    assert (await send(client, GOOD, csrf=csrf)).status == 303


async def test_what_is_wrong_with_the_whole_page_stands_above_it(client: Client, office: Office) -> None:
    office.put(Sheet(CURRENT_PASSWORD))
    answer = await send(client, {"password": "gabim"})
    page = await answer.text()
    assert answer.status == 422
    assert "That is not right. 4 more tries." in page
    assert page.index("4 more tries") < page.index("<form")
    assert re.search(r'aria-describedby="alarm [^>]*autofocus', page)
    assert (await send(client, {"password": RIGHT})).status == 303


async def test_a_page_that_saves_gives_the_file_itself(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(MY_DATA))
    answer = await send(client, {})
    assert answer.status == 200
    assert sheet.used
    assert await answer.read() == FILE.body
    assert answer.headers["Content-Type"] == "application/json"
    disposition = "attachment; filename=\"t__dh_nat.json\"; filename*=UTF-8''t%C3%AB%20dh%C3%ABnat.json"
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_database_that_is_away_is_said_and_nothing_typed_is_shown(
    client: Client, office: Office
) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    csrf = csrf_in(await page_of(client))
    office.away = True
    for answer in (await send(client, GOOD, csrf=csrf), await client.get(PATH)):
        page = unescape(await answer.text())
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "60"
        assert "try again" in page
        assert GOOD["password"] not in page
        assert f'href="{PATH}"' in page
    office.away = False
    assert not sheet.used
    assert (await send(client, GOOD)).status == 303


# --- Who may send --------------------------------------------------------------------------------------


async def test_on_https_the_page_s_cookie_is_bound_to_the_host(site: Site, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    async with opened(site, office, office, public_url="https://chat.example.com") as client:
        cookie = (await client.get(PATH)).cookies["__Host-form"]
    assert (cookie["httponly"], cookie["secure"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
    assert cookie["samesite"] == "Lax"


async def test_two_pages_of_one_browser_do_not_disturb_each_other(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    office.put(Sheet(CURRENT_PASSWORD), "another-token-of-this-browser")
    csrf = csrf_in(await page_of(client))
    await page_of(client, "/form/another-token-of-this-browser")
    assert (await send(client, GOOD, csrf=csrf)).status == 303


async def test_only_our_own_page_in_the_same_browser_may_send(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    office.put(Sheet(NEW_PASSWORD), "another-token-of-this-browser")
    genuine = csrf_in(await page_of(client))
    of_another_form = csrf_in(await page_of(client, "/form/another-token-of-this-browser"))
    nonce = genuine.partition(".")[0]
    forged = ["", "x", "ë", of_another_form, f"{nonce}.{'0' * 64}", f"{nonce}x.{genuine[-64:]}"]
    for csrf in forged:
        assert (await send(client, GOOD, csrf=csrf)).status == 403
    client.session.cookie_jar.clear()
    answer = await send(client, GOOD, csrf=genuine)
    assert answer.status == 403
    assert f'href="{PATH}"' in await answer.text()
    assert not sheet.used
    assert office.submitted == []


async def test_another_site_may_not_send(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "https://web.telegram.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert (await send(client, GOOD, headers=headers)).status == 403
    assert office.submitted == []
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert (await send(client, GOOD, headers=own)).status == 303


async def test_what_is_no_form_is_refused(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    csrf = csrf_in(await page_of(client))
    form = "application/x-www-form-urlencoded"
    for kind, body in (
        ("application/json", b'{"csrf": "x"}'),
        ("multipart/form-data; boundary=x", b"--x--"),
        ("text/plain", f"csrf={csrf}".encode()),
        (form, b"csrf=%ff"),
        (form, "csrf=ë".encode()),
        (form, f"csrf={csrf}&password=a&password=b".encode()),
        (form, b"&".join(b"f%d=1" % n for n in range(40))),
    ):
        answer = await client.post(PATH, data=body, headers={"Content-Type": kind})
        assert answer.status == 400, body
        assert "could not be read" in await answer.text()
    assert office.submitted == []


async def test_a_body_of_more_than_16_kib_is_refused(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    answer = await send(client, {"password": "x" * 17_000})
    assert answer.status == 413
    assert "too long" in await answer.text()
    assert office.submitted == []


async def test_ten_tries_a_minute_are_enough_for_one_page(client: Client, office: Office) -> None:
    office.put(Sheet(CURRENT_PASSWORD))
    office.put(Sheet(CURRENT_PASSWORD), "another-token-of-this-browser")
    csrf = csrf_in(await page_of(client))
    answers = [await send(client, {"password": f"prova {n}"}, csrf=csrf) for n in range(11)]
    assert [answer.status for answer in answers] == [422] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert len(office.submitted) == 10
    other = await send(client, {"password": RIGHT}, path="/form/another-token-of-this-browser")
    assert other.status == 303


async def test_forged_posts_do_not_use_up_a_page_s_tries(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    for _ in range(20):
        await send(client, GOOD, csrf="forged")
    assert (await send(client, GOOD)).status == 303


# --- Inside Telegram -----------------------------------------------------------------------------------


async def test_who_opened_the_page_inside_telegram_is_passed_on(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    assert (await send(client, {**GOOD, "init_data": launch(42)})).status == 303
    assert office.submitted == [(GOOD, "telegram:42")]


async def test_somebody_else_s_page_stays_closed_and_unused(client: Client, office: Office) -> None:
    sheet = office.put(Sheet(NEW_PASSWORD))
    answer = await send(client, {**GOOD, "init_data": launch(43)})
    assert answer.status == 403
    assert "belongs to another chat" in await answer.text()
    assert not sheet.used


async def test_a_forged_launch_is_refused(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    for forged in (launch(token="1:another-bot"), launch() + "0", "user=42"):
        assert (await send(client, {**GOOD, "init_data": forged})).status == 400
    assert office.submitted == []


async def test_a_launch_that_is_too_old_proves_nothing_and_harms_nothing(
    client: Client, office: Office
) -> None:
    office.put(Sheet(NEW_PASSWORD))
    old = launch(43, NOON - timedelta(minutes=6))
    assert (await send(client, {**GOOD, "init_data": old})).status == 303
    assert office.submitted == [(GOOD, None)]


async def test_without_a_bot_a_launch_is_not_looked_at(site: Site, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    async with opened(site, office, office, token="") as client:
        assert (await send(client, {**GOOD, "init_data": launch(43)})).status == 303
    assert office.submitted == [(GOOD, None)]


async def test_in_a_frame_that_keeps_cookies_back_the_launch_speaks_for_them(
    client: Client, office: Office
) -> None:
    office.put(Sheet(NEW_PASSWORD))
    csrf = csrf_in(await page_of(client))
    client.session.cookie_jar.clear()
    stale = launch(42, NOON - timedelta(minutes=6))
    assert (await send(client, {**GOOD, "init_data": stale}, csrf=csrf)).status == 403
    assert (await send(client, {**GOOD, "init_data": launch()}, csrf="forged")).status == 403
    assert (await send(client, {**GOOD, "init_data": launch()}, csrf=csrf)).status == 303


async def test_after_a_refusal_the_page_still_knows_who_opened_it(client: Client, office: Office) -> None:
    office.put(Sheet(NEW_PASSWORD))
    refused = await send(client, {"password": "x", "again": "x", "init_data": launch()})
    kept = re.search(r'name="init_data" value="([^"]+)"', await refused.text())
    assert kept
    assert unescape(kept[1]) == launch()


# --- What stays nowhere --------------------------------------------------------------------------------


async def test_neither_tokens_nor_what_was_typed_are_logged_or_counted(
    site: Site, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Office):
        async def submit(
            self, token: str, typed: Mapping[str, str], viewer: str | None = None
        ) -> Taken | Refused | Closed:
            raise RuntimeError("a fault of ours")

    broken = Broken()
    broken.put(Sheet(NEW_PASSWORD))
    desk = FormDesk(broken, tagged, telegram_token=BOT)
    caplog.set_level(logging.DEBUG)
    async with AsyncExitStack() as stack:
        server = TestServer(site.build(forms=desk, clock=office.clock))
        # As bot/app.py starts it: without a log of addresses.
        await server.start_server(access_log=None)
        client = await stack.enter_async_context(TestClient(server))
        assert (await send(client, {**GOOD, "init_data": launch()})).status == 500
        counted = await (await client.get("/metrics")).text()
    assert "a fault of ours" in caplog.text
    for secret in (TOKEN, GOOD["password"], launch()):
        assert secret not in caplog.text + counted
