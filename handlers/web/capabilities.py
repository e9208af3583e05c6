"""What the web chat can show: it is a page of our own."""

from __future__ import annotations

from bot.channel import Capabilities

WEB = Capabilities(
    edits=True,
    deletes=True,
    inline_keyboard=True,
    lists=False,
    buttons=100,
    columns=3,
    label_length=40,
    text_length=16_000,
    caption_length=16_000,
    phone_button=False,
    typing=True,
    free_hours=None,
)
