"""What Telegram is given for a rendered line, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channel import Button, Message, Span
from bot.pages import addressed
from bot.services.vault import Vault
from dialogs.engine.lines import PAGE, Line, Option, Tone
from dialogs.engine.text import verbatim
from handlers.render import render
from handlers.telegram.capabilities import TELEGRAM
from handlers.telegram.render import Piece, caption, in_words, keyboard, markup, pieces
from locales.speaker import Speaker


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


FORM = "/form/Zm9ybQ_12-34"
PHONE = Message(
    (Span("Cili është numri?"),),
    (
        (Button("📱 Ndaje numrin tim", "12:contact", tone=Tone.PRIMARY, contact=True),),
        (Button("📄 Kushtet", url="https://kesco.example/terms?lang=sq"),),
        (Button("◀️ Mbrapa", "12:back", tone=Tone.CONTROL), Button("❔ Ndihmë", "12:help", tone=Tone.CONTROL)),
    ),
    prompt=12,
)


def opens(url: str, *, app: bool = True) -> Piece:
    rows = ((Button("🔐 Zgjedh", url=url, tone=Tone.PRIMARY, app=app),), (Button("◀️ Mbrapa", "12:back"),))
    (piece,) = pieces(Message((Span("Zgjedh fjalëkalimin."),), rows))
    return piece


def test_a_question_for_the_phone_has_all_its_buttons_beneath_the_chat() -> None:
    assert pieces(PHONE) == (
        Piece(
            "Cili është numri?\n\n📄 Kushtet\nhttps://kesco.example/terms?lang=sq",
            {
                "keyboard": [
                    [{"text": "📱 Ndaje numrin tim", "request_contact": True, "style": "primary"}],
                    [{"text": "◀️ Mbrapa"}, {"text": "❔ Ndihmë"}],
                ],
                "resize_keyboard": True,
                "one_time_keyboard": True,
                "input_field_placeholder": "+383 44 123 456",
            },
        ),
    )


BACK = [{"text": "◀️ Mbrapa", "callback_data": "12:back"}]


@pytest.mark.parametrize(
    ("url", "app", "does"),
    [
        ("https://kesco.example" + FORM, True, {"web_app": {"url": "https://kesco.example" + FORM}}),
        ("http://kesco.example" + FORM, True, {"url": "http://kesco.example" + FORM}),
        ("http://127.0.0.1:8080" + FORM, True, {"url": "http://127.0.0.1:8080" + FORM}),
        ("http://[::1]:8080" + FORM, True, {"url": "http://[::1]:8080" + FORM}),
        ("https://kesco.example/terms?lang=sq", False, {"url": "https://kesco.example/terms?lang=sq"}),
    ],
)
def test_a_page_opens_inside_telegram_over_https_and_outside_without(
    url: str, app: bool, does: dict[str, Any]
) -> None:
    button = {"text": "🔐 Zgjedh", **does, "style": "primary"}
    assert opens(url, app=app) == Piece("Zgjedh fjalëkalimin.", {"inline_keyboard": [[button], BACK]})


@pytest.mark.parametrize(
    "place", ["http://localhost:8080", "https://localhost", "http://office", "http://[::1"]
)
def test_an_address_that_no_button_may_open_is_told_on_a_line_of_its_own(place: str) -> None:
    words = f"Zgjedh fjalëkalimin.\n\n🔐 Zgjedh\n{place}{FORM}"
    assert opens(place + FORM) == Piece(words, {"inline_keyboard": [BACK]})


def test_of_our_own_addresses_the_one_time_page_alone_opens_inside_telegram() -> None:
    links = (("7:page", f"{PAGE}seed"), ("7:link", "/terms"), ("7:app", "https://play.google.com"))
    line = Line((), 7, tuple(Option(payload, verbatim(payload), url=url) for payload, url in links))
    vault = Vault("a secret of the tests")
    told = addressed(line, vault, "https://kesco.example", "sr")
    shown = keyboard(render(told, Speaker("sr"), TELEGRAM))
    assert shown is not None
    page, terms, app = (button for row in shown["inline_keyboard"] for button in row)
    token = vault.derived("page", "seed")
    assert page["web_app"] == {"url": f"https://kesco.example/form/{token}"}
    assert terms["url"] == "https://kesco.example/terms?lang=sr"
    assert app["url"] == "https://play.google.com"


def test_several_addresses_are_told_apart_and_the_last_button_leaves_no_keyboard() -> None:
    links = (
        Button("Kushtet", url="http://office/terms?a=1&b=2"),
        Button("Privatësia", url="http://office/p"),
    )
    assert pieces(Message((Span("Lexo."),), (links,))) == (
        Piece("Lexo.\n\nKushtet\nhttp://office/terms?a=1&amp;b=2\n\nPrivatësia\nhttp://office/p", None),
    )


def test_addresses_that_are_told_count_into_a_caption() -> None:
    rows = ((Button("Kushtet", url="http://office/terms"),),)
    assert caption(Message((Span("a"),), rows)) == "a\n\nKushtet\nhttp://office/terms"
    assert caption(Message((Span("a" * 1000),), rows)) is None


def test_all_addresses_can_be_told_in_words() -> None:
    told = in_words(PHONE)
    assert told.rows == (PHONE.rows[0], PHONE.rows[2])
    assert in_words(told) == told


def test_a_line_without_options_has_no_keyboard() -> None:
    assert pieces(Message((Span("Faleminderit."),))) == (Piece("Faleminderit.", None),)
    assert keyboard(Message(())) is None


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


def test_markup_does_not_count_and_escapes_count_once() -> None:
    assert len(pieces(Message((Span("&" * 4096, bold=True),)))) == 1
    assert len(pieces(Message((Span("&" * 4097, bold=True),)))) == 2


def test_a_caption_is_the_whole_text_or_none() -> None:
    assert caption(Message((Span("E <b>", bold=True),))) == "<b>E &lt;b&gt;</b>"
    assert caption(Message(())) == ""
    assert caption(Message((Span("a" * 1025),))) is None
