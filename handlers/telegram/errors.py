"""What python-telegram-bot's errors mean for a message on its way."""

from __future__ import annotations

import re

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channel import Gone, Later, Refused, Uncertain, Unreachable
from handlers.telegram.limiter import seconds_of
from handlers.telegram.request import NotSent

_NO_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat_write_forbidden",
    "not enough rights",
    "have no rights",
)
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
)
#: A message that is sent anew has no buttons of that kind.
_BAD_ADDRESS = (
    "button_url_invalid",
    "wrong http url",
    "only https links are allowed",
    "unsupported url protocol",
)
#: Telegram repeats an address that it refuses, and ours open pages: they stay out of logs and tables.
_ADDRESS = re.compile(r"\b[a-z]+://[^\s']*", re.IGNORECASE)


def is_unmodified(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


def is_bad_address(error: TelegramError) -> bool:
    """Whether Telegram takes no such address in a button."""
    return isinstance(error, BadRequest) and any(known in error.message.lower() for known in _BAD_ADDRESS)


def is_deleted(error: TelegramError) -> bool:
    """Whether what was to be deleted is not there any more."""
    return isinstance(error, BadRequest) and "message to delete not found" in error.message.lower()


def meaning(error: TelegramError) -> Exception:
    """The channel's error for the library's.  A lost answer leaves it open what happened."""
    if isinstance(error, RetryAfter):
        return Later("Telegram asks for silence", seconds_of(error))
    if isinstance(error, Forbidden | ChatMigrated):
        return Unreachable(error.message)
    if isinstance(error, InvalidToken):
        return Later("Telegram refuses the token")
    if isinstance(error, BadRequest):
        return _of_request(error.message)
    if isinstance(error, NotSent):
        return Later(error.message)
    return Uncertain(error.message)


def _of_request(why: str) -> Exception:
    words, why = why.lower(), _ADDRESS.sub("…", why)
    if any(known in words for known in _NO_CHAT):
        return Unreachable(why)
    if any(known in words for known in (*_NOT_EDITABLE, *_BAD_ADDRESS)):
        return Gone(why)
    return Refused(why)
