from pathlib import Path

import pytest

from bot.services.rows import BadFile, BadRow, Row, read

COLUMNS = ("name", "share", "since")


def thing(row: Row) -> tuple[str, str, str]:
    return row.text("name"), str(row.number("share", most="1")), row.day("since").isoformat()


def load(path: Path, content: bytes) -> tuple[tuple[str, str, str], ...]:
    file = path / "things.csv"
    file.write_bytes(content)
    return read(file, COLUMNS, thing, key=lambda t: t[0])


def problems(path: Path, content: bytes) -> list[str]:
    with pytest.raises(BadFile) as caught:
        load(path, content)
    assert str(caught.value) == "\n".join(map(str, caught.value.rows))
    return [str(row) for row in caught.value.rows]


def test_rows_are_read_with_a_byte_order_mark_line_ends_of_windows_and_empty_lines(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfname,share,since\r\n\r\nDua, 0.5 ,2025-05-01\r\n"
    assert load(tmp_path, content) == (("Dua", "0.5", "2025-05-01"),)


def test_every_bad_row_is_named_with_its_line_and_reason(tmp_path: Path) -> None:
    content = """name,share,since
Ana,0.1,2025-05-01
,0.1,2025-05-01
Bora,"0,1",2025-05-01
Cena,NaN,2025-05-01
Dua,1.01,2025-05-01
Eda,0.1,1.5.2025
Ana,0.1,2025-05-01
Gent,0.1
"""
    assert problems(tmp_path, content.encode()) == [
        "things.csv, line 3: name is empty",
        "things.csv, line 4: share: '0,1' is not a number like 7.79",
        "things.csv, line 5: share: 'NaN' is not a number like 7.79",
        "things.csv, line 6: share: 1.01 must be from 0 to 1",
        "things.csv, line 7: since: '1.5.2025' is not a date like 2025-05-01",
        "things.csv, line 8: the same key as line 2",
        "things.csv, line 9: 2 fields where the header has 3",
    ]


def test_another_header_is_refused(tmp_path: Path) -> None:
    reason = "things.csv, line 1: the header must be name,share,since, not name,share"
    assert problems(tmp_path, b"name,share\nAna,0.1\n") == [reason]
    assert problems(tmp_path, b"") == ["things.csv, line 1: the header must be name,share,since, not "]


def test_another_encoding_is_refused_with_the_line_where_it_shows(tmp_path: Path) -> None:
    assert problems(tmp_path, b"name,share,since\nAna,0.1,2025-05-01\nBl\xebdi,1,2025-05-01\n") == [
        "things.csv, line 3: not UTF-8"
    ]


def test_a_quote_that_is_never_closed_is_named(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, b'name,share,since\n"Ana,0.1,2025-05-01\n')
    assert problem.startswith("things.csv, line 2: ")


def test_a_bad_row_is_a_value() -> None:
    assert BadRow("a.csv", 2, "x") == BadRow("a.csv", 2, "x")
