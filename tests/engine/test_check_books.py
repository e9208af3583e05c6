"""Every wrong way between the dialogs of a book, made once on purpose."""

from __future__ import annotations

from dataclasses import replace

from typer.testing import CliRunner

from bot.cli import app
from dialogs.book import book
from dialogs.engine.book import Book, Entrance
from dialogs.engine.check.books import book_problems
from dialogs.engine.steps import Dialog, End
from dialogs.engine.text import _, _l
from tests.engine.talk import Aid, Hello, Menu, Weather, book_of
from tests.talk.words import EAR


def test_our_book_has_no_problems() -> None:
    assert book_problems(book(EAR)) == []


def test_the_command_looks_at_the_dialogs_and_at_the_ways_between_them() -> None:
    told = CliRunner().invoke(app, ["check"])
    assert told.exit_code == 0
    assert told.output.endswith("dialogs, 0 problems\n")


class First(Dialog):
    title = _l("The first one")
    done = End(_("Done."), starts=("Second",))


class Second(Dialog):
    title = _l("The second one")
    done = End(_("Done."), starts=("Third",))


class Third(Dialog):
    title = _l("The third one")
    done = End(_("Done."), menu="main")


def chained() -> Book:
    """One dialog is in the menu, and leads to the others one after the other."""
    return book_of(First, Second, Third, menus={"main": (First, Weather)})


def test_dialogs_that_ends_lead_to_are_started() -> None:
    assert book_problems(chained()) == []


def test_a_dialog_that_nothing_starts() -> None:
    alone = book_of(Second, Third, menus={"main": (Weather,)})
    assert book_problems(alone) == [
        "Second: no menu, no words and no End start it",
        "Third: no menu, no words and no End start it",
    ]
    assert book_problems(replace(alone, said=(Second,))) == []


def test_what_every_book_has_needs_no_other_way_to_it() -> None:
    assert {dialog.__name__ for dialog in (Hello, Menu, Aid, Weather)} <= book_of().dialogs.keys()
    assert book_problems(book_of()) == []


class Lost(Dialog):
    title = _l("A lost one")
    done = End(_("Done."), starts=("Nowhere", "Lost", "Lost"))
    late = End(_("Done."), menu="nobody's")
    both = End(_("Done."), menu="main", starts=("Lost",))


def test_ends_that_lead_to_what_there_is_not() -> None:
    assert book_problems(book_of(Lost)) == [
        "Lost.done: it starts Nowhere, which is no dialog of the book",
        "Lost.done: it starts Lost more than once",
        "Lost.late: it shows the menu nobody's, which there is not",
        "Lost.both: it shows a menu, so what it starts is never offered",
    ]


def test_a_menu_or_words_for_a_dialog_that_is_not_in_the_book() -> None:
    whole = chained()
    some = {name: dialog for name, dialog in whole.dialogs.items() if dialog is not First}
    assert book_problems(replace(whole, dialogs=some, said=(First,)))[:2] == [
        "the menu main names First, which is no dialog of the book",
        "what can be said names First, which is no dialog of the book",
    ]


class Other(Dialog):
    """Goes by the name of another."""

    title = _l("Another one")
    done = End(_("Done."))


Other.__name__ = "First"


def test_a_menu_for_another_dialog_of_the_same_name() -> None:
    whole = chained()
    menus = {"main": (*whole.menus["main"], Entrance(Other))}
    assert book_problems(replace(whole, menus=menus)) == [
        "the menu main names First, which is no dialog of the book"
    ]


def test_a_menu_that_no_end_shows() -> None:
    whole = chained()
    menus = {**whole.menus, "secret": (Entrance(First),)}
    assert book_problems(replace(whole, menus=menus)) == ["the menu secret: no End shows it"]


class Rival(Dialog):
    title = _l("A rival")
    starts_on = (_("the FIRST one"), _("a rival"))
    done = End(_("Done."))


def test_words_that_would_start_two_dialogs() -> None:
    told = book_problems(book_of(First, Second, Third, Rival))
    assert told == ["“the first one” would start both First and Rival"]
