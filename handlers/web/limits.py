"""How often one chat may post: enough for quick fingers, too little for a script."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic


class RateLimit:
    """At most `most` posts of a chat within `seconds`, counted in this process."""

    def __init__(self, most: int = 30, seconds: float = 10.0, clock: Callable[[], float] = monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._posts: dict[str, deque[float]] = {}
        self._swept = clock()

    def allows(self, chat: str) -> bool:
        now = self._clock()
        self._sweep(now)
        posts = self._posts.setdefault(chat, deque())
        while posts and posts[0] <= now - self._seconds:
            posts.popleft()
        if len(posts) >= self._most:
            return False
        posts.append(now)
        return True

    def _sweep(self, now: float) -> None:
        """Forget the chats that have gone quiet, or the memory would grow with every visitor."""
        if now - self._swept < self._seconds:
            return
        self._swept = now
        quiet = [chat for chat, posts in self._posts.items() if posts[-1] <= now - self._seconds]
        for chat in quiet:
            del self._posts[chat]
