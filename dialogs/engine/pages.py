"""One-time pages: what may not be written in a chat is typed there.  Data alone; `handlers.web` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dialogs.engine.text import Text


class FieldKind(Enum):
    """What a field is for: browsers and password managers are told, too."""

    CURRENT_PASSWORD = "current-password"
    NEW_PASSWORD = "new-password"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a field that can be seen to hold while one types.

    `pattern` is a regular expression that browsers and Python read alike and that must be found in the value.
    """

    text: Text
    pattern: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type.  `same_as` names the field that it must repeat."""

    name: str
    label: Text
    kind: FieldKind
    rules: tuple[Rule, ...] = ()
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is opened from a chat, sent once, and left; the conversation then goes on by itself.

    `lead` says what it is for, `done` what is said when it was taken.  A page with `saves` (a file name)
    gives a file instead of taking an answer.
    """

    name: str
    title: Text
    lead: Text
    submit: Text
    done: Text
    fields: tuple[Field, ...] = ()
    saves: str = ""
