"""Conversations as they are kept, and the recent ones at hand.

What is at hand may be out of date; the revision tells so when a turn is committed.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from dialogs.engine.conversation import Conversation
from dialogs.engine.memory import Dialogs, recall
from storage import conversations
from storage.base import Row, Storage

log = logging.getLogger(__name__)

#: Conversations kept decoded.
AT_HAND = 5000


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation and its revision, 0 when it was never kept."""

    rev: int = 0
    conversation: Conversation = field(default_factory=Conversation)


class Memory:
    """One for the process."""

    def __init__(self, storage: Storage, dialogs: Dialogs) -> None:
        self._storage, self._dialogs = storage, dialogs
        self._at_hand: OrderedDict[str, Stored] = OrderedDict()

    async def load(self, chat: str) -> Stored:
        """The conversation of a chat.  Raises `Unavailable`."""
        known = self._at_hand.get(chat)
        if known is not None:
            self._at_hand.move_to_end(chat)
            return known
        rows = await self._storage.read(conversations.load(chat))
        if not rows:
            return Stored()
        stored = Stored(int(str(rows[0]["rev"])), self._recalled(chat, rows[0]))
        self.keep(chat, stored)
        return stored

    def keep(self, chat: str, stored: Stored) -> None:
        self._at_hand[chat] = stored
        self._at_hand.move_to_end(chat)
        if len(self._at_hand) > AT_HAND:
            self._at_hand.popitem(last=False)

    def forget(self, chat: str) -> None:
        """It was out of date, or may be."""
        self._at_hand.pop(chat, None)

    def _recalled(self, chat: str, row: Row) -> Conversation:
        """A state that nobody can read any more must not end the chat: it begins anew, in its language."""
        try:
            found = recall(str(row["state"]), self._dialogs)
        except Exception:  # whatever is wrong with it, silence for ever would be worse
            log.exception("conversation cannot be read, and begins anew: chat=%s", chat)
            found = Conversation()
        return found if found.language else replace(found, language=str(row["language"]))
