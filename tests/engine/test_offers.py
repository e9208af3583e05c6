"""Offers: buttons beside the live prompt that work once and start a dialog with what it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogs.engine.advance import OUTDATED, REFUSED_OFFERS, advance
from dialogs.engine.check.books import book_problems
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Noted, Ran, Said, Tapped
from dialogs.engine.going import BACK_WHERE_WE_WERE, Outcome, Take
from dialogs.engine.lines import Opening, Option
from dialogs.engine.memory import recall, remember
from dialogs.engine.offers import Refused, Taken, written
from dialogs.engine.steps import Ask, Choice, Choose, Dialog, Do, End, Param, Reader, Undo
from dialogs.engine.text import Phrase, _, _l
from tests.engine.talk import START, Talk, book_of

ID = "0123456789abcdef0123456789abcdef"


def as_typed(text: str) -> str:
    return text


WORDS = Reader(as_typed)


async def bring_back(_turn: object, what: str) -> str:
    return f"{what}, as it was"


async def take_away(_turn: object, what: str) -> str:
    return what


class BringBack(Dialog):
    title = _l("Bring it back")

    what: Param[str] = Param[str]()
    back = Do(bring_back, what)
    done = End(_("{back} is here again."), given=back)


class Remove(Dialog):
    title = _l("Remove something")

    what = Ask(WORDS, _("What shall go?"))
    gone = Do(take_away, what)
    done = End(
        _("{gone} is gone."), starts=("Remove",), undo=Undo(BringBack, _l("Undo"), what=gone), given=gone
    )


class Size(Choice):
    SMALL = _l("Small")
    LARGE = _l("Large")


class Order(Dialog):
    """Something that is open while an offer is taken."""

    title = _l("Order something")

    size = Choose(Size, _("Which size?"))
    name = Ask(WORDS, _("In whose name?"), given=size)
    done = End(_("Ordered."), given=name)


BOOK = replace(
    book_of(Remove, Order),
    dialogs={**book_of(Remove, Order).dialogs, "BringBack": BringBack},
)


def after(conversation: Conversation, *events: object) -> Outcome:
    outcome = Outcome(conversation)
    for event in events:
        outcome = advance(outcome.conversation, event, BOOK)  # type: ignore[arg-type]
    return outcome


def taken(conversation: Conversation, value: Taken | Refused) -> Outcome:
    """A tap on an offer, and what the program finds out about it."""
    tapped = after(conversation, Tapped(f"o{ID}", START))
    assert tapped.run == Take(ID)
    return after(tapped.conversation, Ran(tapped.run.step, value, START))


def to_end(outcome: Outcome) -> tuple[Outcome, list[str]]:
    """Services answered; the words of all that was said."""
    lines = list(outcome.lines)
    while outcome.run is not None:
        assert not isinstance(outcome.run, Take)
        value = f"{outcome.run.args[0]}, as it was"
        outcome = after(outcome.conversation, Ran(outcome.run.step, value, START))
        lines += outcome.lines
    return outcome, [phrase.text.msgid for line in lines for phrase in line.body]


def offered(talk: Talk) -> Option:
    return next(option for option in talk.buttons if option.offer)


def test_an_end_that_can_be_undone_offers_it_below_the_menu_under_the_next_number() -> None:
    talk = Talk(BOOK)
    talk.opens(Remove)
    talk.say("the lamp")
    option = offered(talk)
    others = [o.number for o in talk.buttons if o is not option]
    assert option.number == len(others) + 1
    assert option.offer == Opening("BringBack", {"what": "the lamp"}, timedelta(minutes=10))


def test_what_was_taken_starts_its_dialog_with_what_it_is_told() -> None:
    offer = Taken("BringBack", written(Opening("BringBack", {"what": "the lamp"}, timedelta(1))))
    outcome, said = to_end(taken(Conversation(language="en"), offer))
    assert outcome.conversation.frames == ()
    assert said[0] == "{back} is here again."


def test_while_a_question_is_open_it_keeps_its_number_and_stands_below() -> None:
    talk = Talk(BOOK)
    talk.opens(Order)
    talk.press("=SMALL")
    before = talk.now
    offer = Taken("BringBack", written(Opening("BringBack", {"what": "the lamp"}, timedelta(1))))
    outcome, said = to_end(taken(before, offer))
    assert said == ["{back} is here again.", BACK_WHERE_WE_WERE.msgid, "In whose name?"]
    assert outcome.lines[-1].prompt == before.asked == outcome.conversation.asked
    assert outcome.conversation.top == before.top


def test_an_offer_that_cannot_be_taken_says_why_and_changes_nothing() -> None:
    talk = Talk(BOOK)
    talk.opens(Order)
    for why, text in REFUSED_OFFERS.items():
        outcome = taken(talk.now, why)
        assert [p.text for line in outcome.lines for p in line.body] == [text, Order.size.text]
        assert outcome.conversation.frames == talk.now.frames
        assert outcome.conversation.asked == talk.now.asked


def test_what_a_deploy_has_changed_is_out_of_use() -> None:
    for offer in (
        Taken("Vanished", "{}"),
        Taken("BringBack", "{}"),
        Taken("BringBack", '{"what": 7}'),
        Taken("BringBack", "no longer JSON"),
    ):
        outcome = taken(Conversation(language="en"), offer)
        assert outcome.lines[0].body[0].text == OUTDATED


def test_beneath_a_menu_an_offer_can_be_typed_by_its_number_or_its_name() -> None:
    talk = Talk(BOOK)
    talk.opens(Remove)
    talk.say("the lamp")
    number = offered(talk).number
    told = replace(talk.now, offers=((f"o{ID}", "Undo"),))  # as the turn remembers it
    for text in (str(number), "undo"):
        assert after(told, Said(text, START)).run == Take(ID)
    assert not isinstance(after(told, Said(str((number or 0) + 1), START)).run, Take)


def test_beneath_a_notice_its_own_buttons_are_what_a_number_means() -> None:
    opening = Opening("BringBack", {"what": "the lamp"}, timedelta(days=7))
    options = (Option("offer", Phrase(_l("Undo")), offer=opening), Option("", Phrase(_l("Read")), url="/x"))
    outcome = after(Conversation(language="en"), Noted(Phrase(_("News.")), START, options))
    assert [o.number for o in outcome.lines[-1].options] == [1, None]
    told = replace(outcome.conversation, offers=((f"o{ID}", "Undo"),))
    assert after(told, Said("1", START)).run == Take(ID)


def test_a_notice_in_the_middle_of_a_question_leaves_the_question_live_below_it() -> None:
    talk = Talk(BOOK)
    talk.opens(Order)
    opening = Opening("BringBack", {"what": "the lamp"}, timedelta(days=7))
    options = (Option("offer", Phrase(_l("Undo")), offer=opening),)
    outcome = after(talk.now, Noted(Phrase(_("News.")), START, options))
    first, last = outcome.lines
    assert first.options == options
    assert last.asks == "size"
    assert last.prompt == outcome.conversation.asked


def test_a_dialog_without_what_it_was_started_with_is_not_gone_on_with() -> None:
    offer = Taken("BringBack", written(Opening("BringBack", {"what": "the lamp"}, timedelta(1))))
    open_ = taken(Conversation(language="en"), offer).conversation
    assert recall(remember(open_), BOOK.dialogs) == open_
    lost = remember(open_).replace('"what"', '"other"')
    assert recall(lost, BOOK.dialogs).frames == ()


def test_who_must_be_told_something_is_started_by_no_menu() -> None:
    wrong = book_of(Remove, BringBack)
    assert "BringBack: it has to be told what, and is started by what tells it nothing" in book_problems(
        wrong
    )


def test_what_is_undone_must_be_told_just_what_it_needs() -> None:
    class Forgetful(Dialog):
        title = _l("Forget something")

        gone = Do(take_away_all)
        done = End(_("Gone."), undo=Undo(BringBack, _l("Undo")), given=gone)

    book = book_of(Forgetful)
    found = book_problems(replace(book, dialogs={**book.dialogs, "BringBack": BringBack}))
    assert "Forgetful.done: it tells BringBack other things than it has to be told" in found
    assert "Forgetful.done: it offers BringBack, which is no dialog of the book" in book_problems(book)


async def take_away_all(_turn: object) -> str:
    return "all"
