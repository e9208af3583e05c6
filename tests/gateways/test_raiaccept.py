"""RaiAccept over HTTP: what it is sent, what of its answers is believed, and what every fault comes to."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.payments.open import open_payments
from bot.gateways.payments.raiaccept import RaiAccept
from bot.gateways.payments.raiaccept_http import EARLY, LARGEST, RaiAcceptHttp
from bot.gateways.payments.raiaccept_json import money, read, written
from bot.gateways.payments.sandbox import Sandbox
from bot.services.payment_port import Asked, BadOrder, Fate, Opened, Word
from bot.services.ports import Away
from storage.base import Storage
from tests.fakes.raiaccept import PASSWORD, USER, FakeRaiAccept

ASKED = Asked(
    reference="EK-0123456789AB-1",
    amount=Decimal("20.42"),
    description="KESCO",
    language="sq",
    back_url="https://kesco.example/pay/token?back=1",
    notify_url="https://kesco.example/payments/raiaccept",
)
#: Of the provider: it is not there, or nobody can tell what it means.
FAULTS: list[int | bytes | str] = [
    *(500, 502, 503, 429, 302, 307, 204, 401, 403, 408),
    *("cut", "hang", "take and cut", "take and hang"),
    *(b"", b"<html>Welcome</html>", b"null", b"[]", b'"PAID"', b"\xff\xfe", b"{", b"[" * 100_000),
    b'{"a": ' * 10_000,
    b'{"amount": NaN}',
    b'{"amount": ' + b"1" * 5_000 + b"}",
    b'{"pad": "' + b"x" * LARGEST + b'"}',
]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeRaiAccept]:
    async with FakeRaiAccept() as fake:
        yield fake
        assert fake.violations == []


@asynccontextmanager
async def at(
    fake: FakeRaiAccept, *, password: str = PASSWORD, whole: float = 5.0, email: str = ""
) -> AsyncIterator[RaiAccept]:
    http = RaiAcceptHttp(fake.api, fake.auth, USER, password, whole=whole, passed=lambda: fake.passed())
    provider = RaiAccept(http, email)
    try:
        yield provider
    finally:
        await provider.close()


@pytest_asyncio.fixture
async def provider(fake: FakeRaiAccept) -> AsyncIterator[RaiAccept]:
    async with at(fake) as provider:
        yield provider


class Hours:
    """A clock that stands until it is moved, in seconds."""

    def __init__(self, fake: FakeRaiAccept) -> None:
        self.passed = 1000.0
        fake.passed = lambda: self.passed


# -- an order -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statuses", "fate"),
    [
        ([], Fate.OPEN),
        (["PAID"], Fate.PAID),
        (["FAILED"], Fate.FAILED),
        (["CANCELED"], Fate.CANCELED),
        (["ABANDONED"], Fate.ABANDONED),
        (["PAID", "PARTIALLY_REFUNDED"], Fate.REDUCED),
        (["PAID", "FULLY_REFUNDED"], Fate.REFUNDED),
    ],
)
async def test_an_order_is_asked_how_it_stands(
    fake: FakeRaiAccept, provider: RaiAccept, statuses: list[str], fate: Fate
) -> None:
    opened = await provider.open(ASKED)
    for status in statuses:
        fake.turn(fake.at(opened.page), status)
    assert await provider.ask(opened.id) == Word(opened.id, ASKED.reference, Decimal("20.42"), "EUR", fate)


async def test_an_order_without_a_card_page_is_open(fake: FakeRaiAccept, provider: RaiAccept) -> None:
    fake.faults["checkout"].append(500)
    with pytest.raises(Away):
        await provider.open(ASKED)
    (book,) = fake.books.values()
    word = await provider.ask(book.id)
    assert book.status == "DRAFT"
    assert word is not None
    assert word.fate is Fate.OPEN


async def test_an_order_that_is_not_there_is_none(provider: RaiAccept) -> None:
    assert await provider.ask("D-001-ORD-nobody") is None
    assert await provider.ask("../orders?x=1#y") is None


@pytest.mark.parametrize("amount", ["0.01", "0.10", "1.00", "7", "20.1", "19.99", "1000", "1234567.89"])
async def test_an_amount_travels_digit_by_digit(
    fake: FakeRaiAccept, provider: RaiAccept, amount: str
) -> None:
    opened = await provider.open(Asked("EK-1", Decimal(amount), "KESCO", "en", "https://a.b", "https://a.c"))
    word = await provider.ask(opened.id)
    assert word is not None
    assert word.amount == Decimal(amount)
    assert f'"amount": {Decimal(amount):.2f},'.encode() in fake.sent[1]


async def test_parts_of_a_cent_are_not_asked_for(fake: FakeRaiAccept, provider: RaiAccept) -> None:
    with pytest.raises(ValueError, match="parts of a cent"):
        await provider.open(Asked("EK-1", Decimal("1.001"), "KESCO", "en", "https://a.b", "https://a.c"))
    assert fake.asked == []


@given(st.decimals(Decimal("-999999999.99"), Decimal("999999999.99"), places=2))
def test_money_is_the_same_after_it_was_written_and_read(amount: Decimal) -> None:
    assert money(read(written({"amount": [amount]}).encode())["amount"][0]) == amount


@pytest.mark.parametrize(
    ("language", "page"),
    [("sq", "al"), ("sr", "sr"), ("sr_Cyrl", "sr"), ("en", "en"), ("de", "en"), ("", "en"), ("&a=b", "en")],
)
async def test_the_card_page_speaks_a_language_it_knows(
    fake: FakeRaiAccept, provider: RaiAccept, language: str, page: str
) -> None:
    opened = await provider.open(Asked("EK-1", Decimal(1), "KESCO", language, "https://a.b", "https://a.c"))
    assert fake.at(opened.page).language == page


@pytest.mark.parametrize("email", ["", "payments@kesco.example"])
async def test_the_bank_is_told_nothing_of_the_customer(fake: FakeRaiAccept, email: str) -> None:
    async with at(fake, email=email) as provider:
        await provider.open(ASKED)
    (book,) = fake.books.values()
    assert book.order.consumer.model_dump() == {
        "firstName": "KESCO",
        "lastName": "Customer",
        "email": email or "customer@ekesco.invalid",
        "mobilePhone": "",
    }
    assert {book.order.urls.successUrl, book.order.urls.failUrl, book.order.urls.cancelUrl} == {
        ASKED.back_url
    }
    assert book.order.urls.notificationUrl == ASKED.notify_url


# -- the login --------------------------------------------------------------------------------------------


async def test_one_login_serves_until_shortly_before_its_end(
    fake: FakeRaiAccept, provider: RaiAccept
) -> None:
    time = Hours(fake)
    opened = await provider.open(ASKED)
    time.passed += fake.lasts - EARLY - 1
    await provider.ask(opened.id)
    assert fake.asked.count("login") == 1
    time.passed += 1
    await provider.ask(opened.id)
    assert fake.asked.count("login") == 2


@pytest.mark.parametrize("lasts", [1, 20, 40])
async def test_a_login_that_lasts_a_moment_is_used_for_half_of_it(
    fake: FakeRaiAccept, provider: RaiAccept, lasts: int
) -> None:
    time = Hours(fake)
    fake.lasts = lasts
    for _ in range(3):
        await provider.ask("D-1")
        time.passed += lasts / 2
    assert fake.asked == ["login", "order"] * 3


async def test_who_comes_at_the_same_time_logs_in_once(fake: FakeRaiAccept, provider: RaiAccept) -> None:
    await asyncio.gather(*(provider.ask("D-1") for _ in range(20)))
    assert fake.asked.count("login") == 1


@pytest.mark.parametrize("fault", [500, 401, "cut", b"{}"])
async def test_a_login_that_fails_is_not_tried_by_everybody_who_waits(
    fake: FakeRaiAccept, provider: RaiAccept, fault: int | str | bytes
) -> None:
    fake.faults["login"].append(fault)
    outcomes = await asyncio.gather(*(provider.ask("D-1") for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Away}
    assert fake.asked == ["login"]
    assert await provider.ask("D-1") is None


@pytest.mark.parametrize("what", ["orders", "checkout"])
async def test_a_token_that_was_taken_back_in_the_middle_is_renewed_once(
    fake: FakeRaiAccept, provider: RaiAccept, what: str
) -> None:
    fake.faults[what].append(401)
    opened = await provider.open(ASKED)
    assert fake.at(opened.page).status == "CHECKOUT"
    assert fake.asked.count("login") == 2
    assert len(fake.books) == 1


async def test_who_finds_the_same_token_taken_back_logs_in_once(
    fake: FakeRaiAccept, provider: RaiAccept
) -> None:
    opened = await provider.open(ASKED)
    fake.tokens = dict.fromkeys(fake.tokens, 0.0)
    words = await asyncio.gather(*(provider.ask(opened.id) for _ in range(20)))
    assert all(words)
    assert fake.asked.count("login") == 2


async def test_a_new_token_that_is_refused_is_not_renewed_again(
    fake: FakeRaiAccept, provider: RaiAccept
) -> None:
    fake.faults["order"] += [401, 401]
    with pytest.raises(Away):
        await provider.ask("D-1")
    assert fake.asked == ["login", "order", "login", "order"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"accessToken": "", "accessTokenExpiresIn": 300},
        {"accessToken": 7, "accessTokenExpiresIn": 300},
        {"accessToken": "a\r\nX-Other: b", "accessTokenExpiresIn": 300},
        {"accessToken": "a b", "accessTokenExpiresIn": 300},
        {"accessToken": "ë", "accessTokenExpiresIn": 300},
        {"accessToken": "a"},
        {"accessToken": "a", "accessTokenExpiresIn": 0},
        {"accessToken": "a", "accessTokenExpiresIn": "300"},
        {"accessToken": "a", "accessTokenExpiresIn": True},
        {"accessToken": "a", "accessTokenExpiresIn": 1.5},
    ],
    ids=str,
)
async def test_a_login_that_says_something_else_is_none(
    fake: FakeRaiAccept, provider: RaiAccept, answer: dict[str, object]
) -> None:
    fake.faults["login"].append(json.dumps(answer).encode())
    with pytest.raises(Away):
        await provider.ask("D-1")
    assert fake.asked == ["login"]


# -- faults -----------------------------------------------------------------------------------------------


async def opens_or_asks(provider: RaiAccept, what: str) -> Opened | Word | None:
    return await (provider.ask("D-1") if what == "order" else provider.open(ASKED))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:25])
@pytest.mark.parametrize("what", ["login", "orders", "checkout", "order"])
async def test_a_provider_that_fails_is_away_and_the_next_question_is_answered(
    fake: FakeRaiAccept, what: str, fault: int | bytes | str
) -> None:
    async with FakeRaiAccept() as other, at(fake) as provider, at(fake, whole=0.2) as hasty:
        fake.elsewhere = other.api
        # A 401 is asked again under a new token, a question that was cut off on a new connection.
        twice = (fault == 401 and what != "login") or ("cut" in str(fault) and what == "order")
        fake.faults[what] += [fault] * (2 if twice else 1)
        with pytest.raises(Away) as caught:
            await opens_or_asks(hasty if "hang" in str(fault) else provider, what)
        assert not isinstance(caught.value, BadOrder)
        again = Asked("EK-AGAIN-2", ASKED.amount, "KESCO", "en", ASKED.back_url, ASKED.notify_url)
        opened = await provider.open(again)
        assert (await provider.ask(opened.id)) is not None
        assert other.asked == other.violations == []


@pytest.mark.parametrize("status", [400, 404, 405, 409, 415, 422])
@pytest.mark.parametrize("what", ["orders", "checkout"])
async def test_an_order_that_is_refused_is_told_as_our_fault(
    fake: FakeRaiAccept, provider: RaiAccept, caplog: pytest.LogCaptureFixture, what: str, status: int
) -> None:
    fake.faults[what].append(status)
    with pytest.raises(BadOrder, match=str(status)):
        await provider.open(ASKED)
    assert [r.levelno for r in caplog.records if "refuses what we ask" in r.message] == [logging.ERROR]


async def test_an_order_that_was_made_though_the_answer_was_lost_can_be_paid_by_nobody(
    fake: FakeRaiAccept, provider: RaiAccept
) -> None:
    fake.faults["orders"].append("take and cut")
    with pytest.raises(Away):
        await provider.open(ASKED)
    again = Asked("EK-0123456789AB-2", ASKED.amount, "KESCO", "en", ASKED.back_url, ASKED.notify_url)
    opened = await provider.open(again)
    assert [book.page for book in fake.books.values()] == ["", opened.page]


async def test_nobody_there_is_away() -> None:
    async with FakeRaiAccept() as gone:
        pass
    async with at(gone) as provider:
        for what in ("orders", "order"):
            with pytest.raises(Away, match="does not answer"):
                await opens_or_asks(provider, what)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:25])
@pytest.mark.parametrize("what", ["login", "orders", "order"])
async def test_no_secret_is_told(
    fake: FakeRaiAccept, caplog: pytest.LogCaptureFixture, what: str, fault: int | bytes | str
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.faults[what] += [fault, fault]
    fake.elsewhere = fake.api
    async with at(fake, whole=0.2) as provider:
        with pytest.raises(Away) as caught:
            await opens_or_asks(provider, what)
    told = caplog.text + "".join(traceback.format_exception(caught.value))
    for secret in (PASSWORD, USER, fake.api, fake.auth, "token?back", *fake.tokens):
        assert secret not in told


async def test_a_wrong_password_is_told_to_the_operator(
    fake: FakeRaiAccept, caplog: pytest.LogCaptureFixture
) -> None:
    async with at(fake, password="another") as provider:
        with pytest.raises(Away):
            await provider.ask("D-1")
    assert "RaiAccept refuses our login: status=401" in caplog.text
    assert "another" not in caplog.text


# -- what is believed ---------------------------------------------------------------------------------------


def details(**changes: object) -> bytes:
    """An order's JSON; `amount` as it stands in it."""
    amount = str(changes.pop("amount", "20.42"))
    invoice = {"merchantOrderReference": "EK-1", "amount": "@", "currency": "EUR"}
    whole = {"orderIdentification": "D-1", "status": "PAID", "invoice": invoice, **changes}
    return json.dumps(whole).replace('"@"', amount).encode()


