"""Every path through a dialog, found without running it.

A spot is a step as it is met, with what later steps can still tell of the way there.  Ways that later
steps cannot tell apart meet in one spot, so that nine four-way choices are nine spots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dialogs.engine.check.kinds import label, matches, name_of, outcomes
from dialogs.engine.check.mentions import HELD, Mention, fields_of, mentions, roots, uses
from dialogs.engine.steps import Case, Dialog, Each, Either, End, Let, Param, Step

#: For every source the number of its outcome, or UNKNOWN where it does not hold or no longer matters.
Facts = tuple[int, ...]
UNKNOWN = -1
#: What was decided on the way from one step to the next: the step's name and what it turned out to be.
Taken = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Step number `at` as it is met (the number past the last: nothing is left)."""

    at: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class Move:
    """From one spot to the next; `goal` is None after an `End`."""

    taken: Taken
    goal: Spot | None


@dataclass(frozen=True, slots=True)
class Route:
    """One concrete path, from the first step to an end."""

    taken: Taken

    def __str__(self) -> str:
        return " > ".join(f"{name}={label(o)}" if label(o) else name for name, o in self.taken)


class Undecided(Exception):
    """A case asks for the outcome of something that is worked out, and that is still open."""

    def __init__(self, source: int) -> None:
        self.source = source


