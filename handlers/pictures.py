"""Pictures drawn from finished words: bars, months and sheets.  Knows no language, dialog or channel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont, Layout, truetype

from handlers.paper import Sheet

FONTS = Path(__file__).parent / "fonts"

# Pixels. The width is twice that of a phone's chat bubble, so that letters stay sharp on dense screens.
WIDTH = 900
MARGIN = 56
GAP = 32
BAR = 22
#: Bars are drawn this much larger and reduced, because Pillow draws round corners with steps.
SMOOTH = 4

#: Enough for smooth edges; the file is a third as large as in full colour, and made sooner.
COLOURS = 64
#: Words: a no-break space, as between an amount and its currency, is no place to break a line.
WORDS = re.compile(r"[^ \n\t]+")

PAPER = (255, 255, 255)
INK = (23, 32, 46)
SOFT_INK = (96, 108, 126)
TRACK = (233, 237, 243)
ACCENT = (14, 116, 144)
LIGHT = (147, 205, 219)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row; `value` gives the bar's length, in any unit that all rows share."""

    label: str
    value_text: str
    value: float


@dataclass(frozen=True, slots=True)
class Month:
    """What was used in a month, in kWh; `before` in the same month a year earlier, None where unknown."""

    label: str
    value_text: str
    high: float
    low: float
    before: float | None


