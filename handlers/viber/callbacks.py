"""What Viber tells us, as far as we care.  Everything may grow: unknown fields and values are no errors."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from bot.channel import Arrival

NAME = "viber"
#: Stands before the body of a message that others have overtaken.
OVERTAKEN = b"overtaken\n"

#: What columns and keys can hold, and Viber's own names and numbers are well within.
_Name = Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
_Level = Annotated[int, Field(ge=0, lt=2**31)]
_Millis = Annotated[int, Field(ge=0, lt=2**53)]


def _or(otherwise: int) -> WrapValidator:
    """A number that cannot be is not said: no word of a customer's is lost for it."""

    def validated(value: Any, check: ValidatorFunctionWrapHandler) -> int:
        try:
            return int(check(value))
        except ValidationError:
            return otherwise

    return WrapValidator(validated)


_Token = Annotated[int, Field(ge=0, lt=2**64)]


class _Open(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _told(cls, value: Any) -> Any:
        """What is null is not said."""
        return (
            {name: said for name, said in value.items() if said is not None}
            if isinstance(value, dict)
            else value
        )


class Contact(_Open):
    phone_number: str = ""


class Content(_Open):
    """A message of the customer's."""

    type: str
    text: str = ""
    media: str = ""
    contact: Contact | None = None


class User(_Open):
    id: _Name
    language: str = ""
    api_version: Annotated[_Level, _or(1)] = 1


class Callback(_Open):
    """`token` names the message that it is about: 64 bits, which is text for us.

    `timestamp` in ms, 0: not said.
    """

    event: str
    timestamp: Annotated[_Millis, _or(0)] = 0
    message_token: _Token | _Name | None = None
    sender: User | None = None
    user: User | None = None
    user_id: _Name | None = None
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
    def level(self) -> int:
        """Of the API, that the customer's Viber knows."""
        return self.who.api_version if self.who else 1

    @property
    def chat(self) -> str:
        return f"{NAME}:{self.who.id}" if self.who else ""

    @property
    def token(self) -> str:
        return "" if self.message_token is None else str(self.message_token)

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
