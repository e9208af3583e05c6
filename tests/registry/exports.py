"""Small exports to import: a good row of each file, and what comes of an import."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.importing.run import Count, Import
from bot.seeding.hashes import ARGON2ID
from bot.services.register.files import ACCOUNTS, CONNECTIONS, CUSTOMERS, INVOICES, TARIFFS, File
from bot.services.register.reading import GoodRow, read
from bot.services.rows import BadRow, Row
from bot.services.vault import Vault
from storage.base import Query, Storage

VAULT = Vault("a key of tests")
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)

CUSTOMER = {
    "personal_number": "1234567892",
    "first_name": "Arta",
    "last_name": "Krasniqi",
    "id_valid_until": "2031-05-01",
}
CONNECTION = {
    "customer_code": "DPR 6687",
    "personal_number": "1234567892",
    "meter_number": "10482215",
    "address": "Rr. Nënë Tereza 27/4, 10000 Prishtinë",
    "tariff_group": "4/02",
    "balance": "30.42",
    "as_of": "2026-11-06",
}
INVOICE = {
    "number": "2026100000000000",
    "customer_code": "DPR 6687",
    "period": "2026-10",
    "issued_on": "2026-11-04",
    "due_on": "2026-11-19",
    "high_from": "14534",
    "high_to": "14760",
    "low_from": "7064",
    "low_to": "7203",
    "constant": "1",
    "net": "28.17",
    "vat": "2.25",
    "total": "30.42",
    "paid": "0.00",
}
ACCOUNT = {
    "personal_number": "1234567892",
    "email": "arta@example.com",
    "phone": "+38344123456",
    "password_hash": ARGON2ID[0],
    "customer_codes": "DPR 6687",
}
TARIFF = {
    "tariff_group": "4/02",
    "valid_from": "2026-12-01",
    "block_kwh": "800",
    "high_1": "9.10",
    "low_1": "3.90",
    "high_2": "15.50",
    "low_2": "7.30",
    "fixed": "2.40",
    "vat": "0.08",
}
GOOD = {
    CUSTOMERS.name: CUSTOMER,
    CONNECTIONS.name: CONNECTION,
    INVOICES.name: INVOICE,
    ACCOUNTS.name: ACCOUNT,
    TARIFFS.name: TARIFF,
}
TABLES = ("customer", "connection", "invoice", "tariff", "account", "account_meter")


class Watched:
    """Watches an import and keeps its bad rows."""

    def __init__(self) -> None:
        self.rows: list[BadRow] = []

    def bad(self, row: BadRow) -> None:
        self.rows.append(row)

    def begin(self, what: str, rows: int) -> None: ...

    def more(self, rows: int) -> None: ...


def write(folder: Path, file: File, *rows: dict[str, str]) -> Path:
    """One file of an export, with these rows."""
    folder.mkdir(exist_ok=True)
    path = folder / file.name
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, file.columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_all(folder: Path, **changes: dict[str, str]) -> Path:
    """A whole export of one row a file; `changes` are by file, such as `customers`."""
    for file in (CUSTOMERS, CONNECTIONS, INVOICES, ACCOUNTS, TARIFFS):
        write(folder, file, GOOD[file.name] | changes.get(file.name.removesuffix(".csv"), {}))
    return folder


async def imported(
    storage: Storage, folder: Path, *, keep_going: bool = False, vault: Vault = VAULT
) -> tuple[dict[str, Count], list[str]]:
    """What became of each file, and the bad rows as they are shown."""
    watched = Watched()
    counts = await Import(storage, vault, watched, AT, keep_going=keep_going).folder(folder)
    return {count.file: count for count in counts}, [str(row) for row in watched.rows]


async def content(storage: Storage, *tables: str) -> dict[str, list[Any]]:
    """Every row of the tables that an import may touch."""
    return {
        table: sorted(
            (tuple(map(str, row.values())) for row in await storage.read(Query(f"select * from {table}"))),
        )
        for table in tables or TABLES
    }


def things(folder: Path, file: File) -> Sequence[Any]:
    """What the rows of a file mean."""
    return [file.make(Row(row.values)) for row in read(folder / file.name, file) if isinstance(row, GoodRow)]
