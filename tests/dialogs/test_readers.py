from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dialogs.engine.steps import Bad, Reader
from dialogs.numbers import number_in
from dialogs.readers import hours_a_day, how_many, low_share, power, times_a_week


def read(reader: Reader[Any], text: str) -> float | None:
    value = reader.read(text)
    return None if isinstance(value, Bad) else float(value)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("2,5", 2.5),
        ("2.5", 2.5),
        (",5", 0.5),
        ("2½", 2.5),
        ("2 ½", 2.5),
        ("½", 0.5),
        ("rreth 3", 3),
        ("oko 3", 3),
        ("tri", 3),
        ("три", 3),
        ("пет", 5),
        ("шест", 6),
        ("çetiri", 4),
        ("četiri", 4),
        ("cetiri", 4),
        ("dhjetë", 10),
        ("dhjet", 10),
        ("dymbëdhjetë", 12),
        ("dymdhet", 12),
        ("pesëmbëdhjetë", 15),
        ("petnaest", 15),
        ("петнаест", 15),
        ("njëzet", 20),
        ("njizet", 20),
        ("njëzet e katër", 24),
        ("dvadeset i četiri", 24),
        ("dvadeset četiri", 24),
        ("двадесет четири", 24),
        ("twenty-four", 24),
        ("njëqind e njëzet e pesë", 125),
        ("pese qind", 500),
        ("peseqind", 500),
        ("dy mijë", 2000),
        ("2 mijë", 2000),
        ("mijë e pesëqind", 1500),
        ("dve hiljade", 2000),
        ("две хиљаде двеста", 2200),
        ("hiljadu i petsto", 1500),
        ("two thousand", 2000),
        ("2.000", 2000),
        ("2 000", 2000),
        ("2,000", 2000),
        ("2\u00a0000", 2000),
        ("0.125", 0.125),
        ("nijedan", 0),
        ("ni jedan", 0),
        ("ni jednom", 0),
    ],
)
def test_a_number_is_found_in_digits_and_words(text: str, number: float) -> None:
    assert number_in(text) == Decimal(str(number))


@pytest.mark.parametrize(
    "text",
    [
        *("", "po", "jo", "da", "ne", "yes", "не знам", "nuk e di", "nuk e di sa"),
        *("2-3", "2 ose 3", "dy ose tre", "dva do tri", "dva ili tri", "two or three", "8 deri 22"),
        *("-2", "− 2", "minus dva", "sat", "orë", "2.5 e gjysmë"),
    ],
)
def test_no_number_or_more_than_one_is_none(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2", 2),
        ("2 orë", 2),
        ("2 ore ne dite", 2),
        ("dy orë", 2),
        ("dy or", 2),
        ("ni orë", 1),
        ("nji ore", 1),
        ("një orë në ditë", 1),
        ("orë", 1),
        ("gjysmë ore", 0.5),
        ("gjysme ore", 0.5),
        ("gjysë ore", 0.5),
        ("një gjysmë ore", 0.5),
        ("nji gjysë orë", 0.5),
        ("gjysma", 0.5),
        ("një orë e gjysmë", 1.5),
        ("nji ore e gjys", 1.5),
        ("nji sahat e gjysë", 1.5),
        ("dy orë e gjysmë", 2.5),
        ("2 e gjysme", 2.5),
        ("çerek ore", 0.25),
        ("qerek ore", 0.25),
        ("një orë e njëzet minuta", 1.33),
        ("1 ore e 20 minuta", 1.33),
        ("30 minuta", 0.5),
        ("30min", 0.5),
        ("45'", 0.75),
        ("gjithë ditën", 24),
        ("krejt diten", 24),
        ("tanë ditën", 24),
        ("ditë e natë", 24),
        ("non-stop", 24),
        ("gjithmonë", 24),
        ("gjysmë dite", 12),
        ("asnjë", 0),
        ("hiq", 0),
        ("nuk e përdor", 0),
        ("s'e perdor", 0),
        ("kurrë", 0),
        ("sat", 1),
        ("jedan sat", 1),
        ("sat vremena", 1),
        ("pola sata", 0.5),
        ("pola", 0.5),
        ("по сата", 0.5),
        ("po sata", 0.5),
        ("po dva sata", 2),
        ("sat i po", 1.5),
        ("sat ipo", 1.5),
        ("dva i po sata", 2.5),
        ("2 ipo", 2.5),
        ("сат и по", 1.5),
        ("пола сата", 0.5),
        ("два сата дневно", 2),
        ("два и по", 2.5),
        ("dvije ure", 2),
        ("sat i dvadeset minuta", 1.33),
        ("15 минута", 0.25),
        ("frtalj sata", 0.25),
        ("ceo dan", 24),
        ("цео дан", 24),
        ("cijeli dan", 24),
        ("stalno", 24),
        ("uvek", 24),
        ("dan i noć", 24),
        ("pola dana", 12),
        ("ne koristim", 0),
        ("ne radi", 0),
        ("nikad", 0),
        ("an hour", 1),
        ("an hour and a half", 1.5),
        ("one and a half hours", 1.5),
        ("half an hour", 0.5),
        ("two hours a day", 2),
        ("1h30", 1.5),
        ("1:30", 1.5),
        ("1h 30min", 1.5),
        ("90 min", 1.5),
        ("all day", 24),
        ("24/7", 24),
        ("always", 24),
        ("never", 0),
        ("I don't use it", 0),
        ("24h", 24),
        ("24 orë", 24),
    ],
)
def test_hours_a_day_are_read_as_people_say_them(text: str, hours: float) -> None:
    assert read(hours_a_day, text) == hours


