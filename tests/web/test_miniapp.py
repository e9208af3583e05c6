"""Who opened a page inside Telegram: only what Telegram signed, and only just now, counts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from aiogram.utils.web_app import check_webapp_signature
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.web.miniapp import Forged, Stale, viewer
from tests.web.launches import BOT, launch, sealed
from tests.web.office import NOON


def test_a_launch_names_the_chat_of_its_user() -> None:
    assert viewer(launch(), BOT, NOON) == "telegram:42"
    assert viewer(launch(2**52 - 1), BOT, NOON) == "telegram:4503599627370495"


def test_a_library_agrees_with_what_we_sign_in_tests() -> None:
    assert check_webapp_signature(BOT, launch())
    assert not check_webapp_signature(BOT + "x", launch())


@pytest.mark.parametrize("seconds", [-60, 0, 1, 300])
def test_a_launch_counts_for_five_minutes_and_a_clock_may_be_a_minute_off(seconds: int) -> None:
    assert viewer(launch(), BOT, NOON + timedelta(seconds=seconds)) == "telegram:42"


@pytest.mark.parametrize("seconds", [-61, 301, 90 * 24 * 3600])
def test_a_launch_of_another_time_is_stale(seconds: int) -> None:
    with pytest.raises(Stale):
        viewer(launch(), BOT, NOON + timedelta(seconds=seconds))


def test_another_bot_s_launch_is_forged() -> None:
    with pytest.raises(Forged):
        viewer(launch(), BOT.replace("123456789", "123456788"), NOON)


@pytest.mark.parametrize("name", ["query_id", "user", "auth_date", "signature", "hash"])
def test_a_launch_with_any_field_changed_left_out_or_added_is_forged(name: str) -> None:
    fields = dict(parse_qsl(launch()))
    less = {other: value for other, value in fields.items() if other != name}
    for changed in ({**fields, name: fields[name] + "0"}, less, {**fields, "more": "1"}):
        with pytest.raises(Forged):
            viewer(urlencode(changed), BOT, NOON)


def test_a_field_that_stands_there_twice_is_forged() -> None:
    """One reader would take the first and another the last."""
    user = dict(parse_qsl(launch()))["user"]
    for twice in (f"{launch()}&{urlencode({'user': user})}", f"{urlencode({'hash': 'x'})}&{launch()}"):
        with pytest.raises(Forged):
            viewer(twice, BOT, NOON)


@pytest.mark.parametrize(
    "fields",
    [
        {"auth_date": str(int(NOON.timestamp()))},
        {"auth_date": "soon", "user": '{"id": 42}'},
        {"auth_date": "9" * 30, "user": '{"id": 42}'},
        {"user": '{"id": 42}'},
        *({"auth_date": str(int(NOON.timestamp())), "user": user} for user in ("", "[]", '{"id": "42"}')),
        *({"auth_date": str(int(NOON.timestamp())), "user": user} for user in ("[" * 9999, '{"id": -5}')),
    ],
)
def test_a_launch_that_is_signed_and_makes_no_sense_is_forged(fields: dict[str, str]) -> None:
    with pytest.raises(Forged):
        viewer(sealed(fields), BOT, NOON)


@pytest.mark.parametrize(
    "words", ["", "&", "hash", "hash=", "a=%ff", "user=1&hash=ë", "x=1&" * 40 + "hash=1"]
)
def test_what_is_no_launch_at_all_is_forged(words: str) -> None:
    with pytest.raises(Forged):
        viewer(words, BOT, NOON)


@given(st.text(max_size=300))
def test_no_words_are_taken_for_a_launch(words: str) -> None:
    with pytest.raises(Forged):
        viewer(words, BOT, NOON)


@given(st.integers(0, 2000), st.characters(codec="ascii"))
@example(at=227, letter="%")
def test_no_letter_of_a_launch_can_be_changed_unseen(at: int, letter: str) -> None:
    genuine = launch()
    at %= len(genuine)
    changed = genuine[:at] + letter + genuine[at + 1 :]
    if dict(parse_qsl(changed)) == dict(parse_qsl(genuine)):
        return
    if dict(parse_qsl(changed)).get("hash", "").isascii():  # on others aiogram itself stumbles
        assert not check_webapp_signature(BOT, changed)
    with pytest.raises(Forged):
        viewer(changed, BOT, NOON)
