"""`ekesco ops locks`: who has to wait before they may try again, and letting them in at once."""

from __future__ import annotations

import re

from bot.clock import millis
from bot.operations.table import NONE, Listing, iso, short, shown
from bot.operations.use import Answer, Desk, Outcome
from bot.services import locks
from bot.services.accounts import account_of
from bot.services.locks import Locked
from storage import accounts, conversations
from storage.base import Row

_HEAD = ("ID", "LOCKED UNTIL", "WHY", "WHO", "PHONE")
#: What may be left out at the end of an account's id.
_LEAST = 6
_HEX = re.compile(rf"[0-9a-f]{{{_LEAST},32}}")
AFTER = (
    "A chat is locked for what was tried in it, an account for what was tried on it anywhere.",
    "Only after you have made sure who is calling: ekesco ops locks unlock ID",
)


async def list_locks(desk: Desk, most: int) -> Answer:
    found = await locks.locked(desk.turn())
    listing = Listing(_HEAD)
    for each in found.locks[:most]:
        row = await _account(desk, each)
        name = desk.veil.name(row["first_name"], row["last_name"]) if row else NONE
        phone = desk.veil.phone(str(row["phone"])) if row else NONE
        listing.add(
            (each.chat or short(each.account), shown(each.until), each.why.value, name, phone),
            id=each.chat or each.account,
            until=iso(millis(each.until)),
            why=each.why.value,
            customer=name,
            phone=phone,
        )
    unknown = [
        f"Besides these, {found.unknown} are locked that belong to no account or chat here: names that nobody"
        " has, phones without an account. They end by themselves. If there are many, see that"
        " EKESCO_SECRET_KEY here is the program's own."
    ]
    return listing.answer(
        len(found.locks),
        "One account or chat is locked.",
        "{n} locks on accounts and chats.",
        nothing="Nothing waits for a hand: no account and no chat is locked.",
        after=[*(AFTER if found.locks else ()), *(unknown if found.unknown else ())],
    )


async def _account(desk: Desk, each: Locked) -> Row | None:
    rows = await desk.read(accounts.find("id", each.account)) if each.account else ()
    return rows[0] if rows else None


async def unlock(desk: Desk, id: str) -> Answer:
    """`id` is a chat's, or an account's of which the end may be left out."""
    return await _unlock_chat(desk, id) if ":" in id else await _unlock_account(desk, id)


async def _unlock_chat(desk: Desk, chat: str) -> Answer:
    if not await desk.read(conversations.load(chat)):
        return _unknown(chat)
    turn = desk.turn()
    freed = await locks.unlock_chat(turn, chat)
    if not freed:
        said = f"The chat {chat} is not locked. If the customer still has to wait, their account is."
        return Answer(said, Outcome.REFUSED, subject=chat)
    why = ", ".join(each.value for each in freed)
    said = f"The chat {chat} is unlocked ({why}), and may try again at once."
    return Answer(said, Outcome.DONE, {"id": chat, "unlocked": [w.value for w in freed]}, chat, turn.writes)


async def _unlock_account(desk: Desk, id: str) -> Answer:
    if not _HEX.fullmatch(id.lower()):
        return _unknown(id)
    rows = await desk.read(accounts.begins(id.lower()))
    if len(rows) > 1:
        return Answer(f"More than one account begins with {id!r}; give more of it.", Outcome.UNKNOWN)
    if not rows:
        return _unknown(id)
    account, turn = account_of(rows[0]), desk.turn()
    freed = await locks.unlock_account(turn, account)
    name = short(account.id)
    if not freed:
        said = f"The account {name} is not locked. If the customer still has to wait, their chat is."
        return Answer(said, Outcome.REFUSED, subject=account.id)
    why = ", ".join(each.value for each in freed)
    said = (
        f"The account {name} is unlocked ({why}). The chat in which it was tried may be locked as well:"
        " ekesco ops locks"
    )
    plain = {"id": account.id, "unlocked": [each.value for each in freed]}
    return Answer(said, Outcome.DONE, plain, account.id, turn.writes)


def _unknown(id: str) -> Answer:
    said = (
        f"There is no chat and no account {id!r} here. `ekesco ops locks` lists those that are locked, each"
        f" with its id; of an account's the first {_LEAST} signs are enough."
    )
    return Answer(said, Outcome.UNKNOWN)
