"""The words of what is told without being asked for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from bot.services.notices import Kind
from dialogs.engine.lines import Opening, Option, Tone
from dialogs.engine.text import Phrase, _, _l

WORDS = {
    Kind.BILL: _(
        "Your bill for {month:month} is here ({code}): <b>{total:money}</b>, to be paid by {day:date}."
    ),
    Kind.DUE: _(
        "Your bill for {month:month} ({code}) is due on {day:date}: <b>{rest:money}</b> is left to pay."
    ),
    Kind.OVERDUE: _(
        "Your bill for {month:month} ({code}) was due on {day:date}, and <b>{rest:money}</b> of it is not "
        "paid yet. If you have paid these days, thank you: it will be in KESCO's records soon."
    ),
}
#: The button of a notice works for so long.
STANDS = timedelta(days=14)


def words(kind: Kind, period: str, code: str, total: Decimal, paid: Decimal, due_on: date) -> Phrase:
    """`period` like 2026-01, money in euros."""
    month = date.fromisoformat(f"{period}-01")
    return Phrase(
        WORDS[kind], {"month": month, "code": code, "total": total, "rest": total - paid, "day": due_on}
    )


def pay_button() -> Option:
    return Option("offer", Phrase(_l("Pay")), icon="💳", offer=Opening("Pay", {}, STANDS))


def buttons(code: str, invoice: str) -> tuple[Option, ...]:
    opening = Opening("ShowBill", {"code": code, "number": invoice}, STANDS)
    shows = Option("offer", Phrase(_l("Show the bill")), Tone.PRIMARY, "🧾", offer=opening)
    return (shows, pay_button())
