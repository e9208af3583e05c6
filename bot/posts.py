"""Rows of the outbox: what a turn has to say, on its way to the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from dialogs.engine.letters import read_line, write_line
from dialogs.engine.lines import Line
from storage import outbox
from storage.base import Row, Write


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be delivered, with its line still at hand.

    `kind` is line, edit (of a prompt that was sent), strip (its buttons) or erase (a message of the
    customer's).  `repeats` counts the times that nobody knew whether it went out.
    """

    chat: str
    channel: str
    kind: str
    line: Line | None = None
    prompt: int = 0
    message_id: str = ""
    careful: bool = False
    id: int = 0
    tries: int = 0
    repeats: int = 0


Deliver = Callable[[Sequence[Post]], None]


def spoken(chat: str, channel: str, lines: Iterable[Line]) -> list[Post]:
    return [Post(chat, channel, "edit" if x.edits else "line", x, x.prompt) for x in lines]


def enqueued(post: Post, at_ms: int) -> Write:
    """The write that keeps a post; it returns the row's id."""
    body = write_line(post.line) if post.line else post.message_id
    return outbox.enqueue(
        post.chat, post.channel, post.kind, body, at_ms, prompt=post.prompt, careful=post.careful
    )


def numbered(post: Post, rows: Sequence[Row]) -> Post:
    """The post with the id that its write returned."""
    return replace(post, id=int(str(rows[0]["id"])))


def post_of(row: Row) -> Post:
    """The post in a stored row."""
    kind, body = str(row["kind"]), str(row["body"])
    words = kind in ("line", "edit")
    return Post(
        chat=str(row["chat"]),
        channel=str(row["channel"]),
        kind=kind,
        line=read_line(body) if words else None,
        prompt=int(str(row["prompt"])),
        message_id="" if words else body,
        careful=bool(row["careful"]),
        id=int(str(row["id"])),
        tries=int(str(row["tries"])),
    )
