"""Statements on which message of a chat carries which prompt, so that it can be changed in place."""

from __future__ import annotations

from storage.base import Query, Write


def remember(chat: str, prompt: int, message_id: str) -> Write:
    return Write(
        "insert into sent_prompt (chat, prompt, message_id) values (:chat, :prompt, :message_id)"
        " on conflict (chat, prompt) do update set message_id = excluded.message_id",
        {"chat": chat, "prompt": prompt, "message_id": message_id},
    )


def message_of(chat: str, prompt: int) -> Query:
    """`message_id`, or no row."""
    return Query(
        "select message_id from sent_prompt where chat = :chat and prompt = :prompt",
        {"chat": chat, "prompt": prompt},
    )


def forget(chat: str, prompt: int) -> Write:
    return Write(
        "delete from sent_prompt where chat = :chat and prompt = :prompt", {"chat": chat, "prompt": prompt}
    )
