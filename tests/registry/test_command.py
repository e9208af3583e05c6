"""`ekesco import` and `ekesco seed` as an operator meets them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.importing.run import Count
from bot.importing.screen import SHOWN, Screen, summary
from bot.services.register.files import CUSTOMERS
from bot.services.rows import BadRow
from tests.registry.exports import CUSTOMER, write


def ekesco(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place to work in, without a database and without a secret key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EKESCO_DATABASE_URL", f"sqlite:///{tmp_path}/var/ekesco.db")
    monkeypatch.delenv("EKESCO_SECRET_KEY", raising=False)
    return tmp_path


def figures(output: str, file: str) -> list[int]:
    (line,) = (line for line in output.splitlines() if line.startswith(file))
    return [int(figure.replace(",", "")) for figure in re.findall(r"[\d,]+", line.removeprefix(file))]


def test_what_was_seeded_is_imported_and_then_is_there(database: Path) -> None:
    seeded = ekesco("seed", "--customers", "30", "--seed", "1", "--until", "2026-10", "export")
    assert (seeded.exit_code, seeded.output) == (
        0,
        "30 invented customers with bills up to 2026-10 are in export\n",
    )
    first, second = ekesco("import", "export"), ekesco("import", "export")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert figures(first.output, "customers.csv") == [30, 30, 0, 0, 0]
    assert figures(second.output, "customers.csv") == [30, 0, 0, 30, 0]


def test_bad_rows_are_named_and_end_with_one(database: Path) -> None:
    write(database / "export", CUSTOMERS, CUSTOMER, CUSTOMER | {"personal_number": "7"})
    strict = ekesco("import", "export")
    assert strict.exit_code == 1
    assert "customers.csv, line 3: personal_number is not 10 digits\n" in strict.output
    assert figures(strict.stdout, "customers.csv") == [2, 0, 0, 0, 1]
    assert "nothing taken" in strict.stdout
    lenient = ekesco("import", "--keep-going", "export")
    assert lenient.exit_code == 1
    assert figures(lenient.stdout, "customers.csv") == [2, 1, 0, 0, 1]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_folder_without_files_is_said_in_a_sentence(database: Path, folder: str) -> None:
    result = ekesco("import", folder)
    assert result.exit_code == 1
    assert "has none of tariffs.csv, customers.csv" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("options", [("--customers", "0"), ("--until", "soon"), ("--until", "1999-01")])
def test_a_seed_that_cannot_be_is_said_in_a_sentence(database: Path, options: tuple[str, ...]) -> None:
    result = ekesco("seed", *options, "export")
    assert result.exit_code == 1
    assert result.output.startswith("ekesco: ")


def test_a_file_that_is_all_wrong_does_not_fill_the_screen() -> None:
    console = Console(record=True, width=60, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file, Screen(console) as screen:
        for line in range(5000):
            screen.bad(BadRow("invoices.csv", line, "total: [30.43] is not net + vat, 30.42, by a cent"))
        screen.bad(BadRow("customers.csv", 2, "not UTF-8"))
    lines = console.export_text().splitlines()
    assert len(lines) == SHOWN + 2
    assert lines[0] == "invoices.csv, line 0: total: [30.43] is not net + vat, 30.42, by a cent"
    assert lines[-1] == "customers.csv, line 2: not UTF-8"


def test_the_summary_has_a_line_for_each_file() -> None:
    counts = [Count("customers.csv", 20000, 7, 3, 19990), Count("accounts.csv", 5, bad=2, taken=False)]
    header, *lines = summary(counts).splitlines()
    assert header.split() == ["read", "added", "changed", "unchanged", "bad"]
    assert figures(lines[0], "customers.csv") == [20000, 7, 3, 19990, 0]
    assert lines[1].endswith("2  nothing taken")