async def word_of(fake: FakeRaiAccept, provider: RaiAccept, body: bytes) -> Word | None:
    fake.faults["order"].append(body)
    return await provider.ask("D-1")


@pytest.mark.parametrize(
    ("amount", "read_as"),
    [
        *(("20.42", "20.42"), ("20.420", "20.42"), ("20", "20.00"), ("2E1", "20.00"), ("2042e-2", "20.42")),
        *(("0", "0.00"), ("-1.00", "-1.00"), ("0.1", "0.10")),
    ],
)
async def test_an_amount_in_cents_is_believed(
    fake: FakeRaiAccept, provider: RaiAccept, amount: str, read_as: str
) -> None:
    word = await word_of(fake, provider, details(amount=amount))
    assert word is not None
    assert str(word.amount) == read_as


@pytest.mark.parametrize(
    "amount",
    [
        *("20.421", "1e-3", "1e400", "1e999999999", "1e-999999999", "-1e400", "1000000000"),
        *("20.420000000000001", '"20.42"', "null", "true", "[20.42]", "{}", "1" * 4_000, "0." + "1" * 4_000),
    ],
    ids=lambda amount: amount[:12],
)
async def test_no_other_amount_is(fake: FakeRaiAccept, provider: RaiAccept, amount: str) -> None:
    with pytest.raises(BadOrder):
        await word_of(fake, provider, details(amount=amount))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e9999999999999999999"])
