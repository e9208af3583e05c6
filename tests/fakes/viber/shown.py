"""What stands on a screen, and whose screen it is."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.viber.keyboards import Keyboard
from tests.fakes.viber.schema import Contact, Location, Picture, Sent, Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Device:
    """`kind` is phone or desktop; `api_version` is what its Viber understands."""

    kind: str = "phone"
    api_version: int = 10


PHONE, DESKTOP = Device(), Device("desktop")


@dataclass(slots=True, eq=False)
class Shown:
    """A message on the customer's screen.  `params` is all of it, as it was sent.

    `billing_status` is what Viber answered for it: 1, 2 in session, 3, 4 free, 5 charged, 0 for a welcome.
    """

    token: str
    type: str
    text: str = ""
    media: str = ""
    keyboard: Keyboard | None = None
    mine: bool = False
    sender: str = ""
    seen: bool = False
    billing_status: int = 0
    params: Json = field(default_factory=dict)

    @property
    def rows(self) -> list[list[str]]:
        """The labels of its keyboard, row by row."""
        return [[button.label for button in row] for row in self.keyboard.rows] if self.keyboard else []


def id_of(key: str) -> str:
    """A user's id as Viber makes them: 16 bytes in base64, and so with `/`, `+` and `=`."""
    return base64.b64encode(hashlib.sha256(key.encode()).digest()[:16]).decode()


def shown_of(sent: Sent, token: str, billing_status: int = 0) -> Shown:
    return Shown(
        token,
        sent.type,
        text=sent.text if isinstance(sent, Text | Picture) else "",
        media="" if isinstance(sent, Text | Contact | Location) else sent.media,
        keyboard=sent.keyboard,
        sender=sent.sender.name,
        billing_status=billing_status,
        params=sent.model_dump(mode="json", exclude_unset=True),
    )
