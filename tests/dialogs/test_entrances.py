"""Everything that is said to start a dialog starts it, in every language and script."""

from __future__ import annotations

import pytest

from dialogs.book import book
from dialogs.engine.book import Entrance
from dialogs.engine.hearing import Command, Lost, Start, understand
from dialogs.engine.text import Phrase, Text
from locales.ear import Ear
from locales.languages import LANGUAGES
from locales.speaker import Speaker

BOOK = book(Ear())
SPOKEN = [
    (entrance, text)
    for entrance in BOOK.entrances
    for text in (entrance.dialog.title, *entrance.dialog.starts_on)
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("entrance", "text"), SPOKEN)
def test_every_phrase_starts_its_dialog(language: str, entrance: Entrance, text: Text) -> None:
    said = Speaker(language, strict=True).plain(Phrase(text))
    meaning = understand(said, None, None, BOOK)

    command = {BOOK.tongue: "language", BOOK.helpdesk: "help"}.get(entrance.dialog)
    assert meaning == Start(entrance.dialog) or meaning == Command(command or "")


@pytest.mark.parametrize(
    ("said", "dialog"),
    [
        ("pse e kam faturen kaq te larte", "EstimateBill"),
        ("sa do te me vije fatura e rrymes", "EstimateBill"),
        ("cka po harxhon ma se shumti rrymë", "EstimateBill"),
        ("zasto je racun tako visok", "EstimateBill"),
        ("колико ћу платити струју", "EstimateBill"),
        ("why is the bill so high", "EstimateBill"),
        ("ku mund ta gjej aplikacionin", "GetApp"),
        ("gde mi je aplikacija", "GetApp"),
        ("dua te flas me nje person", "Helpdesk"),
        ("zelim razgovarati sa operaterom", "Helpdesk"),
        ("ndrrysho gjuhen", "Tongue"),
        ("sa duhet te paguaj", "LastBill"),
        ("sa kam me pagu", "LastBill"),
        ("faturat e vjetra", "LastBill"),
        ("колико треба да платим", "LastBill"),
        ("stari racuni", "LastBill"),
        ("what do I owe?", "LastBill"),
        ("dua ta paguaj faturen", "Pay"),
        ("du me pagu", "Pay"),
        ("hocu da platim", "Pay"),
        ("уплата", "Pay"),
        ("How can I pay?", "Pay"),
        ("moje brojilo", "Meters"),
        ("njehsori im", "Meters"),
        ("dodaj jos jedno brojilo", "AddMeter"),
        ("sa harxhon bojleri", "EstimateBill"),
        ("bojler mnogo trosi", "EstimateBill"),
        ("why does the boiler cost so much", "EstimateBill"),
        ("s'kam rryme", "PowerCut"),
        ("нема струје", "PowerCut"),
        ("power outage", "PowerCut"),
        ("talk to a human", "Helpdesk"),
        ("promeni mejl", "ChangeEmail"),
        ("mos me dergo njoftime", "Notices"),
        ("povezi viber", "LinkChat"),
        ("Mirëdita, sa kam borxh?", "LastBill"),
        ("a mundem me pagu ketu", "Pay"),
        ("dobar dan, koliko dugujem", "LastBill"),
        ("mogu li da platim ovde?", "Pay"),
        ("Hello! Could you please show me my last bill", "LastBill"),
    ],
)
def test_a_dialog_is_started_in_near_enough_words(said: str, dialog: str) -> None:
    meaning = understand(said, None, None, BOOK)

    assert isinstance(meaning, Start)
    assert meaning.dialog.__name__ == dialog


@pytest.mark.parametrize(
    ("said", "command"), [("ok", "thanks"), ("po", "thanks"), ("👍", "thanks"), ("Ej", "hello")]
)
def test_a_kind_word_where_nothing_is_asked_is_no_question(said: str, command: str) -> None:
    assert understand(said, None, None, BOOK) == Command(command)


@pytest.mark.parametrize(
    ("said", "dialog"),
    [
        ("a mund ta paguaj faturën me kartelë?", "Pay"),
        ("si ta paguaj rrymën", "Pay"),
        ("pse po paguaj kaq shumë", "EstimateBill"),
        ("sa kam me i pagu Keskos", "LastBill"),
        ("Kërkoj faturën e muajit të kaluar", "LastBill"),
        ("krahaso me vitin e kaluar", "LastBill"),
        ("du me e shtu nje shtepi", "AddMeter"),
        ("hiqe njehsorin e vjeter", "UnlinkMeter"),
        ("kush ma sheh faturen", "WhoSees"),
        ("na ka ndal rryma", "PowerCut"),
        ("како да платим струју картицом", "Pay"),
        ("zašto mi je ovoliki račun", "EstimateBill"),
        ("koliko sam potrošio prošli mesec", "LastBill"),
        ("već sam platio račun", "LastBill"),
        ("dodaj moju vikendicu", "AddMeter"),
        ("promenio sam broj", "ChangePhone"),
        ("kad će doći struja", "PowerCut"),
        ("where do I find the bill for last month", "LastBill"),
        ("I would like to pay 20 euros with my card", "Pay"),
        ("who can see my bill", "WhoSees"),
        ("why is everything so dear", "EstimateBill"),
    ],
)
def test_a_whole_sentence_is_understood_by_what_it_is_about(said: str, dialog: str) -> None:
    meaning = understand(said, None, None, BOOK)

    assert isinstance(meaning, Start)
    assert meaning.dialog.__name__ == dialog


@pytest.mark.parametrize("said", ["moti sot", "kako ste spavali", "tell me a joke", "123", "...", "asdf"])
def test_what_is_about_nothing_of_ours_starts_nothing(said: str) -> None:
    assert isinstance(understand(said, None, None, BOOK), Lost)
