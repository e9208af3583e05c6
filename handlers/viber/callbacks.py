"""What Viber tells us, as far as we care.  Everything may grow: unknown fields and values are no errors."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from bot.channel import Arrival

NAME = "viber"
#: Stands before the body of a message that others have overtaken.
OVERTAKEN = b"overtaken\n"


class _Open(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Contact(_Open):
    phone_number: str = ""


class Content(_Open):
    """A message of the customer's."""

    type: str
    text: str = ""
    media: str = ""
    contact: Contact | None = None

    @field_validator("text", "media", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return "" if value is None else value


class User(_Open):
    id: str
    language: str = ""
    api_version: int = 1


class Callback(_Open):
    """`token` names the message that it is about: 64 bits, which is text for us.  `timestamp` in ms."""

    event: str
    timestamp: int = 0
    message_token: int | str = ""
    sender: User | None = None
    user: User | None = None
    user_id: str = ""
    message: Content | None = None
    context: str = ""
    subscribed: bool = False
    desc: str = ""

    @property
    def who(self) -> User | None:
        """Whose chat it is about."""
        found = self.sender or self.user
        return found or (User(id=self.user_id) if self.user_id else None)

    @property
    def chat(self) -> str:
        return f"{NAME}:{self.who.id}" if self.who else ""

    @property
    def token(self) -> str:
        return str(self.message_token)

    @property
    def key(self) -> str:
        """The same for every repetition."""
        return f"{self.event}:{self.token or self.timestamp}:{self.who.id if self.who else ''}"


def read(body: bytes) -> Callback:
    """Raises ValueError when it is none, without what it says: that is a customer's."""
    try:
        return Callback.model_validate_json(body)
    except ValidationError as error:
        wrong = {f"{'.'.join(map(str, e['loc']))} {e['type']}" for e in error.errors(include_input=False)}
        raise ValueError(f"no callback: {', '.join(sorted(wrong)[:3])}") from None


def arrival_of(callback: Callback, body: bytes, *, overtaken: bool = False) -> Arrival:
    return Arrival(NAME, callback.key, callback.chat, OVERTAKEN + body if overtaken else body)