async def test_what_is_no_json_is_no_answer(fake: FakeRaiAccept, provider: RaiAccept, amount: str) -> None:
    with pytest.raises(Away):
        await word_of(fake, provider, details(amount=amount))


@pytest.mark.parametrize(
    "changes",
    [
        {"orderIdentification": "D-2"},
        {"orderIdentification": None},
        {"status": None},
        {"status": ["PAID"]},
        {"status": ""},
        {"status": "PAID\n2026 ERROR forged"},
        {"invoice": None},
        {"invoice": []},
        {"invoice": {}},
        {"invoice": {"merchantOrderReference": 1, "amount": 1, "currency": "EUR"}},
        {"invoice": {"merchantOrderReference": "EK\ud800", "amount": 1, "currency": "EUR"}},
        {"invoice": {"merchantOrderReference": "EK\x00", "amount": 1, "currency": "EUR"}},
        {"invoice": {"merchantOrderReference": "E" * 151, "amount": 1, "currency": "EUR"}},
        {"invoice": {"merchantOrderReference": "EK-1", "amount": 1, "currency": None}},
        {"invoice": {"merchantOrderReference": "EK-1", "amount": 1, "currency": "E" * 11}},
        {"invoice": {"merchantOrderReference": "EK-1", "amount": 1}},
    ],
    ids=str,
)
async def test_a_word_that_is_not_whole_is_not_believed(
    fake: FakeRaiAccept, provider: RaiAccept, changes: dict[str, object]
) -> None:
    with pytest.raises(BadOrder):
        await word_of(fake, provider, details(**changes))


