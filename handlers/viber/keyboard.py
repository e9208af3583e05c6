"""A message's buttons on Viber's grid: six columns, at most twelve rows, the rest on further pages.

Every keyboard ends with the ways out of its question and a row for the menu.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence

from bot.channel import Button
from dialogs.engine.lines import Tone
from handlers.cutting import units
from handlers.render import GAP
from handlers.viber.actions import HOME, MENU, option_action, page_action
from handlers.viber.capabilities import ACTION_LIMIT, COLUMNS, LABEL_LIMIT, ROWS, VIBER
from handlers.viber.models import Key, Keyboard, as_json, encoded
from handlers.viber.words import KeyWords

#: Levels of Viber's API: what every Viber knows, where a phone number can be shared, and where `Silent` is
#: obeyed (which the reference does not say, but those who tried it).
LOWEST_LEVEL, PHONE_LEVEL, SILENT_LEVEL = 1, 3, 6

#: Rows that the ways out may take from a page.
_MOST_WAYS_OUT = 4
#: Primary buttons that stand on every page.
_MOST_MAIN = 2
#: Bytes of a page's keys: the words of the message must find room beside them.
_PAGE_BYTES = 10_000
#: How the buttons of a row are parted, where they do not fit side by side or would be of unequal width.
_PARTS = {2: (1, 1), 3: (2, 1), 4: (2, 2), 5: (3, 2), 6: (3, 3)}
#: What white letters are easy to read on, whatever the phone's theme.
_COLOURS = {Tone.PRIMARY: "#0F766E", Tone.DANGER: "#B3261E"}
_INK = "#FFFFFF"

Row = tuple[Button, ...]


def keyboard(rows: Sequence[Row], prompt: int, words: KeyWords, page: int, level: int) -> Keyboard:
    """Page `page` of the buttons, from 0, or the nearest there is.  `words` is what keys of our own say."""
    grid = _Grid(rows, words.menu)
    pages = grid.pages()
    page = min(max(page, 0), len(pages) - 1)
    arrows = _arrows(prompt, page, len(pages), words)
    return Keyboard(
        Buttons=(*pages[page], *arrows, *grid.foot),
    )


def fits_key(url: str) -> bool:
    """Whether a button may open it: Viber's own browser opens https alone everywhere."""
    return url.startswith("https://") and len(url) <= ACTION_LIMIT and url.isascii() and " " not in url


def level_needed(keyboard: Keyboard, level: int) -> int:
    """The least level of the API at which a Viber of `level` shows the keyboard as it is meant."""
    actions = {key.ActionType for key in keyboard.Buttons}
    if "open-url" in actions and level >= SILENT_LEVEL:
        return SILENT_LEVEL
    return PHONE_LEVEL if "share-phone" in actions else LOWEST_LEVEL


class _Grid:
    """Rows of keys above, and `foot`, the keys that are on every page."""

    def __init__(self, rows: Sequence[Row], menu: str) -> None:
        needed = without(rows, lambda button: button.payload == HOME)
        flowed = list(_evened([part for row in needed for part in _flowed(row)]))
        answers = [row for row in flowed if not _leads_out(row)]
        outs = [row for row in flowed if _leads_out(row)]
        surplus = max(len(outs) - _MOST_WAYS_OUT, 0)
        self._rows = [(row, _keys(row)) for row in (*answers, *outs[:surplus])]
        self.foot = (*(key for row in outs[surplus:] for key in _keys(row)), _menu_key(menu))
        self._room = ROWS - _height(self.foot)

    def pages(self) -> list[tuple[Key, ...]]:
        whole = [key for _row, keys in self._rows for key in keys]
        if _height(whole) <= self._room and _size(whole) <= _PAGE_BYTES:
            return [tuple(whole)]
        return list(self._filled(self._room - 1))

    def _filled(self, room: int) -> Iterator[tuple[Key, ...]]:
        """As many rows as fit on each page, and on each what most customers press in the end."""
        main = [key for row, keys in self._rows if _is_main(row) for key in keys][:_MOST_MAIN]
        page: list[Key] = []
        for keys in (keys for _row, keys in self._rows if keys[0] not in main):
            more = [*page, *keys, *main]
            if page and (_height(more) > room or _size(more) > _PAGE_BYTES):
                yield (*page, *main)
                page = []
            page += keys
        yield (*page, *main)


