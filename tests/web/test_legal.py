"""The terms and the privacy policy, as a customer opens them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from handlers.web.languages import LANGUAGES
from handlers.web.legal_texts import PRIVACY, TERMS, Document
from tests.web.conftest import Site

Client = TestClient[Request, Application]
BOTH = pytest.mark.parametrize("document", [TERMS, PRIVACY], ids=["terms", "privacy"])


def tagged(language: str, msgid: str) -> str:
    return f"[{language}] {msgid}"


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    async with TestClient(TestServer(site.build(speak=tagged))) as client:
        yield client


async def read(client: Client, path: str, accept: str = "") -> str:
    answer = await client.get(path, headers={"Accept-Language": accept})
    assert answer.status == 200
    return await answer.text()


@BOTH
@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
async def test_the_link_s_language_counts(client: Client, document: Document, language: object) -> None:
    code, tag = language.code, language.tag  # type: ignore[attr-defined]
    page = await read(client, f"/{document.name}?lang={code}", accept="de-DE")
    assert f'<html lang="{tag}">' in page
    assert f"<h1>[{code}] {document.title.msgid}</h1>" in page


@BOTH
async def test_without_one_the_browser_s_language_counts(client: Client, document: Document) -> None:
    assert '<html lang="sr-Cyrl">' in await read(client, f"/{document.name}", accept="sr-Cyrl-RS,en;q=0.5")
    assert '<html lang="en">' in await read(client, f"/{document.name}?lang=xx", accept="en-GB")
    assert '<html lang="sq">' in await read(client, f"/{document.name}")


@BOTH
async def test_every_language_is_one_press_away(client: Client, document: Document) -> None:
    page = await read(client, f"/{document.name}?lang=sr")
    for language in LANGUAGES:
        assert f'href="/{document.name}?lang={language.code}"' in page
    assert re.findall(r'aria-current="true">(\w+)<', page) == ["Srpski"]


async def test_each_leads_to_the_other_in_the_same_language(client: Client) -> None:
    assert 'href="/privacy?lang=en"' in await read(client, "/terms?lang=en")
    assert 'href="/terms?lang=sr_Cyrl"' in await read(client, "/privacy?lang=sr_Cyrl")


@BOTH
async def test_every_section_is_there(client: Client, document: Document) -> None:
    page = (await read(client, f"/{document.name}?lang=en")).replace("&#39;", "'").replace("\u00a0", " ")
    for section in document.sections:
        assert section.title.msgid in page
        assert section.said.msgid in page
    assert len(document.sections) <= 15
    assert all(
        1 <= len(re.findall(r"[.!?](?: |$)", section.said.msgid)) <= 5 for section in document.sections
    )


@BOTH
async def test_the_pages_refuse_what_they_do_not_need_and_set_no_cookie(
    client: Client, document: Document
) -> None:
    answer = await client.get(f"/{document.name}")
    page = await answer.text()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert not answer.cookies
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_what_the_law_wants_named_is_named() -> None:
    words = " ".join(section.said.msgid for section in PRIVACY.sections)
    for named in ("Law No. 06/L-082", "Information and Privacy Agency", "0800 791 00", "90 days", "7 days"):
        assert named in words
