"""Rows of the outbox: what a turn has to say, on its way to the customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.services.post import EMAIL, SMS
from dialogs.engine.letters import read_line, write_line
from dialogs.engine.lines import Line
from storage import outbox
from storage.base import Row, Write


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be delivered, with its line still at hand.

    `kind` is line, edit (of a prompt that was sent), strip (its buttons), erase (a message of the
    customer's), or sms and email with their `order` (`bot.services.post`).  `repeats` counts the times that
    nobody knew whether it went out.
    """

    chat: str
    channel: str
    kind: str
    line: Line | None = None
    prompt: int = 0
    message_id: str = ""
    order: str = ""
    careful: bool = False
    id: int = 0
    tries: int = 0
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An SMS (`kind` sms) or e-mail (email) that its recipient cannot get: there is no such phone or mailbox.

    `chat` is the chat it belongs to, `challenge` the one whose code it would have brought ("" for other
    letters, of which the chat need not know).  `key` is the same however often it is told.
    """

    key: str
    chat: str
    kind: str
    challenge: str


Deliver = Callable[[Sequence[Post]], None]
#: Tells the conversation; may raise `Unavailable`, and is then asked again.
Failed = Callable[[Undelivered], Awaitable[None]]
#: Marks a row before it goes out.  Raises `Taken`.
Claim = Callable[[], Awaitable[None]]


class Taken(Exception):
    """Somebody else is at work on the row, or it was dropped meanwhile."""


class Expired(Exception):
    """It would come too late to be of use."""


def spoken(chat: str, channel: str, lines: Iterable[Line]) -> list[Post]:
    return [Post(chat, channel, "edit" if x.edits else "line", x, x.prompt) for x in lines]


def enqueued(post: Post, at_ms: int) -> Write:
    """The write that keeps a post; it returns the row's id."""
    body = write_line(post.line) if post.line else post.order or post.message_id
    return outbox.enqueue(
        post.chat, post.channel, post.kind, body, at_ms, prompt=post.prompt, careful=post.careful
    )


def numbered(post: Post, rows: Sequence[Row]) -> Post:
    """The post with the id that its write returned."""
    return replace(post, id=int(str(rows[0]["id"])))


def posted(write: Write, rows: Sequence[Row]) -> Post | None:
    """The post that a committed write of anybody's enqueued for now; `rows` are what the write returned."""
    if write.sql != outbox.ENQUEUE or write.params["due"] != write.params["at"]:
        return None
    return numbered(post_of({**write.params, "id": 0, "tries": 0}), rows)


def post_of(row: Row) -> Post:
    """The post in a stored row."""
    kind, body = str(row["kind"]), str(row["body"])
    words, letter = kind in ("line", "edit"), kind in (SMS, EMAIL)
    return Post(
        chat=str(row["chat"]),
        channel=str(row["channel"]),
        kind=kind,
        line=read_line(body) if words else None,
        prompt=int(str(row["prompt"])),
        message_id="" if words or letter else body,
        order=body if letter else "",
        careful=bool(row["careful"]),
        id=int(str(row["id"])),
        tries=int(str(row["tries"])),
    )
