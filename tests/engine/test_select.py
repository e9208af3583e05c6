"""A choice among what is known only now, also when it is another list by the time it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from dialogs.engine.choosing import ONCE_MORE
from dialogs.engine.memory import recall, remember
from dialogs.engine.prompts import BACK, KEEP
from dialogs.engine.steps import (
    Ask,
    Bad,
    Context,
    Dialog,
    Do,
    End,
    Let,
    Pick,
    Reader,
    Redo,
    Review,
    Select,
    SelectMany,
)
from dialogs.engine.steps import Entry as Thing
from dialogs.engine.text import Phrase, _, _l, verbatim
from tests.engine.talk import Talk, book_of


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)


@dataclass(frozen=True)
class Meter:
    code: str
    street: str


@dataclass(frozen=True)
class Meters:
    all: tuple[Meter, ...]


HOME, SHOP, BARN = Meter("a1", "Lipova"), Meter("b2", "Dardania"), Meter("c3", "Sunny Hill")
REGISTER = [HOME, SHOP]


@pytest.fixture(autouse=True)
def two_meters() -> None:
    REGISTER[:] = [HOME, SHOP]


async def meters(turn: Context) -> Meters:
    return Meters(tuple(REGISTER))


def all_of(found: Meters) -> tuple[Meter, ...]:
    return found.all


def code_of(meter: Meter) -> str:
    return meter.code


def street_of(meter: Meter) -> Phrase:
    return verbatim(meter.street)


def codes_of(found: Meters) -> tuple[str, ...]:
    return tuple(meter.code for meter in found.all)


class Read(Dialog):
    """One of the customer's meters, and what it shows."""

    title = _l("Read a meter")
    found = Do(meters, fresh_for=timedelta(0))
    meter = Select(
        Let(all_of, found),
        _("Which meter?"),
        key=code_of,
        show=street_of,
        label=_l("Meter"),
        help=(_("It is in the hall."),),
        redo=(Redo(_l("Look again"), (found,)),),
    )
    reading = Ask(WORDS, _("What does it show?"), label=_l("Reading"), given=meter)
    sure = Review(_("{meter.street}: right?"), meter, reading)
    done = End(_("Noted: {meter.street}, {reading}."), given=(sure, meter, reading))


@pytest.fixture
def talk() -> Talk:
    talk = Talk(book_of(Read, Wishes, ReadMany))
    talk.opens(Read)
    return talk


def test_what_there_is_now_is_offered_by_its_name_and_number(talk: Talk) -> None:
    assert [(o.label.values["words"], o.number) for o in talk.buttons[:2]] == [("Lipova", 1), ("Dardania", 2)]
    assert talk.options[:3] == ["=a1", "=b2", "redo:0"]


@pytest.mark.parametrize("typed", ["2", "2.", "dardania", "Dardanija", "DARDANIA"])
def test_it_is_chosen_by_number_or_name(talk: Talk, typed: str) -> None:
    talk.say(typed)
    assert talk.asks == "reading"
    assert talk.told("meter") == "b2"


def test_it_is_chosen_by_a_button_and_only_its_key_is_remembered(talk: Talk) -> None:
    talk.press("=a1")
    assert talk.told("meter") == "a1"
    talk.say("145")
    assert talk.words[0] == "Lipova: right?"
    assert "Meter: Lipova" in talk.words


@pytest.mark.parametrize("option", ["=zz", "=", "a1", "+a1", "yes", "done"])
def test_what_was_never_offered_is_not_taken(talk: Talk, option: str) -> None:
    talk.tap(f"{talk.now.asked}:{option}")
    assert talk.hears(ONCE_MORE.msgid)
    assert talk.asks == "meter"
    assert "meter" not in talk.now.top.told


def test_what_is_none_of_them_is_asked_again_with_help(talk: Talk) -> None:
    talk.say("the blue one")
    assert talk.hears("It is in the hall.")
    assert talk.asks == "meter"


def test_one_that_went_meanwhile_is_not_chosen_and_the_others_are_offered(talk: Talk) -> None:
    stale = talk.now.asked
    REGISTER.remove(SHOP)
    talk.press("=b2")
    assert talk.asks == "meter"
    assert talk.options[:2] == ["=a1", "redo:0"]
    assert talk.now.asked > stale
    talk.press("=a1")
    assert talk.told("meter") == "a1"
    assert talk.asks == "reading"


def test_one_that_came_meanwhile_does_not_disturb_the_choice(talk: Talk) -> None:
    talk.press("=b2")
    REGISTER.insert(0, BARN)
    talk.say("145")
    assert talk.asks == "sure"
    assert talk.words[0] == "Dardania: right?"


def test_one_that_goes_after_it_was_chosen_is_asked_again(talk: Talk) -> None:
    talk.press("=b2")
    REGISTER.remove(SHOP)
    talk.say("145")
    assert talk.asks == "meter"
    assert talk.options[0] == "=a1"


def test_another_name_of_the_same_is_shown_from_then_on(talk: Talk) -> None:
    talk.press("=b2")
    talk.say("145")
    REGISTER[1] = replace(SHOP, street="Dardania 7")
    talk.press("change:reading")
    talk.say("146")
    assert talk.told("meter") == "b2"
    assert talk.words[0] == "Dardania 7: right?"


