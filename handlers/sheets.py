"""Bills and receipts as sheets of paper, in the words of one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from dialogs.engine.lines import Picture
from dialogs.engine.text import Leaf, Phrase, _, _l
from handlers.paper import Row, Sheet
from locales.speaker import Speaker

ISSUER = "KESCO"
EUROS = _("{euros:money}")
BILL = _("Bill for {month:month} {year}")
PLACE = _("{code}, {address}")
METER = _("Meter {meter}, tariff group {group}")
DAYS = _("Issued on {issued_on:date}, to be paid by {due_on:date}")
NUMBER = _("Bill {number}. It stands for no document of KESCO's own.")
RECEIPT = _("Receipt {reference}")
PAID_ON = _("Paid to KESCO by card on {paid_on:date}")

_NO_WORD = re.compile(r"[^A-Za-z0-9]+")


def bill(picture: Picture, speaker: Speaker) -> Sheet:
    """A bill.  Rows have `words`, an `amount` in euros or none, and are `strong` for a sum."""
    values = picture.values
    title, *lead, footer = (
        speaker.plain(Phrase(text, values)) for text in (BILL, PLACE, METER, DAYS, NUMBER)
    )
    return Sheet(
        ISSUER,
        title,
        tuple(lead),
        tuple(_row(row, speaker) for row in picture.rows),
        footer,
        _day(values["issued_on"]),
        _name(values["code"], f"{_day(values['month']):%Y-%m}"),
    )


def receipt(picture: Picture, speaker: Speaker) -> Sheet:
    """A receipt: what was paid for, and together."""
    values = picture.values
    title, lead = (speaker.plain(Phrase(text, values)) for text in (RECEIPT, PAID_ON))
    together: Mapping[str, Leaf] = {"words": _l("Paid"), "amount": values["amount"], "strong": 1}
    return Sheet(
        ISSUER,
        title,
        (lead,),
        tuple(_row(row, speaker) for row in (*picture.rows, together)),
        "",
        _day(values["paid_on"]),
        _name("receipt", values["reference"]),
    )


def _row(row: Mapping[str, Leaf], speaker: Speaker) -> Row:
    amount = speaker.plain(Phrase(EUROS, {"euros": row["amount"]})) if "amount" in row else ""
    return Row(speaker.show(row["words"]), amount, bool(row.get("strong")))


def _day(value: Leaf) -> date:
    assert isinstance(value, date)
    return value


def _name(*parts: Leaf) -> str:
    return _NO_WORD.sub("-", " ".join(map(str, (ISSUER, *parts)))).strip("-")


#: By the name of the painter that shows them in the chat.
SHEETS: Mapping[str, Callable[[Picture, Speaker], Sheet]] = MappingProxyType(
    {"bill": bill, "receipt": receipt}
)
