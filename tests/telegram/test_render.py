"""What Telegram is given for a rendered line, to the letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Button, Message, Span
from dialogs.engine.lines import Tone
from handlers.telegram.render import Piece, caption, keyboard, markup, pieces, split


def text_of(parts: list[tuple[Span, ...]]) -> list[str]:
    return ["".join(span.text for span in part) for part in parts]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_line_with_every_kind_of_button() -> None:
    line = Message(
        (Span("Totali: "), Span("14,20 €", bold=True), Span(" për <muajin> & shtëpinë")),
        (
            (Button("✅ TV", "12:-tv", marked=True), Button("▫️ Bojler", "12:+boiler", marked=False)),
            (Button("Po", "12:yes", tone=Tone.PRIMARY), Button("Fshij", "12:no", tone=Tone.DANGER)),
            (Button("eKESCO", url="https://kesco-energy.com"), Button("Kthehu", "back", tone=Tone.CONTROL)),
        ),
        prompt=12,
    )
    assert pieces(line) == (
        Piece(
            "Totali: <b>14,20 €</b> për &lt;muajin&gt; &amp; shtëpinë",
            {
                "inline_keyboard": [
                    [
                        {"text": "✅ TV", "callback_data": "12:-tv", "style": "success"},
                        {"text": "▫️ Bojler", "callback_data": "12:+boiler"},
                    ],
                    [
                        {"text": "Po", "callback_data": "12:yes", "style": "primary"},
                        {"text": "Fshij", "callback_data": "12:no", "style": "danger"},
                    ],
                    [
                        {"text": "eKESCO", "url": "https://kesco-energy.com"},
                        {"text": "Kthehu", "callback_data": "back"},
                    ],
                ]
            },
        ),
    )


def test_a_line_without_options_has_no_keyboard() -> None:
    assert pieces(Message((Span("Faleminderit."),))) == (Piece("Faleminderit.", None),)
    assert keyboard(()) is None


def test_an_empty_text_makes_no_message() -> None:
    assert pieces(Message((Span(" \n"),))) == ()


def test_quotes_stay_as_they_are() -> None:
    assert markup((Span("\"Rr. 'Nëna Terezë'\""),)) == "\"Rr. 'Nëna Terezë'\""


def test_a_long_text_is_cut_between_paragraphs_and_the_last_piece_has_the_keyboard() -> None:
    first, second = "a" * 3000, "b" * 3000
    parts = pieces(Message((Span(first), Span(f"\n\n{second}", bold=True)), ((Button("Po", "1:yes"),),)))
    assert [part.html for part in parts] == [first, f"<b>{second}</b>"]
    assert parts[0].keyboard is None
    assert parts[1].keyboard == {"inline_keyboard": [[{"text": "Po", "callback_data": "1:yes"}]]}


def test_pieces_that_look_alike_share_no_keyboard() -> None:
    same = "a" * 4000
    parts = pieces(Message((Span(f"{same}\n{same}"),), ((Button("Po", "1:yes"),),)))
    assert [part.keyboard is None for part in parts] == [True, False]


def test_lines_are_the_second_best_border_and_words_the_third() -> None:
    assert text_of(split((Span("abcd ef\nghi jkl"),), 12)) == ["abcd ef", "ghi jkl"]
    assert text_of(split((Span("abcdefg hijklm"),), 10)) == ["abcdefg", "hijklm"]


def test_a_word_without_end_is_cut_hard_but_never_inside_a_character() -> None:
    assert text_of(split((Span("💡" * 5),), 4)) == ["💡💡", "💡💡", "💡"]
    assert text_of(split((Span("a" + "💡" * 3),), 4)) == ["a💡", "💡💡"]


def test_markup_does_not_count_and_escapes_count_once() -> None:
    assert len(pieces(Message((Span("&" * 4096, bold=True),)))) == 1
    assert len(pieces(Message((Span("&" * 4097, bold=True),)))) == 2


def test_a_caption_is_the_whole_text_or_none() -> None:
    assert caption(Message((Span("E <b>", bold=True),))) == "<b>E &lt;b&gt;</b>"
    assert caption(Message(())) == ""
    assert caption(Message((Span("a" * 1025),))) is None


@given(st.lists(st.tuples(st.text(st.sampled_from("ab ë💡\n&<"), max_size=60), st.booleans())))
def test_no_word_is_lost_in_the_cutting(runs: list[tuple[str, bool]]) -> None:
    spans = [Span(text, bold) for text, bold in runs]
    cut = split(spans, 16)
    whole = "".join(text for text, _ in runs)
    assert "".join("".join(text_of(cut)).split()) == "".join(whole.split())
    assert all(0 < units(text) <= 16 and text == text.strip() for text in text_of(cut))
