"""What Telegram's server says to the buttons of a message.  Own reading of its published source.

https://github.com/tdlib/td/blob/master/td/telegram/ReplyMarkup.cpp and LinkManager.cpp
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.rules import bad

Json = dict[str, Any]
Rows = list[list[Json]]
STYLES = {"danger", "success", "primary"}
KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
#: What a button of the keyboard beneath a chat may do other than be said, and what it is called.
REQUESTS = {
    "request_contact": "phone number",
    "request_location": "location",
    "request_poll": "poll",
    "request_users": "users",
    "request_chat": "chats",
}
#: What a button of a message may do, as far as we use it.
ACTIONS = {"callback_data", "url", "web_app"}
LONGEST_PLACEHOLDER = 64


@dataclass(slots=True)
class Keyboard:
    """The keyboard beneath a chat; once a key of it was pressed it may be `hidden` behind an icon."""

    rows: Rows
    one_time: bool = False
    placeholder: str = ""
    message: int = 0
    hidden: bool = False

    @property
    def keys(self) -> list[Json]:
        return [key for row in self.rows for key in row]


@dataclass(slots=True)
class Markup:
    """`rows` are the message's own buttons, `beneath` is a new keyboard of the chat; it may be `removed`."""

    rows: Rows = field(default_factory=list)
    beneath: Keyboard | None = None
    removed: bool = False
    forced: bool = False

    @property
    def is_inline(self) -> bool:
        return self.beneath is None and not self.removed and not self.forced


def checked_markup(markup: Any, *, private: bool, edits: bool = False) -> Markup:
    """What `reply_markup` means in such a chat; an edit may have buttons of the message alone."""
    if markup is None:
        return Markup()
    kinds = [kind for kind in KINDS if kind in markup] if isinstance(markup, dict) else []
    if len(kinds) != 1:
        raise bad("object expected as reply markup")
    if edits and kinds != ["inline_keyboard"]:
        raise bad("inline keyboard expected")
    if kinds == ["inline_keyboard"]:
        return Markup(rows=_inline(markup["inline_keyboard"], private))
    if kinds == ["keyboard"]:
        return Markup(beneath=_beneath(markup, private))
    if markup[kinds[0]] is not True:
        raise bad(f'field "{kinds[0]}" must be True')
    return Markup(removed=kinds == ["remove_keyboard"], forced=kinds == ["force_reply"])


def _inline(rows: Any, private: bool) -> Rows:
    filled: Rows = [row for row in rows if row]
    if sum(map(len, filled)) > 100 or any(len(row) > 8 for row in filled):
        raise bad("reply markup is too long")
    for row in filled:
        for button in row:
            _check_button(button, private)
    return filled


def _check_button(button: Json, private: bool) -> None:
    _check_look(button, "inline keyboard")
    does = ACTIONS & button.keys()
    if not does:
        raise bad("text buttons are unallowed in the inline keyboard")
    if len(does) > 1:
        raise bad("can't parse inline keyboard button: exactly one of the optional fields must be used")
    if "url" in button:
        check_address(button["url"], "inline keyboard button")
    elif "web_app" in button:
        check_address(button["web_app"]["url"], "inline keyboard button Web App", https=True)
        if not private:
            raise bad("BUTTON_TYPE_INVALID")
    elif not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def _check_look(button: Json, where: str) -> None:
    if not str(button.get("text", "")).strip():
        raise bad(f"{where} button text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise bad(f"can't parse {where} button: invalid button style specified")


def _beneath(markup: Json, private: bool) -> Keyboard:
    rows = [[_key(key, private) for key in row] for row in markup["keyboard"] if row]
    if not rows:
        raise bad("object expected as reply markup")
    if sum(map(len, rows)) > 300 or any(len(row) > 12 for row in rows):
        raise bad("reply markup is too long")
    placeholder = markup.get("input_field_placeholder", "")
    if len(placeholder) > LONGEST_PLACEHOLDER:
        raise bad("input field placeholder is too long")
    return Keyboard(rows, bool(markup.get("one_time_keyboard")), placeholder)


def _key(key: Any, private: bool) -> Json:
    """A key; a string alone is one that is said."""
    described: Json = {"text": key} if isinstance(key, str) else key
    _check_look(described, "keyboard")
    if strange := described.keys() - {"text", "style", "web_app", *REQUESTS}:
        raise bad(f"can't parse keyboard button: field {min(strange)} is not for a keyboard button")
    does = [name for name in described if name not in ("text", "style")]
    if len(does) > 1:
        raise bad("can't parse keyboard button: at most one of the optional fields may be used")
    for name, called in REQUESTS.items():
        if name in described and not private:
            raise bad(f"{called} can be requested in private chats only")
    if "web_app" in described:
        if not private:
            raise bad("Web App buttons can be used in private chats only")
        check_address(described["web_app"]["url"], "keyboard button Web App", https=True)
    return described


def check_address(url: str, where: str, *, https: bool = False) -> None:
    """An address that a button opens: a host has a dot, unless it is a number of IPv6."""
    parts = urlsplit(url)
    wrong = f"{where} URL '{url}' is invalid: "
    if parts.scheme not in ("", "http", "https", "tg", "ton"):
        raise bad(wrong + "Unsupported URL protocol")
    if https and parts.scheme != "https":
        raise bad(wrong + "Only HTTPS links are allowed")
    host = parts.hostname or ""
    if parts.scheme not in ("tg", "ton") and "." not in host and ":" not in host:
        raise bad(wrong + "Wrong HTTP URL")
