from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.channel import Button, Capabilities, Image, Message, Span
from dialogs.engine.lines import Line, Option, Picture, Tone
from dialogs.engine.text import Phrase, Text, _n, verbatim
from handlers.render import render
from locales.speaker import Speaker

ENGLISH = Speaker("en", strict=True)
EDITING = Capabilities(
    edits=True,
    deletes=True,
    inline_keyboard=True,
    lists=False,
    buttons=100,
    columns=3,
    label_length=36,
    text_length=4096,
    caption_length=1024,
    phone_button=True,
    typing=True,
    free_hours=None,
)
PLAIN = Capabilities(
    edits=False,
    deletes=False,
    inline_keyboard=False,
    lists=True,
    buttons=24,
    columns=2,
    label_length=30,
    text_length=7000,
    caption_length=700,
    phone_button=False,
    typing=False,
    free_hours=None,
)
CONTROLS = (
    Option("7:back", verbatim("Back"), Tone.CONTROL, "◀️"),
    Option("7:help", verbatim("Help"), Tone.CONTROL, "❔"),
    Option("7:cancel", verbatim("Cancel"), Tone.CONTROL, "✖️"),
)
PICKING = Line(
    body=(Phrase(Text("What do you have <b>at home</b>?")),),
    prompt=7,
    options=(
        Option("7:-tv", verbatim("TV"), icon="📺", marked=True, number=1),
        Option("7:+oven", verbatim("Oven"), icon="🍕", marked=False, number=2),
        Option("7:+heater", verbatim("Thermal storage heater"), icon="🌙", marked=False, number=3),
        Option("7:done", Phrase(_n("Done ({n})", "Done ({n})", by="n"), {"n": 1}), Tone.PRIMARY, number=4),
        Option("7:p1", verbatim("Kitchen…"), number=5),
        *CONTROLS,
    ),
)


def labels(message: Message) -> list[list[str]]:
    return [[button.label for button in row] for row in message.rows]


def test_a_question_on_a_channel_that_edits() -> None:
    assert render(PICKING, ENGLISH, EDITING) == Message(
        text=(Span("What do you have "), Span("at home", bold=True), Span("?")),
        rows=(
            (
                Button("✅ 📺 TV", "7:-tv", marked=True, number=1),
                Button("▫️ 🍕 Oven", "7:+oven", marked=False, number=2),
            ),
            (Button("▫️ 🌙 Thermal storage heater", "7:+heater", marked=False, number=3),),
            (Button("Done (1)", "7:done", tone=Tone.PRIMARY, number=4),),
            (Button("Kitchen…", "7:p1", number=5),),
            (
                Button("◀️ Back", "7:back", tone=Tone.CONTROL),
                Button("❔ Help", "7:help", tone=Tone.CONTROL),
                Button("✖️ Cancel", "7:cancel", tone=Tone.CONTROL),
            ),
        ),
        prompt=7,
    )


def test_the_same_question_on_a_plain_channel_can_be_answered_by_typing_a_number() -> None:
    message = render(PICKING, ENGLISH, PLAIN)

    assert message.text == (
        Span("What do you have "),
        Span("at home", bold=True),
        Span("?\n\n1. ✅ 📺 TV\n2. ▫️ 🍕 Oven\n3. ▫️ 🌙 Thermal storage heater\n4. Done (1)\n5. Kitchen…"),
    )
    assert labels(message) == [
        ["1. ✅ 📺 TV", "2. ▫️ 🍕 Oven"],
        ["3. ▫️ 🌙 Thermal storage heater"],
        ["4. Done (1)"],
        ["5. Kitchen…"],
        ["◀️ Back", "❔ Help"],
        ["✖️ Cancel"],
    ]


def test_an_option_that_takes_no_number_is_not_listed() -> None:
    line = Line((verbatim("How many hours?"),), 3, (Option("3:=2", verbatim("2 h")),))

    message = render(line, ENGLISH, PLAIN)

    assert message.text == (Span("How many hours?"),)
    assert labels(message) == [["2 h"]]


def test_paragraphs_stand_on_lines_of_their_own_and_an_empty_one_leaves_a_blank_line() -> None:
    line = Line((Phrase(Text("<b>Total</b>")), verbatim(""), verbatim("about")))

    assert render(line, ENGLISH, EDITING) == Message((Span("Total", bold=True), Span("\n\nabout")))


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (("1", "2", "3", "4"), [["1", "2", "3"], ["4"]]),
        (("fourteen chars", "sixteen of chars"), [["fourteen chars", "sixteen of chars"]]),
        (("eighteen characters", "2"), [["eighteen characters"], ["2"]]),
        (("1", "2", "an eleven ch"), [["1", "2"], ["an eleven ch"]]),
    ],
)
def test_short_labels_share_a_row_and_long_ones_stand_alone(
    words: tuple[str, ...], rows: list[list[str]]
) -> None:
    line = Line((), 1, tuple(Option(f"1:{word}", verbatim(word)) for word in words))

    assert labels(render(line, ENGLISH, EDITING)) == rows


def test_an_option_with_an_address_opens_it_and_brings_nothing_back() -> None:
    line = Line((), options=(Option("x", verbatim("Google Play"), url="https://play.google.com"),))

    assert render(line, ENGLISH, EDITING).rows == ((Button("Google Play", url="https://play.google.com"),),)


def test_a_keyboard_that_is_too_small_keeps_the_ways_out() -> None:
    many = tuple(Option(f"1:{n}", verbatim(f"Place {n}"), number=n) for n in range(1, 40))
    message = render(Line((), 1, many + CONTROLS), ENGLISH, PLAIN)

    pressed = [button.payload for row in message.rows for button in row]
    assert len(pressed) == 24
    assert pressed[-4:] == ["1:21", "7:back", "7:help", "7:cancel"]
    assert "39. Place 39" in message.text[0].text


def chart(picture: Picture, speaker: Speaker) -> bytes:
    return speaker.show(picture.values["total"], "money").encode()


def test_a_picture_is_drawn_by_its_painter_in_the_language_of_the_chat() -> None:
    picture = Picture("chart", {"total": Decimal("38.42")}, alt=verbatim("38 euros in bars"))

    message = render(Line((), picture=picture), Speaker("sq"), EDITING, {"chart": chart})

    assert message == Message((), image=Image("38,42\u00a0€".encode(), "38 euros in bars"))


@pytest.mark.parametrize("name", ["chart", "nobody"])
def test_a_picture_that_cannot_be_drawn_is_told_in_words(name: str) -> None:
    picture = Picture(name, {}, alt=verbatim("38 euros in bars"))

    message = render(Line((verbatim("Here:"),), picture=picture), ENGLISH, EDITING, {"chart": chart})

    assert message == Message((Span("Here:\n38 euros in bars"),))


def test_words_that_already_stand_in_the_text_are_not_repeated_for_a_picture() -> None:
    alt = verbatim("38 euros in bars")
    line = Line((alt,), picture=Picture("nobody", {}, alt=alt))

    assert render(line, ENGLISH, EDITING) == Message((Span("38 euros in bars"),))


def test_rendering_says_nothing_of_edits() -> None:
    assert render(replace(PICKING, edits=True), ENGLISH, EDITING) == render(PICKING, ENGLISH, EDITING)
