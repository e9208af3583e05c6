"""`ekesco ops dead`: messages that could not be sent and updates that could not be handled.

Both are put back only where that repeats nothing and answers no other question than the one it was meant for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.logs import redacted
from bot.operations.table import ALL, Listing, iso, when
from bot.operations.use import Answer, Desk, Outcome
from bot.operations.veil import Veil
from bot.services.post import EMAIL, SMS, Ordered, read_order
from dialogs.engine.memory import outline
from storage import conversations, inbox, outbox
from storage.base import Row, Write

#: Messages are out-1, updates in-1.
OUT, IN = "out", "in"
_ID = re.compile(r"(out|in)-(\d{1,18})")
_HEAD = ("ID", "SINCE", "CHAT", "WHAT", "TO", "WHY")
_WHAT = {
    "line": "message in the chat",
    "edit": "change of a message",
    "strip": "taking buttons off",
    "erase": "taking a message away",
}
AFTER = (
    "out-… could not be sent, in-… could not be handled; an error number in WHY is what the customer saw.",
    "To try it again: ekesco ops dead retry ID (or: all). To forget it: ekesco ops dead drop ID",
)


@dataclass(frozen=True, slots=True)
class Mended:
    """What is done with one of them: the `writes`, or why there are none."""

    id: str
    said: str
    writes: tuple[Write, ...] = ()


# -- list ------------------------------------------------------------------------------------------------


async def list_dead(desk: Desk, most: int) -> Answer:
    found = [(int(str(row["created_at"])), OUT, row) for row in await desk.read(outbox.dead_letters(most))]
    found += [(int(str(row["received_at"])), IN, row) for row in await desk.read(inbox.set_aside(most))]
    found.sort(key=lambda each: -each[0])
    listing = Listing(_HEAD)
    for at, way, row in found[:most]:
        what, to = told(row, desk.veil) if way == OUT else (heard(row), "us")
        id, why, chat = id_of(way, row), redacted(str(row["error"] or "")), str(row["chat"])
        listing.add(
            (id, when(at), chat, what, to, why),
            id=id,
            since=iso(at),
            chat=chat,
            what=what,
            to=to,
            why=why,
            tries=row["tries"],
        )
    total = await desk.count(outbox.count_dead()) + await desk.count(inbox.count_set_aside())
    return listing.answer(
        total,
        "One message or update was given up.",
        "{n} messages and updates were given up.",
        nothing="Nothing waits for a hand: no message and no update was given up.",
        after=AFTER if total else (),
    )


def id_of(way: str, row: Row) -> str:
    return f"{way}-{row['id' if way == OUT else 'seq']!s}"


def told(row: Row, veil: Veil) -> tuple[str, str]:
    """What a row of the outbox is, and where it goes; nothing of what it says."""
    kind = str(row["kind"])
    order = _order(row)
    if order is None:
        return _WHAT.get(kind, kind), "the chat"
    to = veil.phone(order.to) if kind == SMS else veil.email(order.to)
    return f"{'SMS' if kind == SMS else 'e-mail'}: {order.letter.value.replace('_', ' ')}", to


def heard(row: Row) -> str:
    """From where an update came."""
    return "from the customer" if is_customers(row) else f"news: {row['channel']!s}"


def is_customers(row: Row) -> bool:
    """Whether it is the customer's own words, which mean what was asked when they were said.

    News of our own parts (payments, claims, one-time pages, letters) name what they are about.
    """
    return str(row["chat"]).partition(":")[0] == row["channel"]


def _order(row: Row) -> Ordered | None:
    """The letter in a row; None for what is no letter."""
    return read_order(str(row["body"])) if row["kind"] in (SMS, EMAIL) and row["body"] else None


# -- retry -----------------------------------------------------------------------------------------------


async def retry(desk: Desk, id: str) -> Answer:
    """`id` of one, or "all"."""
    if id.lower() == "all":
        return await _retry_all(desk)
    way, row = await _found(desk, id)
    if row is None:
        return _unknown(id)
    mended = await _again(desk, way, row)
    outcome = Outcome.DONE if mended.writes else Outcome.REFUSED
    return Answer(f"{mended.id} {mended.said}", outcome, _plain([mended]), mended.id, mended.writes)


async def _retry_all(desk: Desk) -> Answer:
    # Oldest first, as they would have come.
    letters = reversed(await desk.read(outbox.dead_letters(ALL)))
    updates = reversed(await desk.read(inbox.set_aside(ALL)))
    found = [(OUT, row) for row in letters] + [(IN, row) for row in updates]
    if not found:
        return Answer("Nothing waits for a hand: there is nothing to try again.", Outcome.NOTHING, _plain([]))
    all = [await _again(desk, way, await _whole(desk, way, row)) for way, row in found]
    back = [each for each in all if each.writes]
    lines = [f"{len(back)} of {len(all)} are put back; the program takes them up within half a minute."]
    lines += [f"{each.id} {each.said}" for each in all if not each.writes]
    writes = [write for each in back for write in each.writes]
    outcome = Outcome.DONE if back else Outcome.REFUSED
    return Answer("\n".join(lines), outcome, _plain(all), "all", writes)


async def _whole(desk: Desk, way: str, row: Row) -> Row:
    return (await desk.read(inbox.one(int(str(row["seq"])))))[0] if way == IN else row


def _plain(mended: Sequence[Mended]) -> dict[str, object]:
    rows = [{"id": each.id, "again": bool(each.writes), "said": each.said} for each in mended]
    return {"count": len(rows), "rows": rows}


async def _again(desk: Desk, way: str, row: Row) -> Mended:
    return await _send_again(desk, row) if way == OUT else _handle_again(row)


async def _send_again(desk: Desk, row: Row) -> Mended:
    id = id_of(OUT, row)
    if row["state"] != "dead":
        return Mended(id, f"was not given up: it is {row['state']!s}.")
    order = _order(row)
    if order is not None and order.challenge:
        return Mended(
            id,
            "is not sent again: it is a one-time code. The customer can ask for a new one in the chat.",
        )
    if row["careful"]:
        return Mended(
            id,
            "is not sent again: it is a letter that must not come twice. Tell the customer by another way if"
            f" they must know, then: ekesco ops dead drop {id}",
        )
    rows = await desk.read(conversations.load(str(row["chat"])))
    live = outline(str(rows[0]["state"])).live if rows else 0
    if row["kind"] in ("line", "edit") and row["prompt"] not in (0, live):
        return Mended(
            id,
            f"is not sent again: it asks what the customer has answered since. ekesco ops dead drop {id}",
        )
    rev = int(str(rows[0]["rev"])) if rows else 0
    write = outbox.revive(int(str(row["id"])), desk.at_ms, rev)
    return Mended(id, "is put back; the program sends it within half a minute.", (write,))


def _handle_again(row: Row) -> Mended:
    id = id_of(IN, row)
    if row["state"] != "failed":
        return Mended(id, f"was not given up: it is {row['state']!s}.")
    mine = is_customers(row)
    if mine and row["overtaken"]:
        return Mended(
            id,
            "is not handled again: the customer has gone on since, and it could answer another question."
            f" ekesco ops dead drop {id}",
        )
    write = inbox.again(int(str(row["seq"])), overtaken=not mine)
    return Mended(id, "is put back; the program handles it within half a minute.", (write,))


# -- drop ------------------------------------------------------------------------------------------------


async def drop(desk: Desk, id: str) -> Answer:
    way, row = await _found(desk, id)
    if row is None:
        return _unknown(id)
    name, state = id_of(way, row), row["state"]
    if state not in ("dead", "failed"):
        return Answer(f"{name} was not given up: it is {state!s}.", Outcome.REFUSED, subject=name)
    number = int(name.partition("-")[2])
    write = outbox.drop_dead(number) if way == OUT else inbox.drop(number)
    said = f"{name} is forgotten: what was in it is deleted, why it failed stays in the log."
    return Answer(said, Outcome.DONE, {"id": name, "dropped": True}, name, [write])


async def _found(desk: Desk, id: str) -> tuple[str, Row | None]:
    known = _ID.fullmatch(id.lower())
    if known is None:
        return "", None
    way, number = known[1], int(known[2])
    rows = await desk.read(outbox.one(number) if way == OUT else inbox.one(number))
    return way, rows[0] if rows else None


def _unknown(id: str) -> Answer:
    said = f"There is no {id!r} here. `ekesco ops dead` lists what was given up, each with its id."
    return Answer(said, Outcome.UNKNOWN)
