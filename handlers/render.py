"""Renders a line for one channel in one language: paragraphs, rows of buttons, a picture.  Sends nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.channel import Button, Capabilities, Image, Message, Span
from dialogs.engine.lines import Line, Option, Picture, Tone
from locales.speaker import Speaker

log = logging.getLogger(__name__)

#: Draws a picture as PNG, in the speaker's language.
Painter = Callable[[Picture, Speaker], bytes]
NO_PAINTERS: Mapping[str, Painter] = MappingProxyType({})

TICKED, UNTICKED = "✅", "▫️"
#: What the gap between two buttons costs, in characters of their labels.
GAP = 2


def render(
    line: Line, speaker: Speaker, capabilities: Capabilities, painters: Mapping[str, Painter] = NO_PAINTERS
) -> Message:
    """The message that shows `line`.  A picture that cannot be drawn is told in words."""
    image = _image(line.picture, speaker, painters)
    body = [speaker.say(phrase) for phrase in line.body]
    if line.picture and line.picture.alt and image is None and line.picture.alt not in line.body:
        body.append(speaker.say(line.picture.alt))
    usable = [option for option in line.options if not option.contact or capabilities.phone_button]
    options = _fitting(usable, capabilities.buttons)
    return Message(
        text=tuple(_merged(_text(body, _listed(line.options, speaker, capabilities)))),
        rows=tuple(_rows(options, speaker, capabilities)),
        prompt=line.prompt,
        image=image,
        page=line.page,
        plain=line.plain,
    )


def _image(picture: Picture | None, speaker: Speaker, painters: Mapping[str, Painter]) -> Image | None:
    if picture is None:
        return None
    alt = speaker.plain(picture.alt) if picture.alt else ""
    try:
        return Image(painters[picture.painter](picture, speaker), alt)
    except Exception:  # words without their picture are better than no answer
        log.exception("cannot draw %s", picture.painter)
        return None


def _text(paragraphs: Iterable[Sequence[Span]], listed: Sequence[str]) -> Iterator[Span]:
    """Paragraphs, each on its own line, then the options that can be typed, after a blank one."""
    begun = False
    for paragraph in paragraphs:
        if begun:
            yield Span("\n")
        yield from paragraph
        begun = True
    if listed:
        yield Span(("\n\n" if begun else "") + "\n".join(listed))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].bold is span.bold:
            merged[-1] = Span(merged[-1].text + span.text, span.bold)
        elif span.text:
            merged.append(span)
    return merged


def _listed(options: Sequence[Option], speaker: Speaker, capabilities: Capabilities) -> list[str]:
    """Numbered options as lines to type from, where a keyboard is not part of its message."""
    if not capabilities.lists:
        return []
    return [_label(option, speaker, numbered=True) for option in options if option.number is not None]


def _label(option: Option, speaker: Speaker, *, numbered: bool) -> str:
    mark = "" if option.marked is None else TICKED if option.marked else UNTICKED
    number = f"{option.number}." if numbered and option.number is not None else ""
    return " ".join(filter(None, (number, mark, option.icon, speaker.plain(option.label))))


def _fitting(options: Sequence[Option], most: int) -> Sequence[Option]:
    """As many options as one keyboard holds; the ways out of a question are the last to go."""
    if len(options) <= most:
        return options
    controls = [option for option in options if option.tone is Tone.CONTROL][:most]
    others = [option for option in options if option.tone is not Tone.CONTROL]
    return (*others[: most - len(controls)], *controls)


def _rows(
    options: Sequence[Option], speaker: Speaker, capabilities: Capabilities
) -> Iterator[tuple[Button, ...]]:
    """Short labels share a row, long ones and the primary one stand alone, ways out share the last."""
    row: list[Button] = []
    for option in (o for o in options if o.tone is not Tone.CONTROL):
        button = _button(option, speaker, capabilities)
        if row and not _side_by_side([*row, button], capabilities):
            yield tuple(row)
            row = []
        row.append(button)
    if row:
        yield tuple(row)
    controls = [_button(o, speaker, capabilities) for o in options if o.tone is Tone.CONTROL]
    for start in range(0, len(controls), capabilities.columns):
        yield tuple(controls[start : start + capabilities.columns])


def _button(option: Option, speaker: Speaker, capabilities: Capabilities) -> Button:
    label = _label(option, speaker, numbered=capabilities.lists)
    payload = "" if option.url else option.payload
    return Button(
        label,
        payload,
        option.url,
        option.tone,
        option.marked,
        option.contact,
        option.app,
        option.number,
    )


def _side_by_side(buttons: Sequence[Button], capabilities: Capabilities) -> bool:
    if len(buttons) > capabilities.columns:
        return False
    room = (capabilities.label_length - GAP * (len(buttons) - 1)) // len(buttons)
    if any(len(button.label) > room or button.tone is Tone.PRIMARY for button in buttons):
        return False
    return len({(button.marked is None, bool(button.url)) for button in buttons}) == 1
