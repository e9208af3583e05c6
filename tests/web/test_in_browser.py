"""The chat in a real browser, as a customer uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from dialogs.engine.events import Arrived, Said, Tapped
from tests.needs import needs_chromium
from tests.web.conftest import Site

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    path = needs_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        await browser.close()


def tagged(language: str, msgid: str) -> str:
    return msgid if language == "sq" else f"[{language}] {msgid}"


@pytest_asyncio.fixture
async def open_chat(site: Site, browser: Browser) -> AsyncIterator[Open]:
    """Opens the chat in a browser of its own; the page may not complain of anything."""
    complaints: list[str] = []
    async with TestServer(site.build(speak=tagged)) as server, AsyncExitStack() as stack:

        async def open_(size: dict[str, int] = DESK, **options: Any) -> Page:
            context = await browser.new_context(viewport=size, locale="sq-AL", **options)  # type: ignore[arg-type]
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console", lambda said: complaints.append(said.text) if _is_complaint(said.text) else None
            )
            await page.goto(str(server.make_url("/chat")))
            return page

        yield open_
        site.listeners.close()
    assert complaints == []


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


def key(page: Page, label: str) -> Any:
    return page.locator(".keys .key", has_text=label)


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(
        await page.evaluate(
            """() => [document.documentElement, document.getElementById("scroll")]
                .every((box) => box.scrollWidth <= box.clientWidth)"""
        )
    )


async def test_a_first_visit_is_welcomed_without_a_click(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(page.get_by_text("Mirë se vini te eKESCO!")).to_be_visible()
    [arrived] = site.desk.heard
    assert isinstance(arrived, Arrived)
    assert arrived.language == "sq"


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_buttons_and_words_lead_to_an_estimate(
    open_chat: Open, site: Site, size: dict[str, int]
) -> None:
    page = await open_chat(size)
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    await key(page, "U krye").click()
    await expect(page.get_by_text("Gjithsej 25,13 €")).to_be_visible()
    await write(page, "faleminderit")
    await expect(page.get_by_text("Keni shkruar: faleminderit")).to_be_in_viewport()
    mine = await page.locator(".mine .text").all_text_contents()
    assert mine == ["Shqip", "💡 Vlerëso faturën", "U krye (2)", "faleminderit"]


async def test_the_main_button_stays_as_it_is_under_the_mouse(open_chat: Open) -> None:
    page = await open_chat(reduced_motion="reduce")
    await key(page, "Shqip").click()
    main = key(page, "Vlerëso")
    await expect(main).to_be_visible()
    await page.mouse.move(0, 0)
    colour = "(key) => getComputedStyle(key).backgroundColor"
    before = await main.evaluate(colour)
    await main.hover()
    assert await main.evaluate(colour) == before


async def test_answered_buttons_leave_and_live_ones_stay(open_chat: Open) -> None:
    page = await open_chat()
    await key(page, "Shqip").click()
    await expect(key(page, "Vlerëso")).to_be_visible()
    await expect(key(page, "Srpski")).to_have_count(0)


async def test_a_tick_changes_in_place(open_chat: Open, site: Site) -> None:
    page = await open_chat(PHONE)
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    boiler = key(page, "Bojler")
    await expect(boiler).to_have_attribute("aria-pressed", "false")
    await boiler.click()
    await expect(boiler).to_have_attribute("aria-pressed", "true")
    await expect(boiler).to_have_text("🚿 Bojler")
    await expect(key(page, "U krye")).to_have_text("U krye (3)")
    await boiler.click()
    await expect(boiler).to_have_attribute("aria-pressed", "false")
    assert await page.locator(".message").count() == 5


async def test_the_keyboard_is_enough(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    await page.keyboard.press("Shift+Tab")  # from the message field back to the last button
    focused = page.locator(":focus")
    await expect(focused).to_have_text("English")
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await expect(focused).to_have_text("Shqip")
    await page.keyboard.press("Enter")
    await expect(focused).to_have_text("💡 Vlerëso faturën")
    await page.keyboard.press("Enter")
    await expect(focused).to_have_text("🧊 Frigorifer")
    await page.keyboard.press("Space")
    await expect(focused).to_have_attribute("aria-pressed", "false")
    await expect(focused).to_have_text("🧊 Frigorifer")
    for _ in range(6):
        await page.keyboard.press("Tab")
    await expect(focused).to_have_text("U krye (1)")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Gjithsej 25,13 €")).to_be_visible()


async def test_the_first_tab_offers_the_way_to_the_message_field(open_chat: Open) -> None:
    page = await open_chat(PHONE, has_touch=True, is_mobile=True)
    await expect(key(page, "Shqip")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("Skip to the message field")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()


async def test_shift_and_enter_begin_a_new_line(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    field = page.get_by_label("Message", exact=True)
    await field.fill("një")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dy")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .text")).to_have_text("një\ndy")
    await expect(field).to_have_value("")


async def test_a_reload_keeps_the_conversation(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await key(page, "Shqip").click()
    await write(page, "a më kujton?")
    await expect(page.get_by_text("Keni shkruar: a më kujton?")).to_be_visible()
    before = await page.locator(".message .text").all_text_contents()
    await page.reload()
    await expect(key(page, "Vlerëso")).to_be_visible()
    assert await page.locator(".message .text").all_text_contents() == before
    assert sum(isinstance(event, Arrived) for event in site.desk.heard) == 1
    await key(page, "Vlerëso").click()
    await expect(key(page, "U krye")).to_be_visible()


async def test_everything_works_without_script(open_chat: Open, site: Site) -> None:
    page = await open_chat(PHONE, java_script_enabled=False)
    await page.get_by_role("button", name="Start").click()
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    await key(page, "Bojler").click()
    await expect(key(page, "Bojler")).to_have_attribute("aria-pressed", "true")
    await key(page, "U krye").click()
    await expect(page.get_by_text("Gjithsej 25,13 €")).to_be_visible()
    await page.get_by_label("Message", exact=True).fill("faleminderit")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Keni shkruar: faleminderit")).to_be_visible()


async def test_while_the_assistant_thinks_it_types(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    site.desk.ready.clear()
    await write(page, "sa?")
    await expect(page.locator("#dots")).to_be_visible()
    await expect(page.locator("#status")).to_have_text("typing…")
    site.desk.ready.set()
    await expect(page.get_by_text("Keni shkruar: sa?")).to_be_visible()
    await expect(page.locator("#dots")).to_be_hidden()
    await expect(page.locator("#status")).to_have_text("Your electricity assistant")


async def test_words_wait_for_a_database_that_is_away_and_are_sent_once(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    site.desk.away = True
    await write(page, "a jeni aty?")
    await expect(page.locator(".mine.waiting")).to_have_count(1)
    await expect(page.locator("#banner")).to_be_visible()
    site.desk.away = False
    await expect(page.get_by_text("Keni shkruar: a jeni aty?")).to_be_visible(timeout=15_000)
    await expect(page.locator("#banner")).to_be_hidden()
    await expect(page.locator(".mine")).to_have_count(1)
    assert sum(isinstance(event, Said) for event in site.desk.heard) == 1


async def test_words_written_without_a_network_are_sent_when_it_is_back(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    await page.context.set_offline(True)
    await write(page, "një")
    await write(page, "dy")
    await expect(page.locator("#banner")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Keni shkruar: dy")).to_be_visible(timeout=15_000)
    assert [event.text for event in site.desk.heard if isinstance(event, Said)] == ["një", "dy"]
    await expect(page.locator(".mine")).to_have_count(2)


async def test_words_whose_answer_was_lost_on_the_way_are_not_said_twice(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    lost: list[str] = []

    async def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return await route.continue_()
        lost.append((await route.fetch()).status_text)
        await route.abort()

    await page.route("**/chat", lose_the_first)
    await write(page, "vetëm një herë")
    await expect(page.locator(".mine[data-id]")).to_have_count(1)
    await write(page, "dhe kjo")
    await expect(page.get_by_text("Keni shkruar: dhe kjo")).to_be_visible(timeout=15_000)
    assert lost == ["Accepted"]
    said = [event.text for event in site.desk.heard if isinstance(event, Said)]
    assert said == ["vetëm një herë", "dhe kjo"]
    await expect(page.locator(".mine")).to_have_count(2)


async def test_unsent_words_survive_a_reload(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    site.desk.away = True
    await write(page, "mos më humb")
    await expect(page.locator(".mine.waiting")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".mine.waiting .text")).to_have_text("mos më humb")
    site.desk.away = False
    await expect(page.get_by_text("Keni shkruar: mos më humb")).to_be_visible(timeout=15_000)
    await expect(page.locator(".mine")).to_have_count(1)


async def test_a_page_whose_cookie_was_replaced_renews_itself_and_keeps_the_words(
    open_chat: Open, site: Site
) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    await page.context.clear_cookies()
    await write(page, "jam këtu")
    await expect(page.get_by_text("Keni shkruar: jam këtu")).to_be_visible(timeout=10_000)


async def test_the_language_is_chosen_in_the_header_and_the_page_follows(open_chat: Open, site: Site) -> None:
    page = await open_chat()
    await expect(key(page, "Shqip")).to_be_visible()
    await page.locator("#languages summary").click()
    await page.locator("#languages").get_by_text("Srpski").click()
    await expect(page.locator("html")).to_have_attribute("lang", "sr-Latn")
    await expect(page.locator("#say")).to_have_attribute("placeholder", "[sr] Message")
    await expect(page.locator("#status")).to_have_text("[sr] Your electricity assistant")
    await expect(page.locator("#languages [aria-current]")).to_have_text("Srpski")
    assert any(isinstance(event, Tapped) and event.payload == "lang:sr" for event in site.desk.heard)
    await expect(page.locator(".mine")).to_have_count(0)


async def test_dark_follows_the_system_and_a_choice_is_remembered(open_chat: Open) -> None:
    page = await open_chat(color_scheme="dark")
    wall = page.locator(".chat")
    await expect(wall).to_have_css("background-color", "rgb(14, 23, 24)")
    await page.get_by_label("Light or dark").click()
    await expect(wall).to_have_css("background-color", "rgb(234, 241, 240)")
    await page.reload()
    await expect(wall).to_have_css("background-color", "rgb(234, 241, 240)")


@pytest.mark.parametrize("size", [PHONE, DESK, {"width": 320, "height": 480}, {"width": 640, "height": 360}])
async def test_nothing_is_cut_and_every_button_is_large_enough(open_chat: Open, size: dict[str, int]) -> None:
    page = await open_chat(size)
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    await expect(key(page, "U krye")).to_be_in_viewport()
    assert await fits(page)
    small = await page.evaluate(
        """() => [...document.querySelectorAll("button, a.tool, a.key, summary, textarea")]
            .filter((one) => one.offsetParent && !one.closest("[hidden]"))
            .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
            .map(([name]) => name)"""
    )
    assert small == []
    await expect(page.get_by_label("Message", exact=True)).to_be_in_viewport()


async def test_letters_of_twice_the_size_fit(open_chat: Open) -> None:
    page = await open_chat(PHONE)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    await expect(key(page, "U krye")).to_be_visible()
    assert await fits(page)


async def test_the_demo_s_phone_stands_beside_the_chat_on_a_desk(open_chat: Open, site: Site) -> None:
    page = await open_chat(DESK)
    await expect(key(page, "Shqip")).to_be_visible()
    await expect(page.get_by_text("No SMS and no e-mail yet.")).to_be_visible()
    await site.phone.deliver(site.desk.arrivals[0].chat, "sms", "+38344123456", "", "Kodi juaj: 481 205")
    await expect(page.get_by_text("Kodi juaj: 481 205")).to_be_visible()
    await expect(page.get_by_text("No SMS and no e-mail yet.")).to_be_hidden()


async def test_on_a_small_screen_the_phone_is_behind_a_button_with_a_count(
    open_chat: Open, site: Site
) -> None:
    page = await open_chat(PHONE)
    await expect(key(page, "Shqip")).to_be_visible()
    await site.phone.deliver(site.desk.arrivals[0].chat, "sms", "+38344123456", "", "Kodi juaj: 481 205")
    await expect(page.locator("#badge")).to_have_text("1")
    await page.get_by_role("link", name="The demo's phone").click()
    await expect(page.get_by_text("Kodi juaj: 481 205")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Kodi juaj: 481 205")).to_be_hidden()
    await expect(page.locator("#badge")).to_be_hidden()


async def test_a_picture_is_shown_with_its_words(open_chat: Open) -> None:
    page = await open_chat()
    await key(page, "Shqip").click()
    await key(page, "Vlerëso").click()
    await key(page, "U krye").click()
    await key(page, "grafikun").click()
    picture = page.get_by_alt_text(re.compile("bojleri 112 kWh"))
    await expect(picture).to_be_in_viewport()
    assert await picture.evaluate("(image) => image.complete && image.naturalWidth") == 720
