"""What a channel is to the rest of the program: something that hears, and something that speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from dialogs.engine.events import Event
from dialogs.engine.lines import Tone


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show.  Data, so that rendering needs no ifs about names."""

    edits: bool  # a message that was sent can be changed in place
    deletes: bool
    inline_keyboard: bool  # buttons belong to their message; otherwise one keyboard replaces the last
    lists: bool  # options also stand in the text, to be typed, because their buttons may not be in view
    buttons: int  # on one keyboard
    columns: int  # buttons in one row
    label_length: int  # characters of a label that are certain to be seen, in a row of its own
    text_length: int  # UTF-16 units of a message's text
    caption_length: int
    phone_button: bool
    typing: bool
    free_hours: int | None  # in which we may speak unasked after the customer has, at no cost; None: always


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw update as it reached us.  `key` is unique in its channel; `chat` like `telegram:42`."""

    channel: str
    key: str
    chat: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text.  Channels escape it; `bold` is the one emphasis we use."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A rendered option; exactly one of `payload` and `url` is set.

    `contact` hands over the customer's own phone number instead of the payload.  `app`: the address is that
    of a one-time page, which opens inside the messenger where that can be.  `number` can be typed instead.
    """

    label: str
    payload: str = ""
    url: str = ""
    tone: Tone = Tone.PLAIN
    marked: bool | None = None
    contact: bool = False
    app: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A drawn picture: PNG bytes, and in words what it shows."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered line, ready for its channel: text in spans, rows of buttons, at most one picture.

    `page`, from 0, is the part of its buttons to show, where one keyboard does not hold them.  `plain`: in
    words alone, because the customer's device did not show it otherwise.
    """

    text: tuple[Span, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    prompt: int = 0
    image: Image | None = None
    page: int = 0
    plain: bool = False


class Channel(Protocol):
    """One way to reach a customer.

    The speaking methods raise the errors below and nothing else on purpose.
    """

    name: str
    capabilities: Capabilities

    def hear(self, body: bytes, at: datetime) -> Event | None:
        """The event in a raw update; None when there is nothing to answer.

        Raises ValueError when it cannot be read.
        """
        ...

    async def send(self, chat: str, message: Message, language: str) -> str:
        """Send, and return the message's id in this chat."""
        ...

    async def edit(self, chat: str, message_id: str, message: Message, language: str) -> None:
        """Show `message` in place of an earlier one; raises `Gone` when that cannot be changed any more."""
        ...

    async def strip(self, chat: str, message_id: str) -> None:
        """Its question is over: take the buttons off an earlier message, where that can be.

        A message that is gone is no error.
        """
        ...

    async def erase(self, chat: str, message_id: str) -> None:
        """Take away a message of the customer's; raises `Stays` when they must do it themselves.

        A channel that never can does nothing.
        """
        ...

    async def typing(self, chat: str) -> None: ...

    async def may_push(self, chat: str) -> bool:
        """Whether something may be said now that nobody has asked for."""
        ...


@runtime_checkable
class Invites(Protocol):
    """A channel in which a chat can be opened by a link."""

    @property
    def invitation(self) -> str:
        """The address that opens a chat, up to the word it brings along; "" while it is not known."""
        ...


class Unreachable(Exception):
    """The customer has blocked us or is gone: nothing more can be sent to this chat."""


class Later(Exception):
    """Certainly not delivered; worth another try after `seconds` (None: when backoff says so)."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Uncertain(Exception):
    """Nobody knows whether it went out: the answer was lost on the way."""


class Gone(Exception):
    """The message to change is not there any more."""


class Stays(Exception):
    """The customer's message cannot be taken away, now or ever."""


class Held(Exception):
    """Nothing may be said to this chat before the customer writes again."""


class Refused(Exception):
    """The channel does not take this message, now or ever: our own fault."""
