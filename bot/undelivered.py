"""Tells a customer that a code could not be delivered, when the network or the mail server says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.channel import Arrival
from bot.posts import Undelivered
from bot.services.post import SMS
from dialogs.engine.events import Noted
from dialogs.engine.text import Phrase, _
from storage.base import Write

#: The name under which it stands in the inbox.
LETTERS = "letters"
NO_SMS = _(
    "The SMS with your code could not be delivered. Please check the number, or let me send it by e-mail."
)
NO_EMAIL = _("The e-mail with your code could not be delivered. Please check the address.")


class Intake(Protocol):
    async def receive(self, arrivals: Sequence[Arrival], also: Sequence[Write] = ()) -> None: ...


class Undeliverable:
    """Puts it into the inbox as something that happened to the chat, and hears it from there."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def tell(self, undelivered: Undelivered) -> None:
        """Only codes are waited for.  Raises `Unavailable`."""
        if undelivered.challenge:
            body = json.dumps({"kind": undelivered.kind}).encode()
            await self._intake.receive([Arrival(LETTERS, undelivered.key, undelivered.chat, body)])


class LetterEar:
    """`bot.turn.Hears` for what became of letters."""

    def hear(self, body: bytes, at: datetime) -> Noted:
        kind = json.loads(body)["kind"]
        return Noted(Phrase(NO_SMS if kind == SMS else NO_EMAIL), at)
