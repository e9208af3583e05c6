"""Every mistake that a dialog can be checked for, made once on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest

from dialogs.book import DIALOGS, ROWS
from dialogs.engine.check.problems import problems
from dialogs.engine.lines import FILE, Picture
from dialogs.engine.pages import Field, FieldKind, Page, Rule
from dialogs.engine.steps import (
    Aside,
    Ask,
    Await,
    Bad,
    Check,
    Choice,
    Choose,
    Context,
    Dialog,
    Do,
    Each,
    Either,
    End,
    Entry,
    Form,
    GaveUp,
    Let,
    Link,
    Param,
    Pass,
    Pick,
    Reader,
    Redo,
    Refuse,
    Review,
    Say,
    Select,
    SelectMany,
    Switch,
)
from dialogs.engine.text import Phrase, _, verbatim


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)
THINGS = (Entry("lamp", "lamp", verbatim("Lamp")), Entry("oven", "oven", verbatim("Oven")))


class Size(Choice):
    SMALL = _("Small")
    LARGE = _("Large")


@dataclass(frozen=True)
class Found:
    name: str
    places: tuple[str, ...]

    @property
    def loud(self) -> str:
        return self.name.upper()


@dataclass(frozen=True)
class Unknown:
    pass


@dataclass(frozen=True)
class Never:
    pass


async def look_up(turn: Context, words: str) -> Found | Unknown:
    return Unknown()


async def now(turn: Context) -> Decimal:
    return Decimal(1)


def length(words: str) -> int:
    return len(words)


def size_of(words: str) -> Size:
    return Size.SMALL


def found_says(dialog: type[Dialog], *sentences: str, row: bool = False) -> None:
    assert problems(dialog, row) == list(sentences)


@pytest.mark.parametrize("dialog", DIALOGS)
def test_our_dialogs_have_no_problems(dialog: type[Dialog]) -> None:
    found_says(dialog)


@pytest.mark.parametrize("dialog", ROWS)
def test_our_rows_have_no_problems(dialog: type[Dialog]) -> None:
    found_says(dialog, row=True)


# -- the wiring ----------------------------------------------------------------------------------------


class NotReached(Dialog):
    size = Choose(Size, _("How big?"))
    done = End(_("Done."), given=size)
    late = Say(_("Never said."))


def test_a_step_that_no_path_reaches() -> None:
    found_says(NotReached, "late: no path reaches it")


class TooEarly(Dialog):
    early = Say(_("Hello."))
    late = Ask(WORDS, _("Who?"))
    early.given = (late,)
    done = End(_("Done."))


def test_a_step_that_is_given_a_later_one() -> None:
    found_says(TooEarly, "early: it is given late, which comes only after it")


class RunsOut(Dialog):
    size = Choose(Size, _("How big?"))
    done = End(_("Done."), given=size.case(Size.SMALL))


def test_a_path_without_an_end() -> None:
    found_says(RunsOut, "after size=LARGE nothing is left to do, and no End is reached")


class Nothing(Dialog):
    pass


def test_a_dialog_without_steps() -> None:
    found_says(Nothing, "it has no steps")


class Borrowed(Dialog):
    done = End(_("Done."), given=RunsOut.size)


def test_a_step_of_another_dialog() -> None:
    found_says(Borrowed, "done: it uses RunsOut.size, which is no step of Borrowed")


class NoSuchCase(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words)
    hello = End(_("Hello."), given=found.case(Found))
    never = Say(_("Never."), given=found.case(Never))
    done = End(_("Who?"))


def test_an_outcome_that_a_service_never_has() -> None:
    found_says(
        NoSuchCase,
        "never: no path reaches it",
        "never: found can never turn out to be Never, only Found, Unknown",
    )


class NoSuchSize(Dialog):
    words = Ask(WORDS, _("Who?"))
    size = Let(size_of, words)
    never = Say(_("Never."), given=size.case(Found))
    done = End(_("Done."))


def test_an_outcome_that_a_function_never_has() -> None:
    found_says(
        NoSuchSize,
        "never: no path reaches it",
        "never: size can never turn out to be Found, only SMALL, LARGE",
    )


class RejectedCase(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Unknown: (words, _("I do not know them."))})
    never = End(_("Who?"), given=found.case(Unknown))
    done = End(_("Done."))


def test_an_outcome_that_is_asked_again_and_so_never_lasts() -> None:
    found_says(
        RejectedCase,
        "never: no path reaches it",
        "never: found can never turn out to be Unknown, only Found, GaveUp",
    )


class RejectsNothing(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Never: (words, _("No."))})
    done = End(_("Done."))


def test_a_rejected_outcome_that_a_service_never_has() -> None:
    found_says(RejectsNothing, "found: it rejects Never, which its service never returns")


class SendsAside(Dialog):
    other = Ask(WORDS, _("Where?"))
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Unknown: (other, _("No."))})
    done = End(_("Done."))


class SendsAway(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Unknown: (SendsAside.other, _("No."))})
    done = End(_("Done."))


def test_a_rejection_that_asks_something_else_again() -> None:
    found_says(SendsAside, "found: it sends back to other, on which it does not rest")
    found_says(SendsAway, "found: it sends back to SendsAside.other, which is no question before it")


class Unannotated(Dialog):
    words = Ask(Reader(lambda text: text), _("Who?"))
    done = End(_("Done."))


def test_a_reader_that_does_not_say_what_it_reads() -> None:
    found_says(Unannotated, "words: <lambda> must be annotated with what it returns")


async def several(turn: Context) -> tuple[int, ...]:
    return (1, 2)


class Several(Dialog):
    numbers = Do(several)
    done = End(_("Done."))


def test_a_service_whose_outcomes_are_no_classes() -> None:
    found_says(Several, "numbers: several must return a class or a union of them, not tuple[int, ...]")


# -- what must be known --------------------------------------------------------------------------------


class Speaks(Dialog):
    size = Choose(Size, _("How big?"))
    words = Ask(WORDS, _("Who?"), given=size.case(Size.SMALL))
    found = Do(look_up, words)
    big = Ask(WORDS, _("{words}, how big is {thing}?"), help=(_("As big as {size}, {found.name}."),))
    done = End(_("{found.name} {found.loud} {found.age} {found.places}"), given=found.case(Found))
    other = End(_("So {big} it is."))


def test_placeholders_that_are_not_certain_to_be_known() -> None:
    found_says(
        Speaks,
        "big: {words} is not certain to be known where “{words}, how big is {thing}?” is said",
        "big: {thing} names no step of Speaks",
        "big: {found.name} is not certain to be known where “As big as {size}, {found.name}.” is said",
        "done: {found.age} names nothing, since Found has no age",
        "done: {found.places} is tuple[str, ...], which cannot stand in a sentence",
    )


class Unfilled(Dialog):
    title = _("{size} things")
    size = Choose(Size, _("How {Big}?"), redo=(Redo(_("Not {size}")),))
    done = End(_("Done."), links=(Link(_("See {size}"), "https://example.org"),))


def test_texts_that_nothing_fills() -> None:
    found_says(
        Unfilled,
        "Unfilled: nothing fills {size} in “{size} things”",
        "size: “How {Big}?” has a brace that belongs to no placeholder",
        "size: nothing fills {size} in “Not {size}”",
        "done: nothing fills {size} in “See {size}”",
    )


class Reasons(Dialog):
    words = Ask(WORDS, _("Who?"))
    found = Do(look_up, words, rejects={Unknown: (words, _("{words} is not {found.name}."))})
    done = End(_("Done."))


def test_a_reason_speaks_of_the_outcome_that_is_refused_and_of_no_other() -> None:
    found_says(Reasons, "found: {found.name} names nothing, since Unknown has no name")


class Promises(Dialog):
    words = Ask(WORDS, _("Who?"), label=_("Who"))
    size = Choose(Size, _("How big?"), label=_("Size"))
    n = Let(length, words)
    result = Review(_("{n} letters, {size}. Right?"), size)
    done = End(_("Done."))


def test_a_confirmation_rests_on_all_that_it_speaks_of() -> None:
    found_says(
        Promises,
        "result: it speaks of {n} without being given it, so it would stand unchanged when that changes",
    )


class Shows(Dialog):
    size = Choose(Size, _("How big?"))
    words = Ask(WORDS, _("Who?"), label=_("Who"), given=size.case(Size.SMALL))
    result = Review(_("Right?"), size, words)
    done = End(_("Done."))


def test_a_review_of_what_may_be_missing_or_has_no_name() -> None:
    found_says(
        Shows,
        "result: it shows size, which has no label for the button that changes it",
        "result: it shows words, but can be met without it",
    )


def once(words: str) -> str:
    return words


def twice(words: str) -> tuple[str, ...]:
    return (words, words)


class Assumes(Dialog):
    size = Choose(Size, _("How big?"))
    words = Ask(WORDS, _("Who?"), given=size.case(Size.SMALL))
    again = Ask(WORDS, _("And who?"), default=Let(once, words), usual=Let(twice, words))
    done = End(_("Done."))


def test_an_assumed_answer_that_rests_on_what_may_be_missing() -> None:
    found_says(
        Assumes,
        "again: its default is once, not certain to be known here",
        "again: its usual is twice, not certain to be known here",
    )


# -- rows ----------------------------------------------------------------------------------------------


class Thing(Dialog):
    thing = Param[str]()
    period = Param[int]()
    size = Choose(Size, _("{thing}: how big?"), label=_("How much"))
    small = Ask(WORDS, _("How small?"), label=_("How much"), given=size.case(Size.SMALL))
    large = Ask(WORDS, _("How large?"), label=_("How much"), given=size.case(Size.LARGE))
    n = Let(length, small)


class Home(Dialog):
    things = Pick(THINGS, _("Which?"), label=_("Things"))
    rows = Each(Thing.n, of=things, item=Thing.thing, about=_("{small}, {size}, {height}"), label=_("One"))
    done = End(_("Done."))


def test_a_row_that_does_not_come_to_an_end_and_is_not_handed_everything() -> None:
    found_says(
        Home,
        "rows: nobody hands Thing its period",
        "rows: a path of Thing ends without n",
        "rows: {small} is not certain to be known where “{small}, {size}, {height}” is said",
        "rows: {height} names no step of Thing",
        "rows: size and small of Thing are both called “How much” on one keyboard",
        "rows: size and large of Thing are both called “How much” on one keyboard",
    )


class Mixed(Dialog):
    things = Pick((Entry("one", 1, verbatim("One")),), _("Which?"))
    words = Ask(WORDS, _("Who?"))
    rows = Each(  # type: ignore[misc]
        Thing.size,
        of=things,
        item=Thing.thing,
        about=_("{size}"),
        label=_("One"),
        passing=(Pass(Thing.period, words),),
    )
    done = End(_("Done."))


def test_what_is_handed_over_is_of_the_type_that_is_taken() -> None:
    assert problems(Mixed)[:2] == [
        "rows: it hands over int for thing, which takes str",
        "rows: it hands over str for period, which takes int",
    ]


class Elsewhere(Dialog):
    things = Pick(THINGS, _("Which?"))
    many = Let(len, things)
    row = Param[str]()
    rows = Each(
        Thing.size,
        of=things,
        item=row,
        about=_("{size}"),
        label=_("One"),
        passing=(Pass(Thing.period, many),),
    )
    done = End(_("Done."))


def test_what_is_handed_over_belongs_to_the_row() -> None:
    assert problems(Elsewhere)[:2] == [
        "rows: it hands over Elsewhere.row, which is no Param of Thing",
        "rows: nobody hands Thing its thing",
    ]


def test_a_row_only_asks() -> None:
    found_says(
        RunsOut,
        "done: a row only asks, so it cannot hold End",
        row=True,
    )


# -- buttons -------------------------------------------------------------------------------------------

BROKEN = (
    Entry("a:b", 1, verbatim("One")),
    Entry("a.b", 2, verbatim("Two")),
    Entry("a b", 3, verbatim("Three")),
    Entry("", 4, verbatim("Four")),
    Entry("x", 5, verbatim("Five")),
    Entry("x", 6, verbatim("Six")),
)


class Keys(Dialog):
    number = Choose(BROKEN, _("Which?"), default="seven")
    some = Pick(THINGS, _("Which?"), typical=("lamp", "boiler"), at_least=3)
    none: Choose[str] = Choose((), _("Which?"))
    done = End(_("Done."))


def test_keys_that_cannot_be_told_apart_or_do_not_exist() -> None:
    found_says(
        Keys,
        "number: the key 'a:b' must not be empty or hold a colon, a dot or a space",
        "number: the key 'a.b' must not be empty or hold a colon, a dot or a space",
        "number: the key 'a b' must not be empty or hold a colon, a dot or a space",
        "number: the key '' must not be empty or hold a colon, a dot or a space",
        "number: the key 'x' stands for 2 entries",
        "number: 'seven' is set to begin with, but is none of its keys",
        "some: 'boiler' is set to begin with, but is none of its keys",
        "some: 3 must be picked, but there are only 2",
        "none: there is nothing to choose from",
    )


LONG = (Entry("k" * 40, "k", verbatim("K")),)


class Row(Dialog):
    item = Param[str]()
    what_it_is_called = Ask(WORDS, _("What?"), label=_("Name"))


class Long(Dialog):
    things = Pick(LONG, _("Which?"), label=_("Things"))
    rows = Each(Row.what_it_is_called, of=things, item=Row.item, about=_("{item}"), label=_("One"))
    result = Review(_("Right?"), rows)
    done = End(_("Done."))


def test_a_payload_that_is_too_long_for_a_button() -> None:
    (found,) = problems(Long)
    assert found.startswith("result: the button “change:rows.kkk")
    assert found.endswith("takes 79 bytes with its prompt's number, more than 64")


def even(text: str) -> int | Bad:
    return int(text) if text.isdecimal() and int(text) % 2 == 0 else Bad(_("Even, please."))


class Usual(Dialog):
    n = Ask(Reader(even), _("How many?"), usual=(2, 3))
    done = End(_("Done."))


def test_a_usual_answer_that_its_own_reader_refuses() -> None:
    found_says(Usual, "n: the usual answer 3 is written “3”, which reads as nothing")


class Twice(Dialog):
    words = Ask(WORDS, _("Who?"), label=_("Change"), usual=("one", "one"))
    some = Pick((*THINGS, Entry("lamp2", "lamp", verbatim("Lamp"))), _("Which?"), label=_("change"))
    result = Review(_("Right?"), words, some, redo=(Redo(_("Back"), (words,)),))
    done = End(_("Done."))


def test_two_buttons_with_the_same_words() -> None:
    found_says(
        Twice,
        "words: 2 buttons of one keyboard read “{words}” with ('words', 'one')",
        "some: 2 buttons of one keyboard read “{words}” with ('words', 'Lamp')",
        "result: 2 buttons of one keyboard read “back”",
        "result: 2 buttons of one keyboard read “change”",
    )


# -- values --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loose:
    names: Mapping[str, str]
    share: float


async def loosely(turn: Context) -> Loose:
    return Loose({}, 0.5)


def halves(words: str) -> float:
    return len(words) / 2


class Kept(Dialog):
    loose = Do(loosely)
    words = Ask(WORDS, _("Who?"))
    half = Let(halves, words)
    more = Ask(WORDS, _("More?"), given=half)
    done = End(_("Done."))


def test_values_that_cannot_be_remembered() -> None:
    found_says(
        Kept,
        "loose: Mapping[str, str] cannot be remembered; use a frozen dataclass of plain values",
        "loose: float cannot be remembered; use a frozen dataclass of plain values",
        "more: it rests on half, but float cannot be compared with what was",
    )


# -- what services take at once ------------------------------------------------------------------------

PAGE = Page(
    name="page",
    title=_("A page"),
    lead=_("Type it."),
    submit=_("Go on"),
    done=_("Thanks."),
    fields=(Field("words", _("Words"), FieldKind.NEW_PASSWORD),),
)


async def try_words(turn: Context, typed: str, size: Size) -> Found | Unknown:
    return Unknown()


async def take_page(turn: Context, typed: Mapping[str, str], words: str) -> Found | Unknown:
    return Unknown()


async def look_around(turn: Context) -> Found | Unknown:
    return Unknown()


class DoesWithout(Dialog):
    words = Ask(WORDS, _("Who?"))
    rate = Do(now, otherwise=Unknown())
    found = Do(look_up, words)
    done = End(_("Done."))


def test_what_a_service_that_is_away_is_worth_must_be_something_that_it_returns() -> None:
    found_says(DoesWithout, "rate: it is Unknown otherwise, which its service never returns")


class RefusesNothing(Dialog):
    size = Choose(Size, _("How big?"))
    code = Check(WORDS, _("Code?"), try_words, size, rejects={Unknown: _("No."), Never: _("Never.")})
    page = Form(PAGE, _("A page."), take_page, code, refuses={Never: Refuse(_("No."))}, button=_("Open"))
    done = End(_("Done."))


def test_a_refused_outcome_that_never_comes() -> None:
    found_says(
        RefusesNothing,
        "code: it refuses Never, which its service never returns",
        "page: it refuses Never, which its service never returns",
    )


TWICE = Page(
    name="twice",
    title=_("Twice"),
    lead=_("Type it twice."),
    submit=_("Go on"),
    done=_("Thanks, {words}."),
    fields=(
        Field("words", _("Words"), FieldKind.NEW_PASSWORD, rules=(Rule(_("{n} letters"), "."),)),
        Field("again", _("Again"), FieldKind.NEW_PASSWORD, same_as="word"),
    ),
)


class WrongField(Dialog):
    words = Ask(WORDS, _("Who?"))
    page = Form(
        TWICE,
        _("A page."),
        take_page,
        words,
        refuses={Unknown: Refuse(_("No."), "name")},
        button=_("Open {words}"),
    )
    done = End(_("Done."))


def test_a_field_that_the_page_has_not_and_texts_of_a_page_that_nothing_fills() -> None:
    found_says(
        WrongField,
        "page: name is no field of its page",
        "page: word is no field of its page",
        "page: nothing fills {words} in “Open {words}”",
        "page: nothing fills {words} in “Thanks, {words}.”",
        "page: nothing fills {n} in “{n} letters”",
    )


async def take_more(turn: Context, typed: Mapping[str, str]) -> Found | Unknown | Never:
    return Unknown()


class TooClose(Dialog):
    size = Choose(Size, _("How big?"))
    code = Check(WORDS, _("Code?"), try_words, size, rejects={Unknown: _("{code.name} {code} {size}")})
    page = Form(
        PAGE,
        _("A page for {code.name}."),
        take_more,
        refuses={Unknown: Refuse(_("No {name}, {words}.")), Found: Refuse(_("{name}, {places}"))},
        button=_("Open"),
        given=code,
    )
    done = End(_("Done."))


def test_a_refusal_speaks_of_the_outcome_that_it_refuses_alone() -> None:
    found_says(
        TooClose,
        "code: {code.name} names nothing, since Unknown has no name",
        "code: {code} is Unknown, which cannot stand in a sentence",
        "page: {name} names nothing, since Unknown has no name",
        "page: {words} names nothing, since Unknown has no words",
        "page: {places} is tuple[str, ...], which cannot stand in a sentence",
    )


class NeverPassed(Dialog):
    size = Choose(Size, _("How big?"))
    code = Check(WORDS, _("Code?"), try_words, size, rejects={Unknown: _("No."), Found: _("No.")})
    came: Await[object] = Await((), _("I wait."))
    done = End(_("Done."))


def test_what_takes_nothing_that_could_come() -> None:
    found_says(
        NeverPassed,
        "code: it takes nothing that could come, so nobody would ever get past it",
        "came: it takes nothing that could come, so nobody would ever get past it",
    )


class Checks(Dialog):
    size = Choose(Size, _("How big?"))
    code = Check(WORDS, _("Code?"), try_words, size, rejects={Unknown: _("No.")})
    never = Say(_("Never."), given=code.case(Unknown))
    done = End(_("{code.name} {code.age}"), given=code.case(Found))


def test_a_check_that_is_passed_is_never_worth_what_it_refuses() -> None:
    found_says(
        Checks,
        "never: no path reaches it",
        "never: code can never turn out to be Unknown, only Found",
        "done: {code.age} names nothing, since Found has no age",
    )


class SeesTooMuch(Dialog):
    size = Choose(Size, _("How big?"))
    words = Ask(WORDS, _("Who?"), given=size.case(Size.SMALL))
    page = Form(PAGE, _("A page."), take_page, words, refuses={}, button=_("Open"))
    done = End(_("Done."))


def test_the_service_of_a_page_sees_only_what_is_certain_to_be_known() -> None:
    found_says(SeesTooMuch, "page: its service sees words, not certain to be known here")


async def take_silently(turn: Context, typed: Mapping[str, str]):  # type: ignore[no-untyped-def]
    return Unknown()


class SaysNothing(Dialog):
    page: Form[object] = Form(PAGE, _("A page."), take_silently, refuses={}, button=_("Open"))
    done = End(_("Done."))


def test_the_service_of_a_page_says_what_it_returns() -> None:
    found_says(SaysNothing, "page: take_silently must be annotated with what it returns")


class Switches(Dialog):
    size = Choose(Size, _("How big?"), default="SMALL")
    code = Check(
        WORDS,
        _("Code?"),
        try_words,
        size,
        rejects={Unknown: _("No.")},
        redo=(Redo(_("Larger"), (NotReached.size,)),),
        switches=(
            Switch(_("Larger"), size, "HUGE"),
            Switch(_("Other {size}"), NotReached.size, "LARGE"),
        ),
    )
    done = End(_("Done."), given=code)


def test_a_button_that_answers_what_cannot_be_answered_so() -> None:
    found_says(
        Switches,
        "code: a button answers Switches.size with 'HUGE', which cannot be",
        "code: a button answers NotReached.size with 'LARGE', which cannot be",
        "code: a button forgets NotReached.size, which is no step of the dialog",
        "code: nothing fills {size} in “Other {size}”",
        "code: 2 buttons of one keyboard read “larger”",
    )


def test_the_button_of_a_page_is_a_button_like_others() -> None:
    class Again(Dialog):
        words = Ask(WORDS, _("Who?"))
        page = Form(
            PAGE, _("A page."), take_page, words, refuses={}, button=_("Open"), redo=(Redo(_("open")),)
        )
        done = End(_("Done."))

    found_says(Again, "page: 2 buttons of one keyboard read “open”")


# -- what is known only now ----------------------------------------------------------------------------


def key_of(words: str) -> str:
    return words


def shown_as(words: str) -> Phrase:
    return verbatim(words)


class Selects(Dialog):
    size = Choose(Size, _("How big?"))
    words = Ask(WORDS, _("Who?"), given=size.case(Size.SMALL))
    some = Pick(THINGS, _("Which?"), typical=Let(twice, words))
    one = Select(Let(twice, words), _("Which?"), key=key_of, show=shown_as)
    more = SelectMany(Let(twice, words), _("Which?"), key=key_of, show=shown_as)
    done = End(_("{one.places}{more.places}"))


def test_a_list_that_may_not_be_known() -> None:
    found_says(
        Selects,
        "some: its typical is twice, not certain to be known here",
        "one: its among is twice, not certain to be known here",
        "more: its among is twice, not certain to be known here",
        "done: {one.places} names nothing, since str has no places",
        "done: {more.places} names nothing, since tuple[str, ...] has no places",
    )


class Waits(Dialog):
    came = Await((Found, Unknown), _("I wait."))
    never = Say(_("Never."), given=came.case(Never))
    found = End(_("{came.name}"), given=came.case(Found))


def test_what_is_awaited_can_turn_out_to_be_nothing_else() -> None:
    found_says(
        Waits,
        "never: no path reaches it",
        "after came=Unknown nothing is left to do, and no End is reached",
        "never: came can never turn out to be Never, only Found, Unknown",
    )


class RowWithPage(Dialog):
    item = Param[str]()
    page = Form(PAGE, _("A page."), take_page, item, refuses={}, button=_("Open"))
    came = Await((Found,), _("I wait."))


def test_a_row_opens_no_page_and_waits_for_nothing() -> None:
    found_says(
        RowWithPage,
        "page: a row only asks, so it cannot hold Form",
        "came: a row only asks, so it cannot hold Await",
        row=True,
    )


@dataclass(frozen=True)
class Share:
    of: float


async def take_share(turn: Context, typed: Mapping[str, str]) -> Share:
    return Share(0.5)


class KeepsAShare(Dialog):
    page = Form(PAGE, _("A page."), take_share, refuses={}, button=_("Open"))
    done = End(_("Done."))


def test_what_comes_of_a_page_can_be_remembered() -> None:
    found_says(KeepsAShare, "page: float cannot be remembered; use a frozen dataclass of plain values")


def picture(words: str) -> Picture:
    return Picture("bars", {"words": words})


class LinkedAside(Dialog):
    words = Ask(WORDS, _("Who?"), label=_("Who"))
    links = (Link(_("As {words}"), FILE), Link(_("As a file"), FILE), Link(_("as a file"), FILE))
    drawn = Aside(_("Draw it"), Let(picture, words), links=links)
    asked = Review(_("{words}?"), words, asides=(drawn,))
    done = End(_("Done."), given=asked)


def test_links_beneath_what_is_shown_besides() -> None:
    found_says(
        LinkedAside,
        "asked: nothing fills {words} in “As {words}”",
        "asked: 2 buttons of one keyboard read “as a file”",
    )


# -- and what is right ---------------------------------------------------------------------------------


class Sound(Dialog):
    """Branches that part and meet, a row, a refusal, a picture: nothing to complain of."""

    title = _("Sound")
    size = Choose(Size, _("How big?"), label=_("Size"), default="SMALL")
    small = Ask(WORDS, _("How small?"), given=size.case(Size.SMALL))
    large = Ask(WORDS, _("How large?"), given=size.case(Size.LARGE))
    words = Either(small, large)
    found = Do(look_up, words, rejects={Unknown: (small, _("{words} is unknown."))}, given=small)
    known = found.case(Found)
    things = Pick(THINGS, _("{known.loud}: which?"), label=_("Things"), typical=("lamp",), given=known)
    rows = Each(Row.what_it_is_called, of=things, item=Row.item, about=_("{item}"), label=_("One"))
    drawn = Aside(_("As a picture"), Let(picture, words), links=(Link(_("As a file"), FILE),))
    asked = Review(_("{size}, {words}?"), size, things, rows, given=(words, known), asides=(drawn,))
    done = End(_("Well, {found.name}."), given=(asked, known))
    sorry = End(_("Sorry."), given=found.case(GaveUp))
    other = End(_("So large: {large}."), given=large)


class SoundToo(Dialog):
    """All that services take at once, and nothing to complain of."""

    title = _("Sound, too")
    seen = Do(look_around, otherwise=Unknown())
    size = Choose(Size, _("How big?"), default="SMALL", links=(Link(_("Sizes"), "/sizes"),))
    words = Ask(WORDS, _("Who?"), contact=True)
    code = Check(
        WORDS,
        _("{words}: which code?"),
        try_words,
        size,
        rejects={Unknown: _("{size} is not it.")},
        redo=(Redo(_("Somebody else"), (words,), opens=True),),
        switches=(Switch(_("Large, please"), size, "LARGE"),),
        given=words,
    )
    page = Form(
        PAGE,
        _("A page for {code.name}."),
        take_page,
        words,
        refuses={Unknown: Refuse(_("Not that."), "words")},
        button=_("Open"),
        label=_("Secret"),
    )
    one = Select(Let(twice, words), _("Which?"), key=key_of, show=shown_as, label=_("One"))
    came = Await((Found, Unknown), _("I wait."), given=(page, one))
    asked = Review(_("{one}?"), one, page, exact={one: words}, given=came)
    done = End(_("Well, {code.name}."), starts=("SoundToo",), given=(asked, code))


def test_a_sound_dialog_has_no_problems() -> None:
    found_says(Sound)
    found_says(SoundToo)
    found_says(Row, row=True)
