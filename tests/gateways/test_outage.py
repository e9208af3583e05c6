"""A gateway that is down or slow for ten minutes: the chats do not notice, and each SMS goes out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.breaker import LONGEST_REST, MOST_FAILURES
from bot.gateways.http_json import HttpJson
from bot.mailing import MOST_AT_ONCE
from tests.fakes.sms import FakeGateway
from tests.gateways.house import House

OUTAGE = 600.0
EVERY = 15.0
#: The first trial after the outage comes within the longest rest.
BACK = LONGEST_REST
#: Trials in ten minutes: after 5, 10, 20, 40, 80, 160 seconds and once more.
TRIALS = 7

Fault = str | tuple[int, dict[str, str]]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeGateway]:
    async with FakeGateway().running() as running:
        yield running
        assert not running.wrong, running.wrong


@pytest.mark.parametrize(
    "fault",
    [
        (500, {}),
        (503, {}),
        (429, {"Retry-After": "60"}),
        (401, {}),
        "drop",
        "hang",
        "take and hang",
        "take and drop",
    ],
    ids=str,
)
async def test_after_ten_minutes_each_sms_goes_out_exactly_once(
    url: str, fake: FakeGateway, fault: Fault
) -> None:
    # Its ten seconds of patience, shortened: they pass by the real clock.
    house = House(url, {"sms": HttpJson(fake.url, "KESCO", fake.token, whole=0.05)})
    house.open()
    fake.always = fault
    lasting, codes = [], []
    for number in range(int(OUTAGE / EVERY)):
        chat = f"plain:{number}"
        lasting.append(await house.order(f"+383440000{number:02}", chat=chat))
        codes.append(await house.order_code(f"c{number}", chat=f"plain:code{number}", expires=300))
        await house.say("Hello", chat)
        await house.rest()
        assert house.said(chat) == ["Hello"], "a dialog waits for the gateway"
        await house.time.advance(EVERY)
    assert len(house.carried) <= MOST_FAILURES + MOST_AT_ONCE + TRIALS
    fake.always = None
    await house.time.advance(BACK)
    assert [await house.state(row) for row in lasting] == [("sent", None)] * len(lasting)
    fates = Counter([(await house.state(row))[0] for row in codes])
    assert fates["sent"] + fates["dropped"] == len(codes)
    assert fates["dropped"] >= 10
    taken = Counter(told["reference"] for told in fake.taken.values())
    assert set(taken.values()) == {1}
    assert {f"ekesco-{row}" for row in lasting} <= taken.keys()
    await house.close()
