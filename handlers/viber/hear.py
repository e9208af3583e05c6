"""What a callback means to the conversation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from dialogs.engine.events import Arrived, Event, Late, Paged, Said, Shared, Tapped, Unreadable
from handlers.viber.actions import FORMER, MENU, PageAsked, read_action
from handlers.viber.addresses import is_former
from handlers.viber.callbacks import OVERTAKEN, Callback, Content, read
from locales.languages import guess

#: What `Context` of a deep link may hold.
_CONTEXT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_DIGITS = re.compile(r"[^0-9]")


def hear(body: bytes, at: datetime, is_offered: Callable[[str], bool]) -> Event | None:
    """The event in a callback, None when it wants no answer.  Raises ValueError when it is no callback.

    `is_offered` tells an address that a button of ours opens: pressing it says the address as well.
    """
    if body.startswith(OVERTAKEN):
        return Late(at)
    callback = read(body)
    if callback.event == "conversation_started":
        tag = callback.who.language if callback.who else ""
        return Arrived(guess(tag), at, callback.context if _CONTEXT.fullmatch(callback.context) else "")
    if callback.event != "message" or callback.message is None:
        return None
    return _message(callback, callback.message, at, is_offered)


def _message(
    callback: Callback, message: Content, at: datetime, is_offered: Callable[[str], bool]
) -> Event | None:
    text = (message.media if message.type == "url" else message.text).replace("\0", "")
    if message.type == "contact":
        return _contact(message, text, at)
    if message.type not in ("text", "url"):
        return Unreadable(message.type, at)
    if is_offered(text.strip()):
        return None
    if is_former(text.strip()):
        return Tapped(FORMER, at)
    match read_action(text):
        case PageAsked(prompt=prompt, page=page):
            return Paged(prompt, page, at)
        case str(payload):
            return Said(f"/{MENU}", at) if payload == MENU else Tapped(payload, at)
    return Said(text, at, callback.token)


def _contact(message: Content, text: str, at: datetime) -> Event:
    """The button that shares the customer's own number says so; a card from an address book does not.

    Pressed on a computer the button sends no number, as those found who tried it.
    """
    digits = _NOT_DIGITS.sub("", message.contact.phone_number if message.contact else "")
    pressed = read_action(text)
    if digits:
        return Shared(_international(digits), isinstance(pressed, str), at)
    return Tapped(pressed, at) if isinstance(pressed, str) else Unreadable("contact", at)


def _international(digits: str) -> str:
    """Viber leaves the "+" out; a leading zero is somebody's address book and stays local."""
    if digits.startswith("00"):
        return "+" + digits[2:]
    return digits if digits.startswith("0") else "+" + digits
