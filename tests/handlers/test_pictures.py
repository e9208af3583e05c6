from io import BytesIO

import pytest
from PIL import Image

from handlers.pictures import WIDTH, Bar, bars_png, font, wrapped

ALBANIAN = "ABCÇDEËFGHIJKLMNOPQRSTUVXYZabcçdeëfghijklmnopqrstuvxyz"
SERBIAN = "ABCČĆDĐEFGHIJKLMNOPRSŠTUVZŽabcčćdđefghijklmnoprsštuvzž"
CYRILLIC = "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШабвгдђежзијклљмнњопрстћуфхцчџш"
SIGNS = "0123456789.,:;-–—−+%€()„“”’·²/ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
LONG = "Ngrohje elektrike me akumulim nate dhe me një emër shumë të gjatë që nuk hyn në një rresht"


def image(*rows: Bar, title: str = "Fatura", footer: str = "Çmimet") -> Image.Image:
    return Image.open(BytesIO(bars_png(title, rows, footer))).convert("RGB")


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("letters", [ALBANIAN, SERBIAN, CYRILLIC, SIGNS])
def test_the_fonts_have_every_letter_of_all_scripts(letters: str, bold: bool) -> None:
    missing = bytes(font(40, bold).getmask("\U000e0fff"))
    for letter in letters:
        assert bytes(font(40, bold).getmask(letter)) != missing, letter


def test_the_same_words_give_the_same_picture() -> None:
    rows = [Bar("Šporet", "4,98 €", 4.98), Bar("Фрижидер", "1,94 €", 1.94)]
    assert bars_png("Račun", rows, "Cene") == bars_png("Račun", rows, "Cene")


def test_the_width_is_fixed_and_the_height_follows_the_rows() -> None:
    heights = [image(*[Bar("TV", "1 €", 1)] * n).height for n in (1, 2, 3)]
    assert image(Bar("TV", "1 €", 1)).width == WIDTH
    assert heights[2] - heights[1] == heights[1] - heights[0] > 0


def test_a_long_label_is_wrapped_and_keeps_clear_of_the_value() -> None:
    with_value, without = (image(Bar(LONG, value, 1), title="", footer="") for value in ("1.234,56 €", ""))
    assert with_value.height > image(Bar("TV", "1 €", 1), title="", footer="").height
    value_width = font(28, bold=True).getlength("1.234,56 €")
    label_width = WIDTH - 2 * 56 - value_width - 32
    assert all(font(28).getlength(line) <= label_width for line in wrapped(LONG, font(28), int(label_width)))
    assert without.height <= with_value.height


def test_a_word_wider_than_the_line_is_cut_and_no_letter_is_lost() -> None:
    lines = wrapped("x" * 300, font(28), 400)
    assert "".join(lines) == "x" * 300
    assert all(font(28).getlength(line) <= 400 for line in lines)


def test_an_amount_is_not_parted_from_its_currency() -> None:
    amount = "39,75\N{NO-BREAK SPACE}€"
    width = int(font(28).getlength(f"mesatar {amount}")) - 1
    assert wrapped(f"mesatar {amount}", font(28), width) == ["mesatar", amount]


def test_bars_are_as_long_as_their_values() -> None:
    picture = image(Bar("a", "", 4), Bar("b", "", 1), Bar("c", "", 0), title="", footer="")
    assert [round(length / (WIDTH - 112), 1) for length in bar_lengths(picture)] == [1, 0.2, 0]


def test_nothing_used_draws_no_bar_and_no_error() -> None:
    assert bar_lengths(image(Bar("a", "0", 0), title="", footer="")) == [0]
    assert image().width == WIDTH


def bar_lengths(picture: Image.Image) -> list[int]:
    """How much of each track is filled, measured through the middle of the bars."""
    lengths: list[int] = []
    for top in range(picture.height):
        row = [picture.getpixel((x, top)) for x in range(56, WIDTH - 56)]
        light = [sum(pixel) > 600 if isinstance(pixel, tuple) else True for pixel in row]
        is_bar = all(pixel != (254, 254, 254) and pixel != (255, 255, 255) for pixel in row[20:-20])
        if is_bar:
            lengths.append(light.count(False))
    step = 22
    return [max(lengths[i : i + step]) for i in range(0, len(lengths), step)]
