"""Documents as turns offer them: nobody can guess an address, and without it nobody reads what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest

from bot.clock import millis
from bot.files import KEPT_FOR, PNG, Files, Kept, offered_files
from bot.pages import address, hashed
from bot.services.passwords import Passwords
from bot.services.ports import Registry, Turn
from bot.services.vault import Vault
from dialogs.engine.lines import FILE, Line, Option, Picture
from dialogs.engine.text import Leaf, Phrase, Text, verbatim
from storage.base import Storage, Write
from tests.bot.page_house import START

VAULT = Vault("a key", "the key before")
PUBLIC = "https://chat.example"
CHAT, OTHER = "web:1", "web:2"
VALUES: Mapping[str, Leaf] = {"code": "DPR 4711", "on": START.date(), "amount": Decimal("41.50")}
PICTURE = Picture(
    "bill", VALUES, ({"words": Phrase(Text("VAT")), "amount": Decimal("3.07")},), Phrase(Text("Paid"))
)
BUTTON, HELP = Option("1:link", verbatim("PDF"), url=FILE), Option("1:help", verbatim("Help"))
SHOWS = Line((verbatim("A bill."),), 1, (BUTTON, HELP), PICTURE)
PLAIN = Line((verbatim("No document."),), 1, (HELP,))
BARE = Line((verbatim("A picture alone."),), 1, (HELP,), PICTURE)


def turn(storage: Storage | None = None, chat: str = CHAT, key: str = "web 1", vault: Vault = VAULT) -> Turn:
    registry, passwords = cast(Registry, None), cast(Passwords, None)
    return Turn(chat, START, key, cast(Storage, storage), registry, vault, passwords)


def token(turn: Turn, *lines: Line) -> str:
    """Of the last document among some lines."""
    shown, _writes = offered_files(lines or (SHOWS,), turn)
    return address(shown[-1].options[0].url, turn.vault, PUBLIC, "en").removeprefix(f"{PUBLIC}/file/")


async def offers(storage: Storage, line: Line = SHOWS, chat: str = CHAT) -> str:
    """The token of a document that a turn has offered and kept."""
    _shown, writes = offered_files((line,), turn(chat=chat))
    await storage.commit(writes)
    return token(turn(chat=chat), line)


def files(storage: Storage, at: datetime = START, spoken: str = "sq") -> Files:
    async def language(chat: str) -> str:
        return f"{spoken} of {chat}"

    return Files(storage, language, VAULT, clock=lambda: at)


def test_a_line_without_a_document_keeps_none() -> None:
    assert offered_files((PLAIN, BARE), turn()) == ([PLAIN, BARE], [])


def test_a_document_without_a_picture_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="picture"):
        offered_files((replace(SHOWS, picture=None),), turn())


def test_a_document_is_kept_for_its_chat_for_a_month() -> None:
    shown, (write,) = offered_files((PLAIN, SHOWS), turn())
    known = {name: write.params[name] for name in ("token_hash", "chat", "expires")}
    month = millis(START + timedelta(days=30))
    assert known == {"token_hash": hashed(token(turn(), PLAIN, SHOWS)), "chat": CHAT, "expires": month}
    assert shown[0] == PLAIN
    assert (shown[1].picture, shown[1].body, shown[1].options[1]) == (PICTURE, SHOWS.body, HELP)


def test_what_waits_to_be_said_and_what_is_kept_do_not_tell_the_address_nor_what_is_in_it() -> None:
    shown, (write,) = offered_files((SHOWS,), turn())
    secret = token(turn())
    assert len(secret) == 64
    for place in (str(shown), str(write)):
        assert secret not in place
    body = write.params["body"]
    assert isinstance(body, bytes)
    for words in (b"DPR 4711", b"41.50", b"bill", b"VAT"):
        assert words not in body


def test_a_second_walk_of_a_turn_offers_the_same_address() -> None:
    assert token(turn()) == token(turn())


def test_every_chat_turn_line_and_key_has_a_document_of_its_own() -> None:
    others = (turn(), turn(chat=OTHER), turn(key="web 2"), turn(vault=Vault("another key")))
    tokens = {*map(token, others), token(turn(), PLAIN, SHOWS), token(turn(), SHOWS, SHOWS)}
    assert len(tokens) == 5  # the last two stand in the same place


async def test_what_is_opened_is_what_was_shown_in_the_language_of_now(storage: Storage) -> None:
    secret = await offers(storage)
    assert await files(storage).find(secret) == Kept(PICTURE, f"sq of {CHAT}")
    assert await files(storage, spoken="en").find(secret) == Kept(PICTURE, f"en of {CHAT}")


async def test_the_address_of_one_chat_opens_nothing_of_another(storage: Storage) -> None:
    other = replace(SHOWS, picture=replace(PICTURE, values={**VALUES, "code": "DPR 1"}))
    mine, theirs = await offers(storage), await offers(storage, other, OTHER)
    found = [await files(storage).find(secret) for secret in (mine, theirs)]
    assert [each and each.picture.values["code"] for each in found] == ["DPR 4711", "DPR 1"]


async def test_what_was_never_offered_or_is_tampered_with_opens_nothing(storage: Storage) -> None:
    secret = await offers(storage)
    last = "0" if secret[-1] != "0" else "1"
    for wrong in ("", "0" * 64, secret[:-1], secret[:-1] + last, secret.upper(), hashed(secret)):
        assert await files(storage).find(wrong) is None


async def test_it_opens_until_its_month_is_over(storage: Storage) -> None:
    secret = await offers(storage)
    last = START + KEPT_FOR - timedelta(milliseconds=1)
    assert await files(storage, last).find(secret) is not None
    assert await files(storage, START + KEPT_FOR).find(secret) is None


@pytest.mark.parametrize(
    "spoils",
    [
        Write("update file set chat = :chat", {"chat": OTHER}),
        Write("update file set body = :body", {"body": b""}),
        Write("update file set body = :body", {"body": b"x" * 200}),
    ],
)
async def test_a_row_that_somebody_has_changed_opens_nothing(storage: Storage, spoils: Write) -> None:
    secret = await offers(storage)
    await storage.commit([spoils])
    assert await files(storage).find(secret) is None


async def test_a_picture_is_kept_once_a_day_however_often_it_is_sent(storage: Storage) -> None:
    png = PNG + b"a bill"
    first = await files(storage).host(CHAT, png)
    assert await files(storage, START + timedelta(hours=1)).host(CHAT, png) == first
    others = {await files(storage).host(OTHER, png), await files(storage).host(CHAT, png + b"!")}
    assert len(others | {first}) == 3, "nobody else has its address, and no other picture"
    assert await files(storage, START + timedelta(days=7)).hosted(first) == png
    later = await files(storage, START + timedelta(days=7)).host(CHAT, png)
    assert await files(storage, START + timedelta(days=14)).hosted(later) == png
    assert await files(storage, START + timedelta(days=14)).hosted(first) is None
