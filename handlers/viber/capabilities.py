"""What Viber can show, and how much of it: https://creators.viber.com/docs/bots-api."""

from __future__ import annotations

from bot.channel import Capabilities

#: UTF-16 units of a text, and of the words beneath a picture.
TEXT_LIMIT, CAPTION_LIMIT = 7000, 512
#: Bytes of a whole request, and of a picture that is fetched from us.
REQUEST_BYTES, PICTURE_BYTES = 30_000, 1_000_000
#: Characters of what a button says, its markup included, and of what it sends.
LABEL_LIMIT, ACTION_LIMIT = 250, 250
#: A keyboard is a grid.
COLUMNS, ROWS = 6, 12

VIBER = Capabilities(
    edits=False,
    deletes=False,
    inline_keyboard=False,
    lists=False,  # the keyboard is always in view
    buttons=500,  # a keyboard that has more than twelve rows has pages
    columns=3,  # six to a row would leave a phone four letters each
    label_length=32,
    text_length=TEXT_LIMIT,
    caption_length=CAPTION_LIMIT,
    phone_button=True,  # rendering leaves it out where the customer's Viber is too old for it
    typing=False,
    free_hours=24,
)
