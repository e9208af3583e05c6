"""Erases accounts whose week is over, with all that their chats still show or remember.

What billing law keeps stays: bills in the utility's register, and payments with what they were for.
"""

from __future__ import annotations

from datetime import datetime

from bot.services import accounts, post
from bot.services.ports import Means
from bot.services.throttle import millis
from storage import accounts as statements
from storage import conversations, files, notices, offers, secrets_kept, viber, web_messages
from storage import phone as phone_messages
from storage.base import Conflict, Write

AT_ONCE = 100


async def erase_due(means: Means, at: datetime) -> int:
    """Erase what is due; how many accounts that were.  Raises `Unavailable`."""
    rows = await means.storage.read(statements.due_for_deletion(millis(at), AT_ONCE))
    erased = 0
    for row in rows:
        erased += await _erase(means, str(row["id"]), at)
    return erased


async def _erase(means: Means, id: str, at: datetime) -> bool:
    links = await means.storage.read(statements.chats(id, 0))
    chats = [str(row["chat"]) for row in links]
    turn = means.turn(chats[0] if chats else "", at, f"erase {id}")
    account = await accounts.find(turn, "id", id)
    if account is None:
        return False
    # Said now, because the chats are about to forget what they speak.
    language = await _language(means, turn.chat)
    post.email(turn, account.email, post.LetterName.ACCOUNT_DELETED, language=language)
    turn.write(*statements.erase(id, millis(at)), offers.forget_of(id), notices.forget_of(id))
    for chat in chats:
        turn.write(*_forgotten(chat))
    try:
        await means.storage.commit(turn.writes)
    except Conflict:  # it was kept at the last moment
        return False
    return True


async def _language(means: Means, chat: str) -> str | None:
    rows = await means.storage.read(conversations.load(chat))
    return str(rows[0]["language"]) or None if rows else None


def _forgotten(chat: str) -> list[Write]:
    return [
        conversations.forget(chat),
        files.forget_of(chat),
        secrets_kept.forget_of(chat),
        web_messages.forget(chat),
        phone_messages.forget(chat),
        *viber.forget(chat),
    ]
