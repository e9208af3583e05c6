from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.phones import Phone, PhoneProblem, masked, masked_email, read_phone


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("044 123 456", "+38344123456"),
        ("045123456", "+38345123456"),
        ("049/123-456", "+38349123456"),
        ("043.123.456", "+38343123456"),
        ("44123456", "+38344123456"),
        ("+383 44 123 456", "+38344123456"),
        ("+383 (0)44 123 456", "+38344123456"),
        ("+383-44-123-456", "+38344123456"),
        ("00383 44 123 456", "+38344123456"),
        ("38344123456", "+38344123456"),
        ("tel:+38344123456", "+38344123456"),
        ("numri im është 044 123 456.", "+38344123456"),
        ("moj broj je 044 123 456", "+38344123456"),
        ("044\u00a0123\u2009456", "+38344123456"),
        ("044–123–456", "+38344123456"),
        ("＋３８３４４１２３４５６", "+38344123456"),
        ("٠٤٤ ١٢٣ ٤٥٦", "+38344123456"),
        ("+381 64 123 4567", "+381641234567"),
        ("381641234567", "+381641234567"),
        ("+355 69 123 4567", "+355691234567"),
        ("+389 70 123 456", "+38970123456"),
        ("+382 67 123 456", "+38267123456"),
        ("+49 151 12345678", "+4915112345678"),
        ("+41 79 123 45 67", "+41791234567"),
        ("0041 79 123 45 67", "+41791234567"),
        ("+43 664 1234567", "+436641234567"),
    ],
)
def test_a_mobile_number_is_read_however_it_is_written(text: str, e164: str) -> None:
    found = read_phone(text)
    assert isinstance(found, Phone)
    assert found.e164 == e164


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", PhoneProblem.UNREADABLE),
        ("nuk kam", PhoneProblem.UNREADABLE),
        ("044 123", PhoneProblem.UNREADABLE),
        ("044 123 456 789 012", PhoneProblem.UNREADABLE),
        ("044 123 456 ose 045 123 456", PhoneProblem.UNREADABLE),
        ("044 CALL NOW", PhoneProblem.UNREADABLE),
        ("064 123 4567", PhoneProblem.UNREADABLE),
        ("1234567892", PhoneProblem.UNREADABLE),
        ("+377 44 123 456", PhoneProblem.ELSEWHERE),
        ("00377 44 123 456", PhoneProblem.ELSEWHERE),
        ("+386 49 123 456", PhoneProblem.ELSEWHERE),
        ("+1 202 555 0123", PhoneProblem.ELSEWHERE),
        ("038 123 456", PhoneProblem.NOT_MOBILE),
        ("+383 38 123 456", PhoneProblem.NOT_MOBILE),
        ("+381 11 123 4567", PhoneProblem.NOT_MOBILE),
    ],
)
def test_what_no_sms_can_reach_is_told_apart(text: str, problem: PhoneProblem) -> None:
    assert read_phone(text) is problem


def test_the_regions_are_a_setting() -> None:
    assert read_phone("+41 79 123 45 67", ("XK", "RS")) is PhoneProblem.ELSEWHERE
    assert read_phone("+377 6 12 34 56 78", ("XK", "MC")) == Phone("+377612345678", "MC")
    assert read_phone("044 123 456", ("RS",)) is PhoneProblem.ELSEWHERE


@given(st.integers(3, 9), st.integers(0, 999_999), st.sampled_from(["0", "+383", "00383", "383", "+383 (0)"]))
def test_what_was_read_is_read_again_as_it_was(second: int, rest: int, front: str) -> None:
    found = read_phone(f"{front}4{second} {rest:06}")
    assert found == Phone(f"+3834{second}{rest:06}", "XK")
    assert read_phone(found.e164) == found


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    found = read_phone(text)
    assert not isinstance(found, Phone) or read_phone(found.e164) == found


def test_of_a_number_and_an_address_little_is_shown() -> None:
    assert masked("+38344123456") == "+383•••456"
    assert masked("+4915112345678") == "+49•••678"
    assert masked("what is this") == "•••"
    assert masked_email("arta.krasniqi@example.com") == "a•••@example.com"
    assert masked_email("ak@example.com") == "•••@example.com"
    assert masked_email("nothing") == "•••"
