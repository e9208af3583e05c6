"""One-time pages in a real browser, on their own and inside Telegram, as a customer uses them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from dialogs.engine.pages import Rule
from dialogs.engine.text import Text
from handlers.web.forms import FormDesk
from locales.speaker import Speaker
from tests.needs import needs_chromium
from tests.web.conftest import Site
from tests.web.launches import BOT, launch
from tests.web.office import CURRENT_PASSWORD, FILE, MY_DATA, NEW_PASSWORD, RIGHT, TOKEN, Office, Sheet
from tests.web.test_in_browser import DESK, PHONE, SWITCHES

GOOD = "Fjala 1 e re"
#: Lets the site that frames our page, which only pretends to be far away, reach this machine.
FRAMES_OF_THIS_HOST = "--disable-features=LocalNetworkAccessChecks"
#: What Telegram's apps put into a page: it keeps what the page tells them.
APP = """
    window.told = JSON.parse(sessionStorage.getItem("told") ?? "[]");
    window.TelegramWebviewProxy = { postEvent: (type, data) => {
        window.told.push([type, JSON.parse(data)]);
        sessionStorage.setItem("told", JSON.stringify(window.told));
    } };
"""
Open = Callable[..., Awaitable[Page]]
ENGLISH = Speaker("en", strict=True)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    path = needs_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=(*SWITCHES, FRAMES_OF_THIS_HOST)
        )
        yield browser
        await browser.close()


@pytest.fixture
def office() -> Office:
    office = Office()
    office.put(Sheet(NEW_PASSWORD))
    return office


@pytest.fixture
def complaints() -> list[str]:
    """What pages have complained of; a test that expects it clears it."""
    return []


@pytest_asyncio.fixture
async def open_page(
    site: Site, office: Office, browser: Browser, complaints: list[str]
) -> AsyncIterator[Open]:
    """Opens an address in a browser of its own; no page may complain of anything."""
    desk = FormDesk(office, lambda _, phrase: ENGLISH.plain(phrase), BOT, lambda: "ekesco_bot")
    async with TestServer(site.build(forms=desk, clock=office.clock)) as server, AsyncExitStack() as stack:

        async def open_(
            path: str = f"/form/{TOKEN}", size: dict[str, int] = PHONE, script: str = "", **options: Any
        ) -> Page:
            context = await browser.new_context(viewport=size, locale="en-GB", **options)  # type: ignore[arg-type]
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console", lambda said: complaints.append(said.text) if _is_complaint(said.text) else None
            )
            if script:
                await page.add_init_script(script)
            await page.clock.install()
            await page.goto(str(server.make_url("/")).rstrip("/") + path)
            return page

        yield open_
        site.listeners.close()
    assert complaints == []


def _is_complaint(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


def password(page: Page) -> Any:
    return page.get_by_label("New password", exact=True)


def again(page: Page) -> Any:
    return page.get_by_label("New password, again", exact=True)


def save(page: Page) -> Any:
    return page.get_by_role("button", name="Save the password")


def rule(page: Page, words: str) -> Any:
    return page.locator(".rules li", has_text=words)


async def fill(page: Page, first: str, second: str) -> None:
    await password(page).fill(first)
    await again(page).fill(second)


async def ticked(page: Page) -> list[bool]:
    met: list[bool] = await page.locator(".rules li").evaluate_all(
        '(all) => all.map((li) => li.matches(".met"))'
    )
    return met


# --- Filling in ----------------------------------------------------------------------------------------


async def test_a_password_is_chosen_and_the_way_back_is_shown(open_page: Open, office: Office) -> None:
    page = await open_page()
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await expect(page.get_by_text("Your password is saved.")).to_be_visible()
    await expect(page.get_by_role("link", name="Open Telegram")).to_have_attribute(
        "href", "https://t.me/ekesco_bot"
    )
    await page.reload()
    await expect(page.get_by_text("Your password is saved.")).to_be_visible()
    assert office.submitted == [({"password": GOOD, "again": GOOD}, None)]


async def test_rules_tick_off_as_one_types(open_page: Open) -> None:
    page = await open_page()
    assert await ticked(page) == [False, False, False, False]
    await password(page).press_sequentially("fjala 1")
    assert await ticked(page) == [False, True, False, False]
    await password(page).press_sequentially(" Ë")
    assert await ticked(page) == [True, True, True, False]
    await again(page).fill("fjala 1 Ë")
    assert await ticked(page) == [True, True, True, True]
    await password(page).press_sequentially("x")
    assert await ticked(page) == [True, True, True, False]
    await password(page).fill("")
    await again(page).fill("")
    assert await ticked(page) == [False, False, False, False]


async def test_who_cannot_see_the_ticks_hears_them(open_page: Open) -> None:
    page = await open_page()
    await password(page).press_sequentially("1")
    await expect(rule(page, "A digit")).to_have_text("A digit (fulfilled)")
    await expect(rule(page, "A capital letter")).to_have_text("A capital letter (still missing)")
    assert await rule(page, "A digit").locator("xpath=..").get_attribute("aria-live") == "polite"


async def test_letters_that_arrive_in_two_parts_are_one_letter(open_page: Open, office: Office) -> None:
    """ë may come as one sign or as e with two dots; the server hashes both alike."""
    page = await open_page()
    await fill(page, "FJALA 1 \u00eb", "FJALA 1 e\u0308")
    assert await ticked(page) == [True, True, True, True]
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()


async def test_what_is_missing_is_said_before_it_is_sent(open_page: Open, office: Office) -> None:
    page = await open_page()
    await fill(page, "fjala", "tjetra")
    await save(page).click()
    await expect(password(page)).to_be_focused()
    await expect(password(page)).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_text("something is missing")).to_be_visible()
    await expect(page.get_by_text("This is not the same as above.")).to_be_visible()
    await password(page).fill(GOOD)
    await save(page).click()
    await expect(again(page)).to_be_focused()
    await again(page).fill("")
    await save(page).click()
    await expect(page.get_by_text("Please fill this in.")).to_be_visible()
    assert office.submitted == []
    await again(page).fill(GOOD)
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()


async def test_what_the_server_finds_wrong_is_shown_where_one_goes_on(
    open_page: Open, office: Office
) -> None:
    office.put(Sheet(CURRENT_PASSWORD))
    page = await open_page()
    await page.get_by_label("Password").fill("gabim")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_text("That is not right. 4 more tries.")).to_be_visible()
    await expect(page.get_by_label("Password")).to_be_focused()
    await expect(page.get_by_label("Password")).to_have_value("")
    await page.get_by_label("Password").fill(RIGHT)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You are signed in.")).to_be_visible()


async def test_a_rule_that_the_browser_cannot_read_is_left_to_the_server(
    open_page: Open, office: Office
) -> None:
    first, second = NEW_PASSWORD.fields
    unreadable = Rule(Text("A zone"), "(?P<zone>zz)")
    office.put(Sheet(replace(NEW_PASSWORD, fields=(first, replace(second, rules=(unreadable,))))))
    page = await open_page(size=DESK)
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_text("It needs: A zone.")).to_be_visible()
    await expect(again(page)).to_be_focused()
    await fill(page, GOOD + "zz", GOOD + "zz")
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()


async def test_what_is_typed_can_be_shown_and_is_hidden_again_when_it_is_sent(
    open_page: Open, office: Office
) -> None:
    page = await open_page()
    await fill(page, GOOD, "tjetër")
    show = page.get_by_role("button", name="Show what is typed").first
    await show.click()
    await expect(show).to_have_attribute("aria-pressed", "true")
    await expect(password(page)).to_have_attribute("type", "text")
    await expect(again(page)).to_have_attribute("type", "password")
    await again(page).fill(GOOD)
    await page.evaluate(
        """asked.addEventListener("submit", () => {
            sessionStorage.setItem("sent", asked.elements.password.type);
        })"""
    )
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert await page.evaluate('sessionStorage.getItem("sent")') == "password"


async def test_a_double_press_sends_once(open_page: Open, office: Office) -> None:
    page = await open_page()
    await fill(page, GOOD, GOOD)
    await save(page).dblclick()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert len(office.submitted) == 1


async def test_while_it_is_sent_nothing_is_sent_again_until_one_comes_back(open_page: Open) -> None:
    page = await open_page()
    await fill(page, GOOD, GOOD)
    refused = await page.evaluate(
        """() => {
            const refused = [];
            asked.addEventListener("submit", (event) => {
                refused.push(event.defaultPrevented);
                event.preventDefault();
            });
            asked.requestSubmit();
            asked.requestSubmit();
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            asked.requestSubmit();
            return refused;
        }"""
    )
    assert refused == [False, True, False]


async def test_the_keyboard_is_enough(open_page: Open, office: Office) -> None:
    page = await open_page(size=DESK)
    await expect(password(page)).to_be_focused()
    await page.keyboard.type(GOOD)
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_attribute("aria-label", "Show what is typed")
    await page.keyboard.press("Space")
    await expect(password(page)).to_have_attribute("type", "text")
    await page.keyboard.press("Tab")
    await page.keyboard.type(GOOD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()


async def test_on_a_phone_no_keyboard_jumps_up_by_itself(open_page: Open) -> None:
    page = await open_page(has_touch=True, is_mobile=True)
    await expect(password(page)).not_to_be_focused()


async def test_a_page_whose_time_is_over_says_so_by_itself(open_page: Open, office: Office) -> None:
    page = await open_page()
    await fill(page, GOOD, GOOD)
    await page.clock.fast_forward("09:59")
    await expect(save(page)).to_be_visible()
    await page.clock.fast_forward("00:02")
    await expect(page.get_by_text("This page has expired.")).to_be_visible()
    await expect(save(page)).to_be_hidden()


async def test_everything_works_without_script(open_page: Open, office: Office) -> None:
    page = await open_page(java_script_enabled=False)
    await expect(page.get_by_role("button", name="Show what is typed")).to_have_count(0)
    await expect(rule(page, "At least 8 characters")).to_be_visible()
    await fill(page, "shkurt", "shkurt")
    await save(page).click()
    await expect(page.get_by_text("It needs: At least 8 characters.")).to_be_visible()
    await expect(password(page)).to_be_focused()
    await expect(password(page)).to_have_value("")
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_text("Your password is saved.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Your password is saved.")).to_be_visible()
    assert len(office.submitted) == 2


@pytest.mark.parametrize("script", [True, False])
async def test_a_file_is_saved(open_page: Open, office: Office, script: bool) -> None:
    office.put(Sheet(MY_DATA))
    page = await open_page(java_script_enabled=script)
    async with page.expect_download() as coming:
        await page.get_by_role("button", name="Save the file").click()
    download = await coming.value
    assert download.suggested_filename == FILE.name
    assert (await download.path()).read_bytes() == FILE.body
    if script:
        await expect(page.get_by_role("status")).to_have_text(
            "The file is being saved. Then go back to the chat."
        )


async def test_back_after_all_is_done_says_that_it_is_done(open_page: Open, office: Office) -> None:
    page = await open_page()
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="This page has been used already")).to_be_visible()
    assert len(office.submitted) == 1


# --- How it is set -------------------------------------------------------------------------------------

SIZES = [{"width": 320, "height": 480}, PHONE, {"width": 640, "height": 360}, DESK]
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


async def small(page: Page) -> list[str]:
    """What can be pressed and is too small for a finger."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll("button, a, input:not([type=hidden])")]
            .filter((one) => one.offsetParent)
            .map((one) => [one.outerHTML, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44)
            .map(([html]) => html)"""
    )
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", [f"/form/{TOKEN}", "/form/unknown-token-of-somebody", "/terms", "/privacy"])
async def test_nothing_is_cut_and_everything_is_large_enough(
    open_page: Open, size: dict[str, int], path: str
) -> None:
    page = await open_page(path, size)
    assert await page.evaluate(FITS)
    assert await small(page) == []


@pytest.mark.parametrize("path", [f"/form/{TOKEN}", "/privacy"])
async def test_letters_of_twice_the_size_fit(open_page: Open, path: str) -> None:
    page = await open_page(path)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await page.evaluate(FITS)


async def test_dark_follows_the_system(open_page: Open) -> None:
    for scheme, colour in (("light", "rgb(247, 250, 249)"), ("dark", "rgb(21, 32, 34)")):
        page = await open_page(color_scheme=scheme)
        await expect(page.locator(".sheet")).to_have_css("background-color", colour)


# --- Inside Telegram -----------------------------------------------------------------------------------


def launched(user: int = 42, colour: str = "#17212b") -> str:
    """The address as Telegram opens it."""
    theme = json.dumps({"bg_color": colour, "text_color": "#f5f5f5"})
    fields = {"tgWebAppData": launch(user), "tgWebAppVersion": "9.1", "tgWebAppThemeParams": theme}
    return f"/form/{TOKEN}#" + urlencode(fields, quote_via=quote)


async def told(page: Page) -> list[str]:
    names: list[str] = await page.evaluate("window.told.map(([type]) => type)")
    return names


async def test_as_a_mini_app_the_page_knows_its_customer_and_closes_itself(
    open_page: Open, office: Office
) -> None:
    page = await open_page(launched(), script=APP)
    assert await told(page) == ["web_app_ready", "web_app_expand"]
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    await expect(page.get_by_role("link", name="Open Telegram")).to_be_hidden()
    assert office.submitted == [({"password": GOOD, "again": GOOD}, "telegram:42")]
    assert "web_app_close" not in await told(page)
    await page.clock.fast_forward("00:03")
    assert (await told(page))[-1] == "web_app_close"


async def test_in_a_mini_app_a_refusal_does_not_forget_who_is_there(open_page: Open, office: Office) -> None:
    office.put(Sheet(CURRENT_PASSWORD))
    page = await open_page(launched(), script=APP)
    for typed in ("gabim", RIGHT):
        await page.get_by_label("Password").fill(typed)
        await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert [viewer for _typed, viewer in office.submitted] == ["telegram:42", "telegram:42"]


async def test_somebody_else_in_telegram_is_told_whose_page_it_is(open_page: Open, office: Office) -> None:
    page = await open_page(launched(43), script=APP)
    await fill(page, GOOD, GOOD)
    await save(page).click()
    await expect(page.get_by_role("heading", name="This page belongs to another chat")).to_be_visible()
    await page.get_by_role("button", name="Close this page").click()
    assert (await told(page))[-1] == "web_app_close"


async def test_telegram_s_light_or_dark_is_followed(open_page: Open) -> None:
    for colour, ground in (("#17212b", "rgb(21, 32, 34)"), ("#ffffff", "rgb(247, 250, 249)")):
        page = await open_page(launched(colour=colour), script=APP)
        await expect(page.locator(".sheet")).to_have_css("background-color", ground)


async def test_a_file_is_saved_by_the_browser_that_telegram_opens(open_page: Open, office: Office) -> None:
    office.put(Sheet(MY_DATA))
    page = await open_page(launched(), script=APP)
    await expect(page.get_by_role("button", name="Save the file")).to_be_hidden()
    await page.get_by_role("button", name="Open in the browser").click()
    asked = await page.evaluate("window.told")
    address = page.url.split("#")[0]
    assert asked[-2:] == [["web_app_open_link", {"url": address}], ["web_app_close", {}]]
    assert "tgWebAppData" not in address


FRAME = """<!doctype html><iframe src="{address}" width="360" height="700"></iframe>
<script>
    window.told = [];
    addEventListener("message", ({{ data }}) => told.push([JSON.parse(data).eventType]));
</script>"""


async def framed_by(page: Page, host: str) -> None:
    """Show the page in a frame of another site."""
    address = page.url.split("/form/")[0] + launched()

    async def site(route: Route) -> None:
        await route.fulfill(
            body=FRAME.format(address=address.replace("&", "&amp;")), content_type="text/html"
        )

    await page.route(f"https://{host}/**", site)
    await page.goto(f"https://{host}/k/")


async def test_in_a_frame_of_telegram_s_site_the_page_works(open_page: Open, office: Office) -> None:
    page = await open_page(size=DESK)
    await framed_by(page, "web.telegram.org")
    frame = page.frame_locator("iframe")
    await frame.get_by_label("New password", exact=True).fill(GOOD)
    await frame.get_by_label("New password, again").fill(GOOD)
    await frame.get_by_role("button", name="Save the password").click()
    await expect(frame.get_by_role("heading", name="Done")).to_be_visible()
    assert office.submitted == [({"password": GOOD, "again": GOOD}, "telegram:42")]
    await frame.get_by_role("button", name="Close this page").click()
    await page.wait_for_function('told.flat().includes("web_app_close")')
    assert (await told(page))[:2] == ["web_app_ready", "web_app_expand"]


async def test_no_other_site_can_frame_the_page(
    open_page: Open, office: Office, complaints: list[str]
) -> None:
    page = await open_page(size=DESK)
    looked = office.opened
    await framed_by(page, "evil.example")
    await page.wait_for_timeout(300)
    assert office.opened == looked + 1
    assert "web.telegram.org" in complaints.pop()
    await expect(page.frame_locator("iframe").get_by_role("button")).to_have_count(0)
