"""E-mail by SMTP: what it looks like, over which line it goes, and what each answer means."""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channel import Later, Refused, Uncertain
from bot.gateways.address import parsed
from bot.gateways.carrier import NotYet
from bot.gateways.smtp import Smtp
from tests.fakes.smtp import FakeMailServer, self_signed
from tests.gateways.parcels import an_email

SENDER = "KESCO <no-reply@kesco.test>"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeMailServer]:
    async with FakeMailServer().running() as running:
        yield running
        assert not running.wrong, running.wrong


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    return self_signed(tmp_path)


def carrier(fake: FakeMailServer, *, user: str = "", scheme: str = "smtp", host: str = "127.0.0.1") -> Smtp:
    url = f"{scheme}://{user}{host}:{fake.port}"
    return Smtp(parsed(url, "EKESCO_EMAIL_URL"), SENDER, "", clock=lambda: AT, patience=0.3)


async def test_an_email_has_the_headers_that_a_good_one_has(fake: FakeMailServer) -> None:
    await carrier(fake).carry(
        an_email(7, subject="Kodi juaj është këtu", text="Kodi është 1.\n\n.dot\nç\n", language="sr_Cyrl")
    )
    (mail,) = fake.mails
    assert (mail.sender, mail.to) == ("no-reply@kesco.test", "ana@example.com")
    message = mail.message
    assert dict(message.items()) == {
        "From": SENDER,
        "To": "ana@example.com",
        "Subject": "Kodi juaj është këtu",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "Message-ID": "<ekesco-7@kesco.test>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "sr-Cyrl",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": message["Content-Transfer-Encoding"],
        "MIME-Version": "1.0",
    }
    assert mail.words == "Kodi është 1.\n\n.dot\nç\n"


async def test_a_long_line_and_a_long_subject_are_folded(fake: FakeMailServer) -> None:
    subject, text = "Vërejtje " * 30, "fjalë " * 400
    await carrier(fake).carry(an_email(subject=subject.strip(), text=text))
    (mail,) = fake.mails
    assert mail.message["Subject"] == subject.strip()
    assert mail.words.rstrip("\n") == text


async def test_a_subject_cannot_bring_headers_of_its_own(fake: FakeMailServer) -> None:
    await carrier(fake).carry(an_email(subject="Hello\r\nBcc: eve@example.com"))
    assert fake.mails[0].message["Bcc"] is None


@pytest.mark.parametrize(
    "to",
    [
        "ana",
        "@example.com",
        "ana@",
        "ana@example..com",
        "ana@example.com\r\nRCPT TO:<eve@example.com>",
        "eve@example.com,ana@example.com",
        "Ana <ana@example.com>",
        "ëngjëll@example.com",
    ],
)
async def test_what_is_no_mailbox_is_refused_before_anything_is_sent(fake: FakeMailServer, to: str) -> None:
    with pytest.raises(Refused):
        await carrier(fake).carry(an_email(to=to))
    assert not fake.mails


async def test_a_domain_with_diacritics_goes_out_in_ascii(fake: FakeMailServer) -> None:
    await carrier(fake).carry(an_email(to="ana@çelësi.example"))
    assert fake.mails[0].to == "ana@xn--elsi-zoa0a.example"


async def test_it_goes_over_tls_where_that_is_offered(tls: ssl.SSLContext) -> None:
    async with FakeMailServer(tls=tls).running() as fake:
        await carrier(fake).carry(an_email())
        assert fake.mails[0].encrypted


async def test_it_goes_over_tls_from_the_start_where_the_url_says_so(tls: ssl.SSLContext) -> None:
    async with FakeMailServer(tls=tls, implicit=True).running() as fake:
        await carrier(fake, scheme="smtps").carry(an_email())
        assert fake.mails[0].encrypted


async def test_to_another_machine_nothing_goes_without_tls(
    fake: FakeMailServer, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Later):
        await carrier(fake, host="0.0.0.0").carry(an_email())
    assert not fake.mails
    assert "offers no TLS" in caplog.text


