"""Statements on what a browser shows of its chat."""

from __future__ import annotations

from storage.base import Query, Write

_COLUMNS = "id, chat, author, body, prompt, live, created_at, changed_at"

#: Later than any change.
NEVER = 2**63 - 1


def add(chat: str, author: str, body: str, at_ms: int, *, prompt: int = 0, live: bool = False) -> Write:
    """Show a message of `author` (`me` or `bot`); returns its `id`.  `live`: its buttons can be pressed."""
    return Write(
        "insert into web_message (chat, author, body, prompt, live, created_at, changed_at)"
        " values (:chat, :author, :body, :prompt, :live, :at, :at) returning id",
        {"chat": chat, "author": author, "body": body, "prompt": prompt, "live": live, "at": at_ms},
    )


def revise(chat: str, id: int, body: str, at_ms: int) -> Write:
    """Change a live message in place.  Guard `web_message`: it is not there or not live any more."""
    return Write(
        "update web_message set body = :body, changed_at = :at where id = :id and chat = :chat and live",
        {"chat": chat, "id": id, "body": body, "at": at_ms},
        rows=1,
        guard="web_message",
    )


def strip(chat: str, id: int, at_ms: int) -> Write:
    """Take the buttons off; nothing when they are off."""
    return Write(
        "update web_message set live = false, changed_at = :at where id = :id and chat = :chat and live",
        {"chat": chat, "id": id, "at": at_ms},
    )


def since(chat: str, id: int, changed_ms: int = NEVER) -> Query:
    """Messages after `id`, and earlier ones changed at `changed_ms` or later, oldest first."""
    return Query(
        f"select {_COLUMNS} from web_message where chat = :chat and (id > :id or changed_at >= :changed)"
        " order by id",
        {"chat": chat, "id": id, "changed": changed_ms},
    )


def history(chat: str, limit: int) -> Query:
    """The newest messages, oldest first."""
    return Query(
        f"select {_COLUMNS} from (select {_COLUMNS} from web_message where chat = :chat"
        " order by id desc limit :limit) newest order by id",
        {"chat": chat, "limit": limit},
    )


def add_own(chat: str, body: str, at_ms: int) -> Write:
    """Show what the customer did; nothing when it is shown.  `body` holds the browser's id of it.

    Of two at once each would see that it is not shown: it goes with the `inbox.receive` of the same update,
    and after it, which lets one pass after the other.
    """
    return Write(
        "insert into web_message (chat, author, body, prompt, live, created_at, changed_at)"
        " select :chat, 'me', :body, 0, false, :at, :at where not exists"
        " (select 1 from web_message where chat = :chat and author = 'me' and body = :body)",
        {"chat": chat, "body": body, "at": at_ms},
    )


def one(id: int) -> Query:
    """A message of any chat, for who holds a name that we signed."""
    return Query(f"select {_COLUMNS} from web_message where id = :id", {"id": id})


def forget(chat: str) -> Write:
    """Everything that the page shows."""
    return Write("delete from web_message where chat = :chat", {"chat": chat})


def redact(chat: str, client: str, body: str, at_ms: int) -> Write:
    """Show something else in the place of what the customer did under the browser's id `client`."""
    return Write(
        "update web_message set body = :body, changed_at = :at"
        " where chat = :chat and author = 'me' and body like :written",
        {"chat": chat, "body": body, "at": at_ms, "written": f'%"client": "{client}"}}'},
    )
