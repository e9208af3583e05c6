"""What Viber answers when it does not do what was asked: HTTP 200 with a status other than 0."""

from __future__ import annotations

from enum import IntEnum

#: A request's body, in bytes of UTF-8.
BODY_LIMIT = 30_000


class Status(IntEnum):
    """The statuses that Viber documents for bots."""

    OK = 0
    INVALID_URL = 1
    INVALID_AUTH_TOKEN = 2
    BAD_DATA = 3
    MISSING_DATA = 4
    RECEIVER_NOT_REGISTERED = 5
    RECEIVER_NOT_SUBSCRIBED = 6
    PUBLIC_ACCOUNT_BLOCKED = 7
    PUBLIC_ACCOUNT_NOT_FOUND = 8
    PUBLIC_ACCOUNT_SUSPENDED = 9
    WEBHOOK_NOT_SET = 10
    RECEIVER_NO_SUITABLE_DEVICE = 11
    TOO_MANY_REQUESTS = 12
    API_VERSION_NOT_SUPPORTED = 13
    INCOMPATIBLE_WITH_VERSION = 14
    PUBLIC_ACCOUNT_NOT_AUTHORIZED = 15
    CANNOT_SEND_BROADCAST = 19
    BROADCAST_NOT_ALLOWED = 20
    UNSUPPORTED_COUNTRY = 21
    FREE_MESSAGES_EXCEEDED = 23
    NO_BALANCE = 24

    @property
    def words(self) -> str:
        """As `status_message` names it: `receiverNotSubscribed`."""
        first, *rest = self.name.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)


#: Refusals after which the same may come again in plain words.
UNREADABLE = {Status.BAD_DATA, Status.MISSING_DATA}
#: Refusals that a client which reads the documentation never earns.
OWN_FAULT = {
    Status.INVALID_URL,
    Status.INVALID_AUTH_TOKEN,
    Status.BAD_DATA,
    Status.MISSING_DATA,
    Status.INCOMPATIBLE_WITH_VERSION,
}


class Refusal(Exception):
    """A status other than 0, and why, for whoever reads a failed test."""

    def __init__(self, status: Status, why: str = "") -> None:
        super().__init__(f"{status.words}: {why}" if why else status.words)
        self.status = status


def units(text: str) -> int:
    """UTF-16 code units: Viber says "characters", and this is the strictest reading of it."""
    return len(text.encode("utf-16-le")) // 2
