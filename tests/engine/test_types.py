"""A wrongly wired dialog does not even pass the type checker."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).resolve().parents[2]
HEAD = """\
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from dialogs.engine.pages import Page
from dialogs.engine.steps import *
from dialogs.engine.text import Phrase, _, verbatim


class Size(Choice):
    SMALL = _("Small")
    LARGE = _("Large")


@dataclass(frozen=True)
class Found:
    name: str


@dataclass(frozen=True)
class Unknown:
    pass


def text_as_is(text: str) -> str | Bad:
    return text


def a_number(text: str) -> int | Bad:
    return int(text)


async def look_up(turn: Context, words: str) -> Found | Unknown:
    return Unknown()


async def count(turn: Context, n: int) -> int:
    return n


def half(n: int) -> int:
    return n // 2


def name_of(found: Found) -> str:
    return found.name


def pair(words: str, n: int) -> str:
    return words * n


def lines_of(words: str) -> tuple[Phrase, ...]:
    return (verbatim(words),)


def several(words: str) -> tuple[str, ...]:
    return (words, words)


def counted(many: tuple[str, ...]) -> int:
    return len(many)


def numbers_of(words: str) -> tuple[int, ...]:
    return (1, 2)


def key_of(words: str) -> str:
    return words


async def try_it(turn: Context, typed: str, words: str) -> Found | Unknown:
    return Unknown()


async def take(turn: Context, typed: Mapping[str, str]) -> Found | Unknown:
    return Unknown()


WORDS = Reader(text_as_is)
NUMBER = Reader(a_number)
THINGS = (Entry("lamp", "lamp", verbatim("Lamp")),)
PAGE = Page("page", _("A page"), _("Here."), _("Go on"), _("Done."))


class Row(Dialog):
    thing = Param[str]()
    n = Ask(NUMBER, _("How many?"), label=_("Number"))


class Checked(Dialog):
    words = Ask(WORDS, _("Who?"), label=_("Name"))
    n = Ask(NUMBER, _("How many?"))
    size = Choose(Size, _("How big?"))
    found = Do(look_up, words)
    asked = Do(look_up, words, rejects={Unknown: (words, _("No."))})
    things = Pick(THINGS, _("Which?"))
    numbers = Pick((Entry("one", 1, verbatim("One")),), _("Which?"))
    cut = Let(half, n)
    code = Check(WORDS, _("Code?"), try_it, words, rejects={Unknown: _("No.")})
    page = Form(PAGE, _("A page."), take, refuses={Unknown: Refuse(_("No."))}, button=_("Open"))
    came = Await((Found, Unknown), _("I wait."))
    one = Select(Let(several, words), _("Which?"), key=key_of, show=verbatim)
    many = SelectMany(Let(several, words), _("Which?"), key=key_of, show=verbatim)
