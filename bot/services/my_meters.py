"""The meters of an account as its customer sees them, and which of them is spoken of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.services.claims import masked_address
from bot.services.my_account import Changed, Mine, SignedOut, change, my_account
from bot.services.own_meters import Linked, Seen, keep, linked, seen
from bot.services.ports import Turn
from storage import accounts as statements
from storage import claims as claim_statements


@dataclass(frozen=True, slots=True)
class MyMeter:
    """A connection in the account; `name` is the customer's for it, "" for none.

    Of one in another person's name the address is masked until `whole_on`, and what else there is, is "".
    """

    code: str
    name: str
    address: str
    meter_number: str
    tariff_group: str
    whole_on: date | None = None


@dataclass(frozen=True, slots=True)
class MyMeters:
    """In the order in which they were added; `active` is the customer code of the one that is spoken of."""

    all: tuple[MyMeter, ...]
    active: str

    @property
    def count(self) -> int:
        return len(self.all)


@dataclass(frozen=True, slots=True)
class NoMeter:
    """There is none in the account that can be shown."""


@dataclass(frozen=True, slots=True)
class NotThere:
    """It was taken out of the account meanwhile, in another chat."""


@dataclass(frozen=True, slots=True)
class Left:
    """Another person's meter was taken out of the account; it has to be claimed anew to come back."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Taken out of the account; what it was called, and when it was added (epoch ms), bring it back."""

    code: str
    name: str
    added_ms: int


async def my_meters(turn: Turn, me: Mine) -> MyMeters | NoMeter | SignedOut:
    """Raises `Away`."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    meters = tuple(map(_shown, await seen(turn, account)))
    codes = [meter.code for meter in meters]
    if not codes:
        return NoMeter()
    return MyMeters(meters, account.active_meter if account.active_meter in codes else codes[0])


def _shown(meter: Seen) -> MyMeter:
    link, connection = meter.link, meter.connection
    if meter.whole_on is not None:
        return MyMeter(link.code, link.name, masked_address(connection.address), "", "", meter.whole_on)
    return MyMeter(link.code, link.name, connection.address, connection.meter_number, connection.tariff_group)


async def choose_meter(turn: Turn, me: Mine, meter: MyMeter) -> Changed | SignedOut:
    """Speak of this one from now on."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    change(turn, account, replace(account, active_meter=meter.code), active_meter=meter.code)
    return Changed()


async def name_meter(turn: Turn, me: Mine, meter: MyMeter, name: str) -> Changed | NotThere | SignedOut:
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    if meter.code not in {link.code for link in await linked(turn, account) if link.is_there}:
        return NotThere()
    turn.write(statements.name_meter(account.id, meter.code, name))
    return Changed()


async def unlink_meter(turn: Turn, me: Mine, meter: MyMeter) -> Unlinked | Left | NotThere | SignedOut:
    """Take a meter out of the account; the connection itself stays as it is."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    links = await linked(turn, account)
    link = next((link for link in links if link.code == meter.code and link.is_there), None)
    if link is None:
        return NotThere()
    keep(turn, account, tuple(other for other in links if other is not link))
    if link.claim is not None:
        turn.write(claim_statements.leave(account.id, link.code, link.claim.rev))
        return Left()
    turn.write(statements.remove_meter(account.id, link.code))
    return Unlinked(link.code, link.name, link.added_ms)


async def link_again(turn: Turn, me: Mine, unlinked: Unlinked) -> Changed | SignedOut:
    """Bring back what was unlinked, under its name and at its place in the order."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    turn.write(statements.add_meter(account.id, unlinked.code, "own", unlinked.added_ms))
    turn.write(statements.name_meter(account.id, unlinked.code, unlinked.name))
    link = Linked(unlinked.code, unlinked.name, unlinked.added_ms)
    keep(turn, account, (*await linked(turn, account), link))
    return Changed()