class Paths:
    """The walk.  `at_end` are steps that somebody looks at when nothing is left (the rows of an `Each`)."""

    def __init__(self, dialog: type[Dialog], at_end: tuple[Step[Any], ...] = ()) -> None:
        self.dialog, self.steps = dialog, dialog.steps
        self.end = len(self.steps)
        self._read_cases(at_end)
        self.moves: dict[Spot, tuple[Move, ...]] = {}
        self.entry = tuple(self._onward(0, (UNKNOWN,) * len(self._sources), ()))
        self._walk()

    # -- what later steps look at ----------------------------------------------------------------------

    def _read_cases(self, at_end: tuple[Step[Any], ...]) -> None:
        looks = [[m for used in uses(step) for m in mentions(used)] for step in self.steps]
        looks.append([m for step in at_end for m in mentions(step)])
        kinds: dict[Step[Any], dict[object, None]] = {step: {} for step in self.steps}
        for source, kind in (m for look in looks for m in look):
            kinds.setdefault(source, {}).update({} if kind is HELD else {kind: None})
        self._sources = {source: n for n, source in enumerate(kinds)}
        self.outcomes = [outcomes(source, tuple(told)) for source, told in kinds.items()]
        self._needed = self._later(looks)

    def _later(self, looks: list[list[Mention]]) -> list[dict[int, tuple[int, ...]]]:
        """For every place, what is still needed: a source, and for each outcome the first one like it."""
        later: dict[int, dict[object, None]] = defaultdict(dict)
        needed = []
        for look in reversed(looks):
            for source, kind in look:
                later[self._sources[source]].update({} if kind is HELD else {kind: None})
            needed.append({n: self._alike(n, tuple(kinds)) for n, kinds in later.items()})
        return needed[::-1]

    def _alike(self, source: int, kinds: tuple[object, ...]) -> tuple[int, ...]:
        seen = [tuple(matches(o, kind) for kind in kinds) for o in self.outcomes[source]]
        return tuple(seen.index(signature) for signature in seen)

    def _project(self, at: int, facts: Facts) -> Facts:
        needed = self._needed[at]
        return tuple(
            needed[n][fact] if fact != UNKNOWN and n in needed else UNKNOWN for n, fact in enumerate(facts)
        )

    # -- the walk --------------------------------------------------------------------------------------

    def _walk(self) -> None:
        queue = [move.goal for move in self.entry if move.goal]
        for spot in queue:
            if spot not in self.moves:
                self.moves[spot] = tuple(self._moves(spot))
                queue += [move.goal for move in self.moves[spot] if move.goal]

    def _moves(self, spot: Spot) -> Iterator[Move]:
        if spot.at == self.end:
            return
        step = self.steps[spot.at]
        source = self._sources[step]
        for n, outcome in enumerate(self.outcomes[source]):
            taken = ((step.name, outcome),)
            if isinstance(step, End):
                yield Move(taken, None)
            else:
                yield from self._onward(spot.at + 1, _with(spot.facts, source, n), taken)

    def _onward(self, at: int, facts: Facts, taken: Taken) -> Iterator[Move]:
        """To the next step that is met, by way of every outcome of what must be decided for that."""
        for place in range(at, self.end):
            try:
                met = all(self._holds(g, facts) for g in self.steps[place].given)
            except Undecided as undecided:
                yield from self._decided(place, facts, taken, undecided.source)
                return
            if met:
                yield Move(taken, Spot(place, self._project(place, facts)))
                return
        yield Move(taken, Spot(self.end, self._project(self.end, facts)))

    def _decided(self, at: int, facts: Facts, taken: Taken, source: int) -> Iterator[Move]:
        name = name_of(list(self._sources)[source])
        for n, outcome in enumerate(self.outcomes[source]):
            yield from self._onward(at, _with(facts, source, n), (*taken, (name, outcome)))

    def _holds(self, step: Step[Any], facts: Facts) -> bool:
        match step:
            case Case():
                return self._holds(step.of, facts) and matches(self._outcome(step.of, facts), step.kind)
            case Let():
                return all(self._holds(arg, facts) for arg in step.args)
            case Either():
                return any(self._holds(one, facts) for one in step.among)
            case Param():
                return True
        return step in self._sources and facts[self._sources[step]] != UNKNOWN

    def _outcome(self, step: Step[Any], facts: Facts) -> object:
        if isinstance(step, Case):
            return self._outcome(step.of, facts)
        if isinstance(step, Either):
            return self._outcome(next(one for one in step.among if self._holds(one, facts)), facts)
        source = self._sources[step]
        if facts[source] == UNKNOWN:
            raise Undecided(source)
        return self.outcomes[source][facts[source]]

    # -- what was found --------------------------------------------------------------------------------

    def spots(self, step: Step[Any]) -> list[Spot]:
        """Where a step is met."""
        return [spot for spot in self.moves if spot.at < self.end and self.steps[spot.at] is step]

    @property
    def ends(self) -> list[Spot]:
        """Where nothing is left: a row is complete there, any other dialog has lost its way."""
        return [spot for spot in self.moves if spot.at == self.end]

    def certain(self, step: Step[Any], spot: Spot) -> bool:
        """Whether a step is certain to hold at a spot (one that the step there, or a later one, looks at)."""
        try:
            return self._holds(step, spot.facts)
        except Undecided:
            return False

    def possible(self, steps: tuple[Step[Any], ...], spot: Spot) -> bool:
        """Whether some steps may all hold together at a spot, or at one that it leads to undecided."""
        return self._together(steps, spot.facts)

    def _together(self, steps: tuple[Step[Any], ...], facts: Facts) -> bool:
        try:
            return all(self._holds(step, facts) for step in steps)
        except Undecided as undecided:
            n = undecided.source
            return any(self._together(steps, _with(facts, n, o)) for o in range(len(self.outcomes[n])))

    def routes(self) -> list[Route]:
        """A few paths that together take every outcome of every step, and every end."""
        left = {pair for moves in (self.entry, *self.moves.values()) for m in moves for pair in _pairs(m)}
        found: list[Route] = []
        while True:
            taken = self._newest(left)
            fresh = left.intersection(_pairs(Move(taken, None)))
            if not fresh:
                return found
            left -= fresh
            found.append(Route(taken))

    def _newest(self, left: set[tuple[str, str]]) -> Taken:
        """The path with the most that was not taken yet: no step is met twice, so the parts add up."""
        best: dict[Spot | None, tuple[int, Taken]] = {None: (0, ())}
        for spot in sorted(self.moves, key=lambda spot: -spot.at):
            best[spot] = _best(self.moves[spot], best, left)
        return _best(self.entry, best, left)[1]


def _best(
    moves: tuple[Move, ...], best: dict[Spot | None, tuple[int, Taken]], left: set[tuple[str, str]]
) -> tuple[int, Taken]:
    ways = [
        (best[m.goal][0] + len(left.intersection(_pairs(m))), (*m.taken, *best[m.goal][1])) for m in moves
    ]
    return max(ways, key=lambda way: way[0], default=(0, ()))


def _pairs(move: Move) -> list[tuple[str, str]]:
    return [(name, label(outcome)) for name, outcome in move.taken]


def _with(facts: Facts, source: int, outcome: int) -> Facts:
    return (*facts[:source], outcome, *facts[source + 1 :])


def row_paths(each: Each[Any]) -> Paths:
    """The paths of an `Each`'s row, with all that the dialog around it looks at in the end."""
    names = each.dialog.names
    spoken = [names[root] for root in roots(each.about) if root in names]
    return Paths(each.dialog, (each.row, *spoken, *fields_of(each.dialog)))


def routes(dialog: type[Dialog]) -> list[Route]:
    """A few concrete paths that together take every outcome of every step and reach every end."""
    return Paths(dialog).routes()
