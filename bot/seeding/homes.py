"""Which connections a person has: mostly one at home, sometimes a parents' house, a shop, or flats to let."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.seeding.people import Resident
from bot.seeding.places import ALBANIAN_STREETS, SERBIAN_STREETS, Town

HOUSEHOLD, ONE_RATE, COMMERCIAL = "4/02", "4/01", "7/02"
_GROUPS = (HOUSEHOLD, ONE_RATE, COMMERCIAL)
_SHARES = (0.93, 0.04, 0.03)
#: How many connections a person has, by share; five and more belong to landlords.
_COUNTS = {1: 0.86, 2: 0.095, 3: 0.03, 5: 0.009, 8: 0.006}
_METERS, _STEP = 89_999_999, 61_803_399


@dataclass(frozen=True, slots=True)
class Home:
    """A place with its meter.  `constant` is what the meter's figures are multiplied by."""

    customer_code: str
    meter_number: str
    address: str
    tariff_group: str
    constant: int = 1


def homes(rng: Random, lives: Resident, first: int) -> list[Home]:
    """The person's connections; `first` is how many there are before them."""
    count = rng.choices(list(_COUNTS), list(_COUNTS.values()))[0]
    return [_home(rng, lives, first + n) for n in range(count)]


def _home(rng: Random, lives: Resident, n: int) -> Home:
    group = rng.choices(_GROUPS, _SHARES)[0]
    return Home(
        customer_code=f"{lives.district.code} {1000 + 7 * n + rng.randrange(7)}",
        meter_number=meter_number(n),
        address=_address(rng, lives.town, lives.serbian),
        tariff_group=group,
        constant=rng.choice((1, 1, 20, 40)) if group == COMMERCIAL else 1,
    )


def meter_number(n: int) -> str:
    """The n-th meter's: 8 digits, none twice."""
    return str(10_000_000 + n * _STEP % _METERS)


def _address(rng: Random, town: Town, serbian: bool) -> str:
    road = "Ul. " + rng.choice(SERBIAN_STREETS) if serbian else "Rr. " + rng.choice(ALBANIAN_STREETS)
    flat = f"/{rng.randint(1, 40)}" if rng.random() < 0.4 else ""
    name = town.serbian_name if serbian else town.albanian_name
    return f"{road} {rng.randint(1, 120)}{flat}, {town.post_code} {name}"
