"""Statements on the utility's register: people, connections, bills and prices, as it exported them.

Days are ISO, money and readings decimals as text.  What an import writes goes many rows a statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.base import Query, Value, Write


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the register: the columns of its export, all text, and those that name a row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]


CUSTOMERS = Table(
    "customer", ("personal_number",), ("personal_number", "first_name", "last_name", "id_valid_until")
)
CONNECTIONS = Table(
    "connection",
    ("customer_code",),
    ("customer_code", "personal_number", "meter_number", "address", "tariff_group", "balance", "as_of"),
)
INVOICES = Table(
    "invoice",
    ("number",),
    (
        "number",
        "customer_code",
        "period",
        "issued_on",
        "due_on",
        "high_from",
        "high_to",
        "low_from",
        "low_to",
        "constant",
        "net",
        "vat",
        "total",
        "paid",
    ),
)
TARIFFS = Table(
    "tariff",
    ("tariff_group", "valid_from"),
    ("tariff_group", "valid_from", "block_kwh", "high_1", "low_1", "high_2", "low_2", "fixed", "vat"),
)


def person(personal_number: str) -> Query:
    return Query(
        f"select {', '.join(CUSTOMERS.columns)} from customer where personal_number = :number",
        {"number": personal_number},
    )


def anybody() -> Query:
    """A row, if there is a person."""
    return Query("select 1 as one from customer limit 1")


def connections(personal_number: str) -> Query:
    """A person's connections, by customer code; the number in it counts as a number."""
    return Query(
        f"select {', '.join(CONNECTIONS.columns)} from connection where personal_number = :number"
        " order by substr(customer_code, 1, 3), length(customer_code), customer_code",
        {"number": personal_number},
    )


def connection(customer_code: str) -> Query:
    return Query(
        f"select {', '.join(CONNECTIONS.columns)} from connection where customer_code = :code",
        {"code": customer_code},
    )


def invoices(customer_code: str, most: int) -> Query:
    """The newest bills first; of two in one month the one issued later."""
    return Query(
        f"select {', '.join(INVOICES.columns)} from invoice where customer_code = :code"
        " order by period desc, issued_on desc, number desc limit :most",
        {"code": customer_code, "most": most},
    )


def found(table: Table, keys: Sequence[str]) -> Query:
    """The rows of a table, whose key is one column, that have one of these keys, in any order."""
    (key,) = table.key
    values, params = _lists(table.key, [[one] for one in keys])
    return Query(f"select {', '.join(table.columns)} from {table.name} where {key} in ({values})", params)


def add(table: Table, rows: Sequence[Mapping[str, str]]) -> Write:
    """Add the rows whose key is not there yet, and return the keys of those."""
    return _insert(table, rows, "nothing")


def put(table: Table, rows: Sequence[Mapping[str, str]]) -> Write:
    """Add or update rows, whose keys differ, and return the keys of those that were not there just so."""
    rest = [column for column in table.columns if column not in table.key]
    changes = ", ".join(f"{column} = excluded.{column}" for column in rest)
    differs = " or ".join(f"{table.name}.{column} <> excluded.{column}" for column in rest)
    return _insert(table, rows, f"update set {changes} where {differs}")


def _insert(table: Table, rows: Sequence[Mapping[str, str]], otherwise: str) -> Write:
    values, params = _lists(table.columns, [[row[column] for column in table.columns] for row in rows])
    return Write(
        f"insert into {table.name} ({', '.join(table.columns)}) values {values}"
        f" on conflict ({', '.join(table.key)}) do {otherwise} returning {', '.join(table.key)}",
        params,
    )


def _lists(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, dict[str, Value]]:
    """`(:a0, :b0), (:a1, :b1)` and the parameters."""
    params: dict[str, Value] = {
        f"{column}{n}": value
        for n, row in enumerate(rows)
        for column, value in zip(columns, row, strict=True)
    }
    lists = ("(" + ", ".join(f":{column}{n}" for column in columns) + ")" for n in range(len(rows)))
    return ", ".join(lists), params
