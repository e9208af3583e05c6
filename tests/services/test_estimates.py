from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.appliances import Season, catalogue, find, typical_household
from bot.services.estimates import (
    Estimate,
    Period,
    Use,
    average_month,
    calendar_month,
    estimate,
    typical_amount,
    typical_low_share,
    typical_use,
    usage,
)
from bot.services.tariffs import HOUSEHOLD, Tariff, bill, shipped

WINTER, SUMMER, YEAR = average_month(Season.WINTER), average_month(Season.SUMMER), average_month()


def prices() -> Tariff:
    found = shipped().on(HOUSEHOLD, date(2026, 1, 1))
    assert found is not None
    return found


def use(key: str, count: int = 1, amount: str = "1", watts: int = 1000, low: str = "0") -> Use:
    return Use(key, count, Decimal(amount), watts, Decimal(low))


def typical(period: Period) -> Estimate:
    return estimate([typical_use(a, period) for a in typical_household()], period, prices())


USES = st.lists(
    st.builds(
        Use,
        st.sampled_from([a.key for a in catalogue()]),
        st.integers(1, 20),
        st.decimals("0", "24", places=2),
        st.integers(1, 9000),
        st.decimals("0", "1", places=2),
    ),
    max_size=8,
)
PERIODS = st.sampled_from([WINTER, SUMMER, YEAR, *map(calendar_month, range(1, 13))])


def test_hours_a_day_count_the_days_of_the_period() -> None:
    assert usage(use("water_heater", amount="2", watts=2000), WINTER).kwh == 120
    assert usage(use("water_heater", amount="2", watts=2000), calendar_month(2)).kwh == 112
    assert usage(use("water_heater", count=2, amount="2", watts=2000), calendar_month(1)).kwh == 248


def test_times_a_week_count_minutes_and_the_share_in_which_power_is_drawn() -> None:
    washing = usage(use("washing_machine", amount="7", watts=2000), WINTER)
    assert washing.kwh == 24  # 30 times 75 minutes at 32 % of 2 kW


def test_energy_is_split_between_the_rates() -> None:
    charging = usage(use("electric_car", amount="1", watts=3700, low="0.75"), YEAR)
    assert charging.kwh == Decimal("63.428571")
    assert (charging.high_kwh, charging.low_kwh) == (Decimal("15.857143"), Decimal("47.571428"))


def test_an_appliance_that_is_gone_from_the_catalogue_is_an_error() -> None:
    with pytest.raises(KeyError):
        usage(use("steam_engine"), YEAR)


def test_a_calendar_month_brings_its_days_and_season() -> None:
    assert calendar_month(2) == Period(2, 28, (Season.WINTER,))
    assert calendar_month(7) == Period(7, 31, (Season.SUMMER,))
    assert sum(calendar_month(month).days for month in range(1, 13)) == 365


def test_an_average_month_of_no_season_is_the_mean_of_both() -> None:
    conditioner = find("air_conditioner")
    assert conditioner is not None
    assert typical_amount(conditioner, YEAR) == (conditioner.summer + conditioner.winter) / 2
    shares = [typical_low_share(conditioner, period) for period in (WINTER, SUMMER, YEAR)]
    assert shares[2] == (shares[0] + shares[1]) / 2


def test_a_typical_household_is_like_most_bills() -> None:
    assert 350 <= typical(YEAR).kwh <= 500
    assert 350 <= typical(SUMMER).kwh < typical(WINTER).kwh <= 500


def test_the_season_changes_the_price_of_the_same_use() -> None:
    heater = find("thermal_storage_heater")
    assert heater is not None
    assert typical_low_share(heater, WINTER) == 1
    assert typical_low_share(heater, SUMMER) < 1


def test_night_use_is_cheap_for_the_appliance_that_is_used_at_night() -> None:
    made = estimate([use("water_heater", low="1"), use("oil_radiator", watts=1818)], WINTER, prices())
    night, day = made.shares
    assert abs(night.usage.kwh - day.usage.kwh) < Decimal("0.01")
    assert day.euros > 2 * night.euros


def test_both_blocks_are_borne_by_all_in_proportion() -> None:
    heaters = [use("water_heater", watts=2000, amount="8")] * 2
    made = estimate(heaters, WINTER, prices())
    assert made.kwh == 960
    assert made.bill.lines[2].kwh == 160
    assert abs(made.shares[0].euros - made.shares[1].euros) <= Decimal("0.01")


def test_no_appliance_leaves_the_fixed_tariff() -> None:
    made = estimate([], YEAR, prices())
    assert made.shares == ()
    assert made.total == made.bill.fixed_with_vat == Decimal("2.51")


def test_an_estimate_tells_from_when_its_prices_are() -> None:
    assert typical(YEAR).valid_from == date(2025, 5, 1)


@given(USES, PERIODS)
def test_shares_and_fixed_tariff_add_up_to_the_total(uses: list[Use], period: Period) -> None:
    made = estimate(uses, period, prices())
    assert sum(s.euros for s in made.shares) + made.bill.fixed_with_vat == made.total
    assert all(s.euros >= 0 for s in made.shares)
    assert [s.usage.use for s in made.shares] == uses


@given(USES, PERIODS)
def test_an_estimate_is_the_bill_of_its_usages(uses: list[Use], period: Period) -> None:
    made = estimate(uses, period, prices())
    high = sum((s.usage.high_kwh for s in made.shares), Decimal(0))
    low = sum((s.usage.low_kwh for s in made.shares), Decimal(0))
    assert made.bill == bill(prices(), high, low)
    assert made.kwh == sum(s.usage.kwh for s in made.shares)


@given(USES, PERIODS, st.data())
def test_one_more_appliance_never_makes_the_bill_smaller(
    uses: list[Use], period: Period, data: st.DataObject
) -> None:
    (extra,) = data.draw(USES.filter(lambda more: len(more) == 1))
    assert estimate([*uses, extra], period, prices()).total >= estimate(uses, period, prices()).total
