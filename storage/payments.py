"""Statements on payments.  States only move forward: every change names the states it may come from."""

from __future__ import annotations

from storage.base import Query, Write

_ORDER = "id, account, chat, reference, amount, state, created_at, expires_at, paid_at"
_TRY = "reference, order_id, n, provider, provider_order, page, state, checks, created_at, check_at"


def add_order(
    *,
    id: str,
    token_hash: str,
    account: str,
    chat: str,
    reference: str,
    amount: str,
    at_ms: int,
    expires_ms: int,
) -> Write:
    return Write(
        "insert into payment_order (id, token_hash, account, chat, reference, amount, state, created_at,"
        " expires_at) values (:id, :token, :account, :chat, :reference, :amount, 'open', :at, :expires)",
        {
            "id": id,
            "token": token_hash,
            "account": account,
            "chat": chat,
            "reference": reference,
            "amount": amount,
            "at": at_ms,
            "expires": expires_ms,
        },
    )


def add_item(order: str, customer_code: str, invoice: str, amount: str, rest: str, ours: str) -> Write:
    """`rest` is left of the bill, and `ours` was paid for it through us: of one moment, in euros."""
    return Write(
        "insert into payment_item (order_id, customer_code, invoice, amount, rest, ours)"
        " values (:order, :code, :invoice, :amount, :rest, :ours)",
        {
            "order": order,
            "code": customer_code,
            "invoice": invoice,
            "amount": amount,
            "rest": rest,
            "ours": ours,
        },
    )


def order_of_link(token_hash: str) -> Query:
    return Query(f"select {_ORDER} from payment_order where token_hash = :token", {"token": token_hash})


def order(id: str) -> Query:
    return Query(f"select {_ORDER} from payment_order where id = :id", {"id": id})


def orders_of(account: str) -> Query:
    """The newest first."""
    return Query(
        f"select {_ORDER} from payment_order where account = :account order by created_at desc, id",
        {"account": account},
    )


def items(order: str) -> Query:
    return Query(
        "select customer_code, invoice, amount, rest, ours, paid_at from payment_item where order_id = :order"
        " order by customer_code, invoice",
        {"order": order},
    )


def paid_for(customer_code: str) -> Query:
    """What was ever paid through us for a connection: `order_id`, `invoice`, `amount`, `paid_at`."""
    return Query(
        "select order_id, invoice, amount, paid_at from payment_item where customer_code = :code"
        " and paid_at is not null order by paid_at, order_id, invoice",
        {"code": customer_code},
    )


def open_orders(account: str, now_ms: int) -> Query:
    return Query(
        "select count(*) as many from payment_order where account = :account and state = 'open'"
        " and expires_at > :now",
        {"account": account, "now": now_ms},
    )


# -- tries at a provider -------------------------------------------------------------------------------


def tries(order: str) -> Query:
    """The newest first."""
    return Query(f"select {_TRY} from payment_try where order_id = :order order by n desc", {"order": order})


def try_of(provider: str, provider_order: str) -> Query:
    return Query(
        f"select {_TRY} from payment_try where provider = :provider and provider_order = :id",
        {"provider": provider, "id": provider_order},
    )


def try_called(reference: str) -> Query:
    return Query(f"select {_TRY} from payment_try where reference = :reference", {"reference": reference})


def tries_of_link(token_hash: str) -> Query:
    """The newest first."""
    return Query(
        f"select {_TRY} from payment_try where order_id ="
        " (select id from payment_order where token_hash = :token) order by n desc",
        {"token": token_hash},
    )


def add_try(reference: str, order: str, n: int, provider: str, at_ms: int) -> Write:
    """Guard `try`: somebody else has begun the same one, or the order is paid meanwhile."""
    return Write(
        "insert into payment_try (reference, order_id, n, provider, page, state, checks, created_at)"
        " select :reference, id, :n, :provider, '', 'opening', 0, :at from payment_order"
        " where id = :order and state = 'open' on conflict do nothing",
        {"reference": reference, "order": order, "n": n, "provider": provider, "at": at_ms},
        rows=1,
        guard="try",
    )


def opened(reference: str, provider_order: str, page: str, check_ms: int) -> Write:
    """Guard `try`: it is known already."""
    return Write(
        "update payment_try set provider_order = :id, page = :page, state = 'open', check_at = :check"
        " where reference = :reference and state = 'opening'",
        {"reference": reference, "id": provider_order, "page": page, "check": check_ms},
        rows=1,
        guard="try",
    )


def to_check(provider: str, now_ms: int, limit: int) -> Query:
    return Query(
        f"select {_TRY} from payment_try where check_at <= :now and provider = :provider"
        " order by check_at, reference limit :limit",
        {"provider": provider, "now": now_ms, "limit": limit},
    )


