from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.identity import DISTRICTS, CustomerCode, customer_code, doubtful, personal_number


@pytest.mark.parametrize(
    "text",
    [
        "1234567892",
        "1234 567 892",
        " 12-34-567-892 ",
        "1234.567.892",
        "numri im personal: 1234567892",
        "lični broj je 1234567892.",
        "лични број 1234567892",
        "1234\u00a0567\u00a0892",
        "١٢٣٤٥٦٧٨٩٢",
        "１２３４５６７８９２",
    ],
)
def test_a_personal_number_is_read_in_any_grouping(text: str) -> None:
    assert personal_number(text) == "1234567892"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jo",
        "123456789",
        "12345678901",
        "1234567892 1",
        "1234567892 dhe 1234567892",
        "x1234567892",
        "+1234567892",
    ],
)
def test_what_is_no_personal_number_is_none(text: str) -> None:
    assert personal_number(text) is None


def test_a_check_digit_that_does_not_fit_is_doubted() -> None:
    assert not doubtful("1234567892")
    assert [doubtful(f"123456789{last}") for last in range(10)].count(True) == 9


@given(st.integers(1, 8), st.integers(0, 99_999_999), st.integers(0, 9), st.integers(0, 8))
def test_one_wrong_digit_is_mostly_noticed(first: int, rest: int, wrong: int, place: int) -> None:
    """10 and 11 share the check digit 0, so that some slips between the two pass."""
    digits = f"{first}{rest:08}"
    (number,) = [digits + str(last) for last in range(10) if not doubtful(digits + str(last))]
    slipped = number[:place] + str(wrong) + number[place + 1 :]
    if slipped != number and not slipped.startswith("9") and number[9] != "0":
        assert doubtful(slipped)


def test_the_numbers_of_foreigners_have_no_check_digit() -> None:
    assert not any(doubtful(f"912345678{last}") for last in range(10))


@pytest.mark.parametrize(
    "text",
    [
        "DPR 6687",
        "dpr6687",
        "DPR-6687",
        "D P R 6687",
        "DPR/6687",
        "DPR: 6687",
        "DPR nr. 6687",
        "DPR br. 6687",
        "DPR № 6687",
        "DPR 006687",
        "DPR 66 87",
        "ДПР 6687",
        "дпр-6687",
        "shifra ime është DPR 6687",
        "моја шифра је ДПР 6687",
        "ＤＰＲ　６６８７",
        "DPR–6687",
    ],
)
def test_a_customer_code_has_one_spelling(text: str) -> None:
    assert customer_code(text) == CustomerCode("6687", "DPR")


@pytest.mark.parametrize(
    "text", ["6687", "006687", "kodi 6687", "nr. 6687", "6 687", "№ 6687", "šifra: 6687"]
)
def test_a_bare_number_says_nothing_of_its_district(text: str) -> None:
    assert customer_code(text) == CustomerCode("6687")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DPR",
        "jo",
        "DPX 6687",
        "DPR 0",
        "0000",
        "DPR 123456789",
        "1234567892",
        "DPR 1 DMI 2",
        "6687 ose 6688",
        "x6687y",
    ],
)
def test_what_is_no_customer_code_is_none(text: str) -> None:
    assert customer_code(text) is None


@given(st.sampled_from([None, *DISTRICTS]), st.integers(1, 99_999_999))
def test_what_was_read_is_read_again_as_it_was(district: str | None, number: int) -> None:
    code = CustomerCode(str(number), district)
    assert customer_code(str(code)) == code


def test_all_districts_are_read_in_cyrillic_too() -> None:
    cyrillic = dict(zip("dprmizefglj".upper(), "ДПРМИЗЕФГЛЈ", strict=True))
    for district in DISTRICTS:
        written = "".join(cyrillic[letter] for letter in district)
        assert customer_code(f"{written} 12") == CustomerCode("12", district)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_not(text: str) -> None:
    number = personal_number(text)
    assert number is None or (len(number) == 10 and number.isascii() and isinstance(doubtful(number), bool))
    code = customer_code(text)
    assert code is None or customer_code(str(code)) == code
