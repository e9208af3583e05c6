"""What is sent to Viber, field by field as Viber names them (hence the capitals); what is None stays away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Action = Literal["reply", "open-url", "share-phone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who speaks: a `name` of at most 28 characters, the address of a picture."""

    name: str
    avatar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button; `Text` is HTML, `ActionBody` what pressing it sends, opens, or marks a shared number with."""

    Columns: int
    Rows: int = 1
    ActionType: Action
    ActionBody: str
    Text: str
    TextSize: Literal["regular"] = "regular"
    Silent: bool | None = None
    BgColor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyboard:
    """Keys from left to right and from the top; each row of six columns is full."""

    Type: Literal["keyboard"] = "keyboard"
    DefaultHeight: bool = False
    Buttons: tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sending:
    sender: Sender
    min_api_version: int = 1
    tracking_data: str | None = None
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage(_Sending):
    type: Literal["text"] = "text"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureMessage(_Sending):
    """`media` is an https address whose path ends .png or .jpg; `text` may be empty."""

    type: Literal["picture"] = "picture"
    text: str
    media: str
    thumbnail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlMessage(_Sending):
    """An address by itself, at most 2000 characters."""

    type: Literal["url"] = "url"
    media: str


Sending = TextMessage | PictureMessage | UrlMessage


def as_json(model: Sending | Keyboard | Key | Sender) -> dict[str, Any]:
    """The one way from a model to a JSON object."""
    return {name: _plain(value) for name, value in asdict(model).items() if value is not None}


def encoded(document: Mapping[str, Any]) -> bytes:
    """The bytes of a request.  Half a character, which UTF-8 cannot say, becomes a question mark."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
