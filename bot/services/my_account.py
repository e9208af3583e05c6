"""The account of a chat as its customer sees it, and what they may change without further proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.services import accounts
from bot.services.accounts import Account, session
from bot.services.notices import Kind
from bot.services.phones import masked, masked_email
from bot.services.ports import Turn, day_of
from storage import accounts as statements
from storage.base import Value


@dataclass(frozen=True, slots=True)
class Guest:
    """Nobody is signed in here."""


@dataclass(frozen=True, slots=True)
class Mine:
    """The account of this chat as it may be shown there: phone and e-mail only in part.

    `leaves_on` is the day on which it will be erased.
    """

    id: str
    name: str
    full_name: str
    email: str
    phone: str
    notices_off: tuple[str, ...]
    leaves_on: date | None


@dataclass(frozen=True, slots=True)
class Changed:
    """It is as the customer wants it."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Nobody is signed in here any more."""


async def mine(turn: Turn) -> Mine | Guest:
    here = await session(turn)
    return _card(here.account) if here else Guest()


def _card(account: Account) -> Mine:
    return Mine(
        account.id,
        account.display_name,
        f"{account.first_name} {account.last_name}",
        masked_email(account.email),
        masked(account.phone),
        account.notices_off,
        day_of(account.delete_at) if account.delete_at else None,
    )


async def my_account(turn: Turn, me: Mine) -> Account | None:
    """The account, if this chat still belongs to it."""
    here = await session(turn)
    return here.account if here and here.account.id == me.id else None


def change(turn: Turn, account: Account, after: Account, **changes: Value) -> Account:
    """Write what is named, and let the rest of the turn see it."""
    turn.write(statements.change(account.id, account.rev, **changes))
    after = replace(after, rev=account.rev + 1)
    accounts.changed(turn, after)
    return after


async def rename(turn: Turn, me: Mine, name: str) -> Changed | SignedOut:
    """How the assistant addresses the customer."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    change(turn, account, replace(account, display_name=name), display_name=name)
    return Changed()


async def may_be_written_to(turn: Turn) -> bool:
    """Whether the customer of this chat is written to first where that costs KESCO something."""
    here = await session(turn)
    return here is not None and Kind.FIRST not in here.account.notices_off


async def set_notices(turn: Turn, me: Mine, off: tuple[str, ...]) -> Changed | SignedOut:
    """Send no more notices of the kinds in `off`, and all others."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    change(turn, account, replace(account, notices_off=off), notices_off=";".join(off))
    return Changed()
