"""Statements on what was tried how often, under keys that name nobody."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE

GUARD = "throttle"


def get(key: str) -> Query:
    """`rev`, `state` and `until`, or no row."""
    return Query("select rev, state, until from throttle where key = :key", {"key": key})


def counting(now_ms: int, after: str, limit: int) -> Query:
    """`key` and `state` of what still counts, in the order of the keys after `after`."""
    return Query(
        "select key, state from throttle where until > :now and key > :after order by key limit :limit",
        {"now": now_ms, "after": after, "limit": limit},
    )


def put(key: str, rev: int, state: str, until_ms: int) -> Write:
    """Replace what was read at `rev`, 0 where there was no row.  Guard `throttle`: it has changed since."""
    if rev == 0:
        sql = "insert into throttle (key, rev, state, until) values (:key, 1, :state, :until)"
        return Write(sql, {"key": key, "state": state, "until": until_ms}, rows=1, guard=GUARD)
    return Write(
        "update throttle set rev = rev + 1, state = :state, until = :until where key = :key and rev = :rev",
        {"key": key, "rev": rev, "state": state, "until": until_ms},
        rows=1,
        guard=GUARD,
    )


def forget_old(before_ms: int) -> Write:
    """What has been of no use since then, a page of it; returns the keys that are gone."""
    # Asked twice, because a row that is found old may have been counted up before it is deleted.
    return Write(
        "delete from throttle where until < :before and key in"
        f" (select key from throttle where until < :before limit {PAGE}) returning key",
        {"before": before_ms},
    )
