"""All paths of a dialog are found beforehand, and few of them are enough to see everything."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from dialogs.book import DIALOGS, ROWS
from dialogs.engine.check.kinds import label
from dialogs.engine.check.paths import Paths, routes
from dialogs.engine.steps import (
    Ask,
    Bad,
    Choice,
    Choose,
    Context,
    Dialog,
    Do,
    Either,
    End,
    GaveUp,
    Let,
    Reader,
)
from dialogs.engine.text import _


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)


class Way(Choice):
    NORTH = _("North")
    EAST = _("East")
    SOUTH = _("South")
    WEST = _("West")


def taken(dialog: type[Dialog]) -> list[str]:
    return [str(route) for route in routes(dialog)]


class Nine(Dialog):
    """4 to the ninth is 262,144."""

    a = Choose(Way, _("a?"))
    b = Choose(Way, _("b?"), given=a)
    c = Choose(Way, _("c?"), given=b)
    d = Choose(Way, _("d?"), given=a.case(Way.NORTH))
    e = Choose(Way, _("e?"), given=c.case(Way.SOUTH))
    f = Choose(Way, _("f?"), given=Either(d, e, c))
    g = Choose(Way, _("g?"), given=f)
    h = Choose(Way, _("h?"), given=(g, a.case(Way.WEST)))
    i = Choose(Way, _("i?"))
    done = End(_("Done."), given=i)


def test_nine_choices_of_four_are_walked_as_a_handful_of_spots() -> None:
    paths = Paths(Nine)
    assert len(paths.moves) < 60
    assert not paths.ends


def test_a_few_routes_take_every_answer_of_every_question() -> None:
    found = routes(Nine)
    pairs = {(name, label(outcome)) for route in found for name, outcome in route.taken}
    assert len(found) == 10  # four by d, four by h, and two more ways of a
    assert pairs == {(name, way.name) for name in "abcdefghi" for way in Way} | {("done", "")}


def test_routes_come_in_the_same_order_every_time() -> None:
    assert taken(Nine) == taken(Nine)


class Fork(Dialog):
    way = Choose(Way, _("Where to?"))
    north = End(_("Cold."), given=way.case(Way.NORTH))
    south = End(_("Warm."), given=way.case(Way.SOUTH))
    other = End(_("Mild."))


def test_every_end_is_reached() -> None:
    assert set(taken(Fork)) == {
        "way=NORTH > north",
        "way=EAST > other",
        "way=SOUTH > south",
        "way=WEST > other",
    }


@dataclass(frozen=True)
class Found:
    name: str


@dataclass(frozen=True)
class Unknown:
    pass


async def look_up(turn: Context, words: str) -> Found | Unknown:
    return Found(words)


class Rejecting(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Unknown: (words, _("I do not know them."))})
    hello = End(_("Hello {found.name}"), given=found.case(Found))
    sorry = End(_("Sorry."), given=found.case(GaveUp))


def test_a_refused_answer_is_asked_again_until_it_is_given_up() -> None:
    assert taken(Rejecting) == ["words > found=Found > hello", "words > found=GaveUp > sorry"]


def first_letter(words: str) -> Way:
    return Way.EAST


class Worked(Dialog):
    words = Ask(WORDS, _("Where to?"))
    way = Let(first_letter, words)
    more = Ask(WORDS, _("Why there?"), given=way.case(Way.NORTH))
    north = End(_("Cold."), given=(way.case(Way.NORTH), more))
    other = End(_("Mild."), given=Either(way.case(Way.EAST), way.case(Way.SOUTH), way.case(Way.WEST)))


def test_what_is_worked_out_is_decided_once_on_every_path() -> None:
    assert taken(Worked) == [
        "words > way=NORTH > more > north",
        "words > way=EAST > other",
        "words > way=SOUTH > other",
        "words > way=WEST > other",
    ]


@dataclass(frozen=True)
class Small:
    n: int


def sized(words: str) -> Small | Found:
    return Small(1)


class Sized(Dialog):
    words = Ask(WORDS, _("How much?"))
    size = Let(sized, words)
    small = End(_("{size.n}"), given=size.case(Small))
    found = End(_("{size.name}"), given=size.case(Found))


def test_the_classes_of_a_union_are_told_apart() -> None:
    assert taken(Sized) == ["words > size=Small > small", "words > size=Found > found"]


@pytest.mark.parametrize("dialog", [*DIALOGS, *ROWS])
def test_the_routes_of_our_dialogs_take_every_outcome_there_is(dialog: type[Dialog]) -> None:
    paths = Paths(dialog)
    moves = [*paths.entry, *(move for moves in paths.moves.values() for move in moves)]
    possible = {(name, label(outcome)) for move in moves for name, outcome in move.taken}
    done = {(name, label(outcome)) for route in paths.routes() for name, outcome in route.taken}
    assert done == possible
    assert {step.name for step in dialog.steps} <= {name for name, _outcome in done}
