from __future__ import annotations

import pytest

from locales.cyrillic import to_cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Ljubav, njiva, džep", "Љубав, њива, џеп"),
        ("LJUBAV NJIVA DŽEP", "ЉУБАВ ЊИВА ЏЕП"),
        ("Mašina za veš", "Машина за веш"),
        ("Đorđe i Ćirilo žele čaj", "Ђорђе и Ћирило желе чај"),
        ("ǈudi, ǌih, ǆez", "Људи, њих, џез"),
        ("c\u030caj", "чај"),
        ("Poslednji račun", "Последњи рачун"),
        ("odjava, predjelo", "одјава, предјело"),
    ],
)
def test_letters_and_digraphs_become_one_letter_in_either_case(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("injekcija", "инјекција"),
        ("INJEKCIJA", "ИНЈЕКЦИЈА"),
        ("konjugacija", "конјугација"),
        ("konjunktura", "конјунктура"),
        ("Tanjug", "Танјуг"),
        ("vanjezički", "ванјезички"),
        ("nadživeti", "надживети"),
        ("Podžupan", "Поджупан"),
        ("odžaliti", "оджалити"),
        ("predživot", "предживот"),
    ],
)
def test_letters_that_only_meet_stay_two(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("konj", "коњ"), ("Konjic", "Коњиц"), ("odžak", "оџак"), ("nadžak", "наџак"), ("budžet", "буџет")],
)
def test_words_that_look_like_an_exception_are_none(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("KESCO šalje SMS", "KESCO шаље SMS"),
        ("SMS-om ili u PDF-u", "SMS-ом или у PDF-у"),
        (
            "Aplikacija eKESCO je na Google Play i App Store",
            "Апликација eKESCO је на Google Play и App Store",
        ),
        ("Telegram ili Viber", "Telegram или Viber"),
        ("Potrošnja u kWh, cena u c€/kWh", "Потрошња у kWh, цена у c€/kWh"),
        ("Stavke A1B1 i A2B2", "Ставке A1B1 и A2B2"),
        ("Na primer DPR 6687", "На пример DPR 6687"),
        ("3 h dnevno, 45 min", "3 h дневно, 45 min"),
        ("LED sijalica, TV", "LED сијалица, ТВ"),
        ("Klima od 12.000 BTU, 230 V i 10 A", "Клима од 12.000 BTU, 230 V и 10 A"),
        ("Uplatnica Kos-GIRO, kartica Visa", "Уплатница Kos-GIRO, картица Visa"),
        ("sa PDV-om, u VT i NT", "са ПДВ-ом, у ВТ и НТ"),
        ("III tromesečje", "III тромесечје"),
        ("Ulica Nëna Terezë", "Улица Nëna Terezë"),
        ("TA peć i Wi-Fi ruter", "ТА пећ и Wi-Fi рутер"),
    ],
)
def test_brands_units_and_codes_stay_latin(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("<b>Ukupno</b>: {bill.total:money}", "<b>Укупно</b>: {bill.total:money}"),
        ("Pišite na info@kesco-energy.com danas", "Пишите на info@kesco-energy.com данас"),
        ("Vidite https://kesco-energy.com/sr/pomoc i", "Видите https://kesco-energy.com/sr/pomoc и"),
        ("Pošaljite /pomoc botu @ekesco_bot", "Пошаљите /pomoc боту @ekesco_bot"),
        ("Već ćirilica", "Већ ћирилица"),
    ],
)
def test_markup_placeholders_and_addresses_are_untouched(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
