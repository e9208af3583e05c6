"""The JSON gateway: what it is sent, and what each of its answers means for the letter."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from bot.channel import Later, Refused, Uncertain
from bot.gateways.http_json import HttpJson
from tests.fakes.sms import FakeGateway
from tests.gateways.parcels import an_email, an_sms

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeGateway]:
    async with FakeGateway().running() as running:
        yield running
        assert not running.wrong, running.wrong


@pytest_asyncio.fixture
async def gateway(fake: FakeGateway) -> AsyncIterator[HttpJson]:
    carrier = HttpJson(fake.url, "KESCO", fake.token, clock=lambda: AT, whole=0.3)
    yield carrier
    await carrier.close()


async def test_an_sms_is_told_under_its_key(fake: FakeGateway, gateway: HttpJson) -> None:
    await gateway.carry(an_sms(7))
    assert fake.taken == {
        "ekesco-7": {
            "to": "+38344123456",
            "from": "KESCO",
            "text": "KESCO: your code is 123456.",
            "reference": "ekesco-7",
        }
    }


async def test_an_email_is_told_with_its_subject() -> None:
    async with FakeGateway(email=True).running() as fake:
        carrier = HttpJson(fake.url, "KESCO <no-reply@example.com>", fake.token)
        await carrier.carry(an_email(8))
        await carrier.close()
        assert fake.taken["ekesco-8"]["subject"] == "Your code from KESCO"
        assert not fake.wrong


async def test_what_was_accepted_before_is_delivered(fake: FakeGateway, gateway: HttpJson) -> None:
    await gateway.carry(an_sms(7))
    await gateway.carry(an_sms(7))
    assert list(fake.taken) == ["ekesco-7"]
    assert fake.asked == ["ekesco-7", "ekesco-7"]


async def test_a_number_that_does_not_exist_is_refused(fake: FakeGateway, gateway: HttpJson) -> None:
    fake.unknown.add("+38344000000")
    with pytest.raises(Refused, match="422"):
        await gateway.carry(an_sms(to="+38344000000"))
    fake.faults.append((400, {}))
    with pytest.raises(Refused, match="400"):
        await gateway.carry(an_sms())


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("17", 17),
        ("90000", 300),
        ("Mon, 02 Mar 2026 09:00:40 GMT", 40),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_gateway_that_asks_for_time_is_given_it(
    fake: FakeGateway, gateway: HttpJson, status: int, asked: str, seconds: float | None
) -> None:
    fake.faults.append((status, {"Retry-After": asked} if asked else {}))
    with pytest.raises(Later) as later:
        await gateway.carry(an_sms())
    assert later.value.seconds == seconds
    await gateway.carry(an_sms())


@pytest.mark.parametrize("fault", [(500, {}), (502, {}), (408, {}), "hang", "drop", "page"])
async def test_without_a_clear_answer_nobody_knows(
    fake: FakeGateway, gateway: HttpJson, fault: str | tuple[int, dict[str, str]]
) -> None:
    fake.faults.append(fault)
    with pytest.raises(Uncertain):
        await gateway.carry(an_sms())
    await gateway.carry(an_sms())
    assert list(fake.taken) == ["ekesco-1"]


@pytest.mark.parametrize("fault", ["take and hang", "take and drop"])
async def test_what_was_taken_without_an_answer_is_not_taken_twice(
    fake: FakeGateway, gateway: HttpJson, fault: str
) -> None:
    fake.faults.append(fault)
    with pytest.raises(Uncertain):
        await gateway.carry(an_sms())
    await gateway.carry(an_sms())
    assert fake.asked == ["ekesco-1", "ekesco-1"]
    assert list(fake.taken) == ["ekesco-1"]


async def test_a_gateway_that_is_not_there_has_certainly_not_taken_it(fake: FakeGateway) -> None:
    carrier = HttpJson("http://127.0.0.1:1/v1/messages", "KESCO", "a token")
    with pytest.raises(Later, match="not reached"):
        await carrier.carry(an_sms())
    await carrier.close()


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_an_operators_fault_is_told_loudly_and_once_until_it_is_over(
    fake: FakeGateway, gateway: HttpJson, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    for answers in ([status] * 3, [0, status]):
        caplog.clear()
        for answer in answers:
            if not answer:
                await gateway.carry(an_sms())
                continue
            fake.faults.append((answer, {}))
            with pytest.raises(Later):
                await gateway.carry(an_sms())
        loud = [record for record in caplog.records if record.levelno == logging.CRITICAL]
        assert len(loud) == 1, caplog.text
        assert str(status) in loud[0].getMessage()


async def test_a_wrong_token_is_an_operators_fault(fake: FakeGateway) -> None:
    carrier = HttpJson(fake.url, "KESCO", "another token")
    with pytest.raises(Later, match="401"):
        await carrier.carry(an_sms())
    await carrier.close()
    assert not fake.taken


async def test_a_redirect_does_not_get_the_token(fake: FakeGateway, gateway: HttpJson) -> None:
    fake.faults.append((307, {"Location": fake.url}))
    with pytest.raises(Later, match="307"):
        await gateway.carry(an_sms())
    assert not fake.taken


async def test_neither_number_nor_words_nor_token_are_logged(
    fake: FakeGateway, gateway: HttpJson, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await gateway.carry(an_sms())
    fake.faults.append("drop")
    with pytest.raises(Uncertain):
        await gateway.carry(an_sms(2))
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("bot"))
    assert "+383•••456" in ours
    assert not [secret for secret in ("44123", "123456", fake.token) if secret in caplog.text]
