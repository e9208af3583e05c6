"""Nothing of a customer is found in logs, metrics or errors, whatever went wrong in whole conversations."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, redirect_stderr
from datetime import date
from decimal import Decimal
from typing import Literal
from urllib.parse import quote

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY, generate_latest

from bot.forms_port import Refused, Taken
from bot.logs import redacted, set_up
from bot.seeding.people import citizen_number
from bot.services.ports import Connection, Invoice, Person
from bot.turn import SORRY
from dialogs.account import Account
from dialogs.changes import ChangeEmail, ChangePassword, ChangePhone, MyData
from dialogs.engine.prompts import FAILED, RETRY
from dialogs.linking import OpenHere
from dialogs.register import Register
from dialogs.sign_in import ForgotPassword, SignIn
from tests.fakes.registry.server import FakeRegistry
from tests.fakes.sms import FakeGateway
from tests.fakes.smtp import FakeMailServer
from tests.security.test_pages import send, site
from tests.security.wired import Spoiling, WiredWorld
from tests.talk.customer import Customer
from tests.talk.test_linking import SHOWN

#: Words that stand nowhere else.
FIRST, LAST = "Kanarinë", "Zogjishta"
NUMBER, CODE = citizen_number(4711), "DPR 7654321"
EMAIL, NEW_EMAIL = "kanarine.zogjishta@posta.example", "zogu.tjeter@posta.example"
PHONE, NEW_PHONE = "+383 44 987 601", "+383 45 876 502"
PASSWORD, NEW_PASSWORD, WRONG = "Qerpik7Blerim", "Veriu8Gurgullon", "Sqaroj9Gabimin"
STREET = "Rruga e Kanarinave"
WRONG_CODE = "7KM4-A9TR"

OURS = ("bot", "handlers", "dialogs", "storage", "locales")
LIBRARIES = ("httpx", "httpcore", "aiohttp.access", "alembic", "asyncio")

PERSON = Person(NUMBER, FIRST, LAST, date(2036, 1, 1))
PLACE = Connection(CODE, NUMBER, "10999888", STREET, "4/02", Decimal("41.50"), date(2026, 2, 1))
BILL = Invoice(
    *("F-2026-01-777", CODE, "2026-01", date(2026, 2, 1), date(2026, 2, 20)),
    *map(Decimal, ("100", "300", "50", "150", "1", "38.43", "3.07", "41.50", "0.00")),
)


@contextmanager
def production_logs(style: Literal["console", "json"], *, debug: bool) -> Iterator[io.StringIO]:
    """What the program writes to standard error, as it is set up when it runs."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    before = {name: logging.getLogger(name).level for name in (*OURS, *LIBRARIES)}
    try:
        with redirect_stderr(written):
            set_up(style)
            for name in OURS if debug else ():
                logging.getLogger(name).setLevel(logging.DEBUG)
            yield written
    finally:
        root.handlers[:], root.level = handlers, level
        for name, was in before.items():
            logging.getLogger(name).setLevel(was)


@pytest_asyncio.fixture
async def outside() -> AsyncIterator[tuple[FakeGateway, FakeMailServer, FakeRegistry]]:
    async with AsyncExitStack() as stack:
        sms, mail = FakeGateway(), FakeMailServer()
        await stack.enter_async_context(sms.running())
        await stack.enter_async_context(mail.running())
        register = FakeRegistry([PERSON], [PLACE], [BILL])
        await stack.enter_async_context(register)
        yield sms, mail, register


