"""A chart as an SVG picture that needs nothing beside itself: no font, no script, no style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from dialogs.engine.draw.chart import Chart, Look
from dialogs.engine.draw.layout import LINE, MARGIN, SMALL, TEXT, Card, Layout, Line, Point
from dialogs.engine.draw.measure import text_width

INK, SOFT, PAPER, WAY, WAY_BACK = "#0f172a", "#475569", "#ffffff", "#64748b", "#9a3412"
#: For every kind of box its colour, dark enough to read on its tint.
COLOURS = {
    Look.ASK: ("#1d4ed8", "#eff6ff"),
    Look.CHECK: ("#1d4ed8", "#eff6ff"),
    Look.FORM: ("#9f1239", "#fff1f2"),
    Look.AWAIT: ("#9f1239", "#fff1f2"),
    Look.CHOOSE: ("#6d28d9", "#f5f3ff"),
    Look.PICK: ("#0f766e", "#f0fdfa"),
    Look.REVIEW: ("#92400e", "#fffbeb"),
    Look.DO: ("#334155", "#f1f5f9"),
    Look.EACH: ("#0e7490", "#ecfeff"),
    Look.SAY: ("#334155", "#ffffff"),
    Look.END: ("#166534", "#f0fdf4"),
    Look.START: ("#0f172a", "#0f172a"),
    Look.OVER: ("#166534", "#f0fdf4"),
    Look.LOST: ("#b91c1c", "#fef2f2"),
}
FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
CORNER = 10.0


def svg(chart: Chart, layout: Layout) -> str:
    """The picture; its title and description are for those who hear it."""
    least = max(text_width(chart.title, 24), text_width(chart.about, TEXT)) + 2 * MARGIN
    width, height = max(layout.width, least), layout.height
    legend = any(line.arrow.back for line in layout.lines)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="title desc" '
            f'font-family="{FONT}">',
            f'<title id="title">{escape(chart.title)}</title>',
            f'<desc id="desc">{escape(_told(chart))}</desc>',
            f"<defs>{_head('on', WAY)}{_head('back', WAY_BACK)}</defs>",
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            _text(chart.title, MARGIN, 44, 22, INK, weight=700),
            _text(chart.about, MARGIN, 68, TEXT, SOFT),
            *(_way(line) for line in layout.lines),
            *(part for card in layout.cards for part in _card(card)),
            *(part for line in layout.lines for part in _words(line)),
            *([_text(LEGEND, MARGIN, height - 16, SMALL, WAY_BACK)] if legend else []),
            "</svg>",
        ]
    )


LEGEND = "Dashed: back to an earlier step, by a button or because a service refused the answer."


def _told(chart: Chart) -> str:
    """The whole chart in words."""
    ways = (f"{a.start} to {a.goal}" + (f" ({a.words})" if a.words else "") for a in chart.arrows)
    return f"{chart.about} Ways: {'; '.join(ways)}."


def _head(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 1 9 5 0 9z" fill="{colour}"/></marker>'
    )


def _text(words: str, x: float, y: float, size: float, fill: str, *, weight: int = 400, at: str = "") -> str:
    anchor = f' text-anchor="{at}"' if at else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"'
    return f"<text {place}{bold}{anchor}>{escape(words)}</text>"


# -- boxes ---------------------------------------------------------------------------------------------


def _card(card: Card) -> Iterator[str]:
    assert card.box is not None
    colour, tint = COLOURS[card.box.look]
    left, top = card.x - card.width / 2, card.y
    if card.box.look is Look.START:
        yield f'<circle cx="{card.x:.1f}" cy="{top + 11:.1f}" r="10" fill="{colour}"/>'
        return
    round = min(card.height / 2, 26) if card.box.look in (Look.END, Look.OVER) else CORNER
    dashes = ' stroke-dasharray="5 4"' if card.box.assumed else ""
    yield (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{card.width:.1f}" height="{card.height:.1f}" '
        f'rx="{round:g}" fill="{tint}" stroke="{colour}" stroke-width="1.5"{dashes}/>'
    )
    if card.box.look in (Look.OVER, Look.LOST):
        yield _text(card.box.look.value, card.x, top + 23, TEXT, colour, weight=600, at="middle")
        return
    if card.box.look is Look.DO:
        yield from (_bar(x, top, card.height, colour) for x in (left + 7, left + card.width - 7))
    yield _text(card.box.name, left + 20, top + 28, 16, INK, weight=700)
    yield _text(card.box.look.value, left + card.width - 20, top + 27, SMALL, colour, weight=600, at="end")
    for n, words in enumerate(card.lines):
        yield _text(words, left + 20, top + 52 + n * LINE, TEXT, SOFT)
    if card.box.assumed:
        y = top + 52 + len(card.lines) * LINE
        yield _text("typical until it is changed", left + 20, y, SMALL, colour)


def _bar(x: float, top: float, height: float, colour: str) -> str:
    return f'<path d="M{x:.1f} {top:.1f}v{height:.1f}" stroke="{colour}" stroke-width="1.5"/>'


# -- arrows --------------------------------------------------------------------------------------------


def _way(line: Line) -> str:
    back = line.arrow.back
    colour, head = (WAY_BACK, "back") if back else (WAY, "on")
    course = _lane(line.points) if back else _curve(line.points)
    dashes = ' stroke-dasharray="6 5"' if back else ""
    return (
        f'<path d="{course}" fill="none" stroke="{colour}" stroke-width="1.7"{dashes} '
        f'marker-end="url(#{head})"/>'
    )


def _curve(points: tuple[Point, ...]) -> str:
    """From box to box, upright where it leaves and where it arrives; straight past other boxes."""
    (x, y), *rest = points
    course = f"M{x:.1f} {y:.1f}"
    for n, (x2, y2) in enumerate(rest):
        half = (y2 - y) / 2
        bent = n % 2 == 0
        course += (
            f"C{x:.1f} {y + half:.1f} {x2:.1f} {y2 - half:.1f} {x2:.1f} {y2:.1f}" if bent else f"V{y2:.1f}"
        )
        x, y = x2, y2
    return course


def _lane(points: tuple[Point, ...]) -> str:
    (x1, y1), (x, _y), (_x, y2), (x2, _y2) = points
    turn = min(CORNER, abs(y2 - y1) / 2) * (1 if y2 > y1 else -1)
    return (
        f"M{x1:.1f} {y1:.1f}H{x - CORNER:.1f}Q{x:.1f} {y1:.1f} {x:.1f} {y1 + turn:.1f}"
        f"V{y2 - turn:.1f}Q{x:.1f} {y2:.1f} {x - CORNER:.1f} {y2:.1f}H{x2:.1f}"
    )


def _words(line: Line) -> Iterator[str]:
    """The words of an arrow on a patch of paper, so that no line runs through them."""
    words = line.arrow.words
    if not words:
        return
    width = text_width(words, SMALL) + 10
    x, y = line.words_at
    back = line.arrow.back
    left = x if back else x - width / 2
    yield f'<rect x="{left:.1f}" y="{y - 10:.1f}" width="{width:.1f}" height="20" rx="6" fill="{PAPER}"/>'
    if back:
        yield _text(words, left + 5, y + 4, SMALL, WAY_BACK)
    else:
        yield _text(words, x, y + 4, SMALL, INK, at="middle")
