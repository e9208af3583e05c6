"""What a service may use besides its arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.base import Storage


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn in which a service is called: its chat, its moment, and the means to read."""

    chat: str
    at: datetime
    storage: Storage


class Away(Exception):
    """A service outside could not be reached or did not answer as it should; worth another try."""