"""
RIGHT = {
    "a service is handed what it takes": "x = Do(count, n)",
    "a value worked out is as good as an answer": "x = Do(count, cut)",
    "a case is of the narrower type": "x = Let(name_of, found.case(Found))",
    "an assumed answer is of the question's type": "x = Ask(NUMBER, _('?'), default=cut, usual=(1, 2))",
    "branches of one type meet": "x = Let(half, Either(n, cut))",
    "a row is handed its item": "x = Each(Row.n, of=things, item=Row.thing, about=_('?'), label=_('?'))",
    "a review's body is phrases": "x = Review(_('?'), words, body=Let(lines_of, words))",
    "a check is worth what its service returns": "x = Let(name_of, code.case(Found))",
    "a page is worth what its service returns": "x = Let(name_of, page.case(Found))",
    "what was awaited is one of what could come": "x = Let(name_of, came.case(Found))",
    "what was chosen of a list is one of its things": "x = Do(look_up, one)",
    "what was ticked of a list is several of its things": "x = Let(counted, many)",
    "typical ticks are keys": "x = Pick(THINGS, _('?'), typical=Let(several, words))",
    "an answer is shown more exactly in words": "x = Review(_('?'), size, page, one, exact={size: words})",
    "a fact grows old in a while": "x = Do(look_up, words, fresh_for=timedelta(hours=1))",
}
WRONG = {
    "a service that takes a number is handed words": "x = Do(count, words)",
    "a service is handed too little": "x = Do(count)",
    "a service is handed too much": "x = Do(look_up, words, n)",
    "a service is handed a choice for words": "x = Do(look_up, size)",
    "what may be unknown is used as if it were found": "x = Let(name_of, found)",
    "the wrong case is used": "x = Let(name_of, found.case(Unknown))",
    "a function is handed its values in the wrong order": "x = Let(pair, n, words)",
    "an assumed answer of another type": "x = Ask(NUMBER, _('?'), default=words)",
    "usual answers of another type": "x = Ask(NUMBER, _('?'), usual=('one', 'two'))",
    "branches of different types meet": "x = Let(half, Either(n, words))",
    "words in place of a message": "x = Ask(WORDS, 'Who?')",
    "a question among plain strings": "x = Choose(('a', 'b'), _('?'))",
    "a row is handed an item of another type": (
        "x = Each(Row.n, of=numbers, item=Row.thing, about=_('?'), label=_('?'))"
    ),
    "a review of what is no answer": "x = Review(_('?'), found)",
    "a review's body is a number": "x = Review(_('?'), words, body=n)",
    "a step that is given a name instead of a step": "x = Say(_('?'), given='words')",
    "a check is used as if it could not be refused": "x = Let(name_of, code)",
    "a page is used as if it could not be refused": "x = Let(name_of, page)",
    "what was awaited is used as if it could be nothing else": "x = Let(name_of, came)",
    "what was chosen of a list is used as a number": "x = Do(count, one)",
    "what was ticked of a list is used as one": "x = Do(look_up, many)",
    "ticks of a list that is no list": "x = SelectMany(words, _('?'), key=key_of, show=verbatim)",
    "rows of what is not always there": (
        "x = Each(Row.n, of=many, item=Row.thing, about=_('?'), label=_('?'))"
    ),
    "a choice of a list that is no list": "x = Select(words, _('?'), key=key_of, show=verbatim)",
    "a choice of a list with keys of another type": (
        "x = Select(Let(numbers_of, words), _('?'), key=key_of, show=verbatim)"
    ),
    "a choice of a list that shows what is no phrase": (
        "x = Select(Let(several, words), _('?'), key=key_of, show=key_of)"
    ),
    "typical ticks that are no keys": "x = Pick(THINGS, _('?'), typical=Let(numbers_of, words))",
    "a button that answers what is no choice": "x = Switch(_('?'), words, 'SMALL')",
    "a button that forgets a name": "x = Redo(_('?'), ('words',))",
    "a link to nowhere": "x = Link(_('?'))",
    "a refusal that is no message": "x = Refuse('No.')",
    "an answer shown more exactly by a number": "x = Review(_('?'), words, exact={words: n})",
    "a fact that grows old in a number": "x = Do(look_up, words, fresh_for=60)",
    "an end that starts dialogs instead of their names": "x = End(_('?'), starts=(Row,))",
    "a page without a page": "x = Form('page', _('?'), take, refuses={}, button=_('?'))",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What the type checker says of every line, all of them in one run."""
    folder = tmp_path_factory.mktemp("wiring")
    snippet = folder / "wiring.py"
    snippet.write_text(HEAD + _body(), "utf-8")
    config, cache = str(ROOT / "pyproject.toml"), str(folder / "cache")
    plainly = ("--no-pretty", "--hide-error-context", "--no-error-summary")
    out, err, _status = api.run(
        [str(snippet), "--strict", "--config-file", config, "--cache-dir", cache, *plainly]
    )
    assert not err
    rows = (line.removeprefix(str(snippet)).split(":", 2) for line in out.splitlines() if " error: " in line)
    return {int(number): words for _path, number, words in rows}


def _body() -> str:
    return "".join(f"    {line.replace('x = ', f'x{n} = ', 1)}\n" for n, line in enumerate(_lines()))


def _lines() -> list[str]:
    return [*RIGHT.values(), *WRONG.values()]


def _number(line: str) -> int:
    return HEAD.count("\n") + 1 + _lines().index(line)


@pytest.mark.parametrize("line", RIGHT.values(), ids=RIGHT.keys())
def test_the_type_checker_accepts(complaints: dict[int, str], line: str) -> None:
    assert complaints.get(_number(line)) is None


@pytest.mark.parametrize("line", WRONG.values(), ids=WRONG.keys())
def test_the_type_checker_refuses(complaints: dict[int, str], line: str) -> None:
    assert _number(line) in complaints


def test_the_type_checker_complains_of_nothing_else(complaints: dict[int, str]) -> None:
    assert {n: words for n, words in complaints.items() if n <= HEAD.count("\n")} == {}
