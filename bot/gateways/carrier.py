"""What a gateway is to delivery: somebody who carries finished words to a phone or a mailbox.

Where do I add a gateway?  A module here with a `Carrier`, and a line for its URL in `sms.py` or `email.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.channel import Later

Kind = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """An SMS or an e-mail in words.  `key` names it for good: the same key is the same parcel.

    `chat` is the one it belongs to, `to` an E.164 number or a mailbox; an SMS has no `subject`.
    """

    kind: Kind
    chat: str
    to: str
    subject: str
    text: str
    language: str
    key: str


class Carrier(Protocol):
    """One gateway.  `keyed`: it takes a parcel's key, and a second parcel with it goes nowhere."""

    @property
    def keyed(self) -> bool: ...

    async def carry(self, parcel: Parcel) -> None:
        """Hand it over, within some 10 seconds.

        Raises `Later` when it was certainly not taken (`NotYet` when that says nothing about the gateway),
        `Uncertain` when nobody knows, `Refused` when there is no such phone or mailbox; nothing else on
        purpose.
        """
        ...

    async def close(self) -> None: ...


class NotYet(Later):
    """The gateway works, but does not take this parcel now."""


class BadGateway(ValueError):
    """A gateway's URL, or what belongs to it, that cannot be used; its text tells an operator what to do."""


def masked(to: str) -> str:
    """A phone number or a mailbox as logs may show it: `+383•••456`, `•••@example.com`."""
    _name, at, domain = to.rpartition("@")
    if at:
        return f"•••@{domain}"
    return f"{to[:4]}•••{to[-3:]}" if len(to) > 8 else "•••"
