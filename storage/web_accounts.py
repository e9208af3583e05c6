"""Statements on accounts as the utility's web site has them, and whether they are still just that.

An account is *untouched* while nothing was proved or changed in it here since it was imported.  What was
opened, used or changed in the assistant belongs to its customer, and no import writes over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage.base import Query, Value, Write

_UNTOUCHED = "rev = 1 and phone_proved_at is null and email_proved_at is null and delete_at is null"


def of_people(personal_numbers: Sequence[str]) -> Query:
    """What is known of these people's accounts; `untouched` is 1 or 0."""
    wanted, params = _list("number", personal_numbers)
    return Query(
        "select id, personal_number, first_name, last_name, email, phone, password,"
        f" case when {_UNTOUCHED} then 1 else 0 end as untouched"
        f" from account where personal_number in ({wanted})",
        params,
    )


def holders(emails: Sequence[str], phones: Sequence[str]) -> Query:
    """Who has one of these addresses or numbers."""
    some, params = _list("email", emails)
    others, more = _list("phone", phones)
    return Query(
        f"select personal_number, email, phone from account where email in ({some}) or phone in ({others})",
        params | more,
    )


def meters(accounts: Sequence[str]) -> Query:
    wanted, params = _list("account", accounts)
    return Query(
        f"select account, customer_code, state from account_meter where account in ({wanted})", params
    )


def open_account(
    *,
    account: str,
    personal_number: str,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    password: str,
    at_ms: int,
) -> Write:
    """Guard `account`: the person, the address or the number has one meanwhile."""
    return Write(
        "insert into account (id, rev, personal_number, first_name, last_name, display_name, email, phone,"
        " password, notices_off, created_at)"
        " values (:id, 1, :number, :first, :last, :first, :email, :phone, :password, '', :at)",
        {
            "id": account,
            "number": personal_number,
            "first": first_name,
            "last": last_name,
            "email": email,
            "phone": phone,
            "password": password,
            "at": at_ms,
        },
        rows=1,
        guard="account",
    )


def change(*, account: str, first_name: str, last_name: str, email: str, phone: str, password: str) -> Write:
    """Guard `account`: it was used here meanwhile, or the address or the number is another's."""
    return Write(
        "update account set first_name = :first, last_name = :last, display_name = :first,"
        f" email = :email, phone = :phone, password = :password where id = :id and {_UNTOUCHED}",
        {
            "id": account,
            "first": first_name,
            "last": last_name,
            "email": email,
            "phone": phone,
            "password": password,
        },
        rows=1,
        guard="account",
    )


def put_meter(account: str, customer_code: str, state: str, at_ms: int) -> Write:
    """Add a connection as `own` or `claimed`, or change which of them it is."""
    return Write(
        "insert into account_meter (account, customer_code, state, name, added_at)"
        " values (:account, :code, :state, '', :at)"
        " on conflict (account, customer_code) do update set state = excluded.state",
        {"account": account, "code": customer_code, "state": state, "at": at_ms},
    )


def _list(name: str, values: Sequence[str]) -> tuple[str, dict[str, Value]]:
    params: dict[str, Value] = {f"{name}{n}": value for n, value in enumerate(values)}
    # PostgreSQL knows no empty list; nothing is equal to null.
    return ", ".join(f":{key}" for key in params) or "null", params