@pytest.mark.parametrize("status", ["paid", "SETTLED", "PAID ", "REFUND_PENDING"])
async def test_a_status_that_is_not_known_changes_nothing_and_is_told_loudly(
    fake: FakeRaiAccept, provider: RaiAccept, caplog: pytest.LogCaptureFixture, status: str
) -> None:
    word = await word_of(fake, provider, details(status=status))
    assert word is not None
    assert word.fate is Fate.OPEN
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.parametrize(
    "page",
    [
        *(None, 7, "", "/card/1", "http://bank.example/1", "ftp://bank.example/1", "javascript:alert(1)"),
        *("https://", "https://bank.example:port/", "https://bank.example/ 1", "https://bank.example/\n"),
        "https://bank.example/" + "x" * 2000,
        "http://127.0.0.1.bank.example/",
    ],
)
async def test_a_page_that_is_not_https_is_given_to_nobody(
    fake: FakeRaiAccept, provider: RaiAccept, page: object
) -> None:
    fake.faults["checkout"].append(json.dumps({"paymentRedirectURL": page}).encode())
    with pytest.raises(BadOrder):
        await provider.open(ASKED)


async def test_a_page_over_https_is_given_as_it_is(fake: FakeRaiAccept, provider: RaiAccept) -> None:
    page = "https://payment.bank.example/s/1?lang=al&x=%2F#top"
    fake.faults["checkout"].append(json.dumps({"paymentRedirectURL": page}).encode())
    assert (await provider.open(ASKED)).page == page


