"""Gateways that need no network: the console, a file, the demo's phone; and the URLs that name each."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
from pathlib import Path

import pytest

from bot.channel import Later
from bot.gateways.carrier import BadGateway, Carrier, masked
from bot.gateways.console import Console
from bot.gateways.demo_phone import DemoPhone
from bot.gateways.email import open_email
from bot.gateways.file import File
from bot.gateways.http_json import HttpJson
from bot.gateways.sms import open_sms
from bot.gateways.smtp import Smtp
from storage import phone
from storage.open import open_storage
from tests.gateways.parcels import CODE, an_email, an_sms
from tests.talk.faults import FaultyStorage

SENDER = "KESCO <no-reply@kesco.test>"


async def test_the_console_shows_the_words_and_logs_none_of_them(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await Console(shows=True).carry(an_sms())
    await Console(shows=True).carry(an_email())
    shown = capsys.readouterr().out
    assert f"sms to +38344123456\n{CODE}\n" in shown
    assert "email to ana@example.com\nYour code from KESCO\nYour code is 123456.\n" in shown
    assert "sms to +383•••456" in caplog.text
    assert not [s for s in ("123456", "ana@") if s in caplog.text]


async def test_a_console_that_machines_read_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    await Console(shows=False).carry(an_sms())
    assert capsys.readouterr().out == ""


async def test_a_file_gets_one_object_a_line(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.jsonl"
    carrier = File(path)
    await carrier.carry(an_sms(text="KESCO:\nkodi “ë”"))
    await carrier.carry(an_email())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"to": "+38344123456", "text": "KESCO:\nkodi “ë”"},
        {"to": "ana@example.com", "subject": "Your code from KESCO", "text": "Your code is 123456.\n"},
    ]
    assert path.stat().st_mode & 0o077 == 0


async def test_many_at_once_do_not_mix_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    carriers = [File(path), File(path)]
    await asyncio.gather(*(carriers[n % 2].carry(an_sms(n, text=f"{n} " * 500)) for n in range(40)))
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(texts) == sorted(f"{n} " * 500 for n in range(40))


async def test_a_disk_that_is_full_leaves_no_half_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "out.jsonl"
    await File(path).carry(an_sms())
    whole = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 10, hard))
    try:
        with pytest.raises(Later):
            await File(path).carry(an_sms(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == whole
    await File(path).carry(an_sms(2))
    assert path.read_bytes() == whole * 2


async def test_a_file_that_cannot_be_opened_is_tried_again_later(tmp_path: Path) -> None:
    os.mkdir(tmp_path / "taken")
    with pytest.raises(Later, match="directory"):
        await File(tmp_path / "taken").carry(an_sms())


async def test_the_demos_phone_shows_a_parcel_to_its_chat_alone_and_once(url: str) -> None:
    storage = FaultyStorage(open_storage(url))
    told: list[str] = []
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    carrier = DemoPhone(storage, told.append, pause=pause)
    storage.unsure = 1  # written, but the answer is lost
    await carrier.carry(an_sms())
    storage.away = 2
    await carrier.carry(an_email())
    rows = await storage.read(phone.since("web:ana", 0))
    assert [(row["kind"], row["recipient"], row["subject"]) for row in rows] == [
        ("sms", "+38344123456", ""),
        ("email", "ana@example.com", "Your code from KESCO"),
    ]
    assert list(await storage.read(phone.since("web:ben", 0))) == []
    assert told == ["web:ana", "web:ana"]
    assert len(waits) == 3
    await storage.close()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("console:", Console),
        ("file:var/sms.jsonl", File),
        ("file:///var/sms.jsonl", File),
        ("https://token@sms.example.com/v1", HttpJson),
        ("http://127.0.0.1:8099/v1", HttpJson),
        ("http://localhost/v1", HttpJson),
    ],
)
async def test_a_url_names_a_gateway(url: str, kind: type[Carrier]) -> None:
    assert isinstance(open_sms(url, "KESCO"), kind)
    assert isinstance(open_email(url, SENDER), kind)


def test_emails_go_by_smtp_too() -> None:
    assert isinstance(open_email("smtp://mail.example.com", SENDER), Smtp)
    assert isinstance(open_email("smtps://u:p@mail.example.com:465", SENDER), Smtp)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:",
        "console",
        "carrier-pigeon://a.example.com",
        "http://sms.example.com/v1",
        "https://",
        "https://host:port/",
        "smtp://s3cret@[",
    ],
)
def test_a_url_that_names_none_is_told_at_the_start_and_its_secret_is_not(url: str) -> None:
    with pytest.raises(BadGateway) as of_sms:
        open_sms(url, "KESCO")
    with pytest.raises(BadGateway) as of_email:
        open_email(url, SENDER)
    assert "s3cret" not in f"{of_sms.value} {of_email.value}"


def test_an_sms_does_not_go_by_smtp() -> None:
    with pytest.raises(BadGateway, match="there is no gateway for smtp:"):
        open_sms("smtp://u:p@mail.example.com", "KESCO")


@pytest.mark.parametrize("sender", ["", "no-reply", "KESCO <>", "KESCO <a b@example.com>"])
def test_an_email_needs_a_sender_that_can_be_answered(sender: str) -> None:
    for url in ("smtp://mail.example.com", "https://mail.example.com"):
        with pytest.raises(BadGateway, match="EKESCO_EMAIL_FROM"):
            open_email(url, sender)
    assert isinstance(open_email("console:", sender), Console)


@pytest.mark.parametrize("sender", ["", "Kosovo Energy", "KESKO ë"])
def test_an_sms_needs_a_sender_that_networks_take(sender: str) -> None:
    with pytest.raises(BadGateway, match="EKESCO_SMS_SENDER"):
        open_sms("console:", sender)


def test_a_recipient_is_masked() -> None:
    assert masked("+38344123456") == "+383•••456"
    assert masked("ana.berisha@example.com") == "•••@example.com"
    assert masked("12345678") == "•••"
    assert masked("") == "•••"
