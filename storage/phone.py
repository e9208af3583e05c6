"""Statements on what the demo's phone shows: the SMS and e-mails of one visitor."""

from __future__ import annotations

from storage.base import Query, Write


def add(chat: str, kind: str, recipient: str, subject: str, body: str, at_ms: int) -> Write:
    """`kind` is `sms` or `email`; returns the message's `id`."""
    return Write(
        "insert into phone_message (chat, kind, recipient, subject, body, created_at)"
        " values (:chat, :kind, :recipient, :subject, :body, :at) returning id",
        {"chat": chat, "kind": kind, "recipient": recipient, "subject": subject, "body": body, "at": at_ms},
    )


def since(chat: str, id: int) -> Query:
    """Messages after `id`, oldest first."""
    return Query(
        "select id, kind, recipient, subject, body, created_at from phone_message"
        " where chat = :chat and id > :id order by id",
        {"chat": chat, "id": id},
    )