class Story:
    """The life of an account, with all that can go wrong; `tokens` are of the pages that were used."""

    def __init__(
        self, world: WiredWorld, sms: FakeGateway, mail: FakeMailServer, register: FakeRegistry
    ) -> None:
        self.world, self.sms, self.mail, self.register = world, sms, mail, register
        self.customer, self.other = Customer(world, "first"), Customer(world, "second")
        self.tokens: list[str] = []

    async def told(self) -> None:
        await self.opens_an_account()
        await self.signs_in_elsewhere()
        await self.brings_a_code_to_another_chat()
        await self.changes_everything()
        await self.forgets_the_password()

    async def _page(self, who: Customer, **typed: str) -> object:
        self.tokens.append(who.page())
        return await who.types(**typed)

    async def _answers(self) -> None:
        """The questions of a registration, each first with something that will not do."""
        wrong = ("1234567890123", "Zogjishta 44987601", "??", "DXX 7654321", f"{FIRST} at posta", "999")
        right = (NUMBER, FIRST, LAST, CODE, EMAIL, PHONE)
        for nonsense, answer in zip(wrong, right, strict=True):
            await self.customer.say(nonsense)
            await self.customer.say(answer)

    async def opens_an_account(self) -> None:
        me, world = self.customer, self.world
        await me.comes_in("en")
        await me.tap("start:Register")
        await me.tap("=YES")
        await self._answers()
        await me.say(PASSWORD)  # in the chat, where it does not belong
        for typed in ("kurt", f"{LAST}77a", f"{NUMBER}Aa"):
            assert isinstance(await self._page(me, password=typed, again=typed), Refused)
        assert isinstance(await self._page(me, password=WRONG, again=PASSWORD), Refused)
        async with site(world) as browser:  # the page as a browser sends it
            self.tokens.append(me.page())
            me.screen.news.clear()
            done = await send(browser, f"/form/{me.page()}", {"password": PASSWORD, "again": PASSWORD})
            assert done.status == 303
            again = await browser.get(f"/form/{self.tokens[-1]}")
            assert again.status == 410
        self.sms.faults.extend([(503, {"Retry-After": "1"}), "page", "drop", "hang", (401, {}), (500, {})])
        await me.tap("yes")
        await me.say("000000")
        self.register.faults.extend(
            ["hang", 500, b"[", json.dumps({"first_name": FIRST, "last_name": LAST}).encode()]
        )
        await me.enters_code()
        for _ in range(3):
            assert me.hears(FAILED), me.news
            await me.tap(RETRY)
        odd = {"personal_number": NUMBER, "first_name": FIRST, "last_name": LAST, "id_valid_until": LAST}
        self.register.faults.append(json.dumps(odd).encode())
        await self._retries_until_open()
        assert me.hears(Register.done.text), me.news

    async def _retries_until_open(self) -> None:
        for _ in range(3):
            if self.customer.has(RETRY):
                await self.customer.tap(RETRY)

    async def signs_in_elsewhere(self) -> None:
        me = self.other
        await self.world.wait(hours=2)
        await me.names_account(EMAIL, "en")
        assert isinstance(await self._page(me, password=WRONG), Refused)
        assert isinstance(await self._page(me, password=PASSWORD), Taken)
        self.mail.answers["RCPT"] = f"450 4.2.1 <{EMAIL}> of {FIRST} {LAST} is busy"
        await me.tap("switch:0")
        await me.say("111111")
        self.mail.answers.clear()
        await self.world.wait(minutes=1)
        await self.world.sweep()
        await me.tap("redo:0")
        await me.enters_code()
        assert me.hears(SignIn.done.text), me.news

    async def brings_a_code_to_another_chat(self) -> None:
        """By hand and by a link; what a wrong one says is looked for as well."""
        me, third = self.customer, Customer(self.world, "third", self.world.second_channel())
        await me.forge("start:LinkChat")
        code = SHOWN.findall(me.news)[-1]
        bare = code.replace("-", "")
        await third.open("en", bare)
        await third.tap("=en")
        await third.say("cancel")
        await third.say(WRONG_CODE)
        await third.say(code)
        await third.tap("=YES")
        assert third.hears(OpenHere.done.text), third.news
        await third.say("sign out")
        self.tokens += [code, bare, WRONG_CODE]

    async def changes_everything(self) -> None:
        me = self.other
        await self.world.wait(hours=2)
        await self._confirmed("ChangeEmail", NEW_EMAIL, PASSWORD)
        await me.enters_code()
        assert me.hears(ChangeEmail.done.text), me.news
        await self.world.wait(hours=2)
        await self._confirmed("ChangePhone", NEW_PHONE, PASSWORD)
        await me.enters_code()
        assert me.hears(ChangePhone.done.text), me.news
        await self.world.wait(hours=2)
        await self._confirmed("ChangePassword", "", PASSWORD)
        assert isinstance(await self._page(me, password=NEW_PASSWORD, again=NEW_PASSWORD), Taken)
        assert me.hears(ChangePassword.done.text), me.news
        await me.forge("start:MyData")
        self.register.faults.append(500)
        assert isinstance(await self._page(me), Refused)
        assert isinstance(await self._page(me), Taken)
        assert me.hears(MyData.done.text), me.news
        await me.forge("start:Account")
        assert me.hears(Account.card.text)

    async def _confirmed(self, dialog: str, answer: str, password: str) -> None:
        """A change as far as the code, which is right."""
        await self.other.forge(f"start:{dialog}")
        if answer:
            await self.other.say(answer)
        await self._page(self.other, password=password)
        await self.other.enters_code()

    async def forgets_the_password(self) -> None:
        me, phone = self.customer, NEW_PHONE.replace(" ", "")
        await self.world.wait(hours=2)
        self.sms.unknown.add(phone)
        self.mail.answers["end"] = f"554 5.7.1 nothing for {FIRST} {LAST} <{NEW_EMAIL}>"
        await me.forge("start:ForgotPassword")
        await me.say(NEW_EMAIL)
        await me.tap("switch:0")
        await self.world.wait(minutes=1)
        self.sms.unknown.clear()
        self.mail.answers.clear()
        await me.tap("redo:0")
        await me.enters_code()
        assert isinstance(await self._page(me, password=PASSWORD, again=PASSWORD), Taken)
        assert me.hears(ForgotPassword.done.text), me.news
        self.world.given_up = 2

    def codes(self) -> list[str]:
        return [code for parcel in self.world.post.parcels for code in re.findall(r"\b\d{6}\b", parcel.text)]


