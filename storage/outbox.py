"""Statements on what is to be said: kept with its turn, sent in order within a chat and channel."""

from __future__ import annotations

from storage.base import Query, Value, Write

#: Says again what the index of unsent rows says, so that it serves and old rows cost nothing.  Where a chat's
#: rows are read, those waiting are "unsent, not sending": `state = 'waiting'` would invite the other index,
#: of all the channel's.
_UNSENT = "state in ('waiting', 'sending')"

#: A moment that never comes.
HELD = 2**53 - 1

_COLUMNS = "id, chat, channel, kind, body, prompt, careful, state, tries, created_at, due_at, error"

#: No earlier row of the same chat and channel is under way or waits for a later moment.
_IN_ORDER = f"""
    not exists (
        select 1 from outbox earlier
        where earlier.chat = next.chat and earlier.id < next.id and earlier.{_UNSENT}
          and earlier.channel = next.channel and (earlier.state = 'sending' or earlier.due_at > :now)
    )
"""
_FIRST = f"""
    not exists (
        select 1 from outbox earlier
        where earlier.chat = head.chat and earlier.id < head.id and earlier.{_UNSENT}
          and earlier.channel = head.channel
    )
"""
_DUE = f"""
    select {", ".join(f"next.{name}" for name in _COLUMNS.split(", "))}
    from (
        select head.chat from outbox head
        where head.channel = :channel and head.state = 'waiting' and head.due_at <= :now and {_FIRST}
        order by head.due_at, head.id limit :limit
    ) ready
    join outbox next on next.chat = ready.chat and next.{_UNSENT}
    where next.channel = :channel and next.state <> 'sending' and next.due_at <= :now and {_IN_ORDER}
    order by next.id limit :limit
"""

#: Says something; returns the row's `id`.
ENQUEUE = (
    "insert into outbox (chat, channel, kind, body, prompt, careful, state, created_at, due_at)"
    " values (:chat, :channel, :kind, :body, :prompt, :careful, 'waiting', :at, :due) returning id"
)


def enqueue(
    chat: str,
    channel: str,
    kind: str,
    body: str,
    at_ms: int,
    *,
    prompt: int = 0,
    careful: bool = False,
    due_ms: int | None = None,
) -> Write:
    """Say something, now or at `due_ms`; returns its `id`.  `careful`: rather lost than said twice."""
    return Write(
        ENQUEUE,
        {
            "chat": chat,
            "channel": channel,
            "kind": kind,
            "body": body,
            "prompt": prompt,
            "careful": careful,
            "at": at_ms,
            "due": at_ms if due_ms is None else due_ms,
        },
    )


def collapse(chat: str, prompt: int) -> Write:
    """Forget the changes of a prompt that have not gone out: the newest, said next, replaces them."""
    return Write(
        f"update outbox set state = 'dropped' where chat = :chat and {_UNSENT} and state = 'waiting'"
        " and prompt = :prompt and kind = 'edit'",
        {"chat": chat, "prompt": prompt},
    )


def due(channel: str, now_ms: int, limit: int) -> Query:
    """At most `limit` rows to send, in order of `id`.

    A chat whose first unsent row is under way (`marked`) or not yet due is left out, and
    so is everything after such a row: what is said first is sent first.  The chats that have waited
    longest come first; let `limit` exceed the number of chats that are being served.
    """
    return Query(_DUE, {"channel": channel, "now": now_ms, "limit": limit})


def marked(id: int) -> Write:
    """Claim a row before it is sent.  Guard `outbox`: somebody else did, or it was dropped."""
    return Write(
        "update outbox set state = 'sending' where id = :id and state = 'waiting'",
        {"id": id},
        rows=1,
        guard="outbox",
    )


def sent(id: int) -> Write:
    """It is out, and what it said is forgotten."""
    return _settled(id, "state = 'sent', body = '', error = null")


def postpone(id: int, due_ms: int, tries: int, error: str) -> Write:
    """Let it wait until `due_ms`, and all that the chat is to be told after it."""
    change = "state = 'waiting', due_at = :due, tries = :tries, error = :error"
    return _settled(id, change, due=due_ms, tries=tries, error=error)


