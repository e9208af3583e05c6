"""What was checked once does not prove for ever: after a while, and to who goes back, it is asked anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from dialogs.engine.prompts import BACK
from dialogs.engine.steps import Ask, Bad, Check, Context, Dialog, Do, End, Reader
from dialogs.engine.text import _, _l
from tests.engine.talk import Talk, book_of


def as_is(text: str) -> str | Bad:
    return text


WORDS: Reader[str] = Reader(as_is)
ORDERED: list[str] = []


@dataclass(frozen=True)
class Ordered:
    number: int


@dataclass(frozen=True)
class Right:
    pass


@dataclass(frozen=True)
class Wrong:
    pass


async def order(turn: Context, name: str) -> Ordered:
    ORDERED.append(name)
    return Ordered(len(ORDERED))


async def check(turn: Context, typed: str, ordered: Ordered) -> Right | Wrong:
    return Right() if typed == f"key {ordered.number}" else Wrong()


class Door(Dialog):
    """A key is ordered for a name, tried, and only then something is asked."""

    title = _l("A door")
    name = Ask(WORDS, _("Who are you?"))
    ordered = Do(order, name)
    key = Check(
        WORDS,
        _("Which key?"),
        check,
        ordered,
        rejects={Wrong: _("It does not fit.")},
        fresh_for=timedelta(minutes=30),
        renews=(ordered,),
    )
    wish = Ask(WORDS, _("What would you like?"), given=key)
    why = Ask(WORDS, _("Why?"), given=key)
    done = End(_("Here is {wish}."), given=(key, wish, why))


@pytest.fixture
def talk() -> Talk:
    ORDERED.clear()
    talk = Talk(book_of(Door))
    talk.opens(Door)
    talk.say("Ana")
    return talk


def test_a_proof_holds_for_its_time(talk: Talk) -> None:
    talk.say("key 1")
    talk.wait(minutes=29)
    talk.say("bread", "hunger")
    assert talk.hears("Here is bread.")
    assert ORDERED == ["Ana"]


def test_an_old_proof_is_asked_for_anew_with_a_new_key_and_the_answers_are_kept(talk: Talk) -> None:
    talk.say("key 1", "bread")
    talk.wait(minutes=31)
    talk.say("hunger")
    assert talk.asks == "key"
    assert ORDERED == ["Ana", "Ana"]
    talk.say("key 1")
    assert talk.hears("It does not fit.")
    talk.say("key 2")
    assert talk.hears("Here is bread.")


def test_who_goes_back_over_a_proof_gets_a_new_key(talk: Talk) -> None:
    talk.say("key 1")
    assert talk.asks == "wish"
    talk.press(BACK)
    assert talk.asks == "key"
    assert ORDERED == ["Ana", "Ana"]
    talk.say("key 2")
    assert talk.asks == "wish"