def canaries(*more: str) -> list[str]:
    """Every spelling in which something of the customer's could come to light."""
    plain = [
        *(NUMBER, FIRST, LAST, EMAIL, NEW_EMAIL, PASSWORD, NEW_PASSWORD, WRONG, STREET, *more),
        *(CODE, "7654321", "987601", "876502", PHONE, NEW_PHONE),
    ]
    spelled = [*plain, *(quote(word) for word in plain), *(json.dumps(word)[1:-1] for word in plain)]
    return list(dict.fromkeys([*spelled, *(word.lower() for word in spelled)]))


def leaks(text: str, codes: Sequence[str], words: Sequence[str]) -> list[str]:
    """What stands there that should not, with the line it stands in."""
    bare = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z?|error=[0-9A-F]{6}", "", text)
    found = [(word, bare.find(word)) for word in words]
    for code in codes:
        one = re.search(rf"(?<![0-9a-zA-Z.]){code}(?![0-9a-zA-Z])", bare)
        found.append((code, one.start() if one else -1))
    return [f"{word}: …{bare[max(0, at - 120) : at + 80]}…" for word, at in found if at >= 0]


async def kept_for_operators(world: WiredWorld) -> str:
    """What tells an operator how it went: the log of turns, and what failed."""
    rows = [
        *await world.rows("select * from turn_log"),
        *await world.rows("select channel, key, chat, state, error, body from inbox"),
        *await world.rows("select channel, chat, kind, state, error from outbox"),
        *await world.rows("select body from outbox where state in ('sent', 'dropped')"),
        *await world.rows("select * from throttle"),
        *await world.rows("select * from note"),
    ]
    return "\n".join(str(dict(row)) for row in rows)


