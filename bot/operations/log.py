"""`ekesco ops log`: who of the operators did what."""

from __future__ import annotations

from bot.operations.table import NONE, Listing, iso, when
from bot.operations.use import Answer, Desk
from storage import operator_log

_HEAD = ("WHEN", "WHO", "COMMAND", "OF", "PERSONAL DATA", "OUTCOME", "WHY")


async def list_log(desk: Desk, most: int) -> Answer:
    listing = Listing(_HEAD)
    for row in await desk.read(operator_log.newest(most)):
        who, command, subject = str(row["operator"]), str(row["command"]), str(row["subject"])
        outcome, note, personal = str(row["outcome"]), str(row["note"]), bool(row["personal"])
        listing.add(
            (
                *(when(row["at"]), who, command, subject or NONE),
                *("shown" if personal else "masked", outcome, note or NONE),
            ),
            at=iso(row["at"]),
            operator=who,
            command=command,
            subject=subject,
            personal=personal,
            outcome=outcome,
            note=note,
        )
    total = await desk.count(operator_log.count())
    return listing.answer(
        total, "One use is kept.", "{n} uses are kept.", nothing="Nobody has used these commands yet."
    )
