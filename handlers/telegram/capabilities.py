"""What Telegram can show, and how much of it: https://core.telegram.org/bots/api."""

from __future__ import annotations

from bot.channel import Capabilities

#: UTF-16 units of a text, and of the words beneath a picture.
TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024

TELEGRAM = Capabilities(
    edits=True,
    deletes=True,
    inline_keyboard=True,
    lists=False,
    buttons=100,
    columns=3,  # eight would be taken, and be unreadable on a phone
    label_length=34,
    text_length=TEXT_LIMIT,
    caption_length=CAPTION_LIMIT,
    phone_button=True,
    typing=True,
    free_hours=None,
)
