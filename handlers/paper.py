"""A sheet of paper in finished words, such as a bill: what its picture and its document both draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a sheet; `strong` for a sum."""

    words: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`lead` are the lines beneath the title; `name` is what a file of it is called, without its ending."""

    issuer: str
    title: str
    lead: tuple[str, ...]
    rows: tuple[Row, ...]
    footer: str
    dated: date
    name: str
