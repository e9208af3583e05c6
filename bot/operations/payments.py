"""`ekesco ops payments`: money that does not fit, and orders of which the bank says nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256

from bot.clock import millis
from bot.money_in import PAYMENTS
from bot.operations.table import NONE, Listing, iso, short, table, when
from bot.operations.use import Answer, Desk, Outcome
from bot.payments import FINAL
from bot.services.payment_port import Fate
from storage import accounts, inbox, payments
from storage.base import Row, Value

#: A bank's page that was opened so long ago has been paid, declined or left; the bank should have said so.
SILENT = timedelta(days=1)
NO_WORD = "no word"
WHAT_TO_DO: Mapping[str, str] = {
    "mismatch": "The bank took another amount or currency than we asked for, and nothing was marked as paid."
    " Compare it with the bank's own list; give it back there, or have it booked by hand.",
    "twice": "An order was paid a second time. Give the second payment back at the bank.",
    "overpaid": "Two orders paid the same bill. Give one back at the bank, or leave it as a credit.",
    "unmatched": "Money for no order of ours. Look for the bank's id in the bank's own list.",
    "reduced": "The bank gave a part of a payment back; here all of it still counts. See that it was meant"
    " so, and have the part booked by hand.",
    "refunded": "The bank gave money back; what it had paid is owed again. See that it was meant so.",
    NO_WORD: "The bank's page was opened more than a day ago, and the bank has not said what came of it. We"
    f" ask it for {FINAL.days} days; if the customer says that they have paid, call the bank.",
}
_HEAD = ("ID", "SINCE", "WHAT", "AMOUNT", "ORDER", "BANK'S ID", "CUSTOMER")
_UNKNOWN = "There is no payment {id!r} here. `ekesco ops payments` lists those that wait, each with its id."


# -- list ------------------------------------------------------------------------------------------------


async def list_payments(desk: Desk, most: int) -> Answer:
    before = millis(desk.at - SILENT)
    found = [_of_trouble(row) for row in await desk.read(payments.troubles(most))]
    found += [_of_try(row) for row in await desk.read(payments.silent(before, most))]
    found.sort(key=lambda each: -int(str(each["created_at"])))
    listing = Listing(_HEAD)
    for each in found[:most]:
        kind, amount = str(each["kind"]), f"{each['amount']!s} {each['currency']!s}"
        who = desk.veil.name(each["first_name"], each["last_name"])
        listing.add(
            (
                *(str(each["id"]), when(each["created_at"]), kind, amount),
                *(str(each["order_reference"] or NONE), str(each["provider_order"]), who),
            ),
            id=each["id"],
            since=iso(each["created_at"]),
            kind=kind,
            amount=each["amount"],
            currency=each["currency"],
            order=each["order_reference"],
            provider=each["provider"],
            provider_order=each["provider_order"],
            account=each["account"],
            customer=who,
        )
    total = await desk.count(payments.count_troubles()) + await desk.count(payments.count_silent(before))
    kinds = [kind for kind in WHAT_TO_DO if any(row["kind"] == kind for row in listing.rows)]
    return listing.answer(
        total,
        "One payment waits for a hand.",
        "{n} payments wait for a hand.",
        nothing="Nothing waits for a hand: every payment fits its order.",
        after=[
            *(f"{kind}: {WHAT_TO_DO[kind]}" for kind in kinds),
            *("The whole story: ekesco ops payments show ID",),
            *('When it is dealt with: ekesco ops payments settle ID --note "what was done"',),
        ]
        if kinds
        else (),
    )


def _of_trouble(row: Row) -> dict[str, Value]:
    detail = json.loads(str(row["detail"]))
    return {
        **row,
        "id": name_of(row),
        "provider": detail["provider"],
        "provider_order": detail["id"],
        "currency": detail["currency"],
    }


def _of_try(row: Row) -> dict[str, Value]:
    return {**row, "id": row["order_reference"], "kind": NO_WORD, "currency": "EUR"}


def name_of(trouble: Row) -> str:
    """What is typed for a trouble; its key has blanks, and the bank's id in it may be long."""
    return f"T-{sha256(str(trouble['key']).encode()).hexdigest()[:8].upper()}"


