"""The demo's register is what it is made of, and everybody a visitor may be is in it."""

from __future__ import annotations

import filecmp
from datetime import date
from pathlib import Path

from bot.demo_register import demo_people, load_demo
from bot.gateways.registry.local import LocalRegistry
from bot.seeding.picked import EXPIRED_ID, FOLDER, SERBIAN, TWO_METERS, UNPAID, WITH_ACCOUNT, write
from bot.services.identity import doubtful
from bot.services.register.files import CUSTOMERS
from storage.base import Storage
from tests.registry.exports import CUSTOMER as STRANGER
from tests.registry.exports import VAULT, content, imported
from tests.registry.exports import write as write_file


def test_what_is_shipped_is_what_it_is_made_of(tmp_path: Path) -> None:
    write(tmp_path)
    names = sorted(path.name for path in FOLDER.glob("*.csv"))
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert filecmp.cmpfiles(tmp_path, FOLDER, names, shallow=False)[0] == names


async def test_an_empty_register_is_filled_once(storage: Storage) -> None:
    assert await load_demo(storage, VAULT)
    before = await content(storage)
    assert len(before["customer"]) == 12
    assert not await load_demo(storage, VAULT)
    assert await content(storage) == before


async def test_a_register_that_somebody_imported_is_left_alone(storage: Storage, tmp_path: Path) -> None:
    write_file(tmp_path, CUSTOMERS, STRANGER)
    await imported(storage, tmp_path)
    before = await content(storage)
    assert not await load_demo(storage, VAULT)
    assert await content(storage) == before


async def test_everybody_on_the_card_is_in_the_register(storage: Storage) -> None:
    await load_demo(storage, VAULT)
    registry = LocalRegistry(storage)
    assert len({one.hint.msgid for one in demo_people()}) == 6
    for one in demo_people():
        person, place = (
            await registry.person(one.personal_number),
            await registry.connection(one.customer_code),
        )
        assert person is not None
        assert place is not None
        assert (person.first_name, person.last_name) == (one.first_name, one.last_name)
        assert place.personal_number == one.personal_number
        assert not doubtful(one.personal_number)
        assert (await registry.invoices(one.customer_code))[0].period == "2026-10"


async def test_each_is_as_their_hint_says(storage: Storage) -> None:
    await load_demo(storage, VAULT)
    registry = LocalRegistry(storage)
    assert "Đ" in SERBIAN.person.first_name
    assert len(await registry.connections(TWO_METERS.person.personal_number)) == 2
    bills = await registry.invoices(UNPAID.lives[0][0].customer_code, most=14)
    assert [bool(one.paid) for one in bills] == [False] * 5 + [True] * 9
    expired = await registry.person(EXPIRED_ID.person.personal_number)
    assert expired is not None
    assert expired.id_valid_until < date(2026, 11, 1)
    accounts = (await content(storage, "account"))["account"]
    assert WITH_ACCOUNT.person.personal_number in {row[2] for row in accounts}
