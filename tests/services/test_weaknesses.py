from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import weaknesses as module
from bot.services.weaknesses import PATTERNS, Weakness, weaknesses

ABOUT = ("Arta", "Krasniqi-Đorđević", "arta.lumi88@example.com", "+38344765432", "1759302841")
LIST = Path(module.__file__).parent / "data" / "common_passwords.txt"


def weak(password: str) -> set[str]:
    return {weakness.name for weakness in weaknesses(password, ABOUT)}


@pytest.mark.parametrize(
    "password",
    [
        "korrekt-Pferd7-lume",
        "Tr0ub4dor&3x",
        " 7 mace na Krovu ",
        "Дунав тече 7 пута",
        "3 Ëndrra të bukura",
        "x7Qp!m2z",
        "7" + "Lumbardhi e bardhë rrjedh " * 4,
        "A7" + "bcdefg" * 21,
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    assert weak(password) == set()


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("x7Qp!m2", {"TOO_SHORT"}),
        ("", {"TOO_SHORT", "NO_DIGIT", "NO_CAPITAL", "COMMON"}),
        ("A7" + "bcdefgh" * 18 + "i", {"TOO_LONG"}),
        ("mQvtw!xzr", {"NO_DIGIT"}),
        ("mqvtw!7zr", {"NO_CAPITAL"}),
        ("mqvtwxzr", {"NO_DIGIT", "NO_CAPITAL"}),
    ],
)
def test_the_rules_of_the_app_hold(password: str, found: set[str]) -> None:
    assert weak(password) == found


def test_what_looks_long_is_counted_as_it_is_kept() -> None:
    assert weak("S\u030cz7q\u030cwm") == {"TOO_SHORT"}
    assert weak("Šz7qwmčv") == set()
    assert weak("S\u030cz7qwmc\u030cv") == set()


@pytest.mark.parametrize("capital", ["Š", "Ë", "Ж", "Ђ", "Ω", "Z"])
def test_a_capital_letter_is_one_in_any_script(capital: str) -> None:
    assert weak(f"mqvtw!7zr{capital}") == set()
    assert re.search(PATTERNS[Weakness.NO_CAPITAL], capital)


@pytest.mark.parametrize(
    "password",
    [
        "Password1",
        "PASSWORD1",
        "Passw0rd",
        "P@ssw0rd2024",
        "Qwertz123",
        "1q2w3e4R",
        "Abc12345",
        "Prishtina1",
        "Kosova2008!",
        "Shqipëria1",
        "Zemra1234",
        "Fjalëkalimi1",
        "Beograd011",
        "Београд1",
        "Srbija1389",
        "Lozinka123",
        "Ljubav!!1",
        "Милица2001",
        "2024Jovana!",
        "Nikola123456",
        "Shpirt12345678",
        "Aa111111",
        "Đakovica99",
        "Djakovica99",
        "We1come1",
    ],
)
def test_what_everybody_takes_is_refused(password: str) -> None:
    assert weak(password) == {"COMMON"}


@pytest.mark.parametrize("password", ["Prishtina-deti7", "Qwertz na mesecu 3", "Kosova84712953"])
def test_a_common_word_with_much_around_it_is_not_common(password: str) -> None:
    assert weak(password) == set()


@pytest.mark.parametrize(
    "password",
    [
        "xxKrasniqi7#",
        "KRASNIQI-77-zz",
        "Kr4sn1q1-zz9",
        "zzKraşnıqı7",
        "7zDjordjević!",
        "7zЂорђевић!",
        "7zDordevic!",
        "Vera-Lumi-7q",
        "qAarta71x",
        "Xz44765432q",
        "Xz44-76-54-32q",
        "Q765432zmwp",
        "Zm593028wq",
        "Zmx-593-028-q",
    ],
)
def test_what_is_known_of_the_owner_is_refused(password: str) -> None:
    assert weak(password) >= {"PERSONAL"}


@pytest.mark.parametrize("password", ["Exampler7-com", "Tri88mace-lete", "Zm+383mwq-v"])
def test_what_says_little_of_the_owner_is_taken(password: str) -> None:
    assert weak(password) == set()


def test_nothing_is_personal_of_somebody_unknown() -> None:
    assert weaknesses("xxKrasniqi7#", ("", "Al", "@example.com")) == ()


@pytest.mark.parametrize("password", ["xKESCO-12ab", "mojKeskoRačun7", "КЕСКО zauvek 7", "myK3sc0bill"])
def test_the_name_of_the_company_is_refused(password: str) -> None:
    assert weak(password) == {"KESCO"}


def test_all_that_is_wrong_is_told_in_one_order() -> None:
    told = weaknesses("kesco", ("kesco",))
    assert told == (
        Weakness.TOO_SHORT,
        Weakness.NO_DIGIT,
        Weakness.NO_CAPITAL,
        Weakness.PERSONAL,
        Weakness.KESCO,
    )


def test_the_list_has_3000_different_entries_in_the_spelling_that_is_compared() -> None:
    entries = LIST.read_text(encoding="utf-8").split()
    assert len(entries) == len(set(entries)) == 3000
    assert all(re.fullmatch("[a-z0-9@]+", entry) for entry in entries)


@given(
    st.sampled_from(LIST.read_text(encoding="utf-8").split()), st.sampled_from(["1", "7!", "2024", "!2024"])
)
def test_no_common_password_is_saved_by_a_capital_a_year_or_a_mark(entry: str, tail: str) -> None:
    if re.search("[a-z]", entry):
        assert Weakness.COMMON in weaknesses(entry.capitalize() + tail, ())
    assert Weakness.COMMON in weaknesses(entry.upper(), ())


@given(st.text(max_size=140))
def test_a_text_is_judged_whatever_it_is(password: str) -> None:
    found = weaknesses(password, ABOUT)
    assert len(found) == len(set(found))


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=12))
def test_what_the_page_ticks_off_is_what_is_checked(password: str) -> None:
    password = unicodedata.normalize("NFKC", password)
    found = weaknesses(password, ())
    for weakness, pattern in PATTERNS.items():
        assert (weakness in found) is not bool(re.search(pattern, password))


NODE = shutil.which("node")
#: For each sample whether the pattern is found in it, as the page's module looks.
FIND = """
const [pattern, ...samples] = process.argv.slice(1);
console.log(samples.map((typed) => Number(new RegExp(pattern, "u").test(typed))).join(""));
"""


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_a_browser_reads_the_patterns_alike() -> None:
    assert NODE is not None
    samples = ["", "aaaaaaa", "aaaaaaaa", "👍👍👍👍", "👍" * 8, "A", "Ë", "Ђ", "ë", "7", "٧", "Ω"]
    for pattern in PATTERNS.values():
        command = [NODE, "-e", FIND, "--", pattern, *samples]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        assert told == "".join(str(int(bool(re.search(pattern, sample)))) for sample in samples)
