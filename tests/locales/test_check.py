from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from locales.check import problems_of_catalogue, problems_of_source
from locales.messages import Source

BILL = "Your bill is <b>{bill.total:money}</b>."


def of_translation(
    source: Source, string: str | tuple[str, ...], catalogue: str = "sr", **more: object
) -> str:
    catalog = Catalog(catalogue, fuzzy=False)
    msgid = (source.msgid, source.plural) if source.plural else source.msgid
    catalog.add(msgid, string, flags=("fuzzy",) if more.get("fuzzy") else ())
    return "\n".join(problems_of_catalogue({source.msgid: source}, catalog, catalogue))


@pytest.mark.parametrize(
    ("string", "problem"),
    [
        ("", "is not translated"),
        ("Vaš račun je <b>{bill.total}</b>.", "placeholders {bill.total}, the English {bill.total:money}"),
        ("Vaš račun je <b>{bill.totl:money}</b>.", "placeholders"),
        ("Vaš račun je <b>mali</b>.", "placeholders none"),
        ("Vaš račun je <b>{bill.total:money}.", "<b> is not closed"),
        ("Vaš račun je </b>{bill.total:money}<b>.", "stands where it cannot"),
        ("Vaš račun je {bill.total:money}.", "other <b> marks"),
        ("Vaš račun je <i>{bill.total:money}</i>.", "other <b> marks"),
        ("Vaš račun je <b>{bill.total:money</b>.", "unmatched '{'"),
        (" Vaš račun je <b>{bill.total:money}</b>.", "begins with other white space"),
        ("Vaš račun je <b>{bill.total:money}</b>.\n", "ends with other white space"),
        ("Vaš račun je <b>{bill.total:money}</b>", "ends with '', the English with '.'"),
    ],
)
def test_a_wrong_translation_is_named(string: str, problem: str) -> None:
    assert problem in of_translation(Source(BILL), string)


def test_a_right_translation_passes() -> None:
    assert of_translation(Source(BILL), "Vaš račun je <b>{bill.total:money}</b>.") == ""


def test_a_fuzzy_translation_is_named() -> None:
    assert "fuzzy" in of_translation(Source("Back"), "Nazad", fuzzy=True)


LINES = Source("One line", "{n} lines")


@pytest.mark.parametrize(
    ("catalogue", "strings", "problem"),
    [
        ("sq", ("Një rresht", "{n} rreshta"), ""),
        ("sq", ("Një rresht", "Shumë rreshta"), "placeholders none"),
        ("sr", ("{n} red", "{n} reda", "{n} redova"), ""),
        ("sr", ("Jedan red", "{n} reda", "{n} redova"), "placeholders none"),
        ("sr", ("{n} red", "{n} reda"), "has 2 plural forms, the language 3"),
        ("sr", ("{n} red", "{n} reda", ""), "is not translated"),
    ],
)
def test_every_plural_form_is_held_to_the_count(
    catalogue: str, strings: tuple[str, ...], problem: str
) -> None:
    found = of_translation(LINES, strings, catalogue)

    assert problem in found
    assert bool(found) is bool(problem)


def test_a_label_is_held_to_thirty_characters_in_every_script() -> None:
    label = Source("Back", label=True)

    assert of_translation(label, "x" * 30, "sq") == ""
    assert "has 31 characters, 30 fit" in of_translation(label, "x" * 31, "sq")
    assert of_translation(Source("Back"), "x" * 31, "sq") == ""
    assert "30 fit" in of_translation(Source("Add {a}", label=True), "{a} " + "x" * 22, "sq")


def test_the_english_is_checked_as_well() -> None:
    assert [*problems_of_source(Source("Pay {bill.total:euros}"))] == [
        "{bill.total:euros} asks for a format that there is not"
    ]
    assert any("not closed" in problem for problem in problems_of_source(Source("<b>Pay")))
    assert [*problems_of_source(Source("y" * 31, label=True))] == ["the label has 31 characters, 30 fit"]


def test_messages_that_are_not_extracted_or_not_said_any_more_are_named() -> None:
    catalog = Catalog("sq", fuzzy=False)
    catalog.add("Old", "I vjetër")

    found = [*problems_of_catalogue({"New": Source("New")}, catalog, "sq")]

    assert found == [
        "sq: 'New' is not extracted yet: run python -m locales.extract",
        "sq: 'Old' is not said any more: run python -m locales.extract",
    ]
