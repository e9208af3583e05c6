"""What one-time pages say beside their own words: which chat they answer, how long, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.forms_port import Why
from dialogs.engine.text import Phrase, Text, _, _n
from handlers.web.languages import clock_time

CHATS = {
    "telegram": _("This answers your chat on Telegram."),
    "viber": _("This answers your chat on Viber."),
    "web": _("This answers your chat on this site."),
}
ANY_CHAT = _("This answers your chat with eKESCO.")


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that asks for nothing: what is the matter, and what can be done."""

    status: int
    title: Text
    way_on: Text


CLOSED = {
    Why.EXPIRED: Notice(
        410,
        _("This page has expired"),
        _(
            "For your safety it is open for a few minutes only. "
            "Write anything in the chat and I send a new one."
        ),
    ),
    Why.USED: Notice(
        410,
        _("This page has been used already"),
        _(
            "The chat goes on by itself. If you need the page again, write anything there. "
            "If somebody else has used it, call 0800 791 00."
        ),
    ),
    Why.MOVED_ON: Notice(
        410,
        _("The chat has moved on"),
        _(
            "This page belongs to an earlier question. Write anything in the chat and "
            "I send a new one if it is needed."
        ),
    ),
    Why.UNKNOWN: Notice(
        404,
        _("There is no such page"),
        _(
            "Perhaps a part of the address is missing. Open the page from the chat, or write anything there "
            "and I send a new one."
        ),
    ),
    Why.FOREIGN: Notice(
        403,
        _("This page belongs to another chat"),
        _("Only the person it was sent to can use it. Write anything in your own chat and I help you there."),
    ),
}
UNREADABLE = Notice(400, _("That could not be read"), _("Please open the page again and fill it in anew."))
TOO_LARGE = Notice(413, _("That is too long"), _("Please open the page again and type something shorter."))
NOT_OURS = Notice(
    403,
    _("Please open this page again"),
    _("It was open for too long, or your browser keeps no cookies. Nothing was taken from it."),
)
NO_DOCUMENT = Notice(
    404,
    _("There is no such document"),
    _(
        "Perhaps a part of the address is missing, or it is older than 30 days. Open it from the chat once "
        "more, or have it shown there again: that gives you a new one."
    ),
)
TOO_OFTEN = Notice(429, _("Too many tries"), _("Please wait a minute, then open the page again."))
AWAY = Notice(
    503, _("We will be back in a moment"), _("Please try again in a minute. Your chat knows where you were.")
)


def until(left: timedelta, at: datetime) -> Phrase:
    """How long a page is still open: `left`, until the moment `at`."""
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    text = _n(
        "This page is open for {minutes} more minute, until {time}.",
        "This page is open for {minutes} more minutes, until {time}.",
        by="minutes",
    )
    return Phrase(text, {"minutes": minutes, "time": clock_time(at)})
