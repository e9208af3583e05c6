"""What services may answer: some value of each class that they say they return."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bot.services.bills import Bill, Bills
from bot.services.claims import ClaimOf, Seer, Seers
from bot.services.estimating_for import Billed, Connected
from bot.services.my_meters import MyMeter, MyMeters
from bot.services.notices_to import EVERYWHERE, Way, Ways
from bot.services.paying import Dues, Of, Wish
from bot.services.prices import NoPrices
from bot.services.signed_in_chats import Chat, Chats
from bot.services.tariffs import HOUSEHOLD, Tariff, shipped

DAY = date(2026, 3, 2)
METER = MyMeter("DPR 6687", "", "Rr. Lipova 4", "10482215", "4/02")
BILL = Bill(
    *("2026020000000001", DAY, DAY, DAY),
    *map(Decimal, (100, 300, 50, 150, 1)),
    *map(Decimal, ("25.00", "2.00", "27.00", "27.00")),
)
OTHER_AMOUNT = Dues((Wish(Of.OTHER, Decimal("31.42"), (METER.code,)),))
SOME_METERS = Dues((Wish(Of.SOME, Decimal(0)), Wish(Of.BALANCE, Decimal("31.42"), (METER.code,))))
#: Those that are not made from their fields.
ANSWERS: dict[object, object] = {
    date: DAY,
    Tariff: shipped().on(HOUSEHOLD, DAY),
    NoPrices: NoPrices(),
    MyMeters: MyMeters((METER,), METER.code),
    Bills: Bills(METER.code, (BILL,), Decimal("31.42"), DAY, True, DAY),
    Dues: Dues((Wish(Of.BALANCE, Decimal("31.42"), (METER.code,)),)),
    Connected: Connected(METER.code, HOUSEHOLD, (Billed(DAY, Decimal("30.42")),)),
    Ways: Ways((Way(EVERYWHERE, True), Way("web", False))),
    Seers: Seers((Seer("Gëzim H.", DAY, "", ClaimOf("a1", METER.code)),)),
    Chats: Chats((Chat("a1", "web", DAY, True),)),
}


def made(kind: Any) -> Any:
    """Some value of a class, made from its fields."""
    if kind in ANSWERS:
        return ANSWERS[kind]
    hints = get_type_hints(kind)
    return kind(**{field.name: some(hints[field.name]) for field in fields(kind)})


def some(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    simple: dict[Any, Any] = {str: "some", int: 1, bool: True, Decimal: Decimal(1), date: DAY}
    return simple[hint] if hint in simple else () if get_origin(hint) is tuple else made(hint)
