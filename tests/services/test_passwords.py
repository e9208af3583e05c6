from __future__ import annotations

import asyncio
import threading
import time

import bcrypt
import pytest
from argon2 import PasswordHasher, Type

from bot.services.passwords import Passwords, Verdict, importable
from bot.services.vault import Vault

PASSWORD = "Vëra në Ulqin 7 shkon"
RIGHT, STALE, NO = Verdict(True), Verdict(True, rehash=True), Verdict(False)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(*Vault("today's key").all_derived("password"))


def webs(password: str) -> str:
    """As the web site keeps it: argon2id without a pepper."""
    return PasswordHasher(1, 64, 1).hash(password)


def webs_bcrypt(password: bytes) -> str:
    return bcrypt.hashpw(password[:72], bcrypt.gensalt(4)).decode()


async def test_a_password_is_right_and_another_is_not(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert await passwords.verify(stored, PASSWORD) == RIGHT
    for other in ("", PASSWORD[:-1], PASSWORD + " ", " " + PASSWORD, PASSWORD.upper()):
        assert await passwords.verify(stored, other) == NO


async def test_what_is_kept_is_argon2id_of_the_agreed_cost_and_tells_nothing(passwords: Passwords) -> None:
    first, second = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in first
    assert first != second
    assert PASSWORD not in first


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        ("Šuma12345č", "S\u030cuma12345c\u030c"),
        ("Ëndrra123", "E\u0308ndrra123"),
        ("Ｐａｓｓ１２３４", "Pass1234"),
    ],
)
async def test_however_a_keyboard_makes_its_letters_it_is_one_password(
    passwords: Passwords, typed: str, again: str
) -> None:
    assert typed != again
    assert await passwords.verify(await passwords.hash(typed), again) == RIGHT


async def test_nothing_of_a_long_password_is_cut(passwords: Passwords) -> None:
    long = "ë" * 127
    stored = await passwords.hash(long + "A")
    assert await passwords.verify(stored, long + "A") == RIGHT
    assert await passwords.verify(stored, long + "B") == NO


@pytest.mark.parametrize("odd", ["", "\0", "a\0b", "\ud800", "👍" * 200])
async def test_whatever_is_typed_is_only_wrong(passwords: Passwords, odd: str) -> None:
    stored = await passwords.hash(odd)
    assert await passwords.verify(stored, odd) == RIGHT
    assert await passwords.verify(stored, odd + "\0") == NO
    assert await passwords.verify(webs(PASSWORD), odd) == NO
    assert await passwords.verify(webs_bcrypt(PASSWORD.encode()), odd) == NO


async def test_a_copy_of_the_database_without_the_key_is_worth_nothing(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert await Passwords("another key").verify(stored, PASSWORD) == NO
    bare = stored[stored.index("$") :]
    assert await passwords.verify(bare, PASSWORD) == NO


async def test_a_password_of_the_key_before_is_right_and_hashed_anew(passwords: Passwords) -> None:
    stored = await Passwords("old").hash(PASSWORD)
    rotating = Passwords("new", "old")
    assert await rotating.verify(stored, PASSWORD) == STALE
    assert await rotating.verify(stored, PASSWORD + "x") == NO
    again = await rotating.hash(PASSWORD)
    assert await rotating.verify(again, PASSWORD) == RIGHT
    assert await Passwords("new").verify(again, PASSWORD) == RIGHT


async def test_a_hash_of_another_cost_is_made_anew(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    pepper = stored[: stored.index("$")]
    cheap = PasswordHasher(1, 64, 1, type=Type.ID).hash(passwords._peppered(passwords._today, PASSWORD))
    assert await passwords.verify(pepper + cheap, PASSWORD) == STALE


@pytest.mark.parametrize("version", ["$2a$", "$2b$", "$2y$"])
async def test_bcrypt_hashes_of_the_web_site_are_right_and_hashed_anew(
    passwords: Passwords, version: str
) -> None:
    stored = webs_bcrypt(PASSWORD.encode()).replace("$2b$", version)
    assert await passwords.verify(stored, PASSWORD) == STALE
    assert await passwords.verify(stored, PASSWORD + "x") == NO


async def test_argon2id_hashes_of_the_web_site_are_right_and_hashed_anew(passwords: Passwords) -> None:
    stored = webs(PASSWORD)
    assert await passwords.verify(stored, PASSWORD) == STALE
    assert await passwords.verify(stored, PASSWORD + "x") == NO


async def test_the_web_site_hashed_what_a_keyboard_made_and_not_our_spelling_of_it(
    passwords: Passwords,
) -> None:
    for made in ("E\u0308ndrra½123", "Ëndrra½123", "Ëndrra1⁄2123"):
        assert await passwords.verify(webs(made), made) == STALE
    assert await passwords.verify(webs("Ëndrra½123"), "E\u0308ndrra½123") == STALE


async def test_bcrypt_looked_at_72_bytes_and_at_what_stands_before_a_zero(passwords: Passwords) -> None:
    long = "Ëë" * 20
    stored = webs_bcrypt(long.encode())
    assert await passwords.verify(stored, long) == STALE
    assert await passwords.verify(stored, long[:36] + "anything") == STALE
    assert await passwords.verify(stored, long[:35] + "x") == NO
    assert await passwords.verify(webs_bcrypt(b"Zebra123"), "Zebra123\0more") == STALE


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain text",
        "pepper:00000000",
        "pepper:00000000$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA",
        "$argon2id$",
        "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAA$" + "A" * 43,
        "$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAA$" + "A" * 43,
        "$2b$31$" + "." * 53,
        "$2b$04$short",
        "$1$md5$xyz",
    ],
)
async def test_what_is_no_hash_that_we_compare_with_is_nobodys_password(
    passwords: Passwords, stored: str
) -> None:
    assert await passwords.verify(stored, "") == NO
    assert await passwords.verify(stored, PASSWORD) == NO
    assert not importable(stored)


def test_hashes_of_the_web_site_can_be_told() -> None:
    assert importable(webs(PASSWORD))
    assert importable(webs_bcrypt(b"x"))


async def test_a_hash_whose_key_was_given_up_is_reported_without_a_word_of_it(
    passwords: Passwords, caplog: pytest.LogCaptureFixture
) -> None:
    stored = await Passwords("gone").hash(PASSWORD)
    await passwords.verify(stored, PASSWORD)
    assert "cannot be compared" in caplog.text
    assert stored[8:] not in caplog.text
    assert PASSWORD not in caplog.text


async def test_an_account_that_does_not_exist_takes_as_long(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)

    async def took(times: int, exists: bool) -> float:
        began = time.process_time()
        for _ in range(times):
            await (passwords.verify(stored, PASSWORD) if exists else passwords.waste(PASSWORD))
        return time.process_time() - began

    await took(1, True)
    assert 0.5 < await took(6, True) / await took(6, False) < 2


async def test_the_loop_goes_on_and_two_are_hashed_at_once(passwords: Passwords) -> None:
    breaths, hashing = 0, [asyncio.create_task(passwords.hash(PASSWORD)) for _ in range(6)]
    while not all(task.done() for task in hashing):
        breaths += 1
        await asyncio.sleep(0.001)
    assert breaths > 10
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("passwords")]
    assert len({name for name in names if name in _threads_of(passwords)}) == 2


def _threads_of(passwords: Passwords) -> set[str]:
    return {thread.name for thread in passwords._threads._threads}
