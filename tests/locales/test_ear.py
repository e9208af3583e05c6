from __future__ import annotations

import csv
from pathlib import Path

import pytest

import locales.ear
from bot.services.appliances import catalogue
from dialogs.book import book
from dialogs.engine.book import Offered
from dialogs.engine.text import Phrase, Text, _, verbatim
from dialogs.register import Consent
from locales.ear import Ear, fold
from locales.languages import LANGUAGES
from locales.speaker import Speaker

EAR = Ear()
OFFERED = [
    verbatim(name) for name in ("Frigorifer", "Frižider", "Mašina za veš", "Lavatriçe", "Bojler 50-80 l")
]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Ndihmë!! ", "ndihme"),
        ("ÇËLËS", "celes"),
        ("Mašina  za VEŠ", "masina za ves"),
        ("Машина за веш", "masina za ves"),
        ("uređaj", "uredaj"),
        ("uredjaj", "uredaj"),
        ("уређај", "uredaj"),
        ("📺 TV", "tv"),
        ("❄️ Klima", "klima"),
        ("s’kam", "skam"),
        ("ﬁksna", "fiksna"),
        ("4/02", "4 02"),
        ("👍", ""),
    ],
)
def test_folding_forgets_case_marks_script_emoji_and_punctuation(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("frigorifer", 0),
        ("FRIŽIDER", 1),
        ("фрижидер", 1),
        ("masina za ves", 2),
        ("lavatrice", 3),
        ("tv", None),
    ],
)
def test_a_label_is_matched_however_it_is_typed(typed: str, index: int | None) -> None:
    assert EAR.match(typed, OFFERED) == index


def test_a_label_is_matched_in_any_language() -> None:
    labels = [Phrase(_("Help")), Phrase(_("Cancel"))]

    assert [EAR.match(word, labels) for word in ("ndihme", "Pomoć", "помоћ", "help")] == [0, 0, 0, 0]
    assert EAR.match("otkazi", labels) == 1


def test_of_two_scripts_the_one_that_is_written_is_meant() -> None:
    tongues = [verbatim("Srpski"), verbatim("Српски")]
    assert EAR.match("srpski", tongues) == 0
    assert EAR.match("СРПСКИ", tongues) == 1


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        *(("srpski", "sr"), ("Srpski!", "sr"), ("na srpskom", "sr"), ("serbisht", "sr")),
        *(("Српски", "sr_Cyrl"), ("на српском", "sr_Cyrl"), ("ћирилица", "sr_Cyrl"), ("cirilica", "sr_Cyrl")),
        *(("shqip", "sq"), ("шћип", None), ("engleski", "en"), ("енглески", "en"), ("албански", "sq")),
    ],
)
def test_a_language_is_named_in_any_language_and_serbian_in_its_script(
    typed: str, language: str | None
) -> None:
    assert EAR.command(typed) == language


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "s'pajtohem",
            "S’pajtohem",
            "s' pajtohem",
            "spajtohem",
            "nuk pajtohem",
            "jo pajtohem",
            "nukpajtohem",
        ),
        *("ne slazem se", "neslažem se", "не слажем се", "nisam saglasan", "necu da se slozim"),
        *("i do not agre", "I dont agree", "i don't agree", "not agree", "never agree", "I disagre"),
    ],
)
def test_a_guess_never_makes_a_yes_of_a_no(typed: str) -> None:
    yes, no = (Phrase(answer.label) for answer in Consent)
    assert EAR.match(typed, [yes, no]) != 0
    assert EAR.guess(typed, [yes, no]) != 0
    assert EAR.guess(typed, [yes]) is None


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("Mirëdita, sa kam borxh?", "sa kam borxh?"),
        ("a mundem me pagu ketu", "pagu"),
        ("Mogu li da vidim račun, molim vas!", "račun,"),
        ("могу ли да платим овде?", "платим"),
        ("Hello! Could you please show me my last bill", "my last bill"),
        ("thanks, pay", "pay"),
        ("DPR 6687 please", "DPR 6687"),
        ("please 12,50", "12,50"),
        ("my bill", ""),
        ("Hello", ""),
        ("please, please!", ""),
        ("", ""),
        ("?!", ""),
        ("- hello - pay !", "pay"),
    ],
)
def test_what_is_meant_is_what_politeness_stands_around(typed: str, bare: str) -> None:
    assert EAR.bare(typed) == bare


def test_what_fits_two_labels_matches_neither() -> None:
    assert EAR.match("tv", [verbatim("TV"), verbatim("tv!")]) is None


@pytest.mark.parametrize("typed", ["", "  ", "👍", "!!!"])
def test_no_words_match_nothing(typed: str) -> None:
    assert EAR.match(typed, [verbatim(""), verbatim("👍")]) is None
    assert EAR.guess(typed, OFFERED) is None


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("frizhider", 1),
        ("frigorifér", 0),
        ("frigorier", 0),
        ("masina za vess", 2),
        ("veš mašina", 2),
        ("bojler", 4),
        ("lavatrica", 3),
    ],
)
def test_typos_are_guessed(typed: str, index: int | None) -> None:
    assert EAR.guess(typed, OFFERED) == index


@pytest.mark.parametrize(
    "typed", ["nuk kam frigorifer", "fri", "pershendetje", "50", "kur vjen rryma", "stop"]
)
def test_what_is_doubtful_is_not_guessed(typed: str) -> None:
    assert EAR.guess(typed, OFFERED) is None


def test_a_whole_label_goes_before_a_part_of_another() -> None:
    assert EAR.guess("frizider", [verbatim("Stari frižider"), verbatim("Frižider")]) == 1


