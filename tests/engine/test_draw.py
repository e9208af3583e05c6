"""Drawings show every step and every way, in forms that other programs read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

import pytest

from dialogs.book import DIALOGS, ROWS
from dialogs.engine.draw.chart import chart
from dialogs.engine.draw.formats import mermaid, svg_of
from dialogs.engine.draw.layout import lay_out
from dialogs.engine.draw.measure import text_width, wrapped
from dialogs.engine.pages import Page
from dialogs.engine.steps import (
    Ask,
    Await,
    Bad,
    Check,
    Choice,
    Choose,
    Context,
    Dialog,
    Do,
    End,
    Form,
    Let,
    Reader,
    Redo,
    Refuse,
    Review,
    Select,
)
from dialogs.engine.text import _, verbatim
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.welcome import Welcome

EVERY = [*DIALOGS, *ROWS]


def as_is(text: str) -> str | Bad:
    return text


class Size(Choice):
    SMALL = _("Small")
    LARGE = _("Large <XL>")


@dataclass(frozen=True)
class Found:
    name: str


@dataclass(frozen=True)
class Unknown:
    pass


async def look_up(turn: Context, words: str) -> Found | Unknown:
    return Unknown()


class Marks(Dialog):
    """Signs that <b>mean</b> something & "elsewhere"."""

    size = Choose(Size, _('Is <b>"A & B"</b> #1 {big} [or | not]?'), label=_("Size"))
    words = Ask(Reader(as_is), _("Who?"), given=size.case(Size.LARGE), redo=(Redo(_("All again")),))
    found = Do(look_up, words, rejects={Unknown: (words, _("No."))}, attempts=2)
    asked = Review(_("Right?"), size, given=size)
    end = End(_("Done."), given=found)


# -- Mermaid -------------------------------------------------------------------------------------------


def test_mermaid_names_every_way_by_what_decided_it() -> None:
    drawn = mermaid(Welcome)
    assert drawn.startswith("---\ntitle: Welcome\n---\nflowchart TD\n")
    assert '    s_what -->|"Next"| s_how' in drawn
    assert '    s_what -->|"Skip"| s_ready' in drawn
    assert "    s_trust --> s_ready" in drawn


def test_mermaid_shows_what_was_worked_out() -> None:
    assert re.search(r's_count -->\|"question is \w+"\| s_times', mermaid(ApplianceUse))


class Later(Dialog):
    size = Choose(Size, _("How big?"))
    again = Choose(Size, _("Sure?"))
    small = End(_("Small."), given=size.case(Size.SMALL))
    other = End(_("Other."))


def test_mermaid_names_what_was_decided_before() -> None:
    assert '    s_again -->|"size is Small"| s_small' in mermaid(Later)
    assert "    s_again --> s_other" in mermaid(Later)


def test_mermaid_dashes_what_leads_back() -> None:
    assert '    s_result -.->|"Start again"| s_day' in mermaid(EstimateBill)
    assert '    s_found -.->|"Unknown, at most 2 times"| s_words' in mermaid(Marks)
    assert '    s_words -.->|"All again"| s_size' in mermaid(Marks)


def test_mermaid_is_not_misled_by_marks_in_texts() -> None:
    line = next(line for line in mermaid(Marks).splitlines() if line.startswith("    s_size{{"))
    assert line == '    s_size{{"size<br>Is #34;A #38; B#34; #35;1 #123;big#125; #91;or #124; not#93;?"}}'


@pytest.mark.parametrize("dialog", EVERY)
def test_mermaid_links_only_what_it_has_boxes_for(dialog: type[Dialog]) -> None:
    lines = mermaid(dialog).splitlines()[4:]
    arrows = [line.split() for line in lines if "-->" in line or "-.->" in line]
    boxes = {m[1] for line in lines if (m := re.match(r"    (s_\w+)[\[({>]", line))}
    assert {name for arrow in arrows for name in (arrow[0], arrow[-1])} <= boxes
    assert {f"s_{step.name}" for step in dialog.steps} <= boxes


PAGE = Page("page", _("A page"), _("Type it."), _("Go on"), _("Thanks."))


async def try_words(turn: Context, typed: str, words: str) -> Found | Unknown:
    return Unknown()


async def take_page(turn: Context, typed: Mapping[str, str]) -> Found | Unknown:
    return Unknown()


def letters(words: str) -> tuple[str, ...]:
    return tuple(words)


class Takes(Dialog):
    """What services take at once."""

    words = Ask(Reader(as_is), _("Who?"))
    code = Check(
        Reader(as_is),
        _("The code of {words}?"),
        try_words,
        words,
        rejects={Unknown: _("No.")},
        redo=(Redo(_("Somebody else"), (words,), opens=True),),
    )
    page = Form(PAGE, _("On a page."), take_page, refuses={Unknown: Refuse(_("No."))}, button=_("Open"))
    one = Select(Let(letters, words), _("Which one?"), key=str, show=verbatim)
    came = Await((Found, Unknown), _("I wait for it."))
    found = End(_("There it is."), given=came.case(Found))
    other = End(_("There it is not."))


def test_mermaid_shows_what_services_take_and_refuse() -> None:
    drawn = mermaid(Takes)
    assert '    s_code[/"code<br>The code of #123;words#125;?"/]' in drawn
    assert '    s_page[/"page<br>On a page."/]' in drawn
    assert '    s_one{{"one<br>Which one?"}}' in drawn
    assert '    s_came{{"came<br>I wait for it."}}' in drawn
    assert '    s_code -.->|"Unknown"| s_code' in drawn
    assert '    s_code -.->|"Somebody else"| s_words' in drawn
    assert '    s_came -->|"Found"| s_found' in drawn
    assert '    s_came -->|"Unknown"| s_other' in drawn


def test_every_kind_of_box_has_its_word() -> None:
    told = {box.name: box.look.value for box in chart(Takes).boxes}
    assert told["code"] == "asks and checks"
    assert told["page"] == "page to fill in"
    assert told["one"] == "one of several"
    assert told["came"] == "waits for"


# -- SVG -----------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("dialog", [*EVERY, Marks, Takes])
def test_the_picture_is_whole_and_needs_nothing_beside_it(dialog: type[Dialog]) -> None:
    picture = ElementTree.fromstring(svg_of(dialog))
    words = [text.text for text in picture.iter(f"{SVG}text")]
    assert {step.name for step in dialog.steps} <= set(words)
    assert picture.findtext(f"{SVG}title") == dialog.__name__
    assert not {"image", "script", "style", "foreignObject"} & {
        e.tag.removeprefix(SVG) for e in picture.iter()
    }


def test_the_picture_is_told_in_words_too() -> None:
    told = ElementTree.fromstring(svg_of(Welcome)).findtext(f"{SVG}desc")
    assert told
    assert "what to how (Next)" in told


@pytest.mark.parametrize("dialog", EVERY)
def test_no_box_covers_another_and_all_are_on_the_page(dialog: type[Dialog]) -> None:
    layout = lay_out(chart(dialog))
    for one, other in combinations(layout.cards, 2):
        beside = abs(one.x - other.x) >= (one.width + other.width) / 2
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    for card in layout.cards:
        assert card.width / 2 <= card.x <= layout.width - card.width / 2
        assert card.y + card.height <= layout.height
    points = [point for line in layout.lines for point in line.points]
    assert all(0 < x < layout.width and 0 < y < layout.height for x, y in points)


@pytest.mark.parametrize("dialog", EVERY)
def test_arrows_on_lead_downwards_and_arrows_back_keep_to_their_lanes(dialog: type[Dialog]) -> None:
    layout = lay_out(chart(dialog))
    right = max(card.x + card.width / 2 for card in layout.cards)
    for line in layout.lines:
        heights = [y for _x, y in line.points]
        assert heights == sorted(heights) or line.arrow.back
        assert not line.arrow.back or max(x for x, _y in line.points) > right
    lanes = [line.points[1][0] for line in layout.lines if line.arrow.back]
    assert len(lanes) == len(set(lanes))


def test_words_are_wrapped_to_the_width_and_cut_after_the_last_line() -> None:
    lines = wrapped("one two three four five six seven eight nine ten eleven twelve", 13, 120, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(text_width(line, 13) <= 120 for line in lines)
    assert wrapped("a" * 200, 13, 120, 2)[0].endswith("…")
