"""A conversation as stored text and back, so that a deploy in mid-conversation goes unnoticed.

Answers match by name.  An answer whose step is gone or whose type has changed is forgotten, and so is a
dialog that does not exist any more; everything else stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_type_hints

from dialogs.engine.codec import Decoder, Undecodable, decoder, dumps, pack
from dialogs.engine.conversation import Conversation, Draft, Frame, Told
from dialogs.engine.steps import (
    Ask,
    Await,
    Bad,
    Choose,
    Dialog,
    Do,
    Each,
    GaveUp,
    Param,
    Review,
    Select,
    Several,
    Step,
    Tries,
)

Dialogs = Mapping[str, type[Dialog]]


def remember(conversation: Conversation) -> str:
    """The conversation as JSON text; what is empty is left out."""
    return dumps(
        _filled(
            language=conversation.language,
            frames=[_pack_frame(frame) for frame in conversation.frames],
            asked=conversation.asked,
            question=conversation.question,
            tapped=conversation.tapped,
            tapped_at=pack(conversation.tapped_at),
            heard_at=pack(conversation.heard_at),
            reminded=conversation.reminded,
            menu=conversation.menu,
            offers=[list(offer) for offer in conversation.offers],
        )
    )


def recall(text: str, dialogs: Dialogs) -> Conversation:
    """The conversation that `remember` wrote, as far as today's dialogs know what it speaks of."""
    raw = json.loads(text)
    known = [f for f in raw.get("frames", ()) if f["dialog"] in dialogs]
    frames = [_unpack_frame(f, dialogs[f["dialog"]]) for f in known]
    return Conversation(
        language=raw.get("language", ""),
        frames=tuple(f for f in frames if _has_params(f, dialogs[f.dialog])),
        asked=raw.get("asked", 0),
        question=raw.get("question", ""),
        tapped=raw.get("tapped", ""),
        tapped_at=_moment(raw.get("tapped_at")),
        heard_at=_moment(raw.get("heard_at")),
        reminded=raw.get("reminded", False),
        menu=raw.get("menu", ""),
        offers=tuple((payload, label) for payload, label in raw.get("offers", ())),
    )


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a conversation stands, without a word of what was told in it.

    `dialogs` are open, the live one last; `question` is what the prompt numbered `asked` is about, like
    AddMeter/code.
    """

    dialogs: tuple[str, ...] = ()
    question: str = ""
    asked: int = 0
    heard_at: datetime | None = None

    @property
    def live(self) -> int:
        """The number of the prompt whose buttons work; 0 where none do."""
        return self.asked if self.dialogs else 0


def outline(text: str) -> Outline:
    """Of what `remember` wrote; whatever today's dialogs are."""
    raw = json.loads(text)
    names = tuple(str(frame.get("dialog", "")) for frame in raw.get("frames", ()))
    return Outline(names, raw.get("question", ""), raw.get("asked", 0), _moment(raw.get("heard_at")))


def _has_params(frame: Frame, dialog: type[Dialog]) -> bool:
    """What a dialog is started with is never asked: without it there is nothing to go on with."""
    return all(step.name in frame.told for step in dialog.params)


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _moment(raw: str | None) -> datetime | None:
    return datetime.fromisoformat(raw) if raw else None


def _pack_frame(frame: Frame) -> dict[str, Any]:
    return _filled(
        dialog=frame.dialog,
        told={name: _pack_told(told) for name, told in frame.told.items()},
        opened=list(frame.opened),
        drafts={
            name: [None if d.chosen is None else list(d.chosen), d.view] for name, d in frame.drafts.items()
        },
        tries=dict(frame.tries),
        rows={each: {k: _pack_frame(row) for k, row in rows.items()} for each, rows in frame.rows.items()},
    )


def _pack_told(told: Told) -> list[Any]:
    packed = [pack(told.value), told.basis, told.prompt]
    return [*packed, told.at.isoformat()] if told.at else packed


def _unpack_frame(raw: dict[str, Any], dialog: type[Dialog]) -> Frame:
    names = dialog.names
    return Frame(
        dialog=raw.get("dialog", ""),
        told=_unpack_told(raw.get("told", {}), names),
        opened=tuple(name for name in raw.get("opened", ()) if name in names),
        drafts={
            name: Draft(None if chosen is None else tuple(chosen), view)
            for name, (chosen, view) in raw.get("drafts", {}).items()
            if name in names
        },
        tries={name: n for name, n in raw.get("tries", {}).items() if name in names},
        rows={
            name: {key: _unpack_frame(row, step.dialog) for key, row in rows.items()}
            for name, rows in raw.get("rows", {}).items()
            if isinstance(step := names.get(name), Each)
        },
    )


def _unpack_told(raw: dict[str, Any], names: Mapping[str, Step[Any]]) -> dict[str, Told]:
    told = {}
    for name, (value, basis, prompt, *at) in raw.items():
        try:
            told[name] = Told(step_decoder(names[name])(value), basis, prompt, _moment(at[0] if at else None))
        except (KeyError, Undecodable):
            continue
    return told


@cache
def step_decoder(step: Step[Any]) -> Decoder:
    """What reads a stored value of this step, from the types it declares."""
    return decoder(stored_type(step))


def stored_type(step: Step[Any]) -> Any:
    """The type of what is remembered of a step: keys for choices, the declared type for the rest."""
    if isinstance(step, Choose | Select):
        return str
    if isinstance(step, Several):
        return tuple[str, ...]
    if isinstance(step, Param):
        return get_args(getattr(step, "__orig_class__", None))[0]
    if isinstance(step, Ask):
        hint = get_type_hints(step.reads.read)["return"]
        kinds = tuple(kind for kind in get_args(hint) or (hint,) if kind is not Bad)
        return kinds[0] if len(kinds) == 1 else _union(kinds)
    if isinstance(step, Do):
        return _union((*step.kinds, GaveUp) if step.rejects else step.kinds)
    if isinstance(step, Tries):
        return _union(tuple(kind for kind in step.kinds if kind not in step.refused))
    if isinstance(step, Await):
        return _union(step.kinds)
    return bool if isinstance(step, Review) else type(None)


def _union(kinds: tuple[Any, ...]) -> Any:
    union = kinds[0]
    for kind in kinds[1:]:
        union = union | kind
    return union