# -- settle ----------------------------------------------------------------------------------------------


async def settle(desk: Desk, id: str) -> Answer:
    trouble = await _trouble(desk, id)
    if trouble is None:
        return await _not_settled(desk, id)
    name = name_of(trouble)
    if trouble["settled_at"] is not None:
        said = f"{name} was settled already, {_settled(trouble)}"
        return Answer(said, Outcome.REFUSED, subject=name)
    write = payments.settle_trouble(str(trouble["key"]), desk.at_ms, desk.operator, desk.use.note)
    said = f"{name} is settled, and stays in the story of its order."
    return Answer(said, Outcome.DONE, {"id": name, "settled": True}, name, [write])


async def _not_settled(desk: Desk, id: str) -> Answer:
    if not await desk.read(payments.order_called(id.upper())):
        return Answer(_UNKNOWN.format(id=id), Outcome.UNKNOWN)
    said = (
        f"{id.upper()} is an order: it settles by itself when the bank says what came of it, or after"
        f" {FINAL.days} days. Only what begins with T- is settled by hand; `ekesco ops payments show"
        f" {id.upper()}` shows what of it there is."
    )
    return Answer(said, Outcome.REFUSED, subject=id.upper())


async def _trouble(desk: Desk, id: str) -> Row | None:
    rows = await desk.read(payments.all_troubles())
    return next((row for row in rows if name_of(row) == id.upper()), None)


def _settled(trouble: Row) -> str:
    return f"{when(trouble['settled_at'])}, by {trouble['settled_by']!s}: {trouble['settled_note']!s}"


# -- show ------------------------------------------------------------------------------------------------


async def show(desk: Desk, id: str) -> Answer:
    """`id` is a trouble's, or the reference of an order or of one try at it, like EK-1A2B3C4D5E6F-1."""
    trouble = await _trouble(desk, id)
    if trouble is not None and not trouble["order_id"]:
        return _orphan(trouble)
    rows = await desk.read(
        payments.order(str(trouble["order_id"])) if trouble else payments.order_called(_order_in(id))
    )
    return await _story(desk, rows[0]) if rows else Answer(_UNKNOWN.format(id=id), Outcome.UNKNOWN)


def _order_in(id: str) -> str:
    return "-".join(id.upper().split("-")[:2])


def _orphan(trouble: Row) -> Answer:
    plain, cells = _plain_troubles([trouble]), _trouble_cells([trouble])
    said = f"Money for no order of ours.\n\n{table(_TROUBLES, cells)}\n\n{WHAT_TO_DO['unmatched']}"
    return Answer(said, Outcome.SHOWN, {"order": None, "troubles": plain}, name_of(trouble))


_ITEMS = ("METER", "BILL", "AMOUNT", "WAS LEFT OF IT", "PAID")
_TRIES = ("REFERENCE", "BANK", "BANK'S ID", "STATE", "OPENED", "ASKED", "ASKED NEXT")
_WORDS = ("WHEN", "WHAT THE CHAT WAS TOLD", "STATE")
_TROUBLES = ("ID", "SINCE", "WHAT", "AMOUNT", "BANK'S ID", "SETTLED")


