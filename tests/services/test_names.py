from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.services.names import Name, same_name, spellings


def name(text: str) -> Name:
    first, last = text.split("/")
    return first, last


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("Arta/Krasniqi", "Arta/Krasniqi"),
        ("ARTA/KRASNIQI", "Arta/Krasniqi"),
        (" arta /krasniqi", "Arta/Krasniqi"),
        ("Lumturie/Caka", "Lumturië/Çaka"),
        ("E\u0308ngje\u0308ll/C\u0327aka", "Ëngjëll/Çaka"),
        ("Shpetim/Gjoka", "Shpëtim/Gjoka"),
        ("Milos/Obradovic", "Miloš/Obradović"),
        ("Милош/Обрадовић", "Miloš/Obradović"),
        ("Miloš/Obradović", "Милош/Обрадовић"),
        ("МИЛОШ/ОБРАДОВИЋ", "Miloš/Obradović"),
        ("Djordje/Djokic", "Đorđe/Đokić"),
        ("Dorde/Dokic", "Đorđe/Đokić"),
        ("Ђорђе/Ђокић", "Djordje/Djokic"),
        ("Djura/Djurisic", "Đura/Đurišić"),
        ("Zeljko/Zivkovic", "Željko/Živković"),
        ("Жељко/Живковић", "Željko/Živković"),
        ("Ljiljana/Njegus", "Љиљана/Његуш"),
        ("Dženana/Hodžić", "Xhenana/Hoxhiç"),
        ("Dzenana/Hodzic", "Dženana/Hodžić"),
        ("Џенана/Хоџић", "Dženana/Hodžić"),
        ("Šaban/Šala", "Shaban/Shala"),
        ("Saban/Sala", "Šaban/Šala"),
        ("Bljerim/Bašota", "Bljerim/Bashota"),
        ("Đon/Đoka", "Gjon/Gjoka"),
        ("Žarko/Rožaj", "Zharko/Rozhaj"),
        ("Çamil/Açkar", "Čamil/Ačkar"),
        ("Şaban/Işık", "Šaban/Işik"),
        ("Krasniqi/Arta", "Arta/Krasniqi"),
        ("Јовановић/Јована", "Jovana/Jovanović"),
        ("Ana Marija/Ilić", "Ana-Marija/Ilić"),
        ("Anamarija/Ilić", "Ana-Marija/Ilić"),
        ("Ana–Marija/Ilić", "Anamarija/Ilić"),
        ("Ana/Ilić", "Ana-Marija/Ilić"),
        ("Marija/Ilić", "Ana Marija/Ilić"),
        ("Arta Besim/Krasniqi", "Arta/Krasniqi"),
        ("Arta B./Krasniqi", "Arta/Krasniqi"),
        ("Arta/Besim Krasniqi", "Arta/Krasniqi"),
        ("Arta/Krasniqi  Berisha", "Arta/Krasniqi-Berisha"),
        ("Arta/Krasniqiberisha", "Arta/Krasniqi-Berisha"),
        ("Arta/Krassniqi", "Arta/Krasniqi"),
        ("Hasan/Mustaffa", "Hassan/Mustafa"),
        ("D’Angelo/Rossi", "DAngelo/Rossi"),
        ("Arta/Krasniqi", "ARTA /  KRASNIQI"),
    ],
)
def test_one_person_in_several_spellings(typed: str, registered: str) -> None:
    assert same_name(name(typed), name(registered))


@pytest.mark.parametrize(
    ("typed", "registered"),
    [
        ("Arben/Krasniqi", "Arta/Krasniqi"),
        ("Arta/Berisha", "Arta/Krasniqi"),
        ("Art/Krasniqi", "Arta/Krasniqi"),
        ("Arta/Krasnici", "Arta/Krasniqi"),
        ("Atra/Krasniqi", "Arta/Krasniqi"),
        ("Jovan/Jovanović", "Jovana/Jovanović"),
        ("Јован/Јовановић", "Јована/Јовановић"),
        ("Milan/Ilić", "Milana/Ilić"),
        ("Sala/Berisha", "Shala/Berisha"),
        ("Don/Gjoka", "Gjon/Gjoka"),
        ("Krasniqi/Krasniqi", "Arta/Krasniqi"),
        ("Arta/Arta", "Arta/Krasniqi"),
        ("Arta/Krasniqi", "Arta/Krasniqi-Berisha"),
        ("Arta Vesa Drita/Krasniqi", "Arta/Krasniqi"),
        ("Besim/Krasniqi", "Arta/Krasniqi"),
        ("Arrtta/Krasniqi", "Arta/Krasniqi"),
        ("Arta/", "Arta/Krasniqi"),
        ("/", "Arta/Krasniqi"),
        ("Arta/Krasniqi", "/"),
        ("-/'", "-/'"),
    ],
)
def test_another_person(typed: str, registered: str) -> None:
    assert not same_name(name(typed), name(registered))


LATIN = "abcčćdđefghijklmnoprsštuvzžëçqxy"
WORDS = st.text(LATIN, min_size=2, max_size=12)
NAMES = st.tuples(WORDS, WORDS)


@given(NAMES)
def test_case_order_and_marks_change_nothing(registered: Name) -> None:
    first, last = registered
    assert same_name((first.upper(), last.title()), registered)
    assert same_name((last, first), registered)
    plain = str.maketrans("čćšžëç", "ccszec")
    assert same_name((first.translate(plain), last.translate(plain)), registered)


SERBIAN = (
    *(
        "a",
        "b",
        "v",
        "g",
        "d",
        "đ",
        "e",
        "ž",
        "z",
        "i",
        "j",
        "k",
        "l",
        "lj",
        "m",
        "n",
        "nj",
        "o",
        "p",
        "r",
        "s",
    ),
    *("t", "ć", "u", "f", "h", "c", "č", "dž", "š"),
)
CYRILLIC = dict(zip(SERBIAN, "абвгдђежзијклљмнњопрстћуфхцчџш", strict=True))


@given(st.lists(st.sampled_from(SERBIAN), min_size=2, max_size=10), WORDS)
def test_either_script_is_one_name(sounds: list[str], last: str) -> None:
    latin, cyrillic = "".join(sounds), "".join(CYRILLIC[sound] for sound in sounds)
    assert same_name((cyrillic, last), (latin, last))
    assert same_name((latin.upper(), last), (cyrillic.upper(), last))


@given(NAMES, NAMES)
def test_what_two_names_are_to_each_other_does_not_depend_on_the_order(one: Name, other: Name) -> None:
    assert same_name(one, other) is same_name(other, one)


PLAIN = st.text("abdeikmnortuv", min_size=3, max_size=10)


@given(PLAIN, WORDS, st.integers(0, 9))
def test_a_letter_left_out_is_another_name_unless_it_was_doubled(first: str, last: str, place: int) -> None:
    place %= len(first)
    shorter = first[:place] + first[place + 1 :]
    doubled = first[place] in (first[place - 1 : place], first[place + 1 : place + 2])
    assume({first, shorter}.isdisjoint(spellings(last)))
    assert same_name((shorter, last), (first, last)) is doubled


@given(PLAIN, PLAIN, WORDS)
def test_other_letters_are_another_person(first: str, other: str, last: str) -> None:
    assume(set(first) != set(other))
    assume(abs(len(first) - len(last)) > 1)
    assume(abs(len(other) - len(last)) > 1)
    assert not same_name((other, last), (first, last))


@given(st.text(max_size=30), st.text(max_size=30), NAMES)
def test_whatever_is_typed_is_compared(first: str, last: str, registered: Name) -> None:
    same_name((first, last), registered)
    same_name(registered, (first, last))
