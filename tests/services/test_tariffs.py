import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.rows import BadFile
from bot.services.tariffs import (
    COLUMNS,
    HOUSEHOLD,
    Tariff,
    TariffBook,
    bill,
    bill_json,
    read_tariffs,
    shipped,
)

KWH = st.decimals("0", "5000", places=3)
TARIFFS = st.sampled_from(shipped().tariffs)


def tariff(day: str) -> Tariff:
    found = shipped().on(HOUSEHOLD, date.fromisoformat(day))
    assert found is not None
    return found


def split(kwh: int, high: str = "0.6") -> tuple[Decimal, Decimal]:
    return kwh * Decimal(high), kwh * (1 - Decimal(high))


@pytest.mark.parametrize(
    ("day", "kwh", "total"),
    [
        # Published by the regulator (ERO) with its decisions of 2022 and 2023, at 60 % high tariff.
        ("2022-06-01", 300, "18.75"),
        ("2022-06-01", 450, "27.18"),
        ("2022-06-01", 600, "35.62"),
        ("2022-06-01", 800, "46.86"),
        ("2023-06-01", 300, "21.63"),
        ("2023-06-01", 450, "31.36"),
        ("2023-06-01", 600, "41.10"),
        ("2023-06-01", 800, "54.09"),
        # By the same rule with the prices of 2025.
        ("2025-06-01", 300, "25.13"),
        ("2025-06-01", 450, "36.44"),
        ("2025-06-01", 600, "47.75"),
        ("2025-06-01", 800, "62.83"),
        ("2025-06-01", 1000, "89.12"),
    ],
)
def test_published_bills_come_out_to_the_cent(day: str, kwh: int, total: str) -> None:
    assert bill(tariff(day), *split(kwh)).total == Decimal(total)


def test_the_first_block_is_shared_in_the_months_own_proportion() -> None:
    lines = bill(tariff("2025-06-01"), *split(900)).lines
    assert [x.code for x in lines] == ["A1B1", "A2B1", "A1B2", "A2B2"]
    assert [x.kwh for x in lines] == [Decimal(kwh) for kwh in (480, 320, 60, 40)]
    assert [x.price for x in lines] == [Decimal(p) for p in ("9.05", "3.88", "15.43", "7.28")]


def test_vat_is_taken_of_the_rounded_net() -> None:
    made = bill(tariff("2025-06-01"), Decimal(51), Decimal(0))  # 6.9355 € exactly, of which VAT were 0.55
    assert (made.net, made.vat, made.total) == (Decimal("6.94"), Decimal("0.56"), Decimal("7.50"))


def test_nothing_used_costs_the_fixed_tariff_with_vat() -> None:
    made = bill(tariff("2025-06-01"), Decimal(0), Decimal(0))
    assert (made.net, made.vat, made.total) == (Decimal("2.32"), Decimal("0.19"), Decimal("2.51"))
    assert made.fixed_with_vat == made.total


def test_negative_kwh_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        bill(tariff("2025-06-01"), Decimal(10), Decimal(-1))


@given(TARIFFS, KWH, KWH)
def test_lines_add_up_to_the_kwh_and_the_net(prices: Tariff, high: Decimal, low: Decimal) -> None:
    made = bill(prices, high, low)
    assert sum(x.kwh for x in made.lines) == made.kwh == high + low
    assert made.lines[0].kwh + made.lines[2].kwh == high
    assert made.lines[1].kwh + made.lines[3].kwh == low
    assert sum(x.amount for x in made.lines) + made.fixed == made.net
    assert made.net + made.vat == made.total


@given(TARIFFS, KWH, KWH)
def test_every_line_shows_its_cost_within_a_cent(prices: Tariff, high: Decimal, low: Decimal) -> None:
    for x in bill(prices, high, low).lines:
        assert x.amount >= 0
        assert abs(x.amount - x.kwh * x.price / 100) <= Decimal("0.015")


@given(TARIFFS, KWH, KWH)
def test_blocks_are_filled_in_order_and_in_proportion(prices: Tariff, high: Decimal, low: Decimal) -> None:
    high_1, low_1, high_2, low_2 = (x.kwh for x in bill(prices, high, low).lines)
    assert min(high_1, low_1, high_2, low_2) >= 0
    assert high_1 + low_1 == min(prices.block_kwh, high + low)
    assert abs(high_1 * (high + low) - high * (high_1 + low_1)) <= Decimal("0.01")