@pytest.mark.parametrize("id", [None, 7, "", "a/b", "..", "a b", "ë", "\ud800", "x" * 129, ["a"]])
async def test_an_id_that_cannot_stand_in_an_address_is_none(
    fake: FakeRaiAccept, provider: RaiAccept, id: object
) -> None:
    fake.faults["orders"].append(json.dumps({"orderIdentification": id}).encode())
    with pytest.raises(BadOrder):
        await provider.open(ASKED)
    assert provider.hinted(json.dumps({"order": {"orderIdentification": id}}).encode()) == ""


async def test_a_notification_names_its_order_and_nothing_else_in_it_is_read(
    fake: FakeRaiAccept, provider: RaiAccept
) -> None:
    opened = await provider.open(ASKED)
    hook = fake.turn(fake.at(opened.page), "FAILED")
    assert provider.hinted(hook.body) == opened.id
    assert provider.hinted(b'{"orderIdentification": "D-1"}') == "D-1"


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"7", b"[]", b"{}", b"{", b"\xff", b"\x00", b"PAID", b'"D-1"', b"[" * 100_000),
        *(b'{"order": ' * 50_000, b'{"order": ' * 50_000 + b"1" + b"}" * 50_000, b'{"order": null}'),
        *(b'{"order": "D-1"}', b'{"order": ["D-1"]}', b'{"order": {"orderIdentification": 1}}'),
        *(b'{"order": {"orderIdentification": {"orderIdentification": "D-1"}}}', b'{"orderIdentification"'),
        *(b"1" * 250_000, b'{"a": 1e9999999999999999999}', b'{"a": Infinity}', b"<order>D-1</order>"),
    ],
    ids=lambda body: repr(body[:25]),
)
def test_a_notification_of_nobody_names_no_order(body: bytes) -> None:
    assert RaiAccept(RaiAcceptHttp("http://localhost", "http://localhost", "a", "b")).hinted(body) == ""


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_posted_is_no_error(body: bytes) -> None:
    RaiAccept(RaiAcceptHttp("http://localhost", "http://localhost", "a", "b")).hinted(body)


