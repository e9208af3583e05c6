from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.emails import normal_email, suggestion


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("arta@example.com", "arta@example.com"),
        (" Arta.Krasniqi@Example.COM ", "arta.krasniqi@example.com"),
        ("arta @ example.com", "arta@example.com"),
        ("email: arta@example.com.", "arta@example.com"),
        ("emaili im është arta@example.com", "arta@example.com"),
        ("<arta@example.com>", "arta@example.com"),
        ("MAILTO:arta@example.com", "arta@example.com"),
        ("arta+kesco@example.com", "arta+kesco@example.com"),
        ("arta@münchen.de", "arta@xn--mnchen-3ya.de"),
    ],
)
def test_an_address_has_one_spelling(text: str, address: str) -> None:
    assert normal_email(text) == address
    assert normal_email(address) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "arta", "arta@", "@example.com", "arta@example", "arta@localhost", "arta..k@example.com"),
        *("a@example.com b@example.com", "арта@example.com", "arta@exa mple.com", "a@b@example.com"),
        "a" * 65 + "@example.com",
    ],
)
def test_what_mail_cannot_reach_is_none(text: str) -> None:
    assert normal_email(text) is None


@pytest.mark.parametrize(
    "domain", ["gmial.com", "gmail.con", "gamil.com", "gmail.co", "gnail.com", "gmaill.com"]
)
def test_a_slip_in_a_great_domain_is_noticed(domain: str) -> None:
    assert suggestion(f"arta@{domain}") == "arta@gmail.com"


@pytest.mark.parametrize(
    "domain", ["gmail.com", "mail.com", "ymail.com", "gmx.ch", "example.com", "gmail.de"]
)
def test_a_domain_that_may_be_meant_is_not_doubted(domain: str) -> None:
    assert suggestion(f"arta@{domain}") is None


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    address = normal_email(text)
    if address is not None:
        assert normal_email(address) == address.lower() == address
        suggestion(address)
