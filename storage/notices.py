"""Statements on notices: what accounts are to be told, each once."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE


def billed(since: str, limit: int, after: str = "") -> Query:
    """Bills that were issued or fell due since that day (ISO), of linked meters still in the customer's name.

    They come in the order of number and account, those after `after`.
    """
    return Query(
        "select account_meter.account, account_meter.added_at, invoice.number, invoice.customer_code,"
        " invoice.issued_on, invoice.due_on, invoice.total, invoice.paid"
        " from account_meter join invoice on invoice.customer_code = account_meter.customer_code"
        " join connection on connection.customer_code = account_meter.customer_code"
        " join account on account.id = account_meter.account"
        " and account.personal_number = connection.personal_number"
        " where account_meter.state = 'own' and (invoice.issued_on >= :since or invoice.due_on >= :since)"
        " and invoice.number || ' ' || account_meter.account > :after"
        " order by invoice.number || ' ' || account_meter.account limit :limit",
        {"since": since, "limit": limit, "after": after},
    )


def add(key: str, account: str, kind: str, customer_code: str, invoice: str, at_ms: int) -> Write:
    """Tell it, unless it was told or is to be told already."""
    return Write(
        "insert into notice (key, account, kind, customer_code, invoice, state, created_at)"
        " values (:key, :account, :kind, :code, :invoice, 'waiting', :at) on conflict (key) do nothing",
        {
            "key": key,
            "account": account,
            "kind": kind,
            "code": customer_code,
            "invoice": invoice,
            "at": at_ms,
        },
    )


def waiting(limit: int) -> Query:
    return Query(
        "select key, account, kind, customer_code, invoice from notice where state = 'waiting'"
        " order by created_at, key limit :limit",
        {"limit": limit},
    )


def settle(key: str, state: str) -> Write:
    """Guard `notice`: somebody else has settled it."""
    return Write(
        "update notice set state = :state where key = :key and state = 'waiting'",
        {"key": key, "state": state},
        rows=1,
        guard="notice",
    )


def forget_of(account: str) -> Write:
    return Write("delete from notice where account = :account", {"account": account})


def forget_old(before_ms: int) -> Write:
    """What was settled so long ago that it cannot come again; returns the keys that are gone."""
    return Write(
        "delete from notice where key in (select key from notice where state <> 'waiting'"
        f" and created_at < :before limit {PAGE}) returning key",
        {"before": before_ms},
    )
