"""The meters of an account as its customer sees them, and which of them is spoken of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.services import overview
from bot.services.accounts import Account
from bot.services.my_account import Changed, Mine, SignedOut, change, my_account
from bot.services.ports import Turn
from bot.services.throttle import millis
from storage import accounts as statements


@dataclass(frozen=True, slots=True)
class MyMeter:
    """A connection of the customer's own; `name` is theirs for it, "" for none."""

    code: str
    name: str
    address: str
    meter_number: str
    tariff_group: str


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
    found = [await _meter(turn, code, name) for code, name, _added in await _linked(turn, account)]
    meters = tuple(meter for meter in found if meter is not None)
    codes = [meter.code for meter in meters]
    if not codes:
        return NoMeter()
    return MyMeters(meters, account.active_meter if account.active_meter in codes else codes[0])


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
    if meter.code not in {code for code, _name, _added in await _linked(turn, account)}:
        return NotThere()
    turn.write(statements.name_meter(account.id, meter.code, name))
    return Changed()


async def unlink_meter(turn: Turn, me: Mine, meter: MyMeter) -> Unlinked | SignedOut:
    """Take a meter out of the account; the connection itself stays as it is."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    linked = {code: (name, added) for code, name, added in await _linked(turn, account)}
    name, added = linked.get(meter.code, (meter.name, millis(turn.at)))
    turn.write(statements.remove_meter(account.id, meter.code))
    left = tuple(code for code in await overview.meters(turn, account) if code != meter.code)
    turn.known[f"meters of {account.id}"] = left
    return Unlinked(meter.code, name, added)


async def link_again(turn: Turn, me: Mine, unlinked: Unlinked) -> Changed | SignedOut:
    """Bring back what was unlinked, under its name and at its place in the order."""
    account = await my_account(turn, me)
    if account is None:
        return SignedOut()
    turn.write(statements.add_meter(account.id, unlinked.code, "own", unlinked.added_ms))
    turn.write(statements.name_meter(account.id, unlinked.code, unlinked.name))
    left = [(added, code) for code, _name, added in await _linked(turn, account)]
    in_order = sorted([*left, (unlinked.added_ms, unlinked.code)])
    turn.known[f"meters of {account.id}"] = tuple(code for _added, code in in_order)
    return Changed()


async def _linked(turn: Turn, account: Account) -> list[tuple[str, str, int]]:
    """Customer code, name and moment of each that is the customer's own."""
    rows = await turn.storage.read(statements.meters(account.id))
    return [
        (str(row["customer_code"]), str(row["name"]), int(str(row["added_at"])))
        for row in rows
        if row["state"] == "own"
    ]


async def _meter(turn: Turn, code: str, name: str) -> MyMeter | None:
    found = await turn.registry.connection(code)
    if found is None:
        return None
    return MyMeter(code, name, found.address, found.meter_number, found.tariff_group)
