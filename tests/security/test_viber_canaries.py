"""Neither the bot's token nor a customer's name on Viber, words or data is in logs and metrics."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

import pytest
from prometheus_client import REGISTRY, generate_latest

from bot.logs import redacted
from tests.fakes.viber import FakeViber, signature
from tests.security.test_canaries import leaks, production_logs
from tests.viber.door import knock
from tests.viber.hours import Hours
from tests.viber.program import Program, Visitor, running
from tests.viber.test_conversations import ARTA, registered
from tests.viber.test_sending import pushes

WORDS = "Kanarinë Zogjishta"
DATA = (ARTA.personal_number, ARTA.customer_code, ARTA.last_name, "arta@example.com", "344123456")


@pytest.fixture
async def fake() -> AsyncIterator[FakeViber]:
    async with FakeViber() as server:
        yield server
    server.violations.clear()


class Story:
    """All that can go wrong with a customer on Viber."""

    def __init__(self, program: Program, hours: Hours) -> None:
        self.program, self.fake, self.hours = program, program.fake, hours

    async def told(self) -> Visitor:
        arta = await registered(self.program, "en")
        await self.is_refused(arta)
        await self.comes_late(arta)
        await self.is_nonsense(arta)
        await self.leaves(arta)
        return arta

    async def is_refused(self, arta: Visitor) -> None:
        for status in (3, 13):
            self.fake.refuse("send_message", status)
            await arta.says(WORDS)
        arta.phone.refuse(f"{WORDS} cannot be shown")
        await arta.says(WORDS)
        rests = len(self.hours.rests)
        faults: list[Callable[[], object]] = [
            lambda: self.fake.refuse("send_message", 12),
            lambda: self.fake.fail("send_message"),
            lambda: self.fake.drop("send_message", after=True),
            lambda: self.fake.refuse("send_message", 2),
        ]
        for number, happens in enumerate(faults, rests + 1):
            happens()
            await pushes(self.program, arta, WORDS)
            await self.fake.advance(await self.hours.rested(number) + 1)
            await self.program.settle()

    async def comes_late(self, arta: Visitor) -> None:
        self.fake.callbacks.hold()
        older, newer = arta.phone.say(WORDS), arta.phone.say(f"{WORDS} again")
        self.fake.callbacks.release([newer, older])
        await self.program.settle()

    async def is_nonsense(self, arta: Visitor) -> None:
        sender = {"id": arta.phone.id, "name": WORDS}
        odd = {"type": "text", "text": [WORDS]}
        for body in (
            WORDS.encode(),
            json.dumps({"event": "message", "sender": sender, "message": odd}).encode(),
            json.dumps({"event": "news", "user": sender, "message_token": WORDS}).encode(),
        ):
            await knock(self.program, body, signature(self.fake.token, body))
            await knock(self.program, body, WORDS.encode().hex())
            await knock(self.program, body, None, self.fake.token)

    async def leaves(self, arta: Visitor) -> None:
        self.fake.refuse("send_message", 6)
        await pushes(self.program, arta, WORDS)
        await self.program.settle()
        await arta.says(WORDS)
        arta.phone.unsubscribe()
        await self.program.settle()
        await pushes(self.program, arta, WORDS)
        await self.program.settle()


@pytest.mark.parametrize(
    ("style", "debug"),
    [("console", False), ("json", False), ("json", True)],
    ids=["console", "json", "debug"],
)
async def test_a_story_on_viber_leaves_nothing_of_the_customer_in_logs_and_metrics(
    url: str, fake: FakeViber, tmp_path: Path, style: Literal["console", "json"], debug: bool
) -> None:
    hours = Hours(fake)
    with production_logs(style, debug=debug) as written:
        async with running(url, fake, tmp_path, hours.now, pause=hours.pause) as program:
            arta = await Story(program, hours).told()
    logs = written.getvalue()
    for line in (
        "a callback is not to be read",
        "a phone refused a message",
        "Viber cannot read a message",
        "said without what is new",
        "does not serve the bot",
        "delivery postponed",
        "chat unreachable",
        "held until the customer writes",
    ):
        assert line in logs
    secrets = [fake.token, arta.phone.id, *WORDS.split(), *DATA]
    spelled = [*secrets, *(json.dumps(word)[1:-1] for word in secrets), *(word.lower() for word in secrets)]
    assert leaks(logs, [], spelled) == []
    assert leaks(generate_latest(REGISTRY).decode(), [], spelled) == []


@pytest.mark.parametrize("id", ["01234567890123456789A+==", "ab/+efghijklmnopqrstuv==", "01234567890A="])
def test_a_users_name_is_cut_wherever_it_stands(id: str) -> None:
    chat = f"viber:{id}"
    for line in (f"held: chat={chat} row=3", f"work failed: key=viber {chat}", f"{chat}"):
        said = redacted(line)
        assert id not in said
        assert id[4:] not in said
        assert f"viber:{id[:4]}•••" in said
    if id.endswith("=="):
        assert id[4:] not in redacted(f"turn failed: key=message:4912661846655238145:{id}")


@pytest.mark.parametrize(
    "line",
    [
        "chat=telegram:42",
        "open http://127.0.0.1:8080/viber",
        "database_url=sqlite:////var/lib/ekesco/ekesco.db",
    ],
)
def test_what_is_nobodys_name_stays(line: str) -> None:
    assert redacted(line) == line
