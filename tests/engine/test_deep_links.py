"""Deep links: a word that a link brings along, or that is written, begins a dialog beside what is open."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from dialogs.engine.book import DeepLink
from dialogs.engine.check.books import book_problems
from dialogs.engine.conversation import Conversation
from dialogs.engine.events import Arrived
from dialogs.engine.going import HELLO
from dialogs.engine.steps import Ask, Choice, Choose, Dialog, End, Entry, Param, Reader, Speak
from dialogs.engine.text import _, _l, verbatim
from tests.engine.talk import Gone, Talk, book_of


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is kept of a word."""

    number: int


def word_in(text: str) -> str | None:
    """Words such as T-17."""
    plain = text.strip().upper()
    return plain if plain.startswith("T-") and plain[2:].isdecimal() else None


async def kept(_turn: object, word: str) -> Ticket:
    return Ticket(int(word[2:]))


async def away(_turn: object, _word: str) -> Ticket:
    raise Gone


class Sure(Choice):
    YES = _l("Yes, this one")
    NO = _l("Rather not")


class UseTicket(Dialog):
    title = _l("Use a ticket")

    ticket: Param[Ticket] = Param[Ticket]()
    sure = Choose(Sure, _("Use ticket {ticket.number}?"), given=ticket)
    done = End(_("Ticket {ticket.number} it is."), given=sure)


def as_typed(text: str) -> str:
    return text


class Order(Dialog):
    title = _l("Order something")

    name = Ask(Reader(as_typed), _("In whose name?"))
    size = Choose(Sure, _("Which size?"), given=name)
    done = End(_("Ordered."), given=size)


class Greet(Dialog):
    """A welcome with a language, and an introduction after it."""

    title = _l("The greeting of the tests")
    quiet = True

    language = Speak(
        tuple(Entry(code, code, verbatim(name)) for code, name in (("en", "English"), ("sq", "Shqip"))),
        _("Which language?"),
    )
    what = Choose(Sure, _("Shall I introduce myself?"), given=language)
    done = End(_("That is all."), given=what)


def linked(keeps: object = kept) -> Talk:
    book = book_of(Order)
    dialogs = {**book.dialogs, "UseTicket": UseTicket, "Greet": Greet}
    link = DeepLink(UseTicket, word_in, keeps)  # type: ignore[arg-type]
    return Talk(replace(book, dialogs=dialogs, welcome=Greet, deep_link=link))


def arrives(talk: Talk, context: str, language: str = "en") -> None:
    talk.hear(Arrived(language, talk.at, context))


def newcomer(talk: Talk) -> Talk:
    talk.now = Conversation()
    return talk


def test_the_word_of_a_link_begins_its_dialog_with_what_was_kept_of_it() -> None:
    talk = linked()
    arrives(talk, "T-17")
    assert talk.hears("Use ticket 17?")
    assert talk.told("ticket") == Ticket(17)
    assert all("T-17" not in kept for kept in talk.kept), "the word itself is remembered nowhere"
    talk.press("=YES")
    assert talk.hears("Ticket 17 it is.")
    assert talk.dialogs == []


@pytest.mark.parametrize("context", ["", "T-", "campaign_7", "17", "start:Order"])
def test_another_word_does_nothing_but_greet(context: str) -> None:
    talk = linked()
    arrives(talk, context)
    assert talk.hears("What now?")
    assert talk.asked == []
    newcomer(talk)
    arrives(talk, context)
    assert talk.asks == "language"
    assert talk.dialogs == ["Greet"]


def test_what_is_open_is_gone_on_with_afterwards() -> None:
    talk = linked()
    talk.opens(Order)
    talk.say("Arta")
    before = talk.now.top
    arrives(talk, "T-17")
    assert talk.dialogs == ["Order", "UseTicket"]
    talk.press("=NO")
    assert talk.dialogs == ["Order"]
    assert talk.asks == "size"
    assert talk.now.top.told == before.told


def test_a_second_word_takes_the_place_of_the_first() -> None:
    talk = linked()
    arrives(talk, "T-17")
    arrives(talk, "T-18")
    assert talk.dialogs == ["UseTicket"]
    assert talk.told("ticket") == Ticket(18)


def test_a_newcomer_chooses_the_language_first_and_is_greeted() -> None:
    talk = newcomer(linked())
    arrives(talk, "T-17", "sq")
    assert talk.asks == "language"
    assert talk.now.language == "sq"
    talk.press("=en")
    assert talk.now.language == "en"
    assert talk.words == [HELLO.msgid, "Use ticket 17?"]
    talk.press("=YES")
    assert talk.dialogs == [], "nobody comes back to the introduction"


def test_a_newcomer_may_also_write_the_word_at_once() -> None:
    talk = newcomer(linked())
    talk.say("t-17")
    assert talk.asks == "language"
    talk.tap("lang:en")
    assert talk.asks == "sure"


def test_a_link_that_comes_while_the_language_is_asked_waits_for_the_answer() -> None:
    talk = newcomer(linked())
    arrives(talk, "")
    arrives(talk, "T-17")
    assert talk.dialogs == ["UseTicket", "Greet"]
    assert talk.asks == "language"
    talk.press("=sq")
    assert talk.asks == "sure"


def test_without_a_link_the_introduction_follows_the_language() -> None:
    talk = newcomer(linked())
    arrives(talk, "")
    talk.press("=en")
    assert talk.asks == "what"


def test_a_link_in_the_middle_of_the_introduction_ends_it() -> None:
    talk = newcomer(linked())
    arrives(talk, "")
    talk.press("=en")
    arrives(talk, "T-17")
    assert talk.dialogs == ["UseTicket"]


def test_the_word_is_understood_wherever_no_question_takes_it() -> None:
    talk = linked()
    talk.say("T-17")
    assert talk.asks == "sure"
    talk.say("T-18")
    assert talk.told("ticket") == Ticket(18)


def test_a_question_that_takes_any_words_takes_the_word_as_well() -> None:
    talk = linked()
    talk.opens(Order)
    talk.say("T-17")
    assert talk.told("name") == "T-17"
    talk.say("T-18")
    assert talk.dialogs == ["Order", "UseTicket"], "a question with buttons alone does not"


def test_what_cannot_be_reached_leaves_everything_as_it_is() -> None:
    talk = linked(away)
    talk.opens(Order)
    before = talk.now.frames
    arrives(talk, "T-17")
    assert talk.hears("I cannot reach our records just now. Please send that again in a minute.")
    assert talk.now.frames == before
    newcomer(talk)
    arrives(talk, "T-17")
    assert talk.asks == "language"


def test_a_book_without_a_deep_link_greets() -> None:
    talk = linked()
    talk.book = replace(talk.book, deep_link=None)
    arrives(talk, "T-17")
    assert talk.hears("What now?")
    assert talk.asked == []


def test_the_check_knows_what_a_deep_link_needs() -> None:
    talk = linked()
    assert not [problem for problem in book_problems(talk.book) if "link" in problem]
    assert talk.book.deep_link is not None
    untold = replace(talk.book, deep_link=replace(talk.book.deep_link, dialog=Order))
    assert "Order: the deep link tells it one thing, and it has to be told nothing" in book_problems(untold)
    gone = replace(talk.book, dialogs={k: v for k, v in talk.book.dialogs.items() if k != "UseTicket"})
    assert "the deep link begins UseTicket, which is no dialog of the book" in book_problems(gone)
