"""What an update means, read with aiogram's models, whose import costs seconds and 170 MB: do it late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from aiogram.enums import ChatType, ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from pydantic import ValidationError

from dialogs.engine.events import Arrived, Event, Said, Shared, Tapped, Unreadable
from locales.languages import guess

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL)
_START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: What a customer sends, other than words; everything else is Telegram's own notice and wants no answer.
_UNREADABLE = {
    ContentType.ANIMATION,
    ContentType.AUDIO,
    ContentType.CHECKLIST,
    ContentType.DICE,
    ContentType.DOCUMENT,
    ContentType.GAME,
    ContentType.INVOICE,
    ContentType.LIVE_PHOTO,
    ContentType.LOCATION,
    ContentType.PAID_MEDIA,
    ContentType.PHOTO,
    ContentType.POLL,
    ContentType.RICH_MESSAGE,
    ContentType.STICKER,
    ContentType.STORY,
    ContentType.UNKNOWN,
    ContentType.VENUE,
    ContentType.VIDEO,
    ContentType.VIDEO_NOTE,
    ContentType.VOICE,
}


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as others address it; the name is empty until Telegram has told it."""

    id: int
    username: str = ""


def hear(body: bytes, at: datetime, me: Me) -> Event | None:
    """The event in an update, None when it wants no answer.  Raises ValueError when it is no update."""
    update = _update(body)
    if update.message is not None:
        return _message(update.message, at, me)
    if update.callback_query is not None:
        return _tap(update.callback_query, at)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, at)
    return None


def _update(body: bytes) -> Update:
    try:
        return Update.model_validate_json(body)
    except ValidationError as error:
        # Where it is wrong, and never what it says: that is a customer's.
        wrong = {f"{'.'.join(map(str, e['loc']))} {e['type']}" for e in error.errors(include_input=False)}
        raise ValueError(f"no update: {', '.join(sorted(wrong)[:3])}") from None


def _message(message: Message, at: datetime, me: Me) -> Event | None:
    if message.chat.type != ChatType.PRIVATE:
        return Unreadable("group", at) if _addressed(message, me) else None
    if message.contact is not None:
        return _contact(message, at)
    if message.text is not None:
        return _words(message, message.text.replace("\0", ""), at)
    kind = message.content_type
    return Unreadable(str(ContentType(kind).value), at) if kind in _UNREADABLE else None


def _words(message: Message, text: str, at: datetime) -> Event:
    command = _COMMAND.fullmatch(text)
    if command is None:
        return Said(text, at, str(message.message_id))
    name, rest = command["name"], (command["rest"] or "").strip()
    if name.lower() != "start":
        return Said(f"/{name} {rest}".rstrip(), at, str(message.message_id))
    tag = (message.from_user.language_code if message.from_user else None) or ""
    return Arrived(guess(tag), at, rest if _START_PAYLOAD.fullmatch(rest) else "")


def _contact(message: Message, at: datetime) -> Event:
    assert message.contact is not None
    phone = _international(message.contact.phone_number)
    if not phone:
        return Unreadable("contact", at)
    sender = message.from_user
    return Shared(phone, sender is not None and message.contact.user_id == sender.id, at)


def _international(number: str) -> str:
    """Telegram leaves the "+" out at will; a leading zero is somebody's address book and stays local."""
    digits = re.sub(r"[^0-9]", "", number)
    if digits.startswith("00"):
        return "+" + digits[2:]
    return digits if digits.startswith("0") or not digits else "+" + digits


def _tap(query: CallbackQuery, at: datetime) -> Event | None:
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return None
    return Tapped((query.data or "").replace("\0", ""), at)


def _membership(change: ChatMemberUpdated, at: datetime) -> Event | None:
    """Being added to a group is declined; who blocks us wants no answer, who returns presses start."""
    groups = {ChatType.GROUP, ChatType.SUPERGROUP}
    outside = {"left", "kicked"}
    came = change.old_chat_member.status in outside and change.new_chat_member.status not in outside
    return Unreadable("group", at) if came and change.chat.type in groups else None


def _addressed(message: Message, me: Me) -> bool:
    """Whether a message in a group speaks to us: a reply, a mention, a command with our name."""
    reply = message.reply_to_message
    if reply is not None and reply.from_user is not None and reply.from_user.id == me.id:
        return True
    words = (message.text or message.caption or "").lower()
    return bool(me.username) and re.search(rf"@{re.escape(me.username.lower())}\b", words) is not None
