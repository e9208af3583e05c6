"""Facts that grow old, facts that can be done without, and menus that stand as they were shown last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from dialogs.engine.going import RESUME
from dialogs.engine.memory import recall, remember
from dialogs.engine.prompts import BACK, FAILED, RETRY
from dialogs.engine.steps import Ask, Bad, Context, Dialog, Do, End, Link, Reader, Review, Say
from dialogs.engine.text import _, _l
from tests.engine.talk import Gone, Talk, Weather, book_of


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)


@dataclass(frozen=True)
class Open:
    hours: str


@dataclass(frozen=True)
class Shut:
    pass


@dataclass(frozen=True)
class Unsure:
    pass


@dataclass
class Office:
    """Its door is open or shut, and sometimes nobody answers; `calls` counts who asked."""

    door: Open | Shut = Open("8 to 4")
    away: bool = False
    calls: int = 0
    booked: int = 0

    def reset(self) -> None:
        self.door, self.away, self.calls, self.booked = Open("8 to 4"), False, 0, 0


OFFICE = Office()


@pytest.fixture(autouse=True)
def office() -> Office:
    OFFICE.reset()
    return OFFICE


async def look(turn: Context) -> Open | Shut:
    OFFICE.calls += 1
    if OFFICE.away:
        raise Gone
    return OFFICE.door


async def look_softly(turn: Context) -> Open | Shut | Unsure:
    OFFICE.calls += 1
    if OFFICE.away:
        raise Gone
    return OFFICE.door


async def book_visit(turn: Context, door: Open, who: str) -> int:
    OFFICE.booked += 1
    return OFFICE.booked


AN_HOUR = timedelta(hours=1)


class Visit(Dialog):
    title = _l("Visit the office")
    door = Do(look, fresh_for=AN_HOUR)
    shut = End(_("It is shut."), given=door.case(Shut))
    who = Ask(WORDS, _("Who comes?"), label=_l("Who"))
    why = Ask(WORDS, _("What for?"), label=_l("Why"), given=door.case(Open))
    told = Say(_("It is open {door.hours}."), given=door.case(Open))
    sure = Review(_("{who}, {door.hours}: right?"), who, why, given=door.case(Open))
    booked = Do(book_visit, door.case(Open), who, given=sure)
    done = End(_("Booked: {booked}."), given=booked)


class Strict(Dialog):
    """Asks anew with every move."""

    title = _l("Strictly now")
    door = Do(look, fresh_for=timedelta(0))
    shut = End(_("It is shut."), given=door.case(Shut))
    who = Ask(WORDS, _("Who comes?"))
    why = Ask(WORDS, _("What for?"))
    done = End(_("Good."), given=(who, why))


class Calm(Dialog):
    """Never asks again."""

    title = _l("Once and for all")
    door = Do(look)
    who = Ask(WORDS, _("Who comes?"))
    why = Ask(WORDS, _("What for?"))
    done = End(_("Good."), given=(who, why))


class Gentle(Dialog):
    """Does without."""

    title = _l("Look in")
    door = Do(look_softly, otherwise=Unsure())
    unsure = End(_("Nobody answers."), menu="other", given=door.case(Unsure))
    seen = End(_("Somebody is there."), menu="main", given=door)


@pytest.fixture
def talk() -> Talk:
    menus: dict[str, tuple[type[Dialog], ...]] = {"main": (Visit, Gentle, Weather), "other": (Weather, Visit)}
    return Talk(book_of(Visit, Strict, Calm, Gentle, Offer, menus=menus))


# -- facts that grow old -------------------------------------------------------------------------------


def test_a_fact_that_is_fresh_enough_is_asked_once(talk: Talk) -> None:
    talk.opens(Visit)
    talk.wait(minutes=50)
    talk.say("Ana", "a contract")
    assert OFFICE.calls == 1
    assert talk.asks == "sure"


def test_a_fact_that_has_grown_old_is_asked_again_when_the_dialog_goes_on(talk: Talk) -> None:
    talk.opens(Visit)
    talk.wait(minutes=61)
    talk.say("Ana")
    assert OFFICE.calls == 2
    assert talk.asks == "why"


def test_an_old_fact_that_is_still_the_same_forgets_nothing_and_says_nothing_twice(talk: Talk) -> None:
    talk.opens(Visit)
    talk.say("Ana", "a contract")
    assert talk.hears("It is open 8 to 4.")
    talk.wait(hours=2)
    talk.press("yes")
    assert OFFICE.calls == 2
    assert talk.hears("Booked: 1.")
    assert not talk.hears("It is open 8 to 4.")


def test_an_old_fact_that_has_changed_asks_again_what_rested_on_it_and_nothing_else(talk: Talk) -> None:
    talk.opens(Visit)
    talk.say("Ana", "a contract")
    OFFICE.door = Open("9 to 5")
    talk.wait(hours=2)
    talk.press("yes")
    assert talk.asks == "why"
    assert talk.told("who") == "Ana"
    assert "sure" not in talk.now.top.told
    talk.say("a contract")
    assert talk.words[:2] == ["It is open 9 to 5.", "Ana, 9 to 5: right?"]
    talk.press("yes")
    assert OFFICE.booked == 1


def test_an_old_fact_that_has_changed_may_end_the_dialog(talk: Talk) -> None:
    talk.opens(Visit)
    OFFICE.door = Shut()
    talk.wait(hours=2)
    talk.say("Ana")
    assert talk.words[0] == "It is shut."
    assert talk.dialogs == []


def test_a_fact_that_was_asked_again_is_fresh_for_as_long_as_before(talk: Talk) -> None:
    talk.opens(Visit)
    talk.wait(minutes=61)
    talk.say("Ana")
    talk.wait(minutes=50)
    talk.say("a contract")
    assert OFFICE.calls == 2


def test_what_is_asked_with_every_move_is_asked_once_a_move(talk: Talk) -> None:
    talk.opens(Strict)
    assert OFFICE.calls == 1
    talk.say("Ana")
    assert OFFICE.calls == 2
    OFFICE.door = Shut()
    talk.say("a contract")
    assert OFFICE.calls == 3
    assert talk.hears("It is shut.")


def test_a_dialog_that_is_come_back_to_asks_for_what_has_grown_old_beneath_the_other(talk: Talk) -> None:
    talk.opens(Strict)
    talk.opens(Calm)
    talk.say("Ana")
    OFFICE.door = Shut()
    talk.say("a contract")
    assert talk.words[0] == "Good."
    assert talk.hears("It is shut.")
    assert talk.dialogs == []


def test_a_question_that_is_only_shown_again_asks_for_no_fact(talk: Talk) -> None:
    talk.opens(Strict)
    talk.press("help")
    talk.tap("lang:sq")
    talk.tap("1:nonsense")
    talk.note(_("Something to know."))
    talk.wait(hours=3)
    talk.wake()
    assert OFFICE.calls == 1
    assert talk.asks == "who"


def test_a_fact_without_an_age_is_never_asked_again(talk: Talk) -> None:
    talk.opens(Calm)
    talk.wait(days=6)
    talk.say("Ana", "a contract")
    assert OFFICE.calls == 1


def test_a_fact_is_fresh_though_the_clock_was_set_back_and_old_when_it_was_set_back_far(talk: Talk) -> None:
    talk.opens(Visit)
    talk.wait(minutes=-30)
    talk.say("Ana")
    assert OFFICE.calls == 1
    talk.wait(hours=-3)
    talk.say("a contract")
    assert OFFICE.calls == 2


def test_an_old_fact_that_cannot_be_had_keeps_every_answer_and_is_tried_again(talk: Talk) -> None:
    talk.opens(Visit)
    OFFICE.away = True
    talk.wait(hours=2)
    talk.say("Ana")
    assert talk.hears(FAILED.msgid)
    assert talk.told("who") == "Ana"
    OFFICE.away = False
    talk.press(RETRY)
    assert talk.asks == "why"
    assert OFFICE.calls == 3


def test_back_from_a_fact_that_cannot_be_had_anew_forgets_the_last_answer_and_no_other(talk: Talk) -> None:
    talk.opens(Visit)
    talk.say("Ana")
    OFFICE.away = True
    talk.wait(hours=2)
    talk.say("a contract")
    assert talk.hears(FAILED.msgid)
    talk.say("back")
    assert talk.dialogs == ["Visit"]
    assert talk.told("who") == "Ana"
    OFFICE.away = False
    talk.press(RETRY)
    assert talk.asks == "why"


def test_back_from_a_fact_that_could_never_be_had_leaves(talk: Talk) -> None:
    OFFICE.away = True
    talk.opens(Visit)
    assert talk.hears(FAILED.msgid)
    talk.say("back")
    assert talk.dialogs == []


def test_when_a_fact_was_learnt_is_remembered_and_only_of_those_that_grow_old(talk: Talk) -> None:
    talk.opens(Visit)
    assert talk.now.top.told["door"].at == talk.at
    assert recall(remember(talk.now), talk.book.dialogs) == talk.now
    talk.opens(Calm)
    assert talk.now.top.told["door"].at is None


def test_a_fact_of_before_its_age_was_known_stands(talk: Talk) -> None:
    talk.opens(Visit)
    text = remember(talk.now).replace(f',"{talk.at.isoformat()}"]', "]", 1)
    assert text != remember(talk.now)
    talk.now = recall(text, talk.book.dialogs)
    assert talk.now.top.told["door"].at is None
    talk.wait(hours=5)
    talk.say("Ana")
    assert OFFICE.calls == 1
    assert talk.asks == "why"


def test_back_does_not_stop_at_a_fact(talk: Talk) -> None:
    talk.opens(Visit)
    talk.say("Ana", "a contract")
    talk.wait(hours=2)
    talk.press(BACK)
    assert talk.asks == "why"
    assert OFFICE.calls == 2


# -- facts that can be done without --------------------------------------------------------------------


def test_what_cannot_be_reached_is_otherwise_what_the_dialog_says(talk: Talk) -> None:
    OFFICE.away = True
    talk.opens(Gentle)
    assert talk.words == ["Nobody answers."]
    assert talk.dialogs == []


def test_what_can_be_reached_is_what_it_is(talk: Talk) -> None:
    talk.opens(Gentle)
    assert talk.words == ["Somebody is there."]


# -- menus -----------------------------------------------------------------------------------------------


class Offer(Dialog):
    """Ends with what can be done next."""

    title = _l("Make an offer")
    done = End(_("Here."), links=(Link(_l("A page of it"), "/page"),), starts=("Visit", "Calm"))


def test_a_number_means_the_entry_of_the_menu_that_was_shown_last(talk: Talk) -> None:
    OFFICE.away = True
    talk.opens(Gentle)
    assert talk.now.menu == "other"
    assert [option.payload for option in talk.buttons] == ["start:Weather", "start:Visit"]
    assert [option.number for option in talk.buttons] == [1, 2]
    OFFICE.away = False
    talk.say("2")
    assert talk.asks == "who"


def test_a_number_after_another_menu_means_that_one(talk: Talk) -> None:
    OFFICE.away = True
    talk.opens(Gentle)
    OFFICE.away = False
    talk.say("menu")
    assert talk.now.menu == "main"
    talk.say("1")
    assert talk.asks == "who"


def test_an_end_offers_what_can_be_done_next_and_the_way_home(talk: Talk) -> None:
    talk.opens(Offer)
    assert [o.payload for o in talk.buttons] == ["", "start:Visit", "start:Calm", "start:Menu"]
    assert [o.number for o in talk.buttons] == [None, 1, 2, 3]
    talk.say("2")
    assert talk.dialogs == ["Calm"]


def test_what_an_end_offered_is_remembered_over_a_restart(talk: Talk) -> None:
    talk.opens(Offer)
    talk.now = recall(remember(talk.now), talk.book.dialogs)
    talk.say("3")
    assert talk.words == ["What now?"]


def test_a_number_beyond_the_menu_is_nothing(talk: Talk) -> None:
    talk.opens(Offer)
    talk.say("4")
    assert talk.dialogs == []
    assert talk.words[-1] == "What now?"


def test_a_menu_that_a_deploy_took_away_is_the_first_one(talk: Talk) -> None:
    talk.change(menu="of yesterday")
    talk.say("3")
    assert talk.words[0] == "It rains."
    talk.change(menu="Gone.done")
    talk.say("3")
    assert talk.words[0] == "It rains."


def test_what_an_end_offers_stands_beside_what_is_open_without_numbers(talk: Talk) -> None:
    talk.opens(Calm)
    talk.opens(Offer)
    assert talk.dialogs == ["Calm"]
    assert [o.payload for o in talk.buttons] == ["", RESUME, "start:Visit", "start:Calm", "start:Menu"]
    assert [o.number for o in talk.buttons] == [None] * 5
    talk.say("1")
    assert talk.told("who") == "1"


def test_a_dialog_that_an_end_offers_is_started_by_its_button_also_later(talk: Talk) -> None:
    talk.opens(Offer)
    talk.say("weather report")
    talk.tap("start:Visit")
    assert talk.asks == "who"
