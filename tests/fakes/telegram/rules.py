"""What Telegram's server accepts, and the words it refuses with.  Own reading of its documented limits."""

from __future__ import annotations

import html
import json
import re
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "code",
    "pre",
    "a",
    "tg-spoiler",
    "blockquote",
}
#: Parameters that are text whatever they look like; any other may be JSON inside a form.
WORDS = {
    "text",
    "caption",
    "parse_mode",
    "callback_query_id",
    "url",
    "secret_token",
    "name",
    "description",
    "short_description",
    "language_code",
    "action",
}

_TAG = re.compile(r"<(/?)([A-Za-z0-9-]*)([^<>]*)(>?)")


class Refusal(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def decoded(name: str, value: str) -> Any:
    """A form field as the JSON value it stands for."""
    if name in WORDS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def plain(text: str, parse_mode: str | None) -> str:
    """The text that the customer sees, or the refusal of broken markup."""
    if parse_mode is None:
        return text.strip()
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    return _without_tags(text).strip()


def _without_tags(text: str) -> str:
    shown: list[str] = []
    open_tags: list[str] = []
    position = 0
    for tag in _TAG.finditer(text):
        shown.append(text[position : tag.start()])
        position = tag.end()
        _walk(tag, open_tags, len(text[: tag.start()].encode()))
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    return html.unescape("".join(shown) + text[position:])


def _walk(tag: re.Match[str], open_tags: list[str], offset: int) -> None:
    closing, name, end = tag[1], tag[2].lower(), tag[4]
    if closing:
        if not open_tags:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        expected = open_tags.pop()
        if name and name != expected:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {offset}, "
                f'expected "</{expected}>", found "</{name}>"'
            )
        return
    if not end:
        raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
    if name not in TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
    open_tags.append(name)


def checked_text(text: str, parse_mode: str | None) -> str:
    shown = plain(text, parse_mode)
    if not shown:
        raise bad("message text is empty")
    if units(shown) > TEXT_LIMIT:
        raise bad("message is too long")
    return shown


def checked_caption(text: str, parse_mode: str | None) -> str:
    shown = plain(text, parse_mode)
    if units(shown) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return shown
