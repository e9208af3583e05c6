"""Draws the pictures that lines ask for, in the words of one language."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dialogs.engine.lines import Picture
from dialogs.engine.text import Leaf, Phrase, _
from handlers.pictures import Bar, bars_png
from handlers.render import Painter
from locales.speaker import Speaker

TITLE = _("What each appliance costs in a month")
VALUE = _("{euros:money}, {kwh:kwh0}")
FOOTER = _(
    "Total {total:money} for {kwh:kwh0}, with VAT and fixed tariff. "
    "Prices valid from {day:date}. Approximate."
)


def bars(picture: Picture, speaker: Speaker) -> bytes:
    """A bar an appliance.  Rows have `name`, `euros` and `kwh`; values `total`, `kwh` and `day`."""
    rows = [_bar(row, speaker) for row in picture.rows]
    return bars_png(speaker.plain(Phrase(TITLE)), rows, speaker.plain(Phrase(FOOTER, picture.values)))


def _bar(row: Mapping[str, Leaf], speaker: Speaker) -> Bar:
    euros = float(str(row["euros"]))  # a length on paper, not money
    return Bar(speaker.show(row["name"]), speaker.plain(Phrase(VALUE, row)), euros)


PAINTERS: Mapping[str, Painter] = MappingProxyType({"bars": bars})