def _is_main(row: Row) -> bool:
    return len(row) == 1 and row[0].tone is Tone.PRIMARY


def _leads_out(row: Row) -> bool:
    return all(button.tone is Tone.CONTROL for button in row)


def _flowed(row: Row) -> Iterator[Row]:
    """A row as rows of equal widths in which every label can be read; a long label stands alone."""
    start = 0
    for number, button in enumerate(row):
        if not _is_readable((button, button)):
            yield from _halved(row[start:number])
            yield (button,)
            start = number + 1
    yield from _halved(row[start:])


def _halved(row: Row) -> Iterator[Row]:
    if not row:
        return
    if len(row) == 1 or (COLUMNS % len(row) == 0 and _is_readable(row)):
        yield row
        return
    for size in _PARTS.get(len(row), (COLUMNS, len(row) - COLUMNS)):
        yield from _halved(row[:size])
        row = row[size:]


def _evened(rows: Sequence[Row]) -> Iterator[Row]:
    """Three keys and one that is left over as two and two."""
    left = list(rows)
    while left:
        four = tuple(button for row in left[:2] for button in row)
        halves = (four[:2], four[2:])
        leaves_one = [len(row) for row in left[:2]] == [3, 1]
        if leaves_one and _are_alike(four) and all(map(_is_readable, halves)):
            yield from halves
            del left[:2]
        else:
            yield left.pop(0)


def _are_alike(row: Row) -> bool:
    return len({(button.tone, button.marked is None, bool(button.url)) for button in row}) == 1


def _is_readable(row: Row) -> bool:
    room = (VIBER.label_length - GAP * (len(row) - 1)) // len(row)
    return all(len(button.label) <= room for button in row)


def _keys(row: Row) -> tuple[Key, ...]:
    return tuple(_key(button, COLUMNS // len(row)) for button in row)


def _key(button: Button, columns: int) -> Key:
    rows = 1 if len(button.label) <= VIBER.label_length else 2
    colour = _COLOURS.get(button.tone)
    text = _text(button.label, _INK if colour else "")
    if button.url:
        return Key(
            Columns=columns,
            Rows=rows,
            ActionType="open-url",
            ActionBody=button.url,
            Text=text,
            Silent=True,
            BgColor=colour,
        )
    return Key(
        Columns=columns,
        Rows=rows,
        ActionType="share-phone" if button.contact else "reply",
        ActionBody=option_action(button.payload),
        Text=text,
        BgColor=colour,
    )


def _text(label: str, ink: str) -> str:
    """A label as HTML, cut where it is too long for that."""
    frame = f'<font color="{ink}">{{}}</font>' if ink else "{}"
    text = frame.format(html.escape(label, quote=False))
    while units(text) > LABEL_LIMIT:
        label = label[:-1]
        text = frame.format(html.escape(label.rstrip(), quote=False) + "…")
    return text


def _menu_key(label: str) -> Key:
    return Key(Columns=COLUMNS, ActionType="reply", ActionBody=option_action(MENU), Text=_text(label, ""))


def _arrows(prompt: int, page: int, pages: int, words: KeyWords) -> tuple[Key, ...]:
    """The pages before and after this one, each with its number."""
    before, after = page - 1, page + 1
    named = (
        (before, f"‹ {words.earlier} {before + 1}/{pages}"),
        (after, f"{words.more} {after + 1}/{pages} ›"),
    )
    there = [(n, label) for n, label in named if 0 <= n < pages]
    return tuple(
        Key(
            Columns=COLUMNS // len(there),
            ActionType="reply",
            ActionBody=page_action(prompt, number),
            Text=_text(label, ""),
        )
        for number, label in there
    )


def _height(keys: Sequence[Key]) -> int:
    """Rows of the grid that full rows of keys take."""
    return sum(key.Columns * key.Rows for key in keys) // COLUMNS


def _size(keys: Sequence[Key]) -> int:
    return sum(len(encoded(as_json(key))) for key in keys)


def without(rows: Sequence[Row], which: Callable[[Button], bool]) -> tuple[Row, ...]:
    """The rows less such buttons."""
    left = (tuple(button for button in row if not which(button)) for row in rows)
    return tuple(row for row in left if row)
