"""Buttons that could not be pressed: keys that break payloads, payloads too long, labels met twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from dialogs.engine.check.mentions import fields_of
from dialogs.engine.check.paths import Paths, row_paths
from dialogs.engine.prompts import BACK, CANCEL, DONE, HELP, KEEP, YES
from dialogs.engine.steps import Ask, Bad, Choose, Dialog, Each, Form, Pick, Prompt, Review, Several, Step
from dialogs.engine.text import Phrase, Text

#: Telegram refuses a longer one; the numbers of prompts leave room for a hundred million.
LONGEST_PAYLOAD = 64
PROMPT = "99999999:"
#: Keys stand between the signs of a payload (`change:each.key.field`).
KEY = re.compile(r"[^:.\s]+")


def button_problems(dialog: type[Dialog]) -> Iterator[str]:
    """A sentence for every button of the dialog that cannot work."""
    yield from _too_long(dialog.__name__, [f"start:{dialog.__name__}"], prefix="")
    for step in dialog.steps:
        if isinstance(step, Choose | Pick):
            yield from _keys(step)
        if isinstance(step, Ask) and isinstance(step.usual, tuple):
            yield from _unreadable(step, step.usual)
        if isinstance(step, Prompt):
            yield from _too_long(step.name, _payloads(step))
            yield from _twice(step.name, [label for keyboard in _keyboards(step) for label in keyboard])
        if isinstance(step, Each):
            yield from _row_fields(step)


def _keys(step: Choose[Any] | Pick[Any]) -> Iterator[str]:
    keys = Counter(entry.key for entry in step.among)
    for key, times in keys.items():
        if not KEY.fullmatch(key):
            yield f"{step.name}: the key {key!r} must not be empty or hold a colon, a dot or a space"
        if times > 1:
            yield f"{step.name}: the key {key!r} stands for {times} entries"
    if not step.among:
        yield f"{step.name}: there is nothing to choose from"
    default = step.default if isinstance(step, Choose) and isinstance(step.default, str) else ""
    typical = step.typical if isinstance(step, Pick) and isinstance(step.typical, tuple) else ()
    for key in typical or filter(None, (default,)):
        if key not in keys:
            yield f"{step.name}: {key!r} is set to begin with, but is none of its keys"
    if isinstance(step, Pick) and step.at_least > len(keys):
        yield f"{step.name}: {step.at_least} must be picked, but there are only {len(keys)}"


def _unreadable(step: Ask[Any], usual: Iterable[Any]) -> Iterator[str]:
    for value in usual:
        written = step.reads.write(value)
        read = step.reads.read(written)
        if isinstance(read, Bad) or read != value:
            got = "nothing" if isinstance(read, Bad) else repr(read)
            yield f"{step.name}: the usual answer {value!r} is written “{written}”, which reads as {got}"


# -- payloads ------------------------------------------------------------------------------------------


def _payloads(step: Prompt[Any]) -> Iterator[str]:
    """What stands behind the prompt's number on its buttons, as far as that is known beforehand."""
    yield from (HELP, BACK, CANCEL, KEEP)
    yield from (f"redo:{n}" for n, _redo in enumerate(step.extras.redo))
    yield from (f"more:{n}" for n, _aside in enumerate(step.extras.asides))
    yield from (f"switch:{n}" for n, _switch in enumerate(step.extras.switches))
    if isinstance(step, Choose):
        yield from (f"={entry.key}" for entry in step.among)
    elif isinstance(step, Ask) and isinstance(step.usual, tuple):
        yield from (f"={step.reads.write(value)}" for value in step.usual)
    elif isinstance(step, Several):
        yield DONE
        yield from (f"+{entry.key}" for entry in step.among) if isinstance(step, Pick) else ()
    elif isinstance(step, Review):
        yield YES
        for shown in step.shows:
            yield f"change:{shown.name}"
            if isinstance(shown, Each):
                yield from _row_payloads(shown)


def _row_payloads(each: Each[Any]) -> Iterator[str]:
    for entry in each.of.among:
        yield f"view:{each.name}.{entry.key}"
        yield from (f"change:{each.name}.{entry.key}.{field.name}" for field in fields_of(each.dialog))


def _too_long(name: str, payloads: Iterable[str], prefix: str = PROMPT) -> Iterator[str]:
    for payload in payloads:
        size = len((prefix + payload).encode())
        if size > LONGEST_PAYLOAD:
            yield (
                f"{name}: the button “{payload}” takes {size} bytes with its prompt's number, "
                f"more than {LONGEST_PAYLOAD}"
            )


# -- labels --------------------------------------------------------------------------------------------


def _keyboards(step: Prompt[Any]) -> Iterator[list[Phrase]]:
    """The labels that a customer may press or write at this prompt."""
    yield [Phrase(aside.label) for aside in step.extras.asides]
    yield [Phrase(link.label) for aside in step.extras.asides for link in aside.links]
    yield [Phrase(redo.label) for redo in step.extras.redo]
    yield [Phrase(switch.label) for switch in step.extras.switches]
    yield [Phrase(link.label) for link in step.extras.links]
    if isinstance(step, Choose | Pick):
        yield [entry.label for entry in step.among]
    if isinstance(step, Pick):
        yield [Phrase(group) for group, _entries in step.pages if group]
    if isinstance(step, Ask) and isinstance(step.usual, tuple):
        yield [step.reads.show(value) for value in step.usual]
    if isinstance(step, Form):
        yield [Phrase(step.button)]
    if isinstance(step, Review):
        yield [Phrase(label) for label in (step.confirm, *(s.label for s in step.shows)) if label]
        yield [e.label for s in step.shows if isinstance(s, Each) for e in s.of.among]
    yield [Phrase(Text(words)) for words in ("Back", "Help", "Cancel")]


def _twice(name: str, labels: Iterable[Phrase]) -> Iterator[str]:
    seen = Counter((p.text.msgid.casefold(), tuple(sorted(map(str, p.values.items())))) for p in labels)
    for (words, values), times in seen.items():
        if times > 1:
            with_values = f" with {', '.join(values)}" if values else ""
            yield f"{name}: {times} buttons of one keyboard read “{words}”{with_values}"


def _row_fields(each: Each[Any]) -> Iterator[str]:
    """Two fields of a row may share a label only if no row ever has both."""
    paths = row_paths(each)
    for one, other in combinations(fields_of(each.dialog), 2):
        if one.label == other.label and _together(paths, one, other):
            assert one.label is not None
            yield (
                f"{each.name}: {one.name} and {other.name} of {each.dialog.__name__} "
                f"are both called “{one.label.msgid}” on one keyboard"
            )


def _together(paths: Paths, *steps: Step[Any]) -> bool:
    return any(paths.possible(steps, spot) for spot in paths.ends)
