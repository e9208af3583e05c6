"""Reads a file of the export row by row; what is bad is a value in the stream, and the next row is read."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.services.register.files import File, texts
from bot.services.rows import BadRow, Row, Wrong


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row by column, every value in its one accepted form."""

    line: int
    values: Mapping[str, str]


def read(path: Path, file: File) -> Iterator[GoodRow | BadRow]:
    """Every row in order; empty lines are skipped.  After a wrong header nothing more is read.

    Holds one row at a time.  What rows say of each other is not looked at.
    """
    # Bytes that are no UTF-8 come through as what is refused below, so that the rows after them are read.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        header = next(_records(reader, file.name), [])
        if isinstance(header, BadRow):
            yield header
        elif tuple(header) != file.columns:
            reason = f"the header must be {','.join(file.columns)}, not {_shown(','.join(header))}"
            yield BadRow(file.name, 1, reason)
        else:
            for record in _records(reader, file.name):
                if record:
                    yield record if isinstance(record, BadRow) else _row(file, reader.line_num, record)


def _records(reader: Iterator[list[str]], name: str) -> Iterator[list[str] | BadRow]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(name, getattr(reader, "line_num", 0), str(error))


def _row(file: File, line: int, record: list[str]) -> GoodRow | BadRow:
    try:
        return GoodRow(line, texts(file, file.make(_fields(file, record))))
    except Wrong as wrong:
        return BadRow(file.name, line, str(wrong))


def _fields(file: File, record: list[str]) -> Row:
    if len(record) != len(file.columns):
        raise Wrong(f"{len(record)} fields where the header has {len(file.columns)}")
    try:
        "".join(record).encode()
    except UnicodeEncodeError:
        raise Wrong("not UTF-8") from None
    return Row(dict(zip(file.columns, record, strict=True)))


def _shown(text: str) -> str:
    return text.encode(errors="replace").decode()[:200]
