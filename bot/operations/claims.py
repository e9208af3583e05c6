"""`ekesco ops claims`: who would like to see whose meter, and ending that for a holder who has called.

Nothing here grants anything: that is the holder's alone to do, in the chat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.claiming import SWITCH
from bot.operations.table import NONE, Listing, iso, when
from bot.operations.use import Answer, Desk, Outcome
from bot.services.claims import REFUSED_FOR, ClaimOf, Removed, refuse_for_holder
from bot.services.identity import customer_code
from bot.services.own_meters import State
from storage import claims
from storage.base import Row

_HEAD = ("ID", "METER", "ASKED", "BY", "HOLDER", "STANDS", "HOLDER TOLD")
_ID = re.compile(r"([A-Z]{3}\d{1,8})-([0-9A-F]{8})")
AFTER = (
    "A meter's every claim, decided or not: ekesco ops claims --meter CODE",
    "When its holder has called and wants it ended: ekesco ops claims end ID",
)


async def list_claims(desk: Desk, most: int, meter: str) -> Answer:
    """Those that a holder can still answer; with `meter` (a customer code) all of that meter."""
    if meter:
        code = customer_code(meter)
        if code is None:
            said = f"{meter!r} is no customer code; write it as on the bill, like DPR 6687."
            return Answer(said, Outcome.UNKNOWN)
        rows = await desk.read(claims.of_meter(str(code)))
        return _listed(desk, rows[:most], len(rows), f" for {code}")
    rows = await desk.read(claims.undecided(desk.at_ms, most))
    return _listed(desk, rows, await desk.count(claims.count_undecided(desk.at_ms)), "")


def _listed(desk: Desk, rows: Sequence[Row], total: int, of: str) -> Answer:
    listing = Listing(_HEAD)
    for row in rows:
        id, stands, told = id_of(row), _stands(row, desk.at_ms), _told(row)
        by = desk.veil.name(row["first_name"], row["last_name"])
        holder = _holder(desk, row)
        code = str(row["customer_code"])
        listing.add(
            (id, code, when(row["added_at"]), by, holder, stands, told),
            id=id,
            meter=code,
            asked_at=iso(row["added_at"]),
            by=by,
            holder=holder,
            state=row["state"],
            until=iso(row["until"]),
            reminded_at=iso(row["reminded_at"]),
            told=told,
        )
    return listing.answer(
        total,
        f"One claim{of}." if of else "One claim of a meter is open.",
        f"{{n}} claims{of}." if of else "{n} claims of meters are open.",
        nothing=f"There is no claim{of}." if of else "Nothing waits for a hand: no claim of a meter is open.",
        after=AFTER if total else (),
    )


def id_of(row: Row) -> str:
    return f"{str(row['customer_code']).replace(' ', '')}-{str(row['account'])[:8]}".upper()


def _holder(desk: Desk, row: Row) -> str:
    """By name where the holder has an account, else by the end of the personal number."""
    number = desk.veil.number(str(row["holder"]))
    if row["holder_account"] is None:
        return number
    name = desk.veil.name(row["holder_first"], row["holder_last"])
    return f"{name} ({number})" if desk.veil.lifted else name


def _stands(row: Row, at_ms: int) -> str:
    until = row["until"]
    match row["state"]:
        case State.ASKED:
            return f"shows nothing; the holder has until {when(until)} to agree"
        case State.CLAIMED if until is None:
            return "from the web site; shows nothing, as nobody was told"
        case State.CLAIMED if int(str(until)) > at_ms:
            return f"shown in part; all from {when(until)}"
        case State.CLAIMED:
            return f"all is shown, since {when(until)}: the holder did not object"
        case State.AGREED:
            return "all is shown: the holder has agreed"
        case State.REFUSED:
            return f"ended; may be asked again on {when(until)}"
    return "ended without an answer"


def _told(row: Row) -> str:
    if not row["holder"]:
        return NONE
    if row["tell"] in ("claim", "reminder"):
        return "being told" if row["holder_account"] else "not yet: has no account"
    if row["holder_account"] is None:
        return "yes; the account is gone since"
    by_chat = SWITCH not in str(row["holder_off"]).split(";")
    reminded = f"; reminded {when(row['reminded_at'])}" if row["reminded_at"] is not None else ""
    return ("by e-mail and in the chat" if by_chat else "by e-mail") + reminded


async def end(desk: Desk, id: str) -> Answer:
    row = await _claim(desk, id)
    if row is None:
        said = (
            f"There is no claim {id!r} here. `ekesco ops claims` lists those that are open, each with its id."
        )
        return Answer(said, Outcome.UNKNOWN)
    name, turn = id_of(row), desk.turn()
    ended = await refuse_for_holder(turn, ClaimOf(str(row["account"]), str(row["customer_code"])))
    if not isinstance(ended, Removed):
        said = f"{name} has ended already: nothing is shown."
        return Answer(said, Outcome.REFUSED, subject=name)
    again = when(desk.at_ms + int(REFUSED_FOR.total_seconds() * 1000))
    said = (
        f"{name} is ended: nothing of {row['customer_code']!s} is shown any more, and it may not be asked for"
        f" again before {again}. The program tells whoever asked, in their chats."
    )
    return Answer(said, Outcome.DONE, {"id": name, "ended": True}, name, turn.writes)


async def _claim(desk: Desk, id: str) -> Row | None:
    known = _ID.fullmatch(id.upper())
    code = customer_code(known[1]) if known else None
    rows = await desk.read(claims.of_meter(str(code))) if code else ()
    return next((row for row in rows if id_of(row) == id.upper()), None)
