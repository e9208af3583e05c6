from __future__ import annotations

import re
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.identity import CustomerCode
from bot.services.phones import PhoneProblem
from bot.services.weaknesses import Weakness
from dialogs import identifiers
from dialogs.engine.codec import decoder, pack
from dialogs.engine.steps import Bad, Reader
from dialogs.identifiers import (
    NEW_PASSWORD,
    WEAK,
    ByEmail,
    ByPersonalNumber,
    ByPhone,
    customer_code,
    email,
    one_time_code,
    person_name,
    personal_number,
    phone,
    phone_in,
    sign_in_name,
    sign_in_name_in,
)

READERS = (personal_number, person_name, customer_code, email, one_time_code, phone, sign_in_name)


def why(reader: Reader[Any], text: str) -> str:
    value = reader.read(text)
    assert isinstance(value, Bad), value
    return value.why.msgid


def test_a_personal_number_has_ten_digits() -> None:
    assert personal_number.read("numri im: 1234 567 892") == "1234567892"
    assert "exactly 10 digits" in why(personal_number, "123456789")


def test_a_personal_number_whose_check_digit_does_not_fit_is_taken_all_the_same() -> None:
    assert personal_number.read("1234567891") == "1234567891"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Arta", "Arta"),
        ("  arta ", "Arta"),
        ("ARTA", "Arta"),
        ("ana-marija", "Ana-Marija"),
        ("d’angelo", "D'Angelo"),
        ("Ana  Marija", "Ana Marija"),
        ("van der Berg", "van der Berg"),
        ("ËNGJËLL", "Ëngjëll"),
        ("милош", "Милош"),
        ("ЂОРЂЕВИЋ", "Ђорђевић"),
        ("S\u030caban", "Šaban"),
        ("İSMAİL", "İsmail"),
        ("Arta B.", "Arta B."),
        ("Đ", "Đ"),
        ("Mira", "Mira"),
    ],
)
def test_a_name_is_kept_as_names_are_written(text: str, name: str) -> None:
    assert person_name.read(text) == name
    assert person_name.read(name) == name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "123",
            "Arta1",
            "Arta_K",
            "Arta@x",
            "-",
            "'",
            "--",
            "Arta/Besa",
            "👍",
            "Arta 👍",
            "Αρτα",
            "אני",
        ),
        *("po", "Jo", "DA", "ne", "не", "незнам", "ok", "yes", "S'di", "x" * 61, "Arta, Besa"),
    ],
)
def test_what_is_no_name_is_asked_again(text: str) -> None:
    assert "in letters alone" in why(person_name, text)


def test_a_customer_code_is_shown_in_its_one_spelling() -> None:
    value = customer_code.read("дпр-06687")
    assert value == CustomerCode("6687", "DPR")
    assert customer_code.write(CustomerCode("6687", "DPR")) == "DPR 6687"
    assert customer_code.show(CustomerCode("6687", "DPR")).values == {"words": "DPR 6687"}
    assert customer_code.read("6687") == CustomerCode("6687")
    assert "DPR 6687" in why(customer_code, "I have no idea")


def test_an_address_is_kept_in_lower_case() -> None:
    assert email.read(" Arta@Example.com ") == "arta@example.com"
    assert "name@example.com" in why(email, "arta")


def test_a_phone_number_is_kept_with_its_country_code() -> None:
    assert phone.read("044 123 456") == "+38344123456"
    assert "country code" in why(phone, "064 123 4567")
    assert "landline" in why(phone, "038 123 456")
    assert "+383 today" in why(phone, "+377 44 123 456")
    assert len({identifiers._PHONES[problem].msgid for problem in PhoneProblem}) == len(PhoneProblem)


def test_regions_are_the_operators() -> None:
    assert "+383 today" in why(phone_in(("XK",)), "+41 79 123 45 67")
    assert sign_in_name_in(("XK",)).read("044 123 456") == ByPhone("+38344123456")
    assert isinstance(sign_in_name_in(("XK",)).read("+41 79 123 45 67"), Bad)


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        "123 456",
        "123-456",
        "1 2 3 4 5 6",
        "kodi 123 456",
        "kodi është 123456.",
        "KESCO: 123456 është kodi juaj. Vlen 5 minuta.",
        "код: 123456",
        "١٢٣٤٥٦",
        "１２３４５６",
    ],
)
def test_a_code_is_read_as_people_copy_it(text: str) -> None:
    assert one_time_code.read(text) == "123456"


@pytest.mark.parametrize(
    "text", ["", "po", "12345", "1234567", "123456 ose 654321", "+123456", "x123456", "123 4567"]
)
def test_what_is_no_code_is_asked_again(text: str) -> None:
    assert "6 digits" in why(one_time_code, text)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Arta@Example.com", ByEmail("arta@example.com")),
        ("044 123 456", ByPhone("+38344123456")),
        ("+383 44 123 456", ByPhone("+38344123456")),
        ("38344123456", ByPhone("+38344123456")),
        ("+43 664 12345", ByPhone("+4366412345")),
        ("0041 79 123 45 67", ByPhone("+41791234567")),
        ("1234567892", ByPersonalNumber("1234567892")),
        ("1234 567 892", ByPersonalNumber("1234567892")),
        ("4366412345", ByPersonalNumber("4366412345")),
        ("0123456789", ByPersonalNumber("0123456789")),
    ],
)
def test_who_signs_in_may_say_so_in_three_ways(text: str, who: object) -> None:
    assert sign_in_name.read(text) == who


@pytest.mark.parametrize("text", ["", "arta", "123", "038 123 456", "+377 44 123 456", "12345678901234"])
def test_who_cannot_be_told_is_asked_again(text: str) -> None:
    assert "your e-mail address, your phone number or your personal number" in why(sign_in_name, text)


def test_half_an_address_is_told_as_such() -> None:
    assert "e-mail address" in why(sign_in_name, "arta@")


def test_where_digits_are_the_answer_no_option_has_a_number() -> None:
    assert [reader.digits for reader in READERS] == [True, False, True, False, True, True, True]


@given(st.sampled_from(READERS), st.text(max_size=60))
def test_what_is_kept_is_read_again_as_it_was(reader: Reader[Any], text: str) -> None:
    value = reader.read(text)
    if not isinstance(value, Bad):
        assert reader.read(reader.write(value)) == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (customer_code, "6687"),
        (customer_code, "DPR 1"),
        (sign_in_name, "a@example.com"),
        (phone, "044123456"),
    ],
)
def test_what_is_kept_survives_a_restart(reader: Reader[Any], text: str) -> None:
    value = reader.read(text)
    assert decoder(get_type_hints(reader.read)["return"])(pack(value)) == value


def test_every_weakness_has_words() -> None:
    assert set(WEAK) == set(Weakness)
    assert len({text.msgid for text in WEAK.values()}) == len(Weakness)


def test_the_rules_of_a_new_password_can_be_ticked_off() -> None:
    def met(password: str) -> list[bool]:
        return [bool(re.search(rule.pattern, password)) for rule in NEW_PASSWORD]

    assert met("") == [False, False, False]
    assert met("ëndrra e bukur") == [True, False, False]
    assert met("7Ë") == [False, True, True]
