"""Statements on what has reached us: kept before anything is confirmed, and done in its turn's own commit."""

from __future__ import annotations

from storage.base import Query, Write


def receive(channel: str, key: str, chat: str, body: bytes, at_ms: int) -> Write:
    """Keep an update; returns its `seq`, or no row when this update was kept before."""
    return Write(
        "insert into inbox (channel, key, chat, received_at, body, state)"
        " values (:channel, :key, :chat, :at, :body, 'new')"
        " on conflict (channel, key) do nothing returning seq",
        {"channel": channel, "key": key, "chat": chat, "body": body, "at": at_ms},
    )


def kept(channel: str, key: str) -> Query:
    """A row when this update was kept, whatever became of it since."""
    return Query(
        "select seq from inbox where channel = :channel and key = :key", {"channel": channel, "key": key}
    )


def finish(channel: str, key: str) -> Write:
    """The update is answered, and its body forgotten.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set state = 'done', body = null, error = null"
        " where channel = :channel and key = :key and state = 'new'",
        {"channel": channel, "key": key},
        rows=1,
        guard="inbox",
    )


def tried(channel: str, key: str) -> Write:
    """Count a try, and return `tries`.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set tries = tries + 1"
        " where channel = :channel and key = :key and state = 'new' returning tries",
        {"channel": channel, "key": key},
        rows=1,
        guard="inbox",
    )


def fail(channel: str, key: str, error: str) -> Write:
    """Set the update aside for an operator, body and all.  Guard `inbox`: it was done before."""
    return Write(
        "update inbox set state = 'failed', error = :error"
        " where channel = :channel and key = :key and state = 'new'",
        {"channel": channel, "key": key, "error": error},
        rows=1,
        guard="inbox",
    )


def waiting(limit: int, after_seq: int = 0) -> Query:
    """Updates without an answer, in the order they came."""
    return Query(
        "select seq, channel, key, chat, received_at, body, tries from inbox"
        " where state = 'new' and seq > :after order by seq limit :limit",
        {"after": after_seq, "limit": limit},
    )


def over(channel: str, key: str) -> Query:
    """A row when an update was answered, or set aside, before."""
    return Query(
        "select state from inbox where channel = :channel and key = :key and state <> 'new'",
        {"channel": channel, "key": key},
    )


# -- for operators ---------------------------------------------------------------------------------------

_ABOUT = "seq, channel, key, chat, received_at, tries, state, error"
#: The customer has gone on: the same words may answer another question by now.
_OVERTAKEN = (
    "(exists (select 1 from inbox later where later.chat = inbox.chat and later.channel = inbox.channel"
    " and later.seq > inbox.seq) or exists (select 1 from conversation"
    " where conversation.chat = inbox.chat and conversation.touched_at > inbox.received_at))"
)


def set_aside(limit: int) -> Query:
    """What failed, newest first, without its body."""
    return Query(
        f"select {_ABOUT} from inbox where state = 'failed' order by seq desc limit :limit", {"limit": limit}
    )


def count_set_aside() -> Query:
    return Query("select count(*) as n from inbox where state = 'failed'")


def one(seq: int) -> Query:
    """An update without its body, and `overtaken`: whether its chat was heard after it."""
    return Query(
        f"select {_ABOUT}, case when {_OVERTAKEN} then 1 else 0 end as overtaken from inbox where seq = :seq",
        {"seq": seq},
    )


def again(seq: int, *, overtaken: bool) -> Write:
    """Let an update that failed be handled once more, counted anew.

    Unless it may be `overtaken` its chat must not have been heard since.  Guard `inbox`: it was, or somebody
    else has dealt with the update.
    """
    still = "" if overtaken else f" and not {_OVERTAKEN}"
    return Write(
        "update inbox set state = 'new', tries = 0, error = null"
        f" where seq = :seq and state = 'failed'{still}",
        {"seq": seq},
        rows=1,
        guard="inbox",
    )


def drop(seq: int) -> Write:
    """Forget what was in an update that failed; why it did stays.  Guard `inbox`: it waits for nobody."""
    return Write(
        "update inbox set state = 'done', body = null where seq = :seq and state = 'failed'",
        {"seq": seq},
        rows=1,
        guard="inbox",
    )


def open_in(chat: str, limit: int) -> Query:
    """What waits in a chat or has failed there, newest first, without bodies."""
    return Query(
        f"select {_ABOUT} from ("
        f"select {_ABOUT} from inbox where state = 'new' union all"
        f" select {_ABOUT} from inbox where state = 'failed') as unfinished"
        " where chat = :chat order by seq desc limit :limit",
        {"chat": chat, "limit": limit},
    )


def of_error(error: str) -> Query:
    """The update whose turn failed with this, newest first."""
    return Query(
        f"select {_ABOUT} from inbox where state = 'failed' and error = :error order by seq desc",
        {"error": error},
    )


def told_by(channel: str, chat: str) -> Query:
    """What a part of our own told a chat, oldest first: `key`, `received_at`, `state`."""
    return Query(
        "select key, received_at, state from inbox where channel = :channel and chat = :chat order by seq",
        {"channel": channel, "chat": chat},
    )
