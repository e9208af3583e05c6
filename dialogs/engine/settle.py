"""Where a dialog stands, worked out from what was told: the heart of the engine.

`settle` walks from the first step and keeps a value only while what it rested on is unchanged.
So a correction is "open one answer", and everything that follows from it follows by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dialogs.engine.codec import fingerprint
from dialogs.engine.conversation import Frame, Told
from dialogs.engine.steps import (
    Ask,
    Case,
    Choose,
    Dialog,
    Each,
    Either,
    Entry,
    Let,
    Pick,
    Review,
    Select,
    SelectMany,
    Several,
    Step,
)

MISSING: Any = object()
#: The way from a dialog's frame to the frame of a row: pairs of an `Each`'s name and a row's key.
Path = tuple[tuple[str, str], ...]
#: What a dialog's rows are given of its values, by name; they can be hashed, like all that is remembered.
Passed = tuple[tuple[str, Any], ...]


class Live:
    """The values that hold at one place of a dialog; what can be worked out is, when it is asked for."""

    __slots__ = ("_memo", "_values", "assumed", "rows")

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._values: dict[str, Any] = dict(params)
        self._memo: dict[Step[Any], Any] = {}
        self.assumed: set[str] = set()
        self.rows: dict[str, tuple[tuple[Entry[Any], Place], ...]] = {}

    def put(self, name: str, value: Any) -> None:
        self._values[name] = value

    def holds(self, step: Step[Any]) -> bool:
        if isinstance(step, Case):
            return self.holds(step.of) and step.holds(self.value(step.of))
        if isinstance(step, Let):
            return all(self.holds(arg) for arg in step.args)
        if isinstance(step, Either):
            return any(self.holds(one) for one in step.among)
        return step.name in self._values or step.name in self.rows

    def value(self, step: Step[Any]) -> Any:
        if isinstance(step, Case):
            return self.value(step.of)
        if isinstance(step, Either):
            return self.value(next(one for one in step.among if self.holds(one)))
        if isinstance(step, Let | Each):
            if step not in self._memo:
                self._memo[step] = self._work_out(step)
            return self._memo[step]
        return self._values[step.name]

    def _work_out(self, step: Let[Any] | Each[Any]) -> Any:
        if isinstance(step, Let):
            return step.fn(*(self.value(arg) for arg in step.args))
        return tuple(place.live.value(step.row) for _entry, place in self.rows[step.name])

    def basis(self, step: Step[Any]) -> str:
        """The fingerprint of what `step` rests on."""
        rests_on = step.given
        if isinstance(step, Review):  # on what it shows, not on how that is worded or drawn
            rests_on = tuple(shown for shown in (*step.confirms, *step.shows) if self.holds(shown))
        return fingerprint(tuple(self.value(g) for g in rests_on)) if rests_on else ""


@dataclass(frozen=True, slots=True)
class Place:
    """The first step that is not answered yet (None: a row is complete), and all that holds before it.

    Inside a row, `path` leads there and `outer` is the place of the dialog around it.
    """

    dialog: type[Dialog]
    frame: Frame
    live: Live
    step: Step[Any] | None
    path: Path = ()
    outer: Place | None = None

    @property
    def opened(self) -> bool:
        """Whether the customer came here to change an answer that still stands."""
        return self.step is not None and self.step.told and self.step.name in self.frame.opened


def settle(dialog: type[Dialog], frame: Frame, params: Mapping[str, Any] | None = None) -> Place:
    """Walk `dialog` from its first step to the first one that nothing settles."""
    live = Live(params if params is not None else _started_with(dialog, frame))
    for step in dialog.steps:
        if not all(live.holds(g) for g in step.given):
            continue
        if isinstance(step, Each):
            inner = _settle_rows(step, frame, live)
            if inner is not None:
                return replace(inner, outer=Place(dialog, frame, live, step))
        elif step.name in frame.opened or not _stands(step, frame, live):
            return Place(dialog, frame, live, step)
    return Place(dialog, frame, live, None)


def _started_with(dialog: type[Dialog], frame: Frame) -> Mapping[str, Any]:
    """What the offer that started the dialog has told it."""
    return {step.name: frame.told[step.name].value for step in dialog.params if step.name in frame.told}


def _settle_rows(step: Each[Any], frame: Frame, live: Live) -> Place | None:
    """Settle every row on its own; the place inside the first that is not complete."""
    passed = tuple((p.to.name, live.value(p.value)) for p in step.passing)
    rows: list[tuple[Entry[Any], Place]] = []
    unsettled = None
    for key in frame.told[step.of.name].value:
        entry = step.of.by_key.get(key)
        if entry is None or unsettled is not None:
            continue
        row = frame.rows.get(step.name, {}).get(key)
        place = _settle_row(step, entry, row, passed) if row else _untouched(step, key, passed)
        if place.step is None:
            rows.append((entry, place))
        else:
            unsettled = replace(place, path=((step.name, key), *place.path))
    live.rows[step.name] = tuple(rows)
    return unsettled


def _settle_row(step: Each[Any], entry: Entry[Any], row: Frame, passed: Passed) -> Place:
    return settle(step.dialog, row, {**dict(passed), step.item.name: entry.value})


@lru_cache(maxsize=4096)
def _untouched(step: Each[Any], key: str, passed: Passed) -> Place:
    """A row of which nothing was told, which most are: with the same values passed it is always the same."""
    return _settle_row(step, step.of.by_key[key], Frame(), passed)


def _stands(step: Step[Any], frame: Frame, live: Live) -> bool:
    """Put the step's value among the living, when it has one that still holds."""
    told = frame.told.get(step.name)
    value = MISSING
    if told is not None and told.basis == live.basis(step):
        value = _meaning(step, told, live)
    if value is MISSING:
        value = _assumed(step, live)
        if value is MISSING:
            return False
        live.assumed.add(step.name)
    live.put(step.name, value)
    return True


