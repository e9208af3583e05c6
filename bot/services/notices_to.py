"""Where notices go: to every chat of an account, or to those of the channel that its customer prefers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.services.accounts import IDLE, Account
from bot.services.my_account import Changed, Mine, SignedOut, change, my_account
from bot.services.ports import Turn
from bot.services.throttle import millis
from storage import accounts as statements

#: The channel of who has no preference.
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that notices can go to, `EVERYWHERE` for all; `chosen`: they go there now."""

    channel: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """Every chat, and each channel in which the account is signed in."""

    all: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class OneWay:
    """The account is signed in on one channel, so there is nothing to choose."""


def channel_of(chat: str) -> str:
    return chat.partition(":")[0]


def preferred(account: Account, chats: Sequence[str]) -> tuple[str, ...]:
    """Those of its chats that an account wants notices in; all, where it left the channel it had chosen."""
    there = tuple(chat for chat in chats if channel_of(chat) == account.notices_to)
    return there or tuple(chats)


async def ways(turn: Turn, me: Mine) -> Ways | OneWay | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    chats = await signed_in(turn, account)
    channels = sorted({channel_of(chat) for chat in chats})
    if len(channels) < 2:
        return OneWay()
    now = account.notices_to if account.notices_to in channels else EVERYWHERE
    return Ways(tuple(Way(channel, channel == now) for channel in (EVERYWHERE, *channels)))


async def signed_in(turn: Turn, account: Account) -> tuple[str, ...]:
    """The chats of an account, the one last used first."""
    rows = await turn.storage.read(statements.chats(account.id, millis(turn.at - IDLE)))
    return tuple(str(row["chat"]) for row in rows)


async def write_to(turn: Turn, me: Mine, way: Way) -> Changed | SignedOut:
    """Send notices there from now on."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    change(turn, account, replace(account, notices_to=way.channel), notices_to=way.channel)
    return Changed()
