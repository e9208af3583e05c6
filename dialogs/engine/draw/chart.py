"""A dialog as boxes and arrows: what both kinds of drawing show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from inspect import getdoc
from typing import Any

from dialogs.engine.check.kinds import is_row, label, name_of
from dialogs.engine.check.paths import Move, Paths
from dialogs.engine.steps import (
    PLACEHOLDER,
    Ask,
    Await,
    Case,
    Check,
    Choice,
    Choose,
    Dialog,
    Do,
    Each,
    End,
    Form,
    Pick,
    Prompt,
    Review,
    Say,
    Select,
    SelectMany,
    Speak,
    Step,
)
from dialogs.engine.text import Text

START, OVER = "start", "over"


class Look(Enum):
    """What a box stands for; the words are for the reader."""

    ASK = "asks"
    CHECK = "asks and checks"
    FORM = "page to fill in"
    AWAIT = "waits for"
    CHOOSE = "one of several"
    PICK = "any of many"
    REVIEW = "shows all"
    DO = "looks up"
    EACH = "for each"
    SAY = "says"
    END = "end"
    START = "start"
    OVER = "complete"
    LOST = "no end"


LOOKS = {
    Ask: Look.ASK,
    Check: Look.CHECK,
    Form: Look.FORM,
    Await: Look.AWAIT,
    Choose: Look.CHOOSE,
    Select: Look.CHOOSE,
    SelectMany: Look.PICK,
    Speak: Look.CHOOSE,
    Pick: Look.PICK,
    Review: Look.REVIEW,
    Do: Look.DO,
    Each: Look.EACH,
    Say: Look.SAY,
    End: Look.END,
}


@dataclass(frozen=True, slots=True)
class Box:
    """One step; `assumed` if an answer stands until the customer opens it."""

    name: str
    look: Look
    words: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another; `back` leads to an earlier step on the customer's wish or a service's."""

    start: str
    goal: str
    words: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    about: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def chart(dialog: type[Dialog]) -> Chart:
    """The boxes in the dialog's order, START first and OVER last where it is reached."""
    paths = Paths(dialog)
    over = (Box(OVER, Look.OVER if is_row(dialog) else Look.LOST),) if paths.ends else ()
    boxes = (Box(START, Look.START), *map(_box, dialog.steps), *over)
    about = (getdoc(dialog) or "").partition("\n")[0]
    return Chart(dialog.__name__, about, boxes, (*_ways(paths), *_ways_back(dialog)))


def plain(text: Text) -> str:
    """A text to look at: without markup, its placeholders without the way to show them."""
    words = PLACEHOLDER.sub(lambda found: f"{{{found[1]}}}", text.msgid)
    return words.replace("<b>", "").replace("</b>", "")


def _box(step: Step[Any]) -> Box:
    assumed = isinstance(step, Ask | Choose) and bool(step.default)
    return Box(step.name, LOOKS[type(step)], _words(step), assumed)


def _words(step: Step[Any]) -> str:
    if isinstance(step, Do):
        service = getattr(step.fn, "__name__", "service")
        return f"{service}({', '.join(map(name_of, step.args))})"
    if isinstance(step, Each):
        return f"{step.dialog.__name__} for each of {step.of.name}"
    text = getattr(step, "text", None)
    return plain(text) if text else ""


# -- the ways on ---------------------------------------------------------------------------------------


def _ways(paths: Paths) -> Iterator[Arrow]:
    ways: dict[str, dict[str, dict[str, None]]] = {}
    for move in paths.entry:
        ways.setdefault(START, {}).setdefault(_goal(paths, move), {})[_decisions(move, 0)] = None
    for spot, moves in paths.moves.items():
        for move in moves:
            if move.goal:
                goals = ways.setdefault(move.taken[0][0], {})
                goals.setdefault(_goal(paths, move), {})[_why(paths, spot.at, move)] = None
    for start, goals in ways.items():
        every = {why for whys in goals.values() for why in whys}
        for goal, whys in goals.items():
            if len(goals) == 1:
                words = ""
            elif whys.keys() == every:  # it was not decided here, but before
                words = _condition(paths.dialog.names.get(goal))
            else:
                words = " / ".join(filter(None, whys))
            yield Arrow(start, goal, words)


def _condition(step: Step[Any] | None) -> str:
    cases = [given for given in step.given if isinstance(given, Case)] if step else []
    return ", ".join(f"{name_of(case.of)} is {_said(case.kind)}" for case in cases)


def _goal(paths: Paths, move: Move) -> str:
    return paths.steps[move.goal.at].name if move.goal and move.goal.at < paths.end else OVER


def _why(paths: Paths, at: int, move: Move) -> str:
    several = len(paths.steps[at].outcomes()) > 1
    return " · ".join(filter(None, (_said(move.taken[0][1]) if several else "", _decisions(move, 1))))


def _decisions(move: Move, first: int) -> str:
    return ", ".join(f"{name} is {_said(outcome)}" for name, outcome in move.taken[first:])


def _said(outcome: object) -> str:
    return plain(outcome.label) if isinstance(outcome, Choice) else label(outcome)


# -- the ways back -------------------------------------------------------------------------------------


def _ways_back(dialog: type[Dialog]) -> Iterator[Arrow]:
    for step in dialog.steps:
        if isinstance(step, Do):
            for kind, (answer, _why) in step.rejects.items():
                yield Arrow(step.name, answer.name, f"{label(kind)}, at most {step.attempts} times", True)
        if isinstance(step, Check):
            for kind in step.rejects:
                yield Arrow(step.name, step.name, label(kind), True)
        if isinstance(step, Review):
            for shown in step.shows:
                yield Arrow(step.name, shown.name, plain(shown.label) if shown.label else "", True)
        if isinstance(step, Prompt):
            for redo in step.extras.redo:
                first = min(redo.steps, key=dialog.steps.index, default=dialog.steps[0])
                yield Arrow(step.name, first.name, plain(redo.label), True)
