"""What a customer sees on Viber are the words that were meant, whatever marks are among them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Span
from handlers.viber.marks import literal, marked
from tests.viber.reader import JOINER, Shown, read


def bold_in(*runs: str | tuple[str]) -> tuple[Span, ...]:
    """Spans from words, those to be bold in a tuple of their own."""
    return tuple(Span(run[0], bold=True) if isinstance(run, tuple) else Span(run) for run in runs)


@pytest.mark.parametrize(
    ("spans", "text"),
    [
        (bold_in(("Totali",), " është 38 €"), "*Totali* është 38 €"),
        (bold_in("Totali: ", ("38,42\u00a0€",)), "Totali: *38,42\u00a0€*"),
        (bold_in("Totali: ", ("38 €",), ". Faleminderit"), "Totali: *38 €.* Faleminderit"),
        (bold_in("(", ("38 €",), ")"), "(38 €)"),
        (bold_in("(", ("rreth",), " 38 €)"), "(*rreth* 38 €)"),
        (bold_in("mbi", ("38",), " €"), "mbi38 €"),
        (bold_in(("38",), "\u00a0€"), "38\u00a0€"),
        (bold_in("a", (" b ",), "c"), "a *b* c"),
        (bold_in(("Fatura",), "\n\nrreth"), "*Fatura* \n\nrreth"),
        (
            bold_in(
                ("një\n dy \n\ntri",),
            ),
            "*një* \n *dy* \n\n*tri*",
        ),
        (bold_in("Kodi ", ("DPR_6687",)), "Kodi DPR_6687"),
        (bold_in("5 * 3 = ", ("15",)), "5 * 3 = 15"),
        (bold_in(("a (",), (".",)), "*a (.*"),
        (bold_in(("",), "x", (" ",)), "x "),
    ],
)
def test_bold_stands_only_where_every_client_shows_it(spans: tuple[Span, ...], text: str) -> None:
    assert marked(spans) == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("a*b*c", "a*b*c"),
        ("_x_", f"_x_{JOINER}"),
        ("~ 38 €", "~ 38 €"),
        ("*x* y", f"*x*{JOINER} y"),
        ("*_x_*", f"*_x_{JOINER}*{JOINER}"),
        ("**** 1234", f"**{JOINER}*{JOINER}*{JOINER} 1234"),
        ("```x```", f"`{JOINER}`{JOINER}`x`{JOINER}`{JOINER}`{JOINER}"),
        ("artan_b_@example.com", "artan_b_@example.com"),
    ],
)
def test_marks_of_the_words_themselves_do_nothing(words: str, text: str) -> None:
    assert literal(words) == text
    assert read(text).words == words


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://kesco.example/form/a_bc_d-e", "https://kesco.example/form/a_bc_d-e"),
        ("https://kesco.example/form/a_bc_", "https://kesco.example/form/a_bc%5F"),
        ("http://kesco.example/a*b~", "http://kesco.example/a%2Ab%7E"),
    ],
)
def test_an_address_can_be_copied(address: str, text: str) -> None:
    assert marked((Span(f"_Hape: {address} \nose {address}"),)) == f"_Hape: {text} \nose {text}"


def test_a_mark_that_stands_before_an_address_is_left_alone() -> None:
    assert literal("a *https://kesco.example") == "a *https://kesco.example"
    assert literal("a -*https://kesco.example") == "a -*https://kesco.example"


CHARS = st.sampled_from("ab. \n\u00a0(*_~`")
RUNS = st.lists(st.tuples(st.text(CHARS, max_size=8), st.booleans()), max_size=8)


@pytest.mark.parametrize("spaces", ["", " ", " \n"])
@pytest.mark.parametrize("far", [True, False])
@given(runs=RUNS)
def test_the_words_on_the_screen_are_those_that_were_meant(
    spaces: str, far: bool, runs: list[tuple[str, bool]]
) -> None:
    spans = [Span(text, bold) for text, bold in runs]

    shown = read(marked(spans), spaces, far=far)

    words = "".join(text for text, _bold in runs)
    assert unspaced(shown.words) == unspaced(words)
    meant = [bold for text, bold in runs for _ in text]
    assert not any(
        bold and not wanted and char not in ".,:;!?…" for char, bold, wanted in aligned(shown, words, meant)
    )


def aligned(shown: Shown, words: str, meant: list[bool]) -> list[tuple[str, bool, bool]]:
    """Each visible character with how it is shown and how it was meant."""
    chars = [(c, b) for c, b in zip(shown.words, shown.bold, strict=True) if not c.isspace()]
    wanted = [b for c, b in zip(words, meant, strict=True) if not c.isspace()]
    return [(char, bold, want) for (char, bold), want in zip(chars, wanted, strict=True)]


def unspaced(words: str) -> str:
    """A space that nobody sees, at the end of a line, is none."""
    return re.sub(r" +\n", "\n", words)
