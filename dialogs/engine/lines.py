"""What one turn has to say: lines with options, never finished sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from dialogs.engine.text import Leaf, Phrase


class Tone(Enum):
    """What an option stands for; a channel may colour it."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"
    CONTROL = "control"  # Back, Help, Cancel: set apart, always last


@dataclass(frozen=True, slots=True)
class Opening:
    """What an offer does: it starts a dialog, once, whose `Param`s are told `args`; it stands for `lasts`."""

    dialog: str
    args: Mapping[str, Any]
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Option:
    """One button.

    `payload` is what a tap brings back (`1203:yes`, `start:Estimate`, `lang:sr`), at most 64 bytes.
    `marked` is None for an ordinary button; True or False for one of several that can be ticked.
    `number` is what the customer may type instead, or None where the question takes digits.
    `url` opens an address instead: one that begins with a slash is a page of our own, `PAGE` the one-time
    page of the prompt, `FILE` the line's picture as a document.  `contact` hands over the customer's own
    phone number, where the channel can.
    `app`: the address, which is known by then, is that of a one-time page.
    `offer`: the button works once; the turn gives it a row, and the payload that names it.
    """

    payload: str
    label: Phrase
    tone: Tone = Tone.PLAIN
    icon: str = ""
    marked: bool | None = None
    number: int | None = None
    url: str = ""
    contact: bool = False
    app: bool = False
    offer: Opening | None = None


#: Stands for the address of the prompt's one-time page, which is known only when it is delivered.
PAGE = "page:"
#: Begins the address of a payment's page, which follows from its name and the secret key.
PAY = "pay:"
#: Stands for the address of a document that says what the line's picture shows.
FILE = "file:"
#: Begins an address that a code completes: what the code follows from, a colon, and the address up to it.
LINK_CODE = "link code:"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn at delivery, in the chat's language, by the painter of that name."""

    painter: str
    values: Mapping[str, Leaf]
    rows: tuple[Mapping[str, Leaf], ...] = ()
    alt: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One message: paragraphs, the number of the prompt it carries (0: none), and its options.

    `edits` says that the line shows prompt `prompt` again: a channel that can edit does so in place.
    `asks` is the step it asks, for the log alone.  `page`, from 0, is that of its keyboard, where a channel
    needs several.  `plain`: in words alone, because the customer's device did not show it otherwise.
    """

    body: tuple[Phrase, ...]
    prompt: int = 0
    options: tuple[Option, ...] = ()
    picture: Picture | None = None
    edits: bool = False
    asks: str = ""
    page: int = 0
    plain: bool = False
