"""Statements on what operators did: every use of `ekesco ops`, one row each."""

from __future__ import annotations

from storage.base import Query, Write


def add(
    *, at_ms: int, operator: str, command: str, subject: str, personal: bool, note: str, outcome: str
) -> Write:
    """`personal`: whether data of customers was shown; `note`: why, in the operator's own words."""
    return Write(
        "insert into operator_log (at, operator, command, subject, personal, note, outcome)"
        " values (:at, :operator, :command, :subject, :personal, :note, :outcome)",
        {
            "at": at_ms,
            "operator": operator,
            "command": command,
            "subject": subject,
            "personal": personal,
            "note": note,
            "outcome": outcome,
        },
    )


def newest(limit: int) -> Query:
    return Query(
        "select id, at, operator, command, subject, personal, note, outcome from operator_log"
        " order by id desc limit :limit",
        {"limit": limit},
    )


def count() -> Query:
    return Query("select count(*) as n from operator_log")