@pytest.mark.parametrize("language", ["sq", "sr", "sr_Cyrl", "en"])
@pytest.mark.parametrize(
    ("label", "command"),
    [
        ("Back", "back"),
        ("Help", "help"),
        ("Cancel", "cancel"),
        ("Main menu", "menu"),
        ("Language", "language"),
    ],
)
def test_what_stands_on_a_control_button_can_be_typed(language: str, label: str, command: str) -> None:
    assert EAR.command(Speaker(language).plain(Phrase(Text(label)))) == command


def test_nothing_is_guessed_between_two_that_are_as_likely() -> None:
    assert EAR.guess("sijalica", [verbatim("LED sijalica"), verbatim("Stara sijalica")]) is None


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("ndihmë", "help"),
        ("Ndihme!", "help"),
        ("mbrapa", "back"),
        ("kthehu", "back"),
        ("anulo", "cancel"),
        ("nderprit", "cancel"),
        ("menyja", "menu"),
        ("gjuha", "language"),
        ("gati", "done"),
        ("pomoć", "help"),
        ("помоћ", "help"),
        ("pomoc", "help"),
        ("nazad", "back"),
        ("otkaži", "cancel"),
        ("откажи", "cancel"),
        ("meni", "menu"),
        ("jezik", "language"),
        ("gotovo", "done"),
        ("help", "help"),
        ("/help", "help"),
        ("/help@ekesco_bot", "help"),
        ("?", "help"),
        ("Back", "back"),
        ("STOP", "cancel"),
        ("start", "menu"),
        ("language", "language"),
        ("done", "done"),
        ("link", None),
        ("help my neighbour", None),
        ("", None),
        ("/", None),
    ],
)
def test_control_words_are_heard_in_every_language(typed: str, command: str | None) -> None:
    assert EAR.command(typed) == command


def test_no_word_stands_for_two_commands() -> None:
    with Path(locales.ear.__file__).with_name("commands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    meanings: dict[str, set[str]] = {}
    for row in rows:
        for word in row["words"].split(";"):
            meanings.setdefault(fold(word) or word.strip(), set()).add(row["command"])

    assert [word for word, commands in meanings.items() if len(commands) > 1] == []
    commands = ("help", "back", "cancel", "menu", "language", "done", "keep", "no", "hello", "thanks")
    assert {(row["command"], row["language"]) for row in rows} == {
        (command, language) for command in (*commands, *LANGUAGES) for language in ("sq", "sr", "en")
    }


def test_of_two_that_differ_in_script_the_texts_own_is_meant() -> None:
    languages = [verbatim("Srpski"), verbatim("Српски")]

    assert EAR.match("srpski", languages) == 0
    assert EAR.match("СРПСКИ", languages) == 1


def test_what_goes_by_several_names_does_not_compete_with_itself() -> None:
    offered: list[Offered] = [(verbatim("procena računa"), verbatim("procena mog računa")), verbatim("jezik")]

    assert EAR.match("procena racuna", offered) == 0
    assert EAR.guess("procena svog računa", offered) == 0


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("shporeti", "electric_stove"),
        ("šporet na struju", "electric_stove"),
        ("шпорет", "electric_stove"),
        ("frizhideri", "refrigerator"),
        ("fridge", "refrigerator"),
        ("frizer", "freezer"),
        ("lavatriqja", "washing_machine"),
        ("makina e rrobave", "washing_machine"),
        ("ves masina", "washing_machine"),
        ("sudomasina", "dishwasher"),
        ("makina e eneve", "dishwasher"),
        ("klima", "air_conditioner"),
        ("boiler", "water_heater"),
        ("bojleri", "water_heater"),
        ("fshesa", "vacuum_cleaner"),
        ("usisivac", "vacuum_cleaner"),
        ("hekuri", "iron"),
        ("peglla", "iron"),
        ("tv", "television"),
        ("termopeq", "thermal_storage_heater"),
        ("ТА пећ", "thermal_storage_heater"),
        ("wifi", "router"),
        ("drita", "led_bulb"),
        ("sijalice", "led_bulb"),
    ],
)
def test_an_appliance_goes_by_what_people_call_it(typed: str, key: str) -> None:
    labels = [Phrase(Text(appliance.name)) for appliance in catalogue()]
    found = EAR.match(typed, labels)
    if found is None:
        found = EAR.guess(typed, labels)

    assert found is not None
    assert catalogue()[found].key == key


def test_other_words_belong_to_one_message_that_is_said_and_to_no_command() -> None:
    rows = list(locales.ear.table("synonyms.csv"))
    meanings: dict[str, set[str]] = {}
    for message, word in rows:
        meanings.setdefault(fold(word), set()).add(message)
    titles = [entrance.dialog.title for entrance in book(EAR).entrances]
    agrees = [Phrase(answer.label) for answer in Consent]
    labels = [*(Phrase(Text(appliance.name)) for appliance in catalogue()), *map(Phrase, titles), *agrees]

    assert {message for message, _word in rows} <= {label.text.msgid for label in labels}
    assert [word for word, messages in meanings.items() if len(messages) > 1] == []
    assert [word for word in meanings if EAR.match(word, labels) is None or EAR.command(word)] == []


@pytest.mark.parametrize(
    "typed",
    ["dy", "një", "dva", "two", "gjysma", "pola", "natën", "kurrë"],
)
def test_what_may_answer_a_question_is_no_control_word(typed: str) -> None:
    assert EAR.command(typed) is None


def test_what_a_sentence_may_be_about_is_in_the_menu_and_written_as_it_is_compared() -> None:
    titles = {entrance.dialog.title.msgid for entrance in book(EAR).entrances}
    rows = list(locales.ear.table("gists.csv"))
    assert {message for message, _stems in rows} <= titles
    assert [stems for _message, stems in rows if fold(stems) != stems] == []
