"""Statements on what the demo's phone shows: the SMS and e-mails of one visitor."""

from __future__ import annotations

from storage.base import Query, Write


def add(chat: str, kind: str, recipient: str, subject: str, body: str, at_ms: int) -> Write:
    """`kind` is `sms` or `email`.  Returns the message's `id`, or nothing when it is there already."""
    return Write(
        "insert into phone_message (chat, kind, recipient, subject, body, created_at)"
        " select cast(:chat as text), cast(:kind as text), cast(:recipient as text),"
        " cast(:subject as text), cast(:body as text), cast(:at as bigint)"
        " where not exists (select 1 from phone_message where chat = :chat and kind = :kind"
        " and recipient = :recipient and body = :body and created_at = :at) returning id",
        {"chat": chat, "kind": kind, "recipient": recipient, "subject": subject, "body": body, "at": at_ms},
    )


def since(chat: str, id: int) -> Query:
    """Messages after `id`, oldest first."""
    return Query(
        "select id, kind, recipient, subject, body, created_at from phone_message"
        " where chat = :chat and id > :id order by id",
        {"chat": chat, "id": id},
    )


def forget(chat: str) -> Write:
    """Everything that came for this chat."""
    return Write("delete from phone_message where chat = :chat", {"chat": chat})
