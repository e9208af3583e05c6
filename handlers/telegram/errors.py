"""What python-telegram-bot's errors mean for a message on its way."""

from __future__ import annotations

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


def is_unmodified(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and "message is not modified" in error.message.lower()


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
    words = why.lower()
    if any(known in words for known in _NO_CHAT):
        return Unreachable(why)
    if any(known in words for known in _NOT_EDITABLE):
        return Gone(why)
    return Refused(why)
