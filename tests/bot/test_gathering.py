"""Where each keyboard takes the place of the last, nothing that a turn offers is lost under the next line."""

from __future__ import annotations

from bot.gathering import gathered
from dialogs.engine.lines import Line, Option, Tone
from dialogs.engine.text import verbatim

PAY = Option("o1", verbatim("Pay"))
SHOP = Option("", verbatim("Shop"), url="https://shop.example")
YES, NO = Option("7:yes", verbatim("Yes")), Option("7:no", verbatim("No"))
BACK = Option("7:back", verbatim("Back"), Tone.CONTROL)
OLD_BACK = Option("6:back", verbatim("Back"), Tone.CONTROL)


def line(words: str, *options: Option) -> Line:
    return Line((verbatim(words),), options=options)


def test_all_that_is_offered_stands_on_the_last_keyboard() -> None:
    said = gathered((line("A bill.", PAY, OLD_BACK), line("By the way."), line("Sure?", SHOP, YES, NO, BACK)))
    assert [each.options for each in said] == [(), (), (PAY, SHOP, YES, NO, BACK)]
    assert [each.body for each in said] == [
        (verbatim("A bill."),),
        (verbatim("By the way."),),
        (verbatim("Sure?"),),
    ]


def test_the_same_button_is_there_once() -> None:
    (*_others, last) = gathered((line("One.", PAY, SHOP), line("Two.", SHOP, PAY, YES)))
    assert last.options == (PAY, SHOP, YES)


def test_a_link_also_stays_with_its_words() -> None:
    (first, _last) = gathered((line("The shop.", SHOP, PAY), line("Sure?", YES)))
    assert first.options == (SHOP,)


def test_one_keyboard_is_left_as_it_is() -> None:
    lines = (line("One.", PAY, OLD_BACK), line("Two."))
    assert gathered(lines) == lines