@cache
def font(size: int, bold: bool = False) -> FreeTypeFont:
    """DejaVu Sans, which has Latin with ë š č ć đ ž, and Cyrillic.  Simple layout draws alike everywhere."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return truetype(str(FONTS / name), size, layout_engine=Layout.BASIC)


def bars_png(title: str, rows: Sequence[Bar], footer: str) -> bytes:
    """A PNG of `WIDTH` pixels, as high as its rows need.  The same words give the same bytes."""
    paper = _Paper(_height(title, rows, footer))
    paper.paragraph(title, font(40, bold=True), INK)
    longest = max((row.value for row in rows), default=0)
    for row in rows:
        paper.bar(row, row.value / longest if longest > 0 else 0)
    paper.paragraph(footer, font(24), SOFT_INK)
    return paper.png()


#: More than any sheet of ours needs; what stays empty is cut off.
TALLEST = 4000


def months_png(
    title: str, months: Sequence[Month], legend: Sequence[tuple[str, tuple[int, int, int]]], footer: str
) -> bytes:
    """A chart of months as PNG, in the order they are given."""
    paper = _Paper(TALLEST)
    paper.paragraph(title, font(40, bold=True), INK)
    paper.legend(legend)
    most = max([max(m.high + m.low, m.before or 0) for m in months], default=0) or 1
    for month in months:
        paper.stack(month, most)
    paper.paragraph(footer, font(24), SOFT_INK)
    return paper.png()


def sheet_png(sheet: Sheet) -> bytes:
    """Rows with amounts as PNG, such as a bill."""
    paper = _Paper(TALLEST)
    paper.paragraph(sheet.issuer, font(24, bold=True), ACCENT)
    paper.paragraph(sheet.title, font(40, bold=True), INK)
    paper.paragraphs(sheet.lead, font(26), SOFT_INK)
    for row in sheet.rows:
        if row.strong:
            paper.rule()
        paper.row(row.words, row.amount, strong=row.strong)
    paper.gap()
    paper.paragraph(sheet.footer, font(24), SOFT_INK)
    return paper.png()


class Measured(Protocol):
    """A typeface of one size; lengths in the unit of the paper."""

    def getlength(self, text: str) -> float: ...


def wrapped(text: str, type_: Measured, width: float) -> list[str]:
    """Lines no wider than `width`; a word that is wider itself is cut between letters."""
    lines: list[str] = []
    for word in WORDS.findall(text):
        if lines and type_.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines += _cut(word, type_, width)
    return lines


def _cut(word: str, type_: Measured, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and type_.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _line_height(type_: FreeTypeFont) -> int:
    return round(type_.size * 1.35)


def _label_lines(row: Bar) -> list[str]:
    """The label keeps clear of the value at its right."""
    value_width = round(font(28, bold=True).getlength(row.value_text))
    return wrapped(row.label, font(28), WIDTH - 2 * MARGIN - value_width - GAP)


def _paragraph_height(text: str, type_: FreeTypeFont) -> int:
    lines = len(wrapped(text, type_, WIDTH - 2 * MARGIN))
    return lines * _line_height(type_) + GAP if lines else 0


def _row_height(row: Bar) -> int:
    return max(1, len(_label_lines(row))) * _line_height(font(28)) + BAR + GAP + 8


def _height(title: str, rows: Sequence[Bar], footer: str) -> int:
    words = _paragraph_height(title, font(40, bold=True)) + _paragraph_height(footer, font(24))
    return 2 * MARGIN - GAP + words + sum(map(_row_height, rows))


class _Paper:
    """Paper that is filled from the top."""

    def __init__(self, height: int) -> None:
        self._image = Image.new("RGB", (WIDTH, height), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        self._top = MARGIN

    def paragraph(self, text: str, type_: FreeTypeFont, ink: tuple[int, int, int]) -> None:
        self._lines(wrapped(text, type_, WIDTH - 2 * MARGIN), type_, ink)
        self._top += GAP if text.split() else 0

    def paragraphs(self, texts: Sequence[str], type_: FreeTypeFont, ink: tuple[int, int, int]) -> None:
        for text in texts:
            self._lines(wrapped(text, type_, WIDTH - 2 * MARGIN), type_, ink)
        self._top += GAP if texts else 0

    def bar(self, row: Bar, share: float) -> None:
        value_type = font(28, bold=True)
        self._draw.text((WIDTH - MARGIN, self._top), row.value_text, INK, value_type, anchor="ra")
        self._lines(_label_lines(row) or [""], font(28), INK)
        self._top += 8
        full = WIDTH - 2 * MARGIN
        self._rounded(full, TRACK)
        if share > 0:
            self._rounded(max(BAR, round(full * share)), ACCENT)
        self._top += BAR + GAP

    def row(self, words: str, amount: str, *, strong: bool = False) -> None:
        """Words at the left, an amount at the right; strong ones end a sum."""
        type_ = font(28, bold=strong)
        self._draw.text((WIDTH - MARGIN, self._top), amount, INK, type_, anchor="ra")
        room = WIDTH - 2 * MARGIN - round(type_.getlength(amount)) - GAP
        self._lines(wrapped(words, type_, room) or [""], type_, INK)
        self._top += 8

    def gap(self) -> None:
        self._top += GAP // 2

    def rule(self) -> None:
        self._draw.rectangle((MARGIN, self._top, WIDTH - MARGIN, self._top + 1), TRACK)
        self._top += GAP // 2

    def stack(self, row: Month, most: float) -> None:
        """A month: high and low in one bar, and below it thinly the same month a year before."""
        value_type = font(26, bold=True)
        self._draw.text((WIDTH - MARGIN, self._top), row.value_text, INK, value_type, anchor="ra")
        self._lines([row.label], font(26), INK)
        self._top += 4
        full = WIDTH - 2 * MARGIN
        high, both = round(full * row.high / most), round(full * (row.high + row.low) / most)
        self._block(0, both, BAR, LIGHT)
        self._block(0, high, BAR, ACCENT)
        self._top += BAR + 4
        if row.before is not None:
            self._block(0, round(full * row.before / most), 6, SOFT_INK)
        self._top += 6 + GAP // 2

    def legend(self, entries: Sequence[tuple[str, tuple[int, int, int]]]) -> None:
        for words, colour in entries:
            self._draw.rectangle((MARGIN, self._top + 6, MARGIN + 22, self._top + 28), colour)
            self._draw.text((MARGIN + 36, self._top), words, SOFT_INK, font(24), anchor="la")
            self._top += _line_height(font(24))
        self._top += GAP // 2

    def _block(self, left: int, width: int, height: int, colour: tuple[int, int, int]) -> None:
        if width > 0:
            self._draw.rectangle(
                (MARGIN + left, self._top, MARGIN + left + width - 1, self._top + height - 1), colour
            )

    def png(self) -> bytes:
        self._image = self._image.crop((0, 0, WIDTH, min(self._top + MARGIN - GAP // 2, self._image.height)))
        out = BytesIO()
        few = self._image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG")
        return out.getvalue()

    def _lines(self, lines: Sequence[str], type_: FreeTypeFont, ink: tuple[int, int, int]) -> None:
        for line in lines:
            self._draw.text((MARGIN, self._top), line, ink, type_, anchor="la")
            self._top += _line_height(type_)

    def _rounded(self, width: int, colour: tuple[int, int, int]) -> None:
        mask = Image.new("L", (width * SMOOTH, BAR * SMOOTH), 0)
        corners = (0, 0, width * SMOOTH - 1, BAR * SMOOTH - 1)
        ImageDraw.Draw(mask).rounded_rectangle(corners, BAR * SMOOTH // 2, fill=255)
        self._image.paste(colour, (MARGIN, self._top), mask.reduce(SMOOTH))
