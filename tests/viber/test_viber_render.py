"""What Viber is given for a rendered message, to the letter, and what holds of whatever it is given."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channel import Button, Image, Message, Span
from dialogs.engine.book import Entrance
from dialogs.engine.lines import Line, Option, Tone
from dialogs.engine.text import verbatim
from dialogs.home import Home
from handlers.render import render as rendered
from handlers.viber.actions import PageAsked, option_action, read_action
from handlers.viber.capabilities import VIBER
from handlers.viber.keyboard import fits_key
from handlers.viber.models import Sender, Sending, UrlMessage, as_json, encoded
from handlers.viber.render import Look, in_plain_words, render, welcome
from handlers.viber.words import key_words
from locales.speaker import Speaker
from tests.viber.reader import JOINER, read

KESCO = Sender(name="KESCO")
LOOK = Look(KESCO, key_words(Speaker("sq", strict=True)), level=10)
MENU = {
    "Columns": 6,
    "Rows": 1,
    "ActionType": "reply",
    "ActionBody": "~1|menu",
    "Text": "🏠 Menyja",
    "TextSize": "regular",
}
PNG = "https://kesco.example/file/abc.png"
CONTROLS = (
    Button("◀️ Kthehu", "12:back", tone=Tone.CONTROL),
    Button("❔ Ndihmë", "12:help", tone=Tone.CONTROL),
    Button("✖️ Anulo", "12:cancel", tone=Tone.CONTROL),
)


def keys(sending: Sending) -> list[dict[str, Any]]:
    buttons = as_json(sending)["keyboard"]["Buttons"]
    assert isinstance(buttons, list)
    return buttons


def grid(sending: Sending) -> list[list[str]]:
    """The labels as they stand in the rows of the grid; every row is full."""
    rows: list[list[str]] = [[]]
    left = 6
    for key in keys(sending):
        if not left:
            rows.append([])
            left = 6
        left -= key["Columns"]
        assert left >= 0, "a button hangs over the edge"
        rows[-1].append(label(key))
    assert left == 0, "a row with a hole"
    return rows


def label(key: dict[str, Any]) -> str:
    return html.unescape(re.sub(r"</?font[^>]*>", "", key["Text"]))


def one(*sent: Sending) -> Sending:
    (only,) = sent
    return only


def asks(*rows: tuple[Button, ...], text: str = "Cila?") -> Message:
    return Message((Span(text),), rows, prompt=12)


def several(count: int) -> tuple[Button, ...]:
    return tuple(Button(str(n), f"12:={n}") for n in range(count))


def test_a_line_with_every_kind_of_button() -> None:
    message = Message(
        (Span("Totali: "), Span("14,20 €", bold=True), Span(" për <muajin>")),
        (
            (Button("1. ✅ TV", "12:-tv", marked=True), Button("2. ▫️ Bojler", "12:+b", marked=False)),
            (
                Button("3. Po & jo", "12:yes", tone=Tone.PRIMARY),
                Button("4. Fshij", "12:no", tone=Tone.DANGER),
            ),
            (Button("eKESCO", url="https://kesco-energy.com"),),
            (Button("◀️ Kthehu", "12:back", tone=Tone.CONTROL),),
        ),
        prompt=12,
    )

    def key(columns: int, action: str, text: str, **more: Any) -> dict[str, Any]:
        plain = {"Columns": columns, "Rows": 1, "ActionType": "reply", "TextSize": "regular"}
        return {**plain, "ActionBody": action, "Text": text, **more}

    assert [as_json(sending) for sending in render(message, LOOK)] == [
        {
            "sender": {"name": "KESCO"},
            "min_api_version": 6,
            "type": "text",
            "text": "Totali: *14,20 €* për <muajin>",
            "keyboard": {
                "Type": "keyboard",
                "DefaultHeight": False,
                "Buttons": [
                    key(3, "~1|12:-tv", "1. ✅ TV"),
                    key(3, "~1|12:+b", "2. ▫️ Bojler"),
                    key(3, "~1|12:yes", '<font color="#FFFFFF">3. Po &amp; jo</font>', BgColor="#0F766E"),
                    key(3, "~1|12:no", '<font color="#FFFFFF">4. Fshij</font>', BgColor="#B3261E"),
                    key(6, "https://kesco-energy.com", "eKESCO", ActionType="open-url", Silent=True),
                    key(6, "~1|12:back", "◀️ Kthehu"),
                    MENU,
                ],
            },
        }
    ]


@pytest.mark.parametrize("tone", [Tone.PRIMARY, Tone.DANGER])
def test_what_stands_on_a_colour_can_be_read(tone: Tone) -> None:
    (key, _menu) = keys(one(*render(asks((Button("!", "a", tone=tone),)), LOOK)))
    ink = re.search(r'color="(#\w+)"', key["Text"])
    assert ink
    assert (luminance(ink[1]) + 0.05) / (luminance(key["BgColor"]) + 0.05) >= 4.5  # WCAG AA


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    shares = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("count", "widths"),
    [
        (1, [6]),
        (2, [3, 3]),
        (3, [2, 2, 2]),
        (4, [3, 3, 3, 3]),
        (5, [2, 2, 2, 3, 3]),
        (6, [1, 1, 1, 1, 1, 1]),
        (7, [1, 1, 1, 1, 1, 1, 6]),
    ],
)
def test_a_row_is_shared_out_equally(count: int, widths: list[int]) -> None:
    sending = one(*render(asks(several(count)), LOOK))

    assert [key["Columns"] for key in keys(sending)] == [*widths, 6]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("six", "in a", "row", "do", "not", "fit"), [["six", "in a", "row"], ["do", "not", "fit"]]),
        (("ten letters", "ten letters"), [["ten letters", "ten letters"]]),
        (("ten letters", "b", "c"), [["ten letters", "b"], ["c"]]),
        (("a", "a label of twenty char", "c", "d"), [["a"], ["a label of twenty char"], ["c", "d"]]),
    ],
)
def test_a_label_that_is_long_has_room(labels: tuple[str, ...], rows: list[list[str]]) -> None:
    row = tuple(Button(label, f"12:={n}") for n, label in enumerate(labels))

    assert grid(one(*render(asks(row), LOOK))) == [*rows, ["🏠 Menyja"]]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("Shqip", "Srpski", "Српски", "English"), [["Shqip", "Srpski"], ["Српски", "English"]]),
        (("a", "b", "c", "a label of twenty char"), [["a", "b", "c"], ["a label of twenty char"]]),
    ],
)
def test_none_of_four_is_left_over(labels: tuple[str, ...], rows: list[list[str]]) -> None:
    *three, last = (Button(label, f"12:={n}") for n, label in enumerate(labels))

    assert grid(one(*render(asks(tuple(three), (last,)), LOOK)))[:-1] == rows


def test_what_is_of_another_kind_stands_alone() -> None:
    for other in (Button("PDF", url="https://k.example"), Button("Po", "1:y", tone=Tone.PRIMARY)):
        assert grid(one(*render(asks(several(3), (other,)), LOOK)))[:-1] == [["0", "1", "2"], [other.label]]


def test_the_way_to_the_menu_stands_there_once() -> None:
    ended = asks((Button("🧾 Fatura", "start:LastBill"),), (Button("🏠 Kryesore", Entrance(Home).payload),))

    assert grid(one(*render(ended, LOOK))) == [["🧾 Fatura"], ["🏠 Menyja"]]


def test_a_label_too_long_for_a_line_has_two_and_one_too_long_for_viber_is_cut() -> None:
    long, endless = "Rruga Nëna Terezë 15/2, Prishtinë", "&" * 300
    first, second, _menu = keys(
        one(*render(asks((Button(long, "12:a"),), (Button(endless, "12:b", tone=Tone.PRIMARY),)), LOOK))
    )

    assert (first["Rows"], first["Text"]) == (2, long)
    assert len(second["Text"]) <= 250
    assert re.fullmatch(r'<font color="#FFFFFF">(&amp;)+…</font>', second["Text"])


def test_more_rows_than_there_are_have_pages_that_all_keep_the_ways_out() -> None:
    places = asks(*((Button(f"Vendi numër {n}", f"12:={n}"),) for n in range(25)), CONTROLS)

    first, second, third = (grid(one(*render(places, LOOK, page=page))) for page in range(3))

    tail = [[button.label for button in CONTROLS], ["🏠 Menyja"]]
    assert first == [*([f"Vendi numër {n}"] for n in range(9)), ["Më shumë 2/3 ›"], *tail]
    assert second == [
        *([f"Vendi numër {n}"] for n in range(9, 18)),
        ["‹ Më parë 1/3", "Më shumë 3/3 ›"],
        *tail,
    ]
    assert third == [*([f"Vendi numër {n}"] for n in range(18, 25)), ["‹ Më parë 2/3"], *tail]


def test_an_arrow_names_the_prompt_and_the_page() -> None:
    places = asks(*((Button(f"Vendi numër {n}", f"12:={n}"),) for n in range(25)))

    back, on, _menu = keys(one(*render(places, LOOK, page=1)))[-3:]

    assert (read_action(back["ActionBody"]), read_action(on["ActionBody"])) == (
        PageAsked(12, 0),
        PageAsked(12, 2),
    )


def test_ten_rows_and_the_ways_out_need_no_page() -> None:
    full = asks(*((Button(f"Vendi numër {n}", f"12:={n}"),) for n in range(10)), CONTROLS)

    assert len(grid(one(*render(full, LOOK)))) == 12


def test_ways_out_without_end_leave_room_for_answers() -> None:
    many = asks(*((Button("Një dalje që zë një rresht", f"12:{n}", tone=Tone.CONTROL),) for n in range(20)))
    pages = all_pages(many, LOOK)

    assert all(len(grid(page)) <= 12 for page in pages)
    assert (
        len({key["ActionBody"] for page in pages for key in keys(page)} & {f"~1|12:{n}" for n in range(20)})
        == 20
    )


@pytest.mark.parametrize("rows", [11, 30])
def test_buttons_that_say_much_leave_bytes_for_the_words(rows: int) -> None:
    heavy = asks(*(tuple(Button("a", f"{n}:{'x' * 240}") for _ in range(6)) for n in range(rows)))
    pages = all_pages(heavy, LOOK)

    assert len(pages) > rows // 11
    assert all(len(encoded(as_json(page))) <= 15_000 for page in pages)


@pytest.mark.parametrize("page", [-1, 3, 10**6])
def test_a_page_that_there_is_not_is_the_nearest(page: int) -> None:
    places = asks(*((Button(f"Vendi numër {n}", f"12:={n}"),) for n in range(25)))

    assert render(places, LOOK, page=page) == render(places, LOOK, page=0 if page < 0 else 2)


def test_a_message_without_buttons_leaves_the_current_keyboard_where_it_is() -> None:
    current = asks((Button("Po", "12:yes"),), CONTROLS)
    told = one(*render(Message((Span("Faleminderit."),)), LOOK, current))

    assert keys(told) == keys(one(*render(current, LOOK)))


def test_where_there_was_never_a_keyboard_there_is_the_menu() -> None:
    assert keys(one(*render(Message((Span("Mirë se vini."),)), LOOK))) == [MENU]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/form/ab",
        f"https://kesco.example/{'a' * 250}",
        "https://kesco.example/një",
        "https://kesco.example/a b",
    ],
)
def test_an_address_that_no_button_takes_stands_in_the_text(url: str) -> None:
    told = one(*render(asks((Button("🔐 Zgjedh", url=url),), CONTROLS), LOOK))

    assert as_json(told)["text"] == f"Cila?\n\n🔐 Zgjedh\n{url}"
    assert grid(told) == [[button.label for button in CONTROLS], ["🏠 Menyja"]]


def test_links_outlive_their_keys_which_the_next_message_takes_away() -> None:
    link = Button("💳 Paguaj", url="https://k.example/pay")
    told = one(*render(Message((Span("Këtu:"),), ((link,),)), LOOK))

    assert as_json(told)["text"] == "Këtu:\n\n💳 Paguaj\nhttps://k.example/pay"
    assert grid(told) == [["💳 Paguaj"], ["🏠 Menyja"]]


def test_links_among_what_is_offered_stand_on_the_keyboard_alone() -> None:
    link, start = Button("💳 Paguaj", url="https://k.example/pay"), Button("🧾 Fatura", "start:LastBill")
    told = one(*render(Message((Span("Këtu:"),), ((link,), (start,))), LOOK))

    assert as_json(told)["text"] == "Këtu:"
    assert grid(told) == [["💳 Paguaj"], ["🧾 Fatura"], ["🏠 Menyja"]]


def test_links_of_a_question_are_there_as_long_as_it_is() -> None:
    link = Button("Kushtet", url="https://k.example/terms")

    assert as_json(one(*render(asks((link,)), LOOK)))["text"] == "Cila?"


def test_an_address_is_kept_quiet_where_viber_can_do_that() -> None:
    link = asks((Button("Kushtet", url="https://kesco.example/terms"),))

    assert [one(*render(link, replace(LOOK, level=n))).min_api_version for n in (1, 5, 6, 9)] == [1, 1, 6, 6]


PHONE = asks(
    (Button("📱 Ndaje numrin tim", "12:contact", tone=Tone.PRIMARY, contact=True),),
    CONTROLS[:2],
    text="Cili është numri juaj?",
)


def test_a_phone_can_share_its_number() -> None:
    sending = one(*render(PHONE, replace(LOOK, level=3)))

    assert sending.min_api_version == 3
    assert (keys(sending)[0]["ActionType"], keys(sending)[0]["ActionBody"]) == (
        "share-phone",
        "~1|12:contact",
    )


def test_an_old_viber_is_asked_in_words_alone() -> None:
    sending = one(*render(PHONE, LOOK.lowest))

    assert sending.min_api_version == 1
    assert grid(sending) == [["◀️ Kthehu", "❔ Ndihmë"], ["🏠 Menyja"]]
    assert "InputFieldState" not in as_json(sending)["keyboard"]


def drawn(text: str) -> Message:
    return Message((Span(text, bold=True),), ((Button("Po", "12:yes"),),), 12, Image(b"png", "38 euro"))


def test_a_picture_has_its_words_beneath_it() -> None:
    sending = one(*render(drawn("Fatura_ "), LOOK, media=PNG))

    shown = as_json(sending)
    assert (shown["type"], shown["text"], shown["media"]) == ("picture", f"Fatura_{JOINER}", PNG)
    assert grid(sending) == [["Po"], ["🏠 Menyja"]]


def test_words_too_long_to_stand_beneath_a_picture_come_before_it() -> None:
    words, picture = render(drawn("a" * 513), LOOK, media=PNG)

    assert as_json(words)["text"] == f"*{'a' * 513}*"
    assert (as_json(picture)["type"], as_json(picture)["text"]) == ("picture", "")
    assert keys(words) == keys(picture)


@pytest.mark.parametrize("media", ["", "http://kesco.example/file/abc.png", "https://kesco.example/file/abc"])
def test_a_picture_that_viber_cannot_fetch_is_told_in_words(media: str) -> None:
    assert as_json(one(*render(drawn("Fatura"), LOOK, media=media)))["text"] == "*Fatura* \n38 euro"


def test_a_picture_that_viber_finds_too_big_is_told_in_words() -> None:
    big = replace(drawn("Fatura"), image=Image(b"x" * 1_000_001, "38 euro"))

    assert as_json(one(*render(big, LOOK, media=PNG)))["type"] == "text"


def test_words_that_say_what_the_picture_shows_say_it_once() -> None:
    assert as_json(one(*render(drawn("38 euro"), LOOK)))["text"] == "*38 euro*"


def test_a_picture_alone_needs_no_words() -> None:
    alone = replace(drawn(""), text=())

    assert as_json(one(*render(alone, LOOK, media=PNG)))["text"] == ""
    assert as_json(one(*render(alone, LOOK)))["text"] == "38 euro"


def test_what_says_nothing_is_not_sent() -> None:
    assert render(Message((Span(" \n"),)), LOOK) == ()
    assert welcome(Message(()), LOOK) is None


def test_a_long_text_is_cut_between_paragraphs_and_every_piece_has_the_keyboard() -> None:
    first, second = "a" * 6000, "b" * 6000
    parts = render(asks((Button("Po", "12:yes"),), text=f"{first}\n\n{second}"), LOOK)

    assert [as_json(part)["text"] for part in parts] == [first, second]
    assert [grid(part) for part in parts] == [[["Po"], ["🏠 Menyja"]]] * 2


def test_marks_that_make_a_text_too_long_have_it_cut_again() -> None:
    words = ("_a_ " * 1750)[:-1]

    parts = [as_json(part)["text"] for part in render(Message((Span(words),)), LOOK)]

    assert all(len(part) <= 7000 for part in parts)
    assert " ".join(read(part).words for part in parts) == words


def test_a_request_is_measured_in_bytes() -> None:
    rows = tuple((Button("ж" * 250, f"12:={'x' * 60}{n}"),) for n in range(9))
    words = "\u0001" * 7000

    parts = render(Message((Span(words),), rows), LOOK)

    assert len(parts) > 1
    assert all(len(encoded({"receiver": "x" * 24, **as_json(part)})) <= 30_000 for part in parts)
    assert "".join(as_json(part)["text"] for part in parts) == words


def test_a_request_has_room_for_its_receiver() -> None:
    for length in range(4850, 4950):
        parts = render(Message((Span("\u0001" * length),)), LOOK)
        assert all(len(encoded({"receiver": "x" * 24, **as_json(part)})) <= 30_000 for part in parts)


def test_in_plain_words_the_options_are_there_to_be_typed() -> None:
    line = Line(
        (verbatim("Cilën faturë?"),),
        7,
        (
            Option("7:=a", verbatim("Mars"), number=1),
            Option("7:=b", verbatim("Prill"), number=2),
            Option("7:contact", verbatim("Ndaje numrin"), contact=True),
            Option("7:link", verbatim("Kushtet"), url="https://kesco.example/terms"),
            Option("7:back", verbatim("Kthehu"), Tone.CONTROL, "◀️"),
        ),
    )
    message = rendered(line, Speaker("sq", strict=True), VIBER)

    assert [as_json(part) for part in in_plain_words(message, LOOK)] == [
        {
            "sender": {"name": "KESCO"},
            "min_api_version": 1,
            "type": "text",
            "text": "Cilën faturë?\n\nKushtet\nhttps://kesco.example/terms\n\n1. Mars\n2. Prill\n◀️ Kthehu",
        }
    ]


def test_in_plain_words_nothing_is_bold_and_a_picture_is_told() -> None:
    told = one(*in_plain_words(drawn("Fatura"), LOOK))

    assert as_json(told)["text"] == "Fatura\n38 euro\n\nPo"


def test_a_welcome_is_one_message() -> None:
    both = welcome(drawn("Mirë se vini"), LOOK, media=PNG)
    words = welcome(drawn("a" * 513), LOOK, media=PNG)
    assert both is not None
    assert words is not None

    assert as_json(both)["type"] == "picture"
    assert as_json(words)["text"].startswith("*aaa")
    assert "receiver" not in as_json(both)


def test_an_address_by_itself_is_a_message_of_its_own() -> None:
    assert as_json(UrlMessage(sender=KESCO, media="https://kesco.example")) == {
        "sender": {"name": "KESCO"},
        "min_api_version": 1,
        "type": "url",
        "media": "https://kesco.example",
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("~1|1203:yes", "1203:yes"),
        ("~1|menu", "menu"),
        ("~1>1203.2", PageAsked(1203, 2)),
        ("~1|", None),
        ("~1|a\nb", None),
        ("~1>1203", None),
        ("~1>1203.2 ", None),
        ("~1>١٢.2", None),
        ("~2|1203:yes", None),
        (" ~1|1203:yes", None),
        ("1203:yes", None),
        ("~ 15 €", None),
        ("", None),
    ],
)
def test_what_comes_back_is_read_or_taken_for_words(text: str, meant: str | PageAsked | None) -> None:
    assert read_action(text) == meant


@pytest.mark.parametrize("payload", ["", "a\nb", "x" * 248])
def test_a_payload_that_would_not_come_back_is_no_button(payload: str) -> None:
    with pytest.raises(ValueError, match="no button can send"):
        option_action(payload)


@given(st.text())
def test_no_text_at_all_is_too_odd_to_be_read(text: str) -> None:
    payload = read_action(f"~1|{text}")

    assert payload is None or payload == text


LABELS = st.text(st.sampled_from("ab ë💡&<"), min_size=1, max_size=300)
TONES = st.sampled_from(Tone)


@st.composite
def buttons(draw: st.DrawFn) -> Button:
    words, tone = draw(LABELS), draw(TONES)
    if draw(st.integers(0, 4)) == 0:
        url = f"{draw(st.sampled_from(('https', 'http')))}://kesco.example/{'a' * draw(st.integers(0, 260))}"
        return Button(words, url=url, tone=tone)
    return Button(words, f"12:={draw(st.integers(0, 99))}", tone=tone, contact=draw(st.booleans()))


@given(
    rows=st.lists(st.lists(buttons(), min_size=1, max_size=8).map(tuple), max_size=30).map(tuple),
    text=st.text(max_size=300).map(lambda text: f"A{text}"),  # of one that says nothing nothing is sent
    level=st.integers(1, 10),
)
def test_whatever_the_buttons_viber_takes_them_and_none_is_lost(
    rows: tuple[tuple[Button, ...], ...], text: str, level: int
) -> None:
    message, look = Message((Span(text),), rows, prompt=12), replace(LOOK, level=level)

    found = []
    for sending in all_pages(message, look):
        stands = keys(sending)
        assert stands[-1] == MENU
        assert sum(key["Columns"] * key["Rows"] for key in stands) <= 72
        assert grid(sending)
        assert all(len(key["Text"]) <= 250 and len(key["ActionBody"]) <= 250 for key in stands)
        assert sending.min_api_version <= level
        assert len(encoded({"receiver": "x" * 24, **as_json(sending)})) <= 30_000
        found += [key["ActionBody"] for key in stands]

    assert {body for body in found if read_action(body) is None or "=" in body} == {
        button.url or f"~1|{button.payload}"
        for row in rows
        for button in row
        if (fits_key(button.url) if button.url else level >= 3 or not button.contact)
    }


def all_pages(message: Message, look: Look) -> list[Sending]:
    """What is sent for each page of the keyboard, by pressing its arrows."""
    sent: list[Sending] = []
    pages = {0}
    while len(sent) < len(pages):
        page = render(message, look, page=len(sent))
        sent += page[-1:]
        asked = (read_action(key["ActionBody"]) for part in page for key in keys(part))
        pages |= {action.page for action in asked if isinstance(action, PageAsked)}
        if not page:
            break
    return sent


def test_the_way_to_the_menu_is_there_once() -> None:
    (sent,) = render(
        asks((Button("🏠 Menyja kryesore", "start:Home"), Button("Fatura", "start:LastBill"))), LOOK
    )
    assert [key["Text"] for key in keys(sent)] == ["Fatura", "🏠 Menyja"]
