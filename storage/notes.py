"""Statements on small facts of a process that outlive it, such as how far polling has come."""

from __future__ import annotations

from storage.base import Query, Write


def get(key: str) -> Query:
    """`value`, or no row."""
    return Query("select value from note where key = :key", {"key": key})


def put(key: str, value: str) -> Write:
    return Write(
        "insert into note (key, value) values (:key, :value)"
        " on conflict (key) do update set value = excluded.value",
        {"key": key, "value": value},
    )
