"""Where an account is signed in, and signing out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.services import accounts
from bot.services.my_account import Changed, Mine, SignedOut, my_account
from bot.services.ports import Turn, day_of
from bot.services.throttle import millis
from storage import accounts as statements


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that is signed in; `name` is short and tells nothing, `here` whether it is this one."""

    name: str
    channel: str
    used_on: date
    here: bool


@dataclass(frozen=True, slots=True)
class Chats:
    """Where the account is signed in, this chat first."""

    all: tuple[Chat, ...]

    @property
    def count(self) -> int:
        return len(self.all)


async def chats(turn: Turn, me: Mine) -> Chats:
    rows = await turn.storage.read(statements.chats(me.id, millis(turn.at - accounts.IDLE)))
    found = [chat_of(turn, str(row["chat"]), accounts.moment(int(str(row["used_at"])))) for row in rows]
    return Chats(tuple(sorted(found, key=lambda chat: not chat.here)))


def chat_of(turn: Turn, chat: str, used_at: datetime) -> Chat:
    """A chat as it may be spoken of in another one."""
    name = turn.vault.derived("chat", chat)[:8]
    return Chat(name, chat.partition(":")[0], day_of(used_at), chat == turn.chat)


async def sign_out_chat(turn: Turn, me: Mine, which: Chat) -> Changed | SignedOut:
    """Sign one of the account's chats out."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    for row in await turn.storage.read(statements.chats(me.id, 0)):
        if turn.vault.derived("chat", str(row["chat"]))[:8] == which.name:
            accounts.sign_out(turn, account, str(row["chat"]))
    return Changed()


async def sign_out_everywhere(turn: Turn, me: Mine) -> Changed | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    turn.write(*statements.sign_out_all(account.id))
    accounts.sign_out(turn, account, turn.chat)
    return Changed()


async def sign_out_here(turn: Turn, me: Mine) -> Changed | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    accounts.sign_out(turn, account, turn.chat)
    return Changed()
