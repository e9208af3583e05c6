from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.services.money import CENT, apportion, cents

WEIGHTS = st.lists(st.decimals("0", "5000", places=6), min_size=1, max_size=12)


def test_halves_go_to_the_even_cent() -> None:
    assert cents(Decimal("1.005")) == Decimal("1.00")
    assert cents(Decimal("1.015")) == Decimal("1.02")


def test_left_over_cents_go_to_the_largest_remainders() -> None:
    assert apportion(Decimal("1.00"), [Decimal(1)] * 3) == (Decimal("0.34"), Decimal("0.33"), Decimal("0.33"))
    assert apportion(Decimal("0.01"), [Decimal(1), Decimal(2)]) == (Decimal("0.00"), Decimal("0.01"))


def test_nothing_is_shared_where_nothing_weighs() -> None:
    assert apportion(Decimal("0.00"), [Decimal(0)] * 2) == (Decimal("0.00"), Decimal("0.00"))
    assert apportion(Decimal("0.00"), []) == ()


@given(st.decimals("0", "10000", places=2), WEIGHTS)
def test_shares_add_up_and_are_less_than_a_cent_from_the_truth(
    total: Decimal, weights: list[Decimal]
) -> None:
    shares = apportion(total, weights)
    whole = sum(weights)
    assert sum(shares) == (total if whole else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert not whole or abs(share - total * weight / whole) < CENT
