"""Statements on accounts, their meters, and the chats that are signed in to them."""

from __future__ import annotations

from storage.base import Query, Value, Write

_ACCOUNT = (
    "id, rev, personal_number, first_name, last_name, display_name, email, phone, password, notices_off,"
    " phone_proved_at, email_proved_at, created_at, delete_at, active_meter,"
    " notices_to"
)
#: What may be looked up and changed; names of columns never come from outside.
_KEYS = ("id", "personal_number", "email", "phone")
_CHANGES = (
    *("display_name", "email", "phone", "password", "notices_off", "delete_at"),
    *("phone_proved_at", "email_proved_at", "active_meter", "notices_to"),
)


def find(by: str, value: str) -> Query:
    """The account whose id, personal_number, email or phone this is."""
    assert by in _KEYS
    return Query(f"select {_ACCOUNT} from account where {by} = :value", {"value": value})


def begins(prefix: str) -> Query:
    """At most two accounts whose id begins so: one is the one that is meant."""
    return Query(
        f"select {_ACCOUNT} from account where substr(id, 1, length(:prefix)) = :prefix order by id limit 2",
        {"prefix": prefix},
    )


def everybody(after: str, limit: int) -> Query:
    """Accounts in the order of their ids, those after `after`."""
    return Query(
        f"select {_ACCOUNT} from account where id > :after order by id limit :limit",
        {"after": after, "limit": limit},
    )


def of_chat(chat: str, since_ms: int) -> Query:
    """The account that a chat is signed in to and has used since then, with the link's moments."""
    columns = ", ".join(f"account.{name}" for name in _ACCOUNT.split(", "))
    return Query(
        f"select {columns}, chat_link.used_at, chat_link.proved_at, chat_link.signed_in_at"
        " from chat_link join account on account.id = chat_link.account"
        " where chat_link.chat = :chat and chat_link.used_at > :since",
        {"chat": chat, "since": since_ms},
    )


def add(
    *,
    account: str,
    personal_number: str,
    first_name: str,
    last_name: str,
    email: str,
    phone: str,
    password: str,
    phone_proved_ms: int | None,
    email_proved_ms: int | None,
    at_ms: int,
) -> Write:
    """Open an account.  Guard `account`: the person, the address or the number has one meanwhile."""
    return Write(
        "insert into account (id, personal_number, first_name, last_name, display_name, email, phone,"
        " password, notices_off, phone_proved_at, email_proved_at, created_at)"
        " values (:id, :number, :first, :last, :first, :email, :phone, :password, '', :phone_proved,"
        " :email_proved, :at)",
        {
            "id": account,
            "number": personal_number,
            "first": first_name,
            "last": last_name,
            "email": email,
            "phone": phone,
            "password": password,
            "phone_proved": phone_proved_ms,
            "email_proved": email_proved_ms,
            "at": at_ms,
        },
        rows=1,
        guard="account",
    )


def change(account: str, rev: int, **changes: Value) -> Write:
    """Change what is named.  Guard `account`: it changed since `rev`, or a value is another account's."""
    assert changes.keys() <= set(_CHANGES)
    sets = ", ".join(f"{name} = :{name}" for name in changes)
    return Write(
        f"update account set rev = rev + 1, {sets} where id = :id and rev = :rev",
        {"id": account, "rev": rev, **changes},
        rows=1,
        guard="account",
    )


def proved(account: str, way: str, at_ms: int) -> Write:
    """Note that the phone (`sms`) or the address (`email`) was shown to be the customer's."""
    column = {"sms": "phone_proved_at", "email": "email_proved_at"}[way]
    return Write(f"update account set {column} = :at where id = :id", {"id": account, "at": at_ms})


def due_for_deletion(now_ms: int, limit: int) -> Query:
    return Query(
        "select id from account where delete_at is not null and delete_at <= :now"
        " order by delete_at limit :limit",
        {"now": now_ms, "limit": limit},
    )


def erase(account: str, now_ms: int) -> list[Write]:
    """All that is known of an account, if its time has come.  Guard `account`: it was kept after all."""
    id = {"id": account}
    return [
        Write(
            "delete from account where id = :id and delete_at is not null and delete_at <= :now",
            {**id, "now": now_ms},
            rows=1,
            guard="account",
        ),
        Write("delete from account_meter where account = :id", id),
        Write("delete from chat_link where account = :id", id),
    ]