async def _story(desk: Desk, order: Row) -> Answer:
    id, account, reference = str(order["id"]), str(order["account"]), str(order["reference"])
    items, tries = await desk.read(payments.items(id)), await desk.read(payments.tries(id))
    troubles = await desk.read(payments.troubles_of(id))
    words = await _words(desk, order, tries)
    who = await _customer(desk, account)
    said = [
        f"Order {reference}: {order['amount']!s} EUR, {order['state']!s}. Times are Kosovo's.",
        f"  made       {when(order['created_at'])} in the chat {order['chat']!s}",
        f"  link good  until {when(order['expires_at'])}",
        f"  paid       {when(order['paid_at'])}",
        f"  customer   {who}, account {short(account)}",
        *_part("What it is made of", _ITEMS, [_item_cells(row) for row in items]),
        *_part("Tries at the bank, the newest first", _TRIES, [_try_cells(row) for row in tries]),
        *_part("What the chat was told", _WORDS, [(when(at), kind, state) for at, kind, state in words]),
        *_part("What did not fit", _TROUBLES, _trouble_cells(troubles)),
    ]
    plain = {
        "order": {
            "reference": reference,
            "amount": order["amount"],
            "state": order["state"],
            "chat": order["chat"],
            "account": account,
            "customer": who,
            "created_at": iso(order["created_at"]),
            "expires_at": iso(order["expires_at"]),
            "paid_at": iso(order["paid_at"]),
        },
        "items": [{**row, "paid_at": iso(row["paid_at"])} for row in items],
        "tries": [_plain_try(row) for row in tries],
        "told": [{"at": iso(at), "kind": kind, "state": state} for at, kind, state in words],
        "troubles": _plain_troubles(troubles),
    }
    return Answer("\n".join(said), Outcome.SHOWN, plain, reference)


def _part(title: str, head: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    return ["", f"{title}:", table(head, cells, "  ") if cells else "  nothing"]


async def _customer(desk: Desk, account: str) -> str:
    rows = await desk.read(accounts.find("id", account))
    return desk.veil.name(rows[0]["first_name"], rows[0]["last_name"]) if rows else "erased"


async def _words(desk: Desk, order: Row, tries: Sequence[Row]) -> list[tuple[Value, str, str]]:
    """When the chat was told what of an order, and whether that has got through; kept for a week."""
    references = {str(each["reference"]) for each in tries}
    found = []
    for row in await desk.read(inbox.told_by(PAYMENTS, str(order["chat"]))):
        kind, _blank, reference = str(row["key"]).partition(" ")
        if reference in references:
            found.append(
                (row["received_at"], kind, {"done": "told"}.get(str(row["state"]), str(row["state"])))
            )
    return found


def _item_cells(row: Row) -> tuple[str, ...]:
    bill = str(row["invoice"]) or "balance"
    return (str(row["customer_code"]), bill, str(row["amount"]), str(row["rest"]), when(row["paid_at"]))


def _try_cells(row: Row) -> tuple[str, ...]:
    state = "never answered by the bank" if row["state"] == "opening" else str(row["state"])
    if row["state"] == Fate.OPEN.value:
        state = "open, no word yet"
    return (
        *(str(row["reference"]), str(row["provider"]), str(row["provider_order"] or NONE), state),
        *(when(row["created_at"]), f"{row['checks']!s} times", when(row["check_at"])),
    )


def _plain_try(row: Row) -> dict[str, object]:
    return {
        **{name: row[name] for name in ("reference", "provider", "provider_order", "state", "checks")},
        "created_at": iso(row["created_at"]),
        "check_at": iso(row["check_at"]),
    }


def _trouble_cells(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [
        (
            *(name_of(row), when(row["created_at"]), str(row["kind"])),
            f"{row['amount']!s} {json.loads(str(row['detail']))['currency']}",
            str(json.loads(str(row["detail"]))["id"]),
            "no" if row["settled_at"] is None else _settled(row),
        )
        for row in rows
    ]


def _plain_troubles(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [
        {
            "id": name_of(row),
            "kind": row["kind"],
            "amount": row["amount"],
            **{name: value for name, value in json.loads(str(row["detail"])).items() if name != "id"},
            "provider_order": json.loads(str(row["detail"]))["id"],
            "since": iso(row["created_at"]),
            "settled_at": iso(row["settled_at"]),
            "settled_by": row["settled_by"],
            "settled_note": row["settled_note"],
        }
        for row in rows
    ]
