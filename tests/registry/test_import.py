"""What an import takes, what it leaves alone, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.importing.run import NothingHere
from bot.services.register.files import ACCOUNTS, CONNECTIONS, CUSTOMERS, INVOICES, TARIFFS, File
from storage.base import Storage
from tests.registry.exports import (
    ACCOUNT,
    CONNECTION,
    CUSTOMER,
    GOOD,
    INVOICE,
    TARIFF,
    content,
    imported,
    write,
    write_all,
)

FILES = (CUSTOMERS, CONNECTIONS, INVOICES, ACCOUNTS, TARIFFS)


async def test_every_file_is_taken_into_its_table(storage: Storage, tmp_path: Path) -> None:
    counts, bad = await imported(storage, write_all(tmp_path))
    assert bad == []
    assert [(c.read, c.added, c.changed, c.unchanged, c.bad) for c in counts.values()] == [
        (1, 1, 0, 0, 0)
    ] * 5
    found = await content(storage)
    assert found["customer"] == [tuple(CUSTOMER.values())]
    assert found["connection"] == [tuple(CONNECTION.values())]
    assert found["invoice"] == [tuple(INVOICE.values())]
    assert found["tariff"] == [tuple(TARIFF.values())]
    assert len(found["account"]) == len(found["account_meter"]) == 1


async def test_importing_the_same_again_changes_nothing(storage: Storage, tmp_path: Path) -> None:
    await imported(storage, write_all(tmp_path))
    before = await content(storage)
    counts, bad = await imported(storage, tmp_path)
    assert bad == []
    assert [(c.added, c.changed, c.unchanged) for c in counts.values()] == [(0, 0, 1)] * 5
    assert await content(storage) == before


async def test_rows_are_updated_by_their_key_and_none_is_deleted(storage: Storage, tmp_path: Path) -> None:
    other = CUSTOMER | {"personal_number": "2000000005", "first_name": "Besa"}
    write(tmp_path, CUSTOMERS, CUSTOMER, other)
    await imported(storage, tmp_path)
    write(tmp_path, CUSTOMERS, CUSTOMER | {"last_name": "Hoxha"})
    counts, _bad = await imported(storage, tmp_path)
    assert (counts["customers.csv"].changed, counts["customers.csv"].added) == (1, 0)
    names = {(row[1], row[2]) for row in (await content(storage))["customer"]}
    assert names == {("Arta", "Hoxha"), ("Besa", "Krasniqi")}


async def test_a_bad_row_keeps_the_whole_file_out_and_no_other(storage: Storage, tmp_path: Path) -> None:
    write_all(tmp_path)
    bad_row = CUSTOMER | {"personal_number": "123", "first_name": "Besa"}
    write(tmp_path, CUSTOMERS, CUSTOMER, bad_row)
    (tmp_path / "accounts.csv").unlink()
    counts, bad = await imported(storage, tmp_path)
    assert bad == ["customers.csv, line 3: personal_number is not 10 digits"]
    assert (counts["customers.csv"].taken, counts["customers.csv"].added) == (False, 0)
    found = await content(storage)
    assert (found["customer"], len(found["connection"])) == ([], 1)


async def test_told_to_keep_going_it_takes_the_good_rows(storage: Storage, tmp_path: Path) -> None:
    write(
        tmp_path, CUSTOMERS, CUSTOMER | {"id_valid_until": "soon", "personal_number": "2000000005"}, CUSTOMER
    )
    counts, bad = await imported(storage, tmp_path, keep_going=True)
    assert bad == ["customers.csv, line 2: id_valid_until: 'soon' is not a date like 2025-05-01"]
    count = counts["customers.csv"]
    assert (count.read, count.added, count.bad, count.taken) == (2, 1, 1, True)
    assert [row[0] for row in (await content(storage))["customer"]] == ["1234567892"]


async def test_a_folder_without_any_of_the_files_is_an_error(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name\n")
    with pytest.raises(NothingHere, match=r"customers\.csv"):
        await imported(storage, tmp_path)


async def test_of_two_rows_with_one_key_the_second_is_bad(storage: Storage, tmp_path: Path) -> None:
    write(tmp_path, CONNECTIONS, CONNECTION, CONNECTION | {"customer_code": "dpr-06687"})
    _counts, bad = await imported(storage, tmp_path)
    assert bad == ["connections.csv, line 3: the same key as line 2"]


@pytest.mark.parametrize("header", ["", "personal_number,first_name,last_name", "a,b,c,d"])
async def test_a_wrong_header_is_said_once(storage: Storage, tmp_path: Path, header: str) -> None:
    (tmp_path / "customers.csv").write_text(f"{header}\n1234567892,Arta,Krasniqi,2031-05-01\n")
    _counts, bad = await imported(storage, tmp_path, keep_going=True)
    assert len(bad) == 1
    assert bad[0].startswith("customers.csv, line 1: the header must be personal_number,first_name")
    assert (await content(storage))["customer"] == []


async def test_lines_that_cannot_be_read_are_bad_and_those_after_them_are_not(
    storage: Storage, tmp_path: Path
) -> None:
    path = write(tmp_path, CUSTOMERS, CUSTOMER)
    with path.open("ab") as file:
        file.write(b"2000000005,Bes\xff,Hoxha,2031-05-01\r\n")
        file.write(b'2000000013,"Bes"a,Hoxha,2031-05-01\r\n')
        file.write(b"2000000021,Besa,Hoxha\r\n")
        file.write(b"\r\n2000000039,Besa,Hoxha,2031-05-01\r\n")
    counts, bad = await imported(storage, tmp_path, keep_going=True)
    assert bad == [
        "customers.csv, line 3: not UTF-8",
        "customers.csv, line 4: ',' expected after '\"'",
        "customers.csv, line 5: 3 fields where the header has 4",
    ]
    assert counts["customers.csv"].added == 2


async def test_a_byte_order_mark_and_composed_letters_make_no_difference(
    storage: Storage, tmp_path: Path
) -> None:
    apart = "Ge\u0308zim"
    path = write(tmp_path, CUSTOMERS, CUSTOMER | {"first_name": apart})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    _counts, bad = await imported(storage, tmp_path)
    assert bad == []
    assert (await content(storage))["customer"][0][1] == "Gëzim"


@pytest.mark.parametrize(
    ("file", "change", "reason"),
    [
        (CUSTOMERS, {"personal_number": "12345678９2"}, "personal_number is not 10 digits"),
        (CUSTOMERS, {"first_name": " "}, "first_name is empty"),
        (CUSTOMERS, {"first_name": "Arta\x00"}, "first_name has characters that cannot be shown"),
        (CUSTOMERS, {"first_name": "A\nrta"}, "first_name has characters that cannot be shown"),
        (CUSTOMERS, {"last_name": "x" * 201}, "last_name has more than 200 characters"),
        (
            CUSTOMERS,
            {"id_valid_until": "20310501"},
            "id_valid_until: '20310501' is not a date like 2025-05-01",
        ),
        (CUSTOMERS, {"id_valid_until": "2031-02-29"}, "id_valid_until: '2031-02-29' is not a date like"),
        (CONNECTIONS, {"customer_code": "6687"}, "customer_code: '6687' is not like DPR 6687"),
        (CONNECTIONS, {"customer_code": "DXX 6687"}, "customer_code: 'DXX 6687' is not like DPR 6687"),
        (CONNECTIONS, {"customer_code": "DPR 123456789"}, "customer_code: 'DPR 123456789' is not like"),
        (CONNECTIONS, {"meter_number": "1234"}, "meter_number: '1234' does not have 5 to 20 characters"),
        (CONNECTIONS, {"meter_number": "1" * 21}, "does not have 5 to 20 characters"),
        (CONNECTIONS, {"tariff_group": "household"}, "tariff_group: 'household' is not like 4/02"),
        (CONNECTIONS, {"balance": "30.4"}, "balance: '30.4' is not an amount like 25.13"),
        (CONNECTIONS, {"balance": "3E+1"}, "balance: '3E+1' is not an amount like 25.13"),
        (CONNECTIONS, {"balance": "30,42"}, "balance: '30,42' is not an amount like 25.13"),
        (INVOICES, {"number": ""}, "number is empty"),
        (INVOICES, {"period": "2026-13"}, "period: '2026-13' is not a month like 2025-05"),
        (INVOICES, {"due_on": "2026-11-03"}, "due_on: 2026-11-03 is before issued_on, 2026-11-04"),
        (INVOICES, {"high_to": "14533"}, "high_to: 14533 is less than high_from, 14534"),
        (INVOICES, {"low_to": "7063.999"}, "low_to: 7063.999 is less than low_from, 7064"),
        (INVOICES, {"low_to": "-1"}, "low_to: '-1' is not a reading like 10482"),
        (INVOICES, {"constant": "0"}, "constant must be above 0"),
        (INVOICES, {"total": "30.43"}, "total: 30.43 is not net + vat, 30.42"),
        (INVOICES, {"paid": "-0.01"}, "paid: -0.01 must be at least 0"),
        (ACCOUNTS, {"email": "arta@"}, "email is not an address"),
        (ACCOUNTS, {"phone": "044"}, "phone is not a phone number"),
        (ACCOUNTS, {"phone": "arta"}, "phone is not a phone number"),
        (ACCOUNTS, {"password_hash": "Drita2026"}, "password_hash is neither argon2id nor bcrypt"),
        (
            ACCOUNTS,
            {"password_hash": ACCOUNT["password_hash"].replace("m=19456", "m=9000000")},
            "password_hash costs too much to check",
        ),
        (ACCOUNTS, {"customer_codes": "DPR 6687;6"}, "customer_code: '6' is not like DPR 6687"),
        (TARIFFS, {"vat": "8"}, "vat: 8 must be from 0 to 1"),
        (TARIFFS, {"tariff_group": "4-02"}, "tariff_group: '4-02' is not like 4/02"),
    ],
)
async def test_what_does_not_fit_is_named(
    storage: Storage, tmp_path: Path, file: File, change: dict[str, str], reason: str
) -> None:
    write_all(tmp_path)
    write(tmp_path, file, GOOD[file.name] | change)
    counts, bad = await imported(storage, tmp_path)
    assert counts[file.name].bad == 1
    assert [one for one in bad if one.startswith(f"{file.name}, line ") and reason in one]


async def test_one_spelling_of_codes_amounts_and_addresses_is_kept(storage: Storage, tmp_path: Path) -> None:
    write_all(
        tmp_path,
        connections={"customer_code": "dpr-006687", "balance": "-0.00"},
        invoices={"customer_code": "DPR6687"},
        accounts={
            "email": "Arta@EXAMPLE.com",
            "phone": "044 123 456",
            "customer_codes": "dpr6687; DPR 6687;",
        },
    )
    _counts, bad = await imported(storage, tmp_path)
    assert bad == []
    found = await content(storage)
    assert (found["connection"][0][0], found["connection"][0][5]) == ("DPR 6687", "0.00")
    assert found["invoice"][0][1] == "DPR 6687"
    assert found["account"][0][6:8] == ("arta@example.com", "+38344123456")
    assert [row[1] for row in found["account_meter"]] == ["DPR 6687"]


async def test_bad_rows_do_not_repeat_what_reaches_a_person(storage: Storage, tmp_path: Path) -> None:
    write_all(tmp_path)
    canaries = {
        "personal_number": "99887766",
        "email": "canary@",
        "phone": "7766554433",
        "password_hash": "canary",
    }
    for column, value in canaries.items():
        write(tmp_path, ACCOUNTS, ACCOUNT | {column: value})
        _counts, bad = await imported(storage, tmp_path)
        assert len(bad) == 1
        assert value not in bad[0]


async def test_thousands_of_rows_go_over_several_commits(storage: Storage, tmp_path: Path) -> None:
    rows = [CUSTOMER | {"personal_number": f"{n:010}"} for n in range(4100)]
    write(tmp_path, CUSTOMERS, *rows)
    counts, _bad = await imported(storage, tmp_path)
    assert counts["customers.csv"].added == 4100
    rows[7]["first_name"] = "Besa"
    write(tmp_path, CUSTOMERS, *rows)
    counts, _bad = await imported(storage, tmp_path)
    assert (counts["customers.csv"].changed, counts["customers.csv"].unchanged) == (1, 4099)
    assert len((await content(storage))["customer"]) == 4100
