"""What is wrong with a dialog, found before anybody speaks to it: every path is walked, nothing is run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from dialogs.engine.check.buttons import button_problems
from dialogs.engine.check.kinds import fits, hint_name, item_type, label, matches, name_of, outcomes, type_of
from dialogs.engine.check.mentions import HELD, ROLES, mentions, uses
from dialogs.engine.check.paths import Paths, row_paths
from dialogs.engine.check.texts import text_problems
from dialogs.engine.check.values import unread, value_problems
from dialogs.engine.steps import (
    Await,
    Case,
    Dialog,
    Do,
    Each,
    Either,
    End,
    Form,
    Let,
    Param,
    Prompt,
    Review,
    Say,
    Step,
    Tries,
)


def problems(dialog: type[Dialog], row: bool = False) -> list[str]:
    """A sentence for everything that is wrong with `dialog`; `row` if it is the row of another."""
    blind = list(chain(unread(dialog), _misplaced(dialog)))
    if blind:
        return blind
    paths = Paths(dialog)
    found = chain(
        _never_reached(paths),
        _not_for_rows(dialog) if row else _without_end(paths),
        _impossible(dialog),
        _rejects(dialog),
        _otherwise(dialog),
        _refused(dialog),
        _reviews(paths),
        _rows(dialog),
        _uncertain(paths),
        text_problems(paths),
        button_problems(dialog),
        value_problems(dialog),
    )
    return list(dict.fromkeys(found))


# -- the wiring ----------------------------------------------------------------------------------------


def _misplaced(dialog: type[Dialog]) -> Iterator[str]:
    """Without this much there is no walking at all."""
    if not dialog.steps:
        yield "it has no steps"
    for name, step in dialog.names.items():
        if step.name != name:
            yield f"{name}: it is the same step as {step.name}; make a step of its own"
    for step in dialog.steps:
        for source in _sources(*uses(step)):
            if dialog.names.get(source.name) is not source:
                yield f"{step.name}: it uses {_whose(source)}, which is no step of {dialog.__name__}"


def _sources(*used: Step[Any]) -> list[Step[Any]]:
    return list(dict.fromkeys(s for u in used for s, _kind in mentions(u) if not isinstance(s, Let)))


def _whose(step: Step[Any]) -> str:
    return f"{step.owner.__name__}.{step.name}" if step.name else f"an unnamed {type(step).__name__}"


def _never_reached(paths: Paths) -> Iterator[str]:
    for n, step in enumerate(paths.steps):
        later = [s.name for s in _sources(*step.given) if s in paths.steps[n:]]
        if later:
            yield f"{step.name}: it is given {', '.join(later)}, which comes only after it"
        elif not paths.spots(step):
            yield f"{step.name}: no path reaches it"


def _without_end(paths: Paths) -> Iterator[str]:
    for moves in (paths.entry, *paths.moves.values()):
        for move in moves:
            if move.goal in paths.ends:
                way = ", ".join(f"{name}={label(o)}" if label(o) else name for name, o in move.taken)
                yield f"after {way or 'the start'} nothing is left to do, and no End is reached"


def _not_for_rows(dialog: type[Dialog]) -> Iterator[str]:
    for step in dialog.steps:
        if isinstance(step, End | Say | Review | Form | Await):
            yield f"{step.name}: a row only asks, so it cannot hold {type(step).__name__}"


def _impossible(dialog: type[Dialog]) -> Iterator[str]:
    told = ((step, used) for step in dialog.steps for used in uses(step))
    named = ((step, step) for step in dialog.names.values() if isinstance(step, Case))
    cases = {mention: step for step, used in (*named, *told) for mention in mentions(used)}
    for (source, kind), step in cases.items():
        can = () if kind is HELD else outcomes(source, (kind,))
        if can and not any(matches(outcome, kind) for outcome in can):
            only = ", ".join(label(o) or "an answer" for o in can)
            yield f"{step.name}: {name_of(source)} can never turn out to be {label(kind)}, only {only}"


def _rejects(dialog: type[Dialog]) -> Iterator[str]:
    for n, step in enumerate(dialog.steps):
        if not isinstance(step, Do):
            continue
        for kind, (answer, _why) in step.rejects.items():
            if kind not in step.kinds:
                yield f"{step.name}: it rejects {label(kind)}, which its service never returns"
            if answer not in dialog.steps[:n] or not isinstance(answer, Prompt):
                yield f"{step.name}: it sends back to {_whose(answer)}, which is no question before it"
            elif answer not in _rests_on(step):
                yield f"{step.name}: it sends back to {answer.name}, on which it does not rest"


def _otherwise(dialog: type[Dialog]) -> Iterator[str]:
    for step in dialog.steps:
        if isinstance(step, Do) and step.otherwise is not None and type(step.otherwise) not in step.kinds:
            kind = label(type(step.otherwise))
            yield f"{step.name}: it is {kind} otherwise, which its service never returns"


def _refused(dialog: type[Dialog]) -> Iterator[str]:
    for step in dialog.steps:
        if isinstance(step, Tries):
            for kind in step.refused:
                if kind not in step.kinds:
                    yield f"{step.name}: it refuses {label(kind)}, which its service never returns"
        if isinstance(step, Form):
            fields = {field.name for field in step.page.fields} | {""}
            named = (*(r.field for r in step.refuses.values()), *(f.same_as for f in step.page.fields))
            for name in dict.fromkeys(named):
                if name not in fields:
                    yield f"{step.name}: {name} is no field of its page"


def _rests_on(step: Step[Any]) -> set[Step[Any]]:
    """The steps that are certain to hold because this one is given them, and they others in turn."""
    certain: set[Step[Any]] = set()
    for given in step.given:
        certain |= {given} | _rests_on(given)
    if isinstance(step, Either) and step.among:
        certain |= set.intersection(*({one} | _rests_on(one) for one in step.among))
    return certain


# -- what must be known --------------------------------------------------------------------------------


def _uncertain(paths: Paths) -> Iterator[str]:
    """Values that are looked up without asking first whether there are any."""
    for step in paths.steps:
        for role in ROLES:
            needed = getattr(step, role, None)
            if isinstance(needed, Step) and not all(paths.certain(needed, s) for s in paths.spots(step)):
                yield f"{step.name}: its {role} is {name_of(needed)}, not certain to be known here"
        for seen in step.args if isinstance(step, Tries) else ():
            if not all(paths.certain(seen, spot) for spot in paths.spots(step)):
                yield f"{step.name}: its service sees {name_of(seen)}, not certain to be known here"


def _reviews(paths: Paths) -> Iterator[str]:
    for step in paths.steps:
        if not isinstance(step, Prompt):
            continue
        for shown in step.shows if isinstance(step, Review) else ():
            if not all(paths.certain(shown, spot) for spot in paths.spots(step)):
                yield f"{step.name}: it shows {shown.name}, but can be met without it"
            if not shown.label:
                yield f"{step.name}: it shows {shown.name}, which has no label for the button that changes it"
        for switch in step.extras.switches:
            if switch.step not in paths.steps or switch.key not in switch.step.by_key:
                wrong = f"{_whose(switch.step)} with {switch.key!r}"
                yield f"{step.name}: a button answers {wrong}, which cannot be"
        for forgotten in (s for redo in step.extras.redo for s in redo.steps):
            if forgotten not in paths.steps:
                yield f"{step.name}: a button forgets {_whose(forgotten)}, which is no step of the dialog"


# -- rows ----------------------------------------------------------------------------------------------


def _rows(dialog: type[Dialog]) -> Iterator[str]:
    for step in dialog.steps:
        if isinstance(step, Each):
            yield from _row(step)


def _row(each: Each[Any]) -> Iterator[str]:
    row = each.dialog
    handed = [each.item, *(p.to for p in each.passing)]
    for param in handed:
        if row.names.get(param.name) is not param:
            yield f"{each.name}: it hands over {_whose(param)}, which is no Param of {row.__name__}"
    for param, hint in ((each.item, item_type(each.of)), *((p.to, type_of(p.value)) for p in each.passing)):
        if not fits(hint, type_of(param)):
            taken = hint_name(type_of(param))
            yield f"{each.name}: it hands over {hint_name(hint)} for {param.name}, which takes {taken}"
    for step in row.names.values():
        if isinstance(step, Param) and step not in handed:
            yield f"{each.name}: nobody hands {row.__name__} its {step.name}"
    paths = row_paths(each)
    if not all(paths.certain(each.row, spot) for spot in paths.ends):
        yield f"{each.name}: a path of {row.__name__} ends without {name_of(each.row)}"
