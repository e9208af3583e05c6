from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.channel import Span
from dialogs.engine.text import Leaf, Phrase, Text, _, _n, verbatim
from locales.speaker import Speaker
from tests.locales.catalogues import Translations, words

NBSP = "\u00a0"
TOTAL = "Your bill is <b>{bill.total:money}</b>."
LINES = ("{n} line", "{n} lines")
SERBIAN: Translations = {
    TOTAL: "Vaš račun je <b>{bill.total:money}</b>.",
    LINES: ("{n} stavka", "{n} stavke", "{n} stavki"),
    "Washing machine": "Mašina za veš",
    "In {month:month}": "Za {month:month}",
    "Viber": "Viber",
}


def serbian(code: str = "sr") -> Speaker:
    return Speaker(code, strict=True, words=words("sr", SERBIAN))


@pytest.mark.parametrize(
    ("spec", "value", "sq", "sr", "en"),
    [
        ("money", Decimal("38.42"), "38,42 €", "38,42 €", "€38.42"),
        ("money", Decimal("1238.4"), "1 238,40 €", "1.238,40 €", "€1,238.40"),
        ("money", Decimal("-2.5"), "-2,50 €", "-2,50 €", "-€2.50"),
        ("money", 7, "7,00 €", "7,00 €", "€7.00"),
        ("kwh", Decimal("12.54"), "12,5 kWh", "12,5 kWh", "12.5 kWh"),
        ("kwh", Decimal("300"), "300 kWh", "300 kWh", "300 kWh"),
        ("kwh0", Decimal("12.54"), "13 kWh", "13 kWh", "13 kWh"),
        ("cents", Decimal("9.05"), "9,05 c€/kWh", "9,05 c€/kWh", "9.05 c€/kWh"),
        ("percent", Decimal("0.6"), "60%", "60%", "60%"),
        ("number", Decimal("1.50"), "1,5", "1,5", "1.5"),
        ("watts", 2200, "2 200 W", "2.200 W", "2,200 W"),
        ("hours", Decimal("2.5"), "2,5 h", "2,5 h", "2.5 h"),
        ("date", date(2026, 8, 3), "03.08.2026", "03.08.2026", "3 Aug 2026"),
        ("longdate", date(2026, 8, 3), "3 gusht 2026", "3. avgusta 2026", "3 August 2026"),
        ("longdate", date(2026, 9, 1), "1 shtator 2026", "1. septembra 2026", "1 September 2026"),
        ("month", 8, "gusht", "avgust", "August"),
        ("month", date(2026, 1, 31), "janar", "januar", "January"),
        ("", Decimal("0.5"), "0,5", "0,5", "0.5"),
        ("", None, "–", "–", "–"),
        ("text", "{a} <b>", "{a} <b>", "{a} <b>", "{a} <b>"),
    ],
)
def test_values_are_written_as_in_each_language(spec: str, value: Leaf, sq: str, sr: str, en: str) -> None:
    shown = [Speaker(code, strict=True).show(value, spec).replace(NBSP, " ") for code in ("sq", "sr", "en")]

    assert shown == [sq, sr, en]


def test_a_number_never_parts_from_its_unit_at_the_end_of_a_line() -> None:
    assert Speaker("sq").show(Decimal("38.42"), "money") == f"38,42{NBSP}€"


def test_a_day_is_the_one_it_is_in_kosovo() -> None:
    assert Speaker("en").show(datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "date") == "1 Aug 2026"


def test_bold_words_are_spans_of_their_own() -> None:
    phrase = Phrase(_(TOTAL), {"bill.total": Decimal("38.42")})

    assert serbian().say(phrase) == (Span("Vaš račun je "), Span(f"38,42{NBSP}€", bold=True), Span("."))


def test_serbian_cyrillic_is_made_from_latin_and_values_stay_as_they_are() -> None:
    phrase = Phrase(_("Your bill is <b>{bill.total:money}</b>."), {"bill.total": Decimal("38.42")})

    assert serbian("sr_Cyrl").plain(phrase) == f"Ваш рачун је 38,42{NBSP}€."
    assert serbian("sr_Cyrl").plain(verbatim("Ulica Nëna Terezë")) == "Ulica Nëna Terezë"
    assert serbian("sr_Cyrl").plain(Phrase(_("In {month:month}"), {"month": 8})) == "За август"
    assert serbian("sr_Cyrl").plain(Phrase(_("Viber"))) == "Viber"


def test_english_that_has_no_translation_is_not_turned_into_cyrillic() -> None:
    assert serbian("sr_Cyrl").plain(Phrase(_("Nobody translated this."))) == "Nobody translated this."


@pytest.mark.parametrize(
    ("n", "sr", "cyrillic", "en"),
    [
        (1, "1 stavka", "1 ставка", "1 line"),
        (2, "2 stavke", "2 ставке", "2 lines"),
        (5, "5 stavki", "5 ставки", "5 lines"),
        (21, "21 stavka", "21 ставка", "21 lines"),
        (Decimal("2.5"), "2,5 stavki", "2,5 ставки", "2.5 lines"),
    ],
)
def test_plurals_follow_the_count(n: int | Decimal, sr: str, cyrillic: str, en: str) -> None:
    phrase = Phrase(_n("{n} line", "{n} lines", by="n"), {"n": n})

    assert serbian().plain(phrase) == sr
    assert serbian("sr_Cyrl").plain(phrase) == cyrillic
    assert Speaker("en", strict=True).plain(phrase) == en


def test_texts_inside_a_phrase_are_translated_too() -> None:
    phrase = Phrase(Text("<b>{what}</b>: {much}"), {"what": _("Washing machine"), "much": Phrase(_("Viber"))})

    assert serbian().say(phrase) == (Span("Mašina za veš", bold=True), Span(": Viber"))


def test_what_a_customer_wrote_is_never_markup_nor_a_placeholder() -> None:
    assert Speaker("en").say(verbatim("<b>{bill.total}</b> {{")) == (Span("<b>{bill.total}</b> {{"),)


def test_an_empty_phrase_says_nothing() -> None:
    assert Speaker("sq").say(verbatim("")) == ()
    assert Speaker("sq").say(Phrase(Text(""))) == ()


@pytest.mark.parametrize(
    "phrase",
    [
        Phrase(_(TOTAL)),
        Phrase(_(TOTAL), {"bill.total": "a lot"}),
        Phrase(Text("{n:furlongs}"), {"n": 1}),
        Phrase(Text("{month:month}"), {"month": 13}),
        Phrase(Text("an open { brace")),
        Phrase(_n("{n} line", "{n} lines", by="n"), {"n": "many"}),
    ],
)
def test_a_strict_speaker_refuses_what_it_cannot_say(phrase: Phrase) -> None:
    with pytest.raises(ValueError, match=r"."):
        serbian().say(phrase)


def test_a_value_that_is_missing_is_logged_and_the_sentence_goes_out_in_english(
    caplog: pytest.LogCaptureFixture,
) -> None:
    speaker = Speaker("sr", words=words("sr", SERBIAN))

    with caplog.at_level(logging.ERROR):
        assert speaker.plain(Phrase(_(TOTAL))) == "Your bill is –."
        assert speaker.plain(Phrase(Text("an open { brace"))) == "an open { brace"

    assert "cannot say" in caplog.text
