"""Euros to the cent: how amounts are rounded, and how a total is shared without losing a cent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def cents(euros: Decimal) -> Decimal:
    """Euros rounded to the cent, halves to the even cent."""
    return euros.quantize(CENT, ROUND_HALF_EVEN)


def apportion(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """`total` (whole cents, not negative) shared in proportion to `weights`, each share in whole cents.

    Shares are cut to the cent and the cents left over go to the largest remainders, the earlier first:
    so they add up to `total` exactly, and none is a cent or more away from its true value.
    Without any weight there is nothing to share, and all shares are zero.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        return (Decimal("0.00"),) * len(weights)
    true = [total * weight / whole for weight in weights]
    shares = [value.quantize(CENT, ROUND_FLOOR) for value in true]
    left = int((total - sum(shares)) / CENT)
    for i in sorted(range(len(true)), key=lambda i: shares[i] - true[i])[:left]:
        shares[i] += CENT
    return tuple(shares)
