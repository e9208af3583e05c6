"""CSV files with a header, read strictly: each bad row is named by file, line and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class Wrong(ValueError):
    """A value that does not fit; its text is the reason, for the person who made the file."""


@dataclass(frozen=True, slots=True)
class BadRow:
    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


class BadFile(Exception):
    """Nothing of the file is taken; `rows` are all its problems, in the order of the lines."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__("\n".join(map(str, rows)))
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True)
class Row:
    """One line by column; every reader raises `Wrong` with a reason."""

    values: Mapping[str, str]

    def text(self, column: str) -> str:
        value = self.values[column].strip()
        if not value:
            raise Wrong(f"{column} is empty")
        return value

    def number(self, column: str, least: str = "0", most: str = "Infinity") -> Decimal:
        return number(self.text(column), column, least, most)

    def whole(self, column: str, least: str = "0", most: str = "Infinity") -> int:
        value = self.number(column, least, most)
        if value != value.to_integral_value():
            raise Wrong(f"{column}: {value} is not a whole number")
        return int(value)

    def day(self, column: str) -> date:
        value = self.text(column)
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Wrong(f"{column}: '{value}' is not a date like 2025-05-01") from None


def number(text: str, name: str, least: str = "0", most: str = "Infinity") -> Decimal:
    """A decimal number with a point, between `least` and `most`."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Wrong(f"{name}: '{text}' is not a number like 7.79") from None
    if not value.is_finite():
        raise Wrong(f"{name}: '{text}' is not a number like 7.79")
    if not Decimal(least) <= value <= Decimal(most):
        limit = f"at least {least}" if most == "Infinity" else f"from {least} to {most}"
        raise Wrong(f"{name}: {text} must be {limit}")
    return value


def read(
    path: Path, columns: Sequence[str], make: Callable[[Row], T], key: Callable[[T], object]
) -> tuple[T, ...]:
    """What `make` makes of every row; empty lines are skipped.

    Raises `BadFile` with all problems: not UTF-8, a wrong header, a wrong number of fields, a `Wrong`
    value, or a `key` that an earlier row has.
    """
    taken: list[T] = []
    bad: list[BadRow] = []
    seen: dict[object, int] = {}
    for line, fields in _lines(path, columns):
        try:
            thing = make(_row(columns, fields))
            first = seen.setdefault(key(thing), line)
            if first != line:
                raise Wrong(f"the same key as line {first}")
            taken.append(thing)
        except Wrong as wrong:
            bad.append(BadRow(path.name, line, str(wrong)))
    if bad:
        raise BadFile(bad)
    return tuple(taken)


def _row(columns: Sequence[str], fields: Sequence[str]) -> Row:
    if len(fields) != len(columns):
        raise Wrong(f"{len(fields)} fields where the header has {len(columns)}")
    return Row(dict(zip(columns, fields, strict=True)))


def _lines(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        if (header := next(reader, [])) != list(columns):
            reason = f"the header must be {','.join(columns)}, not {','.join(header)}"
            raise BadFile([BadRow(path.name, 1, reason)])
        for fields in reader:
            if fields:
                yield reader.line_num, fields
    except csv.Error as error:
        raise BadFile([BadRow(path.name, reader.line_num, str(error))]) from None


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFile([BadRow(path.name, line, "not UTF-8")]) from None
