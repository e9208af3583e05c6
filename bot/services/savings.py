"""What a home would save most by using it at night: reckoned like the estimate itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from bot.services.estimates import Estimate, estimate
from bot.services.tariffs import Tariff

#: What can wait for the night: it stores heat or charge, or runs by itself.
MOVABLE = frozenset(
    {
        *("water_heater", "small_water_heater", "thermal_storage_heater"),
        *("washing_machine", "tumble_dryer", "dishwasher", "electric_car"),
    }
)
#: Less than this, in euros a month, is not worth a word.
LEAST = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class Saving:
    """Euros a month less, VAT included, if all of an appliance's use were in the low tariff."""

    appliance: str
    euros: Decimal


def most_saved(made: Estimate, tariff: Tariff) -> Saving | None:
    """The one appliance that saves most; None where nothing is worth it."""
    uses = [share.usage.use for share in made.shares]
    savings = []
    for n, use in enumerate(uses):
        if use.appliance in MOVABLE and use.low_share < 1:
            moved = [*uses[:n], replace(use, low_share=Decimal(1)), *uses[n + 1 :]]
            savings.append(Saving(use.appliance, made.total - estimate(moved, made.period, tariff).total))
    best = max(savings, key=lambda saving: saving.euros, default=None)
    return best if best is not None and best.euros >= LEAST else None
