"""One keyboard beneath the chat: what several lines of a turn offer stands on the last of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogs.engine.lines import Line, Option, Tone


def gathered(lines: Sequence[Line]) -> tuple[Line, ...]:
    """For a channel on which each keyboard takes the place of the one before.

    Ways out of a question (Back, Help) are not taken along: only those of the last line are open.  Links also
    stay where they are, because a channel may have them in the text.
    """
    bearers = [n for n, line in enumerate(lines) if line.options]
    if len(bearers) < 2:
        return tuple(lines)
    *earlier, last = bearers
    moved = [o for n in earlier for o in lines[n].options if o.tone is not Tone.CONTROL]
    options = _each_once((*moved, *lines[last].options))
    return tuple(
        replace(line, options=options if n == last else tuple(o for o in line.options if o.url))
        for n, line in enumerate(lines)
    )


def _each_once(options: Sequence[Option]) -> tuple[Option, ...]:
    return tuple({(option.url or option.payload): option for option in options}.values())