# -- the setting --------------------------------------------------------------------------------------------


def test_without_a_bank_it_is_the_sandbox(storage: Storage) -> None:
    assert isinstance(open_payments("sandbox:", storage, "https://kesco.example/sandbox/"), Sandbox)


@pytest.mark.parametrize("way", ["in the address", "beside it"])
async def test_two_servers_stand_in_one_address(storage: Storage, fake: FakeRaiAccept, way: str) -> None:
    inside = fake.setting.replace("@127", ":Kanarin%C3%AB%207%2F%3F%23@127", 1)
    setting, beside = (inside, "wrong") if way == "in the address" else (fake.setting, PASSWORD)
    provider = open_payments(setting, storage, "", beside)
    assert isinstance(provider, RaiAccept)
    opened = await provider.open(ASKED)
    assert fake.at(opened.page).status == "CHECKOUT"
    await provider.close()


@pytest.mark.parametrize(
    "setting",
    [
        "raiaccept://u:p@trapi.raiaccept.com?auth=auth.raiaccept.com",
        "raiaccept://u:p@api.raiaccept.com",
        "raiaccept://u%40a.example:p@api.raiaccept.com:8443/v1?auth=auth.raiaccept.com:444/v1",
        "raiaccept://u:p@api.raiaccept.com?auth=auth.raiaccept.com&email=pay%40kesco.example",
        "raiaccept+http://u:p@localhost:1?auth=[::1]:2",
    ],
)
def test_an_address_that_can_be(storage: Storage, setting: str) -> None:
    assert isinstance(open_payments(setting, storage, ""), RaiAccept)


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "sandbox",
        "https://u:secret@trapi.raiaccept.com",
        "raiaccept:",
        "raiaccept://trapi.raiaccept.com",
        "raiaccept://u@trapi.raiaccept.com",
        "raiaccept://:secret@trapi.raiaccept.com",
        "raiaccept://u:secret@trapi.raiaccept.com:port",
        "raiaccept://u:secret@trapi.raiaccept.com?auth=auth.raiaccept.com&key=secret",
        "raiaccept://u:secret@trapi.raiaccept.com?auth=a.example&auth=b.example",
        "raiaccept://u:secret@trapi.raiaccept.com?secret",
        "raiaccept://u:secret@trapi.raiaccept.com?auth=v:secret@auth.raiaccept.com",
        "raiaccept://u:secret@trapi.raiaccept.com?auth=auth.raiaccept.com:port",
        "raiaccept://u:secret@trapi.raiaccept.com?auth=auth.raiaccept.com/x?y",
        "raiaccept://u:secret@trapi.raiaccept.com?email=nobody",
        "raiaccept+http://u:secret@trapi.raiaccept.com?auth=127.0.0.1",
        "raiaccept+http://u:secret@127.0.0.1?auth=auth.raiaccept.com",
        "raiaccept+http://u:secret@127.0.0.1.raiaccept.com",
    ],
)
def test_anything_else_is_refused_without_telling_secrets(storage: Storage, setting: str) -> None:
    with pytest.raises(ValueError, match="PAYMENTS_URL") as caught:
        open_payments(setting, storage, "")
    assert "secret" not in str(caught.value)
