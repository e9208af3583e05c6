"""Statements on claims: begun once, decided by whoever knows how they stand, told once."""

from __future__ import annotations

import pytest

from storage import accounts, claims
from storage.base import Conflict, Row, Storage, Write

CODE = "DPR 1"
HOLDER, WHO = "1234567892", "3425437231"


def account(id: str, number: str, first: str, last: str) -> Write:
    return accounts.add(
        account=id,
        personal_number=number,
        first_name=first,
        last_name=last,
        email=f"{id}@example.com",
        phone=f"+3834400000{id[-1]}",
        password="",
        phone_proved_ms=None,
        email_proved_ms=None,
        at_ms=1,
    )


@pytest.fixture
async def claimed(storage: Storage) -> Storage:
    """A claim until 100 by somebody who has an account; its holder has none."""
    await storage.commit([account("a1", WHO, "Gëzim", "Hoxha"), begun()])
    return storage


def begun(rev: int = 0, state: str = "asked") -> Write:
    return claims.begin("a1", CODE, HOLDER, state, 100, 5, rev)


async def found(storage: Storage) -> Row:
    (row,) = await storage.read(claims.find("a1", CODE))
    return row


async def test_a_claim_is_known_with_the_name_of_who_claims(claimed: Storage) -> None:
    assert dict(await found(claimed)) == {
        "rev": 1,
        "state": "asked",
        "holder": HOLDER,
        "until": 100,
        "first_name": "Gëzim",
        "last_name": "Hoxha",
    }


async def test_it_is_begun_anew_only_by_who_knows_how_it_stands(claimed: Storage) -> None:
    for rev in (0, 2):
        with pytest.raises(Conflict, match="claim"):
            await claimed.commit([begun(rev)])
    await claimed.commit([claims.remind("a1", CODE, 1, 9), begun(1, "claimed")])
    assert ((await found(claimed))["rev"], (await found(claimed))["state"]) == (2, "claimed")
    await claimed.commit([claims.remind("a1", CODE, 2, 9)])


async def test_a_meter_of_one_s_own_is_no_claim_and_becomes_none(claimed: Storage) -> None:
    await claimed.commit([accounts.own_meter("a1", CODE)])
    assert list(await claimed.read(claims.find("a1", CODE))) == []
    with pytest.raises(Conflict, match="claim"):
        await claimed.commit([begun(2)])


@pytest.mark.parametrize(
    "late", [claims.decide("a1", CODE, 1, "agreed", None, "agreed"), claims.leave("a1", CODE, 1)]
)
async def test_what_was_decided_is_not_decided_or_left_by_who_does_not_know(
    claimed: Storage, late: Write
) -> None:
    await claimed.commit([claims.decide("a1", CODE, 1, "refused", 200, "refused")])
    with pytest.raises(Conflict, match="claim"):
        await claimed.commit([late])
    assert (await found(claimed))["state"] == "refused"


async def test_who_left_has_no_claim(claimed: Storage) -> None:
    await claimed.commit([claims.leave("a1", CODE, 1)])
    assert list(await claimed.read(claims.find("a1", CODE))) == []


async def test_a_holder_is_told_once_there_is_an_account(claimed: Storage) -> None:
    assert list(await claimed.read(claims.untold(9))) == []
    await claimed.commit([account("b2", HOLDER, "Arta", "Krasniqi")])
    (row,) = await claimed.read(claims.untold(9))
    assert (row["told"], row["tell"], row["first_name"]) == ("b2", "claim", "Gëzim")
    await claimed.commit([claims.told("a1", CODE, 1, "claim")])
    assert list(await claimed.read(claims.untold(9))) == []
    with pytest.raises(Conflict, match="claim"):
        await claimed.commit([claims.told("a1", CODE, 1, "claim")])


async def test_who_claims_is_told_what_became_of_it(claimed: Storage) -> None:
    await claimed.commit([claims.decide("a1", CODE, 1, "agreed", None, "agreed")])
    (row,) = await claimed.read(claims.untold(9))
    assert (row["told"], row["tell"], row["until"]) == ("a1", "agreed", None)


async def test_what_waits_is_reminded_of_once_and_ends(claimed: Storage) -> None:
    await claimed.commit([claims.told("a1", CODE, 1, "claim")])
    assert list(await claimed.read(claims.waiting(99, 9, reminded=False))) == []
    assert len(await claimed.read(claims.waiting(100, 9, reminded=False))) == 1
    await claimed.commit([claims.remind("a1", CODE, 1, 50)])
    with pytest.raises(Conflict, match="claim"):
        await claimed.commit([claims.remind("a1", CODE, 1, 51)])
    await claimed.commit([claims.told("a1", CODE, 1, "reminder")])
    assert list(await claimed.read(claims.waiting(100, 9, reminded=False))) == []
    assert len(await claimed.read(claims.waiting(100, 9, reminded=True))) == 1


async def test_nobody_is_reminded_of_what_they_were_not_told(claimed: Storage) -> None:
    assert list(await claimed.read(claims.waiting(100, 9, reminded=False))) == []