# -- meters --------------------------------------------------------------------------------------------


def meters(account: str) -> Query:
    """The account's connections as they were added; what is not its own, as `storage.claims` has it."""
    return Query(
        "select customer_code, state, name, added_at, rev, holder, until from account_meter"
        " where account = :id order by added_at, customer_code",
        {"id": account},
    )


def add_meter(account: str, customer_code: str, state: str, at_ms: int) -> Write:
    """`own`, or `claimed` when the connection is in another person's name and its holder knows of nothing."""
    return Write(
        "insert into account_meter (account, customer_code, state, name, added_at)"
        " values (:account, :code, :state, '', :at) on conflict (account, customer_code) do nothing",
        {"account": account, "code": customer_code, "state": state, "at": at_ms},
    )


def own_meter(account: str, customer_code: str) -> Write:
    """What was claimed is in the customer's own name by now."""
    return Write(
        "update account_meter set state = 'own', holder = '', until = null, tell = '', rev = rev + 1"
        " where account = :account and customer_code = :code",
        {"account": account, "code": customer_code},
    )


def name_meter(account: str, customer_code: str, name: str) -> Write:
    """Guard `meter`: it is not in the account any more."""
    return Write(
        "update account_meter set name = :name where account = :account and customer_code = :code",
        {"account": account, "code": customer_code, "name": name},
        rows=1,
        guard="meter",
    )


def remove_meter(account: str, customer_code: str) -> Write:
    return Write(
        "delete from account_meter where account = :account and customer_code = :code",
        {"account": account, "code": customer_code},
    )


# -- chats ---------------------------------------------------------------------------------------------


def link(chat: str, account: str, at_ms: int, proved_ms: int | None = None) -> Write:
    """Sign a chat in; whatever account it was signed in to before, it is now this one.

    A code was last entered for it at `proved_ms`, None for just now.
    """
    return Write(
        "insert into chat_link (chat, account, signed_in_at, used_at, proved_at)"
        " values (:chat, :account, :at, :at, :proved) on conflict (chat) do update"
        " set account = excluded.account, signed_in_at = excluded.signed_in_at,"
        " used_at = excluded.used_at, proved_at = excluded.proved_at",
        {
            "chat": chat,
            "account": account,
            "at": at_ms,
            "proved": at_ms if proved_ms is None else proved_ms,
        },
    )


def still_linked(chat: str, account: str) -> Write:
    """Changes nothing.  Guard `link`: the chat is no longer signed in to the account."""
    return Write(
        "update chat_link set used_at = used_at where chat = :chat and account = :account",
        {"chat": chat, "account": account},
        rows=1,
        guard="link",
    )


def linked(chat: str) -> Query:
    """The `account` of a chat that was signed in and never signed out, however long ago it was used."""
    return Query("select account from chat_link where chat = :chat", {"chat": chat})


def all_linked(after: str, limit: int) -> Query:
    """`chat` and `account` of every chat that is signed in, in the order of the chats after `after`."""
    return Query(
        "select chat, account from chat_link where chat > :after order by chat limit :limit",
        {"after": after, "limit": limit},
    )


def used(chat: str, at_ms: int) -> Write:
    return Write("update chat_link set used_at = :at where chat = :chat", {"chat": chat, "at": at_ms})


def proved_again(chat: str, at_ms: int) -> Write:
    """A code was entered in this chat just now."""
    return Write(
        "update chat_link set used_at = :at, proved_at = :at where chat = :chat", {"chat": chat, "at": at_ms}
    )


def chats(account: str, since_ms: int) -> Query:
    """The chats that are signed in: `chat`, `signed_in_at`, `used_at`, the one last used first."""
    return Query(
        "select chat, signed_in_at, used_at from chat_link where account = :id and used_at > :since"
        " order by used_at desc, chat",
        {"id": account, "since": since_ms},
    )


def sign_out(account: str, chat: str) -> Write:
    return Write("delete from chat_link where account = :id and chat = :chat", {"id": account, "chat": chat})


def sign_out_all(account: str, but: str = "") -> list[Write]:
    """Every chat of the account, except `but`, and whom any of them is letting in at this moment."""
    return [
        # Waits for who is `still_linked`: a statement does not see what was added while it waited.
        Write("update chat_link set used_at = used_at where account = :id", {"id": account}),
        Write("delete from chat_link where account = :id and chat <> :but", {"id": account, "but": but}),
    ]
