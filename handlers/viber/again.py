"""What a phone has refused is said once more, in words that every phone can show."""

from __future__ import annotations

from bot.posts import Post, enqueued
from dialogs.engine.lines import Line
from dialogs.engine.text import Phrase, Text
from handlers.viber.callbacks import NAME
from storage import viber
from storage.base import Conflict, Storage

_AS_THEY_ARE = Text("{words}")


async def said_again(storage: Storage, token: str, at_ms: int) -> bool:
    """Whether a message was put on its way once more: one that is known, refused, and on no device.

    Raises `Unavailable`.
    """
    rows = await storage.read(viber.refused(token))
    if not rows:
        return False
    line = Line((Phrase(_AS_THEY_ARE, {"words": str(rows[0]["plain"])}),), plain=True)
    post = Post(str(rows[0]["chat"]), NAME, "line", line)
    try:
        await storage.commit([viber.said_plainly(token), enqueued(post, at_ms)])
    except Conflict:  # another of the same reports was faster
        return False
    return True