@pytest.mark.parametrize(
    "text",
    ["", "po", "jo", "da", "varet", "zavisi", "nuk e di", "ne znam", "8-22", "25", "-1", "2 ose 3", "👍"],
)
def test_hours_that_make_no_sense_are_asked_again(text: str) -> None:
    assert read(hours_a_day, text) is None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("3", 3),
        ("3 herë", 3),
        ("tri here ne jave", 3),
        ("trihere", 3),
        ("dyherë", 2),
        ("njëherë në javë", 1),
        ("nihere n'jave", 1),
        ("dy dite ne jave", 2),
        ("çdo ditë", 7),
        ("cdo dite", 7),
        ("qdo dit", 7),
        ("përditë", 7),
        ("per dite", 7),
        ("dy herë në ditë", 14),
        ("2 here n'dite", 14),
        ("çdo të dytën ditë", 3.5),
        ("çdo javë", 1),
        ("në fundjavë", 2),
        ("një herë në muaj", 0.23),
        ("kurrë", 0),
        ("nuk përdoret", 0),
        ("jednom", 1),
        ("jedanput nedeljno", 1),
        ("dvaput", 2),
        ("dva puta nedeljno", 2),
        ("triput", 3),
        ("три пута", 3),
        ("svaki dan", 7),
        ("svakog dana", 7),
        ("сваки дан", 7),
        ("свакодневно", 7),
        ("2 puta dnevno", 14),
        ("dvaput na dan", 14),
        ("svaki drugi dan", 3.5),
        ("svaka dva dana", 3.5),
        ("vikendom", 2),
        ("jednom mesečno", 0.23),
        ("jednom mjesečno", 0.23),
        ("nedeljno", 1),
        ("nikada", 0),
        ("nijednom", 0),
        ("ne koristim", 0),
        ("every day", 7),
        ("everyday", 7),
        ("daily", 7),
        ("twice a day", 14),
        ("once a week", 1),
        ("weekly", 1),
        ("every other day", 3.5),
        ("at weekends", 2),
        ("twice a month", 0.47),
        ("three times", 3),
        ("not used", 0),
    ],
)
def test_times_a_week_are_read_as_people_say_them(text: str, times: float) -> None:
    assert read(times_a_week, text) == times


@pytest.mark.parametrize(
    "text",
    ["", "po", "shpesh", "često", "ponekad", "gjithmonë", "always", "stalno", "2-3 puta", "20 na dan", "-1"],
)
def test_times_that_make_no_sense_are_asked_again(text: str) -> None:
    assert read(times_a_week, text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1", 1),
        ("2 copë", 2),
        ("dy cope", 2),
        ("i kam tri", 3),
        ("kam nji", 1),
        ("dhjet", 10),
        ("dva", 2),
        ("dvije", 2),
        ("imam tri komada", 3),
        ("два комада", 2),
        ("dvanaest", 12),
        ("two of them", 2),
        ("a couple", 2),
    ],
)
def test_a_count_is_read_as_people_say_it(text: str, count: int) -> None:
    assert read(how_many, text) == count


