"""Draws the pictures that lines ask for, in the words of one language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from types import MappingProxyType

import segno

from dialogs.engine.lines import Picture
from dialogs.engine.text import Leaf, Phrase, _
from handlers import sheets
from handlers.pictures import ACCENT, LIGHT, SOFT_INK, Bar, Month, bars_png, months_png, sheet_png
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


USED = _("What you have used, month by month")
MONTH = _("{month:month} {year}")
KWH = _("{kwh:kwh0}")
HIGH, LOW, BEFORE = _("High tariff"), _("Low tariff"), _("The same month a year before")


def consumption(picture: Picture, speaker: Speaker) -> bytes:
    """Months, the newest first.  Rows have `month`, `high`, `low` and `before` in kWh."""
    months = [_month(row, speaker) for row in picture.rows]
    legend = [
        (speaker.plain(Phrase(words)), colour)
        for words, colour in ((HIGH, ACCENT), (LOW, LIGHT), (BEFORE, SOFT_INK))
    ]
    return months_png(speaker.plain(Phrase(USED)), months, legend, speaker.show(picture.values["code"]))


def _month(row: Mapping[str, Leaf], speaker: Speaker) -> Month:
    high, low, before = (Decimal(str(row[name] or 0)) for name in ("high", "low", "before"))
    label = speaker.plain(Phrase(MONTH, {"month": row["month"], "year": str(row["month"])[:4]}))
    value = speaker.plain(Phrase(KWH, {"kwh": high + low}))
    return Month(label, value, float(high), float(low), None if row["before"] is None else float(before))


def bill(picture: Picture, speaker: Speaker) -> bytes:
    return sheet_png(sheets.bill(picture, speaker))


def receipt(picture: Picture, speaker: Speaker) -> bytes:
    return sheet_png(sheets.receipt(picture, speaker))


def code(picture: Picture, speaker: Speaker) -> bytes:
    """An address as a QR code."""
    out = BytesIO()
    segno.make(str(picture.values["url"]), error="m").save(out, kind="png", scale=8, border=4)
    return out.getvalue()


PAINTERS: Mapping[str, Painter] = MappingProxyType(
    {"bars": bars, "consumption": consumption, "bill": bill, "receipt": receipt, "code": code}
)
