"""Statements on what a chat has told us."""

from __future__ import annotations

from storage.base import Query, Value, Write


def load(chat: str) -> Query:
    return Query(
        "select rev, language, state, touched_at, reachable from conversation where chat = :chat",
        {"chat": chat},
    )


def chats(after: str, limit: int) -> Query:
    """Every `chat` that was ever heard, in order, those after `after`."""
    return Query(
        "select chat from conversation where chat > :after order by chat limit :limit",
        {"after": after, "limit": limit},
    )


def save(chat: str, rev_before: int, language: str, state: str, at_ms: int, *, heard: bool = True) -> Write:
    """Keep the state as revision `rev_before + 1`; 0 for a chat that was never kept.

    Who was heard can be reached.  Guard `rev`: another turn came between.
    """
    sql = _INSERT if rev_before == 0 else _UPDATE
    params: dict[str, Value] = {
        "chat": chat,
        "rev": rev_before,
        "language": language,
        "state": state,
        "at": at_ms,
    }
    if rev_before:
        params["heard"] = heard
    return Write(sql, params, rows=1, guard="rev")


def unreachable(chat: str) -> Write:
    """The customer has blocked us: they are not woken until they are back."""
    return Write("update conversation set reachable = false where chat = :chat and reachable", {"chat": chat})


def back(chat: str) -> Write:
    """The customer can be reached again, though they have said nothing yet."""
    return Write(
        "update conversation set reachable = true where chat = :chat and not reachable", {"chat": chat}
    )


_INSERT = (
    "insert into conversation (chat, rev, language, state, touched_at)"
    " values (:chat, :rev + 1, :language, :state, :at) on conflict (chat) do nothing"
)
_UPDATE = (
    "update conversation set rev = rev + 1, language = :language, state = :state, touched_at = :at,"
    " reachable = (reachable or :heard) where chat = :chat and rev = :rev"
)


def forget(chat: str) -> Write:
    """All that the chat has told is forgotten; its language stays.  A turn under way is walked again."""
    return Write("update conversation set rev = rev + 1, state = '{}' where chat = :chat", {"chat": chat})
