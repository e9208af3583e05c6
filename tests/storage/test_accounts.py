"""Accounts, their meters and their chats, on every database: one of each thing, nothing of anybody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage import accounts
from storage.base import Conflict, Query, Storage, Write

ARTA: dict[str, Any] = {
    "account": "a1",
    "personal_number": "1234567892",
    "first_name": "Arta",
    "last_name": "Krasniqi",
    "email": "arta@example.com",
    "phone": "+38344123456",
    "password": "hash",
    "phone_proved_ms": 5,
    "email_proved_ms": None,
    "at_ms": 5,
}
BESA = {
    **ARTA,
    "account": "b1",
    "personal_number": "2000000006",
    "email": "besa@example.com",
    "phone": "+38349000222",
}


async def conflict(storage: Storage, *writes: Write) -> str:
    with pytest.raises(Conflict) as caught:
        await storage.commit(writes)
    return caught.value.guard


async def kept(storage: Storage, id: str = "a1") -> dict[str, Any]:
    (row,) = await storage.read(accounts.find("id", id))
    return dict(row)


async def chats_of(storage: Storage, account: str, since: int = 0) -> list[Any]:
    return [row["chat"] for row in await storage.read(accounts.chats(account, since))]


# -- accounts ------------------------------------------------------------------------------------------


async def test_an_account_is_found_by_all_that_names_it(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    for by, value in (
        ("id", "a1"),
        ("personal_number", "1234567892"),
        ("email", "arta@example.com"),
        ("phone", "+38344123456"),
    ):
        (row,) = await storage.read(accounts.find(by, value))
        assert row["id"] == "a1"
        assert list(await storage.read(accounts.find(by, "of nobody"))) == []


async def test_a_new_account_is_called_by_the_first_name_and_hears_everything(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA)])
    assert await kept(storage) == {
        "id": "a1",
        "rev": 1,
        "personal_number": "1234567892",
        "first_name": "Arta",
        "last_name": "Krasniqi",
        "display_name": "Arta",
        "email": "arta@example.com",
        "phone": "+38344123456",
        "password": "hash",
        "notices_off": "",
        "phone_proved_at": 5,
        "email_proved_at": None,
        "created_at": 5,
        "delete_at": None,
        "active_meter": "",
        "notices_to": "",
    }


@pytest.mark.parametrize("same", ["account", "personal_number", "email", "phone"])
async def test_a_person_an_address_and_a_number_have_one_account(storage: Storage, same: str) -> None:
    await storage.commit([accounts.add(**ARTA)])
    assert await conflict(storage, accounts.add(**{**BESA, same: ARTA[same]})) == "account"
    assert list(await storage.read(accounts.find("id", "b1"))) == []


async def test_of_many_at_once_one_account_is_opened(storage: Storage) -> None:
    rivals = [accounts.add(**{**ARTA, "account": f"r{n}"}) for n in range(5)]
    told = await asyncio.gather(*(storage.commit([add]) for add in rivals), return_exceptions=True)
    assert sorted(getattr(one, "guard", "") for one in told) == ["", *["account"] * 4]


def test_nobody_looks_for_an_account_by_a_column_of_their_own() -> None:
    with pytest.raises(AssertionError):
        accounts.find("password", "hash")
    with pytest.raises(AssertionError):
        accounts.change("a1", 1, personal_number="2")
    with pytest.raises(AssertionError):
        accounts.change("a1", 1, **{"rev = 1, id": "2"})


async def test_a_change_changes_what_it_names_and_nothing_else(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    before, other = await kept(storage), await kept(storage, "b1")
    changes: dict[str, Any] = {
        "display_name": "Artë",
        "email": "new@example.com",
        "phone": "+38344999999",
        "password": "new",
        "notices_off": "paid",
        "delete_at": 9,
        "phone_proved_at": 7,
        "email_proved_at": 8,
    }
    await storage.commit([accounts.change("a1", 1, **changes)])
    assert await kept(storage) == {**before, **changes, "rev": 2}
    assert await kept(storage, "b1") == other


async def test_a_change_counts_only_as_the_account_was_read(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA)])
    changes = [accounts.change("a1", 1, display_name=f"{n}") for n in range(4)]
    told = await asyncio.gather(*(storage.commit([one]) for one in changes), return_exceptions=True)
    assert sorted(getattr(one, "guard", "") for one in told) == ["", *["account"] * 3]
    assert await conflict(storage, accounts.change("a1", 1, display_name="late")) == "account"
    assert await conflict(storage, accounts.change("nobody", 1, display_name="x")) == "account"


async def test_a_change_of_one_turn_rests_on_the_one_before_it(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA)])
    await storage.commit(
        [accounts.change("a1", 1, display_name="Artë"), accounts.change("a1", 2, notices_off="paid")]
    )
    assert (await kept(storage))["rev"] == 3


@pytest.mark.parametrize("changes", [{"email": BESA["email"]}, {"phone": BESA["phone"]}])
async def test_a_change_takes_nothing_from_another_account(storage: Storage, changes: dict[str, Any]) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    assert await conflict(storage, accounts.change("a1", 1, **changes)) == "account"
    assert (await kept(storage))["rev"] == 1


async def test_what_was_proved_is_noted_without_disturbing_a_change(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    await storage.commit([accounts.proved("a1", "email", 8), accounts.proved("a1", "sms", 9)])
    account = await kept(storage)
    assert (account["email_proved_at"], account["phone_proved_at"], account["rev"]) == (8, 9, 1)
    assert (await kept(storage, "b1"))["email_proved_at"] is None


# -- erasing -------------------------------------------------------------------------------------------


async def test_accounts_are_due_from_their_moment_on_the_longest_waiting_first(storage: Storage) -> None:
    third = {**BESA, "account": "c1", "personal_number": "3", "email": "c@example.com", "phone": "3"}
    fourth = {**BESA, "account": "d1", "personal_number": "4", "email": "d@example.com", "phone": "4"}
    await storage.commit([accounts.add(**who) for who in (ARTA, BESA, third, fourth)])
    await storage.commit(
        [
            accounts.change("a1", 1, delete_at=20),
            accounts.change("b1", 1, delete_at=10),
            accounts.change("c1", 1, delete_at=30),
        ]
    )

    async def due(now: int, limit: int = 10) -> list[Any]:
        return [row["id"] for row in await storage.read(accounts.due_for_deletion(now, limit))]

    assert await due(9) == []
    assert await due(10) == ["b1"]
    assert await due(29) == ["b1", "a1"]
    assert await due(30, 2) == ["b1", "a1"]


async def test_an_account_is_erased_with_its_meters_and_chats_and_no_others(storage: Storage) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    for id in ("a1", "b1"):
        await storage.commit([accounts.add_meter(id, "DPR 1", "own", 5), accounts.link(f"web:{id}", id, 5)])
    await storage.commit([accounts.change("a1", 1, delete_at=10)])
    await storage.commit(accounts.erase("a1", 10))
    assert list(await storage.read(accounts.find("id", "a1"))) == []
    assert list(await storage.read(accounts.meters("a1"))) == []
    assert await chats_of(storage, "a1") == []
    assert len(await storage.read(accounts.meters("b1"))) == 1
    assert await chats_of(storage, "b1") == ["web:b1"]
    assert await conflict(storage, *accounts.erase("a1", 10)) == "account"


@pytest.mark.parametrize("leaves", [None, 11])
async def test_an_account_that_was_kept_after_all_is_not_erased(storage: Storage, leaves: int | None) -> None:
    await storage.commit([accounts.add(**ARTA), accounts.link("web:1", "a1", 5)])
    await storage.commit([accounts.change("a1", 1, delete_at=leaves)])
    assert await conflict(storage, *accounts.erase("a1", 10)) == "account"
    assert (await kept(storage))["id"] == "a1"
    assert await chats_of(storage, "a1") == ["web:1"]


# -- meters --------------------------------------------------------------------------------------------


async def test_meters_come_in_the_order_in_which_they_were_added(storage: Storage) -> None:
    await storage.commit(
        [
            accounts.add_meter("a1", "DPR 9", "own", 5),
            accounts.add_meter("a1", "DPR 1", "claimed", 6),
            accounts.add_meter("a1", "DPR 0", "own", 6),
            accounts.add_meter("b1", "DPR 9", "claimed", 1),
        ]
    )
    rows = await storage.read(accounts.meters("a1"))
    assert [(row["customer_code"], row["state"], row["name"], row["added_at"]) for row in rows] == [
        ("DPR 9", "own", "", 5),
        ("DPR 0", "own", "", 6),
        ("DPR 1", "claimed", "", 6),
    ]


async def test_a_meter_that_is_there_stays_as_it_is(storage: Storage) -> None:
    await storage.commit([accounts.add_meter("a1", "DPR 1", "own", 5)])
    await storage.commit([accounts.add_meter("a1", "DPR 1", "claimed", 9)])
    (row,) = await storage.read(accounts.meters("a1"))
    assert (row["state"], row["added_at"]) == ("own", 5)


# -- chats ---------------------------------------------------------------------------------------------


@pytest.fixture
async def linked(storage: Storage) -> Storage:
    """Arta in two chats, Besa in one."""
    await storage.commit([accounts.add(**ARTA), accounts.add(**BESA)])
    await storage.commit(
        [accounts.link("web:1", "a1", 5), accounts.link("web:2", "a1", 9), accounts.link("web:3", "b1", 7)]
    )
    return storage


async def here(storage: Storage, chat: str, since: int = 0) -> dict[str, Any] | None:
    rows = await storage.read(accounts.of_chat(chat, since))
    return dict(rows[0]) if rows else None


async def test_a_chat_belongs_to_an_account_as_long_as_it_is_used(linked: Storage) -> None:
    found = await here(linked, "web:1", 4)
    assert found is not None
    assert (found["id"], found["rev"], found["phone"]) == ("a1", 1, ARTA["phone"])
    assert (found["signed_in_at"], found["used_at"], found["proved_at"]) == (5, 5, 5)
    assert await here(linked, "web:1", 5) is None
    assert await here(linked, "web:4") is None


async def test_a_chat_whose_account_is_gone_belongs_to_nobody(linked: Storage) -> None:
    await linked.commit([Write("delete from account where id = 'a1'")])
    assert await here(linked, "web:1") is None


async def test_the_last_account_that_a_chat_signed_in_to_counts(linked: Storage) -> None:
    await linked.commit([accounts.link("web:1", "b1", 20)])
    found = await here(linked, "web:1")
    assert found is not None
    assert (found["id"], found["signed_in_at"], found["used_at"], found["proved_at"]) == ("b1", 20, 20, 20)
    assert await chats_of(linked, "a1") == ["web:2"]


async def test_to_use_a_chat_and_to_prove_it_once_more_are_noted_apart(linked: Storage) -> None:
    await linked.commit([accounts.used("web:1", 30)])
    found = await here(linked, "web:1")
    assert found is not None
    assert (found["signed_in_at"], found["used_at"], found["proved_at"]) == (5, 30, 5)
    await linked.commit([accounts.proved_again("web:1", 40)])
    found = await here(linked, "web:1")
    assert found is not None
    assert (found["signed_in_at"], found["used_at"], found["proved_at"]) == (5, 40, 40)
    assert (await here(linked, "web:2") or {})["used_at"] == 9


async def test_a_chat_that_was_left_is_still_known_as_one_that_never_signed_out(linked: Storage) -> None:
    assert await here(linked, "web:1", 10**9) is None
    assert [row["account"] for row in await linked.read(accounts.linked("web:1"))] == ["a1"]
    await linked.commit([accounts.sign_out("a1", "web:1")])
    assert list(await linked.read(accounts.linked("web:1"))) == []


async def test_chats_come_the_one_last_used_first_without_those_that_were_left(linked: Storage) -> None:
    assert await chats_of(linked, "a1") == ["web:2", "web:1"]
    assert await chats_of(linked, "a1", 5) == ["web:2"]
    await linked.commit([accounts.link("web:0", "a1", 9)])
    assert await chats_of(linked, "a1") == ["web:0", "web:2", "web:1"]


async def test_a_chat_is_signed_out_of_its_own_account_alone(linked: Storage) -> None:
    await linked.commit([accounts.sign_out("b1", "web:1")])
    assert await chats_of(linked, "a1") == ["web:2", "web:1"]
    await linked.commit([accounts.sign_out("a1", "web:1")])
    assert await chats_of(linked, "a1") == ["web:2"]


async def test_all_chats_are_signed_out_or_all_but_one(linked: Storage) -> None:
    await linked.commit(accounts.sign_out_all("a1", but="web:1"))
    assert await chats_of(linked, "a1") == ["web:1"]
    await linked.commit(accounts.sign_out_all("a1"))
    assert await chats_of(linked, "a1") == []
    assert await chats_of(linked, "b1") == ["web:3"]


async def test_what_does_not_hold_takes_everything_beside_it_back(linked: Storage) -> None:
    assert await conflict(linked, *accounts.sign_out_all("a1"), accounts.change("a1", 7, password="x")) == (
        "account"
    )
    assert await chats_of(linked, "a1") == ["web:2", "web:1"]


async def test_names_that_look_like_statements_are_names(storage: Storage) -> None:
    await storage.commit([accounts.add(**{**ARTA, "first_name": "x'); delete from account; --"})])
    assert (await kept(storage))["first_name"] == "x'); delete from account; --"
    rows = await storage.read(Query("select id from account"))
    assert len(rows) == 1
