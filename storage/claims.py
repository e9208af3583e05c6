"""Statements on claims: meters in an account that are in another person's name.

A row's `state` is `claimed` (shown in part until `until`, whole after), `asked` (the holder has until `until`
to agree), `agreed`, `refused` (not to be asked again before `until`) or `expired`.  `holder` is the personal
number in whose name the connection was; `tell` is what somebody must still be told, "" for nothing.
"""

from __future__ import annotations

from storage.base import Query, Write

#: What is told to the holder; all else is told to who claims.
_TO_HOLDER = "('claim', 'reminder')"


def find(account: str, customer_code: str) -> Query:
    """One claim, with `first_name` and `last_name` of who claims."""
    return Query(
        "select account_meter.rev, account_meter.state, account_meter.holder, account_meter.until,"
        " account.first_name, account.last_name"
        " from account_meter join account on account.id = account_meter.account"
        " where account_meter.account = :account and account_meter.customer_code = :code"
        " and account_meter.state <> 'own'",
        {"account": account, "code": customer_code},
    )


def begin(
    account: str, customer_code: str, holder: str, state: str, until_ms: int, at_ms: int, rev: int = 0
) -> Write:
    """A new claim (`rev` 0), or an old one anew.  Guard `claim`: it is another one than at `rev`."""
    return Write(
        "insert into account_meter (account, customer_code, state, name, added_at, holder, until, tell)"
        " values (:account, :code, :state, '', :at, :holder, :until, 'claim')"
        " on conflict (account, customer_code) do update set state = excluded.state,"
        " added_at = excluded.added_at, holder = excluded.holder, until = excluded.until,"
        " reminded_at = null, tell = excluded.tell, rev = account_meter.rev + 1"
        " where account_meter.rev = :rev and account_meter.state <> 'own'",
        {
            "account": account,
            "code": customer_code,
            "state": state,
            "at": at_ms,
            "holder": holder,
            "until": until_ms,
            "rev": rev,
        },
        rows=1,
        guard="claim",
    )


def decide(
    account: str,
    customer_code: str,
    rev: int,
    state: str,
    until_ms: int | None,
    tell: str,
    added_ms: int | None = None,
) -> Write:
    """Guard `claim`: it was decided, left or begun anew since `rev`.

    What was asked for is in the account since it was agreed to: `added_ms`.
    """
    return Write(
        "update account_meter set state = :state, until = :until, tell = :tell,"
        " added_at = coalesce(:added, added_at), rev = rev + 1"
        " where account = :account and customer_code = :code and rev = :rev",
        {
            "state": state,
            "until": until_ms,
            "tell": tell,
            "added": added_ms,
            "account": account,
            "code": customer_code,
            "rev": rev,
        },
        rows=1,
        guard="claim",
    )


def leave(account: str, customer_code: str, rev: int) -> Write:
    """Forget a claim.  Guard `claim`: it was decided since `rev`, and a refusal is not forgotten."""
    return Write(
        "delete from account_meter where account = :account and customer_code = :code and rev = :rev",
        {"account": account, "code": customer_code, "rev": rev},
        rows=1,
        guard="claim",
    )


def shown(holder: str) -> Query:
    """Whom a holder (a personal number) lets see meters: claims, with the names, the newest last."""
    return Query(
        "select meter.account, meter.customer_code, meter.added_at, claimant.first_name, claimant.last_name"
        " from account_meter meter join account claimant on claimant.id = meter.account"
        " where meter.holder = :holder and meter.state in ('claimed', 'agreed')"
        " order by meter.added_at, meter.account, meter.customer_code",
        {"holder": holder},
    )


def untold(limit: int) -> Query:
    """Claims of which somebody is to be told: `told` is whose news it is, an account's id.

    A holder without an account is told when there is one.
    """
    return Query(
        "select meter.account, meter.customer_code, meter.rev, meter.state, meter.until, meter.tell,"
        " claimant.first_name, claimant.last_name,"
        f" case when meter.tell in {_TO_HOLDER} then holder.id else claimant.id end as told"
        " from account_meter meter join account claimant on claimant.id = meter.account"
        " left join account holder on holder.personal_number = meter.holder"
        f" where meter.tell <> '' and (meter.tell not in {_TO_HOLDER} or holder.id is not null)"
        " order by meter.added_at, meter.account, meter.customer_code limit :limit",
        {"limit": limit},
    )


def told(account: str, customer_code: str, rev: int, tell: str) -> Write:
    """Guard `claim`: somebody else has told it, or there is other news."""
    return Write(
        "update account_meter set tell = '' where account = :account and customer_code = :code"
        " and rev = :rev and tell = :tell",
        {"account": account, "code": customer_code, "rev": rev, "tell": tell},
        rows=1,
        guard="claim",
    )


def waiting(until_ms: int, limit: int, *, reminded: bool) -> Query:
    """What was asked of holders and ends by then; without those they were reminded of, unless `reminded`."""
    some = "" if reminded else " and reminded_at is null and tell = ''"
    return Query(
        "select account, customer_code, rev from account_meter"
        f" where state = 'asked' and until <= :until{some}"
        " order by until, account, customer_code limit :limit",
        {"until": until_ms, "limit": limit},
    )


def remind(account: str, customer_code: str, rev: int, at_ms: int) -> Write:
    """Guard `claim`: it was decided since `rev`, or the holder was reminded already."""
    return Write(
        "update account_meter set reminded_at = :at, tell = 'reminder'"
        " where account = :account and customer_code = :code and rev = :rev and reminded_at is null",
        {"account": account, "code": customer_code, "rev": rev, "at": at_ms},
        rows=1,
        guard="claim",
    )


# -- for operators ---------------------------------------------------------------------------------------

_LISTED = """
    select meter.account, meter.customer_code, meter.rev, meter.state, meter.added_at, meter.until,
        meter.reminded_at, meter.tell, meter.holder, claimant.first_name, claimant.last_name,
        owner.id as holder_account, owner.first_name as holder_first, owner.last_name as holder_last,
        owner.notices_off as holder_off
    from account_meter meter join account claimant on claimant.id = meter.account
    left join account owner on owner.personal_number = meter.holder
"""
_OPEN = "(meter.state = 'asked' or (meter.state = 'claimed' and meter.until > :now))"


def undecided(now_ms: int, limit: int) -> Query:
    """What holders can still answer before it ends or ripens, the newest first."""
    return Query(
        f"{_LISTED} where {_OPEN} order by meter.added_at desc, meter.account, meter.customer_code"
        " limit :limit",
        {"now": now_ms, "limit": limit},
    )


def count_undecided(now_ms: int) -> Query:
    return Query(f"select count(*) as n from account_meter meter where {_OPEN}", {"now": now_ms})


def of_meter(customer_code: str) -> Query:
    """All claims of one meter, however they stand, the newest first."""
    return Query(
        f"{_LISTED} where meter.customer_code = :code and meter.state <> 'own'"
        " order by meter.added_at desc, meter.account",
        {"code": customer_code},
    )