def test_it_can_be_changed_and_left_as_it_is(talk: Talk) -> None:
    talk.press("=b2")
    talk.say("145")
    talk.press("change:meter")
    assert talk.asks == "meter"
    talk.press(KEEP)
    assert talk.told("meter") == "b2"
    talk.press("change:meter")
    talk.press("=a1")
    assert talk.told("meter") == "a1"


def test_back_asks_it_again(talk: Talk) -> None:
    talk.press("=b2")
    talk.press(BACK)
    assert talk.asks == "meter"
    assert "meter" not in talk.now.top.told


def test_a_choice_outlives_a_restart(talk: Talk) -> None:
    talk.press("=b2")
    assert recall(remember(talk.now), talk.book.dialogs) == talk.now
    assert recall(remember(talk.now).replace('["b2"', "[7"), talk.book.dialogs).top.told.keys() == {"found"}


# -- ticks that depend on the customer -----------------------------------------------------------------


class Wishes(Dialog):
    """What is ticked to begin with is this customer's own."""

    title = _l("My wishes for it")
    found = Do(meters)
    some = Pick(
        (Thing("a1", "a1", verbatim("First")), Thing("b2", "b2", verbatim("Second"))),
        _("Which ones?"),
        typical=Let(codes_of, found),
    )
    done = End(_("Noted."), given=some)


def ticked(talk: Talk) -> list[str]:
    return [o.payload.partition(":")[2][1:] for o in talk.buttons if o.marked]


def test_what_is_ticked_to_begin_with_is_what_is_known_of_this_customer() -> None:
    REGISTER[:] = [SHOP, BARN]
    talk = Talk(book_of(Wishes))
    talk.opens(Wishes)
    assert ticked(talk) == ["b2"]
    talk.press("done")
    assert talk.hears("Noted.")


def test_ticks_of_the_customer_outlive_what_is_typical() -> None:
    talk = Talk(book_of(Wishes))
    talk.opens(Wishes)
    assert ticked(talk) == ["a1", "b2"]
    talk.press("-a1")
    assert ticked(talk) == ["b2"]
    talk.say("weather report")
    assert ticked(talk) == ["b2"]


# -- several of what is known only now -----------------------------------------------------------------


def streets_of(some: tuple[Meter, ...]) -> str:
    return " and ".join(meter.street for meter in some)


class ReadMany(Dialog):
    """Some of the customer's meters."""

    title = _l("Read meters")
    found = Do(meters, fresh_for=timedelta(0))
    some = SelectMany(
        Let(all_of, found),
        _("Which meters?"),
        key=code_of,
        show=street_of,
        label=_l("Meters"),
        at_least=1,
        too_few=_("At least one."),
    )
    sure = Review(_("Right?"), some)
    streets = Let(streets_of, some)
    done = End(_("Noted: {streets}."), given=(sure, streets))


@pytest.fixture
def many() -> Talk:
    REGISTER[:] = [HOME, SHOP, BARN]
    talk = Talk(book_of(ReadMany))
    talk.opens(ReadMany)
    return talk


def test_nothing_is_ticked_until_the_customer_ticks_it(many: Talk) -> None:
    assert ticked(many) == []
    assert many.options[:4] == ["+a1", "+b2", "+c3", "done"]
    many.press("done")
    assert many.hears("At least one.")
    assert many.asks == "some"


@pytest.mark.parametrize("typed", ["lipova, sunny hill", "Sunny Hill and Lipova", "lipova\nsunnyhill"])
def test_they_are_ticked_by_name_or_button_and_kept_in_their_order(many: Talk, typed: str) -> None:
    many.say(typed)
    assert ticked(many) == ["a1", "c3"]
    many.press("done")
    assert many.told("some") == ("a1", "c3")
    assert "Meters: 2 chosen" in many.words
    many.press("yes")
    assert many.hears("Noted: Lipova and Sunny Hill.")


def test_a_tick_is_taken_off_again(many: Talk) -> None:
    many.press("+c3")
    many.press("+a1")
    many.press("-c3")
    many.press("done")
    assert many.told("some") == ("a1",)


def test_what_goes_meanwhile_takes_its_tick_along(many: Talk) -> None:
    many.press("+a1")
    many.press("+c3")
    REGISTER.remove(BARN)
    many.press("done")
    assert many.asks == "some"
    assert many.hears("Which meters?")
    assert ticked(many) == ["a1"]
    many.press("done")
    assert many.told("some") == ("a1",)


@pytest.mark.parametrize("option", ["+zz", "-zz", "+", "p1", "=a1"])
def test_what_was_never_there_is_not_ticked(many: Talk, option: str) -> None:
    many.tap(f"{many.now.asked}:{option}")
    assert many.asks == "some"
    assert ticked(many) == []


def test_ticks_outlive_a_restart_a_correction_and_a_step_back(many: Talk) -> None:
    many.press("+b2")
    many.now = recall(remember(many.now), many.book.dialogs)
    assert ticked(many) == ["b2"]
    many.press("done")
    many.press("change:some")
    assert ticked(many) == ["b2"]
    many.press("+c3")
    many.press("done")
    assert many.told("some") == ("b2", "c3")
    many.press(BACK)
    assert many.asks == "some"
    assert ticked(many) == ["b2", "c3"]