@pytest.mark.parametrize(
    "text", ["0", "asnjë", "nemam", "nuk kam", "1.5", "gjysmë", "pola", "101", "2 ili 3", "po"]
)
def test_a_count_is_whole_and_at_least_one(text: str) -> None:
    assert read(how_many, text) is None


@pytest.mark.parametrize(
    ("text", "watts"),
    [
        ("2000", 2000),
        ("2000W", 2000),
        ("2000 vat", 2000),
        ("2.000 W", 2000),
        ("2 000 w", 2000),
        ("2,000 W", 2000),
        ("2kW", 2000),
        ("2 kw", 2000),
        ("2,2 kW", 2200),
        ("0.75 kW", 750),
        ("1.500 kW", 1500),
        ("1500 kW", 1500),
        ("2 kilovat", 2000),
        ("dy kilovat", 2000),
        ("dva kilovata", 2000),
        ("два киловата", 2000),
        ("dy mijë vat", 2000),
        ("dve hiljade", 2000),
        ("hiljadu i petsto vati", 1500),
        ("1500 вати", 1500),
        ("60 watts", 60),
        ("220V 2000W", 2000),
        ("220-240V 50Hz 1850-2200W", 2200),
        ("9,5 W", 10),
    ],
)
def test_power_is_read_as_plates_and_people_put_it(text: str, watts: int) -> None:
    assert read(power, text) == watts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nuk e di",
        "ne znam",
        "0",
        "40000",
        "12000 BTU",
        "220 V",
        "10A",
        "80 l",
        "80 litra",
        '55"',
        "A++",
        "1,5 kWh",
    ],
)
def test_what_is_no_power_is_asked_again(text: str) -> None:
    assert read(power, text) is None


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("0", 0),
        ("25 %", 0.25),
        ("25%", 0.25),
        ("100", 1),
        ("37,5 %", 0.375),
        ("0.25", 0.25),
        ("0,5 %", 0.005),
        ("70 përqind", 0.7),
        ("70 posto", 0.7),
        ("седамдесет посто", 0.7),
        ("gjysma", 0.5),
        ("gjysa", 0.5),
        ("gjysma-gjysma", 0.5),
        ("50-50", 0.5),
        ("fifty fifty", 0.5),
        ("pola", 0.5),
        ("пола пола", 0.5),
        ("half", 0.5),
        ("çerek", 0.25),
        ("četvrtina", 0.25),
        ("a quarter at night", 0.25),
        ("natën", 1),
        ("vetëm naten", 1),
        ("gjatë natës", 1),
        ("krejt natën", 1),
        ("noću", 1),
        ("samo nocu", 1),
        ("само ноћу", 1),
        ("at night", 1),
        ("krejt", 1),
        ("sve", 1),
        ("all of it", 1),
        ("ditën", 0),
        ("vetem diten", 0),
        ("samo danju", 0),
        ("преко дана", 0),
        ("by day", 0),
        ("jo natën", 0),
        ("ne noću", 0),
        ("not at night", 0),
        ("kurrë natën", 0),
        ("nikad danju", 1),
        ("asgjë", 0),
        ("ništa", 0),
        ("none", 0),
        ("kryesisht natën", 0.75),
        ("ma shumë diten", 0.25),
        ("uglavnom noću", 0.75),
        ("više danju", 0.25),
        ("mostly at night", 0.75),
        ("30 % danju", 0.7),
    ],
)
def test_a_share_of_the_night_is_read_as_people_say_it(text: str, share: float) -> None:
    assert read(low_share, text) == share


@pytest.mark.parametrize(
    "text", ["", "po", "ne", "101", "-5", "2 orë natën", "2 sata", "ditë e natë", "danju i noću", "20-30"]
)
def test_a_share_that_makes_no_sense_is_asked_again(text: str) -> None:
    assert read(low_share, text) is None


@pytest.mark.parametrize(
    ("reader", "values"),
    [
        (hours_a_day, [Decimal(v) for v in ("0", "0.25", "1.33", "2.5", "24")]),
        (times_a_week, [Decimal(v) for v in ("0", "0.23", "3.5", "100")]),
        (how_many, [1, 12, 100]),
        (power, [1, 2000, 30000]),
        (low_share, [Decimal(v) for v in ("0", "0.005", "0.375", "0.5", "1")]),
    ],
)
def test_what_is_kept_is_read_again_as_it_was(reader: Reader[Any], values: list[Any]) -> None:
    assert [reader.read(reader.write(value)) for value in values] == values
