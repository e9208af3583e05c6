"""`ekesco ops chat`: how a chat stands and what went wrong there; nothing of what was said in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.clock import millis
from bot.logs import redacted
from bot.operations.dead import IN, OUT, heard, id_of, told
from bot.operations.table import NONE, iso, short, table, when
from bot.operations.use import Answer, Desk, Outcome
from bot.services.accounts import IDLE
from dialogs.engine.memory import Outline, outline
from storage import accounts, conversations, inbox, outbox, turn_log
from storage.base import Row, Value

#: Unfinished updates and messages that are shown.
MOST_OPEN = 50
_ERROR = re.compile(r"[0-9A-F]{6}")
_EVENTS: Mapping[str, str] = {
    "Said": "wrote",
    "Leaked": "typed a secret",
    "Tapped": "pressed a button",
    "Shared": "shared a phone number",
    "Unreadable": "sent what is no text",
    "Arrived": "opened the chat",
    "Came": "sent a page",
    "Noted": "was told news",
    "Woke": "(a timer)",
    "GivenUp": "(given up)",
}
_TURNS = ("WHEN", "THE CUSTOMER", "OUTCOME", "TOOK", "ERROR")
_OPEN = ("ID", "SINCE", "WHAT", "STATE", "TRIES", "WHY")


@dataclass(frozen=True, slots=True)
class Met:
    """An error that a customer was told: the number, when and where."""

    number: str
    chat: str
    at: Value


async def show(desk: Desk, id: str, most: int) -> Answer:
    """`id` is a chat's, like telegram:42, or the number of an error."""
    if ":" in id:
        return await _shown(desk, id, most, None)
    number = id.strip().upper()
    met = await _met(desk, number) if _ERROR.fullmatch(number) else None
    if met is not None:
        return await _shown(desk, met.chat, most, met)
    said = (
        f"No chat has met an error {number!r} in the last 90 days. Errors have six signs, 0 to 9 and A to F;"
        f" what the log has of one is in the lines with error={number}."
    )
    return Answer(said, Outcome.UNKNOWN)


async def _met(desk: Desk, number: str) -> Met | None:
    rows = await desk.read(turn_log.met(number))
    if rows:
        return Met(number, str(rows[0]["chat"]), rows[0]["at"])
    # What failed before turns were logged with their errors.
    rows = await desk.read(inbox.of_error(f"error {number}"))
    return Met(number, str(rows[0]["chat"]), rows[0]["received_at"]) if rows else None


async def _shown(desk: Desk, chat: str, most: int, met: Met | None) -> Answer:
    kept = await desk.read(conversations.load(chat))
    turns = await desk.read(turn_log.of_chat(chat, most))
    unfinished = await _unfinished(desk, chat)
    if not kept and not turns and not unfinished:
        said = f"There is no chat {chat!r} here. Chats are written like telegram:42."
        return Answer(said, Outcome.UNKNOWN)
    card = await _card(desk, kept[0] if kept else None, chat)
    lines = [
        f"Chat {chat}. Times are Kosovo's.",
        *(f"  {name:<11} {value}" for name, value in card.items()),
        *(_about(met, unfinished) if met else ()),
        *("", f"The last {len(turns)} turns, the newest first:"),
        table(_TURNS, [_turn_cells(row) for row in turns], "  ") if turns else "  nothing",
        *("", "What waits or was given up:"),
        table(_OPEN, [cells for cells, _row in unfinished], "  ") if unfinished else "  nothing",
    ]
    plain = {
        "chat": chat,
        "error": {"number": met.number, "at": iso(met.at)} if met else None,
        **{name.replace(" ", "_"): value for name, value in card.items()},
        "turns": [_plain_turn(row) for row in turns],
        "unfinished": [row for _cells, row in unfinished],
    }
    return Answer("\n".join(lines), Outcome.SHOWN, plain, chat)


# -- how it stands ---------------------------------------------------------------------------------------


async def _card(desk: Desk, kept: Row | None, chat: str) -> dict[str, str]:
    stands = outline(str(kept["state"])) if kept else Outline()
    rows = await desk.read(accounts.of_chat(chat, millis(desk.at - IDLE)))
    names = desk.veil.name(rows[0]["first_name"], rows[0]["last_name"]) if rows else ""
    return {
        "signed in": f"{names}, account {short(str(rows[0]['id']))}" if rows else "nobody",
        "language": str(kept["language"]) or "not chosen yet" if kept else NONE,
        "stands in": _stands(stands),
        "last heard": when(millis(stands.heard_at)) if stands.heard_at else NONE,
        "reachable": "yes"
        if kept is None or kept["reachable"]
        else "no: the customer has left or blocked us",
    }


def _stands(stands: Outline) -> str:
    if not stands.dialogs:
        return "no dialog"
    *parked, live = stands.dialogs
    step = "/".join(part for part in stands.question.split("/")[1:] if "." not in part)
    asks = f"{live}, asked for {step} (prompt {stands.asked})" if step else live
    return f"{asks}; left open before: {', '.join(parked)}" if parked else asks


def _about(met: Met, unfinished: Sequence[tuple[tuple[str, ...], Mapping[str, object]]]) -> list[str]:
    """What there is of an error, and the way on."""
    said = ["", f"Error {met.number}: {when(met.at)}; the log has it in the line with error={met.number}."]
    why = f"error {met.number}"
    aside = [str(row["id"]) for _cells, row in unfinished if row["why"] == why]
    if aside:
        said.append(f"  What led to it is kept as {aside[0]}: ekesco ops dead retry {aside[0]}")
    return said


# -- turns -----------------------------------------------------------------------------------------------


def _turn_cells(row: Row) -> tuple[str, ...]:
    event = str(row["event"])
    took, error = f"{float(str(row['millis'])):.0f} ms", str(row["error"])
    return (when(row["at"]), _EVENTS.get(event, event), _outcome(row), took, error or NONE)


def _outcome(row: Row) -> str:
    if row["error"]:
        return "failed"
    walks = "" if int(str(row["walks"])) < 2 else f", walked {row['walks']!s} times"
    if not row["step"]:
        return f"answered{walks}"
    return f"asked for {row['step']!s} in {row['dialog']!s}{walks}" if row["dialog"] else f"answered{walks}"


def _plain_turn(row: Row) -> dict[str, object]:
    return {
        "at": iso(row["at"]),
        "event": row["event"],
        "outcome": _outcome(row),
        "millis": row["millis"],
        "walks": row["walks"],
        "error": row["error"] or None,
    }


# -- what is unfinished ----------------------------------------------------------------------------------


async def _unfinished(desk: Desk, chat: str) -> list[tuple[tuple[str, ...], Mapping[str, object]]]:
    """Updates and messages as cells and for programs."""
    updates = await desk.read(inbox.open_in(chat, MOST_OPEN))
    messages = await desk.read(outbox.open_in(chat, MOST_OPEN))
    found = [_cells(IN, row, "received_at", f"update {heard(row)}") for row in updates]
    return found + [_cells(OUT, row, "created_at", " to ".join(told(row, desk.veil))) for row in messages]


def _cells(way: str, row: Row, since: str, what: str) -> tuple[tuple[str, ...], Mapping[str, object]]:
    id, state, why = id_of(way, row), str(row["state"]), redacted(str(row["error"] or ""))
    cells = (id, when(row[since]), what, state, str(row["tries"]), why or NONE)
    plain = {
        "id": id,
        "since": iso(row[since]),
        "what": what,
        "state": state,
        "tries": row["tries"],
        "why": why,
    }
    return cells, plain
