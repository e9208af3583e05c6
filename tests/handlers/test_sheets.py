"""A year of months and a bill as pictures."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from handlers.paper import Row, Sheet
from handlers.pictures import ACCENT, LIGHT, SOFT_INK, WIDTH, Month, months_png, sheet_png

FULL = WIDTH - 2 * 56


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def months(*rows: Month) -> Image.Image:
    return opened(months_png("", rows, (), ""))


def longest(picture: Image.Image, colour: tuple[int, int, int]) -> int:
    """The most pixels of about this colour in one row."""
    return max(
        sum(_is(picture.getpixel((x, y)), colour) for x in range(56, WIDTH - 56))
        for y in range(picture.height)
    )


def _is(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) <= 12 for have, want in zip(pixel, colour, strict=True))


def test_high_and_low_fill_the_bar_in_their_proportion() -> None:
    picture = months(Month("October", "400 kWh", 300, 100, None))
    assert abs(longest(picture, ACCENT) - FULL * 0.75) <= 3
    assert abs(longest(picture, LIGHT) - FULL * 0.25) <= 3


def test_months_share_one_scale_with_the_year_before() -> None:
    picture = months(Month("", "", 50, 0, 100), Month("", "", 0, 25, None))
    assert abs(longest(picture, ACCENT) - FULL / 2) <= 3
    assert abs(longest(picture, LIGHT) - FULL / 4) <= 3
    assert abs(longest(picture, SOFT_INK) - FULL) <= 3


def test_nothing_used_draws_no_bar_and_no_error() -> None:
    picture = months(Month("October", "0 kWh", 0, 0, 0))
    assert longest(picture, ACCENT) == longest(picture, LIGHT) == 0
    assert months().width == WIDTH


def test_the_height_follows_the_months() -> None:
    heights = [months(*[Month("May", "1 kWh", 1, 0, None)] * n).height for n in (1, 2, 12)]
    assert heights[2] - heights[1] == 10 * (heights[1] - heights[0]) > 0


def sheet(*rows: Row, lead: tuple[str, ...] = ("DPR 6687",)) -> Image.Image:
    made = Sheet("KESCO", "Fatura", lead, rows, "Nr. 1", date(2026, 11, 2), "KESCO")
    return opened(sheet_png(made))


@pytest.mark.parametrize("strong", [False, True])
def test_a_sheet_is_as_high_as_its_rows(strong: bool) -> None:
    one, two = (sheet(*[Row("Neto", "1,00 €", strong)] * n) for n in (1, 2))
    assert one.width == two.width == WIDTH
    assert two.height > one.height


def test_a_sheet_has_room_for_each_line_of_its_lead() -> None:
    none, one, two = (sheet(lead=("DPR 6687",) * n).height for n in (0, 1, 2))
    assert none < one < two


def test_long_words_are_wrapped_beside_their_amount() -> None:
    short = sheet(Row("Neto", "1.234,56 €"))
    long = sheet(Row("Tarifa e lartë " * 8, "1.234,56 €"))
    assert long.height > short.height
