"""Sheets of paper as PDF: A4, in text that can be selected and searched, its letters embedded."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from dialogs.engine.lines import Picture
from handlers.paper import Row, Sheet
from handlers.pictures import ACCENT, FONTS, INK, SOFT_INK, TRACK, wrapped
from handlers.sheets import SHEETS
from locales.languages import LANGUAGES
from locales.speaker import Speaker

if TYPE_CHECKING:
    from fpdf import FPDF

# Millimetres.
WIDTH, HEIGHT = 210.0, 297.0
SIDE, TOP, BOTTOM = 24.0, 24.0, 28.0
GAP = 6.0
#: Between rows.
AIR = 1.2
#: Lines are so much higher than their letters, and the letters stand so far down in them.
LEADING, BASELINE = 1.45, 1.05
POINT = 25.4 / 72
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """A file to open or to print; `name` is plain ASCII."""

    name: str
    pdf: bytes


def document(picture: Picture, speaker: Speaker) -> Document:
    """A picture's sheet as a document.  Raises KeyError when there is no such sheet, or it lacks a value."""
    sheet = SHEETS[picture.painter](picture, speaker)
    tag = str(LANGUAGES[speaker.language].locale).replace("_", "-")
    return Document(f"{sheet.name}.pdf", sheet_pdf(sheet, tag))


def sheet_pdf(sheet: Sheet, tag: str) -> bytes:
    """`tag` is the sheet's language (BCP 47).  The same sheet gives the same bytes."""
    pdf, pages = _filled(sheet, tag, 1)
    return pdf if pages == 1 else _filled(sheet, tag, pages)[0]


def _filled(sheet: Sheet, tag: str, of: int) -> tuple[bytes, int]:
    """The document and how many pages it has; where they are several, each says which `of` them it is."""
    with closing(_Paper(sheet, tag, of)) as paper:
        paper.paragraph(sheet.issuer, _Type(11, bold=True), ACCENT)
        paper.paragraph(sheet.title, _Type(18, bold=True), INK)
        for line in sheet.lead:
            paper.lines(line, _Type(10), SOFT_INK)
        paper.gap()
        for row in sheet.rows:
            paper.row(row)
        paper.gap()
        paper.paragraph(sheet.footer, _Type(9), SOFT_INK)
        return paper.pdf(), paper.pages


@dataclass(frozen=True, slots=True)
class _Type:
    """Letters of DejaVu Sans in points."""

    points: float
    bold: bool = False

    @property
    def line(self) -> float:
        return self.points * LEADING * POINT


class _Paper:
    """Pages that are filled from the top."""

    def __init__(self, sheet: Sheet, tag: str, of: int) -> None:
        # Loaded by who needs it first: it takes half a second and 30 MB.
        from fpdf import FPDF

        self.pages, self._of, self._title = 0, of, sheet.title
        self._pdf: FPDF = FPDF(format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_lang(tag)
        self._pdf.set_title(f"{sheet.issuer}, {sheet.title}")
        self._pdf.set_author(sheet.issuer)
        self._pdf.set_creation_date(datetime.combine(sheet.dated, time(), UTC))
        self._pdf.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
        self._pdf.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
        self._turn()

    def paragraph(self, text: str, type_: _Type, ink: Colour) -> None:
        if text:
            self.lines(text, type_, ink)
            self.gap()

    def lines(self, text: str, type_: _Type, ink: Colour) -> None:
        for line in self._wrapped(text, type_, WIDTH - 2 * SIDE):
            self._need(type_.line)
            self._line(line, type_, ink)

    def gap(self) -> None:
        self._top += GAP

    def row(self, row: Row) -> None:
        """Words at the left, an amount at the right; above a strong one, which ends a sum, a rule."""
        type_ = _Type(10.5, row.strong)
        room = WIDTH - 2 * SIDE - self.width(row.amount, type_) - GAP
        lines = self._wrapped(row.words, type_, room) or [""]
        self._need(type_.line * len(lines) + (GAP if row.strong else 0))
        if row.strong:
            self._rule()
        first = self._top
        for line in lines:
            self._line(line, type_, INK)
        # After its words, as it is read aloud and copied.
        self._at_the_end(first, row.amount, type_, INK)
        self._top += AIR

    def pdf(self) -> bytes:
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the files of fonts, which stay open as long as anything is drawn with them."""
        from fpdf.fonts import TTFFont

        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _turn(self) -> None:
        self._pdf.add_page()
        self.pages, self._top = self.pages + 1, TOP
        if self._of > 1:
            foot, type_ = HEIGHT - BOTTOM / 2, _Type(9)
            self._say(SIDE, foot, self._title, type_, SOFT_INK)
            self._at_the_end(foot, f"{self.pages} / {self._of}", type_, SOFT_INK)

    def _need(self, height: float) -> None:
        """Go on overleaf where so much does not fit any more."""
        if self._top + height > HEIGHT - BOTTOM and self._top > TOP:
            self._turn()

    def _rule(self) -> None:
        self._top += GAP / 4
        self._pdf.set_draw_color(*TRACK)
        self._pdf.set_line_width(0.4)
        self._pdf.line(SIDE, self._top, WIDTH - SIDE, self._top)
        self._top += GAP / 4

    def _line(self, line: str, type_: _Type, ink: Colour) -> None:
        self._say(SIDE, self._top, line, type_, ink)
        self._top += type_.line

    def _at_the_end(self, top: float, words: str, type_: _Type, ink: Colour) -> None:
        self._say(WIDTH - SIDE - self.width(words, type_), top, words, type_, ink)

    def _say(self, left: float, top: float, words: str, type_: _Type, ink: Colour) -> None:
        self._choose(type_)
        self._pdf.set_text_color(*ink)
        self._pdf.text(left, top + type_.points * BASELINE * POINT, words)

    def _wrapped(self, text: str, type_: _Type, width: float) -> list[str]:
        return wrapped(text, _Measure(self, type_), width)

    def width(self, text: str, type_: _Type) -> float:
        self._choose(type_)
        return float(self._pdf.get_string_width(text))

    def _choose(self, type_: _Type) -> None:
        self._pdf.set_font("DejaVu", "B" if type_.bold else "", type_.points)


@dataclass(frozen=True, slots=True)
class _Measure:
    paper: _Paper
    type_: _Type

    def getlength(self, text: str) -> float:
        return self.paper.width(text, self.type_)
