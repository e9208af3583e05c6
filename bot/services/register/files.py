"""The five files of the utility's export: their headers, and what one row of each means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from bot.services.ports import Connection, Invoice, Person
from bot.services.register import fields as field
from bot.services.rows import Row, Wrong
from bot.services.tariffs import COLUMNS as TARIFF_COLUMNS
from bot.services.tariffs import Tariff, read_tariff

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class WebAccount:
    """An account that was opened on the utility's web site."""

    personal_number: str
    email: str
    phone: str
    password_hash: str
    customer_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """One file of the export: `key` names a row, and in `unique` no two rows may be the same either."""

    name: str
    columns: tuple[str, ...]
    make: Callable[[Row], Any]
    key: tuple[str, ...]
    unique: tuple[str, ...] = ()


def _person(row: Row) -> Person:
    return Person(
        personal_number=field.personal_number(row),
        first_name=field.words(row, "first_name"),
        last_name=field.words(row, "last_name"),
        id_valid_until=field.day(row, "id_valid_until"),
    )


def _connection(row: Row) -> Connection:
    return Connection(
        customer_code=field.customer_code(row.text("customer_code")),
        personal_number=field.personal_number(row),
        meter_number=field.meter_number(row),
        address=field.words(row, "address"),
        tariff_group=field.tariff_group(row),
        balance=field.money(row, "balance"),
        as_of=field.day(row, "as_of"),
    )


def _invoice(row: Row) -> Invoice:
    return _agreeing(
        Invoice(
            number=field.words(row, "number", most=40),
            customer_code=field.customer_code(row.text("customer_code")),
            period=field.period(row),
            issued_on=field.day(row, "issued_on"),
            due_on=field.day(row, "due_on"),
            high_from=field.reading(row, "high_from"),
            high_to=field.reading(row, "high_to"),
            low_from=field.reading(row, "low_from"),
            low_to=field.reading(row, "low_to"),
            constant=field.reading(row, "constant"),
            net=field.money(row, "net"),
            vat=field.money(row, "vat"),
            total=field.money(row, "total"),
            paid=field.money(row, "paid"),
        )
    )


def _agreeing(invoice: Invoice) -> Invoice:
    """The bill, if its figures fit together."""
    if invoice.total != invoice.net + invoice.vat:
        raise Wrong(f"total: {invoice.total} is not net + vat, {invoice.net + invoice.vat}")
    if invoice.high_to < invoice.high_from:
        raise Wrong(f"high_to: {invoice.high_to} is less than high_from, {invoice.high_from}")
    if invoice.low_to < invoice.low_from:
        raise Wrong(f"low_to: {invoice.low_to} is less than low_from, {invoice.low_from}")
    if not invoice.constant:
        raise Wrong("constant must be above 0")
    if invoice.paid < 0:
        raise Wrong(f"paid: {invoice.paid} must be at least 0")
    if invoice.due_on < invoice.issued_on:
        raise Wrong(f"due_on: {invoice.due_on} is before issued_on, {invoice.issued_on}")
    return invoice


def _account(row: Row) -> WebAccount:
    return WebAccount(
        personal_number=field.personal_number(row),
        email=field.email(row),
        phone=field.phone(row),
        password_hash=field.password_hash(row),
        customer_codes=field.customer_codes(row),
    )


def _tariff(row: Row) -> Tariff:
    field.tariff_group(row)
    field.day(row, "valid_from")
    return read_tariff(row)


def _columns(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


TARIFFS = File("tariffs.csv", TARIFF_COLUMNS, _tariff, ("tariff_group", "valid_from"))
CUSTOMERS = File("customers.csv", _columns(Person), _person, ("personal_number",))
CONNECTIONS = File("connections.csv", _columns(Connection), _connection, ("customer_code",))
INVOICES = File("invoices.csv", _columns(Invoice), _invoice, ("number",))
ACCOUNTS = File("accounts.csv", _columns(WebAccount), _account, ("personal_number",), ("email", "phone"))

#: In the order in which they are taken: accounts name people and connections.
FILES = (TARIFFS, CUSTOMERS, CONNECTIONS, INVOICES, ACCOUNTS)


def texts(file: File, thing: object) -> Mapping[str, str]:
    """A row as columns and files hold it: days ISO, numbers with a point, lists separated by `;`."""
    return {column: _text(getattr(thing, column)) for column in file.columns}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ";".join(value)
    raise TypeError(type(value).__name__)
