"""What can happen to a conversation.  Every event carries the moment it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialogs.engine.lines import Option, Picture
from dialogs.engine.text import Phrase


@dataclass(frozen=True, slots=True)
class Said:
    """The customer wrote something; `message_id` is its name in the chat, where it can be erased."""

    text: str
    at: datetime
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Leaked:
    """The customer wrote a secret, such as the number of a card; it is not kept, and so not here."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Tapped:
    """The customer pressed a button; `payload` is an `Option.payload`, or anything at all."""

    payload: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """The customer shared a phone number as a contact; `own` when the channel vouches that it is theirs."""

    phone: str
    own: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The customer sent what we cannot read: a sticker, a voice message, a photo."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arrived:
    """The customer opened the chat (`/start`, a first visit); `language` is the client's guess, like `sr`.

    `context` is the word that the link brought along which was followed; see `book.DeepLink`.
    """

    language: str
    at: datetime
    context: str = ""


@dataclass(frozen=True, slots=True)
class Woke:
    """The timer that the conversation asked for has gone off."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Ran:
    """A service that the engine asked for has answered."""

    step: str
    value: object
    at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """A service that the engine asked for could not be reached."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """What a prompt waits for has come from outside: a page was sent, a payment confirmed.

    `question` is the one that it answers, as `going.question_of` names it.
    """

    question: str
    value: object
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """Something the customer should know, whatever is open: `words` are said, and the live question again.

    `options` are offers and links that stand beneath the words.
    """

    words: Phrase
    at: datetime
    options: tuple[Option, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A message that others have overtaken on its way here: the question it answered may be another one."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Paged:
    """The customer turned to page `page`, from 0, of a prompt's keyboard, on a channel that needs several."""

    prompt: int
    page: int
    at: datetime


Event = (
    Said | Leaked | Tapped | Shared | Unreadable | Arrived | Woke | Ran | Failed | Came | Noted | Late | Paged
)
