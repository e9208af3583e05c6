"""Dialogs that only show something: they are not come back to, and nobody is reminded of them."""

from __future__ import annotations

from dialogs.engine.steps import Ask, Choice, Choose, Dialog, End, Let, Reader, Review, Select
from dialogs.engine.text import Phrase, _, _l, verbatim
from tests.engine.talk import Talk, Weather, book_of


def as_typed(text: str) -> str:
    return text


class Colour(Choice):
    RED = _l("Red")
    BLUE = _l("Blue")


def cards_of(colour: Colour) -> tuple[str, ...]:
    return ("one", "two") if colour is Colour.RED else ("one",)


def first_of(cards: tuple[str, ...]) -> str:
    return cards[0]


def shown(card: str) -> Phrase:
    return verbatim(card)


class Card(Dialog):
    title = _l("A card")
    fleeting = True

    colour = Choose(Colour, _("Which colour?"), default="RED", label=_l("Colour"))
    cards = Let(cards_of, colour)
    card = Select(
        cards,
        _("Which card?"),
        key=as_typed,
        show=shown,
        default=Let(first_of, cards),
        label=_l("Another card"),
        given=colour,
    )
    seen = Review(_("This is card {card}."), colour, card)
    done = End(_("That was it."), given=seen)


class Order(Dialog):
    title = _l("Order something")

    name = Ask(Reader(as_typed), _("In whose name?"))
    size = Choose(Colour, _("Which colour shall it have?"), given=name)
    done = End(_("Ordered."), given=size)


def test_what_only_shows_something_is_left_by_anything_else() -> None:
    talk = Talk(book_of(Card, Order))
    talk.opens(Card)
    assert talk.dialogs == ["Card"]
    talk.opens(Order)
    assert talk.dialogs == ["Order"]
    talk.say("Arta")
    talk.opens(Card)
    assert talk.dialogs == ["Order", "Card"]
    talk.opens(Weather)
    assert talk.dialogs == ["Order"]
    assert talk.asks == "size"


def test_the_menu_does_not_offer_to_go_on_with_it() -> None:
    talk = Talk(book_of(Card))
    talk.opens(Card)
    talk.say("menu")
    assert talk.dialogs == []
    assert not any(option.payload == "resume" for option in talk.buttons)


def test_nobody_is_reminded_of_it() -> None:
    for dialog, reminded in ((Card, False), (Order, True)):
        talk = Talk(book_of(Card, Order))
        talk.opens(dialog)
        if dialog is Order:
            talk.say("Arta")
        talk.wait(hours=3)
        talk.wake()
        assert bool(talk.lines) is reminded
        talk.wait(hours=1)
        talk.wake()
        assert not talk.lines


def test_an_assumed_choice_stands_until_it_is_opened() -> None:
    talk = Talk(book_of(Card))
    talk.opens(Card)
    assert talk.hears("This is card one.")
    talk.press("change:card")
    talk.press("=two")
    assert talk.hears("This is card two.")


def test_where_there_is_one_alone_no_other_is_offered() -> None:
    talk = Talk(book_of(Card))
    talk.opens(Card)
    assert "change:card" in talk.options
    talk.press("change:colour")
    talk.press("=BLUE")
    assert "change:card" not in talk.options
