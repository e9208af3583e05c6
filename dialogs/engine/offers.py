"""Offers: buttons beside the live prompt that work once, each starting a dialog with facts it is told.

Undo, the buttons of a notice.  Who may press one and whether it was pressed already, the program knows; the
engine says only what is offered, and begins what was taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from dialogs.engine.codec import Undecodable, dumps, pack
from dialogs.engine.conversation import Frame, Told
from dialogs.engine.lines import Line, Opening, Option, Tone
from dialogs.engine.memory import Dialogs, step_decoder
from dialogs.engine.settle import Live
from dialogs.engine.steps import Dialog, End
from dialogs.engine.text import Phrase

#: The payload of an offer that has no stored row yet.
OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Taken:
    """An offer that was this customer's and is used up now; `args` as `written` made them."""

    dialog: str
    args: str


class Refused(Enum):
    """Why an offer does nothing any more."""

    USED = "used"
    OVER = "over"
    FOREIGN = "foreign"


def undo_of(step: End, live: Live, number: int | None) -> tuple[Option, ...]:
    """The button that takes back what an end tells of."""
    undo = step.undo
    if undo is None:
        return ()
    args = {name: live.value(told) for name, told in undo.args.items()}
    opening = Opening(undo.dialog.__name__, args, undo.lasts)
    return (Option(OFFER, Phrase(undo.label), Tone.PLAIN, "↩️", number=number, offer=opening),)


def written(opening: Opening) -> str:
    """What an offer tells its dialog, as JSON text."""
    return dumps({name: pack(value) for name, value in opening.args.items()})


def begun(taken: Taken, dialogs: Dialogs) -> Frame | None:
    """The dialog of an offer with what it is told; None when a deploy has changed what that was."""
    dialog = dialogs.get(taken.dialog)
    if dialog is None:
        return None
    try:
        told = _told(json.loads(taken.args), dialog)
    except (KeyError, ValueError, Undecodable):
        return None
    frame = Frame(taken.dialog, told)
    return frame if all(step.name in told for step in dialog.params) else None


def _told(raw: Mapping[str, Any], dialog: type[Dialog]) -> dict[str, Told]:
    return {name: Told(step_decoder(dialog.names[name])(value)) for name, value in raw.items()}


def fresh(frame: Frame, dialog: type[Dialog]) -> Frame:
    """The dialog from its beginning: only what it was started with is still known."""
    names = {step.name for step in dialog.params}
    return Frame(frame.dialog, {name: told for name, told in frame.told.items() if name in names})


def offers_in(line: Line) -> tuple[Option, ...]:
    return tuple(option for option in line.options if option.offer is not None)
