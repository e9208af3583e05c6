"""`ekesco webhook`: where Viber calls, and the link by which customers come."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import segno
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.metrics import LEFT_ALONE
from handlers.viber.ingress import EVENTS
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram import FakeTelegram
from tests.fakes.viber import FakeViber
from tests.viber.program import PUBLIC, Program, running

LINK = "viber://pa?chatURI=ekesco"


async def ekesco(*words: str) -> Result:
    """The command, beside the servers it talks to."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["webhook", *words])


@pytest.fixture(autouse=True)
def settings(fake: FakeViber, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EKESCO_VIBER_TOKEN", fake.token)
    monkeypatch.setenv("EKESCO_VIBER_API", fake.url)
    monkeypatch.setenv("EKESCO_PUBLIC_URL", "https://kesco.example/")
    return monkeypatch


def complains(done: Result, fake: FakeViber) -> str:
    """One sentence, with no secret and no traceback."""
    assert done.exit_code == 1, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    said = done.output.strip()
    assert "\n" not in said
    assert "Traceback" not in said
    assert fake.token not in said
    return said


async def test_viber_is_told_where_to_call_and_the_link_is_printed_with_its_code(
    program: Program, settings: pytest.MonkeyPatch
) -> None:
    program.fake.callbacks.hook = None
    settings.setenv("EKESCO_PUBLIC_URL", f"{program.at}/")
    done = await ekesco("set", "viber")
    assert done.exit_code == 0, done.output
    assert program.fake.callbacks.hook is not None
    assert program.fake.callbacks.hook.url == f"{program.at}/viber"
    assert set(EVENTS) <= set(program.fake.callbacks.hook.events)
    assert f"url: {program.at}/viber" in done.output
    assert f"link: {LINK}\n" in done.output
    code = io.StringIO()
    segno.make(LINK, error="m").terminal(out=code, compact=True)
    assert code.getvalue() in done.output
    opened = program.fake.user().open()
    await program.settle()
    assert opened.taken


async def test_where_it_calls_can_be_asked_and_ended(program: Program) -> None:
    told = await ekesco("info", "viber")
    assert f"url: {program.at}/viber" in told.output
    assert LINK in told.output
    ended = await ekesco("delete", "viber")
    assert ended.exit_code == 0
    assert "Viber calls nobody" in ended.output
    assert program.fake.callbacks.hook is None
    assert "nothing reaches us" in (await ekesco("info", "viber")).output


async def test_a_program_that_does_not_run_is_named(fake: FakeViber, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("EKESCO_PUBLIC_URL", "http://127.0.0.1:9")
    said = complains(await ekesco("set", "viber"), fake)
    assert "http://127.0.0.1:9/viber" in said
    assert "ekesco run" in said
    assert "invalidUrl" in fake.violations.pop()


@pytest.mark.parametrize("address", ["", "http://kesco.example", "kesco.example", "ftp://kesco.example"])
async def test_an_address_that_viber_cannot_call_is_not_tried(
    fake: FakeViber, settings: pytest.MonkeyPatch, address: str
) -> None:
    settings.setenv("EKESCO_PUBLIC_URL", address)
    assert "EKESCO_PUBLIC_URL" in complains(await ekesco("set", "viber"), fake)
    assert fake.calls == []


@pytest.mark.parametrize("deed", ["set", "info", "delete"])
@pytest.mark.parametrize("token", ["", "not a token", "ë"])
async def test_without_a_token_nothing_is_tried(
    fake: FakeViber, settings: pytest.MonkeyPatch, deed: str, token: str
) -> None:
    settings.setenv("EKESCO_VIBER_TOKEN", token)
    assert "EKESCO_VIBER_TOKEN" in complains(await ekesco(deed, "viber"), fake)
    assert fake.calls == []


@pytest.mark.parametrize("deed", ["set", "info", "delete"])
async def test_what_viber_says_to_it_is_a_sentence(
    fake: FakeViber, settings: pytest.MonkeyPatch, deed: str
) -> None:
    settings.setenv("EKESCO_VIBER_TOKEN", "another-token")
    assert "invalidAuthToken" in complains(await ekesco(deed, "viber"), fake)
    fake.violations.clear()
    settings.setenv("EKESCO_VIBER_TOKEN", fake.token)
    fake.fail("*", 503)
    assert "HTTP 503" in complains(await ekesco(deed, "viber"), fake)
    fake.drop("*")
    assert "no answer" in complains(await ekesco(deed, "viber"), fake)
    await fake.down()
    assert "not reached" in complains(await ekesco(deed, "viber"), fake)


@pytest.fixture
async def telegram(settings: pytest.MonkeyPatch) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        settings.setenv("EKESCO_TELEGRAM_TOKEN", TELEGRAM_TOKEN)
        settings.setenv("EKESCO_TELEGRAM_API", server.url)
        settings.setenv("EKESCO_TELEGRAM_SECRET", "a-secret-of-the-test")
        yield server


@pytest.mark.parametrize("named", [(), ("telegram",)])
async def test_telegram_is_meant_where_nothing_else_is_said(
    fake: FakeViber, telegram: FakeTelegram, named: tuple[str, ...]
) -> None:
    done = await ekesco("set", *named)
    assert done.exit_code == 0, done.output
    assert telegram.updates.hook is not None
    assert telegram.updates.hook.url == "https://kesco.example/telegram"
    assert "url: https://kesco.example/telegram" in (await ekesco("info", *named)).output
    assert "polled" in (await ekesco("delete", *named)).output
    assert telegram.updates.hook is None
    assert fake.calls == []


async def test_there_is_no_third_messenger(fake: FakeViber) -> None:
    assert (await ekesco("set", "whatsapp")).exit_code == 2


async def test_a_program_that_viber_calls_elsewhere_says_so(
    url: str, fake: FakeViber, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a change of our public address, when nothing reaches us any more."""
    with caplog.at_level(logging.WARNING, logger="handlers.viber.run"):
        async with running(url, fake, tmp_path) as program:
            viber = program.app.viber
            assert viber is not None
            await viber._introduced
            hook = fake.callbacks.hook
    assert hook is not None
    assert f"Viber calls {hook.url} and not {PUBLIC}/viber" in caplog.text


@pytest.mark.parametrize("status", [2, 7, 8, 9, 15])
async def test_a_bot_that_viber_does_not_serve_is_an_alarm_at_the_start_already(
    url: str, fake: FakeViber, tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    fake.refuse("get_account_info", status)
    gate = fake.stall("get_account_info")  # the next try
    with caplog.at_level(logging.CRITICAL, logger="handlers.viber.run"):
        async with running(url, fake, tmp_path) as program:
            viber = program.app.viber
            assert viber is not None
            await fake.until(lambda: not fake.exchange.faults.waiting)
            assert LEFT_ALONE.labels("viber")._value.get() == 1
            gate.set()
            await viber._introduced
            assert LEFT_ALONE.labels("viber")._value.get() == 0
    assert "Viber does not serve the bot" in caplog.text
    assert fake.token not in caplog.text
