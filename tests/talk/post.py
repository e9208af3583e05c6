"""The phones and mailboxes of the tests' customers: everything that was sent, and who cannot be reached."""

from __future__ import annotations

import re
from collections import deque

from bot.channel import Refused
from bot.gateways.carrier import Parcel

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


class PostOffice:
    """A carrier for SMS and e-mails.  `faults` are raised one by one; nobody in `unknown` exists."""

    keyed = True

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.faults: deque[Exception] = deque()
        self.unknown: set[str] = set()

    async def carry(self, parcel: Parcel) -> None:
        if self.faults:
            raise self.faults.popleft()
        if parcel.to in self.unknown:
            raise Refused("no such recipient")
        if all(parcel.key != known.key for known in self.parcels):
            self.parcels.append(parcel)

    async def close(self) -> None: ...

    def to(self, recipient: str) -> list[Parcel]:
        """What a phone or mailbox has got, oldest first."""
        return [parcel for parcel in self.parcels if parcel.to == recipient]

    def code(self, chat: str) -> str:
        """The code that was sent last for a chat."""
        for parcel in reversed(self.parcels):
            if parcel.chat == chat and (found := _CODE.search(parcel.text)):
                return found[0]
        raise AssertionError(f"no code was sent for {chat}: {self.parcels}")
