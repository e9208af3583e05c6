"""What is remembered of a conversation: what was told, and never where the customer is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """One answer or outcome.

    `value` is a key (Choose), keys (Pick) or the value itself; `basis` is the fingerprint of what it
    rested on; `prompt` is the number of the prompt it was told at, so that Back knows the last one;
    `at` is when a fact was learnt that grows old.
    """

    value: Any
    basis: str = ""
    prompt: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a prompt shows before it is answered: keys ticked so far, and the page or part that is open."""

    chosen: tuple[str, ...] | None = None
    view: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One open dialog, or one row of it (which needs no name: its `Each` knows the dialog).

    `opened` are answers the customer wants to give again: they stand in `told` until the new one comes,
    so that a change of mind loses nothing.
    """

    dialog: str = ""
    told: Mapping[str, Told] = field(default_factory=dict)
    opened: tuple[str, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Frame]] = field(default_factory=dict)

    def put(self, name: str, told: Told) -> Frame:
        """Remember an answer; its question is no longer open, drafted, or tried."""
        return replace(
            self,
            told={**self.told, name: told},
            opened=tuple(n for n in self.opened if n != name),
            drafts=_without(self.drafts, name),
            tries=_without(self.tries, name),
        )

    def forget(self, *names: str) -> Frame:
        return replace(self, told=_without(self.told, *names))

    def asked_again(self, name: str) -> Frame:
        """Forget an answer; of several that were ticked, the marks stay."""
        told = self.told[name].value
        frame = self.forget(name)
        return frame.draft(name, Draft(chosen=told)) if isinstance(told, tuple) else frame

    def open(self, *names: str) -> Frame:
        return replace(self, opened=(*(n for n in self.opened if n not in names), *names))

    def keep(self, name: str) -> Frame:
        """The customer changed their mind about changing `name`."""
        return replace(
            self, opened=tuple(n for n in self.opened if n != name), drafts=_without(self.drafts, name)
        )

    def draft(self, name: str, draft: Draft) -> Frame:
        return replace(self, drafts={**self.drafts, name: draft})

    def tried(self, name: str) -> Frame:
        return replace(self, tries={**self.tries, name: self.tries.get(name, 0) + 1})

    def understood(self, name: str) -> Frame:
        """The customer is no longer lost at this question."""
        return replace(self, tries=_without(self.tries, name)) if name in self.tries else self

    def row(self, each: str, key: str) -> Frame:
        return self.rows.get(each, {}).get(key) or Frame()

    def with_row(self, each: str, key: str, row: Frame) -> Frame:
        return replace(self, rows={**self.rows, each: {**self.rows.get(each, {}), key: row}})

    @property
    def untouched(self) -> bool:
        """Whether the customer has told it nothing that would be missed."""
        return not self.told and not self.drafts and not self.rows


def _without(mapping: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return {k: v for k, v in mapping.items() if k not in names} if mapping else mapping


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is remembered between two turns of one chat."""

    language: str = ""  # empty until the customer has been greeted
    frames: tuple[Frame, ...] = ()  # open dialogs; the last one is live, those before it are parked
    asked: int = 0  # the number of the last prompt; alive while a dialog is open
    question: str = (
        ""  # what that prompt asked: never where to go on, only whether an answer was meant for it
    )
    tapped: str = ""  # the payload of the last button that counted
    tapped_at: datetime | None = None
    heard_at: datetime | None = None  # when the customer was last heard
    reminded: bool = False
    menu: str = ""  # the menu last shown, whose entries may be typed by number
    #: Offers that stand beneath it, as payload and label: they may be typed, too.
    offers: tuple[tuple[str, str], ...] = ()

    @property
    def top(self) -> Frame:
        return self.frames[-1]

    def with_top(self, frame: Frame) -> Conversation:
        return replace(self, frames=(*self.frames[:-1], frame))

    def without_top(self) -> Conversation:
        return replace(self, frames=self.frames[:-1])
