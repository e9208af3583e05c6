"""Statements on the prices of a tariff group from a day on; all figures are decimals as text."""

from __future__ import annotations

from storage.base import Query, Write

_COLUMNS = "tariff_group, valid_from, block_kwh, high_1, low_1, high_2, low_2, fixed, vat"


def all() -> Query:
    """Every group's prices, oldest first."""
    return Query(f"select {_COLUMNS} from tariff order by tariff_group, valid_from")


def put_missing(
    *,
    tariff_group: str,
    valid_from: str,
    block_kwh: str,
    high_1: str,
    low_1: str,
    high_2: str,
    low_2: str,
    fixed: str,
    vat: str,
) -> Write:
    """Add prices unless this group has some from that day (ISO) on: what an operator imported stays."""
    return Write(
        f"insert into tariff ({_COLUMNS}) values (:tariff_group, :valid_from, :block_kwh,"
        " :high_1, :low_1, :high_2, :low_2, :fixed, :vat)"
        " on conflict (tariff_group, valid_from) do nothing",
        {
            "tariff_group": tariff_group,
            "valid_from": valid_from,
            "block_kwh": block_kwh,
            "high_1": high_1,
            "low_1": low_1,
            "high_2": high_2,
            "low_2": low_2,
            "fixed": fixed,
            "vat": vat,
        },
    )
