"""Where boxes and arrows stand in a picture: layers from top to bottom, with few crossings.

Ways back run in lanes of their own, to the right of everything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from dialogs.engine.draw.chart import START, Arrow, Box, Chart, Look
from dialogs.engine.draw.measure import text_width, wrapped

WIDTH, MARGIN, BETWEEN, GAP, LANE = 330.0, 36.0, 44.0, 64.0, 20.0
HEAD = 92.0
TEXT, SMALL = 13.0, 12.0
LINE = 18.0
MOST_LINES = 3
#: An odd number: the last goes down, so that boxes stand below those that lead to them.
SWEEPS = 13
Point = tuple[float, float]


@dataclass
class Card:
    """A box in its place (`x`, `y`: the middle of its upper edge); without a box, a bend of a long arrow."""

    name: str
    layer: int
    width: float
    height: float
    box: Box | None = None
    lines: tuple[str, ...] = ()
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class Line:
    """An arrow through its points, with the place of its words."""

    arrow: Arrow
    points: tuple[Point, ...]
    words_at: Point


@dataclass(frozen=True)
class Layout:
    width: float
    height: float
    cards: tuple[Card, ...]
    lines: tuple[Line, ...]


def lay_out(chart: Chart) -> Layout:
    """Places for everything in a chart."""
    return _Layout(chart).made()


class _Layout:
    def __init__(self, chart: Chart) -> None:
        self.on = [a for a in chart.arrows if not a.back]
        self.back = [a for a in chart.arrows if a.back]
        self.leaving = defaultdict[str, list[Arrow]](list)
        for arrow in self.back:
            self.leaving[arrow.start].append(arrow)
        self.cards = {box.name: self._card(box) for box in chart.boxes}
        self.above = defaultdict[str, list[str]](list)
        self.below = defaultdict[str, list[str]](list)
        self.chains = {arrow: self._chain(arrow) for arrow in self._layered(chart)}
        self.layers = self._ordered()

    def made(self) -> Layout:
        self._place()
        shift = MARGIN - min(c.x - c.width / 2 for c in self.cards.values())
        for card in self.cards.values():
            card.x += shift
        lines = [self._line(arrow) for arrow in self.on] + self._lanes()
        xs = [x for line in lines for x, _y in line.points]
        right = max(*(c.x + c.width / 2 for c in self.cards.values()), *(xs or [0]))
        bottom = max(c.y + c.height for c in self.cards.values())
        drawn = tuple(c for c in self.cards.values() if c.box)
        return Layout(right + MARGIN, bottom + MARGIN + LINE, drawn, tuple(lines))

    # -- layers ----------------------------------------------------------------------------------------

    def _card(self, box: Box) -> Card:
        if box.look is Look.START:
            return Card(box.name, 0, 22, 22, box)
        if box.look in (Look.OVER, Look.LOST):
            return Card(box.name, 0, 150, 36, box)
        lines = wrapped(box.words, TEXT, WIDTH - 44, MOST_LINES)
        rows = len(lines) + box.assumed
        height = max(44 + LINE * rows + (8 if rows else 0), 24.0 * (len(self.leaving[box.name]) + 1))
        return Card(box.name, 0, WIDTH, height, box, lines)

    def _layered(self, chart: Chart) -> list[Arrow]:
        """Every box one layer below the lowest that leads to it; arrows always lead on in this order."""
        for box in chart.boxes:
            before = [self.cards[a.start].layer + 1 for a in self.on if a.goal == box.name]
            self.cards[box.name].layer = max(before, default=0)
        return self.on

    def _chain(self, arrow: Arrow) -> list[Card]:
        """The arrow as a chain of cards, one in every layer on the way."""
        start, goal = self.cards[arrow.start], self.cards[arrow.goal]
        chain = [start]
        for layer in range(start.layer + 1, goal.layer):
            width = text_width(arrow.words, SMALL) + 24 if layer == start.layer + 1 else 24
            bend = Card(f"{arrow.start}>{arrow.goal}@{layer}", layer, max(width, 24), 0)
            self.cards[bend.name] = bend
            chain.append(bend)
        chain.append(goal)
        for one, other in pairwise(chain):
            self.below[one.name].append(other.name)
            self.above[other.name].append(one.name)
        return chain

    def _ordered(self) -> list[list[Card]]:
        count = max(card.layer for card in self.cards.values()) + 1
        layers: list[list[Card]] = [[] for _ in range(count)]
        for card in sorted(self.cards.values(), key=self._leans_right):
            layers[card.layer].append(card)
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for layer in layers[1:] if down else layers[-2::-1]:
                self._sort(layer, layers, self.above if down else self.below)
        return layers

    def _leans_right(self, card: Card) -> bool:
        """What ways back lead from or to stands beside their lanes."""
        return any(card.name in (a.start, a.goal) for a in self.back)

    def _sort(self, layer: list[Card], layers: list[list[Card]], beside: dict[str, list[str]]) -> None:
        at = {card.name: n / max(1, len(row) - 1) for row in layers for n, card in enumerate(row)}
        now = {card.name: n for n, card in enumerate(layer)}

        def middle(card: Card) -> tuple[float, bool, int]:
            names = beside.get(card.name, ())
            mean = fmean(at[n] for n in names) if names else at[card.name]
            return mean, self._leans_right(card), now[card.name]

        layer.sort(key=middle)

    # -- coordinates -----------------------------------------------------------------------------------

    def _place(self) -> None:
        y = HEAD
        for layer in self.layers:
            tall = max(card.height for card in layer)
            for card in layer:
                card.y = y + (tall - card.height if not card.box else 0)
            y += tall + (GAP if layer[0].name != START else 30)
        for layer in self.layers:
            self._spread(layer, [0.0] * len(layer))
        for sweep in range(SWEEPS):
            for layer in self.layers if sweep % 2 == 0 else reversed(self.layers):
                self._spread(layer, [self._wish(card, sweep) for card in layer])

    def _wish(self, card: Card, sweep: int) -> float:
        beside = self.above[card.name] if sweep % 2 == 0 else self.below[card.name]
        beside = beside or self.above[card.name] + self.below[card.name]
        return fmean(self.cards[name].x for name in beside) if beside else card.x

    def _spread(self, layer: list[Card], wishes: list[float]) -> None:
        """As near to the wishes as the cards' widths allow: the mean of packing from left and from right."""
        left, right = list(wishes), list(wishes)
        for n in range(1, len(layer)):
            left[n] = max(left[n], left[n - 1] + _apart(layer[n - 1], layer[n]))
        for n in range(len(layer) - 2, -1, -1):
            right[n] = min(right[n], right[n + 1] - _apart(layer[n], layer[n + 1]))
        for card, one, other in zip(layer, left, right, strict=True):
            card.x = (one + other) / 2

    # -- arrows ----------------------------------------------------------------------------------------

    def _line(self, arrow: Arrow) -> Line:
        chain = self.chains[arrow]
        start, goal = chain[0], chain[-1]
        first = (start.x + self._port(arrow, outgoing=True), start.y + start.height)
        last = (goal.x + self._port(arrow, outgoing=False), goal.y)
        bends = [point for card in chain[1:-1] for point in self._bend(card)]
        points = (first, *bends, last)
        (x1, y1), (x2, y2) = points[0], points[1]
        return Line(arrow, points, (x1 + (x2 - x1) * 0.7, y1 + (y2 - y1) * 0.62))

    def _bend(self, card: Card) -> tuple[Point, Point]:
        tall = max(other.height for other in self.layers[card.layer])
        return (card.x, card.y - tall), (card.x, card.y)

    def _port(self, arrow: Arrow, *, outgoing: bool) -> float:
        """Arrows that share a box leave or reach it side by side, in the order of where they lead."""
        mine = [a for a in self.on if (a.start == arrow.start if outgoing else a.goal == arrow.goal)]
        mine.sort(key=lambda a: self.chains[a][1 if outgoing else -2].x)
        return (mine.index(arrow) - (len(mine) - 1) / 2) * min(48.0, 200 / len(mine))

    def _lanes(self) -> list[Line]:
        arriving = defaultdict[str, list[Arrow]](list)
        for arrow in sorted(self.back, key=self._span):
            arriving[arrow.goal].append(arrow)
        words = max((text_width(a.words, SMALL) for a in self.back), default=0)
        first = max(c.x + c.width / 2 for c in self.cards.values()) + words + 44
        lines = []
        for n, arrow in enumerate(sorted(self.back, key=self._span)):
            start, goal = self.cards[arrow.start], self.cards[arrow.goal]
            ways = sorted(self.leaving[arrow.start], key=self._span)
            y1 = start.y + start.height * (ways.index(arrow) + 1) / (len(ways) + 1)
            others = arriving[arrow.goal][::-1]
            y2 = goal.y + goal.height * (others.index(arrow) + 1) / (len(others) + 1)
            out, back, x = start.x + start.width / 2, goal.x + goal.width / 2, first + n * LANE
            lines.append(Line(arrow, ((out, y1), (x, y1), (x, y2), (back, y2)), (out + 16, y1)))
        return lines

    def _span(self, arrow: Arrow) -> float:
        return abs(self.cards[arrow.start].y - self.cards[arrow.goal].y)


def _apart(one: Card, other: Card) -> float:
    return (one.width + other.width) / 2 + BETWEEN
