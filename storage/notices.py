"""Statements on notices: what accounts are to be told, each once."""

from __future__ import annotations

from storage.base import Query, Write
from storage.old import PAGE

#: Besides the account's own, the personal number in whose name a linked meter may be for it to see all.
_HOLDER = (
    "case when account_meter.state = 'agreed'"
    " or (account_meter.state = 'claimed' and account_meter.until <= :now)"
    " then account_meter.holder end"
)


def billed(since: str, now_ms: int, limit: int, after: str = "") -> Query:
    """Bills that were issued or fell due since that day (ISO), of meters that their accounts see all of.

    They come in the order of number and account, those after `after`.
    """
    return Query(
        "select account_meter.account, account_meter.added_at, invoice.number, invoice.customer_code,"
        " invoice.issued_on, invoice.due_on, invoice.total, invoice.paid"
        " from account_meter join invoice on invoice.customer_code = account_meter.customer_code"
        " join connection on connection.customer_code = account_meter.customer_code"
        " join account on account.id = account_meter.account"
        f" where connection.personal_number in (account.personal_number, {_HOLDER})"
        " and (invoice.issued_on >= :since or invoice.due_on >= :since)"
        " and invoice.number || ' ' || account_meter.account > :after"
        " order by invoice.number || ' ' || account_meter.account limit :limit",
        {"since": since, "now": now_ms, "limit": limit, "after": after},
    )


def meters(now_ms: int, limit: int, after: str = "") -> Query:
    """Linked meters, ordered by code and account.

    The account sees all of one that is in the name of `own` (a personal number), or where it is not null
    of `holder`.
    """
    return Query(
        "select account_meter.account, account_meter.customer_code, account_meter.added_at,"
        f" account.personal_number as own, {_HOLDER} as holder"
        " from account_meter join account on account.id = account_meter.account"
        " where account_meter.customer_code || ' ' || account_meter.account > :after"
        " order by account_meter.customer_code || ' ' || account_meter.account limit :limit",
        {"now": now_ms, "limit": limit, "after": after},
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
    """Those that wait for the day and for room."""
    return Query(
        "select key, account, kind, customer_code, invoice from notice where state = 'waiting'"
        " and kind <> 'chat' order by created_at, key limit :limit",
        {"limit": limit},
    )


def urgent(limit: int) -> Query:
    """That a chat was signed in by another's code: `invoice` is the chat."""
    return Query(
        "select key, account, invoice as chat from notice where state = 'waiting' and kind = 'chat'"
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
