"""Accounts of the web site: taken over until their customers use them here, and never written over then."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.services.register.files import ACCOUNTS, CONNECTIONS, CUSTOMERS
from bot.services.vault import Vault
from storage import web_accounts
from storage.base import Row, Storage, Write
from tests.registry.exports import ACCOUNT, CONNECTION, CUSTOMER, content, imported, write, write_all

BESA = CUSTOMER | {"personal_number": "2000000005", "first_name": "Besa", "last_name": "Hoxha"}
BESAS_PLACE = CONNECTION | {"customer_code": "DPZ 31", "personal_number": "2000000005"}
BESAS_ACCOUNT = ACCOUNT | {
    "personal_number": "2000000005",
    "email": "besa@example.com",
    "phone": "+38349765432",
    "customer_codes": "DPZ 31",
}


async def accounts(storage: Storage) -> list[dict[str, str]]:
    columns = (
        "id",
        "rev",
        "personal_number",
        "first_name",
        "last_name",
        "display_name",
        "email",
        "phone",
        "password",
    )
    rows = (await content(storage, "account"))["account"]
    return [dict(zip(columns, row, strict=False)) for row in sorted(rows, key=lambda row: str(row[2]))]


async def meters(storage: Storage) -> list[tuple[str, str]]:
    return sorted((row[1], row[2]) for row in (await content(storage, "account_meter"))["account_meter"])


async def test_names_come_from_the_register(storage: Storage, tmp_path: Path) -> None:
    await imported(storage, write_all(tmp_path))
    (account,) = await accounts(storage)
    assert (account["first_name"], account["last_name"], account["display_name"]) == (
        "Arta",
        "Krasniqi",
        "Arta",
    )
    assert account["password"] == ACCOUNT["password_hash"]


async def test_anothers_connection_is_claimed_and_ones_own_is_not(storage: Storage, tmp_path: Path) -> None:
    write_all(tmp_path, accounts={"customer_codes": "DPR 6687;DPZ 31"})
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    await imported(storage, tmp_path)
    assert await meters(storage) == [("DPR 6687", "own"), ("DPZ 31", "claimed")]
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE | {"personal_number": "1234567892"})
    counts, _bad = await imported(storage, tmp_path)
    assert counts["accounts.csv"].changed == 1
    assert await meters(storage) == [("DPR 6687", "own"), ("DPZ 31", "own")]


async def test_what_changes_on_the_web_site_changes_here(storage: Storage, tmp_path: Path) -> None:
    await imported(storage, write_all(tmp_path))
    (before,) = await accounts(storage)
    write_all(tmp_path, customers={"last_name": "Hoxha"}, accounts={"email": "new@example.com"})
    counts, _bad = await imported(storage, tmp_path)
    assert counts["accounts.csv"].changed == 1
    assert await accounts(storage) == [before | {"last_name": "Hoxha", "email": "new@example.com"}]


async def test_an_account_stays_itself_when_the_secret_key_changes(storage: Storage, tmp_path: Path) -> None:
    await imported(storage, write_all(tmp_path))
    (before,) = await accounts(storage)
    assert before["personal_number"] not in before["id"]
    counts, _bad = await imported(storage, tmp_path, vault=Vault("a new key", "a key of tests"))
    assert counts["accounts.csv"].unchanged == 1
    assert await accounts(storage) == [before]


@pytest.mark.parametrize("use", ["rev = 2", "phone_proved_at = 1", "email_proved_at = 1", "delete_at = 1"])
async def test_an_account_that_was_used_here_is_left_alone(
    storage: Storage, tmp_path: Path, use: str
) -> None:
    await imported(storage, write_all(tmp_path, accounts={"customer_codes": ""}))
    await storage.commit([Write(f"update account set {use}, email = 'mine@example.com'")])
    before = await content(storage, "account", "account_meter")
    write_all(tmp_path, customers={"first_name": "Other"}, accounts={"email": "web@example.com"})
    counts, bad = await imported(storage, tmp_path)
    assert (bad, counts["accounts.csv"].unchanged) == ([], 1)
    assert await content(storage, "account", "account_meter") == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": "arta@example.com"}, "the same email as line 2"),
        ({"email": "ARTA@example.com"}, "the same email as line 2"),
        ({"phone": "044 123 456"}, "the same phone as line 2"),
        ({"personal_number": "1234567892"}, "the same key as line 2"),
    ],
)
async def test_two_rows_cannot_share_an_address_or_a_number(
    storage: Storage, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    write_all(tmp_path)
    write(tmp_path, CUSTOMERS, CUSTOMER, BESA)
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    write(tmp_path, ACCOUNTS, ACCOUNT, BESAS_ACCOUNT | change)
    counts, bad = await imported(storage, tmp_path)
    assert bad == [f"accounts.csv, line 3: {reason}"]
    assert await accounts(storage) == []
    assert not counts["accounts.csv"].taken


async def test_what_a_bad_row_named_is_free_for_another(storage: Storage, tmp_path: Path) -> None:
    write_all(tmp_path)
    write(tmp_path, CUSTOMERS, CUSTOMER, BESA)
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    write(tmp_path, ACCOUNTS, ACCOUNT, BESAS_ACCOUNT | {"phone": ACCOUNT["phone"]}, BESAS_ACCOUNT)
    _counts, bad = await imported(storage, tmp_path, keep_going=True)
    assert bad == ["accounts.csv, line 3: the same phone as line 2"]
    assert [one["email"] for one in await accounts(storage)] == ["arta@example.com", "besa@example.com"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"email": "arta@example.com"}, "email belongs to another account"),
        ({"phone": "+38344123456"}, "phone belongs to another account"),
        ({"personal_number": "3000000003"}, "personal_number is not among the customers"),
        ({"customer_codes": "DPZ 31;DPZ 32"}, "customer_codes: DPZ 32 is not among the connections"),
    ],
)
async def test_what_the_tables_say_against_a_row_keeps_it_out(
    storage: Storage, tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    await imported(storage, write_all(tmp_path))
    write(tmp_path, CUSTOMERS, CUSTOMER, BESA)
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    write(tmp_path, ACCOUNTS, BESAS_ACCOUNT | change)
    _counts, bad = await imported(storage, tmp_path)
    assert bad == [f"accounts.csv, line 2: {reason}"]
    assert len(await accounts(storage)) == 1


async def test_the_good_rows_beside_them_are_taken_when_told_to(storage: Storage, tmp_path: Path) -> None:
    await imported(storage, write_all(tmp_path))
    write(tmp_path, CUSTOMERS, CUSTOMER, BESA)
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    stranger = BESAS_ACCOUNT | {
        "personal_number": "3000000003",
        "email": "c@example.com",
        "phone": "044999999",
    }
    write(tmp_path, ACCOUNTS, stranger, BESAS_ACCOUNT)
    counts, bad = await imported(storage, tmp_path, keep_going=True)
    assert bad == ["accounts.csv, line 2: personal_number is not among the customers"]
    assert (counts["accounts.csv"].bad, counts["accounts.csv"].added) == (1, 1)


async def test_nothing_is_wrong_with_a_row_whose_account_is_left_alone(
    storage: Storage, tmp_path: Path
) -> None:
    write_all(tmp_path)
    write(tmp_path, CUSTOMERS, CUSTOMER, BESA)
    write(tmp_path, CONNECTIONS, CONNECTION, BESAS_PLACE)
    write(tmp_path, ACCOUNTS, ACCOUNT, BESAS_ACCOUNT)
    await imported(storage, tmp_path)
    await storage.commit([Write("update account set rev = 2 where personal_number = '2000000005'")])
    write(tmp_path, ACCOUNTS, BESAS_ACCOUNT | {"email": "arta@example.com", "customer_codes": "DPZ 99"})
    counts, bad = await imported(storage, tmp_path)
    assert (bad, counts["accounts.csv"].unchanged) == ([], 1)


async def test_accounts_are_judged_by_the_customers_of_the_same_export(
    storage: Storage, tmp_path: Path
) -> None:
    write_all(tmp_path, customers={"personal_number": "no number"})
    _counts, bad = await imported(storage, tmp_path)
    assert bad[-1] == "accounts.csv, line 2: personal_number is not among the customers"


class Overtaken:
    """A database in which somebody registers with the web site's address just before each commit."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.read, self.close = storage.read, storage.close
        self._overtakes = 1

    async def commit(self, writes: Sequence[Write]) -> Sequence[Sequence[Row]]:
        if self._overtakes and any("insert into account " in write.sql for write in writes):
            self._overtakes -= 1
            await self._storage.commit([_another_account()])
        return await self._storage.commit(writes)


def _another_account() -> Write:
    return web_accounts.open_account(
        account="other",
        personal_number="3000000003",
        first_name="Other",
        last_name="Hoxha",
        email=ACCOUNT["email"],
        phone="+38344999999",
        password="",
        at_ms=1,
    )


async def test_somebody_who_registers_meanwhile_keeps_their_address(storage: Storage, tmp_path: Path) -> None:
    write_all(tmp_path)
    counts, bad = await imported(Overtaken(storage), tmp_path)
    assert bad == ["accounts.csv, line 2: email belongs to another account"]
    assert (counts["accounts.csv"].added, counts["accounts.csv"].bad) == (0, 1)
    assert [one["id"] for one in await accounts(storage)] == ["other"]
