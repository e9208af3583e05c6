"""What a one-time page and the program say to each other: plain outcomes, without HTTP and finished words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from dialogs.engine.pages import Page
from dialogs.engine.text import Phrase


class Why(Enum):
    """Why a page cannot be used."""

    EXPIRED = "expired"
    USED = "used"
    MOVED_ON = "moved on"  # the chat does not ask this any more
    UNKNOWN = "unknown"
    FOREIGN = "foreign"  # opened by somebody whose chat it does not belong to


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that can be filled in until `expires_at`.

    `channel` (telegram, web, viber) is where the chat is that it answers; `who` names the account, already
    masked, or is "".
    """

    page: Page
    language: str
    channel: str
    who: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A page that cannot be used; `language` is the chat's where that is known."""

    why: Why
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed will not do: `problems` by the name of the field, "" for the whole page."""

    opened: Opened
    problems: Mapping[str, Phrase]


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file to be saved by the customer."""

    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """The page is used up, and the conversation goes on by itself."""

    language: str
    page: Page
    channel: str
    file: FormFile | None = None