def dead(id: int, error: str) -> Write:
    """Give the row up, and keep it for an operator."""
    return _settled(id, "state = 'dead', error = :error", error=error)


def dropped(id: int, error: str) -> Write:
    """It is of no use any more, and what it would have said is forgotten."""
    return _settled(id, "state = 'dropped', body = '', error = :error", error=error)


def drop_chat(chat: str, error: str) -> Write:
    """Nothing reaches this chat any more.  What goes to a phone or a mailbox is sent all the same."""
    return Write(
        f"update outbox set state = 'dropped', error = :error where chat = :chat and {_UNSENT}"
        " and kind in ('line', 'edit', 'strip')",
        {"chat": chat, "error": error},
    )


def hold(chat: str, channel: str) -> Write:
    """Nothing may go there before the customer is heard again: what waits, waits for `release`."""
    return Write(
        f"update outbox set due_at = {HELD} where chat = :chat and channel = :channel and {_UNSENT}"
        " and state = 'waiting'",
        {"chat": chat, "channel": channel},
    )


def release(chat: str, at_ms: int) -> Write:
    """What was held is due; returns the `id` of each."""
    return Write(
        f"update outbox set due_at = :at where chat = :chat and {_UNSENT} and due_at = {HELD} returning id",
        {"chat": chat, "at": at_ms},
    )


def held(chat: str, channel: str) -> Query:
    """A row that waits for `release`, or none."""
    return Query(
        f"select id from outbox where chat = :chat and channel = :channel and {_UNSENT} and due_at = {HELD}"
        " limit 1",
        {"chat": chat, "channel": channel},
    )


def waits(chat: str, channel: str) -> Query:
    """A row that has not gone out, or none."""
    return Query(
        f"select id from outbox where chat = :chat and channel = :channel and {_UNSENT} limit 1",
        {"chat": chat, "channel": channel},
    )


def state(id: int) -> Query:
    """The `state` of a row."""
    return Query("select state from outbox where id = :id", {"id": id})


def recover() -> Query:
    """Rows that were under way when the process ended: nobody knows whether they went out."""
    return Query(f"select {_COLUMNS} from outbox where {_UNSENT} and state = 'sending' order by chat, id")


def dead_letters(limit: int = 100) -> Query:
    """What was given up, newest first."""
    return Query(
        f"select {_COLUMNS} from outbox where state = 'dead' order by id desc limit :limit", {"limit": limit}
    )


def count_dead() -> Query:
    return Query("select count(*) as n from outbox where state = 'dead'")


def one(id: int) -> Query:
    return Query(f"select {_COLUMNS} from outbox where id = :id", {"id": id})


def revive(id: int, at_ms: int, rev: int) -> Write:
    """Let a dead row be sent after all, unless it is careful and may be out already.

    Guard `outbox`: it is, somebody else has dealt with it, or its chat is not at `rev` any more (0: it has
    none) and what the row says may be over.
    """
    return Write(
        "update outbox set state = 'waiting', due_at = :at, tries = 0, error = null"
        " where id = :id and state = 'dead' and not careful and not exists (select 1 from conversation"
        " where conversation.chat = outbox.chat and conversation.rev <> :rev)",
        {"id": id, "at": at_ms, "rev": rev},
        rows=1,
        guard="outbox",
    )


def drop_dead(id: int) -> Write:
    """What it would have said is forgotten; why it died stays.  Guard `outbox`: it is not dead."""
    return Write(
        "update outbox set state = 'dropped', body = '' where id = :id and state = 'dead'",
        {"id": id},
        rows=1,
        guard="outbox",
    )


def open_in(chat: str, limit: int) -> Query:
    """What waits in a chat, is under way or died, newest first."""
    return Query(
        f"select {_COLUMNS} from ("
        f"select {_COLUMNS} from outbox where chat = :chat and {_UNSENT} union all"
        f" select {_COLUMNS} from outbox where chat = :chat and state = 'dead') as unfinished"
        " order by id desc limit :limit",
        {"chat": chat, "limit": limit},
    )


def _settled(id: int, change: str, **values: Value) -> Write:
    return Write(
        f"update outbox set {change} where id = :id and {_UNSENT}",
        {"id": id, **values},
        rows=1,
        guard="outbox",
    )
