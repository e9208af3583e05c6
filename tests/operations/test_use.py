"""Every use is kept, found or not; nothing of a customer's is shown unless it is asked for with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage.alone import alone
from tests.operations.conftest import WHO, Operator
from tests.operations.test_dead import meets_an_error
from tests.operations.test_payments import pays_another_amount
from tests.security.test_canaries import leaks
from tests.talk.customer import ARTA, Customer
from tests.talk.people import refused
from tests.talk.test_claims import GEZIM, claims_it
from tests.talk.world import World

#: Whatever would tell who it is.  Customer codes may be shown.
CANARIES = [
    *(ARTA[name] for name in ("number", "first_name", "last_name", "email", "phone")),
    *(GEZIM[name] for name in ("number", "first_name", "last_name", "email", "phone")),
    *("Gëzim", "38344123456", "38344555666", "123 456", "555 666"),
]
LISTS = ("payments", "dead", "locks", "claims", "log")


async def kept(world: World) -> list[tuple[object, ...]]:
    rows = await world.rows("select command, subject, personal, outcome, note from operator_log order by id")
    return [(r["command"], r["subject"], bool(r["personal"]), r["outcome"], r["note"]) for r in rows]


async def everything_goes_wrong(customer: Customer) -> Customer:
    """A payment that does not fit, a claim, a letter that died, an error, and a chat that is locked."""
    world = customer.world
    await pays_another_amount(customer)
    other = Customer(world, "2")
    await other.registers("en", **GEZIM)
    await claims_it(other)
    third = Customer(world, "3")
    world.post.unknown.add(ARTA["email"])
    await third.signs_in(ARTA["email"], language="en")
    fourth = Customer(world, "4")
    await fourth.names_account(ARTA["phone"], "en")
    for _ in range(5):
        await refused(fourth, password="Gabim123")
    await meets_an_error(Customer(world, "5"))
    world.set_aside, world.given_up = 1, 1
    return third


async def test_what_is_shown_names_nobody_and_with_a_reason_it_does(
    customer: Customer, operator: Operator
) -> None:
    third = await everything_goes_wrong(customer)
    (trouble,) = await operator.ids("payments")
    commands = [
        *((name,) for name in LISTS),
        *(("claims", "--meter", ARTA["code"]), ("payments", "show", trouble), ("chat", third.chat)),
    ]
    for words in commands:
        for more in ((), ("--json",)):
            result = await operator.does(*words, *more)
            assert "Nothing waits" not in result.stdout
            assert leaks(result.output, [], CANARIES) == [], words
    why = ("--show-personal", "--reason", "the customer is on the phone")
    shown = {words: await operator.does(*words, *why) for words in commands if words[0] != "log"}
    for words, result in shown.items():
        assert leaks(result.stdout, [], CANARIES), words
        assert leaks(result.stderr, [], CANARIES) == [], words
    assert ARTA["email"] in shown[("dead",)].stdout
    assert f"{ARTA['first_name']} {ARTA['last_name']}" in shown[("payments",)].stdout
    assert "+38344123456" in shown[("locks",)].stdout
    personal = [row for row in await kept(customer.world) if row[2]]
    assert len(personal) == len(shown)
    assert {row[4] for row in personal} == {"the customer is on the phone"}


async def test_without_a_reason_nothing_more_is_shown(world: World, operator: Operator) -> None:
    for words in ((), ("--reason", " ")):
        for name in ("payments", "dead", "locks", "claims"):
            result = await operator.does(name, "--show-personal", *words, code=2)
            assert "--reason" in result.output
            assert not result.stdout
    await operator.does("chat", "edits:1", "--show-personal", code=2)
    assert await kept(world) == []


async def test_a_use_that_finds_nothing_is_kept_too(world: World, operator: Operator) -> None:
    for name in LISTS:
        assert "waits for a hand" in await operator.reads(name) or name == "log"
    await operator.does("chat", "ABCDEF", code=1)
    await operator.does("dead", "retry", "out-7", "--note", "why not", code=1)
    assert await kept(world) == [
        *((name, "", False, "shown" if name == "log" else "nothing", "") for name in LISTS),
        ("chat", "ABCDEF", False, "unknown", ""),
        ("dead retry", "out-7", False, "unknown", "why not"),
    ]


async def test_what_somebody_types_instead_of_an_id_is_not_kept(world: World, operator: Operator) -> None:
    for typed in (ARTA["number"], ARTA["email"], "+38344123456"):
        result = await operator.does("locks", "unlock", typed, code=1)
        line = next(line for line in result.stderr.splitlines() if "operator: who=" in line)
        assert leaks(line, [], CANARIES) == []
    assert {row[1] for row in await kept(world)} == {"•••"}


async def test_each_use_is_a_line_in_the_log_of_the_program(world: World, operator: Operator) -> None:
    result = await operator.does("claims", "--meter", ARTA["code"])
    (line,) = (line for line in result.stderr.splitlines() if "operator: who=" in line)
    assert f"who={WHO} command=claims subject=DPR 6687 personal=no outcome=nothing" in line


async def test_the_log_lists_who_did_what_newest_first(world: World, operator: Operator) -> None:
    await operator.does("dead")
    await operator.does("locks", "unlock", "telegram:42", "--note", "they called", code=1)
    rows = json.loads(await operator.reads("log", "--json"))["rows"]
    assert [(row["command"], row["operator"]) for row in rows] == [("locks unlock", WHO), ("dead", WHO)]
    assert (rows[0]["subject"], rows[0]["note"]) == ("telegram:42", "they called")
    assert "One use is kept" not in await operator.reads("log")


async def test_the_program_that_has_the_database_to_itself_is_not_in_the_way(
    world: World, operator: Operator
) -> None:
    async with alone(world.url, 0):
        assert "Nothing waits for a hand" in await operator.reads("dead")


async def test_what_stands_before_a_verb_is_not_lost_in_silence(world: World, operator: Operator) -> None:
    result = await operator.does("dead", "--json", "drop", "out-1", code=2)
    assert "write --json after drop" in result.output
    assert await kept(world) == []


def test_where_there_is_no_database_nothing_is_made_and_nothing_called_well(
    tmp_path: Path, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EKESCO_DATABASE_URL", "sqlite:///var/other.db")
    result = CliRunner().invoke(app, ["ops", "dead"])
    assert result.exit_code == 1
    assert "there is no database at sqlite:///var/other.db" in result.stderr
    assert not result.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_not_set_is_asked_for(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EKESCO_SECRET_KEY")
    result = CliRunner().invoke(app, ["ops", "locks"])
    assert result.exit_code == 1
    assert result.stderr.startswith("ekesco: EKESCO_SECRET_KEY is not set")
