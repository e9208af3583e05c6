"""Bills and receipts as PDF: every letter and amount can be copied, on as many pages as it takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.services.bills import Bill, Bills, NoParts, parts
from bot.services.my_meters import MyMeter
from bot.services.tariffs import HOUSEHOLD, bill, shipped
from dialogs.bills import bill_picture
from dialogs.engine.lines import Picture
from dialogs.receipts import receipt
from handlers.documents import SIDE, WIDTH, document, sheet_pdf
from handlers.paper import Row, Sheet
from handlers.sheets import SHEETS
from locales.speaker import Speaker
from tests.handlers.pdf import Pdf, read
from tests.handlers.test_pictures import ALBANIAN, CYRILLIC, SERBIAN, SIGNS

DAY = date(2026, 11, 2)
ISSUED, DUE, AS_OF = date(2026, 11, 3), date(2026, 11, 20), date(2026, 11, 28)
METER = MyMeter("DPR 6687", "Home", "Rr. Lipova 4, Prishtinë", "10482215", "4/02")
LANGUAGES = ("sq", "sr", "sr_Cyrl", "en")
SPEAKERS = {language: Speaker(language, strict=True) for language in LANGUAGES}
SHEET = Sheet("KESCO", "Fatura", ("DPR 6687",), (Row("Neto", "1,00 €"),), "Nr. 1", DAY, "KESCO")
POINT = 72 / 25.4


def of_october(rest: str = "108.29", balance: str = "120.59", constant: int = 1) -> Picture:
    tariff = shipped().on(HOUSEHOLD, date(2026, 10, 1))
    assert tariff is not None
    made = bill(tariff, Decimal(710), Decimal(420))
    high, low = (Decimal(10234), Decimal(10944)), (Decimal(5320), Decimal(5740))
    money = (made.net, made.vat, made.total, Decimal(rest))
    one = Bill("202610668701", date(2026, 10, 1), ISSUED, DUE, *high, *low, Decimal(constant), *money)
    found = Bills("DPR 6687", (one,), Decimal(balance), AS_OF, False, AS_OF)
    return bill_picture(found, METER, one, parts(tariff, one) if constant == 1 else NoParts())


def of_a_payment(bills: int = 1) -> Picture:
    pieces = [(f"DPR {n}", f"2026{n:06}", Decimal(n)) for n in range(1, bills + 1)]
    return receipt("EK-1A2B3C", Decimal("64.13"), AS_OF, [*pieces, ("DPR 6687", "", Decimal("12.30"))])


def drawn(picture: Picture, language: str = "en") -> Pdf:
    return read(document(picture, SPEAKERS[language]).pdf)


def says(pdf: Pdf) -> str:
    return pdf.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("letters", [ALBANIAN, SERBIAN, CYRILLIC, SIGNS])
def test_every_letter_of_all_scripts_can_be_copied(letters: str) -> None:
    """In both weights; a space at the end of a line is nothing that anybody sees."""
    for strong in (False, True):
        found = read(sheet_pdf(replace(SHEET, rows=(Row(letters, letters, strong),)), "sq")).text
        assert set(letters) - {" "} <= set(found)
        assert letters in found  # in one piece, as an amount is


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("picture", [of_october(), of_a_payment()], ids=["bill", "receipt"])
def test_the_document_says_what_the_picture_in_the_chat_says(picture: Picture, language: str) -> None:
    sheet = SHEETS[picture.painter](picture, SPEAKERS[language])
    found = [words.text for page in drawn(picture, language).pages for words in page]
    rows = [words for row in sheet.rows for words in (row.words, row.amount) if words]
    assert found == [sheet.issuer, sheet.title, *sheet.lead, *rows, *filter(None, [sheet.footer])]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sq", ["Fatura për tetor 2026", "Njehsori 10482215, grupi tarifor 4/02", "108,29 €"]),
        ("sr", ["Račun za oktobar 2026", "Brojilo 10482215, tarifna grupa 4/02", "108,29 €"]),
        ("sr_Cyrl", ["Рачун за октобар 2026", "Бројило 10482215, тарифна група 4/02", "108,29 €"]),
        ("en", ["Bill for October 2026", "Meter 10482215, tariff group 4/02", "€108.29"]),
    ],
)
def test_a_bill_names_its_month_meter_and_total(language: str, words: Sequence[str]) -> None:
    found = says(drawn(of_october(), language))
    assert all(each in found for each in words), found


def test_a_bill_says_all_that_leads_to_what_is_owed() -> None:
    found = says(drawn(of_october()))
    for words in (
        "KESCO",
        "DPR 6687, Rr. Lipova 4, Prishtinë",
        "Issued on 3 Nov 2026, to be paid by 20 Nov 2026",
        "High tariff: from 10,234 to 10,944, 710 kWh",
        "Low tariff: from 5,320 to 5,740, 420 kWh",
        "High tariff, first block (A1B1): 503 kWh × 9.05 c€/kWh\n€45.49",
        "Low tariff, second block (A2B2): 123 kWh × 7.28 c€/kWh\n€8.93",
        "Fixed tariff\n€2.32",
        "Net\n€100.27",
        "VAT\n€8.02",
        "Total\n€108.29",
        "Left to pay\n€108.29",
        "Owed in all, as of 28 Nov 2026\n€120.59",
        "Bill 202610668701.",
    ):
        assert words in found, words


def test_a_bill_that_is_paid_with_money_over_says_so() -> None:
    found = says(drawn(of_october(rest="0.00", balance="-5.00")))
    assert "Total\n€108.29\nPaid\nPaid in advance, as of 28 Nov 2026\n€5.00" in found
    assert "Left to pay" not in found


def test_a_large_meter_says_by_how_much_its_readings_count() -> None:
    assert "readings count 40 times" in says(drawn(of_october(constant=40)))


def test_a_receipt_names_whom_when_how_and_what_for() -> None:
    found = says(drawn(of_a_payment()))
    assert found == (
        "KESCO\nReceipt EK-1A2B3C\nPaid to KESCO by card on 28 Nov 2026\n"
        "DPR 1, bill 2026000001\n€1.00\nDPR 6687, account balance\n€12.30\nPaid\n€64.13"
    )


def test_amounts_end_at_the_margin_and_words_keep_clear_of_them() -> None:
    sheet = replace(SHEET, rows=(Row("Tarifa e lartë " * 20, "1.234,56 €"), Row("Neto", "1,00 €")))
    (page,) = read(sheet_pdf(sheet, "sq")).pages
    long, short = (next(words for words in page if words.text == row.amount) for row in sheet.rows)
    assert long.left < short.left < (WIDTH - SIDE) * POINT
    beside = [words for words in page if words.text.startswith("Tarifa")]
    assert len(beside) > 1
    assert beside[0].bottom == long.bottom
    assert all(words.left == SIDE * POINT or abs(words.left - SIDE * POINT) < 0.1 for words in beside)


def test_what_does_not_fit_goes_on_overleaf_and_every_page_says_which_it_is() -> None:
    pdf = drawn(of_a_payment(60))
    pages = [[words.text for words in page] for page in pdf.pages]
    assert len(pages) == 2
    assert all("Receipt EK-1A2B3C" in page for page in pages)
    assert ["1 / 2" in pages[0], "2 / 2" in pages[1]] == [True, True]
    codes = re.findall(r"DPR (\d+), bill", pdf.text)
    assert codes == [str(n) for n in range(1, 61)]
    foot = min(words.bottom for words in pdf.pages[0] if words.text.startswith("DPR"))
    assert foot > next(words.bottom for words in pdf.pages[0] if words.text == "1 / 2") + 10


def test_one_page_has_no_number() -> None:
    assert " / " not in drawn(of_a_payment()).text


@pytest.mark.parametrize("rows", range(36, 46))
def test_a_sum_is_not_parted_from_its_rule_nor_a_row_from_its_amount(rows: int) -> None:
    sheet = replace(SHEET, rows=(*[Row("Rreshti", "2,00 €")] * rows, Row("Gjithsej", "9,00 €", True)))
    pages = read(sheet_pdf(sheet, "sq")).pages
    for page in pages:
        texts = [words.text for words in page]
        assert texts.count("Rreshti") == texts.count("2,00 €")
        assert texts.count("Gjithsej") == texts.count("9,00 €")
        assert all(words.bottom > 0 for words in page)
    assert sum(words.text == "Rreshti" for page in pages for words in page) == rows


@pytest.mark.parametrize("picture", [of_october(), of_a_payment(60)], ids=["bill", "receipt"])
def test_the_same_is_the_same_to_the_byte(picture: Picture) -> None:
    assert document(picture, SPEAKERS["sq"]) == document(picture, SPEAKERS["sq"])


@pytest.mark.parametrize(
    ("language", "tag"),
    [("sq", b"sq-XK"), ("sr", b"sr-Latn-XK"), ("sr_Cyrl", b"sr-Cyrl-XK"), ("en", b"en-GB")],
)
def test_its_language_title_and_day_stand_in_it(language: str, tag: bytes) -> None:
    pdf = drawn(of_october(), language)
    raw = pdf.raw
    assert b"/Lang (" + tag + b")" in raw
    assert b"/CreationDate (D:20261103000000Z)" in raw
    assert pdf.title == f"KESCO, {pdf.pages[0][1].text}"


@pytest.mark.parametrize(
    ("picture", "name"),
    [(of_october(), "KESCO-DPR-6687-2026-10.pdf"), (of_a_payment(), "KESCO-receipt-EK-1A2B3C.pdf")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_name_is_the_same_in_every_language(picture: Picture, name: str, language: str) -> None:
    assert document(picture, SPEAKERS[language]).name == name


def test_a_name_with_other_letters_and_signs_is_safe_in_a_header() -> None:
    picture = of_a_payment()
    odd = replace(picture, values={**picture.values, "reference": 'Ë"; x=\r\n/../€7'})
    assert document(odd, SPEAKERS["en"]).name == "KESCO-receipt-x-7.pdf"


def test_a_picture_without_a_sheet_is_no_document() -> None:
    with pytest.raises(KeyError):
        document(Picture("bars", {}), SPEAKERS["en"])
