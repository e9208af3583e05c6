"""A message as Viber shows it: texts, a picture, and with each the keyboard beneath the chat.  Pure.

Viber shows the last keyboard sent, and does not say what becomes of it after a message without one, so every
message has one: its own, or the current one again.  Receivers are the API client's to add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.channel import Button, Message, Span
from handlers.cutting import split, units
from handlers.viber.capabilities import CAPTION_LIMIT, PICTURE_BYTES, REQUEST_BYTES, TEXT_LIMIT
from handlers.viber.keyboard import (
    LOWEST_LEVEL,
    PHONE_LEVEL,
    fits_key,
    keyboard,
    level_needed,
    without,
)
from handlers.viber.marks import literal, marked
from handlers.viber.models import (
    Keyboard,
    PictureMessage,
    Sender,
    Sending,
    TextMessage,
    as_json,
    encoded,
)
from handlers.viber.words import KeyWords

#: Bytes of a request that are left to the receiver's id.
_RECEIVER = 300
_NOTHING = Message(())


@dataclass(frozen=True, slots=True)
class Look:
    """How messages to one chat look.

    `words` is what keys say that are no answers.  `level` is the API's level of the customer's Viber.
    """

    sender: Sender
    words: KeyWords
    level: int = PHONE_LEVEL

    @property
    def lowest(self) -> Look:
        """For a Viber that turned a message down as too new."""
        return replace(self, level=LOWEST_LEVEL)


def render(
    message: Message, look: Look, current: Message = _NOTHING, page: int = 0, media: str = ""
) -> tuple[Sending, ...]:
    """What to send, in order; nothing for a message that says nothing.

    A message without buttons has those of `current`, the one whose keyboard stands.  One that offers links
    alone has them in the text, too: the next message, which may come at once, takes its keys away.

    `page` is that of the keyboard, from 0.  `media` is the https address, ending in `.png`, at which Viber
    can fetch the picture; without one the picture is told in words.
    """
    shown = _in_words(message, lambda button: not fits_key(button.url))
    links = _buttons(shown)
    if not message.prompt and all(button.url for button in links):
        shown = replace(shown, text=(*shown.text, *_addresses(links)))
    if not _can_fetch(message, media):
        shown = _told(shown)
    bearer = shown if shown.rows else _in_words(current, lambda button: not fits_key(button.url))
    # Where a number cannot be shared the question says what to type instead.
    can_share = look.level >= PHONE_LEVEL
    rows = without(bearer.rows, lambda button: button.contact and not can_share)
    keys = keyboard(rows, bearer.prompt, look.words, page, look.level)
    if shown.image is None:
        return tuple(_texts(shown.text, look, marked, keys))
    return tuple(_picture(shown.text, media, look, keys))


def welcome(message: Message, look: Look, current: Message = _NOTHING, media: str = "") -> Sending | None:
    """The one message that may answer an opened chat: with its picture where one message holds both."""
    whole = render(message, look, current, media=media)
    if len(whole) > 1 and message.image is not None:
        whole = render(message, look, current)
    return whole[0] if whole else None


def in_plain_words(message: Message, look: Look) -> tuple[Sending, ...]:
    """The message for a Viber that takes no keyboard: its options stand in the text, to be typed."""
    told = _told(_in_words(message, lambda button: bool(button.url)))
    typed = [_typed(button) for button in _buttons(told) if not button.contact]
    options = (Span("\n\n" + "\n".join(typed)),) if typed else ()
    return tuple(_texts((*told.text, *options), look.lowest, _unmarked, None))


def _typed(button: Button) -> str:
    """An option as a line to type from, by its number or by what it says."""
    return button.label if button.number is None else f"{button.number}. {button.label}"


def _can_fetch(message: Message, media: str) -> bool:
    if message.image is None or len(message.image.png) > PICTURE_BYTES:
        return False
    return media.startswith("https://") and media.endswith(".png")


def _told(message: Message) -> Message:
    """The message with words in place of its picture."""
    image = message.image
    if image is None:
        return message
    words = "".join(span.text for span in message.text)
    new = bool(image.alt) and image.alt not in words
    alt = (Span("\n" * bool(words) + image.alt),) if new else ()
    return replace(message, text=(*message.text, *alt), image=None)


def _in_words(message: Message, which: Callable[[Button], bool]) -> Message:
    """The message with the addresses of such buttons in its text, each on a line of its own."""
    moved = [button for button in _buttons(message) if button.url and which(button)]
    rows = without(message.rows, lambda button: button in moved)
    return replace(message, text=(*message.text, *_addresses(moved)), rows=rows)


def _addresses(buttons: Sequence[Button]) -> tuple[Span, ...]:
    return tuple(Span(f"\n\n{button.label}\n{button.url}") for button in buttons)


def _buttons(message: Message) -> list[Button]:
    return [button for row in message.rows for button in row]


def _picture(spans: Sequence[Span], media: str, look: Look, keys: Keyboard) -> Iterator[Sending]:
    """The picture with its words beneath; where they are too long for that they come first."""
    caption = _unmarked(spans).strip()
    if units(caption) > CAPTION_LIMIT:
        yield from _texts(spans, look, marked, keys)
        caption = ""
    yield PictureMessage(
        sender=look.sender,
        min_api_version=level_needed(keys, look.level),
        keyboard=keys,
        text=caption,
        media=media,
    )


def _texts(
    spans: Sequence[Span], look: Look, write: Callable[[Sequence[Span]], str], keys: Keyboard | None
) -> Iterator[Sending]:
    empty = TextMessage(
        sender=look.sender,
        min_api_version=level_needed(keys, look.level) if keys else LOWEST_LEVEL,
        keyboard=keys,
        text="",
    )
    room = REQUEST_BYTES - _RECEIVER - len(encoded(as_json(empty)))
    for text in _cut(spans, write, TEXT_LIMIT, room):
        yield replace(empty, text=text)


def _cut(
    spans: Sequence[Span], write: Callable[[Sequence[Span]], str], limit: int, room: int
) -> Iterator[str]:
    """Texts of `limit` UTF-16 units; those that marks or bytes make longer than may be are cut anew."""
    for part in split(spans, limit):
        text = write(part)
        if units(text) <= TEXT_LIMIT and len(encoded({"": text})) <= room:
            yield text
        else:
            yield from _cut(part, write, limit // 2, room)


def _unmarked(spans: Sequence[Span]) -> str:
    """No bold: whether it shows beneath a picture, or on a Viber that refuses keyboards, nobody says."""
    return literal("".join(span.text for span in spans))
