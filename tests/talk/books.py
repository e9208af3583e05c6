"""Dialogs of other days, to deploy in the middle of a conversation, and one that is broken."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.services.ports import Turn
from dialogs.engine.book import Book, Entrance
from dialogs.engine.steps import Ask, Choice, Choose, Dialog, Do, End, GaveUp, Reader, Review
from dialogs.engine.text import _, _l
from dialogs.estimate import ApplianceUse, EstimateBill
from dialogs.readers import hours_a_day, how_many
from tests.talk.world import BOOK


def as_written(text: str) -> str:
    return text


WORDS: Reader[str] = Reader(as_written)


def revised(dialog: type[Dialog], change: Callable[[dict[str, Any]], None]) -> type[Dialog]:
    """A dialog of the same name whose steps were copied and then changed."""
    rows = {id(step): step for step in ApplianceUse.names.values()}
    steps: dict[str, Any] = copy.deepcopy(dict(dialog.names), rows)
    for step in steps.values():
        step.name = ""
        step.__dict__.pop("pages", None)
    change(steps)
    about = {"title": dialog.title, "starts_on": dialog.starts_on, "quiet": dialog.quiet}
    return type(dialog.__name__, (Dialog,), {**about, **steps})


def with_dialog(dialog: type[Dialog], book: Book = BOOK) -> Book:
    """The assistant with this dialog in the place of the one of its name, or beside the others."""
    menus = {
        name: (Entrance(dialog), *(e for e in entrances if e.dialog.__name__ != dialog.__name__))
        for name, entrances in book.menus.items()
    }
    return replace(
        book,
        dialogs={**book.dialogs, dialog.__name__: dialog},
        menus=menus,
    )


def without(*keys: str) -> Book:
    """A catalogue from which some appliances were taken."""

    def change(steps: dict[str, Any]) -> None:
        pick = steps["appliances"]
        pick.among = tuple(entry for entry in pick.among if entry.key not in keys)
        pick.by_key = {entry.key: entry for entry in pick.among}
        pick.typical = tuple(key for key in pick.typical if key not in keys)

    return with_dialog(revised(EstimateBill, change))


def broken_book() -> Book:
    """An estimator that has a mistake in it."""

    def wrong(*_args: object) -> object:
        raise ZeroDivisionError("a mistake in a dialog")

    def change(steps: dict[str, Any]) -> None:
        steps["made"].fn = wrong

    return with_dialog(revised(EstimateBill, change))


class Floor(Choice):
    GROUND = _l("Ground floor")
    UPPER = _l("Upper floor")


NAME = _("What is your name?")
ROOMS = _("How many rooms?")
HOURS = _("How many hours?")
FLOOR = _("Which floor?")
SURE = _("Is this right, {name}?")


def visit() -> Book:
    """A small dialog as it is today."""

    class Visit(Dialog):
        title = _l("A visit")
        name = Ask(WORDS, NAME, label=_l("Name"))
        rooms = Ask(how_many, ROOMS, label=_l("Rooms"))
        floor = Choose(Floor, FLOOR, label=_l("Floor"))
        sure = Review(SURE, name, rooms, floor)
        done = End(_("Goodbye, {name}."), given=sure)

    return with_dialog(Visit)


def visit_with_more() -> Book:
    """One question more, before the last."""

    class Visit(Dialog):
        title = _l("A visit")
        name = Ask(WORDS, NAME, label=_l("Name"))
        rooms = Ask(how_many, ROOMS, label=_l("Rooms"))
        hours = Ask(hours_a_day, HOURS, label=_l("Hours"))
        floor = Choose(Floor, FLOOR, label=_l("Floor"))
        sure = Review(SURE, name, rooms, hours, floor)
        done = End(_("Goodbye, {name}."), given=sure)

    return with_dialog(Visit)


def visit_with_less() -> Book:
    """One question less."""

    class Visit(Dialog):
        title = _l("A visit")
        name = Ask(WORDS, NAME, label=_l("Name"))
        floor = Choose(Floor, FLOOR, label=_l("Floor"))
        sure = Review(SURE, name, floor)
        done = End(_("Goodbye, {name}."), given=sure)

    return with_dialog(Visit)


def visit_of_other_types() -> Book:
    """The same questions; the number of rooms is a decimal now, and one floor has another name."""

    class Storey(Choice):
        GROUND = _l("Ground floor")
        ATTIC = _l("Attic")

    class Visit(Dialog):
        title = _l("A visit")
        name = Ask(WORDS, NAME, label=_l("Name"))
        rooms = Ask(hours_a_day, ROOMS, label=_l("Rooms"))
        floor = Choose(Storey, FLOOR, label=_l("Floor"))
        sure = Review(SURE, name, rooms, floor)
        done = End(_("Goodbye, {name}."), given=sure)

    return with_dialog(Visit)


def visit_without_review() -> Book:
    """Nothing is confirmed any more."""

    class Visit(Dialog):
        title = _l("A visit")
        name = Ask(WORDS, NAME, label=_l("Name"))
        rooms = Ask(how_many, ROOMS, label=_l("Rooms"))
        floor = Choose(Floor, FLOOR, label=_l("Floor"))
        done = End(_("Goodbye, {name}."), given=(name, rooms, floor))

    return with_dialog(Visit)


@dataclass(frozen=True, slots=True)
class House:
    """What a code stands for."""

    street: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A code that stands for nothing."""


HOUSES = {"1": House("Lipova 4"), "2": House("Dardania 7")}
CODE = _("What is your code?")
NO_SUCH_CODE = _("I do not know that code.")
FIRST = _("Is it {house.street}?")
SECOND = _("Is it really {house.street}?")


async def look_up(_turn: Turn, code: str) -> House | Unknown:
    return HOUSES.get(code, Unknown())


def lookup() -> Book:
    """A dialog that asks a service, branches on its answer, and has it confirmed twice."""

    class Lookup(Dialog):
        title = _l("A house")
        code = Ask(WORDS, CODE, label=_l("Code"))
        found = Do(look_up, code, rejects={Unknown: (code, NO_SUCH_CODE)})
        house = found.case(House)
        floor = Choose(Floor, FLOOR, label=_l("Floor"), given=house)
        first = Review(FIRST, code, floor, given=house)
        second = Review(SECOND, code, floor, given=(house, first))
        done = End(_("{house.street} it is."), given=second)
        gave_up = End(_("Perhaps another day."), given=found.case(GaveUp))

    return with_dialog(Lookup)
