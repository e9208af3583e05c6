"""The webhook: who may knock, what is kept before it is acknowledged, and what is no callback."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest

from handlers.raw import LIMIT
from tests.fakes.viber import SIGNATURE_HEADER, TOKEN, Callback, signature
from tests.viber.door import kept, knock, knock_raw
from tests.viber.gated import Gated, turns
from tests.viber.program import Program
from tests.viber.test_conversations import text_of

BODY = json.dumps(
    {
        "event": "message",
        "timestamp": 1_800_000_000_000,
        "message_token": 4912661846655238145,
        "sender": {"id": "01234567890A+/==", "name": "Arta", "language": "sq", "api_version": 10},
        "message": {"type": "text", "text": "Zogjishta"},
    }
).encode()
SIGNED = signature(TOKEN, BODY)
SECRET = "Zogjishta"


@pytest.mark.parametrize(("header", "sig"), [(SIGNED, None), (None, SIGNED), (SIGNED, SIGNED), ("", SIGNED)])
async def test_a_signature_counts_in_the_header_and_in_the_address(
    program: Program, header: str | None, sig: str | None
) -> None:
    assert await knock(program, BODY, header, sig) == 200
    assert ("viber:01234567890A+/==",) in await kept(program)


@pytest.mark.parametrize(
    "signed",
    [
        None,
        "",
        "0" * 64,
        SIGNED.upper(),
        SIGNED[:-1],
        SIGNED + "0",
        signature("another-token", BODY),
        signature(TOKEN, BODY.replace(b"Arta", b"Arte")),
        signature(TOKEN, BODY + b"\n"),
        f"sha256={SIGNED}",
        "ë" * 64,
    ],
)
async def test_without_the_right_signature_nothing_is_read_and_nothing_kept(
    program: Program, signed: str | None
) -> None:
    assert await knock(program, BODY, signed) == 403
    assert await knock(program, BODY, None, signed) == 403
    assert await kept(program) == []


async def test_a_right_signature_in_the_address_does_not_heal_a_wrong_one(program: Program) -> None:
    assert await knock(program, BODY, "0" * 64, SIGNED) == 403


async def test_every_single_byte_is_signed(program: Program) -> None:
    for at in range(0, len(BODY), 7):
        changed = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
        assert await knock(program, changed, SIGNED) == 403
    assert await kept(program) == []


@pytest.mark.parametrize(
    "value", [b"\xff\xfe\x80", b"\xc3\xab" * 32, b"\xed\xa0\x80" * 8, b"\xf4\x90\x80\x80"]
)
async def test_bytes_that_are_no_text_are_no_signature(program: Program, value: bytes) -> None:
    assert await knock_raw(program, SIGNATURE_HEADER.encode() + b": " + value, BODY) == 403
    escaped = b"".join(b"%%%02X" % byte for byte in value)
    assert await knock_raw(program, b"", BODY, b"?sig=" + escaped) == 403
    assert await knock_raw(program, b"", BODY, b"?sig=" + escaped + b"%00&sig=" + SIGNED.encode()) == 403
    assert await kept(program) == []


async def test_a_body_is_taken_up_to_the_limit_whatever_it_says_of_its_length(program: Program) -> None:
    full = BODY + b" " * (LIMIT - len(BODY))
    assert await knock(program, full, signature(TOKEN, full)) == 200
    more = full + b" "
    assert await knock(program, more, signature(TOKEN, more)) == 413

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * (LIMIT // 8)

    async with (
        aiohttp.ClientSession() as client,
        client.post(f"{program.at}/viber", data=drip(), headers={SIGNATURE_HEADER: SIGNED}) as answer,
    ):
        assert answer.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe" + SECRET.encode(),
        b"[" * 100_000,
        json.dumps(SECRET).encode(),
        json.dumps({"event": [SECRET]}).encode(),
        json.dumps({SECRET: SECRET}).encode(),
        BODY.replace(b'"text": "Zogjishta"', b'"text": ["Zogjishta"]'),
        BODY.replace(b'"type": "text"', b'"type": {"Zogjishta": 1}'),
        BODY.replace(b"01234567890A+/==", b"Zogjishta\\u0000"),
        BODY.replace(b"01234567890A+/==", b"Zogjishta\\ud800"),
        BODY.replace(b"01234567890A+/==", b""),
        BODY.replace(b"4912661846655238145", b"{}"),
        BODY.replace(b"4912661846655238145", b'"Zog\\u0000jishta"'),
    ],
)
async def test_what_is_signed_and_no_callback_is_taken_and_logged_without_its_words(
    program: Program, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    """To repeat it would not make it better; and Viber would, for an hour."""
    with caplog.at_level(logging.DEBUG, logger="handlers"):
        assert await knock(program, body, signature(TOKEN, body)) == 200
    assert "a callback is not to be read" in caplog.text
    assert not [record for record in caplog.records if record.levelno > logging.WARNING]
    assert SECRET not in caplog.text
    assert await kept(program) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"user_id": "01234567890A+/=="},
        {"user": {"id": "01234567890A+/=="}, "news": {"deep": [1, None]}},
        {"message": {"type": "hologram"}, "sender": {"id": "01234567890A+/=="}},
    ],
)
async def test_an_event_that_nobody_knows_is_taken_and_changes_nothing(
    program: Program, fields: dict[str, object]
) -> None:
    told = [program.fake.tell(event, dict(fields)) for event in ("client_status", "hologram", "")]
    await program.settle()
    assert all(each.taken for each in told)
    assert await kept(program) == []


@pytest.mark.parametrize(
    "nothing", ["context", "subscribed", "desc", "user_id", "user", "message_token_of_nobody"]
)
async def test_a_field_that_is_empty_is_as_good_as_none(program: Program, nothing: str) -> None:
    fields = {**json.loads(BODY), nothing: None}
    fields["sender"] |= {"language": None, "country": None, "api_version": None}
    fields["message"] |= {"media": None, "contact": None, "location": None}
    body = json.dumps(fields).encode()
    assert await knock(program, body, signature(TOKEN, body)) == 200
    (row,) = await program.rows("select chat from inbox where channel = 'viber'")
    assert row["chat"] == "viber:01234567890A+/=="


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace(b'"timestamp": 1800000000000', b'"timestamp": "Zogjishta"'),
        BODY.replace(b'"timestamp": 1800000000000', b'"timestamp": 1e400'),
        BODY.replace(b'"timestamp": 1800000000000', b'"timestamp": ' + b"9" * 40),
        BODY.replace(b'"timestamp": 1800000000000', b'"timestamp": -5'),
        BODY.replace(b'"api_version": 10', b'"api_version": ' + b"9" * 30),
        BODY.replace(b'"api_version": 10', b'"api_version": -1'),
    ],
)
async def test_a_number_that_cannot_be_costs_the_customer_no_word(program: Program, body: bytes) -> None:
    assert await knock(program, body, signature(TOKEN, body)) == 200
    (row,) = await program.rows("select chat from inbox where channel = 'viber'")
    assert row["chat"] == "viber:01234567890A+/=="
    assert SECRET not in str(await program.rows("select * from viber_chat"))


@pytest.mark.parametrize("type", ["hologram", "video", "gif", "rich_media"])
async def test_a_message_of_a_type_that_nobody_knows_is_answered(program: Program, type: str) -> None:
    arta = program.visitor("en")
    await arta.opens()
    await arta.presses("English")
    answered = await arta.does(lambda: arta.phone.send({"type": type, "hologram": {"size": 3}}))
    assert not answered.mine
    assert arta.news


async def test_what_was_said_is_kept_before_it_is_acknowledged_and_the_turn_is_not_waited_for(
    gated: tuple[Program, Gated],
) -> None:
    program, database = gated
    arta = program.visitor("en")
    gate = database.holds(turns())
    said = arta.phone.say("hello")
    await program.fake.settled()
    assert said.taken
    (row,) = await program.rows("select chat, state from inbox where channel = 'viber'")
    assert dict(row) == {"chat": f"viber:{arta.phone.id}", "state": "new"}
    assert arta.phone.texts == []
    gate.set()
    await program.settle()
    assert arta.phone.texts


async def test_one_customer_does_not_wait_for_another(gated: tuple[Program, Gated]) -> None:
    program, database = gated
    arta, besa = program.visitor("en"), program.visitor("en", "besa")
    gate = database.holds(turns(f"viber:{arta.phone.id}"))
    arta.phone.say("hello")
    await database.reached.wait()
    besa.phone.say("hello")
    await program.fake.until(lambda: besa.phone.texts)
    assert arta.phone.texts == []
    gate.set()
    await program.settle()
    assert arta.phone.texts == besa.phone.texts


async def test_what_one_customer_says_is_answered_in_the_order_it_was_said(
    gated: tuple[Program, Gated],
) -> None:
    program, database = gated
    arta = program.visitor("en")
    await arta.opens()
    gate = database.holds(turns())
    for words in ("English", "Skip", "menu"):
        arta.phone.say(words)
    await database.reached.wait()
    gate.set()
    await program.settle()
    welcome = program.app.book.welcome
    said = [arta.hears(text_of(welcome.names[name])) for name in ("what", "ready")]
    assert said == [True, True]
    rows = await program.rows("select event from turn_log where channel = 'viber' order by at")
    assert [row["event"] for row in rows] == ["Arrived", "Said", "Said", "Said"]


Deed = str
DEEDS = ["say", "subscribe", "unsubscribe", "look", "fail", "open"]


async def did(program: Program, deed: str) -> Callback:
    """A callback of each kind, from a customer who has been answered already."""
    arta = program.fake.user("arta", language="en")
    match deed:
        case "look":
            return arta.look()[-1]
        case "fail":
            return program.fake.tell("failed", {"user_id": arta.id, "desc": "x"}, arta.id)
        case _:
            act = {"say": lambda: arta.say("menu"), "open": arta.open}
            return act.get(deed, getattr(arta, deed, arta.open))()


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("how", ["away", "stuck"])
async def test_without_the_database_viber_is_asked_to_come_again_and_does_so_to_one_effect(
    gated: tuple[Program, Gated], deed: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    program, database = gated
    arta = program.visitor("en")
    await arta.opens()
    await arta.says("English")
    opening = asyncio.Event()
    database.away, database.stuck = how == "away", opening if how == "stuck" else None
    with caplog.at_level(logging.WARNING, logger="handlers"):
        told = await did(program, deed)
        await program.fake.settled()
    assert not told.taken
    assert "a callback is left with Viber" in caplog.text
    opening.set()
    database.away, database.stuck = False, None
    await program.fake.advance(10)
    await program.settle()
    assert told.taken
    assert told.attempts == 2
    rows = await program.rows(
        "select key, state from inbox where channel = 'viber' and key like :own", own=f"%{told.token}%"
    )
    assert [row["state"] for row in rows] == (["done"] if deed in ("say", "open") else [])
    turns = await program.rows("select key from turn_log where key like :own", own=f"%{told.token}%")
    assert len(turns) == len(rows)


async def test_a_commit_whose_answer_was_lost_is_not_repeated(gated: tuple[Program, Gated]) -> None:
    program, database = gated
    arta = program.visitor("en")
    await arta.opens()
    await arta.says("English")
    for lost in (1, 2):
        said = arta.phone.say("Skip" if lost == 1 else "menu")
        database.lost = lost
        await program.fake.settled()
        database.lost = 0
        await program.fake.advance(10)
        await program.app.recover()
        await program.settle()
        assert said.taken
        turns = await program.rows("select key from turn_log where key like :own", own=f"%{said.token}%")
        assert len(turns) == 1


async def test_every_callback_may_come_twice(program: Program) -> None:
    program.fake.callbacks.copies = 2
    arta = program.visitor("en")
    await arta.opens()
    await arta.says("English")
    await arta.says("Skip", text_of(program.app.book.welcome.names["ready"]))
    once = len(arta.phone.heard)
    for callback in list(program.fake.callbacks.log):
        program.fake.callbacks.repeat(callback)
    await program.settle()
    assert len(arta.phone.heard) == once
    rows = await program.rows("select event from turn_log where channel = 'viber'")
    assert len(rows) == 3