def check_again(reference: str, check_ms: int | None) -> Write:
    """None: not by ourselves any more."""
    return Write(
        "update payment_try set checks = checks + 1, check_at = :check where reference = :reference",
        {"reference": reference, "check": check_ms},
    )


def turn_try(reference: str, before: str, state: str, check_ms: int | None = None) -> Write:
    """Guard `try`: it has moved on meanwhile."""
    return Write(
        "update payment_try set state = :state, check_at = :check"
        " where reference = :reference and state = :before",
        {"reference": reference, "before": before, "state": state, "check": check_ms},
        rows=1,
        guard="try",
    )


# -- money ---------------------------------------------------------------------------------------------


def paid(order: str, at_ms: int) -> list[Write]:
    """Guard `order`: it was paid by another try."""
    return [
        Write(
            "update payment_order set state = 'paid', paid_at = :at where id = :id and state = 'open'",
            {"id": order, "at": at_ms},
            rows=1,
            guard="order",
        ),
        Write("update payment_item set paid_at = :at where order_id = :id", {"id": order, "at": at_ms}),
    ]


def refunded(order: str) -> list[Write]:
    """What was given back does not count any more."""
    return [
        Write(
            "update payment_order set state = 'refunded' where id = :id and state = 'paid'",
            {"id": order},
            rows=1,
            guard="order",
        ),
        Write("update payment_item set paid_at = null where order_id = :id", {"id": order}),
    ]


def trouble(key: str, kind: str, order: str, detail: str, amount: str, at_ms: int) -> Write:
    """Noted once; `order` is "" where it is not known."""
    return Write(
        "insert into payment_trouble (key, kind, order_id, detail, amount, created_at)"
        " values (:key, :kind, :order, :detail, :amount, :at) on conflict (key) do nothing",
        {"key": key, "kind": kind, "order": order, "detail": detail, "amount": amount, "at": at_ms},
    )


# -- for operators ---------------------------------------------------------------------------------------

_TROUBLE = (
    "trouble.key, trouble.kind, trouble.order_id, trouble.detail, trouble.amount, trouble.created_at,"
    " trouble.settled_at, trouble.settled_by, trouble.settled_note"
)
#: The order and its customer, where they are known; an account may be erased by now.
_WHOSE = (
    "payment_order.reference as order_reference, payment_order.account, account.first_name, account.last_name"
)


def troubles(limit: int) -> Query:
    """What waits for a hand, the newest first, with whose order it is."""
    return Query(
        f"select {_TROUBLE}, {_WHOSE} from payment_trouble trouble"
        " left join payment_order on payment_order.id = trouble.order_id"
        " left join account on account.id = payment_order.account"
        " where trouble.settled_at is null order by trouble.created_at desc, trouble.key limit :limit",
        {"limit": limit},
    )


def count_troubles() -> Query:
    return Query("select count(*) as n from payment_trouble where settled_at is null")


def troubles_of(order: str) -> Query:
    """All of an order, the settled ones too, the oldest first."""
    return Query(
        f"select {_TROUBLE} from payment_trouble trouble where trouble.order_id = :order"
        " order by trouble.created_at, trouble.key",
        {"order": order},
    )


def all_troubles() -> Query:
    """Settled or not, to find one by what its key is shown as."""
    return Query(f"select {_TROUBLE} from payment_trouble trouble")


def settle_trouble(key: str, at_ms: int, by: str, note: str) -> Write:
    """Guard `trouble`: there is none of that key that waits."""
    return Write(
        "update payment_trouble set settled_at = :at, settled_by = :by, settled_note = :note"
        " where key = :key and settled_at is null",
        {"key": key, "at": at_ms, "by": by, "note": note},
        rows=1,
        guard="trouble",
    )


def silent(opened_before_ms: int, limit: int) -> Query:
    """Tries opened by then of whose fate the provider has said nothing, the newest first."""
    return Query(
        "select tried.reference, tried.order_id, tried.provider, tried.provider_order, tried.created_at,"
        f" tried.check_at, payment_order.amount, {_WHOSE} from payment_try tried"
        " join payment_order on payment_order.id = tried.order_id"
        " left join account on account.id = payment_order.account"
        " where tried.state = 'open' and tried.created_at <= :before"
        " order by tried.created_at desc, tried.reference limit :limit",
        {"before": opened_before_ms, "limit": limit},
    )


def count_silent(opened_before_ms: int) -> Query:
    return Query(
        "select count(*) as n from payment_try where state = 'open' and created_at <= :before",
        {"before": opened_before_ms},
    )


def order_called(reference: str) -> Query:
    return Query(f"select {_ORDER} from payment_order where reference = :reference", {"reference": reference})
