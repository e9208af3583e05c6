"""What Viber takes, field by field: a schema of its own, so that it can contradict the one we send by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError

from tests.fakes.viber.fields import LOOPBACK, FileName, Name, PictureUrl, PublicUrl, Strict, WebUrl, length
from tests.fakes.viber.keyboards import Keyboard
from tests.fakes.viber.rules import BODY_LIMIT, Refusal, Status

Json = dict[str, Any]
FILE_LIMIT = 50 * 2**20
ABSENT = {"missing", "union_tag_not_found"}
#: What a bot may ask to be told; messages, subscriptions and their ends it is told in any case.
OPTIONAL_EVENTS = ("delivered", "seen", "failed", "conversation_started")
MANDATORY_EVENTS = ("message", "subscribed", "unsubscribed")
EVENTS = (*MANDATORY_EVENTS, *OPTIONAL_EVENTS, "webhook", "client_status")


class Sender(Strict):
    name: Name
    avatar: PublicUrl | None = None


class Common(Strict):
    """What every message has."""

    sender: Sender
    min_api_version: Annotated[int, Field(ge=1)] | None = None
    tracking_data: Annotated[str, length(4000)] | None = None
    keyboard: Keyboard | None = None

    @property
    def level(self) -> int:
        """The api level that the message says a client needs."""
        return self.min_api_version or 1


class Text(Common):
    type: Literal["text"]
    text: Annotated[str, length(7000, 1)]


class Picture(Common):
    type: Literal["picture"]
    text: Annotated[str, length(512)]
    media: PictureUrl
    thumbnail: PublicUrl | None = None


class Link(Common):
    type: Literal["url"]
    media: WebUrl


class File(Common):
    type: Literal["file"]
    media: PublicUrl
    size: Annotated[int, Field(ge=1, le=FILE_LIMIT)]
    file_name: FileName


class ContactCard(Strict):
    name: Name
    phone_number: Annotated[str, length(18, 1)]
    avatar: PublicUrl | None = None


class Contact(Common):
    type: Literal["contact"]
    contact: ContactCard


class Place(Strict):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Location(Common):
    type: Literal["location"]
    location: Place


Sent = Text | Picture | Link | File | Contact | Location
_SENT: TypeAdapter[Sent] = TypeAdapter(Annotated[Sent, Field(discriminator="type")])


def _event(name: str) -> str:
    if name not in EVENTS:
        raise ValueError("no event of Viber's")
    return name


class WebhookRequest(Strict):
    url: str
    event_types: list[Annotated[str, AfterValidator(_event)]] | None = None
    send_name: bool | None = None
    send_photo: bool | None = None
    is_inline: bool | None = None


class AccountRequest(Strict):
    pass


class UserRequest(Strict):
    id: Annotated[str, length(100, 1)]


class Single(Strict):
    receiver: Annotated[str, length(100, 1)]


class Broadcast(Strict):
    broadcast_list: Annotated[list[Annotated[str, length(100, 1)]], Field(min_length=1, max_length=300)]


def parsed(body: bytes) -> Json:
    """The object in a body, of a request or of a welcome.  Raises `Refusal`."""
    if len(body) > BODY_LIMIT:
        raise Refusal(Status.BAD_DATA, f"{len(body)} bytes; {BODY_LIMIT} are allowed")
    try:
        params = json.loads(body)
    except ValueError as error:
        raise Refusal(Status.BAD_DATA, "no JSON") from error
    if not isinstance(params, dict):
        raise Refusal(Status.BAD_DATA, "no object")
    return params


Asked = TypeVar("Asked", bound=BaseModel)


def read(kind: type[Asked], params: Json) -> Asked:
    try:
        return kind.model_validate(params)
    except ValidationError as error:
        raise _refusal(error) from error


def read_addressed(kind: type[Asked], params: Json, *, loopback: bool) -> tuple[Asked, Sent]:
    """To whom a message goes, and the message."""
    names = kind.model_fields.keys()
    to = read(kind, {name: value for name, value in params.items() if name in names})
    return to, read_message({name: value for name, value in params.items() if name not in names}, loopback)


def read_message(params: Json, loopback: bool) -> Sent:
    """A message without its receiver, which is what a welcome is.  Raises `Refusal`."""
    try:
        sent = _SENT.validate_python(params, context={LOOPBACK: loopback})
    except ValidationError as error:
        raise _refusal(error) from error
    needed = sent.keyboard.level if sent.keyboard is not None else 1
    if needed > sent.level:
        raise Refusal(Status.INCOMPATIBLE_WITH_VERSION, f"min_api_version is below {needed}")
    return sent


def _refusal(error: ValidationError) -> Refusal:
    first: Mapping[str, Any] = error.errors(include_url=False, include_input=False)[0]
    status = Status.MISSING_DATA if first["type"] in ABSENT else Status.BAD_DATA
    return Refusal(status, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