def _meaning(step: Step[Any], told: Told, live: Live) -> Any:
    """What was told, in today's terms: keys that no longer exist are forgotten."""
    if isinstance(step, Choose):
        entry = step.by_key.get(told.value)
        return entry.value if entry else MISSING
    if isinstance(step, Select):
        return next((one for one in live.value(step.among) if step.key(one) == told.value), MISSING)
    if isinstance(step, Several):
        known = entries_of(step, live)
        if isinstance(step, SelectMany) and not known.keys() >= set(told.value):
            return MISSING  # nobody has agreed to what is left
        return tuple(known[key].value for key in told.value if key in known)
    return told.value


def entries_of(step: Several[Any], live: Live) -> Mapping[str, Entry[Any]]:
    """What can be ticked now, by key, in its order."""
    if isinstance(step, SelectMany):
        shown = (Entry(step.key(one), one, step.show(one)) for one in live.value(step.among))
        return {entry.key: entry for entry in shown}
    assert isinstance(step, Pick)
    return step.by_key


def _assumed(step: Step[Any], live: Live) -> Any:
    if isinstance(step, Ask | Select) and step.default is not None:
        return live.value(step.default)
    if isinstance(step, Choose) and step.default:
        key = live.value(step.default) if isinstance(step.default, Step) else step.default
        return step.by_key[key].value
    return MISSING


def at_path(frame: Frame, path: Path, change: Callable[[Frame], Frame]) -> Frame:
    """`frame` with the frame at the end of `path` changed."""
    if not path:
        return change(frame)
    (each, key), rest = path[0], path[1:]
    return frame.with_row(each, key, at_path(frame.row(each, key), rest, change))


def told_so_far(place: Place) -> list[tuple[int, Path, str]]:
    """The customer's answers that hold at a place, as (prompt, path, name): Back forgets the last of them."""
    inside = [(number, (*place.path, *path), name) for number, path, name in _told_in(place)]
    return inside + (told_so_far(place.outer) if place.outer else [])


def _told_in(place: Place) -> list[tuple[int, Path, str]]:
    found: list[tuple[int, Path, str]] = []
    for name, told in place.frame.told.items():
        step = place.dialog.names.get(name)
        if step is not None and step.told and place.live.holds(step) and name not in place.live.assumed:
            found.append((told.prompt, (), name))
    for each, rows in place.live.rows.items():
        for entry, row in rows:
            found += [(number, ((each, entry.key), *path), name) for number, path, name in _told_in(row)]
    return found