async def test_another_machine_must_show_a_certificate_that_somebody_has_signed(tls: ssl.SSLContext) -> None:
    async with FakeMailServer(tls=tls).running() as fake:
        with pytest.raises(Later, match="not reached"):
            await carrier(fake, host="0.0.0.0").carry(an_email())
        assert not fake.mails


async def test_it_signs_in_with_the_password_of_the_url_or_of_its_own_setting(tls: ssl.SSLContext) -> None:
    async with FakeMailServer(password="p@ss word", tls=tls).running() as fake:
        await carrier(fake, user="kesco:p%40ss%20word@").carry(an_email())
        url = f"smtp://kesco@127.0.0.1:{fake.port}"
        await Smtp(parsed(url, "EKESCO_EMAIL_URL"), SENDER, "p@ss word").carry(an_email())
        assert [mail.signed_in for mail in fake.mails] == [True, True]


async def test_a_wrong_password_is_an_operators_fault_told_once(
    tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeMailServer(password="right", tls=tls).running() as fake:
        gateway = carrier(fake, user="kesco:wrong@")
        for _ in range(3):
            with pytest.raises(Later, match="sign-in answered 535"):
                await gateway.carry(an_email())
        assert len([r for r in caplog.records if r.levelno == logging.CRITICAL]) == 1
        assert "wrong" not in caplog.text


@pytest.mark.parametrize(
    ("command", "answer", "raised"),
    [
        ("greeting", "554 closed", Later),
        ("greeting", "drop", Later),
        ("greeting", "hang", Later),
        ("EHLO", "drop", Later),
        ("MAIL", "451 busy", Later),
        ("MAIL", "550 not you", Later),
        ("MAIL", "drop", Later),
        ("MAIL", "hang", Later),
        ("RCPT", "550 5.1.1 no such mailbox", Refused),
        ("RCPT", "552 5.2.2 full for good", Refused),
        ("RCPT", "450 4.2.0 greylisted", NotYet),
        ("RCPT", "550 5.7.1 relaying denied", NotYet),
        ("RCPT", "421 closing", Later),
        ("RCPT", "drop", Later),
        ("DATA", "451 busy", Later),
        ("end", "451 busy", Later),
        ("end", "554 spam", Refused),
        ("end", "drop", Uncertain),
        ("end", "hang", Uncertain),
        ("end", "take,drop", Uncertain),
        ("end", "take,hang", Uncertain),
        ("end", "take,nonsense", Uncertain),
    ],
)
async def test_every_answer_has_its_meaning(
    fake: FakeMailServer, command: str, answer: str, raised: type[Exception]
) -> None:
    fake.answers[command] = answer
    gateway = carrier(fake)
    with pytest.raises(raised) as error:
        await gateway.carry(an_email())
    assert type(error.value) is raised
    assert len(fake.mails) == ("take" in answer)
    fake.answers.clear()
    await gateway.carry(an_email())


async def test_a_line_that_breaks_after_the_yes_changes_nothing(fake: FakeMailServer) -> None:
    fake.answers["QUIT"] = "drop"
    await carrier(fake).carry(an_email())
    assert len(fake.mails) == 1


async def test_a_server_that_is_not_there_has_certainly_not_taken_it() -> None:
    gateway = Smtp(parsed("smtp://127.0.0.1:1", "EKESCO_EMAIL_URL"), SENDER, "")
    with pytest.raises(Later, match="not reached"):
        await gateway.carry(an_email())


async def test_neither_mailbox_nor_words_are_logged(
    fake: FakeMailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await carrier(fake).carry(an_email())
    fake.answers["RCPT"] = "550 5.1.1 <ana@example.com> unknown"
    with pytest.raises(Refused) as refused:
        await carrier(fake).carry(an_email())
    assert "•••@example.com" in caplog.text
    assert not [s for s in ("ana@", "123456") if s in caplog.text or s in str(refused.value)]