@given(TARIFFS, KWH, KWH, KWH, KWH)
def test_using_more_never_costs_less(
    prices: Tariff, high: Decimal, low: Decimal, more_high: Decimal, more_low: Decimal
) -> None:
    less = bill(prices, high, low).total
    assert (
        bill(prices, high + more_high, low + more_low).total >= less >= bill(prices, high * 0, low * 0).total
    )


@given(TARIFFS, KWH, KWH)
def test_moving_energy_into_the_night_never_costs_more(prices: Tariff, high: Decimal, low: Decimal) -> None:
    assert bill(prices, high * 0, high + low).total <= bill(prices, high, low).total


def test_the_newest_prices_valid_on_the_day_are_taken() -> None:
    assert tariff("2025-05-01").valid_from == date(2025, 5, 1)
    assert tariff("2025-04-30").valid_from == date(2024, 4, 1)
    assert tariff("2031-01-01").valid_from == date(2025, 5, 1)


def test_no_prices_are_known_before_the_first_and_for_other_groups() -> None:
    assert shipped().on(HOUSEHOLD, date(2022, 2, 8)) is None
    assert shipped().on("7/02", date(2025, 6, 1)) is None


def test_loaded_prices_add_to_the_book_and_replace_those_of_the_same_day(tmp_path: Path) -> None:
    file = tmp_path / "tariffs.csv"
    header = ",".join(COLUMNS)
    file.write_text(f"{header}\n4/02,2025-05-01,800,9,4,15,7,2,0.08\n7/02,2026-01-01,800,10,5,10,5,3,0.18\n")
    book = shipped().with_newer(read_tariffs(file))
    household, shop = book.on(HOUSEHOLD, date(2025, 6, 1)), book.on("7/02", date(2026, 1, 1))
    assert household is not None
    assert household.high_1 == 9
    assert shop is not None
    assert shop.vat == Decimal("0.18")
    assert len(book.tariffs) == len(shipped().tariffs) + 1


def test_a_bad_tariff_is_named_by_line_and_reason(tmp_path: Path) -> None:
    file = tmp_path / "tariffs.csv"
    rows = "4/02,2026-05-01,800,9.05,3.88,15.43,7.28,2.32,8\n4/02,2026-06-01,0,-1,3.88,15.43,7.28,2.32,0.08\n"
    file.write_text(f"{','.join(COLUMNS)}\n{rows}")
    with pytest.raises(BadFile) as caught:
        read_tariffs(file)
    assert [(row.line, row.reason) for row in caught.value.rows] == [
        (2, "vat: 8 must be from 0 to 1"),
        (3, "block_kwh: 0 must be at least 1"),
    ]


def test_the_book_does_not_depend_on_the_order_of_its_rows() -> None:
    backwards = TariffBook(shipped().tariffs[::-1])
    assert backwards.on(HOUSEHOLD, date(2023, 12, 31)) == shipped().on(HOUSEHOLD, date(2023, 12, 31))


def test_json_has_money_as_strings_with_two_decimals() -> None:
    assert json.loads(bill_json(bill(tariff("2023-06-01"), *split(300)))) == {
        "tariff_group": "4/02",
        "valid_from": "2023-04-01",
        "kwh": {"high": 180, "low": 120},
        "lines": [
            {"code": "A1B1", "kwh": 180, "price": "7.79", "amount": "14.02"},
            {"code": "A2B1", "kwh": 120, "price": "3.34", "amount": "4.01"},
            {"code": "A1B2", "kwh": 0, "price": "14.45", "amount": "0.00"},
            {"code": "A2B2", "kwh": 0, "price": "6.81", "amount": "0.00"},
        ],
        "fixed": "2.00",
        "net": "20.03",
        "vat": "1.60",
        "total": "21.63",
    }


def test_json_never_rounds_a_price() -> None:
    dear = Tariff("x", date(2026, 1, 1), *map(Decimal, ("800", "9.125", "4", "15", "7", "2", "0.08")))
    lines = json.loads(bill_json(bill(dear, Decimal("10.5"), Decimal(0))))["lines"]
    assert [(x["kwh"], x["price"]) for x in lines[:2]] == [(10.5, "9.125"), (0, "4.00")]
