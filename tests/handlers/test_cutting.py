from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Span
from handlers.cutting import split


def text_of(parts: list[tuple[Span, ...]]) -> list[str]:
    return ["".join(span.text for span in part) for part in parts]


def test_lines_are_the_second_best_border_and_words_the_third() -> None:
    assert text_of(split((Span("abcd ef\nghi jkl"),), 12)) == ["abcd ef", "ghi jkl"]
    assert text_of(split((Span("abcdefg hijklm"),), 10)) == ["abcdefg", "hijklm"]


def test_a_word_without_end_is_cut_hard_but_never_inside_a_character() -> None:
    assert text_of(split((Span("💡" * 5),), 4)) == ["💡💡", "💡💡", "💡"]
    assert text_of(split((Span("a" + "💡" * 3),), 4)) == ["a💡", "💡💡"]


@given(st.lists(st.tuples(st.text(st.sampled_from("ab ë💡\n&<"), max_size=60), st.booleans())))
def test_no_word_is_lost_in_the_cutting(runs: list[tuple[str, bool]]) -> None:
    spans = [Span(text, bold) for text, bold in runs]
    cut = split(spans, 16)
    whole = "".join(text for text, _ in runs)
    assert "".join("".join(text_of(cut)).split()) == "".join(whole.split())
    assert all(0 < len(text.encode("utf-16-le")) // 2 <= 16 and text == text.strip() for text in text_of(cut))