@pytest.mark.parametrize(
    ("style", "debug"),
    [("console", False), ("json", False), ("json", True)],
    ids=["console", "json", "debug"],
)
async def test_a_whole_story_leaves_nothing_of_the_customer_in_logs_metrics_and_errors(
    url: str,
    outside: tuple[FakeGateway, FakeMailServer, FakeRegistry],
    style: Literal["console", "json"],
    debug: bool,
) -> None:
    with production_logs(style, debug=debug) as written:
        world = WiredWorld(url, *outside)
        story = Story(world, *outside)
        await story.told()
        assert not [*outside[0].wrong, *outside[1].wrong, *outside[2].wrong]
        await world.sweep()
        operators = await kept_for_operators(world)
        await world.close()
    logs = written.getvalue()
    assert logs.count("\n") > 20, "the story is one that is logged"
    assert "gateway needs an operator" in logs
    assert "service not reached" in logs
    assert "message refused" in logs
    codes, words = story.codes(), canaries(*story.tokens)
    assert len(codes) >= 6
    assert len(story.tokens) >= 10
    metrics = generate_latest(REGISTRY).decode()
    assert leaks(logs, codes, words) == []
    assert leaks(metrics, codes, words) == []
    assert leaks(operators, codes, words) == []


@pytest.mark.parametrize("style", ["console", "json"])
async def test_a_fault_of_our_own_is_told_without_what_it_happened_with(
    url: str,
    outside: tuple[FakeGateway, FakeMailServer, FakeRegistry],
    style: Literal["console", "json"],
) -> None:
    """The database's own words may quote the whole row."""
    with production_logs(style, debug=True) as written:
        world = WiredWorld(url, *outside)
        customer = Customer(world, "first")
        await customer.gets_code(
            "en", number=NUMBER, first_name=FIRST, last_name=LAST, code=CODE, email=EMAIL, phone=PHONE
        )
        spoiling = Spoiling(world.storage._inner)
        world.storage._inner = spoiling
        spoiling.spoils, spoiling.column = "insert into account (", "password"
        await customer.enters_code()
        spoiling.spoils = ""
        assert customer.hears(SORRY), customer.news
        world.set_aside = 1
        operators = await kept_for_operators(world)
        codes = re.findall(r"\b\d{6}\b", world.post.parcels[-1].text)
        await world.close()
    logs = written.getvalue()
    assert "turn failed" in logs
    assert "Traceback" in logs
    assert leaks(logs, codes, canaries()) == []
    assert leaks(operators, codes, canaries()) == []
    assert "argon2" not in logs


@pytest.mark.parametrize(
    "said",
    [
        f'null value in column "x"\nDETAIL:  Failing row contains (1, {FIRST}, null).\nHINT: none',
        f"DETAIL:  Key (first_name)=({FIRST}) already exists.",
        f"invalid input for query argument $2: '{FIRST}' ('str' object cannot be interpreted as an integer)",
        f'invalid input syntax for type bigint: "{FIRST}"',
        f"no mailbox {EMAIL}, no phone {PHONE.replace(' ', '')}, nobody {NUMBER}, no page {'a1' * 32}",
    ],
)
def test_what_databases_and_servers_quote_is_taken_out_of_a_line(said: str) -> None:
    line = redacted(said)
    for secret in (FIRST, EMAIL, PHONE.replace(" ", ""), NUMBER, "a1" * 32):
        assert secret not in line
    assert "•••" in line


def test_the_canaries_are_found_where_they_are() -> None:
    text = f"2026-03-02T10:00:00.123456Z turn failed error=123456 {quote(FIRST)} code 654321 {PHONE}"
    assert len(leaks(text, ["654321"], canaries())) >= 3
    assert leaks("2026-03-02T10:00:00.654321Z error=654321 key=ab654321cd", ["654321"], canaries()) == []
