"""What Viber's statuses mean for a message on its way.  They come with HTTP 200; 0 is the good one.

https://developers.viber.com/docs/api/rest-bot-api/#error-codes
"""

from __future__ import annotations

import re

from bot.channel import Later, Refused, Unreachable


class Stopped(Later):
    """Viber does not serve this bot: nothing at all goes out until an operator has looked."""


class Unpaid(Later):
    """Viber wants money for this message: nothing that we begin goes out until an operator has looked."""


class Malformed(Refused):
    """Viber cannot read what we sent; it may take the same in plain words."""


class Incompatible(Refused):
    """The customer's Viber is too old for what we sent; it may take the same without newer features."""


class NoBroadcast(Refused):
    """This bot may not broadcast."""


Meaning = type[Later] | type[Refused] | type[Unreachable]

_STATUSES: dict[int, tuple[str, Meaning]] = {
    1: ("invalidUrl", Refused),
    2: ("invalidAuthToken", Stopped),
    3: ("badData", Malformed),
    4: ("missingData", Malformed),
    5: ("receiverNotRegistered", Unreachable),
    6: ("receiverNotSubscribed", Unreachable),
    7: ("publicAccountBlocked", Stopped),
    8: ("publicAccountNotFound", Stopped),
    9: ("publicAccountSuspended", Stopped),
    10: ("webhookNotSet", Stopped),
    11: ("receiverNoSuitableDevice", Unreachable),
    12: ("tooManyRequests", Later),
    13: ("apiVersionNotSupported", Incompatible),
    14: ("incompatibleWithVersion", Incompatible),
    15: ("clientNotAuthorized", Stopped),
    19: ("cannotSendBroadcast", NoBroadcast),
    20: ("broadcastNotAllowed", NoBroadcast),
    21: ("unsupportedCountry", Unreachable),  # the customer's, whatever we say
    23: ("freeMessagesExceeded", Unpaid),
    24: ("noBalance", Unpaid),
}
#: What is new to us was refused as well, and plain words are the least that can be asked of Viber.
_UNKNOWN: tuple[str, Meaning] = ("unknown", Malformed)
#: Viber quotes what it could not read: texts and addresses of customers stay out of logs and tables.
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\S*\d{4}\S*|\S*://\S*|\S{25,}")
_LONGEST = 160


def meaning(status: int, message: str) -> Later | Refused | Unreachable:
    """The channel's error for a status other than 0."""
    name, kind = _STATUSES.get(status, _UNKNOWN)
    return kind(f"{status} {name}: {_QUOTED.sub('…', message)[:_LONGEST]}")
