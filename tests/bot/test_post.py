"""What services order by SMS and e-mail: a name and values, never words and never a code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from bot.services import post
from bot.services.passwords import Passwords
from bot.services.ports import Registry, Turn
from bot.services.post import CodeOf, LetterName, Ordered, read_order, write_order
from bot.services.vault import Vault, code_of
from storage.base import Storage

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VAULT = Vault("today's key", "the key before")


def turn() -> Turn:
    nothing = object()
    return Turn(
        "web:ana",
        AT,
        "web 1",
        cast(Storage, nothing),
        cast(Registry, nothing),
        VAULT,
        cast(Passwords, nothing),
    )


def test_an_order_is_read_as_it_was_written() -> None:
    values: dict[str, post.Value] = {
        "code": CodeOf("c1"),
        "minutes": 5,
        "day": date(2026, 3, 9),
        "at": AT,
        "name": "Ëngjëll",
    }
    for ordered in (
        Ordered("+38344123456", LetterName.CODE, values, "sr_Cyrl", 7),
        Ordered("a@example.com", LetterName.ACCOUNT_DELETED, {}),
    ):
        assert read_order(write_order(ordered)) == ordered


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{}",
        '{"to":"x","letter":"no such letter","values":{},"language":null,"expires":null}',
        '{"to":"x","letter":"code","values":{"a":[1]},"language":null,"expires":null}',
    ],
)
def test_what_is_no_order_is_not_read(body: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_order(body)


def test_a_code_is_ordered_with_its_turn_and_stands_nowhere_in_it() -> None:
    asked = turn()
    values: dict[str, post.Value] = {"code": CodeOf("c1"), "minutes": 5}
    post.sms(asked, "+38344123456", LetterName.CODE, values, AT + timedelta(minutes=5))
    post.email(asked, "a@example.com", LetterName.PASSWORD_CHANGED, language="sq")
    by_sms, by_email = (write.params for write in asked.writes)
    assert (by_sms["chat"], by_sms["channel"], by_sms["kind"], by_sms["careful"]) == (
        "web:ana",
        "sms",
        "sms",
        True,
    )
    assert (by_email["channel"], by_email["kind"]) == ("email", "email")
    ordered = read_order(str(by_sms["body"]))
    assert ordered.challenge == "c1"
    assert ordered.expires == 1772442300000
    assert VAULT.code("c1") not in str(by_sms["body"])
    assert read_order(str(by_email["body"])) == Ordered(
        "a@example.com", LetterName.PASSWORD_CHANGED, {}, "sq"
    )


def test_a_letter_without_its_values_cannot_be_ordered() -> None:
    with pytest.raises(ValueError, match=r"code needs \['code', 'minutes'\], not \['code'\]"):
        post.sms(turn(), "+38344123456", LetterName.CODE, {"code": CodeOf("c1")})
    with pytest.raises(ValueError, match="account_deleted needs"):
        post.email(turn(), "a@example.com", LetterName.ACCOUNT_DELETED, {"name": "Ana"})


def test_every_letter_tells_what_it_needs() -> None:
    assert post.NEEDS.keys() == set(LetterName)


def test_a_code_has_six_digits_also_when_they_begin_with_zero() -> None:
    assert code_of("0" * 64) == "000000"
    assert code_of("00000000000f4240" + "f" * 48) == "000000"  # a million
    assert code_of("000000000000002a" + "f" * 48) == "000042"
    codes = {VAULT.code(str(n)) for n in range(2000)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 1990


def test_a_code_that_went_out_before_the_key_changed_still_counts() -> None:
    before = Vault("the key before")
    assert VAULT.codes("c1") == (VAULT.code("c1"), before.code("c1"))
    assert VAULT.code("c1") != before.code("c1")
    assert VAULT.code("c1") != VAULT.code("c2")
