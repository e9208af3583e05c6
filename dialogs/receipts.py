"""What a customer is told when money has arrived, or has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from dialogs.engine.lines import FILE, Option, Picture
from dialogs.engine.text import Leaf, Phrase, _, _l
from dialogs.notices import pay_button

WORDS = {
    "paid": _("<b>{amount:money}</b> has arrived. Thank you! Receipt {reference}."),
    "declined": _(
        "The bank did not accept the card, and nothing was taken. You can try again with the same link, "
        "or with another card."
    ),
    "twice": _(
        "<b>{amount:money}</b> has arrived a second time for receipt {reference}. KESCO knows and gives it "
        "back; you need not do anything."
    ),
    "overpaid": _(
        "<b>{amount:money}</b> has arrived, but the bill was already paid. KESCO knows: it gives it back "
        "or takes it off your next bill. Receipt {reference}."
    ),
    "odd": _(
        "<b>{amount:money}</b> has arrived, but it does not fit what was to be paid. Somebody at KESCO "
        "looks at it. If you ask, name {reference}."
    ),
    "refunded": _(
        "<b>{amount:money}</b> goes back to the card it came from, so what receipt {reference} had paid is "
        "open again."
    ),
    "returned": _("<b>{amount:money}</b> goes back to the card it came from. Receipt {reference}."),
    "reduced": _(
        "A part of the <b>{amount:money}</b> of receipt {reference} goes back to the card it came from. "
        "KESCO knows of it."
    ),
    "elsewhere": _("<b>{amount:money}</b> was paid for your account from another chat. Receipt {reference}."),
}


def words(kind: str, amount: Decimal, reference: str) -> Phrase:
    return Phrase(WORDS[kind], {"amount": amount, "reference": reference})


def receipt(
    reference: str, amount: Decimal, paid_on: date, parts: Sequence[tuple[str, str, Decimal]]
) -> Picture:
    """A sheet like a bill's; `parts` are customer code, bill ("" for the balance) and euros."""
    values: Mapping[str, Leaf] = {"reference": reference, "amount": amount, "paid_on": paid_on}
    rows: tuple[Mapping[str, Leaf], ...] = tuple(
        {"words": _part(code, bill), "amount": part} for code, bill, part in parts
    )
    alt = Phrase(_("Receipt {reference}: <b>{amount:money}</b>, {paid_on:date}"), values)
    return Picture("receipt", values, rows, alt)


def _part(code: str, bill: str) -> Phrase:
    if bill:
        return Phrase(_l("{code}, bill {bill}"), {"code": code, "bill": bill})
    return Phrase(_l("{code}, account balance"), {"code": code})


def buttons(kind: str, sheet: Picture | None = None) -> tuple[Option, ...]:
    """What stands beneath the words; a receipt can be had as a document."""
    as_pdf = Option("", Phrase(_l("PDF")), icon="📄", url=FILE)
    return (*((pay_button(),) if kind in ("declined", "refunded") else ()), *((as_pdf,) if sheet else ()))
