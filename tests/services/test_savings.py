"""What the night would save: reckoned like the estimate, and never promised for what cannot wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.services.appliances import Season, catalogue, find
from bot.services.estimates import Use, average_month, estimate, typical_use
from bot.services.savings import LEAST, MOVABLE, Saving, most_saved
from bot.services.tariffs import HOUSEHOLD, shipped

TARIFF = shipped().on(HOUSEHOLD, date(2026, 3, 2))
WINTER = average_month(Season.WINTER)


def use(key: str) -> Use:
    appliance = find(key)
    assert appliance is not None
    return typical_use(appliance, WINTER)


def saved(*uses: Use) -> Saving | None:
    assert TARIFF is not None
    return most_saved(estimate(uses, WINTER, TARIFF), TARIFF)


def test_all_that_can_wait_is_in_the_catalogue() -> None:
    assert {appliance.key for appliance in catalogue()} >= MOVABLE


def test_the_boiler_at_night_saves_just_what_the_bills_differ_by() -> None:
    assert TARIFF is not None
    boiler, oven = use("water_heater"), use("oven")
    found = saved(boiler, oven)
    by_night = estimate([replace(boiler, low_share=Decimal(1)), oven], WINTER, TARIFF)
    assert found == Saving("water_heater", estimate([boiler, oven], WINTER, TARIFF).total - by_night.total)
    assert found.euros > LEAST


def test_what_cannot_wait_is_never_named() -> None:
    assert saved(use("oven"), use("television"), use("instant_water_heater")) is None


def test_what_runs_at_night_already_saves_nothing() -> None:
    assert saved(replace(use("water_heater"), low_share=Decimal(1))) is None


def test_cents_are_not_worth_a_word() -> None:
    assert saved(replace(use("washing_machine"), amount=Decimal("0.1"))) is None


@given(st.lists(st.sampled_from(sorted(MOVABLE)), min_size=1, max_size=5, unique=True))
def test_no_other_one_saves_more(keys: list[str]) -> None:
    assert TARIFF is not None
    uses = [use(key) for key in keys]
    made = estimate(uses, WINTER, TARIFF)
    best = most_saved(made, TARIFF)
    for n, one in enumerate(uses):
        moved = [*uses[:n], replace(one, low_share=Decimal(1)), *uses[n + 1 :]]
        saving = made.total - estimate(moved, WINTER, TARIFF).total
        assert saving <= (best.euros if best else LEAST)
